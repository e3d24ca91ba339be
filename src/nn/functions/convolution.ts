/**
 * Convolutions as PyTorch calls them: options, checks and shapes around the operations of src/autograd/ops/layers/convolution.ts.
 * In one dimension a convolution is one in two dimensions with a height of 1.
 */

import { add } from "../../autograd/ops/elementwise.ts";
import {
  type ConvolutionShape,
  conv2dInput,
  conv2d as convolve,
  type Pair,
} from "../../autograd/ops/layers/convolution.ts";
import { squeeze, unsqueeze, view } from "../../autograd/ops/shape.ts";
import { isFloatingPoint, scalarName } from "../../tensor/dtype.ts";
import { formatShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Size, sizeForEach } from "./sizes.ts";

interface SlidingOptions {
  /** How far the kernel moves from one output to the next, ≥ 1. Default: 1. */
  stride?: Size;
  /** How far the kernel's elements are apart, ≥ 1. Default: 1. */
  dilation?: Size;
  /** Into how many groups the channels fall, each convolved by itself. Default: 1. */
  groups?: number;
}

export interface ConvOptions extends SlidingOptions {
  /** Zeros on either side; "same": as many as keep the size, the odd one at the end; "valid": none. Default: 0. */
  padding?: Size | "same" | "valid";
}

export interface ConvTransposeOptions extends SlidingOptions {
  /** How much is cut off on either side. Default: 0. */
  padding?: Size;
  /** How much longer the output is at the end, less than the stride or the dilation. Default: 0. */
  outputPadding?: Size;
}

/**
 * y[n, o, t] = bias[o] + Σ over c and k of weight[o, c, k] · x[n, c, t · stride + k · dilation - padding].
 * Mirrors `torch.nn.functional.conv1d`.
 *
 * @param x (N, C, L) or (C, L) @param weight (O, C / groups, K) @param bias (O), or none
 * @returns (N, O, OL) or (O, OL), OL = ⌊(L + 2 · padding - dilation · (K - 1) - 1) / stride⌋ + 1
 * @throws if sizes do not fit each other, or the padded input is smaller than the kernel
 */
export function conv1d(x: Tensor, weight: Tensor, bias: Tensor | null = null, options: ConvOptions = {}): Tensor {
  return conv(x, weight, bias, options, 1);
}

/**
 * The same in two dimensions. Mirrors `torch.nn.functional.conv2d`.
 *
 * @param x (N, C, H, W) or (C, H, W) @param weight (O, C / groups, KH, KW) @param bias (O), or none
 * @returns (N, O, OH, OW) or (O, OH, OW)
 */
export function conv2d(x: Tensor, weight: Tensor, bias: Tensor | null = null, options: ConvOptions = {}): Tensor {
  return conv(x, weight, bias, options, 2);
}

/**
 * Transposed convolution: what conv1d does to a gradient on its way back, used forward to make things larger.
 * Mirrors `torch.nn.functional.conv_transpose1d`.
 *
 * @param x (N, C, L) or (C, L) @param weight (C, O / groups, K) @param bias (O), or none
 * @returns (N, O, OL) or (O, OL), OL = (L - 1) · stride - 2 · padding + dilation · (K - 1) + outputPadding + 1
 * @throws if sizes do not fit each other, or nothing is left after the cut
 */
export function convTranspose1d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvTransposeOptions = {},
): Tensor {
  return convTranspose(x, weight, bias, options, 1);
}

/**
 * The same in two dimensions. Mirrors `torch.nn.functional.conv_transpose2d`.
 *
 * @param x (N, C, H, W) or (C, H, W) @param weight (C, O / groups, KH, KW) @param bias (O), or none
 */
export function convTranspose2d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvTransposeOptions = {},
): Tensor {
  return convTranspose(x, weight, bias, options, 2);
}

