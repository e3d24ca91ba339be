/** Sums, deviations and softmaxes of float32. What is small, or of another dtype, goes to the plain loop. */
import type { TypedArray } from "../../dtype.ts";
import type * as reduction from "../reduction.ts";
import type { PullBackKernel, ReductionKernel } from "../reduction.ts";
import { type Jobs, LARGE } from "./jobs.ts";
import { fitSums, stageRoots, stageSums, stageTotals } from "./sums.ts";

/** Elements of a block. */
const BLOCK = 16_384;

export function reductionKernels(jobs: Jobs, plain: typeof reduction) {
  const isFast = (x: TypedArray, outer: number, n: number, inner: number) =>
    outer * n * inner >= LARGE && n > 0 && fitSums(outer * inner) && jobs.takes(x);

  const sum: ReductionKernel = (out, x, outer, n, inner) => {
    if (!isFast(x, outer, n, inner) || !jobs.takes(out)) return plain.sum(out, x, outer, n, inner);
    stageTotals(jobs, stageSums(jobs, "elements", [outer, n, inner], jobs.input(x)), jobs.output(out));
    jobs.finish();
  };

  /** In two passes, as the plain loop: the mean, as a first element and a deviation from it, then the squares. */
  const ofDeviations =
    (name: "variance" | "standardDeviation") =>
    (divisor: number): ReductionKernel =>
    (out, x, outer, n, inner) => {
      const isWhole = Number.isInteger(divisor);
      if (!isWhole || !isFast(x, outer, n, inner) || !jobs.takes(out) || (outer > 1 && inner > 1)) {
        return plain[name](divisor)(out, x, outer, n, inner);
      }
      const groups = outer * inner;
      const [address, means] = [jobs.input(x), jobs.stage(4 * groups)];
      jobs.run("copy", groups, groups, [groups, means, address, 0, inner === 1 ? n : 1]);
      const sums = (term: "deviations" | "squares") => stageSums(jobs, term, [outer, n, inner], address, means);
      stageTotals(jobs, sums("deviations"), means, n, means);
      const finish = name === "variance" ? stageTotals : stageRoots;
      finish(jobs, sums("squares"), jobs.output(out), divisor);
      jobs.finish();
    };

  const along =
    (name: string, otherwise: ReductionKernel): ReductionKernel =>
    (out, x, outer, n, inner) => {
      if (inner !== 1 || !isFast(x, outer, n, inner) || !jobs.takes(out)) return otherwise(out, x, outer, n, inner);
      jobs.run(name, outer, Math.ceil(BLOCK / n), [n, inner, jobs.output(out), jobs.input(x)]);
      jobs.finish();
    };

  const pullBack =
    (name: string, otherwise: PullBackKernel): PullBackKernel =>
    (dx, dy, y, outer, n, inner) => {
      if (inner !== 1 || outer * n < LARGE || !jobs.takes(dx, dy, y)) return otherwise(dx, dy, y, outer, n, inner);
      jobs.run(name, outer, Math.ceil(BLOCK / n), [n, jobs.output(dx), jobs.input(dy), jobs.input(y)]);
      jobs.finish();
    };

  return {
    sum,
    variance: ofDeviations("variance"),
    standardDeviation: ofDeviations("standardDeviation"),
    softmax: along("softmax", plain.softmax),
    logSoftmax: along("logSoftmax", plain.logSoftmax),
    logsumexp: along("logsumexp", plain.logsumexp),
    softmaxBackward: pullBack("softmaxBackward", plain.softmaxBackward),
    logSoftmaxBackward: pullBack("logSoftmaxBackward", plain.logSoftmaxBackward),
  };
}
