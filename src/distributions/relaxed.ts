/** What relaxed choices share: numbers near to 0 and 1 in place of either. Read next: relaxed-bernoulli.ts. */
import type { Operand } from "../autograd/ops/elementwise.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Distribution } from "./distribution.ts";
import { TransformedDistribution } from "./transformed.ts";

/** What there is of a choice before it is transformed. */
interface Choice {
  readonly temperature: Operand;
  readonly probs: Tensor;
  readonly logits: Tensor;
}

/** A choice that is not quite made. */
export abstract class Relaxed<Base extends Distribution & Choice> extends TransformedDistribution {
  declare readonly baseDist: Base;

  /** The lower, the nearer to 0 or 1 samples are. */
  get temperature(): Operand {
    return this.baseDist.temperature;
  }

  /** The probabilities of the choices. */
  get probs(): Tensor {
    return this.baseDist.probs;
  }

  /** Their log odds; of several classes, their logarithms. */
  get logits(): Tensor {
    return this.baseDist.logits;
  }
}
