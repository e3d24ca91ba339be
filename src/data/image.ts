/**
 * Images as PNG files, and grids of images. An entry point of its own, "lucidgrad/image": the only file that imports a
 * package.
 */
import { existsSync, readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { PNG } from "pngjs";
import { formatShape, numelOf } from "../tensor/shape.ts";
import { Storage, Tensor } from "../tensor/tensor.ts";
import { writeFileAtomically } from "./write-file.ts";

/**
 * A PNG file as float32 (C, H, W) in [0, 1].
 * @param options channels: 1 for grey (0.299 R + 0.587 G + 0.114 B), 3 for colour, 4 with opacity. Default: 3.
 * @throws if there is no file, or it is not a whole PNG file
 */
export function readPng(path: string, { channels = 3 }: { channels?: 1 | 3 | 4 } = {}): Tensor {
  if (!existsSync(path)) throw new Error(`${path}: there is no such file`);
  const { width, height, data } = decode(path);
  const image = Tensor.empty([channels, height, width], "float32");
  const out = image.storage.data;
  const size = width * height;
  for (let i = 0; i < size; i++) {
    const pixel = data.subarray(4 * i, 4 * i + 4); // red, green, blue, opacity
    if (channels === 1) out[i] = (0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2]) / 255;
    else for (let c = 0; c < channels; c++) out[c * size + i] = pixel[c] / 255;
  }
  return image;
}

function decode(path: string) {
  try {
    const bytes = readFileSync(path);
    const png = PNG.sync.read(bytes);
    checkPixels(bytes, png);
    return png;
  } catch (error) {
    throw new Error(`${path}: expected a PNG file, but it cannot be read as one (${(error as Error).message})`);
  }
}

/** Where pixels are missing, pngjs returns memory as it finds it: so they are counted here, in a file that it accepted. */
function checkPixels(bytes: Buffer, { width, height }: { width: number; height: number }): void {
  const [depth, colourType, , , interlaced] = bytes.subarray(24);
  if (interlaced) return; // pngjs unpacks these in another way, and counts
  const samples = [1, 0, 3, 1, 2, 0, 4][colourType]; // a pixel: grey, RGB, palette, and with opacity
  const expected = height * (1 + Math.ceil((width * samples * depth) / 8)); // a row begins with its filter type
  const packed: Buffer[] = [];
  for (let at = 8, end: number; at < bytes.length; at = end + 4) {
    end = at + 8 + bytes.readUInt32BE(at); // a chunk: length, type, content, checksum
    if (bytes.toString("latin1", at + 4, at + 8) === "IDAT") packed.push(bytes.subarray(at + 8, end));
  }
  const found = inflateSync(Buffer.concat(packed), { maxOutputLength: expected }).length;
  if (found < expected) throw new Error(`expected ${expected} bytes of pixels, but found ${found}`);
}

/**
 * Writes an image (H, W), (1, H, W), (3, H, W) or (4, H, W) in [0, 1] as a PNG file; values outside are clipped.
 * Mirrors `torchvision.utils.save_image`.
 */
export function writePng(path: string, image: Tensor): void {
  const [channels, height, width] = image.ndim === 2 ? [1, ...image.shape] : image.shape;
  if (image.ndim < 2 || image.ndim > 3 || ![1, 3, 4].includes(channels) || image.numel === 0) {
    throw new Error(
      `writePng expects (H, W) or (C, H, W) with 1, 3 or 4 channels, but got ${formatShape(image.shape)}`,
    );
  }
  const png = new PNG({ width, height });
  const { data } = image;
  const size = width * height;
  const { fround } = Math; // PyTorch rounds at each step
  const byte = (value: number) => Math.min(Math.max(Math.floor(fround(fround(value * 255) + 0.5)), 0), 255);
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < 3; c++) png.data[4 * i + c] = byte(data[channels === 1 ? i : c * size + i]);
    png.data[4 * i + 3] = channels === 4 ? byte(data[3 * size + i]) : 255;
  }
  writeFileAtomically(path, PNG.sync.write(png));
}

export interface GridOptions {
  /** Images a row. Default: 8. */
  columns?: number;
  /** Pixels between images, and around them. Default: 2. */
  padding?: number;
  /** Their value. Default: 0, black. */
  padValue?: number;
}

/**
 * Images (N, C, H, W) side by side as one image (C, rows · (H + padding) + padding, columns · (W + padding) + padding).
 * As `torchvision.utils.make_grid`, but a single image gets its padding too, and grey stays one channel.
 */
export function imageGrid(images: Tensor, { columns = 8, padding = 2, padValue = 0 }: GridOptions = {}): Tensor {
  if (images.ndim !== 4) throw new Error(`imageGrid expects (N, C, H, W), but got ${formatShape(images.shape)}`);
  const [n, channels, height, width] = images.shape;
  const across = Math.max(1, Math.min(columns, n));
  const down = Math.ceil(n / across);
  const shape = [channels, down * (height + padding) + padding, across * (width + padding) + padding];
  const grid = new Tensor(new Storage(new Float32Array(numelOf(shape)).fill(padValue)), "float32", shape);
  const { data } = images;
  const out = grid.storage.data as Float32Array;
  for (let row = 0; row < n * channels * height; row++) {
    const y = row % height;
    const c = Math.floor(row / height) % channels;
    const i = Math.floor(row / (height * channels));
    const top = Math.floor(i / across) * (height + padding) + padding;
    const left = (i % across) * (width + padding) + padding;
    out.set(data.subarray(row * width, (row + 1) * width), (c * shape[1] + top + y) * shape[2] + left);
  }
  return grid;
}
