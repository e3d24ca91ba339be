/** Reading, writing and adding at positions. */
import type { TypedArray } from "../dtype.ts";

/** out[k] = x[positions[k]] */
export function take(out: TypedArray, x: TypedArray, positions: TypedArray): void {
  for (let k = 0; k < positions.length; k++) out[k] = x[positions[k]];
}

/** out[positions[k]] = x[k]; of several for one place, the last stays */
export function put(out: TypedArray, x: TypedArray, positions: TypedArray): void {
  for (let k = 0; k < positions.length; k++) out[positions[k]] = x[k];
}

/** out[positions[k]] += x[k] */
export function putAdd(out: TypedArray, x: TypedArray, positions: TypedArray): void {
  for (let k = 0; k < positions.length; k++) out[positions[k]] += x[k];
}

/** out[positions[k]] *= x[k]; of int32, as elementwise products, the last 32 bits */
export function putMultiply(out: TypedArray, x: TypedArray, positions: TypedArray): void {
  const times = out instanceof Int32Array ? Math.imul : (a: number, b: number) => a * b;
  for (let k = 0; k < positions.length; k++) out[positions[k]] = times(out[positions[k]], x[k]);
}

/** out[positions[k]] = the larger of it and x[k]; NaN, if one of them is */
export function putMaximum(out: TypedArray, x: TypedArray, positions: TypedArray): void {
  for (let k = 0; k < positions.length; k++) out[positions[k]] = Math.max(out[positions[k]], x[k]);
}

/** out[positions[k]] = the smaller, likewise */
export function putMinimum(out: TypedArray, x: TypedArray, positions: TypedArray): void {
  for (let k = 0; k < positions.length; k++) out[positions[k]] = Math.min(out[positions[k]], x[k]);
}

/** out[k, :] = x[rows[k], :], rows having so many elements */
export function takeRows(out: TypedArray, x: TypedArray, rows: TypedArray, width: number): void {
  for (let k = 0, o = 0; k < rows.length; k++) {
    const start = rows[k] * width;
    for (let i = start; i < start + width; i++, o++) out[o] = x[i];
  }
}

/** out[r, :] = Σ x[k, :] over all k for which rows[k] = r */
export function addRows(out: TypedArray, x: TypedArray, rows: TypedArray, width: number): void {
  out.fill(0);
  for (let k = 0, i = 0; k < rows.length; k++) {
    const start = rows[k] * width;
    for (let o = start; o < start + width; o++, i++) out[o] += x[i];
  }
}
