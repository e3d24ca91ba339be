/** Hooks of modules. */
import { describe, expect, it } from "vitest";
import { manualSeed, nn, type Tensor, tensor } from "../../src/index.ts";
import { expectExact } from "../support/index.ts";

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
      seen.push([gradInputs.map((x) => x?.toArray() ?? null), gradOutputs.map((x) => x.toArray())]);
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
    linear.registerFullBackwardHook((_, gradInputs) => seen.push(gradInputs));
    linear.forward(tensor([[1]])).backward(tensor([[1]]));
    expect(seen).toEqual([[null]]);
  });
});
