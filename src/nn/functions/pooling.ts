/** Pooling: one number for each window of each channel. */

import { div } from "../../autograd/ops/elementwise.ts";
import { conv2d } from "../../autograd/ops/layers/convolution.ts";
import { matmul } from "../../autograd/ops/matmul.ts";
import { reshape, t } from "../../autograd/ops/shape.ts";
import { take } from "../../autograd/ops/shared/positions.ts";
import { ones } from "../../tensor/create.ts";
import { isFloatingPoint, scalarName } from "../../tensor/dtype.ts";
import type { Pair } from "../../tensor/kernels/convolution.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import { formatShape } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type Size, sizeForEach } from "./sizes.ts";

interface PoolOptions {
  /** How far the window moves from one output to the next. Default: its own size, so that windows touch. */
  stride?: Size;
  /** How far the first window begins before the input and the last ends after it, at most half the window. Default: 0. */
  padding?: Size;
  /** Whether a last window may end outside. Default: false. */
  ceilMode?: boolean;
}

export interface MaxPoolOptions extends PoolOptions {
  /** How far a window's elements are apart. Default: 1. */
  dilation?: Size;
}

export interface AvgPoolOptions extends PoolOptions {
  /** Whether the zeros of the padding count. Default: true. */
  countIncludePad?: boolean;
  /** What to divide by instead of the number of elements. */
  divisorOverride?: number | null;
}

/**
 * The largest element of each window; its gradient goes there alone, to the first of equal ones.
 * Mirrors `torch.nn.functional.max_pool2d`.
 *
 * @param x (N, C, H, W) or (C, H, W)
 * @returns (N, C, OH, OW) or (C, OH, OW), OH = ⌊(H + 2 · padding - dilation · (KH - 1) - 1) / stride⌋ + 1
 * @throws if the padding is more than half a window, or no window fits
 */
export function maxPool2d(x: Tensor, kernelSize: Size, options: MaxPoolOptions = {}): Tensor {
  const positions = maxPositions(x, kernelSize, options);
  return take(x, positions);
}

/** As maxPool2d, and where the largest elements are: int32, counted through H · W. Mirrors `max_pool2d` with `return_indices`. */
export function maxPool2dWithIndices(x: Tensor, kernelSize: Size, options: MaxPoolOptions = {}) {
  const positions = maxPositions(x, kernelSize, options);
  const [h, w] = x.shape.slice(-2);
  const indices = Tensor.empty(positions.shape, "int32");
  for (const [k, position] of positions.data.entries()) indices.storage.data[k] = position % (h * w);
  return { values: take(x, positions), indices };
}

/** Where in x the largest element of each window is, (…, OH, OW). */
function maxPositions(x: Tensor, kernelSize: Size, options: MaxPoolOptions): Tensor {
  if (x.ndim !== 3 && x.ndim !== 4) throw new Error("non-empty 3D or 4D (batch mode) tensor expected for input");
  const dilation = pairFor(options.dilation ?? 1, "dilation");
  if (dilation.some((step) => step < 1)) {
    throw new Error(
      `dilation should be greater than zero, but got dilationH: ${dilation[0]} dilationW: ${dilation[1]}`,
    );
  }
  const windows = plan(x, kernelSize, options, dilation, "max_pool2d");
  const positions = Tensor.empty([...x.shape.slice(0, -2), ...windows.outSize], "int32");
  kernels.maxPositions(positions.storage.data as Int32Array, x.data, { ...windows, dilation });
  return positions;
}

/**
 * The mean of each window, made as a convolution with ones and divided. Mirrors `torch.nn.functional.avg_pool2d`.
 *
 * @param x (N, C, H, W) or (C, H, W)
 * @returns (N, C, OH, OW) or (C, OH, OW)
 * @throws if the padding is more than half a window, no window fits, or the divisor is 0
 */
export function avgPool2d(x: Tensor, kernelSize: Size, options: AvgPoolOptions = {}): Tensor {
  const { countIncludePad = true, divisorOverride = null } = options;
  if (x.ndim !== 3 && x.ndim !== 4) {
    throw new Error(
      `avg_pool2d: Expected 3D or 4D (batch mode) tensor, but got ${x.ndim}D of shape ${formatShape(x.shape)}`,
    );
  }
  if (divisorOverride === 0) throw new Error("divisor must be not zero");
  const windows = plan(x, kernelSize, options, [1, 1], "avg_pool2d");
  const { images, size, outSize, stride, padding } = windows;
  const kernel = windows.kernelSize;
  const sums = conv2d(reshape(x, [images, 1, ...size]), ones([1, 1, ...kernel], { dtype: x.dtype }), null, {
    ...windows,
    groups: 1,
    channels: 1,
    outChannels: 1,
    dilation: [1, 1],
  });
  /** How many elements each window has along one dimension. Past the padding nothing counts. */
  const counts = (d: number): number[] =>
    Array.from({ length: outSize[d] }, (_, o) => {
      const start = o * stride[d] - padding[d];
      const end = Math.min(start + kernel[d], size[d] + padding[d]);
      return countIncludePad ? end - start : Math.min(end, size[d]) - Math.max(start, 0);
    });
  const divisors = Tensor.empty(outSize, x.dtype);
  const [rows, columns] = [counts(0), counts(1)];
  for (let k = 0; k < divisors.numel; k++) {
    const [oy, ox] = [Math.floor(k / outSize[1]), k % outSize[1]];
    divisors.storage.data[k] = divisorOverride ?? rows[oy] * columns[ox];
  }
  return div(reshape(sums, [...x.shape.slice(0, -2), ...outSize]), divisors);
}

