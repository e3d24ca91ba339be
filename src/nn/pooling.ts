/**
 * Pooling, as functions and as layers: one number for each window of each channel, so fewer places and the same channels. A volume is
 * pooled as so many images, its slices, and then along its depth.
 */
import { owned } from "../autograd/op.ts";
import { averagePool, maxPool } from "../autograd/ops/layers/pooling.ts";
import type { ValuesAndIndices } from "../autograd/ops/reduction.ts";
import { flatten, reshape } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { ones, tensor } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonBool, pythonSize } from "../tensor/python-text.ts";
import { formatShape, numelOf } from "../tensor/shape.ts";
import { elementsOf, Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import {
  alongDepth,
  alongSlices,
  inside,
  isImage,
  type Pooled,
  type PoolOptions,
  plan,
  type ReturnIndices,
  type Windows,
} from "./pooling-windows.ts";
import type { Size } from "./sizes.ts";

/** Options of max pooling. */
export interface MaxPoolOptions extends PoolOptions {
  /** How far a window's elements are apart. Default: 1. */
  dilation?: Size;
}

/** Of the largest elements only what they are. */
export interface WithoutIndices {
  /** Whether to give where they are, too. Default: false. */
  returnIndices?: false;
}

/** Of the largest elements what and where they are. */
export interface WithIndices {
  /** Asks for where they are. */
  returnIndices: true;
}

/** Options of layers of max pooling. */
export interface MaxPoolLayerOptions<Returns extends boolean> extends MaxPoolOptions, ReturnIndices<Returns> {}

/** Options of max pooling that gives the largest elements. */
export interface MaxPoolValuesOptions extends MaxPoolOptions, WithoutIndices {}

/** Options of max pooling that gives where they are, too. */
export interface MaxPoolIndicesOptions extends MaxPoolOptions, WithIndices {}

/** Options of average pooling. */
export interface AvgPoolOptions extends PoolOptions {
  /** Whether the zeros of the padding count. Default: true. */
  countIncludePad?: boolean;
  /** What to divide by instead of the number of elements, or null for those. Default: null. */
  divisorOverride?: number | null;
}

const maxSettings = (kernelSize: Size, options?: MaxPoolOptions): Required<MaxPoolOptions> =>
  readOptions(options, { stride: kernelSize, padding: 0, dilation: 1, ceilMode: false });

const averageDefaults = { padding: 0, ceilMode: false, countIncludePad: true, divisorOverride: null };
const averageSettings = (kernelSize: Size, options?: AvgPoolOptions): Required<AvgPoolOptions> =>
  readOptions(options, { stride: kernelSize, ...averageDefaults });

/**
 * The largest element of each window; its gradient goes there alone, to the first of equal ones.
 * Mirrors `torch.nn.functional.max_pool2d`.
 *
 * @param x (N, C, H, W) or (C, H, W)
 * @returns (N, C, OH, OW) or (C, OH, OW), OH = ⌊(H + 2 · padding - dilation · (KH - 1) - 1) / stride⌋ + 1
 * @throws if the padding is more than half a window, or no window fits
 * @example nn.functional.maxPool2d(arange(16).view(1, 4, 4), 2)
 */
function maxPool2d(x: Tensor, kernelSize: Size, options?: MaxPoolValuesOptions): Tensor;
function maxPool2d(x: Tensor, kernelSize: Size, options: MaxPoolIndicesOptions): ValuesAndIndices;
function maxPool2d(x: Tensor, kernelSize: Size, options?: MaxPoolValuesOptions | MaxPoolIndicesOptions) {
  const { returnIndices, ...windows } = options ?? {};
  return returnIndices ? maxPool2dWithIndices(x, kernelSize, windows) : largest(x, kernelSize, windows).values;
}

/**
 * As maxPool2d, and where the largest elements are: int32, counted through H · W. Mirrors `max_pool2d` with `return_indices`.
 * @example nn.functional.maxPool2dWithIndices(arange(16).view(1, 4, 4), 2)
 */
function maxPool2dWithIndices(x: Tensor, kernelSize: Size, options?: MaxPoolOptions): ValuesAndIndices {
  const { values, positions } = largest(x, kernelSize, options);
  return { values, indices: inside(positions, numelOf(x.shape.slice(-2))) };
}

function largest(x: Tensor, kernelSize: Size, options?: MaxPoolOptions) {
  const noImage = () =>
    `non-empty 3D or 4D (batch mode) tensor expected for input, but max_pool2d got ${formatShape(x.shape)}`;
  check(isImage(x, 2), noImage);
  return maxPool(x, alongSlices(plan(x, kernelSize, maxSettings(kernelSize, options), "max_pool2d")));
}

/**
 * The largest element of each window of a volume. Mirrors `torch.nn.functional.max_pool3d`.
 *
 * @param x (N, C, D, H, W) or (C, D, H, W)
 * @returns (N, C, OD, OH, OW) or (C, OD, OH, OW)
 * @throws if the padding is more than half a window, or no window fits
 * @example nn.functional.maxPool3d(arange(8).view(1, 2, 2, 2), 2)
 */
function maxPool3d(x: Tensor, kernelSize: Size, options?: MaxPoolValuesOptions): Tensor;
function maxPool3d(x: Tensor, kernelSize: Size, options: MaxPoolIndicesOptions): ValuesAndIndices;
function maxPool3d(x: Tensor, kernelSize: Size, options?: MaxPoolValuesOptions | MaxPoolIndicesOptions) {
  const { returnIndices, ...windows } = options ?? {};
  return returnIndices ? maxPool3dWithIndices(x, kernelSize, windows) : largestOfVolumes(x, kernelSize, windows).values;
}

/**
 * As maxPool3d, and where the largest elements are: int32, counted through D · H · W. Mirrors `max_pool3d` with `return_indices`.
 * @example nn.functional.maxPool3dWithIndices(arange(8).view(1, 2, 2, 2), 2)
 */
function maxPool3dWithIndices(x: Tensor, kernelSize: Size, options?: MaxPoolOptions): ValuesAndIndices {
  const { values, ofSlices, positions } = largestOfVolumes(x, kernelSize, options);
  const places = Tensor.empty(positions.shape, "int32");
  const first = elementsOf(ofSlices);
  for (const [k, position] of elementsOf(positions).entries()) places.storage.data[k] = first[position];
  return { values, indices: inside(places, numelOf(x.shape.slice(-3))) };
}

/** The largest of the largest elements of a window's slices. */
function largestOfVolumes(x: Tensor, kernelSize: Size, options?: MaxPoolOptions) {
  checkVolume(x);
  const windows = plan(x, kernelSize, maxSettings(kernelSize, options), "max_pool3d");
  const slices = maxPool(x, alongSlices(windows));
  const { values, positions } = maxPool(flatten(slices.values, -2), alongDepth(windows));
  const shape = [...x.shape.slice(0, -3), ...windows.outSize];
  return { values: owned(reshape(values, shape)), ofSlices: slices.positions, positions: reshape(positions, shape) };
}

function checkVolume(x: Tensor): void {
  check(isImage(x, 3), "non-empty 4D or 5D (batch mode) tensor expected for input");
}

/**
 * The mean of each window. Mirrors `torch.nn.functional.avg_pool2d`.
 *
 * @param x (N, C, H, W) or (C, H, W)
 * @returns (N, C, OH, OW) or (C, OH, OW)
 * @throws if the padding is more than half a window, no window fits, or the divisor is 0
 * @example nn.functional.avgPool2d(arange(16).view(1, 4, 4), 2)
 */
function avgPool2d(x: Tensor, kernelSize: Size, options?: AvgPoolOptions): Tensor {
  const settings = averageSettings(kernelSize, options);
  check(
    isImage(x, 2),
    () => `avg_pool2d: Expected 3D or 4D (batch mode) tensor, but got ${x.ndim}D of shape ${formatShape(x.shape)}`,
  );
  check(settings.divisorOverride !== 0, "divisor must be not zero");
  const windows = plan(x, kernelSize, { ...settings, dilation: 1 }, "avg_pool2d");
  const [rows, columns] = countsOf(windows, settings.countIncludePad);
  const divisors = rows.map((n) => columns.map((m) => settings.divisorOverride ?? n * m));
  return averagePool(x, tensor(divisors, { dtype: x.dtype }), alongSlices(windows));
}

/**
 * The mean of each window of a volume. Mirrors `torch.nn.functional.avg_pool3d`.
 *
 * @param x (N, C, D, H, W) or (C, D, H, W)
 * @returns (N, C, OD, OH, OW) or (C, OD, OH, OW)
 * @throws if the padding is more than half a window, no window fits, or the divisor is 0
 * @example nn.functional.avgPool3d(arange(8).view(1, 2, 2, 2), 2)
 */
function avgPool3d(x: Tensor, kernelSize: Size, options?: AvgPoolOptions): Tensor {
  const settings = averageSettings(kernelSize, options);
  checkVolume(x);
  check(settings.divisorOverride !== 0, "divisor must be not zero");
  const windows = plan(x, kernelSize, { ...settings, dilation: 1 }, "avg_pool3d");
  const { outSize } = windows;
  const [slices, rows, columns] = countsOf(windows, settings.countIncludePad);
  const divisors = slices.map((n) => rows.flatMap((m) => columns.map((l) => settings.divisorOverride ?? n * m * l)));
  const sums = averagePool(x, ones([outSize[1], outSize[2]], { dtype: x.dtype }), alongSlices(windows));
  const means = averagePool(flatten(sums, -2), tensor(divisors, { dtype: x.dtype }), alongDepth(windows));
  return owned(reshape(means, [...x.shape.slice(0, -3), ...outSize]));
}

/** How many elements each window has along each dimension. Past the padding nothing counts. */
const countsOf = ({ size, kernelSize, outSize, stride, padding }: Windows, countIncludePad: boolean): number[][] =>
  size.map((length, d) =>
    Array.from({ length: outSize[d] }, (_, o) => {
      const start = o * stride[d] - padding[d];
      const end = Math.min(start + kernelSize[d], length + padding[d]);
      return countIncludePad ? end - start : Math.min(end, length) - Math.max(start, 0);
    }),
  );

/** Its windows are fixed, the stride unless told otherwise being their size. */
abstract class Pool<Settings extends Required<PoolOptions>> extends Module {
  /** How large a window is. */
  readonly kernelSize: Size;
  protected readonly settings: Settings;

  constructor(kernelSize: Size, settings: Settings) {
    super();
    this.kernelSize = kernelSize;
    this.settings = settings;
  }

  override extraRepr(): string {
    const { stride, padding } = this.settings;
    return `kernel_size=${pythonSize(this.kernelSize)}, stride=${pythonSize(stride)}, padding=${pythonSize(padding)}`;
  }
}

abstract class MaxPool<Returns extends boolean> extends Pool<Required<MaxPoolLayerOptions<boolean>>> {
  constructor(kernelSize: Size, options?: MaxPoolLayerOptions<Returns>) {
    const { returnIndices = false, ...windows } = options ?? {};
    super(kernelSize, { ...maxSettings(kernelSize, windows), returnIndices });
  }

  override extraRepr(): string {
    const { dilation, ceilMode } = this.settings;
    return `${super.extraRepr()}, dilation=${pythonSize(dilation)}, ceil_mode=${pythonBool(ceilMode)}`;
  }
}

/**
 * The largest element of each window. Mirrors `torch.nn.MaxPool2d`.
 * @example
 * const x = arange(16).view(1, 1, 4, 4);
 * console.log(new nn.MaxPool2d(2).forward(x));
 * const { values, indices } = new nn.MaxPool2d(2, { returnIndices: true }).forward(x);
 * console.log(new nn.MaxUnpool2d(2).forward(values, indices));
 */
export class MaxPool2d<Returns extends boolean = false> extends MaxPool<Returns> {
  override forward(x: Tensor): Pooled<Returns> {
    return maxPool2d(x, this.kernelSize, this.settings as MaxPoolIndicesOptions) as Pooled<Returns>;
  }
}

/**
 * The largest element of each window of a volume. Mirrors `torch.nn.MaxPool3d`.
 * @example new nn.MaxPool3d(2).forward(zeros([1, 1, 4, 6, 8])).shape
 */
export class MaxPool3d<Returns extends boolean = false> extends MaxPool<Returns> {
  override forward(x: Tensor): Pooled<Returns> {
    return maxPool3d(x, this.kernelSize, this.settings as MaxPoolIndicesOptions) as Pooled<Returns>;
  }
}

abstract class AvgPool extends Pool<Required<AvgPoolOptions>> {
  constructor(kernelSize: Size, options?: AvgPoolOptions) {
    super(kernelSize, averageSettings(kernelSize, options));
  }
}

/**
 * The mean of each window. Mirrors `torch.nn.AvgPool2d`.
 * @example new nn.AvgPool2d(2).forward(arange(16).view(1, 1, 4, 4))
 */
export class AvgPool2d extends AvgPool {
  override forward(x: Tensor): Tensor {
    return avgPool2d(x, this.kernelSize, this.settings);
  }
}

/**
 * The mean of each window of a volume. Mirrors `torch.nn.AvgPool3d`.
 * @example new nn.AvgPool3d(2).forward(zeros([1, 1, 4, 6, 8])).shape
 */
export class AvgPool3d extends AvgPool {
  override forward(x: Tensor): Tensor {
    return avgPool3d(x, this.kernelSize, this.settings);
  }
}

export default { maxPool2d, maxPool2dWithIndices, maxPool3d, maxPool3dWithIndices, avgPool2d, avgPool3d };
