/** SGD moves parameters exactly as PyTorch's. */
import { describe, expect, it } from "vitest";
import type { optim as Optim, Tensor } from "../../src/index.ts";
import { Answers } from "../support/answers.ts";
import { expectExact } from "../support/fixtures.ts";
import { type Minimising, minimise, namesOf, product } from "../support/minimise.ts";
import { torch } from "../support/torch.ts";

const { error, manualSeed, nn, noGrad, ones, optim, rand, tensor } = torch;

type Settings = Partial<Optim.SGDSettings>;

const answers = new Answers("sgd");

const momenta = [{}, { dampening: 0.5 }, { momentum: 0.9 }, { momentum: 0.9, dampening: 0.5 }, { momentum: 0.9, nesterov: true }]; // biome-ignore format: a list
const choices = product(momenta, [0, 0.01], [false, true]).map(
  ([momentum, weightDecay, maximize]): Minimising => ({
    settings: { lr: 0.1, ...momentum, weightDecay, maximize },
  }),
);
const everything = { lr: 0.05, momentum: 0.8, weightDecay: 0.1, nesterov: true };
const dtype = "float64";

const cases: Record<string, Minimising> = {
  ...Object.fromEntries(choices.map((choice) => [namesOf(choice.settings), choice])),
  "lr 0.1, float64": { settings: { lr: 0.1 }, dtype },
  "everything, float64": { settings: everything, dtype },
  "dampening, float64": { settings: { lr: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.01 }, dtype },
  "momentum 1, dampening 1": { settings: { lr: 0.1, momentum: 1, dampening: 1 } },
  "lr 0": { settings: { lr: 0, momentum: 0.9 } },
  "lr changed before steps 2 and 4": {
    settings: { lr: 0.1, momentum: 0.9 },
    changes: [[2, 0, { lr: 0.01 }], [4, 0, { lr: 0.2 }]], // biome-ignore format: a list of changes
  },
  "momentum switched on before step 2": {
    settings: { lr: 0.1 },
    changes: [[2, 0, { momentum: 0.5, weightDecay: 0.1 }]],
  },
  "momentum switched off before step 2": { settings: { lr: 0.1, momentum: 0.9 }, changes: [[2, 0, { momentum: 0 }]] },
  "three groups": {
    settings: { lr: 0.1, momentum: 0.9 },
    groups: [[[1], { lr: 0.01 }], [[0], { momentum: 0.5, weightDecay: 0.1 }], [[2], { maximize: true }]], // biome-ignore format: a list of groups
  },
  "two groups, one changed before step 3": {
    settings: { lr: 0.1, momentum: 0.9 },
    groups: [[[2, 0], { lr: 0.2, nesterov: true }], [[1], {}]], // biome-ignore format: a list of groups
    changes: [[3, 1, { lr: 0.5 }]],
  },
  "a parameter without gradient at first": {
    settings: { lr: 0.1, momentum: 0.9, dampening: 0.5 },
    skipped: [[0, 1], [1, 1]], // biome-ignore format: a list of pairs
  },
  "a parameter without gradient in between": { settings: everything, skipped: [[2, 0], [3, 0]] }, // biome-ignore format: a list of pairs
  "a parameter that never has a gradient": {
    settings: everything,
    skipped: Array.from({ length: 5 }, (_, step) => [step, 2]),
  },
};

describe.each(Object.entries(cases))("SGD: %s", (name, given) => {
  const minimising = { ...given, steps: 5 };

  it("PyTorch's parameters after every step and momentum buffers at the end, every bit in float32", () => {
    // In float64 PyTorch rounds a · b + c once, which JavaScript cannot.
    const tolerance = given.dtype ? 1e-15 : 0;
    answers.check(name, () => minimise("SGD", minimising), { rtol: tolerance, atol: tolerance });
  });

  it("the same with a new optimizer that loads the old one's state dict before every step", () => {
    const expected = minimise("SGD", minimising).values.flat();
    const { values } = minimise("SGD", minimising, { reloaded: true });
    for (const [i, p] of values.flat().entries()) expectExact(p, expected[i]);
  });
});

