/**
 * Pooling to a size: so many windows as are asked for, chosen so that they cover a sequence, an image or a volume. Along a dimension
 * of `size` elements, window i of `count` has those from ⌊i · size / count⌋ up to ⌈(i + 1) · size / count⌉.
 */

import { resample, sparseMatrix } from "../autograd/ops/layers/resample.ts";
import type { ValuesAndIndices } from "../autograd/ops/reduction.ts";
import { squeeze, unsqueeze } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { isFloatingPoint, scalarName } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonTuple } from "../tensor/python-text.ts";
import { checkSizes, formatShape, type Int } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import pooling, { type WithIndices, type WithoutIndices } from "./pooling.ts";
import { asRow, checkRow } from "./pooling-row.ts";
import { isImage, largestOf, type Pooled, pooled, type ReturnIndices } from "./pooling-windows.ts";

/** A size, or one for each dimension, null for the input's. */
type OutputSize = Int | readonly (Int | null)[];

/** Where window i of `count` begins and ends, of `size` elements. */
const windowOf = (i: number, count: number, size: number): [start: number, end: number] => [
  Math.floor((i * size) / count),
  Math.ceil(((i + 1) * size) / count),
];

/** The sizes along each of so many dimensions. */
const sizesFor = (x: Tensor, outputSize: readonly (number | null)[]): number[] =>
  outputSize.map((size, d) => size ?? x.shape[x.ndim - outputSize.length + d]);

const listOf = (outputSize: OutputSize, ndim: number): readonly (number | null)[] =>
  typeof outputSize === "number" ? Array<number>(ndim).fill(outputSize) : outputSize;

/** @throws if a dimension has no elements; the batch may */
function checkFull(x: Tensor, ndim: number, name: string): void {
  const empty = x.shape.findIndex((size, d) => size === 0 && d >= x.ndim - ndim - 1);
  const nothing = () =>
    `${name}(): Expected input to have non-zero size for non-batch dimensions, ` +
    `but input has sizes ${formatShape(x.shape)} with dimension ${empty} being empty`;
  check(empty < 0, nothing);
}

function means(x: Tensor, outputSize: OutputSize, ndim: 2 | 3): Tensor {
  const name = `adaptive_avg_pool${ndim}d`;
  const kernel = ndim === 2 ? name : `${name}_cpu`;
  check(isFloatingPoint(x.dtype), () => `"${kernel}" not implemented for '${scalarName[x.dtype]}'`);
  const ranks = `${ndim + 1}D or ${ndim + 2}D`;
  check(isImage(x, ndim), () => `${name}(): Expected ${ranks} tensor, but got ${formatShape(x.shape)}`);
  const list = listOf(outputSize, ndim);
  const otherLength = () =>
    ndim === 2
      ? `${name}: output_size must be 2 numbers, [height, width], or one for both, but got [${list.join(", ")}]`
      : `${name}: output_size must be 3 numbers, [depth, height, width], or one for all, but got [${list.join(", ")}]`;
  check(list.length === ndim, otherLength);
  const wanted = sizesFor(x, list);
  const negative = () =>
    `${name}: elements of output_size must be greater than or equal to 0 but received {${wanted.join(", ")}}`;
  check(Math.min(...wanted) >= 0, negative);
  checkFull(x, ndim, name);
  Tensor.empty([...x.shape.slice(0, -ndim), ...wanted], x.dtype).storage.release(); // what no memory holds is refused at once
  const size = x.shape.slice(-ndim);
  if (size.every((length, d) => length % wanted[d] === 0)) {
    const kernelSize = size.map((length, d) => length / wanted[d]);
    return ndim === 2 ? pooling.avgPool2d(x, kernelSize) : pooling.avgPool3d(x, kernelSize);
  }
  let y = x;
  for (let d = ndim - 1; d >= 0; d--) y = meansAlong(y, x.ndim - ndim + d, wanted[d]);
  return y;
}

