/** Writing pictures. Whoever looks at a path sees the old file or the new one, never half of one. */
import { extname } from "node:path";
import { check } from "../tensor/check.ts";
import { isFloatingPoint } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { formatShape, type Int } from "../tensor/shape.ts";
import { elementsOf, type Tensor } from "../tensor/tensor.ts";
import { encodeJpeg as jpegOf } from "./formats/jpeg-write.ts";
import { encodePng as pngOf } from "./formats/png.ts";
import { writeFileAtomically } from "./formats/write-file.ts";
import { type MakeGridOptions, makeGrid, makeGridDefaults } from "./image-grid.ts";

/** A picture (H, W) or (C, H, W) as bytes, channel by channel. */
interface Bytes<Channels> {
  readonly bytes: Uint8Array;
  readonly channels: Channels;
  readonly height: number;
  readonly width: number;
}

/** @param what takes the picture, for the error */
function bytesOf<Channels extends number>(
  image: Tensor,
  permitted: readonly Channels[],
  what: string,
): Bytes<Channels> {
  const [channels, height, width] = image.ndim === 2 ? [1, ...image.shape] : image.shape;
  const isImage = (image.ndim === 2 || image.ndim === 3) && permitted.includes(channels as Channels) && image.numel > 0;
  const counts = permitted.length === 2 ? permitted.join(" or ") : "1, 3 or 4";
  const otherShape = () =>
    `${what} expects (H, W) or (C, H, W) with ${counts} channels, but got ${formatShape(image.shape)}`;
  check(isImage, otherShape);
  const { fround } = Math; // PyTorch rounds at each step
  const byte = isFloatingPoint(image.dtype)
    ? (value: number) => Math.min(Math.max(Math.floor(fround(fround(value * 255) + 0.5)), 0), 255)
    : (value: number) => Math.min(Math.max(value, 0), 255);
  const values = elementsOf(image);
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = byte(values[i]); // `Uint8Array.from` would make a list of them before
  return { bytes, channels: channels as Channels, height, width };
}

/** How a PNG file is written. */
export interface WritePngOptions {
  /** How well it is packed, which takes longer: from 0, not at all, to 9. Default: 6. */
  compressionLevel?: Int;
}

/**
 * A picture (H, W) or (C, H, W) of 1, 3 or 4 channels as the contents of a PNG file: of bytes, which are int32, or of fractions in
 * [0, 1]; values outside are clipped. Mirrors `torchvision.io.encode_png`.
 * @throws for other shapes
 * @example decodeImage(encodePng(tensor([[0, 0.5, 1]])))
 */
export function encodePng(image: Tensor, options?: WritePngOptions): Uint8Array {
  return pngBytes(image, options, "encodePng");
}

function pngBytes(image: Tensor, options: WritePngOptions | undefined, what: string): Uint8Array {
  const { compressionLevel } = readOptions(options, { compressionLevel: 6 });
  check(compressionLevel >= 0 && compressionLevel <= 9, "Compression level should be between 0 and 9");
  const { bytes, channels, height, width } = bytesOf(image, [1, 3, 4], what);
  const size = height * width;
  const pixels = new Uint8Array(bytes.length);
  let at = 0;
  for (let i = 0; i < size; i++) for (let c = 0; c < channels; c++) pixels[at++] = bytes[c * size + i];
  return pngOf(pixels, channels, width, height, compressionLevel);
}

/**
 * Writes a picture (H, W), (1, H, W), (3, H, W) or (4, H, W) as a PNG file: bytes, which are int32, or fractions in [0, 1]; values outside
 * are clipped. Mirrors `torchvision.io.write_png`.
 * @throws for other shapes, before anything is written
 * @example
 * writePng(path, rand([3, 8, 8])); // colours
 * console.log(readPng(path).shape);
 */
export function writePng(path: string, image: Tensor, options?: WritePngOptions): void {
  writeFileAtomically(path, pngBytes(image, options, "writePng"));
}

/** How a JPEG file is written. */
export interface WriteJpegOptions {
  /** From 1 to 100: the better, the larger it is. Default: 75. */
  quality?: Int;
}

/**
 * A picture (H, W) or (C, H, W) of 1 or 3 channels as the contents of a JPEG file: of bytes, which are int32, or of fractions in [0, 1];
 * values outside are clipped. They are torchvision's bytes. Mirrors `torchvision.io.encode_jpeg`.
 * @throws for other shapes and qualities
 * @example encodeJpeg(rand([3, 8, 8]), { quality: 90 }).length > 600
 */
export function encodeJpeg(image: Tensor, options?: WriteJpegOptions): Uint8Array {
  return jpegBytes(image, options, "encodeJpeg");
}

/** JPEG has 16 bits for a size. */
const LARGEST_SIZE = 65500;

function jpegBytes(image: Tensor, options: WriteJpegOptions | undefined, what: string): Uint8Array {
  const { quality } = readOptions(options, { quality: 75 });
  check(quality >= 1 && quality <= 100, "Image quality should be a positive number between 1 and 100");
  const { bytes, channels, height, width } = bytesOf(image, [1, 3], what);
  const isTooLarge = Math.max(height, width) > LARGEST_SIZE;
  check(!isTooLarge, () => `Maximum supported image dimension is ${LARGEST_SIZE} pixels`);
  return jpegOf(bytes, channels, width, height, quality);
}

/**
 * Writes a picture (H, W), (1, H, W) or (3, H, W) as a JPEG file: bytes, which are int32, or fractions in [0, 1]; values outside are
 * clipped. Mirrors `torchvision.io.write_jpeg`.
 * @throws for other shapes and qualities, before anything is written
 * @example
 * writeJpeg(path, ones([1, 8, 8]), { quality: 90 });
 * console.log(readImage(path).shape);
 */
export function writeJpeg(path: string, image: Tensor, options?: WriteJpegOptions): void {
  writeFileAtomically(path, jpegBytes(image, options, "writeJpeg"));
}

/** How `saveImage` lays pictures out and writes them. */
export interface SaveImageOptions extends MakeGridOptions {
  /** Default: null, what the path ends in says: ".png", ".jpg" or ".jpeg". */
  format?: "png" | "jpeg" | null;
}

/**
 * Writes pictures (N, C, H, W), or a list of (C, H, W), side by side as one PNG or JPEG file; or one picture (C, H, W) or (H, W).
 * Fractions are in [0, 1], and bytes int32. Mirrors `torchvision.utils.save_image`.
 * @throws before anything is written, as `makeGrid`, and if the format is not known
 * @example
 * saveImage(path, [rand([3, 8, 8]), rand([3, 8, 8])], { format: "png", padding: 1 });
 * console.log(readImage(path).shape);
 */
export function saveImage(path: string, images: Tensor | readonly Tensor[], options?: SaveImageOptions): void {
  const { format, ...layout } = readOptions(options, { ...makeGridDefaults, format: null });
  const extension = extname(path).toLowerCase();
  const written = format ?? EXTENSIONS[extension];
  check(written !== undefined, () => `unknown file extension: ${extension}`);
  const grid = makeGrid(images, layout);
  if (written === "png") writePng(path, grid);
  else writeJpeg(path, grid);
}

const EXTENSIONS: Readonly<Record<string, "png" | "jpeg" | undefined>> = {
  ".png": "png",
  ".jpg": "jpeg",
  ".jpeg": "jpeg",
};
