/** What transforms draw, from the generator that `manualSeed` seeds, as torchvision draws it from PyTorch's. */
import { exp, log } from "../autograd/ops/elementwise.ts";
import { randint, tensor } from "../tensor/create.ts";
import { fillUniform } from "../tensor/random/distributions.ts";
import { defaultGenerator } from "../tensor/random/generator.ts";
import type { Int } from "../tensor/shape.ts";
import { elementsOf, Tensor } from "../tensor/tensor.ts";

function drawn(from: number, to: number): Tensor {
  const x = Tensor.empty([1], "float32");
  fillUniform(x, from, to, defaultGenerator);
  return x;
}

/** A number in [from, to), each as probable: `torch.empty(1).uniform_(from, to)`. */
export const uniform = (from: number, to: number): number => Number(elementsOf(drawn(from, to))[0]);

/** A number between two whose logarithm is uniform: twice as much is as probable as half as much. */
export function logUniform([from, to]: readonly number[]): number {
  const [low, high] = elementsOf(log(tensor([from, to])));
  return Number(elementsOf(exp(drawn(Number(low), Number(high))))[0]);
}

/** A whole number in [low, high), each as probable. */
export const integer = (low: Int, high: Int): number => Number(elementsOf(randint(low, high, 1))[0]);

/** True with probability p: `torch.rand(1) < p`, which compares in float32. */
export const chance = (p: number): boolean => uniform(0, 1) < Math.fround(p);
