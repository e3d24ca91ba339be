/** Divergences between two distributions of one class. */
import { exp, log, mul, sub } from "../autograd/ops/elementwise.ts";
import { check } from "../tensor/check.ts";
import { sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Bernoulli } from "./bernoulli.ts";
import { Beta } from "./beta.ts";
import { Binomial } from "./binomial.ts";
import { Categorical } from "./categorical.ts";
import { Cauchy } from "./cauchy.ts";
import { ContinuousBernoulli } from "./continuous-bernoulli.ts";
import { Dirichlet } from "./dirichlet.ts";
import { klDivergence, registerKl } from "./divergence.ts";
import { Exponential } from "./exponential.ts";
import { ExponentialFamily, gradientOfNormalizer } from "./exponential-family.ts";
import { Gamma } from "./gamma.ts";
import { Geometric } from "./geometric.ts";
import { Gumbel } from "./gumbel.ts";
import { HalfNormal } from "./half-normal.ts";
import { Independent } from "./independent.ts";
import { Laplace } from "./laplace.ts";
import { MultivariateNormal } from "./multivariate-normal.ts";
import { Normal } from "./normal.ts";
import { OneHotCategorical } from "./one-hot-categorical.ts";
import { EULER, sumRightmost } from "./parameters.ts";
import { Pareto } from "./pareto.ts";
import { Poisson } from "./poisson.ts";
import { sameTransforms } from "./transform.ts";
import { TransformedDistribution } from "./transformed.ts";
import { softplus } from "./transforms.ts";
import { solveLower } from "./triangular.ts";
import { Uniform } from "./uniform.ts";

registerKl(Bernoulli, Bernoulli, (p, q) => {
  const ones = p.probs.mul(softplus(q.logits.neg()).sub(softplus(p.logits.neg())));
  const zeros = sub(1, p.probs).mul(softplus(q.logits).sub(softplus(p.logits)));
  const ofOnes = ones.maskedFill(q.probs.eq(0), Infinity).maskedFill(p.probs.eq(0), 0);
  return ofOnes.add(zeros.maskedFill(q.probs.eq(1), Infinity).maskedFill(p.probs.eq(1), 0));
});

registerKl(Beta, Beta, (p, q) => {
  const [a, b, c, d] = [p.concentration1, p.concentration0, q.concentration1, q.concentration0];
  const [ofP, ofQ] = [a.add(b), c.add(d)];
  const normalizers = c.lgamma().add(d.lgamma()).add(ofP.lgamma()).sub(a.lgamma().add(b.lgamma()).add(ofQ.lgamma()));
  const slopes = a.sub(c).mul(a.digamma()).add(b.sub(d).mul(b.digamma()));
  return normalizers.add(slopes).add(ofQ.sub(ofP).mul(ofP.digamma()));
});

registerKl(Binomial, Binomial, (p, q) => {
  const more = "KL between Binomials where q.total_count > p.total_count is not implemented";
  check(p.totalCount.lt(q.totalCount).any().item() === 0, more);
  const each = p.probs.mul(p.logits.sub(q.logits)).add(p.probs.neg().log1p()).sub(q.probs.neg().log1p());
  return p.totalCount.mul(each).maskedFill(p.totalCount.gt(q.totalCount), Infinity);
});

function klOfCategorical(p: Categorical | OneHotCategorical, q: Categorical | OneHotCategorical): Tensor {
  const each = p.probs.mul(p.logits.sub(q.logits));
  return each.maskedFill(q.probs.eq(0), Infinity).maskedFill(p.probs.eq(0), 0).sum(-1);
}
registerKl(Categorical, Categorical, klOfCategorical);
registerKl(OneHotCategorical, OneHotCategorical, klOfCategorical);

registerKl(ContinuousBernoulli, ContinuousBernoulli, (p, q) => {
  const ofP = p.logNormalization.add(p.probs.neg().log1p());
  const ofQ = q.logNormalization.add(q.probs.neg().log1p());
  return p.mean.mul(p.logits.sub(q.logits)).add(ofP).sub(ofQ);
});

registerKl(Dirichlet, Dirichlet, (p, q) => {
  const [a, b] = [p.concentration, q.concentration];
  const [ofP, ofQ] = [a.sum(-1), b.sum(-1)];
  const slopes = a.digamma().sub(ofP.digamma().unsqueeze(-1));
  const normalizers = ofP.lgamma().sub(ofQ.lgamma()).sub(a.lgamma().sub(b.lgamma()).sum(-1));
  return normalizers.add(a.sub(b).mul(slopes).sum(-1));
});

registerKl(Exponential, Exponential, (p, q) => {
  const ratio = q.rate.div(p.rate);
  return ratio.log().neg().add(ratio).sub(1);
});

