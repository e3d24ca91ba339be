/** When an array can be read under another shape without moving anything, and whether it has elements that are one in memory. */
import { contiguousStrides, numelOf, type Shape } from "./shape.ts";

/**
 * The strides under which the memory of (shape, strides) has `target` as its shape, or null if there are none.
 *
 * Neighbouring dimensions that are adjacent in memory form a chunk; each target dimension must lie within one chunk.
 */
export function viewStrides(shape: Shape, strides: Shape, target: Shape): number[] | null {
  if (numelOf(shape) === 0) return contiguousStrides(target);
  const out = new Array<number>(target.length);
  let t = target.length - 1;
  let chunk = 1; // elements of the chunk seen so far, from its right end
  let covered = 1; // elements of it that target dimensions have covered
  let step = strides.at(-1) ?? 1; // stride at the chunk's right end
  for (let d = shape.length - 1; d >= 0; d--) {
    chunk *= shape[d];
    const goesOn = d > 0 && (shape[d - 1] === 1 || strides[d - 1] === chunk * step);
    if (goesOn) continue;
    while (t >= 0 && (covered < chunk || target[t] === 1)) {
      out[t] = covered * step;
      covered *= target[t];
      t--;
    }
    if (covered !== chunk) return null;
    chunk = 1;
    covered = 1;
    step = strides[d - 1];
  }
  for (; t >= 0; t--) out[t] = 1; // sizes of 1 beyond a scalar
  return out;
}

/** Whether a stride is too short for two elements to be certainly apart: of what is repeated, of windows that overlap. */
export function overlaps(shape: Shape, strides: Shape): boolean {
  if (shape.includes(0)) return false;
  const dims = [...shape.keys()].filter((d) => shape[d] > 1).sort((a, b) => strides[a] - strides[b]);
  let reach = 0; // from the first element to the last, along the dimensions of shorter strides
  for (const d of dims) {
    if (strides[d] <= reach) return true;
    reach += (shape[d] - 1) * strides[d];
  }
  return false;
}