function conv(x: Tensor, weight: Tensor, bias: Tensor | null, options: ConvOptions, ndim: number): Tensor {
  const [batch, isBatched] = batched(x, ndim, `conv${ndim}d`);
  checkRank(batch, weight, ndim);
  const { groups, stride, dilation } = sliding(options, ndim);
  checkGroups(batch, weight, bias, groups, false);
  const [size, kernel] = [batch, weight].map(({ shape }) => shape.slice(2));
  const reach = kernel.map((k, d) => dilation[d] * (k - 1));
  const padding = paddingOf(options.padding ?? 0, reach, stride);
  const padded = size.map((length, d) => length + padding[d].total);
  if (kernel.some((k, d) => reach[d] >= padded[d] || k < 1)) {
    throw new Error(
      `Calculated padded input size per channel: (${padded.join(" x ")}). Kernel size: (${kernel.join(" x ")}). ` +
        "Kernel size can't be greater than actual input size",
    );
  }
  const shape: ConvolutionShape = {
    images: batch.shape[0] * groups,
    groups,
    channels: weight.shape[1],
    outChannels: weight.shape[0] / groups,
    size: pair(size, 1),
    kernelSize: pair(kernel, 1),
    outSize: pair(
      padded.map((length, d) => Math.floor((length - reach[d] - 1) / stride[d]) + 1),
      1,
    ),
    stride: pair(stride, 1),
    padding: pair(
      padding.map(({ before }) => before),
      0,
    ),
    dilation: pair(dilation, 1),
  };
  return unbatched(convolve(asImage(batch), asImage(weight), bias, shape), ndim, isBatched);
}

function convTranspose(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  options: ConvTransposeOptions,
  ndim: number,
): Tensor {
  const [batch, isBatched] = batched(x, ndim, `conv_transpose${ndim}d`);
  checkRank(batch, weight, ndim);
  const { groups, stride, dilation } = sliding(options, ndim);
  checkGroups(batch, weight, bias, groups, true);
  const [size, kernel] = [batch, weight].map(({ shape }) => shape.slice(2));
  const padding = nonNegative(sizeForEach(options.padding ?? 0, ndim, "padding"), "padding");
  const extra = nonNegative(sizeForEach(options.outputPadding ?? 0, ndim, "output_padding"), "output_padding");
  if (extra.some((more, d) => more >= stride[d] && more >= dilation[d])) {
    const listed = (name: string, [h, w]: Pair) => `${name}_height: ${h} ${name}_width: ${w}`;
    throw new Error(
      "output padding must be smaller than either stride or dilation, but got " +
        `${listed("output_padding", pair(extra, 0))} ${listed("stride", pair(stride, 1))} ${listed("dilation", pair(dilation, 1))}`,
    );
  }
  const outSize = size.map(
    (length, d) => (length - 1) * stride[d] - 2 * padding[d] + dilation[d] * (kernel[d] - 1) + extra[d] + 1,
  );
  if (outSize.some((length) => length < 1)) {
    throw new Error(
      `Given input size per channel: (${size.join(" x ")}). Calculated output size per channel: (${outSize.join(" x ")}). ` +
        "Output size is too small",
    );
  }
  const shape: ConvolutionShape = {
    images: batch.shape[0] * groups,
    groups,
    channels: weight.shape[1],
    outChannels: weight.shape[0] / groups,
    size: pair(outSize, 1),
    kernelSize: pair(kernel, 1),
    outSize: pair(size, 1),
    stride: pair(stride, 1),
    padding: pair(padding, 0),
    dilation: pair(dilation, 1),
  };
  const y = conv2dInput(asImage(batch), asImage(weight), shape);
  return unbatched(bias ? add(y, view(bias, [bias.numel, 1, 1])) : y, ndim, isBatched);
}

/** A missing height is `missing`. */
const pair = (sizes: readonly number[], missing: number): Pair =>
  sizes.length === 1 ? [missing, sizes[0]] : [sizes[0], sizes[1]];

/** (A, B, L) as (A, B, 1, L); what has a height, as it is. */
const asImage = (x: Tensor): Tensor => (x.ndim === 3 ? unsqueeze(x, 2) : x);

