/** Tensors like another: of its dtype, its shape, or the same memory transposed. */
import { describe, expect, it } from "vitest";
import { getDefaultDtype } from "../../src/index.ts";
import { Answers, torch } from "../support/index.ts";
import { f64, i32 } from "./ops/calls.ts";

const { arange, empty, emptyLike, error, tensor, zeros } = torch;

const answers = new Answers("like_another");

answers.each({
  "a new tensor has the dtype of the old": () => {
    const whole = tensor([1, 2], i32);
    return [
      whole.newZeros([2, 3]),
      whole.newOnes(3),
      whole.newFull([2], 2.5),
      whole.newFull([], 7),
      whole.newTensor([[1, 2.5]]),
      tensor([1], f64).newTensor([0.1, 0.2]),
      tensor([true]).newOnes([2]),
      tensor([true]).newTensor([0, 3]),
      tensor([1.5]).newEmpty([0, 2]),
    ];
  },
  "a new tensor has another dtype if it is told to": () => {
    const whole = tensor([1, 2], i32);
    return [
      whole.newZeros([2], f64),
      whole.newFull([2], 2.5, f64),
      whole.newTensor([1.5], f64),
      tensor([1.5]).newOnes([2], i32),
      whole.newZeros([2], { dtype: "float32", requiresGrad: true }).requiresGrad,
      tensor([1.5], { requiresGrad: true }).newOnes([2]).requiresGrad,
    ];
  },
  "in the shape of another": () => {
    const x = arange(6, { requiresGrad: true });
    const y = x.viewAs(zeros([2, 3]));
    const z = x.view(6, 1).expandAs(zeros([6, 2]));
    y.mul(2).sum().add(z.mul(3).sum()).backward();
    return [
      y.detach(),
      z.detach(),
      x.grad,
      tensor([1.7]).typeAs(tensor([1], i32)),
      error(() => x.viewAs(zeros(5))),
      error(() => x.expandAs(zeros([2, 5]))),
    ];
  },
  "in another dtype": () => {
    const x = tensor([1.5, -2.5, 0], { requiresGrad: true });
    x.double().mul(2).float().sum().backward();
    return [x.grad, x.double().detach(), x.int(), x.bool(), tensor([true, false]).float(), tensor([3], i32).double()];
  },
  "on the CPU, and with fractions or not": () => {
    const x = tensor([1.5], { requiresGrad: true });
    x.cpu().mul(3).sum().backward();
    return [x.grad, x.isFloatingPoint(), x.double().isFloatingPoint(), x.int().isFloatingPoint(), x.bool().cpu()];
  },
  "transposed without a call": () => {
    const x = arange(24).view(2, 3, 4).requiresGrad_();
    const [y, z] = [x.T, x.mT];
    y.mul(y).sum().add(z.sum()).backward();
    const scalar = tensor(5);
    return [
      y.detach(), z.detach(), x.grad, tensor([1, 2]).T, scalar.T, tensor([[1, 2], [3, 4]]).mT,
    ]; // biome-ignore format: a list
  },
  sizes: () => {
    const x = zeros([2, 3]);
    return [
      x.size(0),
      x.size(-1),
      x.size(),
      x.dim(),
      tensor(1).dim(),
      error(() => x.size(2)),
      error(() => tensor(1).size(0)),
      empty([2, 0]),
      emptyLike(zeros([0], i32)),
    ];
  },
});

it("a vector has no mT", () => {
  const noMatrix = "tensor.mT is only supported on matrices or batches of matrices. Got 1-D tensor.";
  expect(() => tensor([1, 2]).mT).toThrow(noMatrix);
});

describe("what is computed without another", () => {
  it("is float32", () => expect(getDefaultDtype()).toBe(tensor([1]).dtype));
});
