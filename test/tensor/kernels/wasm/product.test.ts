/**
 * One tile against the same sums in float64, and whole products against the plain kernel: past every edge of tiles and
 * blocks, either operand transposed, added to c.
 */
import { describe, expect, it } from "vitest";
import { matmul } from "../../../../src/tensor/kernels/matmul.ts";
import type { ModuleBuilder } from "../../../../src/tensor/kernels/wasm/assembler.ts";
import { defineTile, fastestTile, multiplyAdd } from "../../../../src/tensor/kernels/wasm/micro-kernel.ts";
import { defineProduct, packingSpace } from "../../../../src/tensor/kernels/wasm/product.ts";
import { scratchWith } from "../../../../src/tensor/kernels/wasm/scratch.ts";
import { sizes } from "./sizes.ts";

const tiles = [fastestTile(true), fastestTile(false), { rows: 1, columns: 4 }];

it.each(tiles.flatMap((tile) => [1, 2, 97].map((depth) => ({ ...tile, depth }))))(
  "a tile of $rows × $columns sums over a depth of $depth, and adds to what was there",
  ({ rows, columns, depth }) => {
    const define = (module: ModuleBuilder) => ({ tile: defineTile(module, { rows, columns }, multiplyAdd(false)) });
    const { functions, floats } = scratchWith(define);
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

const products = sizes("1×1×1 2×3×5 3×4×12 4×8×8 5×9×13 7×385×25 97×17×29 193×400×37 64×784×50 3×1153×11");

describe.each([true, false])("with the tile that is fastest for fused: %s", (fused) => {
  const tile = fastestTile(fused);
  const scratch = scratchWith((module) => ({ product: defineProduct(module, tile, multiplyAdd(false)) }));

  it.each(products.flatMap(([m, k, n]) => [0, 1, 2, 3].map((transposed) => ({ m, k, n, transposed }))))(
    "multiplies $m × $k × $n, layout $transposed",
    ({ m, k, n, transposed }) => {
      const aAt = 1024;
      const bAt = aAt + m * k + 5;
      const cAt = bAt + k * n + 3;
      const space = cAt + m * n + 9;
      scratch.reserve(4 * space + packingSpace(n, tile));
      const { floats, functions } = scratch;
      floats.fill(NaN); // what lies beside the operands must not matter
      floats.set(
        Float32Array.from({ length: m * k }, (_, i) => Math.sin(i)),
        aAt,
      );
      floats.set(
        Float32Array.from({ length: k * n }, (_, i) => Math.cos(3 * i)),
        bAt,
      );
      floats.fill(0.5, cAt, cAt + m * n);

      const [aRow, aCol] = transposed & 1 ? [1, m] : [k, 1];
      const [bRow, bCol] = transposed & 2 ? [1, k] : [n, 1];
      const expected = new Float32Array(m * n);
      const a = { data: floats, offset: aAt, rowStride: aRow, colStride: aCol };
      const b = { data: floats, offset: bAt, rowStride: bRow, colStride: bCol };
      matmul(expected, 0, a, b, [m, k, n]);
      for (const accumulate of [1, 0]) {
        const [left, right] = [[4 * aAt, 4 * aRow, 4 * aCol] as const, [4 * bAt, 4 * bCol, 4 * bRow] as const];
        functions.product(4 * cAt, 4 * n, ...left, ...right, m, n, k, accumulate, 4 * space);
        const error = (value: number, i: number) => Math.abs(floats[cAt + i] - value - 0.5 * accumulate);
        expect(Math.max(...expected.map(error))).toBeLessThan(1e-6 * (k + 10));
      }
      expect(floats[cAt - 1]).toBeNaN();
      expect(floats[cAt + m * n]).toBeNaN();
    },
  );
});
