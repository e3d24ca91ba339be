/**
 * Pooling of sequences (N, C, L) or (C, L): as images of one row, so that all is as in pooling.ts. And poolings made of these: the
 * largest of so many windows as are asked for, and the p-norm of windows. Read next: response-norm.ts.
 */
import { abs, mul, pow, relu, sign } from "../autograd/ops/elementwise.ts";
import { narrow, stack } from "../autograd/ops/parts.ts";
import { max, type ValuesAndIndices } from "../autograd/ops/reduction.ts";
import { reshape, squeeze, unsqueeze } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonBool, pythonTuple } from "../tensor/python-text.ts";
import { checkSizes, formatShape, type Int } from "../tensor/shape.ts";
import { elementsOf, Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import pooling, {
  type AvgPoolOptions,
  type MaxPoolIndicesOptions,
  type MaxPoolOptions,
  type MaxPoolValuesOptions,
  type WithIndices,
  type WithoutIndices,
} from "./pooling.ts";
import { type Size, sizeOfEach } from "./sizes.ts";

/** Options of average pooling of sequences. */
export interface AvgPool1dOptions extends Omit<AvgPoolOptions, "divisorOverride"> {}

/** A size of sequences, as one of images of one row. */
const ofRow = (size: Size, name: string, beside: number): [number, number] => [beside, sizeOfEach(size, 1, name)[0]];

/** What `run` makes of x as an image of one row. */
function asRow(x: Tensor, name: string, run: (image: Tensor) => Tensor): Tensor {
  const otherRank = () =>
    name === "max_pool1d"
      ? `max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, but got:${formatShape(x.shape)}`
      : `Expected 2 to 3 dimensions, but got ${x.ndim}-dimensional tensor for argument #1 'self' (while checking arguments for ${name})`;
  check(x.ndim === 2 || x.ndim === 3, otherRank);
  return squeeze(run(unsqueeze(x, -2)), -2);
}

/** Options for images of one row. */
function maxOfRow(kernelSize: Size, options?: MaxPoolOptions): Required<MaxPoolOptions> {
  const defaults = { stride: kernelSize, padding: 0, dilation: 1, ceilMode: false };
  const { stride, padding, dilation, ceilMode } = readOptions(options, defaults);
  return {
    stride: ofRow(stride, "stride", 1),
    padding: ofRow(padding, "padding", 0),
    dilation: ofRow(dilation, "dilation", 1),
    ceilMode,
  };
}

/**
 * The largest element of each window. Mirrors `torch.nn.functional.max_pool1d`.
 * @param x (N, C, L) or (C, L)
 * @example nn.functional.maxPool1d(arange(6).view(1, 6), 2)
 */
function maxPool1d(x: Tensor, kernelSize: Size, options?: MaxPoolValuesOptions): Tensor;
function maxPool1d(x: Tensor, kernelSize: Size, options: MaxPoolIndicesOptions): ValuesAndIndices;
function maxPool1d(x: Tensor, kernelSize: Size, options?: MaxPoolValuesOptions | MaxPoolIndicesOptions) {
  const { returnIndices, ...windows } = options ?? {};
  if (returnIndices) return maxPool1dWithIndices(x, kernelSize, windows);
  const kernel = ofRow(kernelSize, "kernel_size", 1);
  return asRow(x, "max_pool1d", (row) => pooling.maxPool2d(row, kernel, maxOfRow(kernelSize, windows)));
}

/**
 * As maxPool1d, and where the largest elements are: int32, counted through L. Mirrors `max_pool1d` with `return_indices`.
 * @example nn.functional.maxPool1dWithIndices(arange(6).view(1, 6), 2)
 */
function maxPool1dWithIndices(x: Tensor, kernelSize: Size, options?: MaxPoolOptions) {
  const kernel = ofRow(kernelSize, "kernel_size", 1);
  const settings = maxOfRow(kernelSize, options);
  const found = pooling.maxPool2dWithIndices(unsqueeze(x, -2), kernel, settings);
  return { values: squeeze(found.values, -2), indices: squeeze(found.indices, -2) };
}

/**
 * The mean of each window. Mirrors `torch.nn.functional.avg_pool1d`.
 * @param x (N, C, L) or (C, L)
 * @example nn.functional.avgPool1d(arange(6).view(1, 6), 2)
 */
function avgPool1d(x: Tensor, kernelSize: Size, options?: AvgPool1dOptions): Tensor {
  const kernel = ofRow(kernelSize, "kernel_size", 1);
  const defaults = { stride: kernelSize, padding: 0, ceilMode: false, countIncludePad: true };
  const { stride, padding, ceilMode, countIncludePad } = readOptions(options, defaults);
  const sizes = { stride: ofRow(stride, "stride", 1), padding: ofRow(padding, "padding", 0) };
  return asRow(x, "avg_pool1d", (row) => pooling.avgPool2d(row, kernel, { ...sizes, ceilMode, countIncludePad }));
}

/**
 * The means of so many windows as are asked for. Mirrors `torch.nn.functional.adaptive_avg_pool1d`.
 * @param x (N, C, L) or (C, L)
 * @example nn.functional.adaptiveAvgPool1d(arange(6).view(1, 6), 2)
 */
function adaptiveAvgPool1d(x: Tensor, outputSize: Length): Tensor {
  const count = oneOf(outputSize, "adaptive_avg_pool1d");
  return asRow(x, "adaptive_avg_pool1d", (row) => pooling.adaptiveAvgPool2d(row, [1, count]));
}

/** How many windows, also as a list of one. */
type Length = Int | readonly Int[];

function oneOf(outputSize: Length, name: string): Int {
  const sizes = [outputSize].flat();
  check(sizes.length === 1, () => `${name}() argument 'output_size' should contain one int (got ${sizes.length})`);
  return sizes[0];
}

type OutputSize = Int | readonly (Int | null)[];
/** Where window i of `count` begins and ends, of `size` elements. */
const windowOf = (i: number, count: number, size: number): [start: number, end: number] => [
  Math.floor((i * size) / count),
  Math.ceil(((i + 1) * size) / count),
];

/**
 * The largest elements of so many windows as are asked for; the gradient of each goes to the first of them. Mirrors
 * `torch.nn.functional.adaptive_max_pool2d`.
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
  const isImage = x.ndim === 3 || x.ndim === 4;
  check(isImage, () => `adaptive_max_pool2d(): Expected 3D or 4D tensor, but got: ${formatShape(x.shape)}`);
  const outer = x.shape.slice(0, -2);
  const [h, w] = x.shape.slice(-2);
  const empty = () =>
    `adaptive_max_pool2d(): Expected input to have non-zero size for non-batch dimensions, but input has sizes ${formatShape(x.shape)}`;
  check(h * w * (outer.at(-1) as number) > 0, empty);
  const wanted = typeof outputSize === "number" ? [outputSize, outputSize] : outputSize;
  check(wanted.length === 2, "adaptive_max_pool2d(): internal error: output_size.size() must be 2");
  const [oh, ow] = [wanted[0] ?? h, wanted[1] ?? w];
  const shape = [...outer, oh, ow];
  checkSizes(shape);
  Tensor.empty(shape, "int32").storage.release(); // what no memory holds is refused before the work
  if (oh * ow === 0) return { values: Tensor.zeros(shape, x.dtype), indices: Tensor.zeros(shape, "int32") };
  const [values, indices]: [Tensor[], Tensor[]] = [[], []];
  for (let i = 0; i < oh; i++) {
    const [top, bottom] = windowOf(i, oh, h);
    for (let j = 0; j < ow; j++) {
      const [left, right] = windowOf(j, ow, w);
      const [height, width] = [bottom - top, right - left];
      const part = narrow(narrow(x, -2, top, height), -1, left, width);
      const found = max(reshape(part, [...outer, height * width]), -1);
      values.push(found.values);
      const places = Tensor.empty(found.indices.shape, "int32");
      for (const [k, place] of elementsOf(found.indices).entries()) {
        places.storage.data[k] = (top + Math.floor(place / width)) * w + left + (place % width);
      }
      indices.push(places);
    }
  }
  return { values: reshape(stack(values, -1), shape), indices: reshape(stack(indices, -1), shape) };
}

/**
 * The largest elements of so many windows as are asked for. Mirrors `torch.nn.functional.adaptive_max_pool1d`.
 * @param x (N, C, L) or (C, L)
 * @example nn.functional.adaptiveMaxPool1d(arange(6).view(1, 6), 2)
 */
function adaptiveMaxPool1d(x: Tensor, outputSize: Length, options?: WithoutIndices): Tensor;
function adaptiveMaxPool1d(x: Tensor, outputSize: Length, options: WithIndices): ValuesAndIndices;
function adaptiveMaxPool1d(x: Tensor, outputSize: Length, options?: WithoutIndices | WithIndices) {
  const count = oneOf(outputSize, "adaptive_max_pool1d");
  const values = asRow(x, "adaptive_max_pool1d", (row) => adaptiveMaxPool2d(row, [1, count]));
  if (!options?.returnIndices) return values;
  return { values, indices: squeeze(adaptiveMaxPool2dWithIndices(unsqueeze(x, -2), [1, count]).indices, -2) };
}

/** Options of the p-norm of windows. */
export interface LPPoolOptions {
  /** How far the window moves from one output to the next, or null for its own size. Default: null. */
  stride?: Size | null;
  /** Whether a last window may end outside. Default: false. */
  ceilMode?: boolean;
}
const lpDefaults: Required<LPPoolOptions> = { stride: null, ceilMode: false };

/** (Σ xᵖ)^(1/p) of means of xᵖ over so many elements. */
const rootOf = (means: Tensor, p: number, count: number): Tensor =>
  pow(mul(mul(sign(means), relu(abs(means))), count), 1 / p);

/**
 * (Σ xᵖ)^(1/p) of each window. Mirrors `torch.nn.functional.lp_pool1d`.
 * @param x (N, C, L) or (C, L) @param normType p
 * @example nn.functional.lpPool1d(tensor([[3, 4, 6, 8]]), 2, 2)
 */
function lpPool1d(x: Tensor, normType: number, kernelSize: Int, options?: LPPoolOptions): Tensor {
  const { stride, ceilMode } = readOptions(options, lpDefaults);
  const means = avgPool1d(pow(x, normType), kernelSize, { stride: stride ?? kernelSize, ceilMode });
  return rootOf(means, normType, kernelSize);
}

/**
 * (Σ xᵖ)^(1/p) of each window. Mirrors `torch.nn.functional.lp_pool2d`.
 * @param x (N, C, H, W) or (C, H, W) @param normType p
 * @example nn.functional.lpPool2d(tensor([[[3, 4], [6, 8]]]), 2, [1, 2])
 */
function lpPool2d(x: Tensor, normType: number, kernelSize: Size, options?: LPPoolOptions): Tensor {
  const { stride, ceilMode } = readOptions(options, lpDefaults);
  const means = pooling.avgPool2d(pow(x, normType), kernelSize, { stride: stride ?? kernelSize, ceilMode });
  const [rows, columns] = sizeOfEach(kernelSize, 2, "kernel_size");
  return rootOf(means, normType, rows * columns);
}

/** The size of a sequence, as Python prints it. */
const text = (size: Size): string => pythonTuple(sizeOfEach(size, 1, "size"));
const plainText = (size: Size): string => (typeof size === "number" ? `${size}` : pythonTuple(size));

/** The largest element of each window of (N, C, L) or (C, L). Mirrors `torch.nn.MaxPool1d`. @example new nn.MaxPool1d(2).forward(arange(6).view(1, 6)) */
export class MaxPool1d extends Module {
  /** How large a window is. */
  readonly kernelSize: Size;
  protected readonly settings: Required<MaxPoolOptions>;

  constructor(kernelSize: Size, options?: MaxPoolOptions) {
    super();
    this.kernelSize = kernelSize;
    this.settings = readOptions(options, { stride: kernelSize, padding: 0, dilation: 1, ceilMode: false });
  }

  override forward(x: Tensor): Tensor {
    return maxPool1d(x, this.kernelSize, this.settings);
  }

  override extraRepr(): string {
    const { stride, padding, dilation, ceilMode } = this.settings;
    const sizes = `kernel_size=${plainText(this.kernelSize)}, stride=${plainText(stride)}, padding=${plainText(padding)}`;
    return `${sizes}, dilation=${plainText(dilation)}, ceil_mode=${pythonBool(ceilMode)}`;
  }
}

/** The mean of each window of (N, C, L) or (C, L). Mirrors `torch.nn.AvgPool1d`. @example new nn.AvgPool1d(2).forward(arange(6).view(1, 6)) */
export class AvgPool1d extends Module {
  /** How large a window is. */
  readonly kernelSize: Size;
  protected readonly settings: Required<AvgPool1dOptions>;

  constructor(kernelSize: Size, options?: AvgPool1dOptions) {
    super();
    this.kernelSize = kernelSize;
    this.settings = readOptions(options, { stride: kernelSize, padding: 0, ceilMode: false, countIncludePad: true });
  }

  override forward(x: Tensor): Tensor {
    return avgPool1d(x, this.kernelSize, this.settings);
  }

  override extraRepr(): string {
    const { stride, padding } = this.settings;
    return `kernel_size=${text(this.kernelSize)}, stride=${text(stride)}, padding=${text(padding)}`;
  }
}

/** So many windows as are asked for. */
abstract class Adaptive<OutputSize> extends Module {
  /** How many windows there are; null for as many as x has places. */
  readonly outputSize: OutputSize;

  constructor(outputSize: OutputSize) {
    super();
    this.outputSize = outputSize;
  }

  override extraRepr(): string {
    const size = this.outputSize;
    return `output_size=${Array.isArray(size) ? pythonTuple(size) : size}`;
  }
}

/** The means of so many windows. Mirrors `torch.nn.AdaptiveAvgPool1d`. @example new nn.AdaptiveAvgPool1d(2).forward(arange(6).view(1, 6)) */
export class AdaptiveAvgPool1d extends Adaptive<Int> {
  override forward(x: Tensor): Tensor {
    return adaptiveAvgPool1d(x, this.outputSize);
  }
}

/** The largest elements of so many windows. Mirrors `torch.nn.AdaptiveMaxPool1d`. @example new nn.AdaptiveMaxPool1d(2).forward(arange(6).view(1, 6)) */
export class AdaptiveMaxPool1d extends Adaptive<Int> {
  override forward(x: Tensor): Tensor {
    return adaptiveMaxPool1d(x, this.outputSize);
  }
}

/** The largest elements of so many windows of an image. Mirrors `torch.nn.AdaptiveMaxPool2d`. @example new nn.AdaptiveMaxPool2d(2).forward(arange(16).view(1, 4, 4)) */
export class AdaptiveMaxPool2d extends Adaptive<Int | readonly (Int | null)[]> {
  override forward(x: Tensor): Tensor {
    return adaptiveMaxPool2d(x, this.outputSize);
  }
}

abstract class LPPool<Kernel extends Size> extends Module {
  /** p */
  readonly normType: number;
  /** How large a window is. */
  readonly kernelSize: Kernel;
  protected readonly settings: Required<LPPoolOptions>;

  constructor(normType: number, kernelSize: Kernel, options?: LPPoolOptions) {
    super();
    this.normType = normType;
    this.kernelSize = kernelSize;
    this.settings = readOptions(options, lpDefaults);
  }

  override extraRepr(): string {
    const { stride, ceilMode } = this.settings;
    const steps = stride === null ? "None" : plainText(stride);
    return `norm_type=${this.normType}, kernel_size=${plainText(this.kernelSize)}, stride=${steps}, ceil_mode=${pythonBool(ceilMode)}`;
  }
}

/** The p-norm of each window of a sequence. Mirrors `torch.nn.LPPool1d`. @example new nn.LPPool1d(2, 2).forward(tensor([[3, 4]])) */
export class LPPool1d extends LPPool<Int> {
  override forward(x: Tensor): Tensor {
    return lpPool1d(x, this.normType, this.kernelSize, this.settings);
  }
}

/** The p-norm of each window of an image. Mirrors `torch.nn.LPPool2d`. @example new nn.LPPool2d(2, [1, 2]).forward(tensor([[[3, 4]]])) */
export class LPPool2d extends LPPool<Size> {
  override forward(x: Tensor): Tensor {
    return lpPool2d(x, this.normType, this.kernelSize, this.settings);
  }
}

export default {
  maxPool1d,
  maxPool1dWithIndices,
  avgPool1d,
  adaptiveAvgPool1d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool2dWithIndices,
  lpPool1d,
  lpPool2d,
};
