/**
 * From stored pixels to what a network reads. A transform takes a whole batch, so that it is gathered straight from bytes,
 * without an object for every sample.
 */

import type { DType } from "../../tensor/dtype.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import { readOptions } from "../../tensor/options.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { convertImageDtype } from "./functional/dtype.ts";
import { type ChannelValues, checkStd, type NormalizeOptions, normalize } from "./functional/normalize.ts";
import type { Transform } from "./transform.ts";

/** Grey images as stored: one byte a pixel, 0 to 255. */
export interface ImageBatch {
  /** N·H·W of them. */
  readonly bytes: Uint8Array;
  /** [N, H, W] */
  readonly shape: readonly [n: number, height: number, width: number];
}

/**
 * Bytes (N, H, W) to float32 (N, 1, H, W) in [0, 1]. Mirrors `torchvision.transforms.ToTensor`.
 * @example new transforms.ToTensor().apply({ bytes: Uint8Array.of(0, 51, 255), shape: [1, 1, 3] })
 */
export class ToTensor implements Transform<ImageBatch, Tensor> {
  apply({ bytes, shape: [n, height, width] }: ImageBatch): Tensor {
    const pixels = Tensor.empty([n, 1, height, width], "float32");
    kernels.divideBytes(pixels.storage.operand, bytes, 255);
    return pixels;
  }

  toString(): string {
    return "ToTensor()";
  }
}

/**
 * y = (x - mean[c]) / std[c] for each channel of x (…, C, H, W). Mirrors `torchvision.transforms.Normalize`.
 * @throws if a standard deviation is 0
 * @example new transforms.Normalize(0.5, 0.25).apply(tensor([[[[0, 0.5, 1]]]]))
 */
export class Normalize implements Transform<Tensor, Tensor> {
  /** Of each channel, or one for all. */
  readonly mean: readonly number[];
  /** Of each channel, or one for all. */
  readonly std: readonly number[];
  /** Whether what is normalized is changed itself. */
  readonly inplace: boolean;

  constructor(mean: ChannelValues, std: ChannelValues, options?: NormalizeOptions) {
    checkStd(std);
    this.mean = [mean].flat();
    this.std = [std].flat();
    this.inplace = readOptions(options, { inplace: false }).inplace;
  }

  /**
   * y for a batch x.
   * @throws unless x has as many channels as there are means, or there is one mean for all
   */
  apply(x: Tensor): Tensor {
    return normalize(x, this.mean, this.std, { inplace: this.inplace });
  }

  toString(): string {
    const [mean, std] = [this.mean, this.std].map((values) =>
      values.length === 1 ? values[0] : `[${values.join(", ")}]`,
    );
    return `Normalize(mean=${mean}, std=${std})`;
  }
}

/**
 * A picture in another dtype: bytes in [0, 255], which are int32 here, fractions in [0, 1].
 * Mirrors `torchvision.transforms.ConvertImageDtype`.
 * @example new transforms.ConvertImageDtype("int32").apply(tensor([[[0, 0.5, 1]]]))
 */
export class ConvertImageDtype implements Transform<Tensor, Tensor> {
  /** What it becomes. */
  readonly dtype: DType;

  constructor(dtype: DType) {
    this.dtype = dtype;
  }

  apply(x: Tensor): Tensor {
    return convertImageDtype(x, this.dtype);
  }

  toString(): string {
    return "ConvertImageDtype()";
  }
}
