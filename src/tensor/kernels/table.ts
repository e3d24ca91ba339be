/**
 * Tables of kernels, through which operations call them: a faster implementation, in wasm/ under the same name, replaces an entry
 * of a table, never an operation. So operations ask the table when they run. Until its first call nobody has chosen a backend.
 */
import { settling } from "../memory/pending.ts";
import type { Jobs } from "./wasm/jobs.ts";

/** What runs the fast kernels; null for plain loops. */
type Chosen = Jobs | null;

const fillings: ((jobs: Chosen) => void)[] = [];
let choose = (): Chosen => null;

/** Says who chooses when a kernel is called for the first time. */
export function chooseWhenCalled(choosing: () => Chosen): void {
  choose = choosing;
}

/** Fills all tables, those that are made later, too. */
export function fillTables(jobs: Chosen): void {
  choose = () => jobs;
  for (const fill of fillings) fill(jobs);
}

/**
 * A table of kernels.
 * @param plain the loops, for every dtype, which wait for the fast kernels where there are such
 * @param fast those that WebAssembly has, which call the plain ones for what they do not take
 */
export function tableOf<Plain extends object>(
  plain: Plain,
  fast: (jobs: Jobs, plain: Plain) => Partial<Plain> = () => ({}),
): Plain {
  const table = { ...plain };
  const fill = (jobs: Chosen) => {
    const waiting = settling(plain);
    Object.assign(table, jobs ? { ...waiting, ...fast(jobs, waiting) } : plain);
  };
  fillings.push(fill);
  for (const name of Object.keys(plain)) {
    const choosing = (...operands: unknown[]): unknown => {
      fill(choose());
      return (table as Record<string, (...operands: unknown[]) => unknown>)[name](...operands);
    };
    Object.assign(table, { [name]: choosing });
  }
  return table;
}
