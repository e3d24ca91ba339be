/**
 * From stored pixels to what a network reads. A transform takes a whole batch, so that it is gathered straight from bytes,
 * without an object for every sample.
 */
import { kernels } from "../tensor/kernels/index.ts";
import { Tensor } from "../tensor/tensor.ts";
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
