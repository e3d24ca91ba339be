/**
 * Which kernels operations call: the plain loops, or WebAssembly's where it has them.
 * Read next: elementwise.ts for how a kernel looks, matmul.ts for the one that matters most.
 */
import { check } from "../../check.ts";
import { cores, hasThreads, permitted, settings } from "../../host.ts";
import { openMemory } from "../../memory/memory.ts";
import { settle } from "../../memory/pending.ts";
import type { Int } from "../../shape.ts";
import { chooseWhenCalled, fillTables } from "../table.ts";
import { Jobs } from "./jobs.ts";
import { compileModule } from "./module.ts";
import { MOST_THREADS } from "./queue.ts";

/** "js": plain loops. "wasm": WebAssembly with SIMD for whatever is large enough, plain loops for the rest. */
export type Backend = "js" | "wasm";

/** Null until the first kernel is called. */
let backend: Backend | null = null;
let numThreads = 1;
/** What runs WebAssembly's kernels, once chosen. */
let jobs: Jobs | null = null;

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
  fillTables(name === "wasm" ? fastJobs() : null);
  backend = name;
}

/** The backend in use. @example ["js", "wasm"].includes(getBackend()) */
export const getBackend = (): Backend => backend ?? chooseBackend();

function fastJobs(): Jobs {
  try {
    jobs ??= new Jobs(compileModule(), openMemory());
  } catch (cause) {
    throw new Error(`The backend "wasm" cannot be had: ${(cause as Error).message}`, { cause });
  }
  jobs.threads = numThreads;
  return jobs;
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
  if (jobs) jobs.threads = numThreads;
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
  chooseWhenCalled(() => (chooseBackend() === "wasm" ? jobs : null));
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
