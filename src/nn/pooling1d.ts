/**
 * Pooling of sequences (N, C, L) or (C, L): as images of one row, so that all is as in pooling.ts. And a pooling made of
 * these: the p-norm of windows. Read next: response-norm.ts.
 */
import { abs, mul, pow, relu, sign } from "../autograd/ops/elementwise.ts";
import type { ValuesAndIndices } from "../autograd/ops/reduction.ts";
import { squeeze, unsqueeze } from "../autograd/ops/shape.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonBool, pythonSize, pythonTuple } from "../tensor/python-text.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import pooling, {
  type AvgPoolOptions,
  type MaxPoolIndicesOptions,
  type MaxPoolLayerOptions,
  type MaxPoolOptions,
  type MaxPoolValuesOptions,
} from "./pooling.ts";
import { asRow } from "./pooling-row.ts";
import type { Pooled } from "./pooling-windows.ts";
import { type Size, sizeOfEach } from "./sizes.ts";

/** Options of average pooling of sequences. */
export interface AvgPool1dOptions extends Omit<AvgPoolOptions, "divisorOverride"> {}

/** A size of sequences, as one of images of one row. */
const ofRow = (size: Size, name: string, beside: number): [number, number] => [beside, sizeOfEach(size, 1, name)[0]];

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
function maxPool1dWithIndices(x: Tensor, kernelSize: Size, options?: MaxPoolOptions): ValuesAndIndices {
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

/** The largest element of each window of (N, C, L) or (C, L). Mirrors `torch.nn.MaxPool1d`. @example new nn.MaxPool1d(2).forward(arange(6).view(1, 6)) */
export class MaxPool1d<Returns extends boolean = false> extends Module {
  /** How large a window is. */
  readonly kernelSize: Size;
  protected readonly settings: Required<MaxPoolLayerOptions<boolean>>;

  constructor(kernelSize: Size, options?: MaxPoolLayerOptions<Returns>) {
    super();
    this.kernelSize = kernelSize;
    const defaults = { stride: kernelSize, padding: 0, dilation: 1, ceilMode: false, returnIndices: false };
    this.settings = readOptions<MaxPoolLayerOptions<boolean>>(options, defaults);
  }

  override forward(x: Tensor): Pooled<Returns> {
    return maxPool1d(x, this.kernelSize, this.settings as MaxPoolIndicesOptions) as Pooled<Returns>;
  }

  override extraRepr(): string {
    const { stride, padding, dilation, ceilMode } = this.settings;
    const sizes = `kernel_size=${pythonSize(this.kernelSize)}, stride=${pythonSize(stride)}, padding=${pythonSize(padding)}`;
    return `${sizes}, dilation=${pythonSize(dilation)}, ceil_mode=${pythonBool(ceilMode)}`;
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
    const steps = stride === null ? "None" : pythonSize(stride);
    return `norm_type=${this.normType}, kernel_size=${pythonSize(this.kernelSize)}, stride=${steps}, ceil_mode=${pythonBool(ceilMode)}`;
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
  lpPool1d,
  lpPool2d,
};
