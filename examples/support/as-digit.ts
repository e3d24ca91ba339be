/** Any picture of a digit as MNIST would have it: light on dark, its ink 20 pixels large, in the middle of 28 x 28. */
import { type Tensor, zeros } from "lucidgrad";

/** A grey image, light on dark, and where its ink is. */
interface Ink {
  readonly grey: Float32Array;
  readonly width: number;
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Less than this share of the strongest ink is paper. */
const PAPER = 0.2;

/**
 * @param picture (4, H, W) in [0, 1]: red, green, blue, opacity
 * @returns (1, 28, 28), ready for a network that was trained on MNIST; null if nothing stands out from the picture's border
 */
export function asDigit(picture: Tensor): Tensor | null {
  const ink = findInk(picture);
  if (!ink) return null;
  const [height, width] = [ink.bottom - ink.top, ink.right - ink.left];
  const scale = Math.max(height, width) / 20; // picture pixels a pixel of the result
  const [rows, columns] = [Math.max(1, Math.round(height / scale)), Math.max(1, Math.round(width / scale))];
  const small = new Float32Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) small[y * columns + x] = meanOf(ink, y * scale, x * scale, scale);
  }
  return centred(small, rows, columns);
}

/** Grey over white where the picture is transparent; inverted if its border is light. */
function findInk(picture: Tensor): Ink | null {
  const [, height, width] = picture.shape;
  const n = height * width;
  const { data } = picture;
  const grey = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const luminance = 0.299 * data[i] + 0.587 * data[n + i] + 0.114 * data[2 * n + i];
    grey[i] = luminance * data[3 * n + i] + (1 - data[3 * n + i]);
  }
  let border = 0;
  let count = 0;
  for (let i = 0; i < n; i++) {
    const [y, x] = [Math.floor(i / width), i % width];
    if (y > 0 && y < height - 1 && x > 0 && x < width - 1) continue;
    border += grey[i];
    count++;
  }
  const paper = border / count;
  const contrast = grey.reduce((most, value) => Math.max(most, Math.abs(value - paper)), 0);
  if (contrast < 0.05) return null; // all of one colour
  let [top, left, bottom, right] = [height, width, 0, 0];
  for (let i = 0; i < n; i++) {
    const strength = (paper > 0.5 ? paper - grey[i] : grey[i] - paper) / contrast;
    grey[i] = strength < PAPER ? 0 : Math.min(1, strength);
    if (grey[i] === 0) continue;
    const [y, x] = [Math.floor(i / width), i % width];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
    [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
  }
  return bottom > 0 ? { grey, width, top, left, bottom, right } : null;
}

/** The mean ink of a square from (y, x) on, in pixels of the ink's box; a square smaller than a pixel is that pixel. */
function meanOf({ grey, width, top, left, bottom, right }: Ink, y: number, x: number, size: number): number {
  const [y0, x0] = [Math.min(top + Math.floor(y), bottom - 1), Math.min(left + Math.floor(x), right - 1)];
  const y1 = Math.min(bottom, Math.max(y0 + 1, Math.round(top + y + size)));
  const x1 = Math.min(right, Math.max(x0 + 1, Math.round(left + x + size)));
  let sum = 0;
  for (let row = y0; row < y1; row++) for (let column = x0; column < x1; column++) sum += grey[row * width + column];
  return sum / ((y1 - y0) * (x1 - x0));
}

/** On 28 x 28, with its centre of mass on pixel 14, 14, where MNIST's digits have theirs. */
function centred(small: Float32Array, rows: number, columns: number): Tensor {
  let [mass, momentY, momentX] = [0, 0, 0];
  for (let i = 0; i < small.length; i++) {
    mass += small[i];
    momentY += small[i] * Math.floor(i / columns);
    momentX += small[i] * (i % columns);
  }
  const within = (start: number, size: number) => Math.min(Math.max(Math.round(start), 0), 28 - size);
  const [top, left] = [within(14 - momentY / mass, rows), within(14 - momentX / mass, columns)];
  const digit = zeros([1, 28, 28]);
  for (let y = 0; y < rows; y++) {
    digit.storage.data.set(small.subarray(y * columns, (y + 1) * columns), (top + y) * 28 + left);
  }
  return digit;
}