/**
 * Means over windows that are chosen so that OH x OW of them cover the image: output i has the elements from ⌊i · H / OH⌋ up
 * to ⌈(i + 1) · H / OH⌉. A mean over each dimension is a matrix product. Mirrors `torch.nn.functional.adaptive_avg_pool2d`.
 *
 * @param x (N, C, H, W) or (C, H, W) @param outputSize null keeps a dimension's size
 * @returns (N, C, OH, OW) or (C, OH, OW)
 */
export function adaptiveAvgPool2d(x: Tensor, outputSize: number | readonly (number | null)[]): Tensor {
  if (x.ndim !== 3 && x.ndim !== 4) {
    throw new Error(`adaptive_avg_pool2d(): Expected 3D or 4D tensor, but got ${formatShape(x.shape)}`);
  }
  const [h, w] = x.shape.slice(-2);
  const wanted = typeof outputSize === "number" ? [outputSize, outputSize] : outputSize;
  const [oh, ow] = [wanted[0] ?? h, wanted[1] ?? w];
  if (oh < 0 || ow < 0) {
    throw new Error(
      `adaptive_avg_pool2d: elements of output_size must be greater than or equal to 0 but received {${oh}, ${ow}}`,
    );
  }
  const empty = x.shape.findIndex((size, d) => size === 0 && d > x.ndim - 4);
  if (empty > 0 || (empty === 0 && x.ndim === 3)) {
    throw new Error(
      "adaptive_avg_pool2d(): Expected input to have non-zero size for non-batch dimensions, " +
        `but input has sizes ${formatShape(x.shape)} with dimension ${empty} being empty`,
    );
  }
  return matmul(matmul(meansOver(h, oh, x), x), t(meansOver(w, ow, x)));
}

/** (outputs, size): row i has 1 / n at the n elements that output i is the mean of. */
function meansOver(size: number, outputs: number, { dtype }: Tensor): Tensor {
  const means = Tensor.empty([outputs, size], dtype);
  for (let i = 0; i < outputs; i++) {
    const start = Math.floor((i * size) / outputs);
    const end = Math.ceil(((i + 1) * size) / outputs);
    means.storage.data.fill(1 / (end - start), i * size + start, i * size + end);
  }
  return means;
}

const pairFor = (size: Size, name: string): Pair => {
  const [y, x] = sizeForEach(size, 2, name);
  return [y, x];
};

/** How many windows there are, and where. */
function plan(x: Tensor, kernelSize: Size, options: PoolOptions, dilation: Pair, name: string) {
  if (!isFloatingPoint(x.dtype)) throw new Error(`"${name}" not implemented for '${scalarName[x.dtype]}'`);
  if (x.shape.slice(-3).includes(0)) {
    throw new Error(
      `Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:${formatShape(x.shape)}`,
    );
  }
  const kernel = pairFor(kernelSize, "kernel_size");
  const stride = pairFor(options.stride ?? kernelSize, "stride");
  const padding = pairFor(options.padding ?? 0, "padding");
  if (stride.includes(0)) throw new Error("stride should not be zero");
  kernel.forEach((k, d) => {
    if (padding[d] < 0) throw new Error(`pad must be non-negative, but got pad: ${padding[d]}`);
    if (padding[d] * 2 <= k) return;
    throw new Error(
      `pad should be at most half of kernel size, but got pad=${Math.max(...padding)} and kernel_size=${Math.max(...kernel)}`,
    );
  });
  const [h, w] = x.shape.slice(-2);
  const outputs = (d: number, size: number): number => {
    const last = size + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1; // where the last window may begin
    if (!options.ceilMode) return Math.floor(last / stride[d]) + 1;
    const count = Math.ceil(last / stride[d]) + 1;
    return (count - 1) * stride[d] >= size + padding[d] ? count - 1 : count; // it must begin inside
  };
  const outSize: Pair = [outputs(0, h), outputs(1, w)];
  const [c] = x.shape.slice(-3);
  if (outSize.some((size) => size < 1)) {
    throw new Error(
      `Given input size: (${c}x${h}x${w}). Calculated output size: (${c}x${outSize.join("x")}). Output size is too small`,
    );
  }
  const images = (x.ndim === 4 ? x.shape[0] : 1) * c;
  return { images, size: [h, w] as const, kernelSize: kernel, outSize, stride, padding };
}
