/** Transforms compute what PyTorch's do: values, inverses, how they stretch space, shapes and signs, with and without a cache. */
import { describe, expect, it } from "vitest";
import type { distributions as Distributions, Tensor } from "../../src/index.ts";
import { distributions as plain, tensor as plainTensor } from "../../src/index.ts";
import { Answers, torch } from "../support/index.ts";

const { distributions, eye, error, gradients, ones, tensor, zeros } = torch;
const { transforms } = distributions;

const answers = new Answers("transforms_of_variables");

type Transform = Distributions.transforms.Transform;
const dtype = "float64";
const x = () =>
  tensor(
    [
      [-1.5, 0.25, 2],
      [0.5, -0.75, 1],
    ],
    { dtype, requiresGrad: true },
  );
const positive = () =>
  tensor(
    [
      [1.5, 0.25, 2],
      [0.5, 0.75, 1],
    ],
    { dtype, requiresGrad: true },
  );
const factors = () => tensor([2, -0.5, 1], { dtype });

/** A transform, and what it is tried on. */
const cases: Record<string, [make: () => Transform, input?: () => Tensor]> = {
  Exp: [() => new transforms.ExpTransform()],
  "Exp, inverted": [() => new transforms.ExpTransform().inv, positive],
  Power: [() => new transforms.PowerTransform(tensor(2.5, { dtype })), positive],
  "Power of a tensor": [() => new transforms.PowerTransform(tensor([2, 0.5, 3], { dtype })), positive],
  Sigmoid: [() => new transforms.SigmoidTransform()],
  Softplus: [() => new transforms.SoftplusTransform()],
  Tanh: [() => new transforms.TanhTransform()],
  "Tanh, with a cache": [() => new transforms.TanhTransform({ cacheSize: 1 })],
  Affine: [() => new transforms.AffineTransform(1, -2)],
  "Affine of tensors": [() => new transforms.AffineTransform(factors(), factors())],
  "Affine of vectors": [() => new transforms.AffineTransform(0.5, factors(), { eventDim: 1 })],
  Softmax: [() => new transforms.SoftmaxTransform()],
  StickBreaking: [() => new transforms.StickBreakingTransform()],
  LowerCholesky: [() => new transforms.LowerCholeskyTransform(), () => x().narrow(1, 0, 2)],
  CorrCholesky: [() => new transforms.CorrCholeskyTransform()],
  "CorrCholesky, inverted": [
    () => new transforms.CorrCholeskyTransform().inv,
    () =>
      tensor(
        [
          [1, 0, 0],
          [0.6, 0.8, 0],
          [0.48, -0.6, 0.64],
        ],
        { dtype, requiresGrad: true },
      ),
  ],
  Independent: [() => new transforms.IndependentTransform(new transforms.ExpTransform(), 1)],
  Reshape: [() => new transforms.ReshapeTransform([3], [3, 1])],
  Compose: [
    () => new transforms.ComposeTransform([new transforms.AffineTransform(1, 0.5), new transforms.TanhTransform()]),
  ],
  "Compose, with a cache": [
    () =>
      new transforms.ComposeTransform([new transforms.SigmoidTransform(), new transforms.AffineTransform(1, -2)], {
        cacheSize: 1,
      }),
  ],
  "Compose of vectors": [
    () =>
      new transforms.ComposeTransform([
        new transforms.AffineTransform(1, 0.5),
        new transforms.StickBreakingTransform(),
      ]),
  ],
  "Compose, inverted": [
    () => new transforms.ComposeTransform([new transforms.ExpTransform(), new transforms.AffineTransform(-1, 2)]).inv,
    () => positive().mul(3),
  ],
  Cat: [
    () =>
      new transforms.CatTransform([new transforms.ExpTransform(), new transforms.TanhTransform()], {
        dim: -1,
        lengths: [1, 2],
      }),
  ],
  Stack: [
    () => new transforms.StackTransform([new transforms.ExpTransform(), new transforms.TanhTransform()], { dim: 0 }),
  ],
  CumulativeDistribution: [() => new transforms.CumulativeDistributionTransform(new distributions.Normal(0, 2))],
};

