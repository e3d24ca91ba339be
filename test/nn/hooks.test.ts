/** Hooks of modules. */
import { describe, expect, it } from "vitest";
import { grad, manualSeed, nn, noGrad, type Tensor, tensor } from "../../src/index.ts";
import { Answers, expectExact, torch } from "../support/index.ts";

const answers = new Answers("module_hooks");

class Product extends nn.Module {
  override forward(a: Tensor, b: Tensor): Tensor {
    return a.mul(b);
  }
}

describe("forward hooks", () => {
  it("see inputs and output, also inside a model, and in the order of registration", () => {
    manualSeed(0);
    const model = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
    const seen: string[] = [];
    const [linear] = model;
    linear.registerForwardPreHook((module, [x]) => seen.push(`${module} of [${x.shape}]`));
    linear.registerForwardHook((_, [x], y) => seen.push(`[${x.shape}] to [${y.shape}]`));
    model.registerForwardHook(() => seen.push("all"));
    model.forward(tensor([[1, 2]]));
    expect(seen).toEqual(["Linear(in_features=2, out_features=3, bias=True) of [1,2]", "[1,2] to [1,3]", "all"]);
  });

  it("replace what they return", () => {
    const relu = new nn.ReLU();
    relu.registerForwardPreHook((_, [x]) => x.neg());
    const handle = relu.registerForwardHook((_, __, y) => y.mul(10));
    expectExact(relu.forward(tensor([-1, 2])), [10, 0]);
    handle.remove();
    expectExact(relu.forward(tensor([-1, 2])), [1, 0]);
    const product = new Product();
    product.registerForwardPreHook((_, [a, b]) => [a.add(1), b]);
    expectExact(product.forward(tensor([1]), tensor([5])), [10]);
  });

  it("are no part of the state or of the text", () => {
    const linear = new nn.Linear(1, 1);
    linear.registerForwardHook(() => {});
    expect(Object.keys(linear.stateDict())).toEqual(["weight", "bias"]);
    expect(`${linear}`).toBe("Linear(in_features=1, out_features=1, bias=True)");
  });
});

describe("backward hooks", () => {
  it("see the gradients of inputs and output, those of this module alone", () => {
    const product = new Product();
    const [a, b] = [tensor([2], { requiresGrad: true }), tensor([5])];
    const seen: unknown[] = [];
    product.registerFullBackwardHook((_, gradInputs, gradOutputs) => {
      seen.push([gradInputs.map((x) => x?.toArray() ?? null), gradOutputs.map((x) => x?.toArray() ?? null)]);
    });
    const y = product.forward(a, b).mul(3).add(a);
    y.backward(tensor([1]), { retainGraph: true });
    y.backward(tensor([1]));
    expect(seen).toEqual(Array(2).fill([[[15], null], [[3]]]));
    expectExact(a.grad, [32]);
  });

  it("replace the gradient of the only input", () => {
    const relu = new nn.ReLU();
    relu.registerFullBackwardHook((_, [dx]) => dx?.mul(7));
    const x = tensor([1, -1], { requiresGrad: true });
    relu.forward(x).sum().backward();
    expectExact(x.grad, [7, 0]);
    const product = new Product();
    product.registerFullBackwardHook((_, [da]) => da);
    const [a, b] = [tensor([2], { requiresGrad: true }), tensor([5], { requiresGrad: true })];
    expect(() => product.forward(a, b).backward()).toThrow("there are several");
  });

  it("run for inputs that need no gradient, too", () => {
    const linear = new nn.Linear(1, 1);
    const seen: unknown[] = [];
    linear.registerFullBackwardHook((_, gradInputs) => void seen.push(gradInputs));
    linear.forward(tensor([[1]])).backward(tensor([[1]]));
    expect(seen).toEqual([[null]]);
  });
});

/** A module of that forward, and two leaves. */
function moduleAndLeaves(forward: (...inputs: Tensor[]) => Tensor | Tensor[]): [nn.Module, Tensor, Tensor] {
  const leaf = (values: number[]) => torch.tensor(values, { requiresGrad: true });
  return [torch.custom("Custom", {}, "", forward), leaf([0.5, 2]), leaf([1.5, 4])];
}
const twice = (a: Tensor): Tensor => a.mul(2);
const twiceAndB = (a: Tensor, b: Tensor): Tensor => a.mul(2).add(b);

/** What a full backward hook of a module of that forward sees in the backward pass of `loss`. */
function seen(forward: typeof twiceAndB, pass: (y: Tensor, a: Tensor) => unknown) {
  const [module, a, b] = moduleAndLeaves(forward);
  let inputs: readonly (Tensor | null)[] = [];
  let outputs: readonly (Tensor | null)[] = [];
  module.registerFullBackwardHook((_, gradInputs, gradOutputs) => {
    [inputs, outputs] = [gradInputs, gradOutputs];
  });
  pass(module.forward(a, b), a);
  return [inputs[0], inputs[1], outputs[0], a.grad, b.grad];
}

/** The gradients of two leaves behind a module with a hook that returns these. */
function changed(forward: typeof twiceAndB, hook: nn.BackwardHook) {
  const [module, a, b] = moduleAndLeaves(forward);
  module.registerFullBackwardHook(hook);
  const y = module.forward(...(forward.length === 1 ? [a] : [a, b]));
  const message = torch.error(() => y.sum().backward());
  return message === "no error" ? [a.grad, b.grad] : [];
}

