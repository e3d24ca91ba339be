/**
 * Convolution as matrix products. The window under each position of the kernel is laid out as one column of a matrix
 * ("im2col"); a product with the weights then makes all outputs of an image at once.
 *
 * Letters: images of C channels of H x W become O channels of OH x OW, by a kernel of KH x KW.
 */
import type { TypedArray } from "../dtype.ts";
import { type Matrix, matmul } from "./matmul.ts";

/** (height, width) */
export type Pair = readonly [y: number, x: number];

/** (depth, height, width) */
export type Triple = readonly [z: number, y: number, x: number];

/** Where a window stands on images, and how often. */
export interface WindowsShape {
  readonly images: number;
  /** C, of one image. */
  readonly channels: number;
  /** (H, W), (KH, KW), (OH, OW) */
  readonly size: Pair;
  readonly kernelSize: Pair;
  readonly outSize: Pair;
  /** How far the kernel moves from one output to the next. */
  readonly stride: Pair;
  /** How many zeros are before the first row and column; those after the last are as many as the outputs reach. */
  readonly padding: Pair;
  /** How far the kernel's elements are apart in the image. */
  readonly dilation: Pair;
}

/**
 * With groups, a sample's channels fall into as many images, each with weights of its own: image i has those of group
 * i mod groups. The images are samples · groups.
 */
export interface ConvolutionShape extends WindowsShape {
  readonly groups: number;
  /** O, of one image. */
  readonly outChannels: number;
}

const area = ([y, x]: Pair): number => y * x;

/** How many elements: an input image, a window in all its channels, an output channel, an output image, a group's weights. */
export function sizesOf({ channels, outChannels, size, kernelSize, outSize }: ConvolutionShape) {
  const window = channels * area(kernelSize);
  const positions = area(outSize);
  return {
    image: channels * area(size),
    window,
    positions,
    outImage: outChannels * positions,
    weights: outChannels * window,
  };
}

/**
 * For each element of the columns (C·KH·KW, OH·OW), where in its image it is: element (c, ky, kx) of the window at (oy, ox)
 * is x[c, oy·stride + ky·dilation - padding, ox·stride + kx·dilation - padding], or -1 where that is outside.
 */
function placesOf(shape: WindowsShape): Int32Array {
  const { channels, size, kernelSize, outSize, stride, padding, dilation } = shape;
  const [h, w] = size;
  const places = new Int32Array(channels * area(kernelSize) * area(outSize));
  let k = 0;
  for (let c = 0; c < channels; c++) {
    for (let ky = 0; ky < kernelSize[0]; ky++) {
      for (let kx = 0; kx < kernelSize[1]; kx++) {
        for (let oy = 0; oy < outSize[0]; oy++) {
          const y = oy * stride[0] + ky * dilation[0] - padding[0];
          for (let ox = 0; ox < outSize[1]; ox++) {
            const x = ox * stride[1] + kx * dilation[1] - padding[1];
            places[k++] = y >= 0 && y < h && x >= 0 && x < w ? (c * h + y) * w + x : -1;
          }
        }
      }
    }
  }
  return places;
}

/** The columns of the image that begins at `start`. */
function unfold(columns: TypedArray, x: TypedArray, start: number, places: Int32Array): void {
  for (let k = 0; k < places.length; k++) columns[k] = places[k] < 0 ? 0 : x[start + places[k]];
}

/** The reverse, which adds: an element of the image gets the sum over all windows that it is in. */
function fold(x: TypedArray, start: number, columns: TypedArray, places: Int32Array): void {
  for (let k = 0; k < places.length; k++) if (places[k] >= 0) x[start + places[k]] += columns[k];
}

/** The columns (images, C·KH·KW, OH·OW) of x (images, C, H, W) */
export function im2col(columns: TypedArray, x: TypedArray, shape: WindowsShape): void {
  const places = placesOf(shape);
  const image = shape.channels * area(shape.size);
  for (let i = 0; i < shape.images; i++)
    unfold(columns.subarray(i * places.length, (i + 1) * places.length), x, i * image, places);
}

/** The reverse, which adds. */
export function col2im(x: TypedArray, columns: TypedArray, shape: WindowsShape): void {
  const places = placesOf(shape);
  const image = shape.channels * area(shape.size);
  x.fill(0);
  for (let i = 0; i < shape.images; i++)
    fold(x, i * image, columns.subarray(i * places.length, (i + 1) * places.length), places);
}

function rowMajor(data: TypedArray, offset: number, columns: number): Matrix {
  return { data, offset, rowStride: columns, colStride: 1 };
}

function transposed({ data, offset, rowStride, colStride }: Matrix): Matrix {
  return { data, offset, rowStride: colStride, colStride: rowStride };
}

/** An array of x's type for the columns of one image. */
const columnsLike = (x: TypedArray, { length }: Int32Array): TypedArray =>
  x instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);

/** y (images, O, OH, OW) = w (groups, O, C, KH, KW) @ columns of x (images, C, H, W), + bias (groups, O) */
export function convolution(
  y: TypedArray,
  x: TypedArray,
  w: TypedArray,
  bias: TypedArray | null,
  shape: ConvolutionShape,
): void {
  const { images, groups, outChannels } = shape;
  const { image, window, positions, outImage, weights } = sizesOf(shape);
  const places = placesOf(shape);
  const columns = columnsLike(x, places);
  for (let i = 0; i < images; i++) {
    const group = i % groups;
    if (bias) {
      for (let o = 0, at = i * outImage; o < outChannels; o++, at += positions)
        y.fill(bias[group * outChannels + o], at, at + positions);
    }
    unfold(columns, x, i * image, places);
    const kernel = rowMajor(w, group * weights, window);
    matmul(
      y,
      i * outImage,
      kernel,
      rowMajor(columns, 0, positions),
      [outChannels, window, positions],
      bias ? "out" : "zeros",
    );
  }
}

/** The gradient of x, dx: wᵀ @ dy gives that of the columns. */
export function convolutionInput(dx: TypedArray, dy: TypedArray, w: TypedArray, shape: ConvolutionShape): void {
  const { images, groups, outChannels } = shape;
  const { image, window, positions, outImage, weights } = sizesOf(shape);
  const places = placesOf(shape);
  const columns = columnsLike(dy, places);
  dx.fill(0);
  for (let i = 0; i < images; i++) {
    const kernel = rowMajor(w, (i % groups) * weights, window);
    const upstream = rowMajor(dy, i * outImage, positions);
    matmul(columns, 0, transposed(kernel), upstream, [window, outChannels, positions]);
    fold(dx, i * image, columns, places);
  }
}

/** The gradient of w: dw = Σ dy @ columnsᵀ over the images of its group. */
export function convolutionWeight(dw: TypedArray, dy: TypedArray, x: TypedArray, shape: ConvolutionShape): void {
  const { images, groups, outChannels } = shape;
  const { image, window, positions, outImage, weights } = sizesOf(shape);
  const places = placesOf(shape);
  const columns = columnsLike(x, places);
  dw.fill(0);
  for (let i = 0; i < images; i++) {
    unfold(columns, x, i * image, places);
    const upstream = rowMajor(dy, i * outImage, positions);
    const windows = transposed(rowMajor(columns, 0, positions));
    matmul(dw, (i % groups) * weights, upstream, windows, [outChannels, positions, window], "out");
  }
}
