/** Parameters and values that do not fit are refused in PyTorch's words, and everything is printed as PyTorch prints it. */
import { describe, expect, it } from "vitest";
import {
  grad,
  gradcheck,
  manualSeed,
  distributions as plain,
  tensor as plainTensor,
  type Tensor,
} from "../../src/index.ts";
import { Answers, torch } from "../support/index.ts";

const { distributions, error, eye, full, ones, tensor, zeros } = torch;
const {
  Bernoulli,
  Beta,
  Binomial,
  Categorical,
  Dirichlet,
  Exponential,
  Gamma,
  Geometric,
  Independent,
  MixtureSameFamily,
  Multinomial,
  MultivariateNormal,
  NegativeBinomial,
  Normal,
  OneHotCategorical,
  Poisson,
  TransformedDistribution,
  Uniform,
} = distributions;

const answers = new Answers("distribution_checks");

/** Whole messages, with the numbers that do not fit. */
const refused = (...calls: (() => unknown)[]) => {
  for (const call of calls) error(call, null);
};

answers.each({
  "parameters that do not fit": () =>
    refused(
      () => new Normal(0, -1),
      () => new Normal(tensor([0, 1]), tensor([1, 0])),
      () => new Normal(Number.NaN, 1),
      () => new Bernoulli(1.5),
      () => new Bernoulli(tensor([0.5, -0.25])),
      () => new Bernoulli({ logits: Number.NaN }),
      () => new Categorical(tensor([0.5, -0.5, 2])),
      () => new Categorical({ logits: tensor([[0, Number.NaN]]) }),
      () => new OneHotCategorical(tensor([-1, 2])),
      () => new Binomial(-1, 0.5),
      () => new Binomial(2.5, 0.5),
      () => new Exponential(0),
      () => new Poisson(-1),
      () => new Gamma(1, -1),
      () => new distributions.Chi2(-1),
      () => new Beta(1, -1),
      () => new Dirichlet(tensor([1, -1])),
      () => new Geometric(0),
      () => new Geometric(tensor([0.5, 0])),
      () => new NegativeBinomial(-1, 0.5),
      () => new NegativeBinomial(1, 1),
      () => new distributions.LogNormal(0, -1),
      () => new distributions.HalfNormal(-1),
      () => new distributions.Gumbel(0, -1),
      () => new distributions.Laplace(0, -1),
      () => new distributions.Cauchy(0, -1),
      () => new distributions.StudentT(-1),
      () => new distributions.Weibull(-1, 1),
      () =>
        new MultivariateNormal(
          zeros(2),
          tensor([
            [1, 2],
            [2, 1],
          ]),
        ),
      () =>
        new MultivariateNormal(
          zeros(2),
          tensor([
            [1, 0.5],
            [0, 1],
          ]),
        ),
      () =>
        new MultivariateNormal(zeros(2), {
          scaleTril: tensor([
            [1, 0.5],
            [0, 1],
          ]),
        }),
      () =>
        new MultivariateNormal(zeros(2), {
          scaleTril: tensor([
            [1, 0],
            [0, -1],
          ]),
        }),
      () => new Uniform(1, 1),
      () => new distributions.VonMises(0, -1),
      () => new distributions.Wishart(1, eye(2)),
      () => new distributions.Wishart(tensor([3, 0.5]), eye(2)),
      () => new distributions.Wishart(3, { scaleTril: eye(2).neg() }),
      () => new distributions.LKJCholesky(3, -1),
      () => new distributions.LowRankMultivariateNormal(zeros(2), ones([2, 1]), zeros(2)),
    ),
  "arguments of another kind": () =>
    refused(
      () => new Categorical(tensor(1)),
      () => new Categorical({ logits: tensor(1) }),
      () => new Dirichlet(tensor(1)),
      () => new Bernoulli(0.5, { logits: 1 } as never),
      () => new Bernoulli({}),
      () => new MultivariateNormal(tensor(1), eye(2)),
      () => new MultivariateNormal(zeros(2), {}),
      () => new MultivariateNormal(zeros(2), { scaleTril: zeros(2) }),
      () => new MultivariateNormal(zeros(2), { covarianceMatrix: eye(2), scaleTril: eye(2) }),
      () => new Independent(new Normal(zeros(2), 1), 2),
      () => new distributions.LKJCholesky(1),
      () => new distributions.Wishart(3, {}),
      () => new distributions.Wishart(3, ones(2)),
      () => new distributions.LowRankMultivariateNormal(tensor(1), ones([2, 1]), ones(2)),
      () => new distributions.LowRankMultivariateNormal(zeros(2), ones(2), ones(2)),
      () => new distributions.LowRankMultivariateNormal(zeros(2), ones([3, 1]), ones(2)),
      () => new distributions.LowRankMultivariateNormal(zeros(2), ones([2, 1]), ones(3)),
      () => new distributions.LowRankMultivariateNormal(zeros([2, 2]), ones([3, 2, 1]), ones(2)),
      () => new MixtureSameFamily(new Normal(0, 1) as never, new Normal(zeros(2), 1)),
      () => new MixtureSameFamily(new Categorical(ones(3)), new Normal(zeros(2), 1)),
      () => new MixtureSameFamily(new Categorical(ones([4, 2])), new Normal(zeros([3, 2]), 1)),
      () => new TransformedDistribution(new Normal(0, 1), [new distributions.transforms.StickBreakingTransform()]),
      () => new Independent(new Bernoulli(ones(2)), 1).enumerateSupport(),
      () => new Binomial(tensor([1, 2]), 0.5).entropy(),
      () => new Binomial(tensor([1, 2]), 0.5).enumerateSupport(),
    ),
  "values that are not in the support": () =>
    refused(
      () => new Normal(0, 1).logProb(tensor(Number.NaN)),
      () => new Normal(zeros(2), 1).logProb(zeros(3)),
      () => new Normal(zeros([2, 3]), 1).cdf(zeros([3, 3])),
      () => new Bernoulli(0.5).logProb(tensor(0.5)),
      () => new Bernoulli(tensor([0.5, 0.25])).logProb(tensor([0, 2])),
      () => new Categorical(ones(3)).logProb(tensor(3)),
      () => new Categorical(ones(3)).logProb(tensor([0.5, 1])),
      () => new OneHotCategorical(ones(3)).logProb(tensor([1, 1, 0])),
      () => new OneHotCategorical(ones(3)).logProb(tensor([1, 0])),
      () => new Binomial(10, 0.5).logProb(tensor(11)),
      () => new Binomial(tensor([10, 3]), 0.5).logProb(tensor(4)),
      () => new Multinomial(3, ones(2)).logProb(tensor([3, 2])),
      () => new Exponential(1).logProb(tensor(-1)),
      () => new Poisson(1).logProb(tensor(1.5)),
      () => new Poisson(1).logProb(tensor(-1)),
      () => new Poisson(1).logProb(tensor(Infinity)),
      () => new Gamma(1, 1).logProb(tensor(-1)),
      () => new Beta(1, 1).logProb(tensor(1.5)),
      () => new Dirichlet(ones(2)).logProb(tensor([0.5, 0.25])),
      () => new Uniform(0, 1).logProb(tensor(2)),
      () => new Uniform(tensor([0, 1]), 3).logProb(tensor([0.5, 0.5])),
      () => new distributions.LogNormal(0, 1).logProb(tensor(-1)),
      () => new distributions.HalfCauchy(1).cdf(tensor(-1)),
      () => new distributions.Pareto(2, 1).logProb(tensor(1)),
      () => new MultivariateNormal(zeros(2), eye(2)).logProb(zeros(3)),
      () => new Independent(new Bernoulli(full([2], 0.5)), 1).logProb(tensor([0, 2])),
      () => new distributions.LKJCholesky(2).logProb(ones([2, 2])),
      () => new distributions.Wishart(2, eye(2)).logProb(ones([2, 2])),
    ),
  "values outside where nothing is checked": () => {
    const unchecked = { validateArgs: false };
    return [
      new Uniform(0, 1, unchecked).logProb(tensor([-1, 0, 0.5, 1])),
      new Uniform(2, 1, unchecked).cdf(tensor(1.5)),
      new Normal(0, -1, unchecked).logProb(tensor(1)),
      new distributions.HalfNormal(1, unchecked).logProb(tensor([-1, 1])),
      new Poisson(1, unchecked).logProb(tensor(1.5)),
      new Geometric(1, unchecked).logProb(tensor([0, 1])),
      new Bernoulli(tensor([0, 1]), unchecked).logProb(tensor(1)),
      new Multinomial(2, { logits: tensor([-Infinity, 0]), ...unchecked }).logProb(tensor([0, 2])),
    ];
  },
  printing: () => {
    const lazy = new Bernoulli(tensor([0.25, 0.5]));
    const before = String(lazy);
    void lazy.logits;
    const { transforms } = distributions;
    return [
      before,
      String(lazy),
      ...[
        new Normal(0.1, 1e-5),
        new Normal(zeros([2, 1]), tensor([1, 2, 3])),
        new Normal(tensor([1]), 2),
        new Normal(tensor(1.5, { requiresGrad: true }), Infinity),
        new Categorical({ logits: tensor([1, 2]) }),
        new Binomial(10, 0.5),
        new Beta(1, 2),
        new distributions.Chi2(2),
        new distributions.Pareto(1, 2),
        new distributions.RelaxedBernoulli(tensor(0.5), 0.25),
        new Independent(new Normal(zeros(2), 1), 1),
        new MultivariateNormal(zeros(2), eye(2)),
        new TransformedDistribution(new Normal(0, 1), [new transforms.ExpTransform()]),
        new transforms.ExpTransform().inv,
        new transforms.ComposeTransform([new transforms.AffineTransform(1, 2), new transforms.TanhTransform().inv]),
        new transforms.IndependentTransform(new transforms.ExpTransform(), 1),
        new Uniform(0, tensor([1, 2])).support,
        new Normal(0, 1).support,
        new Binomial(3, 0.5).support,
        new Categorical(ones(3)).support,
        new Independent(new Poisson(ones(2)), 1).support,
        new NegativeBinomial(1, 0.5).argConstraints.totalCount,
        new NegativeBinomial(1, 0.5).argConstraints.probs,
        new MultivariateNormal(zeros(2), eye(2)).argConstraints.scaleTril,
      ].map(String),
    ];
  },
  constraints: () => {
    const { constraints } = distributions;
    const { support: real, argConstraints } = new Normal(0, 1);
    const { scale: positive } = argConstraints;
    const x = tensor([-1, 0, 0.5, 1, 2, Number.NaN, Infinity]);
    const matrices = tensor([
      [
        [2, 0],
        [1, 1],
      ],
      [
        [1, 1],
        [1, 2],
      ],
      [
        [1, 2],
        [2, 1],
      ],
    ]);
    return [
      constraints.boolean.check(x),
      constraints.real.check(x),
      constraints.positive.check(x),
      constraints.nonnegative.check(x),
      constraints.nonnegativeInteger.check(x),
      constraints.positiveInteger.check(x),
      constraints.unitInterval.check(x),
      constraints.greaterThan(0.5).check(x),
      constraints.greaterThanEq(0.5).check(x),
      constraints.lessThan(0.5).check(x),
      constraints.interval(0, 1).check(x),
      constraints.halfOpenInterval(0, 1).check(x),
      constraints.integerInterval(0, 1).check(x),
      constraints.multinomial(2).check(x.view(7, 1)),
      constraints.simplex.check(
        tensor([
          [0.5, 0.5],
          [1, 0.5],
          [-1, 2],
        ]),
      ),
      constraints.oneHot.check(
        tensor([
          [0, 1],
          [1, 1],
          [-1, 2],
        ]),
      ),
      constraints.lowerTriangular.check(matrices),
      constraints.lowerCholesky.check(matrices),
      constraints.corrCholesky.check(cholesky()),
      constraints.square.check(matrices),
      constraints.square.check(zeros([2, 2, 3])),
      constraints.symmetric.check(matrices),
      constraints.positiveDefinite.check(matrices.narrow(0, 1, 2)),
      constraints.positiveSemidefinite.check(matrices.narrow(0, 1, 2)),
      constraints.independent(positive, 1).check(x.narrow(0, 2, 4).view(2, 2)),
      constraints.realVector.check(x.narrow(0, 2, 4).view(2, 2)),
      constraints.cat([positive, real], { dim: 0, lengths: [3, 4] }).check(x),
      constraints.stack([positive, real], 0).check(x.narrow(0, 0, 2)),
    ];
  },
});

