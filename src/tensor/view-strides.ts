/** When an array can be read under another shape without moving anything. */
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