/** x with a batch dimension, and whether it had one. */
function batched(x: Tensor, ndim: number, name: string): [batch: Tensor, isBatched: boolean] {
  if (!isFloatingPoint(x.dtype)) {
    throw new Error(`"${name}" not implemented for '${scalarName[x.dtype]}': convert first, with x.to("float32")`);
  }
  if (x.ndim === ndim + 2) return [x, true];
  if (x.ndim === ndim + 1) return [unsqueeze(x, 0), false];
  throw new Error(
    `Expected ${ndim + 1}D (unbatched) or ${ndim + 2}D (batched) input to ${name}, ` +
      `but got input of size: ${formatShape(x.shape)}`,
  );
}

function unbatched(y: Tensor, ndim: number, isBatched: boolean): Tensor {
  const result = ndim === 1 ? squeeze(y, 2) : y;
  return isBatched ? result : squeeze(result, 0);
}

function sliding({ groups = 1, ...options }: SlidingOptions, ndim: number) {
  const stride = sizeForEach(options.stride ?? 1, ndim, "stride");
  const dilation = sizeForEach(options.dilation ?? 1, ndim, "dilation");
  if (groups < 1) throw new Error("non-positive groups is not supported");
  if (stride.some((step) => step < 1)) throw new Error("non-positive stride is not supported");
  if (dilation.some((step) => step < 1)) {
    throw new Error(`dilation should be greater than zero, but got ${formatShape(dilation)}`);
  }
  return { groups, stride, dilation };
}

/** For each dimension, the zeros before the first element, and all of them. */
function paddingOf(padding: Size | "same" | "valid", reach: readonly number[], stride: readonly number[]) {
  if (padding === "same") {
    if (stride.some((step) => step !== 1)) throw new Error("padding='same' is not supported for strided convolutions");
    return reach.map((total) => ({ before: Math.floor(total / 2), total }));
  }
  if (typeof padding === "string" && padding !== "valid") throw new Error(`Invalid padding string: '${padding}'`);
  const sizes = nonNegative(sizeForEach(padding === "valid" ? 0 : padding, reach.length, "padding"), "padding");
  return sizes.map((before) => ({ before, total: 2 * before }));
}

function nonNegative(sizes: number[], name: string): number[] {
  if (sizes.some((size) => size < 0)) throw new Error(`negative ${name} is not supported`);
  return sizes;
}

function checkRank(x: Tensor, weight: Tensor, ndim: number): void {
  if (weight.ndim !== ndim + 2) {
    throw new Error(
      `Expected ${weight.ndim}-dimensional input for ${weight.ndim}-dimensional weight ${formatShape(weight.shape)}, ` +
        `but got ${x.ndim}-dimensional input of size ${formatShape(x.shape)} instead`,
    );
  }
  if (weight.dtype !== x.dtype) {
    throw new Error(`expected scalar type ${scalarName[x.dtype]} but found ${scalarName[weight.dtype]}`);
  }
}

/** @throws unless input, weight and bias have channels that fit; a transposed weight has the input's first */
function checkGroups(x: Tensor, weight: Tensor, bias: Tensor | null, groups: number, transposed: boolean): void {
  const size = formatShape(weight.shape);
  const given = transposed ? "Given transposed=1" : `Given groups=${groups}`;
  if (weight.shape[0] < groups) {
    throw new Error(
      `Given groups=${groups}, expected weight to be at least ${groups} at dimension 0, ` +
        `but got weight of size ${size} instead`,
    );
  }
  if (weight.shape[0] % groups !== 0) {
    throw new Error(
      `Given groups=${groups}, expected weight to be divisible by ${groups} at dimension 0, ` +
        `but got weight of size [${size}] instead`,
    );
  }
  const [inputs, outputs] = transposed
    ? [weight.shape[0], weight.shape[1] * groups]
    : [weight.shape[1] * groups, weight.shape[0]];
  if (x.shape[1] !== inputs) {
    throw new Error(
      `${given}, weight of size ${size}, expected input${formatShape(x.shape)} to have ${inputs} channels, ` +
        `but got ${x.shape[1]} channels instead`,
    );
  }
  if (bias && (bias.ndim !== 1 || bias.numel !== outputs)) {
    throw new Error(
      `Given ${transposed ? "transposed=1, " : ""}weight of size ${size}, expected bias to be 1-dimensional with ` +
        `${outputs} elements, but got bias of size ${formatShape(bias.shape)} instead`,
    );
  }
}
