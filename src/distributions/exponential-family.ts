/**
 * Distributions with densities p(x) = exp(⟨t(x), θ⟩ - F(θ) + k(x)): natural parameters θ, a log normalizer F, a carrier measure k.
 * Entropy and divergence follow from F and its gradient, which is the mean of t(x) (Nielsen & Nock 2010, "Entropies and
 * cross-entropies of exponential families").
 */
import { grad } from "../autograd/engine.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Distribution } from "./distribution.ts";

/**
 * A distribution of an exponential family. Mirrors `torch.distributions.ExponentialFamily`.
 * @example
 * const wait = new distributions.Exponential(2);
 * const [minusRate] = wait.naturalParams;
 * console.log(minusRate, wait.logNormalizer(minusRate));
 */
export abstract class ExponentialFamily extends Distribution {
  /** θ, which may be several tensors. */
  get naturalParams(): readonly Tensor[] {
    return this.lacks("naturalParams");
  }

  /** F(θ). */
  logNormalizer(...naturalParams: Tensor[]): Tensor {
    return this.lacks("logNormalizer", naturalParams);
  }

  /** The mean of k(x). */
  get meanCarrierMeasure(): Tensor | number {
    return this.lacks("meanCarrierMeasure");
  }

  /** F(θ) - ⟨θ, ∇F(θ)⟩ - the mean of k(x). */
  override entropy(): Tensor {
    const carried = this.meanCarrierMeasure;
    const { params, normalizer, gradients } = gradientOfNormalizer(this);
    const inner = params.map((param, i) => param.mul(gradients[i]));
    return inner.reduce(
      (rest, term) => rest.sub(term.reshape(...this.batchShape, -1).sum(-1)),
      normalizer.sub(carried),
    );
  }
}

/** θ as leaves, F(θ) and ∇F(θ), which can be differentiated again. */
export function gradientOfNormalizer(family: ExponentialFamily) {
  const params = family.naturalParams.map((param) => param.detach().requiresGrad_());
  const normalizer = family.logNormalizer(...params);
  return { params, normalizer, gradients: grad(normalizer.sum(), params, { createGraph: true }) };
}
