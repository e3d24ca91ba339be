/** Divergences between distributions of different classes: infinite where q has no density for what p may give. */
import { type Operand, sub, where } from "../autograd/ops/elementwise.ts";
import { fullLike } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Bernoulli } from "./bernoulli.ts";
import { Beta } from "./beta.ts";
import { Binomial } from "./binomial.ts";
import { ContinuousBernoulli } from "./continuous-bernoulli.ts";
import type { Distribution } from "./distribution.ts";
import { type DistributionClass, registerKl } from "./divergence.ts";
import { Exponential } from "./exponential.ts";
import { Gamma } from "./gamma.ts";
import { Gumbel } from "./gumbel.ts";
import { Laplace } from "./laplace.ts";
import { Normal } from "./normal.ts";
import { EULER } from "./parameters.ts";
import { Pareto } from "./pareto.ts";
import { Poisson } from "./poisson.ts";
import { Uniform } from "./uniform.ts";

/** log √2π, the constant in normal densities */
const LOG_ROOT = 0.5 * Math.log(2 * Math.PI);

const logOf = (x: Tensor): Tensor => x.log();
const xLogX = (x: Tensor): Tensor => x.mul(x.log());

/** Registers that the divergence is infinite, of the shape of a parameter of p. */
function infinite<P extends Distribution>(
  p: DistributionClass<P>,
  parameter: (p: P) => Tensor,
  ...qs: DistributionClass[]
): void {
  for (const q of qs) registerKl(p, q, (own) => fullLike(parameter(own), Infinity));
}

infinite(Beta, (p) => p.concentration1, Pareto);
infinite(ContinuousBernoulli, (p) => p.probs, Pareto);
infinite(Exponential, (p) => p.rate, Beta, ContinuousBernoulli, Pareto, Uniform);
infinite(Gamma, (p) => p.concentration, Beta, ContinuousBernoulli, Pareto, Uniform);
infinite(Gumbel, (p) => p.loc, Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform);
infinite(Laplace, (p) => p.loc, Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform);
infinite(Normal, (p) => p.loc, Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform);
infinite(Pareto, (p) => p.scale, Beta, ContinuousBernoulli, Uniform);
infinite(Poisson, (p) => p.rate, Bernoulli, Binomial);

/** -∫ p log q for normal q, of the first two moments of p */
function crossNormal(mean: Tensor, square: Tensor, q: Normal): Tensor {
  const distance = square.mul(0.5).sub(q.loc.mul(mean)).add(q.loc.square().mul(0.5));
  return q.scale.log().add(LOG_ROOT).add(distance.div(q.scale.square()));
}

/** -∫ p log q for gamma q, of the means of x and of log x */
function crossGamma(mean: Tensor, logMean: Tensor, q: Gamma): Tensor {
  const normalizer = q.concentration.lgamma().sub(q.concentration.mul(q.rate.log()));
  return normalizer.sub(q.concentration.sub(1).mul(logMean)).add(q.rate.mul(mean));
}

const crossExponential = (mean: Tensor, q: Exponential): Tensor => q.rate.mul(mean).sub(q.rate.log());

/** -∫ p log q for continuous Bernoulli q */
const crossContinuous = (mean: Tensor, q: ContinuousBernoulli): Tensor =>
  mean.mul(q.logits).add(q.probs.neg().log1p()).add(q.logNormalization).neg();

/** ∞ where a range goes beyond that of q */
const within = (kl: Tensor, low: Operand, high: Operand, q: Uniform): Tensor =>
  kl.maskedFill(q.low.gt(low).logicalOr(q.high.lt(high)), Infinity);

registerKl(Bernoulli, Poisson, (p, q) => q.rate.sub(p.probs.mul(q.rate.log())).sub(p.entropy()));