/** Means over as many parts of a dimension as there are outputs. */
function meansAlong(x: Tensor, dim: number, outputs: number): Tensor {
  const size = x.shape[dim];
  const matrix = sparseMatrix(size, outputs, (i) => {
    const [start, end] = windowOf(i, outputs, size);
    return Array.from({ length: end - start }, (_, k) => ({ place: start + k, weight: 1 / (end - start) }));
  });
  return resample(x, dim, matrix);
}

/**
 * Means over so many windows as are asked for. Mirrors `torch.nn.functional.adaptive_avg_pool1d`.
 * @param x (N, C, L) or (C, L)
 * @example nn.functional.adaptiveAvgPool1d(arange(6).view(1, 6), 2)
 */
function adaptiveAvgPool1d(x: Tensor, outputSize: Length): Tensor {
  const count = oneOf(outputSize, "adaptive_avg_pool1d");
  return asRow(x, "adaptive_avg_pool1d", (row) => adaptiveAvgPool2d(row, [1, count]));
}

/** How many windows, also as a list of one. */
type Length = Int | readonly Int[];

function oneOf(outputSize: Length, name: string): Int {
  const sizes = [outputSize].flat();
  check(sizes.length === 1, () => `${name}() argument 'output_size' should contain one int (got ${sizes.length})`);
  return sizes[0];
}

/**
 * Means over OH x OW windows that cover the image. Mirrors `torch.nn.functional.adaptive_avg_pool2d`.
 *
 * @param x (N, C, H, W) or (C, H, W) @param outputSize null keeps a dimension's size
 * @returns (N, C, OH, OW) or (C, OH, OW)
 * @example nn.functional.adaptiveAvgPool2d(arange(16).view(1, 4, 4), 1)
 */
function adaptiveAvgPool2d(x: Tensor, outputSize: OutputSize): Tensor {
  return means(x, outputSize, 2);
}

/**
 * Means over OD x OH x OW windows that cover the volume. Mirrors `torch.nn.functional.adaptive_avg_pool3d`.
 *
 * @param x (N, C, D, H, W) or (C, D, H, W) @param outputSize null keeps a dimension's size
 * @returns (N, C, OD, OH, OW) or (C, OD, OH, OW)
 * @example nn.functional.adaptiveAvgPool3d(arange(8).view(1, 2, 2, 2), 1)
 */
function adaptiveAvgPool3d(x: Tensor, outputSize: OutputSize): Tensor {
  return means(x, outputSize, 3);
}

/** The largest elements of windows, and where in their image or volume they are. */
function largest(x: Tensor, outputSize: OutputSize, ndim: 2 | 3): ValuesAndIndices {
  const name = `adaptive_max_pool${ndim}d`;
  const ranks = `${ndim + 1}D or ${ndim + 2}D`;
  check(isImage(x, ndim), () => `${name}(): Expected ${ranks} tensor, but got: ${formatShape(x.shape)}`);
  checkFull(x, ndim, name);
  const list = listOf(outputSize, ndim);
  check(list.length === ndim, () => `${name}(): internal error: output_size.size() must be ${ndim}`);
  const wanted = sizesFor(x, list);
  const shape = [...x.shape.slice(0, -ndim), ...wanted];
  checkSizes(shape);
  Tensor.empty(shape, "int32").storage.release(); // what no memory holds is refused before the work
  const size = x.shape.slice(-ndim);
  const bounds = (d: number): Int32Array =>
    Int32Array.from(Array.from({ length: wanted[d] }, (_, i) => windowOf(i, wanted[d], size[d])).flat());
  return largestOf(x, ndim, wanted, bounds);
}

/**
 * The largest elements of so many windows as are asked for; the gradient of each goes to the first of them. Mirrors
 * `torch.nn.functional.adaptive_max_pool1d`.
 * @param x (N, C, L) or (C, L)
 * @example nn.functional.adaptiveMaxPool1d(arange(6).view(1, 6), 2)
 */
