/** Pull-backs that are kernels. */
import { isGradEnabled } from "../../grad-mode.ts";
import type { PullBack } from "../../graph.ts";

/** A pull-back in one kernel; and in operations where the backward pass is itself recorded: kernels cannot be differentiated. */
export const kernelOrOperations =
  (kernel: PullBack, operations: PullBack): PullBack =>
  (dy) =>
    (isGradEnabled() ? operations : kernel)(dy);
