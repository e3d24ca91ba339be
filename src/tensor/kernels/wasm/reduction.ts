/** Sums, deviations and softmaxes of float32. What is small, or of another dtype, goes to the plain loop. */
import type { TypedArray } from "../../dtype.ts";
import type { ReductionKernel } from "../reduction.ts";
import * as plain from "../reduction.ts";
import { type Jobs, LARGE } from "./jobs.ts";
import { fitSums, sumsOfColumns, sumsOfRows } from "./sums.ts";

/** Elements of a block. */
const BLOCK = 16_384;

export function reductionKernels(jobs: Jobs) {
  const isFast = (x: TypedArray, outer: number, n: number, inner: number) =>
    outer * n * inner >= LARGE && n > 0 && fitSums(outer * inner) && jobs.takes(x);

  const sum: ReductionKernel = (out, x, outer, n, inner) => {
    if (!isFast(x, outer, n, inner)) return plain.sum(out, x, outer, n, inner);
    if (inner === 1) out.set(sumsOfRows(jobs, "elements", outer, n, x)[0]);
    else out.set(sumsOfColumns(jobs, "elements", [outer, n, inner], x)[0]);
  };

  /** In two passes, as the plain loop: the mean, as a first element and a deviation from it, then the squares. */
  const sumOfSquaredDeviations: ReductionKernel = (out, x, outer, n, inner) => {
    if (!isFast(x, outer, n, inner) || (outer > 1 && inner > 1)) {
      return plain.sumOfSquaredDeviations(out, x, outer, n, inner);
    }
    const groups = outer * inner;
    const step = inner === 1 ? n : 1;
    const sums = (term: "deviations" | "squares", shifts: Float32Array) =>
      inner === 1
        ? sumsOfRows(jobs, term, outer, n, x, x, shifts)[0]
        : sumsOfColumns(jobs, term, [1, n, inner], x, x, shifts)[0];
    const means = Float32Array.from({ length: groups }, (_, g) => x[g * step]);
    const deviations = sums("deviations", means);
    for (let g = 0; g < groups; g++) means[g] += deviations[g] / n;
    out.set(sums("squares", means));
  };

  const along =
    (name: string, otherwise: ReductionKernel): ReductionKernel =>
    (out, x, outer, n, inner) => {
      if (inner !== 1 || !isFast(x, outer, n, inner) || !jobs.takes(out)) return otherwise(out, x, outer, n, inner);
      jobs.run(name, outer, Math.ceil(BLOCK / n), [n, inner, jobs.output(out), jobs.input(x)]);
      jobs.finish();
    };

  const pullBack =
    (name: string, otherwise: plain.PullBackKernel): plain.PullBackKernel =>
    (dx, dy, y, outer, n, inner) => {
      if (inner !== 1 || outer * n < LARGE || !jobs.takes(dx, dy, y)) return otherwise(dx, dy, y, outer, n, inner);
      jobs.run(name, outer, Math.ceil(BLOCK / n), [n, jobs.output(dx), jobs.input(dy), jobs.input(y)]);
      jobs.finish();
    };

  return {
    sum,
    sumOfSquaredDeviations,
    softmax: along("softmax", plain.softmax),
    logSoftmax: along("logSoftmax", plain.logSoftmax),
    logsumexp: along("logsumexp", plain.logsumexp),
    softmaxBackward: pullBack("softmaxBackward", plain.softmaxBackward),
    logSoftmaxBackward: pullBack("logSoftmaxBackward", plain.logSoftmaxBackward),
  };
}
