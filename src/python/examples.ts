/** Inputs of other sizes than the example's, and with other numbers: what depends on neither is the same for all. */
import { cat, flip } from "../autograd/ops/index.ts";
import { check } from "../tensor/check.ts";
import { isFloatingPoint } from "../tensor/dtype.ts";
import { isPlain } from "../tensor/plain.ts";
import { Tensor } from "../tensor/tensor.ts";

/** What a model takes: tensors, in lists and objects, and plain values. */
export type ModelInput =
  | Tensor
  | readonly ModelInput[]
  | { readonly [key: string]: ModelInput }
  | number
  | string
  | boolean
  | null;

/** What may have other sizes: dimensions of a tensor, or of all in a list or an object; or how many a list has, one for each sample. */
export type Moving = readonly number[] | "length";
/** The same of each input. Sizes that are equal in the example stay equal. */
export type MovingDims = readonly Moving[];

/** How many times as large the sizes are, each time that the model is seen: of the first that moves, of the second, and so on. */
const TIMES = [
  [1, 2, 3],
  [1, 3, 2],
  [1, 4, 3],
];

/** The same of the lengths of sequences in a list, which are not to be taken for their number. */
const LENGTHS = [1, 4, 3];

/** How often a model is seen. */
export const RUNS = 3;

/** What moves: unless it is given, the first dimension of each input that has the size of the first one's. */
export function movingDims(inputs: readonly ModelInput[], given: MovingDims | undefined): MovingDims {
  const tooMany = () => `moving has the dimensions of ${given?.length} inputs, but there are ${inputs.length}`;
  check(!given || given.length <= inputs.length, tooMany);
  if (given) return inputs.map((_, i) => given[i] ?? []);
  const [first] = inputs;
  const samples = Array.isArray(first) ? first.length : tensorsIn(first)[0]?.shape[0];
  return inputs.map((input) => {
    const tensors = tensorsIn(input);
    if (samples === undefined || tensors.length === 0) return [];
    const isOfSamples = Array.isArray(input) && tensors.length === samples && tensors.length === input.length;
    if (isOfSamples && (input === first || tensors.some(({ shape }) => shape[0] !== samples))) return "length";
    return tensors.every(({ shape }) => shape[0] === samples) ? [0] : [];
  });
}

function tensorsIn(input: ModelInput | undefined): Tensor[] {
  if (input instanceof Tensor) return [input];
  const items = Array.isArray(input) ? input : isPlain(input) ? Object.values(input) : [];
  return items.flatMap((item) => tensorsIn(item as ModelInput));
}

/** The inputs for run k. @param moving of each input */
export function inputsOf(inputs: readonly ModelInput[], moving: MovingDims, k: number): ModelInput[] {
  if (k === 0) return [...inputs];
  const sizes = [...new Set(inputs.flatMap((input, i) => sizesOf(input, moving[i])))];
  check(sizes.length <= TIMES.length, () => `at most ${TIMES.length} sizes can move, but there are ${sizes.length}`);
  const times = (size: number) => TIMES[sizes.indexOf(size)][k];
  return inputs.map((input, i) => moved(input, moving[i], times, LENGTHS[k]));
}

/** The sizes of an input that move. */
function sizesOf(input: ModelInput, moving: Moving): number[] {
  if (moving === "length") {
    check(Array.isArray(input), 'of an input that is no list, the "length" cannot move');
    return [input.length];
  }
  const tensors = tensorsIn(input);
  return moving.flatMap((dim) =>
    tensors.map(({ shape, ndim }) => {
      check(dim >= 0 && dim < ndim, () => `dimension ${dim} of an input cannot move: it has ${ndim}`);
      return shape[dim];
    }),
  );
}

/** Numbers change, too: they are no part of a program. Those that are whole, which may be indices or lengths, change places. */
function moved(input: ModelInput, moving: Moving, times: (size: number) => number, length: number): ModelInput {
  if (input instanceof Tensor) {
    const other = isFloatingPoint(input.dtype) ? input.mul(0.5).add(0.25) : flip(input, ...input.shape.keys());
    const dims = moving === "length" ? [] : moving;
    return dims.reduce((x, dim) => cat(Array<Tensor>(times(input.shape[dim])).fill(x), dim), other);
  }
  if (Array.isArray(input)) {
    const list = input.map((item: ModelInput) => moved(item, moving, times, length));
    if (moving !== "length") return list;
    const count = times(input.length);
    const isUneven = new Set(tensorsIn(list).map(({ shape }) => shape[0])).size > 1;
    // Sequences of different lengths get other lengths: the longest is no part of a program either.
    const items = isUneven ? tensorsIn(list).map((x) => cat(Array<Tensor>(length).fill(x), 0)) : list;
    return Array(count).fill(items.toReversed()).flat();
  }
  if (!isPlain(input)) return input;
  return Object.fromEntries(
    Object.entries(input).map(([key, item]) => [key, moved(item as ModelInput, moving, times, length)]),
  );
}
