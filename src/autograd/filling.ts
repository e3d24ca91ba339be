import { fillRandint } from "../tensor/random/distributions.ts";
import { fillCauchy, fillExponential, fillGeometric, fillLogNormal } from "../tensor/random/transformed.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { overwrite } from "./inplace.ts";
import {
  bernoulli,
  bernoulliInto,
  type MultinomialOptions,
  multinomial,
  type RandomSource,
  sourceOf,
} from "./random.ts";

export const methods = {
  // new values in place
  /**
   * Every element becomes 1 with probability p, else 0; of a tensor, with the probability that is in its place.
   * @example zeros(6).bernoulli_(0.5)
   */
  bernoulli_(this: Tensor, p: number | Tensor = 0.5, options?: RandomSource): Tensor {
    return overwrite(this, () => bernoulliInto(this, p, sourceOf(options)));
  },
  /** Every element becomes a waiting time, of mean 1 / λ. @example zeros(3).exponential_(2) */
  exponential_(this: Tensor, lambda = 1, options?: RandomSource): Tensor {
    return overwrite(this, () => fillExponential(this, lambda, sourceOf(options)));
  },
  /** Every element becomes the number of trials to a success of probability p. @example zeros(3).geometric_(0.2) */
  geometric_(this: Tensor, p: number, options?: RandomSource): Tensor {
    return overwrite(this, () => fillGeometric(this, p, sourceOf(options)));
  },
  /** Every element becomes a number of Cauchy's distribution. @example zeros(3).cauchy_() */
  cauchy_(this: Tensor, median = 0, sigma = 1, options?: RandomSource): Tensor {
    return overwrite(this, () => fillCauchy(this, median, sigma, sourceOf(options)));
  },
  /** Every element becomes e to the power of a normal number of that mean and deviation. @example zeros(3).logNormal_() */
  logNormal_(this: Tensor, mean = 1, std = 2, options?: RandomSource): Tensor {
    return overwrite(this, () => fillLogNormal(this, mean, std, sourceOf(options)));
  },
  /**
   * Every element becomes a whole number in [from, to), or in [0, from) of one number. Without them, or with null for the second,
   * they go up to the largest up to which the dtype holds all.
   * @example console.log(zeros(3).random_(10), zeros(3).random_(5, 8))
   */
  random_(this: Tensor, from?: Int, to?: Int | null, options?: RandomSource): Tensor {
    const [low, high] = to === undefined ? [0, from ?? null] : [from ?? 0, to];
    return overwrite(this, () => fillRandint(this, low, high, sourceOf(options)));
  },

  // drawn by what the elements are
  /** 1 with the probability that each element is, or p, else 0: `bernoulli(x)`. @example tensor([0, 0.5, 1]).bernoulli() */
  bernoulli(this: Tensor, p?: number, options?: RandomSource): Tensor {
    return p === undefined ? bernoulli(this, options) : bernoulli(this, p, options);
  },
  /** Indices, drawn in proportion to their weights: `multinomial(x, count)`. @example tensor([1, 0, 3]).multinomial(2) */
  multinomial(this: Tensor, count: Int, options?: MultinomialOptions): Tensor {
    return multinomial(this, count, options);
  },
};
