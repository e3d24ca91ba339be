/** How fast the innermost loop of the matrix product is on its own: what a whole product can at best reach, on one thread. */

import { i32s, repeatWhile } from "../src/tensor/kernels/wasm/assembler.ts";
import { defineTile, fastestTile, multiplyAdd } from "../src/tensor/kernels/wasm/micro-kernel.ts";
import { hasFusedMultiplyAdd } from "../src/tensor/kernels/wasm/modules.ts";
import { scratchWith } from "../src/tensor/kernels/wasm/scratch.ts";

/** GFLOP/s, the median of several runs. */
export function microKernelGflops(): number {
  const fused = hasFusedMultiplyAdd();
  const { rows, columns } = fastestTile(fused);
  const { functions } = scratchWith((module) => {
    const tile = defineTile(module, { rows, columns }, multiplyAdd(fused));
    const tiles = module.define(i32s(6), ([c, cStride, a, b, depth, count]) =>
      repeatWhile(count, [tile(c, cStride, a, b, depth, 0), count.step(-1)]),
    );
    return { tiles };
  });

  const depth = 384; // panels that fit into the first-level cache, as in a whole product
  const count = 10_000;
  const flops = 2 * rows * columns * depth * count;
  const [c, a, b] = [0, 0x10000, 0x20000];
  const rates = Array.from({ length: 15 }, () => {
    const start = performance.now();
    functions.tiles(c, 4 * columns, a, b, depth, count);
    return flops / (performance.now() - start) / 1e6;
  });
  return rates.sort((x, y) => x - y)[7];
}
