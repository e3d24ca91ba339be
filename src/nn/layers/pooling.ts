/** Pooling layers: fewer places, the same channels. Formulas and shapes are in functions/pooling.ts. */
import type { Tensor } from "../../tensor/tensor.ts";
import {
  type AvgPoolOptions,
  adaptiveAvgPool2d,
  avgPool2d,
  type MaxPoolOptions,
  maxPool2d,
} from "../functions/pooling.ts";
import type { Size } from "../functions/sizes.ts";
import { Module } from "../module.ts";
import { pythonBool, pythonTuple } from "../python-text.ts";

/** The largest element of each window. Mirrors `torch.nn.MaxPool2d`. */
export class MaxPool2d extends Module {
  readonly kernelSize: Size;
  readonly #options: MaxPoolOptions;

  constructor(kernelSize: Size, options: MaxPoolOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.#options = options;
  }

  override forward(x: Tensor): Tensor {
    return maxPool2d(x, this.kernelSize, this.#options);
  }

  override extraRepr(): string {
    const { dilation = 1, ceilMode = false } = this.#options;
    return `${windows(this.kernelSize, this.#options)}, dilation=${shown(dilation)}, ceil_mode=${pythonBool(ceilMode)}`;
  }
}

/** The mean of each window. Mirrors `torch.nn.AvgPool2d`. */
export class AvgPool2d extends Module {
  readonly kernelSize: Size;
  readonly #options: AvgPoolOptions;

  constructor(kernelSize: Size, options: AvgPoolOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.#options = options;
  }

  override forward(x: Tensor): Tensor {
    return avgPool2d(x, this.kernelSize, this.#options);
  }

  override extraRepr(): string {
    return windows(this.kernelSize, this.#options);
  }
}

/** Means over as many windows as are asked for; 1 for the mean of each channel. Mirrors `torch.nn.AdaptiveAvgPool2d`. */
export class AdaptiveAvgPool2d extends Module {
  readonly outputSize: number | readonly (number | null)[];

  constructor(outputSize: number | readonly (number | null)[]) {
    super();
    this.outputSize = outputSize;
  }

  override forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize);
  }

  override extraRepr(): string {
    return `output_size=${shown(this.outputSize)}`;
  }
}

/** As Python prints it. */
const shown = (size: number | readonly (number | null)[]): string =>
  typeof size === "number" ? `${size}` : pythonTuple(size);

const windows = (kernelSize: Size, { stride = kernelSize, padding = 0 }: AvgPoolOptions | MaxPoolOptions): string =>
  `kernel_size=${shown(kernelSize)}, stride=${shown(stride)}, padding=${shown(padding)}`;
