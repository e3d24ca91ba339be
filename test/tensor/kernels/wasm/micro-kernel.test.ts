/** One tile of a matrix product against the same sums in float64. */
import { expect, it } from "vitest";
import { ModuleBuilder } from "../../../../src/tensor/kernels/wasm/assembler.ts";
import { defineTile, fastestTile, multiplyAdd } from "../../../../src/tensor/kernels/wasm/micro-kernel.ts";

const tiles = [fastestTile(true), fastestTile(false), { rows: 1, columns: 4 }];

it.each(tiles.flatMap((tile) => [1, 2, 97].map((depth) => ({ ...tile, depth }))))(
  "a tile of $rows × $columns sums over a depth of $depth, and adds to what was there",
  ({ rows, columns, depth }) => {
    const module = new ModuleBuilder();
    defineTile(module, { rows, columns }, multiplyAdd(false));
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    const compiled = new WebAssembly.Module(module.toBytes({ maximum: 1, shared: false }));
    const { tile } = new WebAssembly.Instance(compiled, { host: { memory } }).exports;
    const [aAt, bAt, cStride] = [8192, 16384, columns + 3];
    const a = new Float32Array(memory.buffer, aAt, depth * 4).map((_, i) => Math.sin(i));
    const b = new Float32Array(memory.buffer, bAt, depth * columns).map((_, i) => Math.cos(3 * i));
    new Float32Array(memory.buffer, aAt).set(a);
    new Float32Array(memory.buffer, bAt).set(b);
    const c = new Float32Array(memory.buffer, 0, rows * cStride).fill(-7);
    tile(0, 4 * cStride, aAt, bAt, depth, 0);
    tile(0, 4 * cStride, aAt, bAt, depth, 1);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < cStride; j++) {
        let sum = j < columns ? 0 : -7; // what is right of the tile stays
        if (j < columns) for (let p = 0; p < depth; p++) sum += a[p * 4 + i] * b[p * columns + j];
        expect(c[i * cStride + j]).toBeCloseTo(j < columns ? 2 * sum : sum, 4);
      }
    }
  },
);
