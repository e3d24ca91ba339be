/** Distributions to compare with PyTorch: how each is made of leaves, and values to ask about. */
import type { distributions as Distributions, DType, Tensor } from "../../src/index.ts";
import { torch } from "../support/index.ts";

const { distributions, tensor } = torch;

/** Makes a distribution of its parameters. */
export interface Case {
  readonly parameters: readonly (readonly number[] | readonly (readonly number[])[])[];
  readonly make: (...parameters: Tensor[]) => Distributions.Distribution;
  /** Within the support, of a shape that broadcasts. */
  readonly values: readonly number[] | readonly (readonly number[])[];
  /** Probabilities for icdf; none for what has no icdf. */
  readonly shares?: readonly number[];
  /** Whether it computes with derivatives of the gamma function. */
  readonly ofGamma?: true;
  /** What it has beside samples and log probabilities. */
  readonly has: readonly (
    | "cdf"
    | "entropy"
    | "mean"
    | "mode"
    | "variance"
    | "stddev"
    | "enumerateSupport"
    | "rsample"
  )[];
}

const moments = ["mean", "variance", "stddev"] as const;
const all = ["cdf", "entropy", "mode", ...moments] as const;
const shares = [0.1, 0.5, 0.75];

export const leaves = ({ parameters }: Case, dtype: DType): Tensor[] =>
  parameters.map((values) => tensor(values as number[], { dtype, requiresGrad: true }));

