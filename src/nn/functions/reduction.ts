/** What becomes of the losses of single elements or samples. */
import { div } from "../../autograd/ops/elementwise.ts";
import { sum } from "../../autograd/ops/reduction.ts";
import type { Tensor } from "../../tensor/tensor.ts";

export type Reduction = "mean" | "sum" | "none";

/** The losses as they are, their sum, or their sum divided by `count`. */
export function reduced(losses: Tensor, reduction: Reduction, count: Tensor | number): Tensor {
  if (reduction === "none") return losses;
  if (reduction === "sum") return sum(losses);
  if (reduction === "mean") return div(sum(losses), count);
  throw new Error(`${reduction} is not a valid value for reduction: it is "mean", "sum" or "none"`);
}