/** F(θq) - F(θp) - ⟨θq - θp, ∇F(θp)⟩, the divergence of Bregman */
registerKl(ExponentialFamily, ExponentialFamily, (p, q) => {
  const otherClass =
    "The cross KL-divergence between different exponential families cannot                             be computed using Bregman divergences";
  check(p.constructor === q.constructor, otherClass);
  const { params, normalizer, gradients } = gradientOfNormalizer(p);
  const others = q.naturalParams;
  const batchNdim = Math.max(p.batchShape.length, q.batchShape.length);
  const inner = params.map((param, i) => others[i].sub(param).mul(gradients[i]));
  return inner.reduce(
    (rest, term) => rest.sub(sumRightmost(term, term.ndim - batchNdim)),
    q.logNormalizer(...others).sub(normalizer),
  );
});

registerKl(Gamma, Gamma, (p, q) => {
  const [a, b] = [p.concentration, q.concentration];
  const rates = b.mul(p.rate.div(q.rate).log()).add(q.rate.sub(p.rate).mul(a.div(p.rate)));
  return rates.add(b.lgamma().sub(a.lgamma())).add(a.sub(b).mul(a.digamma()));
});

registerKl(Gumbel, Gumbel, (p, q) => {
  const ratio = p.scale.div(q.scale);
  const distance = p.loc.div(q.scale).sub(q.loc.div(q.scale));
  const tail = exp(ratio.add(1).lgamma().sub(distance));
  return distance
    .sub(ratio.log())
    .add(ratio.mul(EULER))
    .add(tail)
    .sub(1 + EULER);
});

registerKl(Geometric, Geometric, (p, q) => p.entropy().neg().sub(q.probs.neg().log1p().div(p.probs)).sub(q.logits));

function klOfNormal(p: Normal, q: Normal): Tensor {
  const ratio = p.scale.div(q.scale).square();
  const distance = p.loc.sub(q.loc).div(q.scale).square();
  return ratio.add(distance).sub(1).sub(ratio.log()).mul(0.5);
}
registerKl(Normal, Normal, klOfNormal);
registerKl(HalfNormal, HalfNormal, (p, q) => klOfNormal(p.baseDist, q.baseDist));

registerKl(Laplace, Laplace, (p, q) => {
  const ratio = p.scale.div(q.scale);
  const distance = p.loc.sub(q.loc).abs();
  const overlap = ratio.mul(distance.neg().div(p.scale).exp());
  return ratio.log().neg().add(distance.div(q.scale)).add(overlap).sub(1);
});

registerKl(MultivariateNormal, MultivariateNormal, (p, q) => {
  const otherSize =
    "KL-divergence between two Multivariate Normals with                          different event shapes cannot be computed";
  check(sameShape(p.eventShape, q.eventShape), otherSize);
  const [n] = p.eventShape;
  const trace = solveLower(q.scaleTril, p.scaleTril).square().sum([-2, -1]);
  const distance = solveLower(q.scaleTril, q.loc.sub(p.loc).unsqueeze(-1)).square().sum([-2, -1]);
  const halfLogDet = ({ scaleTril }: MultivariateNormal) => scaleTril.diagonal(0, -2, -1).log().sum(-1);
  return halfLogDet(q).sub(halfLogDet(p)).add(trace.add(distance).sub(n).mul(0.5));
});

registerKl(Pareto, Pareto, (p, q) => {
  const scales = q.alpha.mul(p.scale.div(q.scale).log());
  const ratio = q.alpha.div(p.alpha);
  return scales.sub(ratio.log()).add(ratio).sub(1).maskedFill(p.scale.lt(q.scale), Infinity);
});

registerKl(Poisson, Poisson, (p, q) => p.rate.mul(p.rate.log().sub(q.rate.log())).sub(p.rate.sub(q.rate)));

registerKl(TransformedDistribution, TransformedDistribution, (p, q) => {
  check(sameTransforms(p.transforms, q.transforms), "No KL(p || q) of different transforms");
  check(sameShape(p.eventShape, q.eventShape), "No KL(p || q) of different event shapes");
  return klDivergence(p.baseDist, q.baseDist);
});

registerKl(Uniform, Uniform, (p, q) => {
  const ratio = q.high.sub(q.low).div(p.high.sub(p.low));
  return log(ratio).maskedFill(q.low.gt(p.low).logicalOr(q.high.lt(p.high)), Infinity);
});

registerKl(Independent, Independent, (p, q) => {
  const isSame = p.reinterpretedBatchNdims === q.reinterpretedBatchNdims;
  check(isSame, "No KL(p || q) of different reinterpretedBatchNdims");
  return sumRightmost(klDivergence(p.baseDist, q.baseDist), p.reinterpretedBatchNdims);
});

registerKl(Cauchy, Cauchy, (p, q) => {
  const sum = p.scale.add(q.scale).square().add(p.loc.sub(q.loc).square());
  return log(sum).sub(log(mul(p.scale, q.scale).mul(4)));
});
