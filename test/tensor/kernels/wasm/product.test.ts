/** Whole products against the plain kernel: past every edge of tiles and blocks, either operand transposed, added to c. */
import { describe, expect, it } from "vitest";
import { matmul } from "../../../../src/tensor/kernels/matmul.ts";
import { ModuleBuilder } from "../../../../src/tensor/kernels/wasm/assembler.ts";
import { fastestTile, multiplyAdd } from "../../../../src/tensor/kernels/wasm/micro-kernel.ts";
import { defineProduct, packingSpace } from "../../../../src/tensor/kernels/wasm/product.ts";

const pages = 128;

function product(tile: { rows: number; columns: number }) {
  const module = new ModuleBuilder();
  defineProduct(module, tile, multiplyAdd(false));
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const compiled = new WebAssembly.Module(module.toBytes({ maximum: pages, shared: false }));
  return { memory, run: new WebAssembly.Instance(compiled, { host: { memory } }).exports.product };
}

const sizes = [
  [1, 1, 1],
  [2, 3, 5],
  [3, 4, 12],
  [4, 8, 8],
  [5, 9, 13],
  [7, 385, 25],
  [97, 17, 29],
  [193, 400, 37],
  [64, 784, 50],
  [3, 1153, 11],
];

describe.each([true, false])("with the tile that is fastest for fused: %s", (fused) => {
  const tile = fastestTile(fused);
  const { memory, run } = product(tile);

  it.each(sizes.flatMap(([m, k, n]) => [0, 1, 2, 3].map((transposed) => ({ m, k, n, transposed }))))(
    "multiplies $m × $k × $n, layout $transposed",
    ({ m, k, n, transposed }) => {
      const [aT, bT] = [(transposed & 1) > 0, (transposed & 2) > 0];
      const all = new Float32Array(memory.buffer as ArrayBuffer);
      all.fill(NaN); // what lies beside the operands must not matter
      const a = all.subarray(1024, 1024 + m * k).map((_, i) => Math.sin(i));
      const b = all.subarray(0, k * n).map((_, i) => Math.cos(3 * i));
      const bAt = 1024 + m * k + 5;
      const cAt = bAt + k * n + 3;
      const space = cAt + m * n + 9;
      all.set(a, 1024);
      all.set(b, bAt);
      all.fill(0.5, cAt, cAt + m * n);
      expect(4 * space + packingSpace(n, tile)).toBeLessThan(all.byteLength);

      const [aRow, aCol] = aT ? [1, m] : [k, 1];
      const [bRow, bCol] = bT ? [1, k] : [n, 1];
      const at = [4 * 1024, 4 * aRow, 4 * aCol, 4 * bAt, 4 * bCol, 4 * bRow];
      run(4 * cAt, 4 * n, ...at, m, n, k, 1, 4 * space);

      const expected = new Float32Array(m * n);
      const matrices = [
        { data: a, offset: 0, rowStride: aRow, colStride: aCol },
        { data: b, offset: 0, rowStride: bRow, colStride: bCol },
      ] as const;
      matmul(expected, 0, ...matrices, [m, k, n]);
      const worst = expected.reduce((max, value, i) => Math.max(max, Math.abs(all[cAt + i] - value - 0.5)), 0);
      expect(worst).toBeLessThan(1e-6 * (k + 10));
      run(4 * cAt, 4 * n, ...at, m, n, k, 0, 4 * space);
      const again = expected.reduce((max, value, i) => Math.max(max, Math.abs(all[cAt + i] - value)), 0);
      expect(again).toBeLessThan(1e-6 * (k + 10));
      expect(all[cAt - 1]).toBeNaN();
      expect(all[cAt + m * n]).toBeNaN();
    },
  );
});
