/** Pooling, as functions and as layers: one number for each window of each channel, so fewer places and the same channels. */

import type { Pair } from "../autograd/ops/layers/convolution.ts";
import { averagePool, maxPool } from "../autograd/ops/layers/pooling.ts";
import { cat, narrow } from "../autograd/ops/parts.ts";
import { mean, type ValuesAndIndices } from "../autograd/ops/reduction.ts";
import { check } from "../tensor/check.ts";
import { tensor } from "../tensor/create.ts";
import { isFloatingPoint, scalarName } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonBool, pythonTuple } from "../tensor/python-text.ts";
import { formatShape, type Int } from "../tensor/shape.ts";
import { elementsOf, Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import { both, type Size } from "./sizes.ts";

interface PoolOptions {
  /** How far the window moves from one output to the next. Default: its own size, so that windows touch. */
  stride?: Size;
  /** How far the first window begins before the input and the last ends after it, at most half the window. Default: 0. */
  padding?: Size;
  /** Whether a last window may end outside. Default: false. */
  ceilMode?: boolean;
}

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
  const [h, w] = x.shape.slice(-2);
  const indices = Tensor.empty(positions.shape, "int32");
  for (const [k, position] of elementsOf(positions).entries()) indices.storage.data[k] = position % (h * w);
  return { values, indices };
}

function largest(x: Tensor, kernelSize: Size, options?: MaxPoolOptions) {
  const settings = maxSettings(kernelSize, options);
  const noImage = () =>
    `non-empty 3D or 4D (batch mode) tensor expected for input, but max_pool2d got ${formatShape(x.shape)}`;
  check(isImage(x), noImage);
  const dilation = windowSizes(settings.dilation, "max_pool2d: dilation must be either");
  check(
    Math.min(...dilation) >= 1,
    () => `dilation should be greater than zero, but got dilationH: ${dilation[0]} dilationW: ${dilation[1]}`,
  );
  const windows = plan(x, kernelSize, settings, dilation, "max_pool2d");
  return maxPool(x, { ...windows, dilation });
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
  const { countIncludePad, divisorOverride } = settings;
  check(
    isImage(x),
    () => `avg_pool2d: Expected 3D or 4D (batch mode) tensor, but got ${x.ndim}D of shape ${formatShape(x.shape)}`,
  );
  check(divisorOverride !== 0, "divisor must be not zero");
  const windows = plan(x, kernelSize, settings, [1, 1], "avg_pool2d");
  const { size, outSize, stride, padding } = windows;
  /** How many elements each window has along one dimension. Past the padding nothing counts. */
  const counts = (d: number): number[] =>
    Array.from({ length: outSize[d] }, (_, o) => {
      const start = o * stride[d] - padding[d];
      const end = Math.min(start + windows.kernelSize[d], size[d] + padding[d]);
      return countIncludePad ? end - start : Math.min(end, size[d]) - Math.max(start, 0);
    });
  const [rows, columns] = [counts(0), counts(1)];
  const divisors = rows.map((n) => columns.map((m) => divisorOverride ?? n * m));
  return averagePool(x, tensor(divisors, { dtype: x.dtype }), { ...windows, dilation: [1, 1] });
}

/**
 * Means over windows that are chosen so that OH x OW of them cover the image: output i has the elements from ⌊i · H / OH⌋ up
 * to ⌈(i + 1) · H / OH⌉. Mirrors `torch.nn.functional.adaptive_avg_pool2d`.
 *
 * @param x (N, C, H, W) or (C, H, W) @param outputSize null keeps a dimension's size
 * @returns (N, C, OH, OW) or (C, OH, OW)
 * @example nn.functional.adaptiveAvgPool2d(arange(16).view(1, 4, 4), 1)
 */
function adaptiveAvgPool2d(x: Tensor, outputSize: Int | readonly (Int | null)[]): Tensor {
  check(isFloatingPoint(x.dtype), () => `"adaptive_avg_pool2d" not implemented for '${scalarName[x.dtype]}'`);
  check(isImage(x), () => `adaptive_avg_pool2d(): Expected 3D or 4D tensor, but got ${formatShape(x.shape)}`);
  const [h, w] = x.shape.slice(-2);
  const wanted = typeof outputSize === "number" ? [outputSize, outputSize] : outputSize;
  const otherLength = () =>
    `adaptive_avg_pool2d: output_size must be 2 numbers, [height, width], or one for both, but got [${wanted.join(", ")}]`;
  check(wanted.length === 2, otherLength);
  const [oh, ow] = [wanted[0] ?? h, wanted[1] ?? w];
  check(
    oh >= 0 && ow >= 0,
    () => `adaptive_avg_pool2d: elements of output_size must be greater than or equal to 0 but received {${oh}, ${ow}}`,
  );
  const empty = x.shape.findIndex((size, d) => size === 0 && d > x.ndim - 4); // the batch, d = ndim - 4, may be empty
  check(
    empty < 0,
    () =>
      "adaptive_avg_pool2d(): Expected input to have non-zero size for non-batch dimensions, " +
      `but input has sizes ${formatShape(x.shape)} with dimension ${empty} being empty`,
  );
  Tensor.empty([...x.shape.slice(0, -2), oh, ow], x.dtype).storage.release(); // what no memory holds is refused at once
  const isEven = h % oh === 0 && w % ow === 0;
  return isEven ? avgPool2d(x, [h / oh, w / ow]) : meansAlong(meansAlong(x, -2, oh), -1, ow);
}

