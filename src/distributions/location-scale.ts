/** Distributions of loc + scale · x, for an x whose distribution is the same below 0 as above. Read next: laplace.ts. */
import type { Operand } from "../autograd/ops/elementwise.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { positive, real } from "./constraints.ts";
import { Distribution } from "./distribution.ts";
import { broadcastAll, type DistributionOptions } from "./parameters.ts";

/** A distribution that is given its middle and its width. */
export abstract class LocationScale extends Distribution {
  /** The middle: the mode, the median, and where there is one the mean. */
  readonly loc: Tensor;
  /** How wide it is. */
  readonly scale: Tensor;

  /** Parameters broadcast. @param loc the middle @param scale the width, above 0 */
  constructor(loc: Operand, scale: Operand, options?: DistributionOptions) {
    const [middle, width] = broadcastAll(loc, scale);
    super(middle.shape, [], options);
    this.loc = middle;
    this.scale = width;
    this.checkParameters();
  }

  override get argConstraints() {
    return { loc: real, scale: positive };
  }

  override get support() {
    return real;
  }

  override get hasRsample(): boolean {
    return true;
  }

  override get mode(): Tensor {
    return this.loc;
  }
}
