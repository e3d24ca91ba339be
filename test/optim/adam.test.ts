/** Adam and AdamW move parameters as PyTorch's do: test/fixtures/adam.py wrote where they go. */
import { describe, expect, it } from "vitest";
import { type DType, ones, optim, type Tensor } from "../../src/index.ts";
import { expectClose, readFixture, type StoredTensor, toTensor } from "../support/fixtures.ts";

type Settings = Partial<optim.AdamSettings>;

interface AdamCase {
  optimizer: "Adam" | "AdamW";
  name: string;
  dtype: DType;
  settings: Settings;
  groups: { ids: number[]; settings: Settings }[];
  /** Settings that are changed before a step. */
  changes: { step: number; group: number; settings: Settings }[];
  /** Steps at which a parameter has no gradient. */
  skipped: [step: number, id: number][];
  /** Every parameter after every step. */
  values: StoredTensor[][];
  /** The state dict's state at the end. */
  state: Record<string, Record<string, StoredTensor>>;
}

const fixture = readFixture<{
  start: StoredTensor[];
  cases: AdamCase[];
  errors: { settings: Settings; error: string }[];
}>("adam.json");

const newParams = ({ dtype }: AdamCase) => fixture.start.map((p) => toTensor(p).to(dtype).requiresGrad_());

function newOptimizer({ optimizer, groups, settings }: AdamCase, params: Tensor[]): optim.Adam {
  const given = groups.map(({ ids, settings: own }) => ({ ...own, params: ids.map((id) => params[id]) }));
  return new optim[optimizer](given, settings);
}

/** One step of minimising Σ p² over the parameters, less those that are skipped. */
function minimise({ changes, skipped }: AdamCase, optimizer: optim.Adam, params: Tensor[], step: number): void {
  for (const change of changes) {
    if (change.step === step) Object.assign(optimizer.paramGroups[change.group], change.settings);
  }
  optimizer.zeroGrad();
  params.forEach((p, id) => {
    if (!skipped.some(([s, i]) => s === step && i === id)) p.mul(p).sum().backward();
  });
  optimizer.step();
}

const tolerance = (dtype: DType) => (dtype === "float64" ? { rtol: 1e-13, atol: 1e-14 } : { rtol: 1e-6, atol: 1e-7 });

function expectAll(actual: Tensor[], expected: StoredTensor[], dtype: DType): void {
  for (const [i, value] of actual.entries()) expectClose(value, expected[i], tolerance(dtype));
}

describe.each(fixture.cases)("$optimizer, $dtype, $name", (adamCase) => {
  const { dtype, values, state } = adamCase;

  it("PyTorch's parameters after every step, and its state dict at the end", () => {
    const params = newParams(adamCase);
    const optimizer = newOptimizer(adamCase, params);
    for (const [step, expected] of values.entries()) {
      minimise(adamCase, optimizer, params, step);
      expectAll(params, expected, dtype);
    }
    const saved = optimizer.stateDict().state;
    expect(Object.keys(saved)).toEqual(Object.keys(state));
    for (const [id, own] of Object.entries(state)) {
      expect(Object.keys(saved[id])).toEqual(Object.keys(own));
      for (const [key, value] of Object.entries(own)) expectClose(saved[id][key], value, tolerance(dtype));
    }
  });

  it("the same with a new optimizer, which loads the old one's state dict, at every step", () => {
    const params = newParams(adamCase);
    let optimizer = newOptimizer(adamCase, params);
    for (const [step, expected] of values.entries()) {
      const saved = optimizer.stateDict();
      optimizer = newOptimizer(adamCase, params);
      optimizer.loadStateDict(saved);
      minimise(adamCase, optimizer, params, step);
      expectAll(params, expected, dtype);
    }
  });
});

it.each(fixture.errors)("$settings is refused: $error", ({ settings, error }) => {
  expect(() => new optim.Adam([ones(2, { requiresGrad: true })], settings)).toThrow(error);
});