/** Means over as many parts of a dimension as there are outputs. */
function meansAlong(x: Tensor, dim: number, outputs: number): Tensor {
  const size = x.shape[x.ndim + dim];
  const means = Array.from({ length: outputs }, (_, i) => {
    const start = Math.floor((i * size) / outputs);
    const end = Math.ceil(((i + 1) * size) / outputs);
    return mean(narrow(x, dim, start, end - start), dim, { keepdim: true });
  });
  return outputs > 0 ? cat(means, dim) : narrow(x, dim, 0, 0);
}

/** (N, C, H, W) or (C, H, W) */
const isImage = (x: Tensor): boolean => x.ndim === 3 || x.ndim === 4;

/** How many windows there are, and where. */
function plan(x: Tensor, kernelSize: Size, settings: Required<PoolOptions>, dilation: Pair, name: string) {
  const [c, h, w] = x.shape.slice(-3);
  check(isFloatingPoint(x.dtype), () => `"${name}" not implemented for '${scalarName[x.dtype]}'`);
  check(
    c * h * w > 0,
    () =>
      `Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:${formatShape(x.shape)}`,
  );
  const size: Pair = [h, w];
  const kernel = windowSizes(kernelSize, `${name}: kernel_size must either be`);
  const isOmitted = [settings.stride].flat().length === 0;
  const stride = isOmitted ? kernel : windowSizes(settings.stride, `${name}: stride must either be omitted,`);
  const padding = windowSizes(settings.padding, `${name}: padding must either be`);
  check(!stride.includes(0), "stride should not be zero");
  kernel.forEach((k, d) => {
    check(padding[d] >= 0, () => `pad must be non-negative, but got pad: ${padding[d]}`);
    check(
      padding[d] * 2 <= k,
      () =>
        `pad should be at most half of kernel size, but got pad=${Math.max(...padding)} and kernel_size=${Math.max(...kernel)}`,
    );
  });
  const outSize = both((d) => {
    const last = size[d] + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1; // where the last window may begin
    if (!settings.ceilMode) return Math.floor(last / stride[d]) + 1;
    const count = Math.ceil(last / stride[d]) + 1;
    return (count - 1) * stride[d] >= size[d] + padding[d] ? count - 1 : count; // it must begin inside
  });
  check(
    Math.min(...outSize) >= 1,
    () =>
      `Given input size: (${c}x${h}x${w}). Calculated output size: (${c}x${outSize.join("x")}). Output size is too small`,
  );
  const images = (x.ndim === 4 ? x.shape[0] : 1) * c;
  return { images, size, kernelSize: kernel, outSize, stride, padding };
}

/** @throws unless there is one size, or one for each dimension */
function windowSizes(size: Size, words: string): Pair {
  const list = [size].flat();
  check(list.length === 1 || list.length === 2, () => `${words} a single int, or a tuple of two ints`);
  const [y, x = y] = list;
  return [y, x];
}

/** Its windows are fixed, the stride unless told otherwise being their size. */
abstract class Pool2d<Settings extends Required<PoolOptions>> extends Module {
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
    return `kernel_size=${sizeText(this.kernelSize)}, stride=${sizeText(stride)}, padding=${sizeText(padding)}`;
  }
}

/**
 * The largest element of each window. Mirrors `torch.nn.MaxPool2d`.
 * @example new nn.MaxPool2d(2).forward(arange(16).view(1, 1, 4, 4))
 */
export class MaxPool2d extends Pool2d<Required<MaxPoolOptions>> {
  constructor(kernelSize: Size, options?: MaxPoolOptions) {
    super(kernelSize, maxSettings(kernelSize, options));
  }

  override forward(x: Tensor): Tensor {
    return maxPool2d(x, this.kernelSize, this.settings);
  }

  override extraRepr(): string {
    const { dilation, ceilMode } = this.settings;
    return `${super.extraRepr()}, dilation=${sizeText(dilation)}, ceil_mode=${pythonBool(ceilMode)}`;
  }
}

/**
 * The mean of each window. Mirrors `torch.nn.AvgPool2d`.
 * @example new nn.AvgPool2d(2).forward(arange(16).view(1, 1, 4, 4))
 */
export class AvgPool2d extends Pool2d<Required<AvgPoolOptions>> {
  constructor(kernelSize: Size, options?: AvgPoolOptions) {
    super(kernelSize, averageSettings(kernelSize, options));
  }

  override forward(x: Tensor): Tensor {
    return avgPool2d(x, this.kernelSize, this.settings);
  }
}

/**
 * Means over as many windows as are asked for; 1 for the mean of each channel. Mirrors `torch.nn.AdaptiveAvgPool2d`.
 * @example new nn.AdaptiveAvgPool2d(1).forward(zeros([16, 8, 7, 5])).shape
 */
export class AdaptiveAvgPool2d extends Module {
  /** How many windows there are; null for as many as x has places. */
  readonly outputSize: number | readonly (number | null)[];

  constructor(outputSize: Int | readonly (Int | null)[]) {
    super();
    this.outputSize = outputSize;
  }

  override forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize);
  }

  override extraRepr(): string {
    return `output_size=${sizeText(this.outputSize)}`;
  }
}

/** As Python prints it. */
const sizeText = (size: number | readonly (number | null)[]): string =>
  typeof size === "number" ? `${size}` : pythonTuple(size);

export default { maxPool2d, maxPool2dWithIndices, avgPool2d, adaptiveAvgPool2d };
