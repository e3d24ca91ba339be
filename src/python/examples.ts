/** Inputs of other sizes than the example's, and with other numbers: what depends on neither is the same for all. */
import { cat, flip } from "../autograd/ops/index.ts";
import { check } from "../tensor/check.ts";
import { isFloatingPoint } from "../tensor/dtype.ts";
import { isPlain } from "../tensor/plain.ts";
import { Tensor } from "../tensor/tensor.ts";

/** What a model takes: tensors, in lists and objects, and plain values. */
export type Input = Tensor | readonly Input[] | { readonly [key: string]: Input } | number | string | boolean | null;

/** Which dimensions of an input may have other sizes. Those that are equal in the example stay equal. */
export type MovingDims = readonly (readonly number[])[];

/** How many times as large the sizes are, each time that the model is seen: of the first that moves, of the second, and so on. */
const TIMES = [
  [1, 2, 3],
  [1, 3, 2],
  [1, 4, 3],
];

/** How often a model is seen. */
export const RUNS = 3;

/** The dimensions that move: unless they are given, the first of each input that has the size of the first one's. */
export function movingDims(inputs: readonly Input[], given: MovingDims | undefined): MovingDims {
  const tooMany = () => `moving has the dimensions of ${given?.length} inputs, but there are ${inputs.length}`;
  check(!given || given.length <= inputs.length, tooMany);
  if (given) return inputs.map((_, i) => given[i] ?? []);
  const samples = samplesOf(inputs[0]);
  return inputs.map((input) => (samples !== undefined && samplesOf(input) === samples ? [0] : []));
}

/** The first size of a tensor, or of the first tensor in it; a list of sequences has as many samples as sequences. */
function samplesOf(input: Input | undefined): number | undefined {
  if (input instanceof Tensor) return input.shape[0];
  if (Array.isArray(input) && input.every((item) => item instanceof Tensor)) return input.length;
  return isPlain(input) ? samplesOf(Object.values(input)[0] as Input) : undefined;
}

/** The inputs for run k. @param moving of each input */
export function inputsOf(inputs: readonly Input[], moving: MovingDims, k: number): Input[] {
  if (k === 0) return [...inputs];
  const sizes = [...new Set(inputs.flatMap((input, i) => moving[i].map((dim) => sizeOf(input, dim))))];
  check(sizes.length <= TIMES.length, () => `at most ${TIMES.length} sizes can move, but there are ${sizes.length}`);
  const times = (size: number) => TIMES[sizes.indexOf(size)][k];
  return inputs.map((input, i) => moved(input, moving[i], times));
}

function sizeOf(input: Input, dim: number): number {
  if (input instanceof Tensor) {
    check(dim < input.ndim, () => `dimension ${dim} of an input cannot move: it has ${input.ndim}`);
    return input.shape[dim];
  }
  if (Array.isArray(input)) return input.length;
  check(isPlain(input), "what moves has to be a tensor, or tensors in a list or an object");
  return sizeOf(Object.values(input)[0] as Input, dim);
}

/** Numbers change, too: they are no part of a program. Those that are whole, which may be indices or lengths, change places. */
function moved(input: Input, dims: readonly number[], times: (size: number) => number): Input {
  if (input instanceof Tensor) {
    const other = isFloatingPoint(input.dtype) ? input.mul(0.5).add(0.25) : input.ndim > 0 ? flip(input, 0) : input;
    return dims.reduce((x, dim) => cat(Array<Tensor>(times(input.shape[dim])).fill(x), dim), other);
  }
  if (Array.isArray(input)) {
    const list = input.map((item: Input) => moved(item, [], times));
    return dims.length > 0 ? Array(times(input.length)).fill(list.toReversed()).flat() : list;
  }
  if (!isPlain(input)) return input;
  return Object.fromEntries(Object.entries(input).map(([key, item]) => [key, moved(item as Input, dims, times)]));
}
