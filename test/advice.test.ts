/** PyTorch's messages go on here: what was given, and what to do. */
import { expect, it } from "vitest";
import { arange, grad, hessian, nn, ones, randint, type Tensor, tensor, zeros } from "../src/index.ts";

const F = nn.functional;
const [bool, int, vector, cube] = [tensor([true]), tensor([1], { dtype: "int32" }), ones([3]), ones([2, 2, 2])];
const leaf = tensor([1, 2], { requiresGrad: true });

it.each<[call: () => unknown, end: string]>([
  [() => grad(leaf.sum(), [leaf, vector]), "require grad: make input 1 with { requiresGrad: true }"],
  [() => grad(leaf.sum(), [leaf, leaf.mul(2)]), "desired behavior. It is input 1."],
  [() => hessian((x: Tensor) => x.mul(2), leaf), "a single element, but has shape [2]: return its sum"],
  [() => vector.retainGrad(), "make what it is computed from with { requiresGrad: true }"],
  [() => vector.registerHook(() => {}), "make it with { requiresGrad: true }"],
  [() => vector.sub(bool), "use logicalNot() instead."],
  [() => bool.neg(), "use logicalNot() instead."],
  [() => bool.pow(bool), 'convert first, with x.to("int32")'],
  [() => int.pow(-1), 'Convert first, with x.to("float32")'],
  [() => bool.relu(), 'convert first, with x.to("float32")'],
  [() => cube.indexSelect(0, zeros([1, 1], { dtype: "int32" })), "a vector, but has shape [1, 1]"],
  [() => vector.indexSelect(0, ones([1])), 'convert it, with index.to("int32")'],
  [
    () => F.pad(vector, [1]),
    "but is 1: it is two numbers for each dimension, before and after, beginning with the last dimension",
  ],
  [() => F.pad(vector, [1, 1], "reflect"), "2 numbers pad 2 or 3 dimensions, but x has shape [3]"],
  [() => vector.maskedSelect(int), 'but it is int32: convert it, with mask.to("bool")'],
  [() => vector.triu(), "at least 2 dimensions, but has 1"],
  [() => vector.mm(cube), "mm takes (N, K) and (K, M), but got [3] and [2, 2, 2]; matmul takes them all"],
  [() => cube.dot(vector), "dot takes (K) and (K), but got [2, 2, 2] and [3]; matmul takes them all"],
  [() => ones([2, 2], { dtype: "float64" }).mm(ones([2, 2])), 'convert one, with x.to("float32")'],
  [() => F.linear(vector, cube), "the weight is (out, in)"],
  [() => cube.flatten(2, 0), "but they are 2 and 0"],
  [() => cube.permute(0, 0, 1), "They are [0, 0, 1]"],
  [() => vector.gather(0, zeros([1, 1], { dtype: "int32" })), "but they have the shapes [1, 1] and [3]"],
  [() => vector.topk(4), "topk takes 0 to 3 of 3, but k is 4"],
  [() => cube.view(-1, -1), "but [-1, -1] has several -1"],
  [() => tensor([1, "2"] as unknown as number[]), "but found the string 2 at dim 1"],
  [() => arange(0, 3, -1), "from 0 to 3 by -1"],
  [() => randint(0, 2 ** 32, [1]), "it is 4294967295, above 2147483647"],
  [() => F.embedding(int, ones([1, 2])), "1, but the weight has rows 0 to 0"],
  [() => F.crossEntropy(ones([1, 3]), tensor([3], { dtype: "int32" })), "The classes are 0 to 2"],
  [() => F.conv1d(ones([1, 1, 3]), ones([1, 1, 1], { dtype: "float64" })), 'convert the input, with x.to("float64")'],
  [() => nn.init.calculateGain("swish" as "relu"), "there are linear, sigmoid, tanh, relu, leaky_relu, selu"],
  [() => new nn.ModuleList().forward(), "or take a Sequential, which calls them in order"],
  [() => new nn.Sequential().at(0), "out of range: there are 0"],
  [() => new nn.GroupNorm(2, 3), "but got 3 and 2"],
])("%s", (call, end) => {
  expect(call).toThrow(end);
});