// from the beta distribution
registerKl(Beta, ContinuousBernoulli, (p, q) => crossContinuous(p.mean, q).sub(p.entropy()));
registerKl(Beta, Exponential, (p, q) => crossExponential(p.mean, q).sub(p.entropy()));
registerKl(Beta, Gamma, (p, q) => {
  const logMean = p.concentration1.digamma().sub(p.concentration1.add(p.concentration0).digamma());
  return crossGamma(p.mean, logMean, q).sub(p.entropy());
});
registerKl(Beta, Normal, (p, q) => crossNormal(p.mean, p.variance.add(p.mean.square()), q).sub(p.entropy()));
registerKl(Beta, Uniform, (p, q) => within(logOf(q.high.sub(q.low)).sub(p.entropy()), 0, 1, q));

// from the continuous Bernoulli distribution
registerKl(ContinuousBernoulli, Exponential, (p, q) => crossExponential(p.mean, q).sub(p.entropy()));
registerKl(ContinuousBernoulli, Normal, (p, q) =>
  crossNormal(p.mean, p.variance.add(p.mean.square()), q).sub(p.entropy()),
);
registerKl(ContinuousBernoulli, Uniform, (p, q) => {
  const kl = logOf(q.high.sub(q.low)).sub(p.entropy());
  return where(q.low.ge(0).logicalOr(q.high.le(1)), Infinity, kl); // PyTorch's condition, to the letter
});

// from the exponential distribution
registerKl(Exponential, Gamma, (p, q) => {
  const ratio = q.rate.div(p.rate);
  const normalizer = q.concentration.lgamma().add(q.concentration.mul(EULER));
  return ratio
    .sub(q.concentration.mul(ratio.log()))
    .add(normalizer)
    .sub(1 + EULER);
});
registerKl(Exponential, Gumbel, (p, q) => {
  const product = p.rate.mul(q.scale);
  const ratio = q.loc.div(q.scale);
  const tail = ratio.exp().mul(product).div(product.add(1));
  return product.log().sub(1).sub(ratio).add(tail).add(product.reciprocal());
});
registerKl(Exponential, Normal, (p, q) =>
  crossNormal(p.rate.reciprocal(), p.rate.square().reciprocal().mul(2), q).sub(p.entropy()),
);

// from the gamma distribution
registerKl(Gamma, Exponential, (p, q) => crossExponential(p.mean, q).sub(p.entropy()));
registerKl(Gamma, Gumbel, (p, q) => {
  const { concentration: a } = p;
  const product = p.rate.mul(q.scale);
  const ratio = q.loc.div(q.scale);
  const ofP = a.sub(1).mul(a.digamma()).sub(a.lgamma()).sub(a);
  const tail = ratio.exp().mul(product.reciprocal().add(1).pow(a.neg()));
  return ofP.add(product.log()).add(a.div(product)).add(tail).sub(ratio);
});
registerKl(Gamma, Normal, (p, q) => crossNormal(p.mean, p.variance.add(p.mean.square()), q).sub(p.entropy()));

// from Gumbel's, Laplace's and the normal distribution
registerKl(Gumbel, Normal, (p, q) => crossNormal(p.mean, p.variance.add(p.mean.square()), q).sub(p.entropy()));
registerKl(Laplace, Normal, (p, q) => crossNormal(p.mean, p.variance.add(p.mean.square()), q).sub(p.entropy()));
registerKl(Normal, Gumbel, (p, q) => {
  const distance = p.loc.sub(q.loc).div(q.scale);
  const ratio = p.scale.div(q.scale).square();
  const tail = ratio.mul(0.5).sub(distance).exp();
  return distance
    .sub(ratio.log().mul(0.5))
    .add(tail)
    .sub(0.5 + LOG_ROOT);
});
registerKl(Normal, Laplace, (p, q) => {
  const distance = p.loc.sub(q.loc);
  const ratio = distance.div(p.scale);
  const near = p.scale.mul(Math.sqrt(2 / Math.PI)).mul(ratio.square().mul(-0.5).exp());
  const far = distance.mul(ratio.mul(Math.SQRT1_2).erf());
  const scales = logOf(p.scale.div(q.scale));
  return near
    .add(far)
    .div(q.scale)
    .sub(scales)
    .sub(0.5 * (1 + Math.log(0.5 * Math.PI)));
});