function adaptiveMaxPool1d(x: Tensor, outputSize: Length, options?: WithoutIndices): Tensor;
function adaptiveMaxPool1d(x: Tensor, outputSize: Length, options: WithIndices): ValuesAndIndices;
function adaptiveMaxPool1d(x: Tensor, outputSize: Length, options?: WithoutIndices | WithIndices) {
  const found = adaptiveMaxPool1dWithIndices(x, outputSize);
  return options?.returnIndices ? found : found.values;
}

/**
 * As adaptiveMaxPool1d, and where the largest elements are: int32, counted through L. Mirrors
 * `torch.nn.functional.adaptive_max_pool1d_with_indices`.
 * @example nn.functional.adaptiveMaxPool1dWithIndices(arange(6).view(1, 6), 2)
 */
function adaptiveMaxPool1dWithIndices(x: Tensor, outputSize: Length): ValuesAndIndices {
  checkRow(x, "adaptive_max_pool1d");
  const count = oneOf(outputSize, "adaptive_max_pool1d");
  const { values, indices } = largest(unsqueeze(x, -2), [1, count], 2);
  return { values: squeeze(values, -2), indices: squeeze(indices, -2) };
}

/**
 * The same of an image. Mirrors `torch.nn.functional.adaptive_max_pool2d`.
 * @param x (N, C, H, W) or (C, H, W) @param outputSize null keeps a dimension's size
 * @example nn.functional.adaptiveMaxPool2d(arange(16).view(1, 4, 4), 2)
 */
function adaptiveMaxPool2d(x: Tensor, outputSize: OutputSize, options?: WithoutIndices): Tensor;
function adaptiveMaxPool2d(x: Tensor, outputSize: OutputSize, options: WithIndices): ValuesAndIndices;
function adaptiveMaxPool2d(x: Tensor, outputSize: OutputSize, options?: WithoutIndices | WithIndices) {
  const found = adaptiveMaxPool2dWithIndices(x, outputSize);
  return options?.returnIndices ? found : found.values;
}

/**
 * As adaptiveMaxPool2d, and where the largest elements are: int32, counted through H · W. Mirrors `adaptive_max_pool2d` with
 * `return_indices`.
 * @example nn.functional.adaptiveMaxPool2dWithIndices(arange(16).view(1, 4, 4), 2)
 */
function adaptiveMaxPool2dWithIndices(x: Tensor, outputSize: OutputSize): ValuesAndIndices {
  return largest(x, outputSize, 2);
}

/**
 * The same of a volume. Mirrors `torch.nn.functional.adaptive_max_pool3d`.
 * @param x (N, C, D, H, W) or (C, D, H, W) @param outputSize null keeps a dimension's size
 * @example nn.functional.adaptiveMaxPool3d(arange(8).view(1, 2, 2, 2), 1)
 */
function adaptiveMaxPool3d(x: Tensor, outputSize: OutputSize, options?: WithoutIndices): Tensor;
function adaptiveMaxPool3d(x: Tensor, outputSize: OutputSize, options: WithIndices): ValuesAndIndices;
function adaptiveMaxPool3d(x: Tensor, outputSize: OutputSize, options?: WithoutIndices | WithIndices) {
  const found = adaptiveMaxPool3dWithIndices(x, outputSize);
  return options?.returnIndices ? found : found.values;
}

/**
 * As adaptiveMaxPool3d, and where the largest elements are: int32, counted through D · H · W. Mirrors `adaptive_max_pool3d` with
 * `return_indices`.
 * @example nn.functional.adaptiveMaxPool3dWithIndices(arange(8).view(1, 2, 2, 2), 1)
 */
function adaptiveMaxPool3dWithIndices(x: Tensor, outputSize: OutputSize): ValuesAndIndices {
  return largest(x, outputSize, 3);
}

