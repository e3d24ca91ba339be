/**
 * Writing JPEG files as libjpeg does by default, byte for byte: sequential, colours halved in both directions, with the codes that
 * the standard proposes. Read next: jpeg-blocks.ts, what is written, and jpeg-tables.ts.
 */
import { blockOf, colourPlanes, greyPlane, type Plane, quantized } from "./jpeg-blocks.ts";
import { CODES, type Codes, QUANTIZATION, ZIGZAG } from "./jpeg-tables.ts";

/** @param pixels channel by channel, of which there are 1 or 3 @param quality from 1 to 100 */
export function encodeJpeg(
  pixels: Uint8Array,
  channels: 1 | 3,
  width: number,
  height: number,
  quality: number,
): Buffer {
  const planes = channels === 1 ? [greyPlane(pixels, width, height)] : colourPlanes(pixels, width, height);
  const kinds = planes.length === 1 ? [0] : [0, 1]; // brightness, colours
  const tables = kinds.map((kind) => stepsOf(QUANTIZATION[kind], quality));
  // Of a picture in colour, a unit is 2x2 blocks of brightness and one of each colour.
  const components = planes.map((plane, i) => ({ plane, kind: i ? 1 : 0, factor: channels === 3 && i === 0 ? 2 : 1 }));
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  return Buffer.concat([
    Uint8Array.of(0xff, 0xd8),
    segment(0xe0, [...Buffer.from("JFIF\0"), 1, 1, 0, 0, 1, 0, 1, 0, 0]), // version 1.1, square pixels, no thumbnail
    ...tables.map((steps, kind) => segment(0xdb, [kind, ...steps])),
    segment(0xc0, [8, ...size, planes.length, ...components.flatMap((c, i) => [i + 1, 0x11 * c.factor, c.kind])]),
    ...kinds.flatMap((kind) => [
      segment(0xc4, [kind, ...CODES[kind].dc.table]),
      segment(0xc4, [0x10 + kind, ...CODES[kind].ac.table]),
    ]),
    segment(0xda, [planes.length, ...components.flatMap((c, i) => [i + 1, 0x11 * c.kind]), 0, 63, 0]),
    scanOf(components, tables),
    Uint8Array.of(0xff, 0xd9),
  ]);
}

/** A marker, and what belongs to it with its length. */
const segment = (marker: number, content: readonly number[]): Uint8Array =>
  Uint8Array.of(0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255, ...content);

/** The steps of coefficients at a quality, in the order of files. */
function stepsOf(steps: Uint8Array, quality: number): Uint8Array {
  const percent = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  return steps.map((step) => Math.min(Math.max(Math.floor((step * percent + 50) / 100), 1), 255));
}

interface Component {
  readonly plane: Plane;
  readonly kind: number;
  /** How many blocks of it a unit has in each direction. */
  readonly factor: number;
}

function scanOf(components: readonly Component[], tables: readonly Uint8Array[]): Uint8Array {
  const [{ plane, factor }] = components;
  const [across, down] = [Math.ceil(plane.across / factor), Math.ceil(plane.down / factor)];
  const writers = components.map((component) => new BlockWriter(component, tables[component.kind]));
  const out = new BitWriter();
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) for (const writer of writers) writer.write(out, row, column);
  }
  return out.finished();
}

/** Writes the blocks of a component, in the order of units. */
class BlockWriter {
  readonly #component: Component;
  readonly #steps: Uint8Array;
  readonly #block = new Int32Array(64);
  /** The constant part of the block before. */
  #before = 0;

  constructor(component: Component, steps: Uint8Array) {
    this.#component = component;
    this.#steps = steps;
  }

  /** The blocks of a unit. */
  write(out: BitWriter, unitRow: number, unitColumn: number): void {
    const { plane, factor } = this.#component;
    for (let y = 0; y < factor; y++) {
      for (let x = 0; x < factor; x++) {
        const [row, column] = [factor * unitRow + y, factor * unitColumn + x];
        const isThere = row < plane.down && column < plane.across;
        if (isThere) blockOf(plane, row, column, this.#block);
        this.#writeBlock(out, isThere);
      }
    }
  }

  /** One beyond the last has the constant part of the block before, and no changes. */
  #writeBlock(out: BitWriter, isThere: boolean): void {
    const { dc, ac } = CODES[this.#component.kind];
    const constant = isThere ? quantized(this.#block[0], this.#steps[0]) : this.#before;
    writeNumber(out, dc, 0, constant - this.#before);
    this.#before = constant;
    let zeros = 0;
    for (let k = 1; k < 64 && isThere; k++) {
      const value = quantized(this.#block[ZIGZAG[k]], this.#steps[k]);
      if (value === 0) {
        zeros++;
        continue;
      }
      for (; zeros > 15; zeros -= 16) out.write(ac.bits[0xf0], ac.lengths[0xf0]); // sixteen zeros
      writeNumber(out, ac, zeros, value);
      zeros = 0;
    }
    if (zeros > 0 || !isThere) out.write(ac.bits[0], ac.lengths[0]); // only zeros follow
  }
}

/** A number after so many zeros: the code of both counts, of zeros and of bits, and the bits; of one below 0, those of one less. */
function writeNumber(out: BitWriter, codes: Codes, zeros: number, value: number): void {
  const length = 32 - Math.clz32(Math.abs(value));
  const symbol = 16 * zeros + length;
  out.write(codes.bits[symbol], codes.lengths[symbol]);
  if (length > 0) out.write((value < 0 ? value - 1 : value) & ((1 << length) - 1), length);
}

/** Bits as bytes, the highest first; a byte 0xff is followed by 0, so that it is no marker. */
class BitWriter {
  #bytes = new Uint8Array(2 ** 12);
  #length = 0;
  #bits = 0;
  #count = 0;

  /** @param count of the bits, 16 at most */
  write(bits: number, count: number): void {
    this.#bits = (this.#bits << count) | bits;
    this.#count += count;
    while (this.#count >= 8) {
      this.#count -= 8;
      this.#push((this.#bits >> this.#count) & 255);
    }
    this.#bits &= (1 << this.#count) - 1;
  }

  #push(byte: number): void {
    if (this.#length + 2 > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#bytes.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
    if (byte === 0xff) this.#bytes[this.#length++] = 0;
  }

  /** All bytes, the last one filled up with ones. */
  finished(): Uint8Array {
    if (this.#count > 0) this.write(127, 7);
    return this.#bytes.subarray(0, this.#length);
  }
}
