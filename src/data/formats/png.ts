/** PNG files, by pngjs: the only file that imports a package. */
import { inflateSync } from "node:zlib";
import { PNG } from "pngjs";
import { check } from "../../tensor/check.ts";

/** A picture row by row, four bytes a pixel: red, green, blue, opacity. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** @throws if the file is not a whole PNG file */
export function decodePng(file: Buffer): Pixels {
  const png = PNG.sync.read(file);
  checkLength(file, png);
  return png;
}

/** Where pixels are missing, pngjs returns memory as it finds it: so they are counted here, in a file that it accepted. */
function checkLength(file: Buffer, { width, height }: Pixels): void {
  const [depth, colourType, , , interlaced] = file.subarray(24);
  if (interlaced) return; // pngjs unpacks these in another way, and counts
  const samples = [1, 0, 3, 1, 2, 0, 4][colourType]; // a pixel: grey, RGB, palette, and with opacity
  const expected = height * (1 + Math.ceil((width * samples * depth) / 8)); // a row begins with its filter type
  const packed: Buffer[] = [];
  for (let at = 8, end: number; at < file.length; at = end + 4) {
    end = at + 8 + file.readUInt32BE(at); // a chunk: length, type, content, checksum
    if (file.toString("latin1", at + 4, at + 8) === "IDAT") packed.push(file.subarray(at + 8, end));
  }
  const found = inflateSync(Buffer.concat(packed), { maxOutputLength: expected }).length;
  check(found >= expected, () => `expected ${expected} bytes of pixels, but found ${found}`);
}

export function encodePng({ width, height, data }: Pixels): Uint8Array {
  const png = new PNG({ width, height });
  png.data.set(data);
  return PNG.sync.write(png);
}