/** So many windows as are asked for. */
abstract class Adaptive<Wanted> extends Module {
  /** How many windows there are; null for as many as x has places. */
  readonly outputSize: Wanted;

  constructor(outputSize: Wanted) {
    super();
    this.outputSize = outputSize;
  }

  override extraRepr(): string {
    const size = this.outputSize;
    return `output_size=${Array.isArray(size) ? pythonTuple(size) : size}`;
  }
}

/** Their largest elements, and where they are, if that is asked for. */
abstract class AdaptiveMax<Wanted, Returns extends boolean> extends Adaptive<Wanted> {
  /** Whether forward gives where they are, too. */
  readonly returnIndices: boolean;

  constructor(outputSize: Wanted, options?: ReturnIndices<Returns>) {
    super(outputSize);
    this.returnIndices = readOptions<ReturnIndices<boolean>>(options, { returnIndices: false }).returnIndices;
  }
}

/** The means of so many windows. Mirrors `torch.nn.AdaptiveAvgPool1d`. @example new nn.AdaptiveAvgPool1d(2).forward(arange(6).view(1, 6)) */
export class AdaptiveAvgPool1d extends Adaptive<Int> {
  override forward(x: Tensor): Tensor {
    return adaptiveAvgPool1d(x, this.outputSize);
  }
}

/**
 * Means over as many windows as are asked for; 1 for the mean of each channel. Mirrors `torch.nn.AdaptiveAvgPool2d`.
 * @example new nn.AdaptiveAvgPool2d(1).forward(zeros([16, 8, 7, 5])).shape
 */
export class AdaptiveAvgPool2d extends Adaptive<OutputSize> {
  override forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize);
  }
}

/** The means of so many windows of a volume. Mirrors `torch.nn.AdaptiveAvgPool3d`. @example new nn.AdaptiveAvgPool3d([1, 2, null]).forward(zeros([1, 4, 3, 5, 7])).shape */
export class AdaptiveAvgPool3d extends Adaptive<OutputSize> {
  override forward(x: Tensor): Tensor {
    return adaptiveAvgPool3d(x, this.outputSize);
  }
}

/** The largest elements of so many windows. Mirrors `torch.nn.AdaptiveMaxPool1d`. @example new nn.AdaptiveMaxPool1d(2).forward(arange(6).view(1, 6)) */
export class AdaptiveMaxPool1d<Returns extends boolean = false> extends AdaptiveMax<Int, Returns> {
  override forward(x: Tensor): Pooled<Returns> {
    return pooled(adaptiveMaxPool1dWithIndices(x, this.outputSize), this.returnIndices);
  }
}

/** The largest elements of so many windows of an image. Mirrors `torch.nn.AdaptiveMaxPool2d`. @example new nn.AdaptiveMaxPool2d(2).forward(arange(16).view(1, 4, 4)) */
export class AdaptiveMaxPool2d<Returns extends boolean = false> extends AdaptiveMax<OutputSize, Returns> {
  override forward(x: Tensor): Pooled<Returns> {
    return pooled(adaptiveMaxPool2dWithIndices(x, this.outputSize), this.returnIndices);
  }
}

/** The largest elements of so many windows of a volume. Mirrors `torch.nn.AdaptiveMaxPool3d`. @example new nn.AdaptiveMaxPool3d(2).forward(zeros([1, 4, 3, 5, 7])).shape */
export class AdaptiveMaxPool3d<Returns extends boolean = false> extends AdaptiveMax<OutputSize, Returns> {
  override forward(x: Tensor): Pooled<Returns> {
    return pooled(adaptiveMaxPool3dWithIndices(x, this.outputSize), this.returnIndices);
  }
}

export default {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool1dWithIndices,
  adaptiveMaxPool2d,
  adaptiveMaxPool2dWithIndices,
  adaptiveMaxPool3d,
  adaptiveMaxPool3dWithIndices,
};