const withoutStretch = new Set(["Softmax", "LowerCholesky"]);
const withoutSign = /Softmax|CorrCholesky|StickBreaking|vectors|LowerCholesky|Reshape|Cat|Stack/;

describe.each(Object.entries(cases))("%s", (name, [make, input = x]) => {
  answers.it(name, () => {
    const [value, transform] = [input(), make()];
    const y = transform.forward(value);
    const back = transform.inv.forward(y);
    const stretch = withoutStretch.has(name) ? value : transform.logAbsDetJacobian(value, y);
    const backwards = withoutStretch.has(name) ? value : transform.inv.logAbsDetJacobian(y, value);
    const sum = y.mul(y).sum().add(stretch.sum()).add(back.sum());
    return [
      y,
      back,
      stretch,
      backwards,
      gradients(sum, [value]),
      transform.inv.forward(transform.forward(input().add(0.125))),
      withoutSign.test(name) ? null : tensor(0, { dtype }).add(transform.sign),
      zeros(transform.forwardShape(y.shape.length === 3 ? [4, 3] : value.shape)),
      zeros(transform.inverseShape(y.shape)),
      String(transform),
    ];
  });
});

answers.each({
  "domains and codomains": () =>
    Object.entries(cases)
      .filter(([name]) => !["Cat", "Stack"].includes(name))
      .map(([, [make]]) => {
        const transform = make();
        return [String(transform.domain), String(transform.codomain)];
      }),
  "an absolute value": () => {
    const transform = new transforms.AbsTransform();
    return [transform.forward(x()), transform.inv.forward(x())];
  },
  errors: () => {
    error(() => new transforms.ExpTransform({ cacheSize: 2 }));
    error(() => new transforms.ReshapeTransform([2], [3]));
    const pairs = new transforms.ReshapeTransform([2], [1, 2]);
    error(() => new distributions.TransformedDistribution(new distributions.Normal(zeros(3), 1), [pairs]));
    error(() => pairs.forwardShape([]));
    error(() => new transforms.StickBreakingTransform().forwardShape([]));
    error(() => new transforms.IndependentTransform(new transforms.ExpTransform(), 2).forward(ones(3)));
    error(() => new transforms.StickBreakingTransform().inv.eventDim);
    error(() => new transforms.CorrCholeskyTransform().forward(ones(5)));
    error(() => new transforms.CorrCholeskyTransform().forwardShape([5]));
    error(() => new transforms.CorrCholeskyTransform().forwardShape([]));
    error(() => new transforms.CorrCholeskyTransform().inverseShape([2, 3]));
    error(() => new transforms.CorrCholeskyTransform().inverseShape([2]));
  },
  "vectors of another batch": () => {
    const base = new distributions.Normal(zeros(2), ones([3, 2]));
    const flow = new distributions.TransformedDistribution(base, [
      new transforms.AffineTransform(tensor([1, 2]), 2),
      new transforms.StickBreakingTransform(),
    ]);
    torch.manualSeed(1);
    const value = flow.sample([2]);
    return [value, flow.logProb(value), flow.expand([4, 3]).sample(), String(flow.support)];
  },
  "a base that its transform widens": () => {
    const flow = new distributions.TransformedDistribution(new distributions.Normal(0, 1), [
      new transforms.AffineTransform(tensor([1, 2, 3]), 1),
    ]);
    torch.manualSeed(1);
    return [flow.sample([2]), flow.logProb(zeros(3))];
  },
  "matrices in the place of vectors": () => {
    const base = new distributions.Independent(new distributions.Normal(zeros([2, 2]), 1), 2);
    const flow = new distributions.TransformedDistribution(base, [new transforms.LowerCholeskyTransform()]);
    torch.manualSeed(1);
    return [flow.sample(), eye(2)];
  },
});

