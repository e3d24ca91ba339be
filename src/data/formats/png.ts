/** PNG files, by pngjs: the only file that imports it. https://www.w3.org/TR/png */
import { inflateSync } from "node:zlib";
import { PNG } from "pngjs";
import { check } from "../../tensor/check.ts";
import { checkPixelCount } from "./pixel-count.ts";

/** A picture row by row, four samples a pixel: red, green, blue, opacity. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array;
  /** The largest sample: white, and opaque. */
  readonly white: number;
  /** What the file says of a pixel: 1 for grey, 3 for colours, and one more with opacity. */
  readonly channels: 1 | 2 | 3 | 4;
}

interface ColourType {
  /** How many a pixel has. */
  readonly samples: 1 | 2 | 3 | 4;
  /** How many bits a sample may have. */
  readonly depths: readonly number[];
  /** Where the chunk tRNS has the transparent red, green and blue, if it has one such colour. */
  readonly transparent?: readonly number[];
}

const PALETTE: ColourType = { samples: 1, depths: [1, 2, 4, 8] };
const COLOUR_TYPES: Record<number, ColourType | undefined> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16], transparent: [0, 0, 0] }, // grey
  2: { samples: 3, depths: [8, 16], transparent: [0, 2, 4] }, // RGB
  3: PALETTE,
  4: { samples: 2, depths: [8, 16] }, // grey with opacity
  6: { samples: 4, depths: [8, 16] }, // RGB with opacity
};

/** @throws if the file is not a whole PNG file */
export function decodePng(file: Buffer): Pixels {
  const chunks = chunksOf(file);
  const header = headerOf(chunks.IHDR);
  checkPixels(header, Buffer.concat(chunks.IDAT)); // first: pngjs allocates what the header promises
  const { width, height, depth, colourType } = header;
  const { data } = PNG.sync.read(file, { skipRescale: true });
  const [places, colours] = [colourType.transparent, chunks.tRNS.at(-1)];
  if (places && colours) {
    const colour = places.map((at) => colours.readUInt16BE(at));
    restoreColour(data, colour);
  }
  const white = colourType === PALETTE ? 255 : 2 ** depth - 1;
  const paletteChannels = colours ? 4 : 3;
  return { width, height, data, white, channels: colourType === PALETTE ? paletteChannels : colourType.samples };
}

export const isPng = (file: Uint8Array): boolean => Buffer.from(file.subarray(0, 4)).toString("latin1") === "\x89PNG";

/** What is in the chunks that are looked at here. Whether all are whole, pngjs says. */
function chunksOf(file: Buffer): Record<"IHDR" | "tRNS" | "IDAT", Buffer[]> {
  const chunks = { IHDR: [] as Buffer[], tRNS: [] as Buffer[], IDAT: [] as Buffer[] };
  for (let at = 8, end: number; at + 8 <= file.length; at = end + 4) {
    end = at + 8 + file.readUInt32BE(at); // a chunk: length, type, content, checksum
    const type = file.toString("latin1", at + 4, at + 8);
    if (type in chunks) chunks[type as keyof typeof chunks].push(file.subarray(at + 8, end));
  }
  return chunks;
}

interface Header {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample. */
  readonly depth: number;
  readonly colourType: ColourType;
  readonly interlaced: boolean;
}

function headerOf([chunk, ...others]: readonly Buffer[]): Header {
  check(chunk?.length === 13 && others.length === 0, "there is not one header");
  const [width, height] = [chunk.readUInt32BE(0), chunk.readUInt32BE(4)];
  check(width > 0 && height > 0, () => `a picture cannot be ${width}x${height}`);
  const [depth, type, , , interlaced] = chunk.subarray(8);
  const colourType = COLOUR_TYPES[type];
  check(colourType?.depths.includes(depth) === true, () => `no PNG has colour type ${type} of ${depth} bits`);
  return { width, height, depth, colourType, interlaced: interlaced === 1 };
}

/** Every how many-th pixel, from which on, is in each pass of an interlaced picture: across, down. */
const ADAM7 = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];
const ONE_PASS = [{ x: 0, y: 0, dx: 1, dy: 1 }];

/** Deflate unpacks nothing to more than so many times its size. */
const LARGEST_RATIO = 1032;

/** The pixels are counted, since pngjs returns memory as it finds it where some are missing. */
function checkPixels({ width, height, depth, colourType, interlaced }: Header, packed: Buffer): void {
  let expected = 0;
  for (const { x, y, dx, dy } of interlaced ? ADAM7 : ONE_PASS) {
    const [across, down] = [Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)];
    const row = 1 + Math.ceil((across * colourType.samples * depth) / 8); // it begins with its filter type
    if (across > 0 && down > 0) expected += down * row;
  }
  const tooFew = (found: number) => `expected ${expected} bytes of pixels, but found ${found}`;
  check(expected <= LARGEST_RATIO * packed.length, () => `${tooFew(packed.length)}, packed`);
  checkPixelCount(width, height);
  const found = inflateSync(packed, { maxOutputLength: expected }).length;
  check(found === expected, () => tooFew(found));
}

/** pngjs makes pixels of the transparent colour black. */
function restoreColour(data: Buffer, colour: readonly number[]): void {
  for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 0) data.set(colour, at);
}

/** The colour type of a file with so many samples a pixel. */
const TYPE_OF = { 1: 0, 3: 2, 4: 6 } as const;

/** @param data row by row, a byte for each channel of a pixel @param level how well it is packed: 0, not at all, to 9 */
export function encodePng(
  data: Uint8Array,
  channels: 1 | 3 | 4,
  width: number,
  height: number,
  level: number,
): Uint8Array {
  const png = new PNG({ width, height });
  png.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const colorType = TYPE_OF[channels];
  return PNG.sync.write(png, {
    colorType,
    inputColorType: colorType,
    inputHasAlpha: channels === 4,
    deflateLevel: level,
  });
}
