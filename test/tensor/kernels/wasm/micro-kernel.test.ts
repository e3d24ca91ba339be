/** One tile of a matrix product against the same sums in float64. */
import { expect, it } from "vitest";
import { defineTile, fastestTile, multiplyAdd } from "../../../../src/tensor/kernels/wasm/micro-kernel.ts";
import { scratchWith } from "../../../../src/tensor/kernels/wasm/scratch.ts";

const tiles = [fastestTile(true), fastestTile(false), { rows: 1, columns: 4 }];

it.each(tiles.flatMap((tile) => [1, 2, 97].map((depth) => ({ ...tile, depth }))))(
  "a tile of $rows × $columns sums over a depth of $depth, and adds to what was there",
  ({ rows, columns, depth }) => {
    const { functions, floats } = scratchWith((module) => defineTile(module, { rows, columns }, multiplyAdd(false)));
    const [aAt, bAt, cStride] = [2048, 4096, columns + 3];
    const a = Float32Array.from({ length: depth * 4 }, (_, i) => Math.sin(i));
    const b = Float32Array.from({ length: depth * columns }, (_, i) => Math.cos(3 * i));
    floats.set(a, aAt);
    floats.set(b, bAt);
    floats.fill(-7, 0, rows * cStride);
    for (const accumulate of [0, 1]) functions.tile(0, 4 * cStride, 4 * aAt, 4 * bAt, depth, accumulate);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < cStride; j++) {
        let sum = j < columns ? 0 : -7; // what is right of the tile stays
        if (j < columns) for (let p = 0; p < depth; p++) sum += a[p * 4 + i] * b[p * columns + j];
        expect(floats[i * cStride + j]).toBeCloseTo(j < columns ? 2 * sum : sum, 4);
      }
    }
  },
);
