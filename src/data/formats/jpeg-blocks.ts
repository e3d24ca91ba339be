/**
 * From pixels to what a JPEG file has of them: planes of brightness and of colours, the cosine transform of their blocks, and the
 * coefficients rounded to multiples. All is in whole numbers, as libjpeg computes it: the same bytes on every machine.
 */

/** One component of all pixels, as large as whole blocks of 8x8 are. */
export interface Plane {
  readonly values: Uint8Array;
  /** In blocks. */
  readonly across: number;
  readonly down: number;
}

type At = (row: number, column: number) => number;

/** The last pixels are repeated as far as the last blocks go. */
function planeOf(width: number, height: number, at: At): Plane {
  const [across, down] = [Math.ceil(width / 8), Math.ceil(height / 8)];
  const values = new Uint8Array(64 * across * down);
  for (let row = 0, out = 0; row < 8 * down; row++) {
    const inside = Math.min(row, height - 1);
    for (let column = 0; column < 8 * across; column++) values[out++] = at(inside, column);
  }
  return { values, across, down };
}

/** A picture of one byte a pixel. */
export const greyPlane = (pixels: Uint8Array, width: number, height: number): Plane =>
  planeOf(width, height, (row, column) => pixels[row * width + Math.min(column, width - 1)]);

/** @param value times 2¹⁶ */
const fixed = (value: number): number => Math.floor(value * 65536 + 0.5);

/** How much of red, green and blue is in brightness, and in how far blue and red differ from it. */
const Y = [fixed(0.299), fixed(0.587), fixed(0.114), 32768];
const CB = [-fixed(0.16874), -fixed(0.33126), fixed(0.5), 128 * 65536 + 32767];
const CR = [fixed(0.5), -fixed(0.41869), -fixed(0.08131), 128 * 65536 + 32767];

/**
 * Brightness, and the two differences of colours for 2x2 pixels each.
 * @param pixels all red ones, all green ones, all blue ones
 */
export function colourPlanes(pixels: Uint8Array, width: number, height: number): Plane[] {
  const size = width * height;
  const component =
    ([r, g, b, half]: readonly number[]): At =>
    (row, column) => {
      const i = Math.min(row, height - 1) * width + Math.min(column, width - 1);
      return (r * pixels[i] + g * pixels[size + i] + b * pixels[2 * size + i] + half) >> 16;
    };
  const halved = (whole: At): Plane =>
    planeOf(Math.ceil(width / 2), Math.ceil(height / 2), (row, column) => {
      const [top, left] = [2 * row, 2 * column];
      const sum = whole(top, left) + whole(top, left + 1) + whole(top + 1, left) + whole(top + 1, left + 1);
      return (sum + 1 + (column & 1)) >> 2; // rounded up and down in turn
    });
  return [planeOf(width, height, component(Y)), halved(component(CB)), halved(component(CR))];
}

/** Multiples of 2⁻¹³: cosines and sums of them. */
const [C0_298, C0_390, C0_541, C0_765, C0_899, C1_175] = [2446, 3196, 4433, 6270, 7373, 9633];
const [C1_501, C1_847, C1_961, C2_053, C2_562, C3_072] = [12299, 15137, 16069, 16819, 20995, 25172];

const rounded = (value: number, bits: number): number => (value + (1 << (bits - 1))) >> bits;

/**
 * The cosine transform of eight numbers, √8 times as large (Loeffler, Ligtenberg & Moschytz 1989): of rows first, with two bits more,
 * which that of columns takes away.
 */
function transform(x: Int32Array, at: number, step: number, isOfRows: boolean): void {
  const bits = isOfRows ? 11 : 15;
  const [i1, i2, i3] = [at + step, at + 2 * step, at + 3 * step];
  const [i4, i5, i6, i7] = [at + 4 * step, at + 5 * step, at + 6 * step, at + 7 * step];
  const [p, q, r, s] = [x[i3] - x[i4], x[i2] - x[i5], x[i1] - x[i6], x[at] - x[i7]];
  const [x07, x16, x25, x34] = [x[at] + x[i7], x[i1] + x[i6], x[i2] + x[i5], x[i3] + x[i4]];
  const [a, b, c, d] = [x07 + x34, x16 + x25, x16 - x25, x07 - x34];
  x[at] = isOfRows ? (a + b) << 2 : rounded(a + b, 2);
  x[i4] = isOfRows ? (a - b) << 2 : rounded(a - b, 2);
  const even = (c + d) * C0_541;
  x[i2] = rounded(even + d * C0_765, bits);
  x[i6] = rounded(even - c * C1_847, bits);
  const odd = (p + r + q + s) * C1_175;
  const [z1, z2, z3, z4] = [(p + s) * -C0_899, (q + r) * -C2_562, odd - (p + r) * C1_961, odd - (q + s) * C0_390];
  x[i7] = rounded(p * C0_298 + z1 + z3, bits);
  x[i5] = rounded(q * C2_053 + z2 + z4, bits);
  x[i3] = rounded(r * C3_072 + z2 + z3, bits);
  x[i1] = rounded(s * C1_501 + z1 + z4, bits);
}

/** Writes the coefficients of a block, row by row. They are eight times as large as the standard's. */
export function blockOf({ values, across }: Plane, row: number, column: number, out: Int32Array): void {
  for (let y = 0; y < 8; y++) {
    const begin = 8 * (across * (8 * row + y) + column);
    for (let x = 0; x < 8; x++) out[8 * y + x] = values[begin + x] - 128;
  }
  for (let y = 0; y < 8; y++) transform(out, 8 * y, 1, true);
  for (let x = 0; x < 8; x++) transform(out, x, 8, false);
}

/** How often a step fits into eight times a coefficient, rounded as libjpeg-turbo does it: a half away from 0. */
export function quantized(coefficient: number, step: number): number {
  const count = Math.floor((Math.abs(coefficient) + 4 * step) / (8 * step));
  return coefficient < 0 ? -count : count;
}
