/** What all optimizers share: groups of parameters, zeroGrad, step and state dicts. */
import { describe, expect, it } from "vitest";
import type { optim as Optim, Tensor } from "../../src/index.ts";
import { Answers, expectExact, torch } from "../support/index.ts";

const { error, noGrad, ones, optim, tensor } = torch;

type Settings = Partial<Optim.SGDSettings>;

const answers = new Answers("optimizer");

const leaf = () => ones(2, { requiresGrad: true });

describe("what the constructor refuses, in PyTorch's words", () => {
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

it("a parameter twice in a group is refused: PyTorch 1.13 warns that it will be, and changes it twice in a step", () => {
  const p = leaf();
  const message = "optimizer contains a parameter group with duplicate parameters";
  expect(() => new optim.SGD([p, p])).toThrow(message);
  const optimizer = new optim.SGD([p]);
  const q = leaf();
  expect(() => optimizer.addParamGroup({ params: [q, leaf(), q] })).toThrow(message);
  expect(optimizer.paramGroups).toHaveLength(1);
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

  it.each([optim.Adam, optim.Adagrad, optim.RMSprop])("of SGD, for another optimizer: an error", (Other) => {
    const refuse = () => new Other([ones(2)]).loadStateDict(trained([1]).stateDict() as never);
    expect(refuse).toThrow(/^loaded state dict has no \w+ in parameter group 0: it is not of a (Ada|RMS)\w+$/);
  });

  it.each([[[1]], [[3]], [[2, 2]], [[]]])("with a state of the shape %j, in the last group: an error", (shape) => {
    const dict = trained([1, 1]).stateDict();
    dict.state[1].momentum_buffer = ones(shape);
    const shapes = `the shape in the loaded state dict is [${shape.join(", ")}], the shape of the parameter is [2]`;
    expectRefused(trained([1, 1]), dict, `size mismatch for momentum_buffer of parameter 1: ${shapes}`);
  });

  function expectRefused(optimizer: Optim.SGD, dict: ReturnType<Optim.SGD["stateDict"]>, message: string): void {
    const before = JSON.stringify(optimizer.stateDict());
    expect(() => optimizer.loadStateDict(dict)).toThrow(message);
    expect(JSON.stringify(optimizer.stateDict())).toBe(before);
  }
});
