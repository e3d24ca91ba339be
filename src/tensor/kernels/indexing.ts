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