// from Pareto's distribution
registerKl(Pareto, Exponential, (p, q) => {
  const product = p.scale.mul(q.rate);
  const mean = p.alpha.mul(product).div(p.alpha.sub(1));
  const kl = logOf(p.alpha.div(product)).sub(p.alpha.reciprocal()).add(mean).sub(1);
  return kl.maskedFill(p.alpha.le(1), Infinity);
});
registerKl(Pareto, Gamma, (p, q) => {
  const logMean = p.scale.log().add(p.alpha.reciprocal());
  const mean = p.alpha.mul(p.scale).div(p.alpha.sub(1));
  return crossGamma(mean, logMean, q).sub(p.entropy()).maskedFill(p.alpha.le(1), Infinity);
});
registerKl(Pareto, Normal, (p, q) => {
  const mean = p.alpha.mul(p.scale).div(p.alpha.sub(1));
  const square = p.alpha.mul(p.scale.square()).div(p.alpha.sub(2));
  return crossNormal(mean, square, q).sub(p.entropy()).maskedFill(p.alpha.le(2), Infinity);
});

// from the uniform distribution
registerKl(Uniform, Beta, (p, q) => {
  const range = p.high.sub(p.low);
  const logMean = xLogX(p.high).sub(xLogX(p.low)).sub(range).div(range);
  const logRest = xLogX(sub(1, p.high))
    .sub(xLogX(sub(1, p.low)))
    .add(range)
    .div(range)
    .neg();
  const [a, b] = [q.concentration1, q.concentration0];
  const normalizer = a.lgamma().add(b.lgamma()).sub(a.add(b).lgamma());
  const kl = normalizer.sub(a.sub(1).mul(logMean)).sub(b.sub(1).mul(logRest)).sub(range.log());
  return kl.maskedFill(p.high.gt(1).logicalOr(p.low.lt(0)), Infinity);
});
registerKl(Uniform, ContinuousBernoulli, (p, q) => {
  const kl = crossContinuous(p.mean, q).sub(p.entropy());
  return where(p.high.ge(1).logicalOr(p.low.le(0)), Infinity, kl);
});
registerKl(Uniform, Exponential, (p, q) => {
  const kl = crossExponential(p.mean, q).sub(p.entropy());
  return kl.maskedFill(p.low.lt(0), Infinity);
});
registerKl(Uniform, Gamma, (p, q) => {
  const range = p.high.sub(p.low);
  const logMean = xLogX(p.high).sub(xLogX(p.low)).sub(range).div(range);
  return crossGamma(p.mean, logMean, q).sub(p.entropy()).maskedFill(p.low.lt(0), Infinity);
});
registerKl(Uniform, Gumbel, (p, q) => {
  const share = q.scale.div(p.high.sub(p.low));
  const [high, low] = [p.high.sub(q.loc).div(q.scale), p.low.sub(q.loc).div(q.scale)];
  const tail = share.mul(high.neg().exp().sub(low.neg().exp()));
  return share.log().add(high.add(low).mul(0.5)).sub(tail);
});
registerKl(Uniform, Normal, (p, q) => crossNormal(p.mean, p.variance.add(p.mean.square()), q).sub(p.entropy()));
registerKl(Uniform, Pareto, (p, q) => {
  const range = p.high.sub(p.low);
  const logMean = xLogX(p.high).sub(xLogX(p.low)).sub(range).div(range);
  const kl = logMean.mul(q.alpha.add(1)).sub(logOf(q.alpha.mul(q.scale.pow(q.alpha)).mul(range)));
  return kl.maskedFill(p.low.lt(q.scale), Infinity);
});
