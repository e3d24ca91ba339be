/**
 * From stored pixels to what a network reads. A transform takes a whole batch, so that it is gathered straight from bytes,
 * without an object for every sample.
 */
import { check } from "../tensor/check.ts";
import { kernels } from "../tensor/kernels/index.ts";
import { formatShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { Transform } from "./transform.ts";

/** Images as stored: one byte for each channel of a pixel, 0 to 255. */
export interface ImageBatch {
  /** N·C·H·W of them. */
  readonly bytes: Uint8Array;
  /** [N, C, H, W]; grey images may be [N, H, W]. */
  readonly shape: readonly [n: number, height: number, width: number] | readonly [number, number, number, number];
}

/** (N, C, H, W) @throws unless there are so many bytes */
function sizesOf({ bytes, shape }: ImageBatch): [n: number, channels: number, height: number, width: number] {
  const [n, height, width] = [shape[0], ...shape.slice(-2)];
  const channels = shape.length === 4 ? shape[1] : 1;
  const others = () => `expected the bytes of images ${formatShape(shape)}, but got ${bytes.length} bytes`;
  check(bytes.length === n * channels * height * width, others);
  return [n, channels, height, width];
}

/**
 * Bytes (N, H, W) or (N, C, H, W) to float32 (N, C, H, W) in [0, 1]. Mirrors `torchvision.transforms.ToTensor`.
 * @example new transforms.ToTensor().apply({ bytes: Uint8Array.of(0, 51, 255), shape: [1, 1, 3] })
 */
export class ToTensor implements Transform<ImageBatch, Tensor> {
  apply(batch: ImageBatch): Tensor {
    const pixels = Tensor.empty(sizesOf(batch), "float32");
    kernels.divideBytes(pixels.storage.operand, batch.bytes, 255);
    return pixels;
  }

  toString(): string {
    return "ToTensor()";
  }
}

/**
 * Bytes (N, H, W) or (N, C, H, W) to int32 (N, C, H, W), 0 to 255: for what comes before `ConvertImageDtype`.
 * Mirrors `torchvision.transforms.PILToTensor`.
 * @example new transforms.PILToTensor().apply({ bytes: Uint8Array.of(0, 51, 255), shape: [1, 1, 3] })
 */
export class PILToTensor implements Transform<ImageBatch, Tensor> {
  apply(batch: ImageBatch): Tensor {
    const pixels = Tensor.empty(sizesOf(batch), "int32");
    pixels.storage.data.set(batch.bytes);
    return pixels;
  }

  toString(): string {
    return "PILToTensor()";
  }
}
