/**
 * Which kernels operations call: the plain loops, or WebAssembly's where it has them.
 * Read next: elementwise.ts for how a kernel looks, matmul.ts for the one that matters most.
 */
import { check } from "../../check.ts";
import { cores, hasThreads, permitted, settings } from "../../host.ts";
import { openMemory } from "../../memory/memory.ts";
import { settle, settling } from "../../memory/pending.ts";
import type { Int } from "../../shape.ts";
import { kernels, plainKernels } from "../index.ts";
import { batchNormKernels } from "./batch-norm.ts";
import { convolutionKernels } from "./convolution.ts";
import { crossEntropyKernels } from "./cross-entropy.ts";
import { elementwiseKernels } from "./elementwise.ts";
import { indexingKernels } from "./indexing.ts";
import { Jobs } from "./jobs.ts";
import { layerNormKernels } from "./layer-norm.ts";
import { matmulKernel } from "./matmul.ts";
import { compileModule } from "./module.ts";
import { optimizerKernels } from "./optimizers.ts";
import { poolingKernels } from "./pooling.ts";
import { MOST_THREADS } from "./queue.ts";
import { recurrentKernels } from "./recurrent.ts";
import { reductionKernels } from "./reduction.ts";

/** "js": plain loops. "wasm": WebAssembly with SIMD for whatever is large enough, plain loops for the rest. */
export type Backend = "js" | "wasm";

/** Null until the first kernel is called. */
let backend: Backend | null = null;
let numThreads = 1;
/** WebAssembly's kernels, once chosen. */
let compiled: { jobs: Jobs; fast: typeof kernels } | null = null;

/**
 * Chooses the kernels. Results differ by rounding only.
 *
 * At the start it is the environment variable LUCIDGRAD_BACKEND or, without that, "wasm" where there is SIMD, compiled when
 * it is first needed.
 * @throws if `name` is neither, or WebAssembly is not there, has no SIMD, or is not allowed or given a memory
 * @example
 * const before = getBackend();
 * setBackend("js"); // plain loops
 * console.log(getBackend());
 * setBackend(before);
 */
export function setBackend(name: Backend): void {
  check(name === "js" || name === "wasm", () => `There is no backend "${name}": it is "js" or "wasm"`);
  settle();
  Object.assign(kernels, plainKernels, name === "wasm" ? fastKernels() : {});
  backend = name;
}

/** The backend in use. @example ["js", "wasm"].includes(getBackend()) */
export const getBackend = (): Backend => backend ?? chooseBackend();

function fastKernels(): typeof kernels {
  try {
    compiled ??= compile();
  } catch (cause) {
    throw new Error(`The backend "wasm" cannot be had: ${(cause as Error).message}`, { cause });
  }
  compiled.jobs.threads = numThreads;
  return compiled.fast;
}

function compile() {
  const { module, isWide } = compileModule();
  const jobs = new Jobs(module, openMemory());
  const rowsOfTile = isWide ? 6 : 4;
  const plain = settling(plainKernels);
  const fast = {
    ...plain,
    ...elementwiseKernels(jobs, plain),
    ...reductionKernels(jobs, plain),
    ...batchNormKernels(jobs, plain),
    ...crossEntropyKernels(jobs, plain),
    ...layerNormKernels(jobs, plain),
    ...indexingKernels(jobs, plain),
    ...optimizerKernels(jobs, plain),
    ...poolingKernels(jobs, plain),
    ...recurrentKernels(jobs, plain),
    ...convolutionKernels(jobs, plain, rowsOfTile),
    matmul: matmulKernel(jobs, plain, rowsOfTile),
  };
  return { jobs, fast };
}

/**
 * Sets how many threads share the work of large kernels; results do not depend on it. Others than the calling one
 * are started when there is such work; they keep no process alive, and sleep when there is none. More than there are cores, or
 * than 64, are not used, and not counted by `getNumThreads`.
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
export function setNumThreads(count: Int): void {
  check(Number.isInteger(count) && count > 0, () => `set_num_threads expects a positive integer, but got ${count}`);
  // More than there are cores would only wait for each other.
  numThreads = hasThreads() ? Math.min(count, cores(), MOST_THREADS) : 1;
  if (compiled) compiled.jobs.threads = numThreads;
}

/**
 * How many threads share the work of large kernels. Mirrors `torch.get_num_threads`.
 * @example getNumThreads() >= 1
 */
export const getNumThreads = (): number => numThreads;

setNumThreads(settings.threads ?? cores());
if (settings.backend) setBackend(settings.backend);
else chooseAtFirstCall();

/**
 * Compiling takes longer than all else that an import does: the first call of a kernel waits for it. Tensors that are made
 * before lie in the memory where kernels will look for them.
 */
function chooseAtFirstCall(): void {
  permitted(openMemory);
  for (const name of Object.keys(kernels) as (keyof typeof kernels)[]) {
    const choosing = (...args: unknown[]): unknown => {
      chooseBackend();
      return (kernels[name] as (...args: unknown[]) => unknown)(...args);
    };
    Object.assign(kernels, { [name]: choosing });
  }
}

function chooseBackend(): Backend {
  try {
    setBackend("wasm");
    return "wasm";
  } catch (error) {
    const message = (error as Error).message.replace(/\.+$/, "");
    console.warn(
      `lucidgrad: ${message}. It goes on with plain loops: slower, with results that differ by rounding only.`,
    );
    setBackend("js");
    return "js";
  }
}
