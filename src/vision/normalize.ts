/** Pictures with a mean and a spread, and of another dtype. */
import type { Transform } from "../data/transform.ts";
import type { DType } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { convertImageDtype } from "./functional/dtype.ts";
import { type ChannelValues, checkStd, type NormalizeOptions, normalize } from "./functional/normalize.ts";

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
