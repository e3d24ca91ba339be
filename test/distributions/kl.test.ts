/** Divergences: PyTorch's for every pair of classes, with gradients, and its errors for pairs that have none. */
import { describe, expect, it } from "vitest";
import type { distributions as Distributions, Tensor } from "../../src/index.ts";
import { distributions as plain, tensor } from "../../src/index.ts";
import { Answers, expectClose, torch } from "../support/index.ts";

const { distributions, error, gradients } = torch;

const answers = new Answers("divergences", { rtol: 1e-8, atol: 1e-9 });

type Make = (a: Tensor, b: Tensor) => Distributions.Distribution;

const vector = (x: Tensor) => x.view(2, 1).mul(torch.tensor([1, 2, 0.5], { dtype: "float64" }));
const share = (x: Tensor) => x.div(4);

/** Each of two parameters above 0 and below 4. */
const makes: Record<string, Make> = {
  Bernoulli: (a) => new distributions.Bernoulli(share(a)),
  Beta: (a, b) => new distributions.Beta(a, b),
  Binomial: (a) => new distributions.Binomial(5, share(a)),
  Categorical: (a) => new distributions.Categorical(vector(a)),
  Cauchy: (a, b) => new distributions.Cauchy(a, b),
  Chi2: (a) => new distributions.Chi2(a),
  ContinuousBernoulli: (a) => new distributions.ContinuousBernoulli(share(a)),
  Dirichlet: (a) => new distributions.Dirichlet(vector(a)),
  Exponential: (a) => new distributions.Exponential(a),
  Gamma: (a, b) => new distributions.Gamma(a, b),
  Geometric: (a) => new distributions.Geometric(share(a)),
  Gumbel: (a, b) => new distributions.Gumbel(a, b),
  HalfCauchy: (a) => new distributions.HalfCauchy(a),
  HalfNormal: (a) => new distributions.HalfNormal(a),
  Independent: (a, b) => new distributions.Independent(new distributions.Normal(a, b), 1),
  Kumaraswamy: (a, b) => new distributions.Kumaraswamy(a, b),
  Laplace: (a, b) => new distributions.Laplace(a, b),
  LogNormal: (a, b) => new distributions.LogNormal(a, b),
  Multinomial: (a) => new distributions.Multinomial(3, vector(a)),
  MultivariateNormal: (a, b) =>
    new distributions.MultivariateNormal(vector(a), {
      scaleTril: torch
        .tensor(
          [
            [1, 0, 0],
            [0.5, 2, 0],
            [0.25, -0.5, 1],
          ],
          { dtype: "float64" },
        )
        .mul(b.view(2, 1, 1)),
    }),
  NegativeBinomial: (a, b) => new distributions.NegativeBinomial(a, share(b)),
  Normal: (a, b) => new distributions.Normal(a, b),
  OneHotCategorical: (a) => new distributions.OneHotCategorical(vector(a)),
  Pareto: (a, b) => new distributions.Pareto(a, b),
  Poisson: (a) => new distributions.Poisson(a),
  RelaxedBernoulli: (a, b) =>
    new distributions.RelaxedBernoulli(torch.tensor(0.5, { dtype: "float64" }), share(b.mul(a).div(4))),
  StudentT: (a, b) => new distributions.StudentT(a, b),
  Uniform: (a, b) => new distributions.Uniform(a.div(8), a.div(8).add(b.div(8))),
  Weibull: (a, b) => new distributions.Weibull(a, b),
};

/** Parameters for p, and others for q. */
const parameters = (values: number[][]) =>
  values.map((row) => torch.tensor(row, { dtype: "float64", requiresGrad: true }));
const forP = () =>
  parameters([
    [1.5, 2.5],
    [2.25, 3.5],
  ]);
const forQ = () =>
  parameters([
    [2, 0.75],
    [1.25, 3],
  ]);

const weighed = (y: Tensor): Tensor =>
  y
    .flatten()
    .mul(torch.tensor([1, 1.75], { dtype: "float64" }).narrow(0, 0, y.numel))
    .sum();

describe.each(Object.keys(makes))("from %s", (nameP) => {
  answers.it(`from ${nameP}`, () => {
    const results = [];
    for (const nameQ of Object.keys(makes)) {
      const [xs, ys] = [forP(), forQ()];
      const kl = () => distributions.klDivergence(makes[nameP](xs[0], xs[1]), makes[nameQ](ys[0], ys[1]));
      if (error(kl) !== "no error") continue;
      const y = kl();
      results.push([y, ...(y.requiresGrad ? gradients(weighed(y), [...xs, ...ys]) : [])]);
    }
    return results;
  });
});

describe("normal distributions of vectors, and covariances", () => {
  const { LowRankMultivariateNormal, Wishart } = distributions;
  const factor = () =>
    torch.tensor(
      [
        [1, 0.5],
        [0, -1],
        [2, 0.25],
      ],
      { dtype: "float64" },
    );
  const normals: Record<string, Make> = {
    MultivariateNormal: makes.MultivariateNormal,
    LowRankMultivariateNormal: (a, b) =>
      new LowRankMultivariateNormal(vector(a), factor().mul(b.view(2, 1, 1)), vector(a)),
  };
  for (const [nameP, nameQ] of Object.keys(normals).flatMap((p) => Object.keys(normals).map((q) => [p, q])))
    answers.it(`${nameP} and ${nameQ}, with gradients`, () => {
      const [xs, ys] = [forP(), forQ()];
      const y = distributions.klDivergence(normals[nameP](xs[0], xs[1]), normals[nameQ](ys[0], ys[1]));
      return [y, gradients(weighed(y), [...xs, ...ys])];
    });
  answers.it("vectors of low rank that differ in size", () => {
    const low = (n: number) => new LowRankMultivariateNormal(torch.zeros(n), torch.ones([n, 1]), torch.ones(n));
    const normal = (n: number) => new distributions.MultivariateNormal(torch.zeros(n), torch.eye(n));
    error(() => distributions.klDivergence(low(2), low(3)));
    error(() => distributions.klDivergence(low(2), normal(3)));
    error(() => distributions.klDivergence(normal(2), low(3)));
  });
  answers.it(
    "two Wishart distributions",
    () => {
      const [p, q] = [new Wishart(3.5, torch.eye(2)), new Wishart(4, torch.eye(2).mul(2))];
      return distributions.klDivergence(p, q);
    },
    { rtol: 1e-5 },
  );
});

