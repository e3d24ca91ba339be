/**
 * From stored pixels to what a network reads. A transform takes a whole batch, so that it is gathered straight from bytes,
 * without an object for every sample.
 */
import { applyBinary } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { tensor } from "../tensor/create.ts";
import { isFloatingPoint } from "../tensor/dtype.ts";
import { kernels } from "../tensor/kernels/index.ts";
import { formatShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

/** Grey images as stored: one byte a pixel, 0 to 255. */
export interface ImageBatch {
  /** N·H·W of them. */
  readonly bytes: Uint8Array;
  /** [N, H, W] */
  readonly shape: readonly [n: number, height: number, width: number];
}

/** Anything with `apply`; Compose chains them. */
export interface Transform<From, To> {
  /** What it makes of a whole batch. */
  apply(batch: From): To;
  /** As torchvision prints it. */
  toString(): string;
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
 * y = (x - mean[c]) / std[c] for each channel of x (N, C, H, W). Mirrors `torchvision.transforms.Normalize`.
 * @throws if a standard deviation is 0
 * @example new transforms.Normalize(0.5, 0.25).apply(tensor([[[[0, 0.5, 1]]]]))
 */
export class Normalize implements Transform<Tensor, Tensor> {
  /** Of each channel, or one for all. */
  readonly mean: readonly number[];
  /** Of each channel, or one for all. */
  readonly std: readonly number[];

  constructor(mean: number | readonly number[], std: number | readonly number[]) {
    this.mean = [mean].flat();
    this.std = [std].flat();
    const isZero = this.std.some((value) => Math.fround(value) === 0);
    const zero = () =>
      "std evaluated to zero after conversion to torch.float32, leading to division by zero. " +
      `It is ${formatShape(this.std)}`;
    check(!isZero, zero);
  }

  /**
   * y for a batch x.
   * @throws unless x has as many channels as there are means, or there is one mean for all
   */
  apply(x: Tensor): Tensor {
    const notImages = () => `Normalize expects floating point (N, C, H, W), but got ${x.dtype} ${formatShape(x.shape)}`;
    check(x.ndim === 4 && isFloatingPoint(x.dtype), notImages);
    const channels = x.shape[1];
    for (const values of [this.mean, this.std]) {
      const otherCount = () => `Normalize has ${values.length} values, but the images have ${channels} channels`;
      check(values.length === 1 || values.length === channels, otherCount);
    }
    // (C, 1, 1), or (1, 1, 1) for all channels
    const [mean, std] = [this.mean, this.std].map((values) =>
      tensor(
        values.map((c) => [[c]]),
        { dtype: x.dtype },
      ),
    );
    return applyBinary(kernels.div, applyBinary(kernels.sub, x, mean, "Normalize"), std, "Normalize");
  }

  toString(): string {
    const [mean, std] = [this.mean, this.std].map((values) =>
      values.length === 1 ? values[0] : `[${values.join(", ")}]`,
    );
    return `Normalize(mean=${mean}, std=${std})`;
  }
}

/**
 * One transform after another, each taking what the one before gives. Mirrors `torchvision.transforms.Compose`.
 * @example
 * const transform = new transforms.Compose([new transforms.ToTensor(), new transforms.Normalize(0.1307, 0.3081)]);
 * console.log(String(transform));
 * console.log(transform.apply({ bytes: Uint8Array.of(0, 255), shape: [1, 1, 2] }));
 */
export class Compose<From, To> implements Transform<From, To> {
  readonly #transforms: readonly Transform<never, unknown>[];

  /** Of one. */
  constructor(transforms: readonly [Transform<From, To>]);
  /** The first takes a batch, the others tensors; all but the last give tensors. */
  constructor(transforms: readonly [Transform<From, Tensor>, ...Transform<Tensor, Tensor>[], Transform<Tensor, To>]);
  constructor(transforms: readonly Transform<never, unknown>[]) {
    const areTransforms = transforms.every(({ apply }) => typeof apply === "function");
    check(areTransforms, "Compose takes transforms, which have a method `apply`", TypeError);
    this.#transforms = transforms;
  }

  apply(batch: From): To {
    return this.#transforms.reduce((x, transform) => transform.apply(x as never), batch as unknown) as To;
  }

  toString(): string {
    return `Compose(\n${this.#transforms.map((transform) => `    ${transform}\n`).join("")})`;
  }
}