describe("SGD trains a Linear layer: PyTorch's losses and parameters after 20 steps, within 1e-6", () => {
  const trainedWith = (settings: Settings) => {
    manualSeed(3);
    const model = new nn.Linear(4, 3);
    const x = rand([8, 4]);
    const optimizer = new optim.SGD(model.parameters(), settings);
    const losses = Array.from({ length: 20 }, () => {
      optimizer.zeroGrad();
      const loss = model.forward(x).pow(2).mean();
      loss.backward();
      optimizer.step();
      return loss;
    });
    return { losses, parameters: model.parameters() };
  };
  const trainings: Record<string, Settings> = {
    plain: { lr: 0.1 },
    "momentum 0.9": { lr: 0.1, momentum: 0.9 },
    everything: { lr: 0.2, momentum: 0.8, weightDecay: 0.01, nesterov: true },
    "dampening 0.5": { lr: 0.2, momentum: 0.9, dampening: 0.5 },
  };
  for (const [name, settings] of Object.entries(trainings)) {
    answers.it(`${name}: losses`, () => trainedWith(settings).losses, { rtol: 1e-6, atol: 1e-8 });
    answers.it(`${name}: parameters`, () => trainedWith(settings).parameters, { rtol: 0, atol: 1e-6 });
  }
});

const leaf = () => ones(2, { requiresGrad: true });

describe("what the constructor refuses, in PyTorch's words", () => {
  const settings: Record<string, Settings> = {
    "lr below 0": { lr: -1 },
    "momentum below 0": { lr: 0.1, momentum: -0.5 },
    "weightDecay below 0": { lr: 0.1, weightDecay: -0.01 },
    "nesterov without momentum": { lr: 0.1, nesterov: true },
    "nesterov with dampening": { lr: 0.1, momentum: 0.9, dampening: 0.1, nesterov: true },
  };

  it.each(Object.entries(settings))("%s", (name, settings) => {
    const refuse = () => error(() => new optim.SGD([leaf()], settings));
    answers.check(name, refuse);
    expect(error(() => new optim.SGD([{ params: [leaf()], ...settings }]))).toBe(refuse());
  });

  const inTwoGroups = () => {
    const [p, q] = [leaf(), leaf()];
    return error(() => new optim.SGD([{ params: [p] }, { params: [q, p] }], { lr: 0.1 }));
  };

  answers.each(
    {
      "no parameters": () => error(() => new optim.SGD([], { lr: 0.1 })),
      "not a leaf": () => error(() => new optim.SGD([leaf().mul(2)], { lr: 0.1 })),
      "something that is not a tensor": () => error(() => new optim.SGD([1.5] as unknown as Tensor[], { lr: 0.1 })),
    },
    {
      wording: {
        "optimizer can only optimize Tensors, but one of the params is float":
          "optimizer can only optimize Tensors, but one of the params is number",
      },
    },
  );

  it("a parameter in two groups, also when added later", () => {
    answers.check("in two groups", inTwoGroups);
    const [p, q] = [leaf(), leaf()];
    const optimizer = new optim.SGD([p]);
    expect(() => optimizer.addParamGroup({ params: [q, p] })).toThrow(inTwoGroups());
    expect(optimizer.paramGroups).toHaveLength(1);
  });
});

describe("parameter groups", () => {
  it("take the defaults for what they do not say; addParamGroup adds one", () => {
    const optimizer = new optim.SGD([{ params: [ones(1)], lr: 0.5 }], { lr: 0.1, momentum: 0.9 });
    optimizer.addParamGroup({ params: [ones(1)], momentum: 0 });
    expect(optimizer.paramGroups.map(({ lr, momentum }) => [lr, momentum])).toEqual([
      [0.5, 0.9],
      [0.1, 0],
    ]);
  });

  it("can be given as any iterable, and lr is 1e-3 unless told", () => {
    const optimizer = new optim.SGD(new Set([ones(1), ones(2)]));
    expect(optimizer.paramGroups[0].params).toHaveLength(2);
    expect(optimizer.paramGroups[0].lr).toBe(1e-3);
  });
});

