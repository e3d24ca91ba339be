/** The same elements in another order, or several times. */
import { copyOf } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { tensor } from "../../tensor/create.ts";
import {
  checkSizes,
  formatShape,
  type Int,
  listed,
  normalizeDim,
  normalizeDims,
  type Sizes,
} from "../../tensor/shape.ts";
import { elementsOf, Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp, owned } from "../op.ts";
import { indexSelect } from "./indexing.ts";
import { cat, narrow } from "./parts.ts";
import { clone, expand, flatten, permute, reshape, unsqueeze, view } from "./shape.ts";

type OneOrMore = Int | readonly Int[];

/** y[…, k, …] = x[…, n - 1 - k, …] along each of dims. Mirrors `torch.flip`. @example arange(4).view(2, 2).flip(1) */
export const flip = defineOp("flip", (x: Tensor, ...dims: Sizes): Applied => {
  const along = listed(dims);
  const reversed = along.length === 0 ? [] : normalizeDims(along, x.ndim);
  let { offset } = x;
  const strides = x.strides.map((stride, d) => {
    if (!reversed.includes(d)) return stride;
    offset += (x.shape[d] - 1) * stride;
    return -stride;
  });
  return {
    y: copyOf(new Tensor(x.storage, x.dtype, x.shape, strides, offset)),
    grads: [[x, (dy) => flip(dy, reversed)]],
  };
});

/**
 * y[…, k + shift, …] = x[…, k, …]: what is pushed out at one end comes in at the other. Without dims, the tensor is
 * shifted as if it were flat. Mirrors `torch.roll`.
 *
 * @param shifts one for each of dims
 * @example arange(5).roll(2)
 */
export function roll(x: Tensor, shifts: OneOrMore, dims: OneOrMore = []): Tensor {
  const steps = [shifts].flat();
  const along = [dims].flat();
  check(steps.length > 0, "`shifts` required");
  if (along.length === 0 && steps.length === 1) return owned(reshape(rollOne(flatten(x), steps[0], 0), x.shape));
  const mismatch = () => `shifts and dimensions must align. shifts: ${steps.length}, dims:${along.length}`;
  check(steps.length === along.length, mismatch);
  return steps.reduce((y, shift, i) => rollOne(y, shift, normalizeDim(along[i], x.ndim)), x);
}

function rollOne(x: Tensor, shift: number, dim: number): Tensor {
  const size = x.shape[dim];
  if (x.numel === 0) return clone(x);
  const start = ((-shift % size) + size) % size; // of x, comes first in y
  return cat([narrow(x, dim, start, size - start), narrow(x, dim, 0, start)], dim);
}

/**
 * Dimensions source[i] moved to destination[i]; the others keep their order. Mirrors `torch.movedim`.
 * @example zeros([2, 3, 4]).movedim(0, -1).shape
 */
export function movedim(x: Tensor, source: OneOrMore, destination: OneOrMore): Tensor {
  const [from, to] = [source, destination].map((dims) => [dims].flat() as number[]);
  const mismatch = () =>
    `movedim: Invalid source or destination dims: source (${formatShape(from)} dims) should contain the same number of ` +
    `dims as destination (${formatShape(to)} dims)`;
  check(from.length === to.length, mismatch);
  const [taken, put] = [from, to].map((dims) => dims.map((dim) => normalizeDim(dim, x.ndim)));
  const isRepeated = (dims: number[]) => new Set(dims).size < dims.length;
  check(!isRepeated(taken), () => `movedim: repeated dim in \`source\` (${formatShape(from)})`);
  check(!isRepeated(put), () => `movedim: repeated dim in \`destination\` (${formatShape(to)})`);
  const others = x.shape.map((_, d) => d).filter((d) => !taken.includes(d));
  const order = x.shape.map((_, d) => (put.includes(d) ? taken[put.indexOf(d)] : (others.shift() as number)));
  return permute(x, order);
}

/**
 * The tensor laid side by side, sizes[d] times along dimension d; more sizes than dimensions add dimensions in front.
 * Mirrors `torch.Tensor.repeat`.
 * @example tensor([1, 2]).repeat(2, 2)
 */
export function repeat(x: Tensor, ...sizes: Sizes): Tensor {
  const times = listed(sizes);
  const tooFew = "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor";
  check(times.length >= x.ndim, tooFew);
  const shape = [...Array<number>(times.length - x.ndim).fill(1), ...x.shape];
  const target = shape.map((size, d) => size * times[d]);
  checkSizes(target);
  // (2, 3) repeated (4, 5): (1, 2, 1, 3), (4, 2, 5, 3), (8, 15)
  const apart = shape.flatMap((size) => [1, size]);
  const together = shape.flatMap((size, d) => [times[d], size]);
  return owned(reshape(clone(expand(view(x, apart), together)), target)); // memory of its own, also where nothing is repeated
}

/** As repeat, but fewer sizes than dimensions count from the last. Mirrors `torch.tile`. @example eye(2).tile(2) */
export function tile(x: Tensor, ...sizes: Sizes): Tensor {
  const times = listed(sizes);
  return repeat(x, [...Array<number>(Math.max(0, x.ndim - times.length)).fill(1), ...times]);
}

/**
 * Each element `repeats` times in a row, along dim, or in the flattened tensor; or each as often as a vector, int32, says of it.
 * Mirrors `torch.repeat_interleave`.
 * @example
 * const x = tensor([1, 2]);
 * console.log(x.repeatInterleave(2), x.repeatInterleave(tensor([3, 1], { dtype: "int32" })));
 */
export function repeatInterleave(x: Tensor, repeats: Int | Tensor, dim?: Int): Tensor {
  if (dim === undefined) return repeatInterleave(flatten(x), repeats, 0);
  const d = normalizeDim(dim, x.ndim);
  if (typeof repeats !== "number") return indexSelect(x, d, repeatedPositions(repeats, x.shape[d]));
  check(repeats >= 0, () => `repeats can not be negative, but got ${repeats}`);
  const sizes = x.shape.toSpliced(d + 1, 0, repeats);
  return owned(reshape(clone(expand(unsqueeze(x, d + 1), sizes)), x.shape.with(d, x.shape[d] * repeats)));
}

/** Each of n positions as often as is said of it, or of all. */
function repeatedPositions(repeats: Tensor, n: number): Tensor {
  check(repeats.ndim <= 1, () => `repeats must be 0-dim or 1-dim tensor, but has ${repeats.ndim} dimensions`);
  check(repeats.dtype === "int32", () => `repeats has to be int or long tensor, here int32, but got ${repeats.dtype}`);
  const times = elementsOf(repeats);
  const isOne = times.length === 1;
  const otherSize = () => `repeats must have the same size as input along dim, but it has ${times.length} of ${n}`;
  check(isOne || times.length === n, otherSize);
  check(
    times.every((count) => count >= 0),
    "repeats can not be negative",
  );
  const positions = Array.from({ length: n }, (_, k) => Array<number>(times[isOne ? 0 : k]).fill(k));
  return tensor(Int32Array.from(positions.flat()));
}
