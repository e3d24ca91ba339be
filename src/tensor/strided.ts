/**
 * Walking an n-d array as a few large planes of rows along its last dimensions, whatever the strides of its operands.
 * This is what lets every elementwise kernel be one plain loop: broadcasting is a step of 0, a transposed
 * operand is a step other than 1.
 */
import type { Shape } from "./shape.ts";

/** An operand's layout in its storage. */
export interface Layout {
  readonly strides: Shape;
  readonly offset: number;
}

/** Rows of `n` elements; element k of row r of operand i is at `starts[i] + r * rowSteps[i] + k * steps[i]` of its storage. */
type Plane = (
  rows: number,
  n: number,
  starts: readonly number[],
  rowSteps: readonly number[],
  steps: readonly number[],
) => void;

/**
 * Calls `visit` for every plane of `shape` in row-major order.
 *
 * Neighbouring dimensions that all operands cross with one stride are merged first, so that contiguous operands
 * of any shape are a single row. `starts` is reused between calls.
 */
export function forEachPlane(shape: Shape, operands: readonly Layout[], visit: Plane): void {
  const { sizes, strides } = mergeDimensions(shape, operands);
  const starts = operands.map((operand) => operand.offset);
  if (sizes.includes(0)) return;
  const last = sizes.length - 1;
  const [rows, rowSteps] = last > 0 ? [sizes[last - 1], strides[last - 1]] : [1, strides[0]];
  const index = new Array<number>(Math.max(0, last - 1)).fill(0);
  for (;;) {
    visit(rows, sizes[last], starts, rowSteps, strides[last]);
    // Count up like an odometer: the rightmost outer dimension turns first, and carries when it is full.
    let d = last - 2;
    for (; d >= 0; d--) {
      index[d]++;
      for (let i = 0; i < starts.length; i++) starts[i] += strides[d][i];
      if (index[d] < sizes[d]) break;
      for (let i = 0; i < starts.length; i++) starts[i] -= sizes[d] * strides[d][i];
      index[d] = 0;
    }
    if (d < 0) return;
  }
}

/** The same for one row after another. */
export function forEachRun(
  shape: Shape,
  operands: readonly Layout[],
  run: (n: number, starts: readonly number[], steps: readonly number[]) => void,
): void {
  forEachPlane(shape, operands, (rows, n, starts, rowSteps, steps) => {
    for (let r = 0; r < rows; r++) {
      const at = starts.map((start, i) => start + r * rowSteps[i]);
      run(n, at, steps);
    }
  });
}

/** The fewest dimensions that visit the same elements in the same order: `strides[d][i]` belongs to operand i. */
function mergeDimensions(shape: Shape, operands: readonly Layout[]) {
  const sizes: number[] = [];
  const strides: number[][] = [];
  for (let d = 0; d < shape.length; d++) {
    if (shape[d] === 1) continue;
    const here = operands.map((operand) => operand.strides[d]);
    const outer = strides.at(-1);
    if (outer?.every((stride, i) => stride === here[i] * shape[d])) {
      sizes[sizes.length - 1] *= shape[d];
      strides[strides.length - 1] = here;
    } else {
      sizes.push(shape[d]);
      strides.push(here);
    }
  }
  if (sizes.length === 0) return { sizes: [1], strides: [operands.map(() => 0)] };
  return { sizes, strides };
}