/** By the name that tests have. */
export const cases: Readonly<Record<string, Case>> = {
  Normal: {
    parameters: [
      [0, 1, -2],
      [1, 0.5, 3],
    ],
    make: (loc, scale) => new distributions.Normal(loc, scale),
    values: [0.3, -1, 2],
    shares,
    has: [...all, "rsample"],
  },
  "Normal of numbers": {
    parameters: [[0.5]],
    make: (loc) => new distributions.Normal(loc, 2),
    values: [0.3, -1, 2],
    shares,
    has: [...all, "rsample"],
  },
  Categorical: {
    parameters: [
      [
        [0.1, 0.2, 0.7],
        [1, 1, 2],
      ],
    ],
    make: (probs) => new distributions.Categorical(probs),
    values: [2, 0],
    has: ["entropy", "mode", ...moments, "enumerateSupport"],
  },
  "Categorical of logits": {
    parameters: [
      [
        [0.1, -0.2, 0.7],
        [1, 0, 2],
      ],
    ],
    make: (logits) => new distributions.Categorical({ logits }),
    values: [2, 0],
    has: ["entropy", "mode", ...moments, "enumerateSupport"],
  },
  Bernoulli: {
    parameters: [[0.1, 0.5, 0.9]],
    make: (probs) => new distributions.Bernoulli(probs),
    values: [0, 1, 1],
    has: ["entropy", "mode", ...moments, "enumerateSupport"],
  },
  "Bernoulli of logits": {
    parameters: [[-1, 0, 3]],
    make: (logits) => new distributions.Bernoulli({ logits }),
    values: [0, 1, 1],
    has: ["entropy", "mode", ...moments, "enumerateSupport"],
  },
  OneHotCategorical: {
    parameters: [
      [
        [0.1, 0.2, 0.7],
        [1, 1, 2],
      ],
    ],
    make: (probs) => new distributions.OneHotCategorical(probs),
    values: [
      [0, 0, 1],
      [1, 0, 0],
    ],
    has: ["entropy", "mode", ...moments, "enumerateSupport"],
  },
  OneHotCategoricalStraightThrough: {
    parameters: [
      [
        [0.1, -0.2, 0.7],
        [1, 0, 2],
      ],
    ],
    make: (logits) => new distributions.OneHotCategoricalStraightThrough({ logits }),
    values: [
      [0, 0, 1],
      [1, 0, 0],
    ],
    has: ["entropy", "mode", ...moments, "enumerateSupport", "rsample"],
  },
  Independent: {
    parameters: [
      [
        [0, 1, -2],
        [0.5, 1, 2],
      ],
      [1, 0.5, 3],
    ],
    make: (loc, scale) => new distributions.Independent(new distributions.Normal(loc, scale), 1),
    values: [[0.3, -1, 2]],
    has: ["entropy", "mode", ...moments, "rsample"],
  },
  Uniform: {
    parameters: [
      [0, 1, -2],
      [1, 1.5, 3],
    ],
    make: (low, high) => new distributions.Uniform(low, high),
    values: [0.25, 1.2, -1],
    shares,
    has: [...all, "rsample"],
  },
  Multinomial: {
    parameters: [
      [
        [0.1, 0.2, 0.7],
        [1, 1, 2],
      ],
    ],
    make: (probs) => new distributions.Multinomial(5, probs),
    values: [
      [0, 1, 4],
      [2, 2, 1],
    ],
    has: ["entropy", ...moments],
  },
  "Multinomial of logits": {
    parameters: [[0.1, -0.2, 0.7]],
    make: (logits) => new distributions.Multinomial(3, { logits }),
    values: [
      [0, 1, 2],
      [3, 0, 0],
    ],
    has: ["entropy", ...moments],
  },
  Binomial: {
    parameters: [[0.1, 0.5, 0.9]],
    make: (probs) => new distributions.Binomial(20, probs),
    values: [0, 7, 20],
    has: ["entropy", "mode", ...moments, "enumerateSupport"],
  },
  "Binomial of logits": {
    parameters: [[-1, 0.25, 3]],
    make: (logits) => new distributions.Binomial(30, { logits }),
    values: [0, 7, 30],
    has: ["entropy", "mode", ...moments, "enumerateSupport"],
  },
  Exponential: {
    parameters: [[0.2, 1, 3]],
    make: (rate) => new distributions.Exponential(rate),
    values: [0, 0.5, 2],
    shares,
    has: [...all, "rsample"],
  },
  Poisson: {
    parameters: [[0.2, 3, 30]],
    make: (rate) => new distributions.Poisson(rate),
    values: [0, 5, 27],
    has: ["mode", ...moments],
  },
  Laplace: {
    parameters: [
      [0, 1, -2],
      [1, 0.5, 3],
    ],
    make: (loc, scale) => new distributions.Laplace(loc, scale),
    values: [0.3, -1, 2],
    shares,
    has: [...all, "rsample"],
  },
  Cauchy: {
    parameters: [
      [0, 1, -2],
      [1, 0.5, 3],
    ],
    make: (loc, scale) => new distributions.Cauchy(loc, scale),
    values: [0.3, -1, 2],
    shares,
    has: [...all, "rsample"],
  },
  Gamma: {
    ofGamma: true,
    parameters: [
      [0.3, 2, 9],
      [1, 0.5, 3],
    ],
    make: (concentration, rate) => new distributions.Gamma(concentration, rate),
    values: [0.3, 1, 4],
    has: ["entropy", "mode", ...moments, "rsample"],
  },
  Chi2: {
    ofGamma: true,
    parameters: [[0.5, 3, 20]],
    make: (df) => new distributions.Chi2(df),
    values: [0.3, 1, 4],
    has: ["entropy", "mode", ...moments, "rsample"],
  },
  Beta: {
    ofGamma: true,
    parameters: [
      [0.3, 2, 9],
      [1, 0.5, 3],
    ],
    make: (concentration1, concentration0) => new distributions.Beta(concentration1, concentration0),
    values: [0.3, 0.1, 0.8],
    has: ["entropy", "mode", ...moments, "rsample"],
  },
  Dirichlet: {
    ofGamma: true,
    parameters: [
      [
        [0.3, 2, 9],
        [0.5, 0.25, 0.75],
      ],
    ],
    make: (concentration) => new distributions.Dirichlet(concentration),
    values: [0.25, 0.25, 0.5],
    has: ["entropy", "mode", ...moments, "rsample"],
  },
  StudentT: {
    ofGamma: true,
    parameters: [
      [0.5, 1.5, 5],
      [0, 1, 2],
      [1, 2, 0.5],
    ],
    make: (df, loc, scale) => new distributions.StudentT(df, loc, scale),
    values: [0.3, -1, 2],
    has: ["entropy", "mode", ...moments, "rsample"],
  },
  FisherSnedecor: {
    ofGamma: true,
    parameters: [
      [0.5, 4, 5],
      [1.5, 3, 12],
    ],
    make: (df1, df2) => new distributions.FisherSnedecor(df1, df2),
    values: [0.3, 1, 2],
    has: ["mode", ...moments, "rsample"],
  },
  Geometric: {
    parameters: [[0.1, 0.5, 0.9]],
    make: (probs) => new distributions.Geometric(probs),
    values: [0, 3, 1],
    has: ["entropy", "mode", ...moments],
  },
  "Geometric of logits": {
    parameters: [[-1, 0, 2]],
    make: (logits) => new distributions.Geometric({ logits }),
    values: [0, 3, 1],
    has: ["entropy", "mode", ...moments],
  },
  NegativeBinomial: {
    ofGamma: true,
    parameters: [
      [1, 2.5, 10],
      [0.1, 0.5, 0.9],
    ],
    make: (count, probs) => new distributions.NegativeBinomial(count, probs),
    values: [0, 3, 40],
    has: ["mode", ...moments],
  },
  "NegativeBinomial of logits": {
    parameters: [[-1, 0, 2]],
    make: (logits) => new distributions.NegativeBinomial(4, { logits }),
    values: [0, 3, 40],
    has: ["mode", ...moments],
  },
  LogNormal: {
    parameters: [
      [0, 1, -2],
      [1, 0.5, 1.5],
    ],
    make: (loc, scale) => new distributions.LogNormal(loc, scale),
    values: [0.3, 1, 2],
    shares,
    has: [...all, "rsample"],
  },
  HalfNormal: {
    parameters: [[1, 0.5, 3]],
    make: (scale) => new distributions.HalfNormal(scale),
    values: [0.3, 0.1, 2],
    shares,
    has: [...all, "rsample"],
  },
  HalfCauchy: {
    parameters: [[1, 0.5, 3]],
    make: (scale) => new distributions.HalfCauchy(scale),
    values: [0.3, 0.1, 2],
    shares,
    has: [...all, "rsample"],
  },
  Gumbel: {
    parameters: [
      [0, 1, -2],
      [1, 0.5, 3],
    ],
    make: (loc, scale) => new distributions.Gumbel(loc, scale),
    values: [0.3, -1, 2],
    shares,
    has: [...all, "rsample"],
  },
  Pareto: {
    parameters: [
      [1, 0.5, 0.2],
      [0.5, 1.5, 3],
    ],
    make: (scale, alpha) => new distributions.Pareto(scale, alpha),
    values: [1.5, 1, 2],
    shares,
    has: [...all, "rsample"],
  },
  Weibull: {
    ofGamma: true,
    parameters: [
      [1, 0.5, 2],
      [1.25, 1.5, 3],
    ],
    make: (scale, concentration) => new distributions.Weibull(scale, concentration),
    values: [1.5, 0.25, 2],
    shares,
    has: [...all, "rsample"],
  },
  Kumaraswamy: {
    ofGamma: true,
    parameters: [
      [0.5, 2, 3],
      [1.25, 1.5, 3],
    ],
    make: (a, b) => new distributions.Kumaraswamy(a, b),
    values: [0.3, 0.1, 0.8],
    shares,
    has: [...all, "rsample"],
  },
  ContinuousBernoulli: {
    parameters: [[0.1, 0.5, 0.8]],
    make: (probs) => new distributions.ContinuousBernoulli(probs),
    values: [0.3, 0.1, 0.8],
    shares,
    has: ["cdf", "entropy", ...moments, "rsample"],
  },
  "ContinuousBernoulli of logits": {
    parameters: [[-1, 0, 2]],
    make: (logits) => new distributions.ContinuousBernoulli({ logits }),
    values: [0.3, 0.1, 0.8],
    shares,
    has: ["cdf", "entropy", ...moments, "rsample"],
  },
  RelaxedBernoulli: {
    parameters: [[0.1, 0.5, 0.8], [0.5]],
    make: (probs, temperature) => new distributions.RelaxedBernoulli(temperature, probs),
    values: [0.3, 0.1, 0.8],
    has: ["rsample"],
  },
  "RelaxedBernoulli of logits": {
    parameters: [[-1, 0, 2]],
    make: (logits) => new distributions.RelaxedBernoulli(tensor(2, { dtype: logits.dtype }), { logits }),
    values: [0.3, 0.1, 0.8],
    has: ["rsample"],
  },
  RelaxedOneHotCategorical: {
    parameters: [
      [
        [0.1, 0.2, 0.7],
        [1, 1, 2],
      ],
    ],
    make: (probs) => new distributions.RelaxedOneHotCategorical(tensor(0.5, { dtype: probs.dtype }), probs),
    values: [
      [0.25, 0.25, 0.5],
      [0.125, 0.375, 0.5],
    ],
    has: ["rsample"],
  },
  "RelaxedOneHotCategorical of logits": {
    parameters: [[0.1, -0.2, 0.7]],
    make: (logits) => new distributions.RelaxedOneHotCategorical(tensor(2, { dtype: logits.dtype }), { logits }),
    values: [
      [0.25, 0.25, 0.5],
      [0.125, 0.375, 0.5],
    ],
    has: ["rsample"],
  },
  MixtureSameFamily: {
    parameters: [
      [
        [0.1, -0.2, 0.7],
        [1, 0, 2],
      ],
      [-1, 0, 2],
      [1, 0.5, 3],
    ],
    make: (logits, loc, scale) =>
      new distributions.MixtureSameFamily(
        new distributions.Categorical({ logits }),
        new distributions.Normal(loc.expand(2, 3), scale),
      ),
    values: [0.3, -1],
    has: ["cdf", ...moments],
  },
  "MixtureSameFamily of vectors": {
    parameters: [
      [0.1, 0.2],
      [
        [-1, 0, 2],
        [0.5, 1, 1],
      ],
    ],
    make: (probs, loc) =>
      new distributions.MixtureSameFamily(
        new distributions.Categorical(probs),
        new distributions.Independent(new distributions.Normal(loc, 2), 1),
      ),
    values: [[0.3, -1, 1]],
    has: [...moments],
  },
  MultivariateNormal: {
    parameters: [
      [
        [0, 1, -2],
        [0.5, 1, 2],
      ],
      [
        [2, 0.5, 0.25],
        [0.5, 1, -0.25],
        [0.25, -0.25, 1.5],
      ],
    ],
    make: (loc, covariance) => new distributions.MultivariateNormal(loc, covariance),
    values: [[0.3, -1, 2]],
    has: ["entropy", "mode", ...moments, "rsample"],
  },
  "MultivariateNormal of a precision": {
    parameters: [
      [0, 1, -2],
      [
        [2, 0.5, 0.25],
        [0.5, 1, -0.25],
        [0.25, -0.25, 1.5],
      ],
    ],
    make: (loc, precisionMatrix) => new distributions.MultivariateNormal(loc, { precisionMatrix }),
    values: [
      [0.3, -1, 2],
      [0, 1, 1],
    ],
    has: ["entropy", "mode", ...moments, "rsample"],
  },
  "MultivariateNormal of a scale": {
    parameters: [
      [0, 1, -2],
      [
        [2, 0, 0],
        [0.5, 1, 0],
        [0.25, -0.25, 1.5],
      ],
    ],
    make: (loc, scaleTril) => new distributions.MultivariateNormal(loc, { scaleTril }),
    values: [
      [0.3, -1, 2],
      [0, 1, 1],
    ],
    has: ["entropy", "mode", ...moments, "rsample"],
  },
  LowRankMultivariateNormal: {
    parameters: [
      [
        [0, 1, -2],
        [0.5, 1, 2],
      ],
      [
        [1, 0.5],
        [0, -1],
        [2, 0.25],
      ],
      [0.5, 1.5, 1],
    ],
    make: (loc, factor, diagonal) => new distributions.LowRankMultivariateNormal(loc, factor, diagonal),
    values: [[0.3, -1, 2]],
    has: ["entropy", "mode", ...moments, "rsample"],
  },
  VonMises: {
    parameters: [
      [0, 1, -2],
      [1, 0.5, 9],
    ],
    make: (loc, concentration) => new distributions.VonMises(loc, concentration),
    values: [0.3, -1, 2],
    has: ["mode", ...moments],
  },
  Wishart: {
    ofGamma: true,
    parameters: [
      [4.5, 2.5],
      [
        [2, 0.5],
        [0.5, 1],
      ],
    ],
    make: (df, covariance) => new distributions.Wishart(df, covariance),
    values: [
      [3, 0.25],
      [0.25, 1.5],
    ],
    has: ["entropy", "mode", ...moments],
  },
  "Wishart of a precision": {
    ofGamma: true,
    parameters: [
      [
        [2, 0.5, 0.25],
        [0.5, 1, -0.25],
        [0.25, -0.25, 1.5],
      ],
    ],
    make: (precisionMatrix) => new distributions.Wishart(5, { precisionMatrix }),
    values: [
      [3, 0.25, 0],
      [0.25, 1.5, 0.5],
      [0, 0.5, 2],
    ],
    has: ["entropy", "mode", ...moments],
  },
  "Wishart of a scale": {
    ofGamma: true,
    parameters: [
      [
        [2, 0],
        [0.5, 1],
      ],
    ],
    make: (scale) => new distributions.Wishart(3, { scaleTril: scale.tril() }),
    values: [
      [3, 0.25],
      [0.25, 1.5],
    ],
    has: ["entropy", ...moments],
  },
  LKJCholesky: {
    ofGamma: true,
    parameters: [[0.5, 1, 3]],
    make: (concentration) => new distributions.LKJCholesky(3, concentration),
    values: [
      [1, 0, 0],
      [0.6, 0.8, 0],
      [0, 0.6, 0.8],
    ],
    has: [],
  },
  LogisticNormal: {
    parameters: [
      [
        [0, 1, -2],
        [0.5, 1, 2],
      ],
      [1, 0.5, 1.5],
    ],
    make: (loc, scale) => new distributions.LogisticNormal(loc, scale),
    values: [0.25, 0.125, 0.5, 0.125],
    has: ["rsample"],
  },
  TransformedDistribution: {
    parameters: [
      [0, 1, -2],
      [1, 0.5, 1.5],
    ],
    make: (loc, scale) =>
      new distributions.TransformedDistribution(new distributions.Normal(loc, 1), [
        new distributions.transforms.AffineTransform(0.5, scale),
        new distributions.transforms.TanhTransform(),
        new distributions.transforms.AffineTransform(0.5, -0.5),
        new distributions.transforms.SigmoidTransform(),
      ]),
    values: [0.6, 0.55, 0.65],
    shares,
    has: ["cdf", "rsample"],
  },
};
