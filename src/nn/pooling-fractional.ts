/**
 * Fractional max pooling (Graham 2014, https://arxiv.org/abs/1412.6071): windows whose distances are drawn, one or the other of two
 * neighbouring numbers, so that an image may become 0.7 times as large.
 */
import type { ValuesAndIndices } from "../autograd/ops/reduction.ts";
import { check } from "../tensor/check.ts";
import { rand } from "../tensor/create.ts";
import { isFloatingPoint, rounded, scalarName } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonTuple } from "../tensor/python-text.ts";
import { checkSizes, formatShape, sameShape } from "../tensor/shape.ts";
import { elementsOf, type Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import type { WithIndices, WithoutIndices } from "./pooling.ts";
import { isImage, largestOf, type Pooled, pooled, type ReturnIndices } from "./pooling-windows.ts";
import { oneOrEach, type Size } from "./sizes.ts";

/** Options of fractional max pooling, of which one has to be given. */
export interface FractionalMaxPoolOptions {
  /** How many windows there are along each dimension, or null. Default: null. */
  outputSize?: Size | null;
  /** How many windows there are to an element, along all dimensions or along each, between 0 and 1, or null. Default: null. */
  outputRatio?: number | readonly number[] | null;
  /** What distances are made of, (N or more, C, 2) or (N or more, C, 3) on [0, 1), or null to draw them. Default: null. */
  _randomSamples?: Tensor | null;
}

/** Options of layers of fractional max pooling. */
export interface FractionalMaxPoolLayerOptions<Returns extends boolean>
  extends FractionalMaxPoolOptions,
    ReturnIndices<Returns> {}

/** Options of fractional max pooling that gives the largest elements. */
export interface FractionalValuesOptions extends FractionalMaxPoolOptions, WithoutIndices {}

/** Options of fractional max pooling that gives where they are, too. */
export interface FractionalIndicesOptions extends FractionalMaxPoolOptions, WithIndices {}

const fractionalDefaults: Required<FractionalMaxPoolOptions> = {
  outputSize: null,
  outputRatio: null,
  _randomSamples: null,
};

/** The largest elements of windows that are drawn, and where in their image or volume they are. */
function largest(x: Tensor, kernelSize: Size, options: FractionalMaxPoolOptions | undefined, ndim: 2 | 3) {
  const name = `fractional_max_pool${ndim}d`;
  const { outputSize, outputRatio, _randomSamples } = readOptions(options, fractionalDefaults);
  const neither = `${name} requires specifying either an output_size or an output_ratio`;
  check(outputSize !== null || outputRatio !== null, neither);
  check(
    isImage(x, ndim),
    () => `${name}(): Expected ${ndim + 1}D or ${ndim + 2}D tensor, but got: ${formatShape(x.shape)}`,
  );
  const size = x.shape.slice(-ndim);
  const forEach = (given: number | readonly number[], what: string) =>
    oneOrEach(given, ndim, () => `${name}: ${what} must either be a single Int or tuple of Ints`);
  const scaled = (ratio: number | readonly number[]) => {
    const ratios = forEach(ratio, "output_ratio");
    return size.map((length, d) => Math.trunc(length * ratios[d]));
  };
  const wanted = outputSize === null ? scaled(outputRatio as number) : forEach(outputSize, "output_size");
  const kernel = forEach(kernelSize, "kernel_size");
  const [channels] = x.shape.slice(-ndim - 1);
  const samples = x.ndim === ndim + 2 ? x.shape[0] : 1;
  const drawn = _randomSamples ?? rand([samples, channels, ndim], { dtype: x.dtype });
  const empty = x.shape.findIndex((length, d) => length === 0 && d >= x.ndim - ndim - 1);
  const nothing = () =>
    `${name}(): Expected input to have non-zero size for non-batch dimensions, ` +
    `but got${formatShape(x.shape)} with dimension ${empty} being empty.`;
  check(empty < 0, nothing);
  size.forEach((length, d) => {
    const tooLarge = () =>
      `${ndim === 2 ? name : `${name}_out`}(): pool ${["time", "height", "width"][d + 3 - ndim]} ${kernel[d]} ` +
      `too large relative to input ${["time", "height", "width"][d + 3 - ndim]} ${length}`;
    const last = wanted[d] + kernel[d] - 1;
    check(ndim === 2 ? last <= length : last < length, tooLarge); // PyTorch wants one more of volumes
  });
  checkSizes([...x.shape.slice(0, -ndim), ...wanted]);
  check(Math.min(...kernel) > 0, "kernel size should be greater than zero");
  const otherLots = () =>
    `${name}: _random_samples must be ${formatShape([samples, channels, ndim])}, but got ${formatShape(drawn.shape)}`;
  const [lotsOf, ...perSample] = drawn.shape;
  check(lotsOf >= samples && sameShape(perSample, [channels, ndim]), otherLots); // PyTorch looks at the first ones
  check(isFloatingPoint(x.dtype), () => `"${name}_out_frame" not implemented for '${scalarName[x.dtype]}'`);
  const images = samples * channels;
  const lots = elementsOf(drawn);
  /** The windows along dimension d of all images. PyTorch's lots are of (width, height), but of (depth, height, width). */
  const bounds = (d: number): Int32Array => {
    const all = Array.from({ length: images }, (_, image) => {
      const lot = lots[image * ndim + (ndim === 2 ? 1 - d : d)];
      return startsOf(lot, size[d], wanted[d], kernel[d], (value) => rounded(value, x.dtype));
    });
    return Int32Array.from(all.flat().flatMap((start) => [start, start + kernel[d]]));
  };
  return largestOf(x, ndim, wanted, bounds);
}

/** Where so many windows begin: ⌊(i + lot) · distance⌋ - ⌊lot · distance⌋, the last one at the end. */
function startsOf(lot: number, size: number, count: number, kernel: number, round: (x: number) => number): number[] {
  const distance = round((size - kernel) / (count - 1));
  const before = Math.trunc(round(lot * distance));
  return Array.from({ length: count }, (_, i) =>
    i === count - 1 ? size - kernel : Math.trunc(round(round(i + lot) * distance)) - before,
  );
}

/**
 * The largest elements of windows at drawn distances. Mirrors `torch.nn.functional.fractional_max_pool2d`.
 *
 * @param x (N, C, H, W) or (C, H, W) @param kernelSize of a window
 * @throws unless an output size or an output ratio is given, or if the windows are too large
 * @example nn.functional.fractionalMaxPool2d(arange(25).view(1, 5, 5), 2, { outputSize: 3 })
 */
function fractionalMaxPool2d(x: Tensor, kernelSize: Size, options?: FractionalValuesOptions): Tensor;
function fractionalMaxPool2d(x: Tensor, kernelSize: Size, options: FractionalIndicesOptions): ValuesAndIndices;
function fractionalMaxPool2d(
  x: Tensor,
  kernelSize: Size,
  options?: FractionalValuesOptions | FractionalIndicesOptions,
) {
  const { returnIndices, ...windows } = options ?? {};
  const found = largest(x, kernelSize, windows, 2);
  return returnIndices ? found : found.values;
}

/**
 * As fractionalMaxPool2d, and where the largest elements are: int32, counted through H · W. Mirrors
 * `torch.nn.functional.fractional_max_pool2d_with_indices`.
 * @example nn.functional.fractionalMaxPool2dWithIndices(arange(25).view(1, 5, 5), 2, { outputRatio: 0.5 })
 */
function fractionalMaxPool2dWithIndices(x: Tensor, kernelSize: Size, options?: FractionalMaxPoolOptions) {
  return largest(x, kernelSize, options, 2);
}

/**
 * The same of volumes. Mirrors `torch.nn.functional.fractional_max_pool3d`.
 *
 * @param x (N, C, D, H, W) or (C, D, H, W) @param kernelSize of a window
 * @throws unless an output size or an output ratio is given, or if the windows are too large
 * @example nn.functional.fractionalMaxPool3d(zeros([1, 5, 5, 5]), 2, { outputSize: 3 }).shape
 */
function fractionalMaxPool3d(x: Tensor, kernelSize: Size, options?: FractionalValuesOptions): Tensor;
function fractionalMaxPool3d(x: Tensor, kernelSize: Size, options: FractionalIndicesOptions): ValuesAndIndices;
function fractionalMaxPool3d(
  x: Tensor,
  kernelSize: Size,
  options?: FractionalValuesOptions | FractionalIndicesOptions,
) {
  const { returnIndices, ...windows } = options ?? {};
  const found = largest(x, kernelSize, windows, 3);
  return returnIndices ? found : found.values;
}

/**
 * As fractionalMaxPool3d, and where the largest elements are: int32, counted through D · H · W. Mirrors
 * `torch.nn.functional.fractional_max_pool3d_with_indices`.
 * @example nn.functional.fractionalMaxPool3dWithIndices(zeros([1, 3, 3, 3]), 2, { outputSize: 1 }).indices
 */
function fractionalMaxPool3dWithIndices(x: Tensor, kernelSize: Size, options?: FractionalMaxPoolOptions) {
  return largest(x, kernelSize, options, 3);
}

abstract class FractionalMaxPool<Returns extends boolean>
  extends Module
  implements Required<FractionalMaxPoolLayerOptions<boolean>>
{
  /** How large a window is. */
  readonly kernelSize: Size;
  readonly outputSize: Size | null;
  readonly outputRatio: number | readonly number[] | null;
  readonly _randomSamples: Tensor | null;
  readonly returnIndices: boolean;

  constructor(kernelSize: Size, options?: FractionalMaxPoolLayerOptions<Returns>) {
    super();
    const { outputSize, outputRatio, _randomSamples, returnIndices } = readOptions<
      FractionalMaxPoolLayerOptions<boolean>
    >(options, { ...fractionalDefaults, returnIndices: false });
    const neither = () =>
      `${new.target.name} requires specifying either an output size, or a pooling ratio: outputSize or outputRatio`;
    check(outputSize !== null || outputRatio !== null, neither);
    check(outputSize === null || outputRatio === null, "only one of output_size and output_ratio may be specified");
    const outside = () => {
      const ratio = typeof outputRatio === "number" ? outputRatio : pythonTuple(outputRatio ?? []);
      return `output_ratio must be between 0 and 1 (got ${ratio})`;
    };
    check(
      [outputRatio ?? 0.5].flat().every((ratio) => ratio > 0 && ratio < 1),
      outside,
    );
    this.kernelSize = kernelSize;
    this.outputSize = outputSize;
    this.outputRatio = outputRatio;
    this._randomSamples = this.registerBuffer("_randomSamples", _randomSamples);
    this.returnIndices = returnIndices;
  }

  protected get settings(): FractionalMaxPoolOptions {
    const { outputSize, outputRatio, _randomSamples } = this;
    return { outputSize, outputRatio, _randomSamples };
  }
}

/** The largest elements of windows at drawn distances. Mirrors `torch.nn.FractionalMaxPool2d`. @example new nn.FractionalMaxPool2d(2, { outputRatio: 0.7 }).forward(zeros([1, 3, 10, 10])).shape */
export class FractionalMaxPool2d<Returns extends boolean = false> extends FractionalMaxPool<Returns> {
  override forward(x: Tensor): Pooled<Returns> {
    return pooled(fractionalMaxPool2dWithIndices(x, this.kernelSize, this.settings), this.returnIndices);
  }
}

/** The same of volumes. Mirrors `torch.nn.FractionalMaxPool3d`. @example new nn.FractionalMaxPool3d(2, { outputSize: 2 }).forward(zeros([1, 3, 5, 5, 5])).shape */
export class FractionalMaxPool3d<Returns extends boolean = false> extends FractionalMaxPool<Returns> {
  override forward(x: Tensor): Pooled<Returns> {
    return pooled(fractionalMaxPool3dWithIndices(x, this.kernelSize, this.settings), this.returnIndices);
  }
}

export default {
  fractionalMaxPool2d,
  fractionalMaxPool2dWithIndices,
  fractionalMaxPool3d,
  fractionalMaxPool3dWithIndices,
};
