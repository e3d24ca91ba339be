/** What distributions of trials share, each of which succeeds or fails. Read next: binomial.ts. */
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { real, unitInterval } from "./constraints.ts";
import { Distribution } from "./distribution.ts";
import { define, type Given, lazily, logOdds } from "./parameters.ts";

/** A distribution that is given the probability of a success, or its log odds. */
export abstract class Trials extends Distribution {
  /** @param parameter the value that was given, broadcast with a subclass's other parameters */
  protected constructor({ name, options }: Given, parameter: Tensor) {
    super(parameter.shape, [], options);
    define(this, { [name]: parameter });
  }

  /** The probability of a success. */
  get probs(): Tensor {
    return lazily(this, "probs", () => this.logits.sigmoid());
  }

  /** log (probs / (1 - probs)). */
  get logits(): Tensor {
    return lazily(this, "logits", () => logOdds(this.probs));
  }

  protected override get derived(): readonly string[] {
    return ["probs", "logits"];
  }

  override get argConstraints() {
    return { probs: unitInterval, logits: real };
  }

  /** The shape of `probs`. */
  get paramShape(): Shape {
    return this.batchShape;
  }
}
