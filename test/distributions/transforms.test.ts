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
const withoutSign = /Softmax|StickBreaking|vectors|LowerCholesky|Reshape|Cat|Stack/;

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
