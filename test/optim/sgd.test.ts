/** SGD moves parameters exactly as PyTorch's: test/fixtures/sgd.py wrote where they go. */
import { describe, expect, it } from "vitest";
import { manualSeed, nn, noGrad, ones, optim, rand, type Tensor, tensor } from "../../src/index.ts";
import { expectClose, expectExact, readFixture, type StoredTensor } from "../support/fixtures.ts";
import { groupsOf, minimise, newParams, type OptimizerCase } from "../support/minimise.ts";

type Settings = Partial<optim.SGDSettings>;

interface SGDCase extends OptimizerCase {
  /** At the end. */
  buffers: (StoredTensor | null)[];
}

const fixture = readFixture<{
  start: StoredTensor[];
  cases: SGDCase[];
  linears: { name: string; settings: Settings; losses: StoredTensor; params: StoredTensor[] }[];
  settingErrors: { name: string; settings: Settings; error: string }[];
  errors: Record<string, string>;
}>("sgd.json");

const made = (sgdCase: SGDCase, params: Tensor[]) => new optim.SGD(groupsOf(sgdCase, params), sgdCase.settings);

/** float32 is exact; in float64 PyTorch rounds a · b + c once, which JavaScript cannot. */
function expectValues(params: Tensor[], expected: StoredTensor[]): void {
  params.forEach((p, id) => {
    if (p.dtype === "float32") expectExact(p, expected[id]);
    else expectClose(p, expected[id], { atol: 1e-15, rtol: 1e-15 });
  });
}

describe("SGD: PyTorch's parameters after every step, every bit in float32, within 1e-15 in float64", () => {
  it.each(fixture.cases)("$dtype, $name", (sgdCase) => {
    const params = newParams(fixture.start, sgdCase);
    const optimizer = made(sgdCase, params);
    sgdCase.values.forEach((expected, step) => {
      minimise(sgdCase, optimizer, params, step);
      expectValues(params, expected);
    });
  });

  it.each(fixture.cases)(
    "$name: with a new optimizer that loads the old one's state dict before every step",
    (sgdCase) => {
      const params = newParams(fixture.start, sgdCase);
      let optimizer = made(sgdCase, params);
      sgdCase.values.forEach((expected, step) => {
        const saved = optimizer.stateDict();
        optimizer = made(sgdCase, params);
        optimizer.loadStateDict(saved);
        minimise(sgdCase, optimizer, params, step);
        expectValues(params, expected);
      });
    },
  );

  it.each(fixture.cases)("$dtype, $name: PyTorch's momentum buffers at the end, in the state dict", (sgdCase) => {
    const params = newParams(fixture.start, sgdCase);
    const optimizer = made(sgdCase, params);
    sgdCase.values.forEach((_, step) => {
      minimise(sgdCase, optimizer, params, step);
    });
    const { state, paramGroups } = optimizer.stateDict();
    const order = sgdCase.groups.flatMap(({ ids }) => ids);
    expect(paramGroups.flatMap((group) => group.params)).toEqual(order.map((_, i) => i));
    const buffers = order.map((_, i) => state[i]?.momentum_buffer);
    expect(buffers.map(Boolean)).toEqual(order.map((id) => sgdCase.buffers[id] !== null));
    const remembered = order.flatMap((id) => sgdCase.buffers[id] ?? []);
    expectValues(buffers.filter(Boolean), remembered);
  });
});

describe("SGD trains a Linear layer: PyTorch's losses and parameters after 20 steps, within 1e-6", () => {
  it.each(fixture.linears)("$name", ({ settings, losses, params }) => {
    manualSeed(3);
    const model = new nn.Linear(4, 3);
    const x = rand([8, 4]);
    const optimizer = new optim.SGD(model.parameters(), settings);
    const actual = Array.from(losses.data, () => {
      optimizer.zeroGrad();
      const loss = model.forward(x).pow(2).mean();
      loss.backward();
      optimizer.step();
      return loss.item();
    });
    expectClose(actual, losses, { rtol: 1e-6, atol: 1e-8 });
    model.parameters().forEach((parameter, i) => {
      expectClose(parameter, params[i], { atol: 1e-6 });
    });
  });
});

describe("what the constructor refuses, in PyTorch's words", () => {
  const leaf = () => ones(2, { requiresGrad: true });
  const { errors } = fixture;

  it.each(fixture.settingErrors)("$name: $error", ({ settings, error }) => {
    expect(() => new optim.SGD([leaf()], settings)).toThrow(error);
    expect(() => new optim.SGD([{ params: [leaf()], ...settings }])).toThrow(error);
  });

  it.each([
    { name: "no parameters", params: [] },
    { name: "not a leaf", params: [leaf().mul(2)] },
  ])("$name", ({ name, params }) => {
    expect(() => new optim.SGD(params)).toThrow(errors[name]);
  });

  it("something that is not a tensor", () => {
    const number = [1.5] as unknown as Tensor[];
    expect(() => new optim.SGD(number)).toThrow(errors["not a tensor"].replace("float", "number"));
  });

  it("a parameter in two groups, also when added later", () => {
    const [p, q] = [leaf(), leaf()];
    expect(() => new optim.SGD([{ params: [p] }, { params: [q, p] }])).toThrow(errors["in two groups"]);
    const optimizer = new optim.SGD([p]);
    expect(() => optimizer.addParamGroup({ params: [q, p] })).toThrow(errors["in two groups"]);
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
  function trained(sizes: number[], settings: Settings = {}): optim.SGD {
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
    { name: "fewer groups", into: [1, 1], dict: trained([1]).stateDict() },
    { name: "a group of another size", into: [1, 1], dict: trained([1, 2]).stateDict() },
  ])("with $name: PyTorch's error, and nothing is changed", ({ name, into, dict }) => {
    expectRefused(trained(into), dict, fixture.errors[name]);
  });

  it("with a setting out of range, in the last group: an error, and nothing is changed", () => {
    const dict = trained([1, 1]).stateDict();
    dict.paramGroups[0].lr = 5;
    dict.paramGroups[1].lr = -1;
    expectRefused(trained([1, 1]), dict, "Invalid learning rate: -1");
  });

  function expectRefused(optimizer: optim.SGD, dict: ReturnType<optim.SGD["stateDict"]>, error: string): void {
    const before = JSON.stringify(optimizer.stateDict());
    expect(() => optimizer.loadStateDict(dict)).toThrow(error);
    expect(JSON.stringify(optimizer.stateDict())).toBe(before);
  }
});