answers.each(
  {
    "ranges that are not within each other": () => {
      const uniform = (low: number, high: number) => new distributions.Uniform(low, high);
      const gamma = new distributions.Gamma(2, 1);
      const beta = new distributions.Beta(2, 3);
      return [
        distributions.klDivergence(uniform(0, 2), uniform(0.5, 3)),
        distributions.klDivergence(uniform(1, 2), uniform(0.5, 3)),
        distributions.klDivergence(uniform(-1, 2), gamma),
        distributions.klDivergence(uniform(0.5, 2), beta),
        distributions.klDivergence(beta, uniform(-1, 2)),
        distributions.klDivergence(new distributions.ContinuousBernoulli(0.25), uniform(-1, 2)),
        distributions.klDivergence(uniform(0.25, 0.75), new distributions.ContinuousBernoulli(0.25)),
        distributions.klDivergence(new distributions.Pareto(1, 0.5), new distributions.Exponential(1)),
        distributions.klDivergence(new distributions.Pareto(1, 3), new distributions.Pareto(2, 1)),
        distributions.klDivergence(uniform(2, 3), new distributions.Pareto(1, 3)),
      ];
    },
    "probabilities that are 0": () => {
      const [p, q] = [torch.tensor([0, 0.5, 0.5]), torch.tensor([0.5, 0, 0.5])];
      const { Bernoulli, Categorical, klDivergence } = distributions;
      return [
        klDivergence(new Categorical(p), new Categorical(q)),
        klDivergence(new Categorical(q), new Categorical(p)),
        klDivergence(new Bernoulli(p), new Bernoulli(q)),
      ];
    },
    "counts that differ": () => {
      const { Binomial, klDivergence } = distributions;
      error(() => klDivergence(new Binomial(3, 0.5), new Binomial(4, 0.5)));
      return klDivergence(new Binomial(4, 0.5), new Binomial(3, 0.5));
    },
    "vectors that differ in size": () => {
      const normal = (n: number) => new distributions.MultivariateNormal(torch.zeros(n), torch.eye(n));
      error(() => distributions.klDivergence(normal(2), normal(3)));
    },
  },
  { rtol: 1e-5 },
);

describe("an exponential family", () => {
  const families = {
    Normal: new plain.Normal(tensor([1, 2]), 3),
    Bernoulli: new plain.Bernoulli(tensor([0.2, 0.7])),
    Exponential: new plain.Exponential(tensor([1, 2])),
    Gamma: new plain.Gamma(tensor([1, 2]), 3),
    ContinuousBernoulli: new plain.ContinuousBernoulli(tensor([0.2, 0.7])),
  };
  const { entropy } = plain.ExponentialFamily.prototype;

  it.each(Object.entries(families))("%s has the entropy that follows from its normalizer", (_, family) =>
    expectClose(entropy.call(family), family.entropy(), { rtol: 1e-5, atol: 1e-5 }),
  );

  it("has the divergence of Bregman where there is no formula", () => {
    class Wait extends plain.ExponentialFamily {
      readonly base: Distributions.Exponential;
      constructor(rate: number) {
        super([]);
        this.base = new plain.Exponential(tensor(rate));
      }
      override get argConstraints() {
        return {};
      }
      override get support() {
        return plain.constraints.nonnegative;
      }
      override get naturalParams() {
        return this.base.naturalParams;
      }
      override logNormalizer(x: Tensor) {
        return this.base.logNormalizer(x);
      }
    }
    const expected = plain.klDivergence(new plain.Exponential(1), new plain.Exponential(3));
    expectClose(plain.klDivergence(new Wait(1), new Wait(3)), expected, { rtol: 1e-6 });
  });
});

describe("registerKl", () => {
  class Coin extends plain.Bernoulli {}
  const poisson = new plain.Poisson(1);

  it("adds a formula, and the nearest class counts", () => {
    const before = plain.klDivergence(new Coin(0.5), poisson);
    expectClose(before, plain.klDivergence(new plain.Bernoulli(0.5), poisson), {});
    plain.registerKl(Coin, plain.Poisson, (p) => p.probs.mul(100));
    expect(plain.klDivergence(new Coin(0.5), poisson).item()).toBe(50);
    expectClose(plain.klDivergence(new plain.Bernoulli(0.5), poisson), before, {});
    plain.registerKl(Coin, plain.Poisson, (p) => p.probs.mul(10));
    expect(plain.klDivergence(new Coin(0.5), poisson).item()).toBe(5);
  });

  it("refuses what is no distribution", () => {
    const register = () => plain.registerKl(Map as never, plain.Poisson, (p: Distributions.Bernoulli) => p.probs);
    expect(register).toThrow("Expected type_p to be a Distribution subclass");
  });
});
