/** Tensors as numbers to look at. */
import { elementsOf, type Tensor } from "../../../../src/tensor/tensor.ts";
import type { Numbers } from "./types.ts";

/** As many as can be looked at together, and as many of those that are more. */
const [ALL, FIRST] = [64, 8];

export function numbersOf(x: Tensor): Numbers {
  const elements = elementsOf(x);
  const [shape, count] = [[...x.shape], elements.length];
  if (count <= ALL) return { shape, values: Array.from(elements), count, summary: null };
  let [sum, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of elements) {
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const mean = sum / count;
  let squares = 0;
  for (const value of elements) squares += (value - mean) ** 2;
  const summary = { mean, std: Math.sqrt(squares / count), min, max };
  return { shape, values: Array.from(elements.subarray(0, FIRST)), count, summary };
}
