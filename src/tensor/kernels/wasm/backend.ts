/**
 * Which kernels operations call: the plain loops, or WebAssembly's where it has them.
 * Read next: elementwise.ts for how a kernel looks, matmul.ts for the one that matters most.
 */
import { check } from "../../check.ts";
import { kernels, plainKernels } from "../index.ts";
import { batchNormKernels } from "./batch-norm.ts";
import { convolutionKernels } from "./convolution.ts";
import { elementwiseKernels } from "./elementwise.ts";
import { collectGarbageOnOneThread, cores, hasThreads, setting } from "./host.ts";
import { matmulKernel } from "./matmul.ts";
import { fastestTile } from "./micro-kernel.ts";
import { hasFusedMultiplyAdd, hasSimd, scratchForKernels, scratchForThreads } from "./modules.ts";
import { poolingKernels } from "./pooling.ts";
import { reductionKernels } from "./reduction.ts";
import { Threads } from "./threads.ts";

/** "js": plain loops. "wasm": WebAssembly with SIMD for whatever is large enough, plain loops for the rest. */
export type Backend = "js" | "wasm";

let backend: Backend = "js";
let numThreads = 1;
/** WebAssembly's kernels, compiled when first chosen. */
let compiled: Partial<typeof kernels> | null = null;
/** The threads of large products, made when the first is asked for. */
let threads: Threads | null = null;

/**
 * Chooses the kernels. Results differ by rounding only.
 *
 * At the start it is the environment variable LUCIDGRAD_BACKEND or, without that, "wasm" where there is SIMD.
 * @throws if `name` is neither, or this engine has no WebAssembly with SIMD
 * @example
 * const before = getBackend();
 * setBackend("js"); // plain loops
 * console.log(getBackend());
 * setBackend(before);
 */
export function setBackend(name: Backend): void {
  check(name === "js" || name === "wasm", () => `There is no backend "${name}": it is "js" or "wasm"`);
  if (name === "wasm") {
    check(hasSimd(), 'The backend "wasm" needs WebAssembly with SIMD, which is not there: choose "js"');
    compiled ??= compile();
  }
  Object.assign(kernels, plainKernels, name === "wasm" ? compiled : {});
  backend = name;
}

/** The backend in use. @example ["js", "wasm"].includes(getBackend()) */
export const getBackend = (): Backend => backend;

function compile(): Partial<typeof kernels> {
  const fused = hasFusedMultiplyAdd();
  const scratch = scratchForKernels(fused);
  const tile = fastestTile(fused);
  return {
    ...elementwiseKernels(scratch),
    ...reductionKernels(scratch),
    ...batchNormKernels(scratch),
    ...poolingKernels(scratch),
    ...convolutionKernels(scratch, tile, () => team(fused)),
    matmul: matmulKernel(scratch, tile, () => team(fused)),
  };
}

/** What large products are made by, if more than one thread may. */
function team(fused: boolean): Threads | null {
  if (numThreads === 1 || threads?.hasFailed) return null;
  if (!threads) {
    collectGarbageOnOneThread();
    threads = new Threads(scratchForThreads(fused));
  }
  threads.count = numThreads;
  return threads;
}

/**
 * Sets how many threads share the work of a large matrix product; results do not depend on it. Others than the calling one
 * are started when there is such a product, keep no process alive, and sleep when there is none.
 *
 * At the start it is the environment variable LUCIDGRAD_THREADS or, without that, the number of cores. Where memory cannot
 * be shared (a page that is not cross-origin isolated) it stays 1. Mirrors `torch.set_num_threads`.
 * @throws unless it is a whole number above 0
 * @example
 * const before = getNumThreads();
 * setNumThreads(1);
 * console.log(getNumThreads(), rand([300, 300]).matmul(rand([300, 300])).shape);
 * setNumThreads(before);
 */
export function setNumThreads(count: number): void {
  check(Number.isInteger(count) && count > 0, () => `set_num_threads expects a positive integer, but got ${count}`);
  numThreads = hasThreads() ? count : 1;
}

/**
 * How many threads share the work of a large matrix product. Mirrors `torch.get_num_threads`.
 * @example getNumThreads() >= 1
 */
export const getNumThreads = (): number => numThreads;

setBackend((setting("LUCIDGRAD_BACKEND") as Backend | undefined) ?? (hasSimd() ? "wasm" : "js"));
setNumThreads(Number(setting("LUCIDGRAD_THREADS") ?? cores()));
