/** Loading a state dict: PyTorch's results and error texts, from test/fixtures/modules.py; and that an error changes nothing. */
import { describe, expect, it } from "vitest";
import { full, manualSeed, type nn, ones, randn } from "../../src/index.ts";
import { expectExact, readFixture } from "../support/fixtures.ts";
import { models } from "../support/models.ts";

interface Load {
  name: string;
  model: string;
  /** What is put into the model's own state dict: a tensor of this shape, full of 7; null takes the entry out. */
  change: Record<string, number[] | null>;
  strict: boolean;
  missingKeys?: string[];
  unexpectedKeys?: string[];
  error?: string;
}

const { loads } = readFixture<{ loads: Load[] }>("modules.json");

function changed(state: nn.StateDict, change: Load["change"]): nn.StateDict {
  const result = { ...state };
  for (const [name, shape] of Object.entries(change)) {
    if (shape) result[name] = full(shape, 7);
    else delete result[name];
  }
  return result;
}

const snapshot = (model: nn.Module) => Object.entries(model.stateDict()).map(([name, value]) => `${name} ${value}`);

/** A state dict that differs from `model`'s in every entry. */
function other(model: string): nn.StateDict {
  const state = models[model]().stateDict();
  for (const value of Object.values(state)) value.fill_(3);
  return state;
}

describe("loadStateDict", () => {
  it.each(loads.filter(({ error }) => error))(
    "$name, strict $strict: PyTorch's error, and nothing is changed",
    (load) => {
      const model = models[load.model]();
      const before = snapshot(model);
      const state = changed(other(load.model), load.change);
      expect(() => model.loadStateDict(state, { strict: load.strict })).toThrow(new Error(load.error));
      expect(snapshot(model)).toEqual(before);
    },
  );

  it.each(loads.filter(({ error }) => !error))(
    "$name, strict $strict: PyTorch's missing and unexpected keys",
    (load) => {
      const model = models[load.model]();
      const { strict, missingKeys, unexpectedKeys } = load;
      const before = model.stateDict();
      const kept = Object.fromEntries((missingKeys ?? []).map((name) => [name, String(before[name])]));
      const state = changed(other(load.model), load.change);
      expect(model.loadStateDict(state, { strict })).toEqual({ missingKeys, unexpectedKeys });
      for (const [name, value] of Object.entries(model.stateDict())) {
        if (name in kept) expect(String(value)).toBe(kept[name]);
        else expectExact(value, state[name]);
      }
    },
  );

  it("makes two models give the same output, and their memory stays their own", () => {
    manualSeed(0);
    const [model, copy] = [models.Sequential(), models.Sequential()];
    const x = randn([5, 2]);
    model.forward(x); // so that the running statistics are not the initial ones
    const state = model.stateDict();
    expect(copy.loadStateDict(state)).toEqual({ missingKeys: [], unexpectedKeys: [] });
    expectExact(copy.eval().forward(x), model.eval().forward(x));
    state["0.weight"].fill_(9);
    expect(copy.parameters()[0].toArray()).not.toEqual(model.parameters()[0].toArray());
  });

  it("keeps every parameter the object, the leaf and the dtype it was", () => {
    const model = models.Linear();
    const [weight] = model.parameters();
    model.loadStateDict({ weight: ones([3, 2], { dtype: "float64" }), bias: ones([3]) });
    expect(model.parameters()[0]).toBe(weight);
    expect([weight.isLeaf, weight.requiresGrad, weight.dtype]).toEqual([true, true, "float32"]);
    expectExact(weight, [1, 1, 1, 1, 1, 1]);
  });

  it("does not take a name that every object has for a key", () => {
    const model = models.Linear();
    const { bias } = model.stateDict();
    const state: nn.StateDict = Object.create({ weight: ones([3, 2]) });
    expect(() => model.loadStateDict(Object.assign(state, { bias }))).toThrow('Missing key(s) in state_dict: "weight"');
  });
});

describe("stateDict", () => {
  it("shares memory with the module, but records nothing", () => {
    const model = models.Linear();
    const { weight } = model.stateDict();
    expect(weight.requiresGrad).toBe(false);
    weight.fill_(2);
    expectExact(model.parameters()[0], [2, 2, 2, 2, 2, 2]);
  });
});