const cholesky = () =>
  tensor([
    [
      [1, 0],
      [0.6, 0.8],
    ],
    [
      [1, 0],
      [0.6, 0.7],
    ],
  ]);

describe("what a distribution has not", () => {
  it.each([
    () => new plain.Poisson(1).entropy(),
    () => new plain.Bernoulli(0.5).rsample(),
    () => new plain.Gamma(1, 1).cdf(plainTensor(1)),
    () => new plain.Multinomial(2, plainTensor([1, 1])).mode,
  ])("it says: %s", (call) => expect(call).toThrow("does not implement"));
});

it("checks nothing where that is the default", () => {
  plain.Distribution.setDefaultValidateArgs(false);
  try {
    expect(() => new plain.Normal(0, -1)).not.toThrow();
  } finally {
    plain.Distribution.setDefaultValidateArgs(true);
  }
  expect(() => new plain.Normal(0, -1)).toThrow("Expected parameter scale");
});

it("has the gradients of random covariances, for what the chi-squared numbers are", () => {
  const scale = plainTensor(
    [
      [2, 0],
      [0.5, 1],
    ],
    { dtype: "float64", requiresGrad: true },
  );
  const sample = (scaleTril: Tensor) => {
    manualSeed(0);
    return new plain.Wishart(4, { scaleTril: scaleTril.tril() }).rsample([3]);
  };
  expect(gradcheck(sample, [scale])).toBe(true);
});

it("refuses second derivatives of samples that have none", () => {
  const alpha = plainTensor([2, 3], { requiresGrad: true });
  for (const sample of [new plain.Gamma(alpha, 1).rsample(), new plain.Dirichlet(alpha).rsample()]) {
    const [slope] = grad(sample.square().sum(), [alpha], { createGraph: true });
    expect(() => slope?.sum().backward()).toThrow("is not implemented");
  }
});
