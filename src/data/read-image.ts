/** Reading pictures: their bytes as int32, as torchvision.io does, or fractions of them. */
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { Tensor } from "../tensor/tensor.ts";
import { shown } from "./formats/file-errors.ts";
import { decodeJpeg, isJpeg } from "./formats/jpeg.ts";
import { decodePng, isPng, type Pixels } from "./formats/png.ts";
import { readFile } from "./formats/read-file.ts";
import type { ImageBatch } from "./to-tensor.ts";

/**
 * What the channels of a picture that is read are. Mirrors `torchvision.io.ImageReadMode`.
 * @example ImageReadMode.RGB
 */
export const ImageReadMode = {
  /** Those of the file; of a palette, the colours. */
  UNCHANGED: "unchanged",
  /** One. */
  GRAY: "gray",
  /** Grey and opacity, of PNG files alone. */
  GRAY_ALPHA: "grayAlpha",
  /** Red, green and blue. */
  RGB: "rgb",
  /** Red, green, blue and opacity, of PNG files alone. */
  RGB_ALPHA: "rgbAlpha",
} as const;
export type ImageReadMode = (typeof ImageReadMode)[keyof typeof ImageReadMode];

/** How many channels there are in each mode, and what they are of red, green, blue and opacity. */
const PLACES: Readonly<Record<Exclude<ImageReadMode, "unchanged">, readonly number[]>> = {
  gray: [0],
  grayAlpha: [0, 3],
  rgb: [0, 1, 2],
  rgbAlpha: [0, 1, 2, 3],
};

const UNCHANGED = { 1: "gray", 2: "grayAlpha", 3: "rgb", 4: "rgbAlpha" } as const;

/**
 * A PNG or JPEG file as int32 (C, H, W), 0 to 255. Mirrors `torchvision.io.read_image`.
 * @throws if there is no file, it is no whole PNG file of 8 bits and no JPEG file, or it is not read in this mode
 * @example
 * writePng(path, tensor([[0, 1]]));
 * console.log(readImage(path, "rgb"));
 */
export function readImage(path: string, mode: ImageReadMode = "unchanged"): Tensor {
  return pictureOf(readPixels(path, mode));
}

/**
 * The contents of a PNG or JPEG file as int32 (C, H, W), 0 to 255. Mirrors `torchvision.io.decode_image`.
 * @throws if they are no whole PNG file of 8 bits and no JPEG file, or are not read in this mode
 * @example decodeImage(encodeJpeg(zeros([1, 2, 3], { dtype: "int32" }))).shape
 */
export function decodeImage(file: Uint8Array, mode: ImageReadMode = "unchanged"): Tensor {
  return pictureOf(pixelsOf(file, mode));
}

/** A batch of one as int32 (C, H, W). */
function pictureOf({ bytes, shape }: ImageBatch): Tensor {
  const y = Tensor.empty(shape.slice(1), "int32");
  y.storage.data.set(bytes);
  return y;
}

/** @returns a batch of one @throws if there is no file, or it is no picture that is read here */
export function readPixels(path: string, mode: ImageReadMode): ImageBatch {
  const file = readFile(path);
  try {
    return pixelsOf(file, mode);
  } catch (error) {
    throw new Error(`${shown(path)}: cannot be read as a picture (${(error as Error).message})`, { cause: error });
  }
}

function pixelsOf(file: Uint8Array, mode: ImageReadMode): ImageBatch {
  check(mode === "unchanged" || Object.hasOwn(PLACES, mode), () => `there is no mode "${mode}"`);
  if (isPng(file)) return ofPng(Buffer.from(file.buffer, file.byteOffset, file.byteLength), mode);
  check(isJpeg(file), "Unsupported image file. Only jpeg and png are currently supported.");
  check(!mode.endsWith("Alpha"), "The provided mode is not supported for JPEG files");
  const { width, height, data, channels } = decodeJpeg(file, mode === "gray");
  return planar(data, width, height, PLACES[mode === "unchanged" ? UNCHANGED[channels] : mode]);
}

function ofPng(file: Buffer, mode: ImageReadMode): ImageBatch {
  const { width, height, data, white, channels } = decodePng(file);
  check(white <= 255, "At most 8-bit PNG images are supported currently.");
  // pngjs leaves the samples of less than 8 bits as they are
  if (white < 255) for (let i = 0; i < data.length; i++) data[i] = Math.min(data[i] * (255 / white), 255);
  const wanted = mode === "unchanged" ? UNCHANGED[channels] : mode;
  if (wanted.startsWith("gray") && channels >= 3) toGrey(data);
  return planar(data, width, height, PLACES[wanted]);
}

/** By the weights that libpng has of torchvision's 0.2989 and 0.587. */
function toGrey(data: Pixels["data"]): void {
  for (let at = 0; at < data.length; at += 4) {
    data[at] = (9794 * data[at] + 19234 * data[at + 1] + 3740 * data[at + 2]) >> 15;
  }
}

/** Four samples a pixel as (1, C, H, W), of these places. */
function planar(data: ArrayLike<number>, width: number, height: number, places: readonly number[]): ImageBatch {
  const bytes = new Uint8Array(places.length * height * width);
  let out = 0;
  for (const place of places) for (let at = place; at < data.length; at += 4) bytes[out++] = data[at];
  return { bytes, shape: [1, places.length, height, width] };
}

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
  const { width, height, data, white } = readPngPixels(path);
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

function readPngPixels(path: string): Pixels {
  const file = readFile(path);
  try {
    return decodePng(file);
  } catch (error) {
    throw new Error(`${path}: expected a PNG file, but it cannot be read as one (${(error as Error).message})`);
  }
}
