/**
 * What "lucidgrad/image" gives: pictures as PNG and JPEG files, and grids of pictures. An entry point of its own, because it reads and
 * writes files. This file names things and defines none.
 */
import "../autograd/methods.ts";

export { type GridOptions, imageGrid, type MakeGridOptions, makeGrid } from "./image-grid.ts";
export { decodeImage, ImageReadMode, type ReadPngOptions, readImage, readPng } from "./read-image.ts";
export {
  encodeJpeg,
  encodePng,
  type SaveImageOptions,
  saveImage,
  type WriteJpegOptions,
  type WritePngOptions,
  writeJpeg,
  writePng,
} from "./write-image.ts";
