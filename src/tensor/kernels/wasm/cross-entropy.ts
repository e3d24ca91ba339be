/** Cross entropy of float32 with the classes last. What is small, or of another dtype, goes to the plain loops. */
import { LARGE } from "../../memory/memory.ts";
import * as plain from "../cross-entropy.ts";
import type { Jobs } from "./jobs.ts";

/** Elements of a block. */
const BLOCK = 16_384;

export function crossEntropyKernels(jobs: Jobs): typeof plain {
  return {
    logTotals({ m, logTotal }, x, outer, n, inner) {
      if (inner !== 1 || outer * n < LARGE || !jobs.takes(x, m, logTotal)) {
        return plain.logTotals({ m, logTotal }, x, outer, n, inner);
      }
      jobs.run("logTotals", outer, Math.ceil(BLOCK / n), [n, jobs.input(x), jobs.output(m), jobs.output(logTotal)]);
      jobs.finish();
    },

    crossEntropyBackward(dx, x, { m, logTotal }, target, factor, outer, n, inner) {
      if (inner !== 1 || outer * n < LARGE || !jobs.takes(dx, x, m, logTotal, factor) || !jobs.canReach(target)) {
        return plain.crossEntropyBackward(dx, x, { m, logTotal }, target, factor, outer, n, inner);
      }
      const words = [n, ...[x, m, logTotal].map((array) => jobs.input(array)), jobs.output(dx)];
      jobs.run("crossEntropyBackward", outer, Math.ceil(BLOCK / n), [...words, jobs.input(target), jobs.input(factor)]);
      jobs.finish();
    },
  };
}
