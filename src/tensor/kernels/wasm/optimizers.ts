/** The updates of optimizers, of float32. What is small, or of another dtype, goes to the plain loops. */
import type * as optimizers from "../optimizers.ts";
import { type Jobs, LARGE } from "./jobs.ts";

/** Elements of a block. */
const BLOCK = 16_384;

export function optimizerKernels(jobs: Jobs, plain: typeof optimizers): typeof optimizers {
  return {
    descend(p, g, v, step) {
      if (p.length < LARGE || !jobs.takes(p, g, v ?? p)) return plain.descend(p, g, v, step);
      const { lr, weightDecay, momentum, share, nesterov, maximize } = step;
      const words = [jobs.output(p), jobs.input(g), v ? jobs.output(v) : 0];
      const numbers = [lr, weightDecay, momentum, share, Number(nesterov), maximize ? -1 : 1];
      jobs.run("descend", p.length, BLOCK, words, numbers);
      jobs.finish();
    },

    adam(p, g, state, step) {
      const { m, v, largest } = state;
      if (p.length < LARGE || !jobs.takes(p, g, m, v, largest ?? v)) return plain.adam(p, g, state, step);
      const { beta1, beta2, stepSize, correction, eps, weightDecay, shrink, maximize } = step;
      const words = [
        jobs.output(p),
        jobs.input(g),
        ...[m, v].map((x) => jobs.output(x)),
        largest ? jobs.output(largest) : 0,
      ];
      const averages = [beta1, 1 - beta1, beta2, 1 - beta2];
      const numbers = [...averages, stepSize, correction, eps, weightDecay, shrink, maximize ? -1 : 1];
      jobs.run("adam", p.length, BLOCK, words, numbers);
      jobs.finish();
    },
  };
}
