/**
 * The same elements in another order, in parts, or several times.
 */
import { copyOf } from "../../tensor/apply.ts";
import { checkSizes, formatShape, normalizeDim, normalizeDims, type Shape } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { cat, clone, expand, flatten, narrow, owned, permute, reshape, unsqueeze, view } from "./shape.ts";

/** y[…, k, …] = x[…, n - 1 - k, …] along each of dims */
export const flip = defineOp("flip", (x: Tensor, dims: readonly number[]): Applied => {
  const reversed = dims.length === 0 ? [] : normalizeDims(dims, x.ndim);
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
 */
export function roll(x: Tensor, shifts: number | readonly number[], dims?: number | readonly number[]): Tensor {
  const steps = [shifts].flat();
  const along = dims === undefined ? [] : [dims].flat();
  if (steps.length === 0) throw new Error("`shifts` required");
  if (along.length === 0 && steps.length === 1) return reshape(rollOne(flatten(x), steps[0], 0), x.shape);
  if (steps.length !== along.length) {
    throw new Error(`shifts and dimensions must align. shifts: ${steps.length}, dims:${along.length}`);
  }
  return steps.reduce((y, shift, i) => rollOne(y, shift, normalizeDim(along[i], x.ndim)), x);
}

function rollOne(x: Tensor, shift: number, dim: number): Tensor {
  const size = x.shape[dim];
  if (x.numel === 0) return clone(x);
  const start = ((-shift % size) + size) % size; // of x, comes first in y
  return cat([narrow(x, dim, start, size - start), narrow(x, dim, 0, start)], dim);
}

/** Dimensions source[i] moved to destination[i]; the others keep their order. Mirrors `torch.movedim`. */
export function movedim(
  x: Tensor,
  source: number | readonly number[],
  destination: number | readonly number[],
): Tensor {
  const [from, to] = [source, destination].map((dims) => [dims].flat() as number[]);
  if (from.length !== to.length) {
    throw new Error(
      `movedim: Invalid source or destination dims: source (${formatShape(from)} dims) should contain the same number of ` +
        `dims as destination (${formatShape(to)} dims)`,
    );
  }
  const [taken, put] = [from, to].map((dims) => dims.map((dim) => normalizeDim(dim, x.ndim)));
  if (new Set(taken).size < taken.length) throw new Error(`movedim: repeated dim in \`source\` (${formatShape(from)})`);
  if (new Set(put).size < put.length) throw new Error(`movedim: repeated dim in \`destination\` (${formatShape(to)})`);
  const others = x.shape.map((_, d) => d).filter((d) => !taken.includes(d));
  return permute(
    x,
    x.shape.map((_, d) => (put.includes(d) ? taken[put.indexOf(d)] : (others.shift() as number))),
  );
}

/**
 * The tensor laid side by side, sizes[d] times along dimension d; more sizes than dimensions add dimensions in front.
 * Mirrors `Tensor.repeat`.
 */
export function repeat(x: Tensor, sizes: Shape): Tensor {
  const missing = sizes.length - x.ndim;
  if (missing < 0) {
    throw new Error("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor");
  }
  const shape = [...Array<number>(missing).fill(1), ...x.shape];
  const target = shape.map((size, d) => size * sizes[d]);
  checkSizes(target);
  // (2, 3) repeated (4, 5): (1, 2, 1, 3), (4, 2, 5, 3), (8, 15)
  const apart = view(
    x,
    shape.flatMap((size) => [1, size]),
  );
  const repeated = expand(
    apart,
    shape.flatMap((size, d) => [sizes[d], size]),
  );
  return owned(reshape(clone(repeated), target)); // memory of its own, also where nothing is repeated
}

/** As repeat, but fewer sizes than dimensions count from the last. Mirrors `torch.tile`. */
export function tile(x: Tensor, sizes: Shape): Tensor {
  return repeat(x, [...Array<number>(Math.max(0, x.ndim - sizes.length)).fill(1), ...sizes]);
}

/** Each element `repeats` times in a row, along dim, or in the flattened tensor. Mirrors `torch.repeat_interleave`. */
export function repeatInterleave(x: Tensor, repeats: number, dim?: number): Tensor {
  if (repeats < 0) throw new Error("repeats can not be negative");
  if (dim === undefined) return repeatInterleave(flatten(x), repeats, 0);
  const d = normalizeDim(dim, x.ndim);
  const sizes = x.shape.toSpliced(d + 1, 0, repeats);
  return owned(reshape(clone(expand(unsqueeze(x, d + 1), sizes)), x.shape.with(d, x.shape[d] * repeats)));
}

/**
 * Views of `size` neighbours each along dim, the last with what is left; or of as many as a list says.
 * Mirrors `torch.split`.
 */
export function split(x: Tensor, size: number | readonly number[], dim = 0): Tensor[] {
  if (x.ndim === 0) throw new Error("split expects at least a 1-dimensional tensor");
  const d = normalizeDim(dim, x.ndim);
  const total = x.shape[d];
  if (typeof size !== "number") return splitAs(x, size, d);
  if (size < 0) throw new Error(`split expects split_size be non-negative, but got split_size=${size}`);
  if (size === 0 && total > 0) {
    throw new Error(`split_size can only be 0 if dimension size is 0, but got dimension size of ${total}`);
  }
  const count = Math.max(1, Math.ceil(total / Math.max(size, 1)));
  return Array.from({ length: count }, (_, k) => narrow(x, d, k * size, Math.min(size, total - k * size)));
}

function splitAs(x: Tensor, sizes: readonly number[], dim: number): Tensor[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total !== x.shape[dim]) {
    throw new Error(
      `split_with_sizes expects split_sizes to sum exactly to ${x.shape[dim]} (input tensor's size at dimension ${dim}), ` +
        `but got split_sizes=${formatShape(sizes)}`,
    );
  }
  let start = 0;
  return sizes.map((size) => {
    if (size < 0) {
      throw new Error(
        `split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes=${formatShape(sizes)}`,
      );
    }
    start += size;
    return narrow(x, dim, start - size, size);
  });
}

/** At most `chunks` views of equal size along dim, but for the last, which may be smaller. Mirrors `torch.chunk`. */
export function chunk(x: Tensor, chunks: number, dim = 0): Tensor[] {
  if (x.ndim === 0) throw new Error("chunk expects at least a 1-dimensional tensor");
  if (chunks <= 0) throw new Error(`chunk expects \`chunks\` to be greater than 0, got: ${chunks}`);
  const total = x.shape[normalizeDim(dim, x.ndim)];
  if (total === 0) return splitAs(x, Array<number>(chunks).fill(0), normalizeDim(dim, x.ndim));
  return split(x, Math.ceil(total / chunks), dim);
}