describe("to what a constraint allows", () => {
  const { bijectTo, constraints, transformTo } = distributions;
  const { cat, greaterThan, greaterThanEq, halfOpenInterval, independent, interval, lessThan, stack } = constraints;
  const real = () => new distributions.Normal(0, 1).support;
  const positive = () => new distributions.Normal(0, 1).argConstraints.scale;
  const wanted = {
    real,
    positive,
    nonnegative: () => new distributions.Exponential(1).support,
    "above 2": () => greaterThan(2),
    "from -1 on": () => greaterThanEq(-1),
    "above a tensor": () => greaterThan(tensor([1, 2, 3], { dtype })),
    "below 2": () => lessThan(2),
    "unit interval": () => new distributions.Beta(1, 1).support,
    interval: () => interval(-1, 3),
    "half open interval": () => halfOpenInterval(0, 2),
    simplex: () => new distributions.Dirichlet(ones(3)).support,
    independent: () => independent(positive(), 1),
    cat: () => cat([positive(), real()], { dim: -1, lengths: [1, 2] }),
    stack: () => stack([positive(), real()], 0),
    "factors of correlations": () => new distributions.LKJCholesky(3).support,
  };
  for (const [name, make] of Object.entries(wanted))
    answers.it(`bijection and transform: ${name}`, () => {
      const [f, g] = [bijectTo(make()), transformTo(make())];
      const value = x();
      const y = f.forward(value);
      return [y, f.inv.forward(y), f.logAbsDetJacobian(value, y), g.forward(value), g.inv.forward(g.forward(value))];
    });
  const withoutTransform = () => {
    const lower = new distributions.MultivariateNormal(zeros(2), eye(2)).argConstraints.scaleTril;
    error(() => bijectTo(lower));
    error(() => transformTo(new distributions.Wishart(3, eye(2)).support));
    return transformTo(lower).forward(x().narrow(1, 0, 2));
  };
  const wording = Object.fromEntries(
    ["LowerCholesky", "PositiveDefinite"].map((name) => [
      `Cannot transform _${name} constraints`, // PyTorch's class of such constraints
      `Cannot transform ${name} constraints`,
    ]),
  );
  answers.it("error of constraints without a transform", withoutTransform, { wording });

  it("may be a transform of one's own, for all constraints of a kind", () => {
    const { AffineTransform, ExpTransform } = plain.transforms;
    const even = () => new plain.constraints.Constraint("Even", (value) => value.remainder(2).eq(0));
    expect(() => plain.bijectTo(even())).toThrow("Cannot transform Even constraints");
    plain.registerBijection(even(), () => new AffineTransform(0, 2));
    plain.registerTransform(even(), () => new ExpTransform());
    expect(
      plain
        .bijectTo(even())
        .forward(plainTensor([1, 3]))
        .toArray(),
    ).toEqual([2, 6]);
    expect(
      plain
        .transformTo(even())
        .forward(plainTensor([0]))
        .toArray(),
    ).toEqual([1]);
  });
});

describe("a cache", () => {
  const { TanhTransform } = plain.transforms;

  it("finds x again, which the inverse could not", () => {
    const value = plainTensor([20]);
    const cached = new TanhTransform({ cacheSize: 1 });
    expect(cached.inv.forward(cached.forward(value))).toBe(value);
    expect(cached.forward(value)).toBe(cached.forward(value));
    const forgetful = new TanhTransform();
    expect(forgetful.inv.forward(forgetful.forward(value)).item()).toBe(Infinity);
  });

  it("is there on demand", () => {
    const transform = new TanhTransform();
    expect(transform.withCache(0)).toBe(transform);
    expect(transform.withCache().cacheSize).toBe(1);
    expect(
      new plain.transforms.PowerTransform(2)
        .withCache()
        .forward(plainTensor([3]))
        .item(),
    ).toBe(9);
  });
});

it("is equal to another of the same class and parameters", () => {
  const { AffineTransform, ComposeTransform, ExpTransform, PowerTransform, SigmoidTransform } = plain.transforms;
  const both = (scale: number) => new ComposeTransform([new ExpTransform(), new AffineTransform(0, scale)]);
  expect(both(1).equals(both(1))).toBe(true);
  expect(both(1).equals(both(2))).toBe(false);
  expect(new ExpTransform().inv.equals(new ExpTransform().inv)).toBe(true);
  expect(new ExpTransform().equals(new ExpTransform().inv)).toBe(false);
  expect(new PowerTransform(2).equals(new PowerTransform(plainTensor(2)))).toBe(true);
  expect(new ExpTransform().equals(new SigmoidTransform())).toBe(false);
});
