/** Adam, AdamW, RMSprop and Adagrad move parameters as PyTorch's do: test/fixtures/optimizers.py wrote where they go. */
import { describe, expect, it } from "vitest";
import { type DType, ones, optim, type Tensor } from "../../src/index.ts";
import { expectClose, readFixture, type StoredTensor } from "../support/fixtures.ts";
import { groupsOf, minimise, newParams, type OptimizerCase } from "../support/minimise.ts";

const optimizers = { Adam: optim.Adam, AdamW: optim.AdamW, RMSprop: optim.RMSprop, Adagrad: optim.Adagrad };
type Name = keyof typeof optimizers;

interface AdaptiveCase extends OptimizerCase {
  optimizer: Name;
  /** The state dict's state at the end. */
  state: Record<string, Record<string, StoredTensor>>;
}

const fixture = readFixture<{
  start: StoredTensor[];
  cases: AdaptiveCase[];
  errors: { optimizer: Name; settings: object; error: string }[];
}>("optimizers.json");

const made = ({ optimizer, settings, ...optimizerCase }: AdaptiveCase, params: Tensor[]): optim.Optimizer<object> =>
  new optimizers[optimizer](groupsOf({ settings, ...optimizerCase }, params), settings);

/** In float32 RMSprop's v - m² cancels. */
const tolerance = (dtype: DType) => (dtype === "float64" ? { rtol: 1e-13, atol: 1e-14 } : { rtol: 1e-6, atol: 1e-6 });

function expectAll(actual: Tensor[], expected: StoredTensor[], dtype: DType): void {
  for (const [i, value] of actual.entries()) expectClose(value, expected[i], tolerance(dtype));
}

describe.each(fixture.cases)("$optimizer, $dtype, $name", (optimizerCase) => {
  const { dtype, values, state } = optimizerCase;

  it("PyTorch's parameters after every step, and its state dict at the end", () => {
    const params = newParams(fixture.start, optimizerCase);
    const optimizer = made(optimizerCase, params);
    for (const [step, expected] of values.entries()) {
      minimise(optimizerCase, optimizer, params, step);
      expectAll(params, expected, dtype);
    }
    const saved = optimizer.stateDict().state;
    expect(Object.keys(saved)).toEqual(Object.keys(state));
    for (const [id, own] of Object.entries(state)) {
      expect(Object.keys(saved[id]).sort()).toEqual(Object.keys(own).sort());
      for (const [key, value] of Object.entries(own)) expectClose(saved[id][key], value, tolerance(dtype));
    }
  });

  it("the same with a new optimizer, which loads the old one's state dict, at every step", () => {
    const params = newParams(fixture.start, optimizerCase);
    let optimizer = made(optimizerCase, params);
    for (const [step, expected] of values.entries()) {
      const saved = optimizer.stateDict();
      optimizer = made(optimizerCase, params);
      optimizer.loadStateDict(saved);
      minimise(optimizerCase, optimizer, params, step);
      expectAll(params, expected, dtype);
    }
  });
});

it.each(fixture.errors)("$optimizer of $settings is refused: $error", ({ optimizer, settings, error }) => {
  expect(() => new optimizers[optimizer]([ones(2, { requiresGrad: true })], settings)).toThrow(error);
});
