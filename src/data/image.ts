/**
 * What "lucidgrad/image" gives: images as PNG files, and grids of images. An entry point of its own, because it reads and
 * writes files.
 */
import "../autograd/methods.ts";
import { copyInto } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { full } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import { formatShape, type Int } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { rowOf } from "./dataset.ts";
import { decodePng, encodePng, type Pixels } from "./formats/png.ts";
import { readFile } from "./formats/read-file.ts";
import { writeFileAtomically } from "./formats/write-file.ts";

/** What `readPng` may be told. */
export interface ReadPngOptions {
  /** 1 for grey (0.299 R + 0.587 G + 0.114 B), 3 for colour, 4 with opacity. Default: 3. */
  channels?: 1 | 3 | 4;
}

/**
 * A PNG file as float32 (C, H, W) in [0, 1], also one of 16 bits.
 * @throws if there is no file, or it is not a whole PNG file
 * @example
 * writePng(path, tensor([[0, 1]]));
 * console.log(readPng(path, { channels: 1 }));
 */
export function readPng(path: string, options?: ReadPngOptions): Tensor {
  const { channels } = readOptions(options, { channels: 3 });
  const { width, height, data, white } = readPixels(path);
  const image = Tensor.empty([channels, height, width], "float32");
  const out = image.storage.data;
  const size = width * height;
  for (let i = 0; i < size; i++) {
    const pixel = data.subarray(4 * i, 4 * i + 4); // red, green, blue, opacity
    if (channels === 1) out[i] = (0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2]) / white;
    else for (let c = 0; c < channels; c++) out[c * size + i] = pixel[c] / white;
  }
  return image;
}

function readPixels(path: string): Pixels {
  const file = readFile(path);
  try {
    return decodePng(file);
  } catch (error) {
    throw new Error(`${path}: expected a PNG file, but it cannot be read as one (${(error as Error).message})`);
  }
}

/**
 * Writes an image (H, W), (1, H, W), (3, H, W) or (4, H, W) in [0, 1] as a PNG file; values outside are clipped.
 * Mirrors `torchvision.utils.save_image`.
 * @example
 * writePng(path, rand([3, 8, 8])); // colours
 * console.log(readPng(path).shape);
 */
export function writePng(path: string, image: Tensor): void {
  const [channels, height, width] = image.ndim === 2 ? [1, ...image.shape] : image.shape;
  const isImage = (image.ndim === 2 || image.ndim === 3) && [1, 3, 4].includes(channels) && image.numel > 0;
  const otherShape = () =>
    `writePng expects (H, W) or (C, H, W) with 1, 3 or 4 channels, but got ${formatShape(image.shape)}`;
  check(isImage, otherShape);
  const { data } = image;
  const size = width * height;
  const pixels = new Uint8Array(4 * size).fill(255); // opaque unless there is a fourth channel
  const { fround } = Math; // PyTorch rounds at each step
  const byte = (value: number) => Math.min(Math.max(Math.floor(fround(fround(value * 255) + 0.5)), 0), 255);
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < Math.max(channels, 3); c++) pixels[4 * i + c] = byte(data[channels === 1 ? i : c * size + i]);
  }
  writeFileAtomically(path, encodePng(width, height, pixels));
}

/** How `imageGrid` lays images out. */
export interface GridOptions {
  /** Images a row. Default: 8. */
  columns?: Int;
  /** Pixels between images, and around them. Default: 2. */
  padding?: Int;
  /** Their value. Default: 0, black. */
  padValue?: number;
}

/**
 * Images (N, C, H, W) side by side as one image (C, rows · (H + padding) + padding, columns · (W + padding) + padding).
 * As `torchvision.utils.make_grid`, but a single image gets its padding too, and grey stays one channel.
 * @example imageGrid(ones([10, 1, 28, 28]), { columns: 5 }).shape
 */
export function imageGrid(images: Tensor, options?: GridOptions): Tensor {
  const { columns, padding, padValue } = readOptions(options, { columns: 8, padding: 2, padValue: 0 });
  check(images.ndim === 4, () => `imageGrid expects (N, C, H, W), but got ${formatShape(images.shape)}`);
  check(columns > 0, () => `imageGrid expects at least one column, but got ${columns}`);
  check(padding >= 0, () => `imageGrid expects a padding of 0 or more, but got ${padding}`);
  const [n, channels, height, width] = images.shape;
  const across = Math.max(1, Math.min(columns, n));
  const down = Math.ceil(n / across);
  const shape = [channels, down * (height + padding) + padding, across * (width + padding) + padding];
  const grid = full(shape, padValue, { dtype: "float32" });
  for (let i = 0; i < n; i++) {
    const top = Math.floor(i / across) * (height + padding) + padding;
    const left = (i % across) * (width + padding) + padding;
    const place = new Tensor(grid.storage, "float32", [channels, height, width], grid.strides, top * shape[2] + left);
    copyInto(place, rowOf(images, i));
  }
  return grid;
}