describe("zeroGrad", () => {
  /** Momentum 1 and one step behind it: a next step moves p, unless p has no gradient at all. */
  function afterOneStep() {
    const p = ones(2, { requiresGrad: true });
    const optimizer = new optim.SGD([p, ones(2, { requiresGrad: true })], { lr: 1, momentum: 1 });
    p.sum().backward();
    optimizer.step();
    return { p, optimizer };
  }

  it("forgets gradients, so that the next step skips the parameter", () => {
    const { p, optimizer } = afterOneStep();
    optimizer.zeroGrad();
    expect(p.grad).toBeNull();
    optimizer.step();
    expectExact(p, [0, 0]);
  });

  it("with setToNull: false fills them with 0, so that the momentum still moves the parameter", () => {
    const { p, optimizer } = afterOneStep();
    optimizer.zeroGrad({ setToNull: false });
    expectExact(p.grad, [0, 0]);
    expect(optimizer.paramGroups[0].params[1].grad).toBeNull(); // there was none
    optimizer.step();
    expectExact(p, [-1, -1]);
  });
});

describe("step", () => {
  it("records nothing, changes parameters in place, and leaves gradients alone", () => {
    const p = tensor([1, 2], { requiresGrad: true });
    const { storage } = p;
    p.sum().backward();
    new optim.SGD([p], { lr: 0.5, momentum: 0.9, weightDecay: 0.5, nesterov: true }).step();
    expect([p.isLeaf, p.requiresGrad, p.storage === storage]).toEqual([true, true, true]);
    expectExact(p.grad, [1, 1]);
  });

  it("calls a closure with recording on, and returns its loss", () => {
    const p = tensor([3], { requiresGrad: true });
    const optimizer = new optim.SGD([p], { lr: 0.5 });
    const closure = () => {
      const loss = p.mul(2).sum();
      loss.backward();
      return loss;
    };
    expect(noGrad(() => optimizer.step(closure))?.item()).toBe(6);
    expectExact(p, [2]);
  });
});

describe("state dicts", () => {
  /** An optimizer of groups of so many parameters, that has made a step. */
  function trained(sizes: number[], settings: Settings = {}): Optim.SGD {
    const groups = sizes.map((n) => ({ params: Array.from({ length: n }, () => ones(2, { requiresGrad: true })) }));
    const optimizer = new optim.SGD(groups, { lr: 0.1, momentum: 0.9, ...settings });
    for (const p of groups.flatMap(({ params }) => params)) p.sum().backward();
    optimizer.step();
    return optimizer;
  }

  it("are copies: neither later steps nor changes to a loaded one reach the other", () => {
    const [optimizer, other] = [trained([1]), trained([1])];
    const saved = optimizer.stateDict();
    other.loadStateDict(saved);
    optimizer.step();
    expectExact(saved.state[0].momentum_buffer, [1, 1]);
    saved.state[0].momentum_buffer.fill_(7);
    optimizer.stateDict().state[0].momentum_buffer.fill_(7);
    expectExact(other.stateDict().state[0].momentum_buffer, [1, 1]);
    expectExact(optimizer.stateDict().state[0].momentum_buffer, [1.9, 1.9]);
  });

  it("bring their settings with them, and forget a momentum that was not saved", () => {
    const optimizer = trained([1]);
    const untrained = new optim.SGD([ones(2)], { lr: 0.25, nesterov: true, momentum: 0.5 });
    optimizer.loadStateDict(untrained.stateDict());
    expect(optimizer.paramGroups[0]).toMatchObject({ lr: 0.25, nesterov: true, momentum: 0.5 });
    expect(optimizer.stateDict().state).toEqual({});
  });

  it.each([
    { name: "fewer groups", into: [1, 1], sizes: [1] },
    { name: "a group of another size", into: [1, 1], sizes: [1, 2] },
  ])("with $name: PyTorch's error, and nothing is changed", ({ name, into, sizes }) => {
    const refuse = () => error(() => trained(into).loadStateDict(trained(sizes).stateDict()));
    answers.check(name, refuse);
    expectRefused(trained(into), trained(sizes).stateDict(), refuse());
  });

  it("with a setting out of range, in the last group: an error, and nothing is changed", () => {
    const dict = trained([1, 1]).stateDict();
    dict.paramGroups[0].lr = 5;
    dict.paramGroups[1].lr = -1;
    expectRefused(trained([1, 1]), dict, "Invalid learning rate: -1");
  });

  function expectRefused(optimizer: Optim.SGD, dict: ReturnType<Optim.SGD["stateDict"]>, message: string): void {
    const before = JSON.stringify(optimizer.stateDict());
    expect(() => optimizer.loadStateDict(dict)).toThrow(message);
    expect(JSON.stringify(optimizer.stateDict())).toBe(before);
  }
});