describe("full backward hooks as in PyTorch", () => {
  const cases: Record<string, () => unknown> = {
    "see the gradients of two inputs": () => seen(twiceAndB, (y) => y.sum().backward()),
    "see zeros for an input that is not used": () => seen(twice, (y) => y.sum().backward()),
    "see all gradients when grad() wants only one": () => seen(twiceAndB, (y, a) => torch.grad(y.sum(), [a])),
    "of two, the second sees what the first returned": () => {
      const [module, a] = moduleAndLeaves(twice);
      module.registerFullBackwardHook((_, [da]) => [da?.mul(10) ?? null]);
      module.registerFullBackwardHook((_, [da]) => [da?.add(1) ?? null]);
      module.forward(a).sum().backward();
      return a.grad;
    },
    "are told of all outputs": () => {
      const [module, a, b] = moduleAndLeaves((a, b) => [a.mul(2), b.mul(3)]);
      module.registerFullBackwardHook((_, __, [dy, dz]) => [dy ?? null, dz ?? null]);
      const [y, z] = module.forward(a, b);
      y.add(z.mul(5)).sum().backward();
      return [a.grad, b.grad];
    },
    "replace all gradients": () => changed(twiceAndB, (_, [da, db]) => [da?.mul(10) ?? null, db?.mul(100) ?? null]),
    "replace the only one": () => changed(twice, (_, [da]) => [da?.mul(10) ?? null]),
    "too few gradients": () => changed(twiceAndB, (_, [da]) => [da]),
    "a gradient of another shape": () => changed(twice, () => [torch.ones([3])]),
    "a gradient of another dtype": () => changed(twice, () => [torch.ones([2], { dtype: "float64" })]),
    "a gradient where no input needs one": () => {
      const linear = new torch.nn.Linear(1, 1);
      linear.registerFullBackwardHook(() => [torch.ones([1, 1])]);
      const y = linear.forward(torch.ones([1, 1]));
      return torch.error(() => y.sum().backward());
    },
  };
  answers.each(cases, {
    wording: {
      "hook 'hook' has changed the size of value": "hook has changed the size of value (was [2] got [3])",
      "hook 'hook' has changed the type of value (was torch.FloatTensor got torch.DoubleTensor)":
        "hook has changed the type of value (was torch.FloatTensor got torch.DoubleTensor)",
    },
  });
});

describe("a forward of several tensors, options and results", () => {
  class Cell extends nn.Module {
    override forward(x: Tensor, state: [Tensor, Tensor], options: { scale: number }): { y: Tensor; norm: number } {
      const y = x.add(state[0]).add(state[1]).mul(options.scale);
      return { y, norm: y.norm().item() };
    }
  }

  it("has hooks that see it as it is, and can replace it", () => {
    const [cell, one] = [new Cell(), tensor([1])];
    cell.registerForwardPreHook((_, [x, state]) => [x, state, { scale: 10 }]);
    cell.registerForwardHook((_, [, , { scale }], { y, norm }) => ({ y: y.add(scale), norm }));
    cell.registerForwardHook((_, __, { norm }) => norm); // a number is no new output
    const { y, norm } = cell.forward(one, [one, one], { scale: 1 });
    expectExact(y, [40]);
    expect(norm).toBe(30);
  });

  it("has no backward hooks where the output is neither a tensor nor an array, as in PyTorch", () => {
    const [cell, x] = [new Cell(), tensor([1], { requiresGrad: true })];
    cell.registerFullBackwardHook(() => expect.fail());
    cell.forward(x, [x, x], { scale: 2 }).y.backward();
    expectExact(x.grad, [6]);
  });
});

it("backward hooks join inputs of different dtypes, whose gradients keep theirs", () => {
  const product = new Product();
  const [a, b] = [tensor([0.1], { requiresGrad: true }), tensor([0.3], { dtype: "float64", requiresGrad: true })];
  const dtypes: unknown[] = [];
  product.registerFullBackwardHook((_, gradInputs) => void dtypes.push(...gradInputs.map((dx) => dx?.dtype)));
  product.forward(a, b).backward();
  expect(dtypes).toEqual(["float32", "float64"]);
  expectExact(b.grad, [Math.fround(0.1)]);
});

it("backward hooks do nothing where nothing is recorded", () => {
  const product = new Product();
  product.registerFullBackwardHook(() => expect.fail());
  const x = tensor([2], { requiresGrad: true });
  expectExact(
    noGrad(() => product.forward(x, x)),
    [4],
  );
});

it("gradients through a backward hook can be differentiated again", () => {
  const product = new Product();
  product.registerFullBackwardHook((_, [da, db]) => [da?.mul(2) ?? null, db]);
  const x = tensor([3], { dtype: "float64", requiresGrad: true });
  const [dx] = grad(product.forward(x, x), [x], { createGraph: true });
  const [d2x] = grad(dx, [x]);
  expectExact(dx, [9]); // 2x + x
  expectExact(d2x, [3]);
});

describe("the list of a module's hooks", () => {
  it("has a function as often as it was registered, and a handle takes its own away", () => {
    const relu = new nn.ReLU();
    let calls = 0;
    const count = () => void calls++;
    const handle = relu.registerForwardHook(count);
    relu.registerForwardHook(count);
    relu.forward(tensor([1]));
    expect(calls).toBe(2);
    handle.remove();
    handle.remove();
    relu.forward(tensor([1]));
    expect(calls).toBe(3);
  });

  it("is that of the beginning: what a hook adds or removes counts from the next call on", () => {
    const relu = new nn.ReLU();
    const calls: string[] = [];
    relu.registerForwardHook(() => {
      calls.push("first");
      last.remove();
      relu.registerForwardHook(() => void calls.push("added"));
    });
    const last = relu.registerForwardHook(() => void calls.push("last"));
    relu.forward(tensor([1]));
    expect(calls).toEqual(["first", "last"]);
    relu.forward(tensor([1]));
    expect(calls).toEqual(["first", "last", "first", "added"]);
  });
});
