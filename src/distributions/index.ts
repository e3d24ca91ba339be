/** The `distributions` namespace: random variables with their samples, densities, moments and distances. */
export { Bernoulli } from "./bernoulli.ts";
export { Beta } from "./beta.ts";
export { Binomial } from "./binomial.ts";
export { Categorical } from "./categorical.ts";
export { Cauchy } from "./cauchy.ts";
export {
  bijectTo,
  registerBijection,
  registerTransform,
  type TransformFactory,
  transformTo,
} from "./constraint-registry.ts";
export * as constraints from "./constraints.ts";
export { ContinuousBernoulli, type ContinuousBernoulliOptions } from "./continuous-bernoulli.ts";
export { Dirichlet } from "./dirichlet.ts";
export { Distribution, type EnumerateOptions } from "./distribution.ts";
export { Exponential } from "./exponential.ts";
export { ExponentialFamily } from "./exponential-family.ts";
export { FisherSnedecor } from "./fisher-snedecor.ts";
export { Chi2, Gamma } from "./gamma.ts";
export { Geometric } from "./geometric.ts";
export { Gumbel } from "./gumbel.ts";
export { HalfCauchy } from "./half-cauchy.ts";
export { HalfNormal } from "./half-normal.ts";
export { Independent } from "./independent.ts";
export { type DistributionClass, type Divergence, klDivergence, registerKl } from "./kl.ts";
export { Kumaraswamy } from "./kumaraswamy.ts";
export { Laplace } from "./laplace.ts";
export { LKJCholesky } from "./lkj-cholesky.ts";
export { LogNormal } from "./log-normal.ts";
export { LogisticNormal } from "./logistic-normal.ts";
export { LowRankMultivariateNormal } from "./low-rank-multivariate-normal.ts";
export { MixtureSameFamily } from "./mixture.ts";
export { Multinomial } from "./multinomial.ts";
export { MultivariateNormal, type MultivariateNormalOptions } from "./multivariate-normal.ts";
export { NegativeBinomial } from "./negative-binomial.ts";
export { Normal } from "./normal.ts";
export { OneHotCategorical, OneHotCategoricalStraightThrough } from "./one-hot-categorical.ts";
export type { DistributionOptions, ProbabilityOptions } from "./parameters.ts";
export { Pareto } from "./pareto.ts";
export { Poisson } from "./poisson.ts";
export { LogitRelaxedBernoulli, RelaxedBernoulli } from "./relaxed-bernoulli.ts";
export { ExpRelaxedCategorical, RelaxedOneHotCategorical } from "./relaxed-categorical.ts";
export { StudentT } from "./student-t.ts";
export * as transforms from "./transform-names.ts";
export { TransformedDistribution } from "./transformed.ts";
export { Uniform } from "./uniform.ts";
export { VonMises } from "./von-mises.ts";
export { Weibull } from "./weibull.ts";
export { Wishart } from "./wishart.ts";
