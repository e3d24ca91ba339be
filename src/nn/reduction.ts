/** What becomes of the losses of single elements or samples. */
import { div } from "../autograd/ops/elementwise.ts";
import { sum } from "../autograd/ops/reduction.ts";
import { check } from "../tensor/check.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** What becomes of the losses of single elements or samples. */
export type Reduction = "mean" | "sum" | "none";

/** Options of losses that compare element by element. */
export interface LossOptions {
  /** "mean" over the elements, their "sum", or "none", one loss an element. Default: "mean". */
  reduction?: Reduction;
}
export const lossDefaults: Required<LossOptions> = { reduction: "mean" };

/** The losses as they are, their sum, or their sum divided by `count`. */
export function reduced(losses: Tensor, reduction: Reduction, count: Tensor | number = losses.numel): Tensor {
  check(
    reduction === "mean" || reduction === "sum" || reduction === "none",
    () => `${reduction} is not a valid value for reduction: it is "mean", "sum" or "none"`,
  );
  if (reduction === "none") return losses;
  return reduction === "sum" ? sum(losses) : div(sum(losses), count);
}
