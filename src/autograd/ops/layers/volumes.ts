/**
 * Convolution of volumes, by that of images: the slices that a kernel sees together, one behind the other, are more channels of one
 * image. So a volume becomes as many images as y has slices, and the kernels' slices become channels of theirs.
 */
import { zeros } from "../../../tensor/create.ts";
import type { Triple } from "../../../tensor/kernels/convolution.ts";
import { Tensor } from "../../../tensor/tensor.ts";
import { owned } from "../../op.ts";
import { cat, narrow } from "../parts.ts";
import { clone, reshape, transpose, view } from "../shape.ts";
import { addRows, takeRows } from "../shared/positions.ts";
import { type ConvolutionShape, conv2d, conv2dInput } from "./convolution.ts";

export type { Triple } from "../../../tensor/kernels/convolution.ts";

/** As a ConvolutionShape, but that samples are not taken apart into groups yet. */
export interface VolumeShape {
  readonly samples: number;
  readonly groups: number;
  /** C and O, of one group. */
  readonly channels: number;
  readonly outChannels: number;
  readonly size: Triple;
  readonly kernelSize: Triple;
  readonly outSize: Triple;
  readonly stride: Triple;
  readonly padding: Triple;
  readonly dilation: Triple;
}

const lastTwo = ([, y, x]: Triple) => [y, x] as const;

/** The convolution of so many images, with this many channels in a group. */
const imagesOf = (shape: VolumeShape, samples: number, channels: number): ConvolutionShape => ({
  images: samples * shape.groups,
  groups: shape.groups,
  channels,
  outChannels: shape.outChannels,
  size: lastTwo(shape.size),
  kernelSize: lastTwo(shape.kernelSize),
  outSize: lastTwo(shape.outSize),
  stride: lastTwo(shape.stride),
  padding: lastTwo(shape.padding),
  dilation: lastTwo(shape.dilation),
});

/** The convolution of the images that volumes become. */
const stackedImages = (shape: VolumeShape): ConvolutionShape =>
  imagesOf(shape, shape.samples * shape.outSize[0], shape.channels * shape.kernelSize[0]);

/**
 * Convolution of images x (N, C, H, W) or of volumes x (N, C, D, H, W), w (O, C / groups, …kernelSize) having as many dimensions:
 * y[n, o, p] = bias[o] + Σ over c and k of w[o, c, k] · x[n, c, p · stride + k · dilation - padding].
 */
export function convolve(x: Tensor, w: Tensor, bias: Tensor | null, shape: VolumeShape): Tensor {
  if (x.ndim === 4) return conv2d(x, w, bias, imagesOf(shape, shape.samples, shape.channels));
  const { samples, groups, outChannels, outSize } = shape;
  const [od, oh, ow] = outSize;
  const y = conv2d(stackSlices(x, shape), sliceKernels(w), bias, stackedImages(shape));
  const slices = view(y, [samples, od, groups * outChannels, oh, ow]);
  return clone(transpose(slices, 1, 2));
}

/** The gradient of convolve for x, of dy: dx[n, c, p · stride + k · dilation - padding] += Σ over o of w[o, c, k] · dy[n, o, p] */
export function convolveInput(dy: Tensor, w: Tensor, shape: VolumeShape): Tensor {
  if (dy.ndim === 4) return conv2dInput(dy, w, imagesOf(shape, shape.samples, shape.channels));
  const { samples, groups, outChannels, outSize } = shape;
  const [od, oh, ow] = outSize;
  const slices = reshape(transpose(dy, 1, 2), [samples * od, groups * outChannels, oh, ow]);
  return addSlices(conv2dInput(slices, sliceKernels(w), stackedImages(shape)), shape);
}

/** w (O, C, KD, KH, KW) with its slices as channels, (O, C · KD, KH, KW) */
const sliceKernels = (w: Tensor): Tensor => reshape(w, [w.shape[0], w.shape[1] * w.shape[2], ...w.shape.slice(3)]);

/** The slices of x (N, C, D, H, W) that each of y's slices is made of, (N · OD, C · KD, H, W), as zeros where there are none. */
function stackSlices(x: Tensor, shape: VolumeShape): Tensor {
  const { samples, groups, channels, size, kernelSize, outSize, padding } = shape;
  const [d, h, w] = size;
  const rows = reshape(x, [samples * groups * channels * d, h * w]);
  const isInside = padding[0] === 0 && (outSize[0] - 1) * shape.stride[0] + (kernelSize[0] - 1) * shape.dilation[0] < d;
  const all = isInside ? rows : cat([rows, zeros([1, h * w], { dtype: x.dtype })], 0);
  return reshape(takeRows(all, sliceNumbers(shape)), [samples * outSize[0], groups * channels * kernelSize[0], h, w]);
}

/** The reverse, which adds. */
function addSlices(stacked: Tensor, shape: VolumeShape): Tensor {
  const { samples, groups, channels, size } = shape;
  const [d, h, w] = size;
  const numbers = sliceNumbers(shape);
  const count = samples * groups * channels * d;
  const sums = addRows(reshape(stacked, [...numbers.shape, h * w]), numbers, [count + 1, h * w]);
  return owned(reshape(narrow(sums, 0, 0, count), [samples, groups * channels, ...size]));
}

/** The number of each stacked slice among those of x, (N, OD, C, KD); of what is outside, the number after the last. */
function sliceNumbers({ samples, groups, channels, size, kernelSize, outSize, ...shape }: VolumeShape): Tensor {
  const [[d], [kd], [od]] = [size, kernelSize, outSize];
  const [[stride], [padding], [dilation]] = [shape.stride, shape.padding, shape.dilation];
  const all = groups * channels;
  const numbers = Tensor.empty([samples, od, all, kd], "int32");
  const { data } = numbers.storage;
  const outside = samples * all * d;
  let at = 0;
  for (let n = 0; n < samples; n++) {
    for (let o = 0; o < od; o++) {
      for (let c = 0; c < all; c++) {
        for (let k = 0; k < kd; k++, at++) {
          const z = o * stride + k * dilation - padding;
          data[at] = z >= 0 && z < d ? (n * all + c) * d + z : outside;
        }
      }
    }
  }
  return numbers;
}
