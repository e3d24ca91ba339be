/** What distributions share that are made of draws of one of several classes. Read next: one-hot-categorical.ts. */
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Categorical } from "./categorical.ts";
import { realVector, simplex } from "./constraints.ts";
import { Distribution } from "./distribution.ts";
import type { Given } from "./parameters.ts";

/** A distribution that is given the probabilities of classes, or their logarithms. An event has a number for each class. */
export abstract class OfClasses extends Distribution {
  /** One draw. */
  protected readonly categorical: Categorical;

  protected constructor({ name, value, options }: Given) {
    const categorical = new Categorical({ [name]: value });
    super(categorical.batchShape, categorical.paramShape.slice(-1), options);
    this.categorical = categorical;
  }

  /** The probabilities of the classes, with the sum 1. */
  get probs(): Tensor {
    return this.categorical.probs;
  }

  /** Their logarithms. */
  get logits(): Tensor {
    return this.categorical.logits;
  }

  override get argConstraints() {
    return { probs: simplex, logits: realVector };
  }

  /** The shape of `probs`. */
  get paramShape(): Shape {
    return this.categorical.paramShape;
  }
}
