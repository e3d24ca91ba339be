/** Cross entropy of float32 with the classes last. What is small, or of another dtype, goes to the plain loops. */
import type * as crossEntropy from "../cross-entropy.ts";
import { type Jobs, LARGE } from "./jobs.ts";

/** Elements of a block. */
const BLOCK = 16_384;

export function crossEntropyKernels(jobs: Jobs, plain: typeof crossEntropy): typeof crossEntropy {
  return {
    crossEntropy(loss, p, x, target, outer, n, inner) {
      if (inner !== 1 || outer * n < LARGE || !jobs.takes(loss, p, x) || !jobs.canReach(target)) {
        return plain.crossEntropy(loss, p, x, target, outer, n, inner);
      }
      const words = [n, jobs.output(loss), jobs.output(p), jobs.input(x), jobs.input(target)];
      jobs.run("crossEntropy", outer, Math.ceil(BLOCK / n), words);
      jobs.finish();
    },

    crossEntropyBackward(dx, dy, p, target, outer, n, inner) {
      if (inner !== 1 || outer * n < LARGE || !jobs.takes(dx, dy, p) || !jobs.canReach(target)) {
        return plain.crossEntropyBackward(dx, dy, p, target, outer, n, inner);
      }
      const words = [n, jobs.input(dy), jobs.input(p), jobs.output(dx), jobs.input(target)];
      jobs.run("crossEntropyBackward", outer, Math.ceil(BLOCK / n), words);
      jobs.finish();
    },
  };
}
