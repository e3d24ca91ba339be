/** How fast the innermost loop of the product is by itself: on panels that are packed already, and stay in the cache. */
import type { Kernel } from "../src/tensor/kernels/wasm/kernel.ts";
import { compileModule } from "../src/tensor/kernels/wasm/module.ts";

const [depth, columns, panels] = [256, 64, 8];
/** Addresses of a job's words, of memory of this thread, of the packed operands and the result, and of zeros. */
const [JOB, SCRATCH, A, B, OUT, ZEROS] = [64, 1024, 1 << 18, 1 << 19, 1 << 20, 1 << 21];

/** In GFLOP/s, the best of several runs. */
export function microKernelGflops(): number {
  const { module, isWide } = compileModule();
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 65_536, shared: true });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const { becomeThread, multiply } = exports as unknown as Record<string, Kernel>;
  becomeThread(0, SCRATCH, 0);
  const rowsOfTile = isWide ? 6 : 4;
  const rows = panels * rowsOfTile;
  const words = [rows, depth, columns, OUT, columns, 0, 0, 0, 0, 0, 0, A, B, ZEROS, 0, 0, rowsOfTile];
  new Int32Array(memory.buffer).set(words, JOB / 4);
  const rates = Array.from({ length: 20 }, () => {
    const start = performance.now();
    for (let i = 0; i < 1000; i++) multiply(JOB, 0, 1);
    return (2 * rows * columns * depth * 1000) / (performance.now() - start) / 1e6;
  });
  return Math.max(...rates);
}
