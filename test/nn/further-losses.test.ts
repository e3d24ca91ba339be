/** Losses of pairs and triplets, of margins, of distributions and of texts: values, gradients and errors are PyTorch's. */
import { describe, expect, it } from "vitest";
import { gradcheck, gradgradcheck, manualSeed, nn, rand, randn, type Tensor, tensor } from "../../src/index.ts";
import { Answers, product, torch } from "../support/index.ts";

const answers = new Answers("further_losses", { rtol: 2e-6, atol: 2e-7 });
const reductions = ["none", "mean", "sum"] as const;
const float64 = { dtype: "float64" } as const;

type Loss = new (options: object) => nn.Module;
const losses = torch.nn as unknown as Record<string, Loss>;

/** The loss of what `make` makes, with a title; its gradients with respect to the first `leaves` inputs. */
function lossCase(name: string, options: object, title: string, leaves: number, make: () => Tensor[]): void {
  answers.it(`${name} ${JSON.stringify(options)} of ${title}`, () => {
    torch.manualSeed(0);
    const inputs = make().map((x, i) => (i < leaves ? x.detach().requiresGrad_() : x));
    const loss = new losses[name](options);
    const y: Tensor = loss.forward(...inputs);
    return [String(loss), y, torch.gradients(y.mul(torch.rand(y.shape).add(0.5)).sum(), inputs.slice(0, leaves))];
  });
}

const normal = (...shape: number[]) => torch.randn(shape);
const signs = (...values: number[]) => torch.tensor(values);
const int32 = (...values: number[]) => torch.tensor(values, { dtype: "int32" });

for (const reduction of reductions) {
  for (const margin of [0, 0.5]) {
    const options = { reduction, margin };
    lossCase("CosineEmbeddingLoss", options, "rows", 2, () => [normal(3, 4), normal(3, 4), signs(1, -1, -1)]);
    lossCase("MarginRankingLoss", options, "numbers", 2, () => [normal(4), normal(4), signs(1, -1, 1, -1)]);
    lossCase("HingeEmbeddingLoss", options, "numbers", 1, () => [normal(2, 3), signs(1, -1, 1, -1, 2, -1).view(2, 3)]);
  }
  lossCase("CosineEmbeddingLoss", { reduction }, "vectors", 2, () => [normal(4), normal(4), torch.tensor(-1)]);
  for (const options of [{}, { margin: 0.2, p: 1 }, { swap: true, eps: 0.01 }]) {
    const make = () => [normal(3, 4), normal(3, 4), normal(3, 4)];
    lossCase("TripletMarginLoss", { reduction, ...options }, "rows", 3, make);
  }
  lossCase("TripletMarginWithDistanceLoss", { reduction, swap: true }, "rows", 3, () => [
    normal(3, 4),
    normal(3, 4),
    normal(3, 4),
  ]);
  lossCase("SoftMarginLoss", { reduction }, "numbers", 1, () => [normal(2, 2), signs(1, -1, -1, 1).view(2, 2)]);
  for (const options of [{}, { p: 2, margin: 0.3 }]) {
    const of = { reduction, ...options };
    lossCase("MultiMarginLoss", of, "rows", 1, () => [normal(3, 4), int32(1, 0, 3)]);
    lossCase("MultiMarginLoss", of, "a vector", 1, () => [normal(4), torch.tensor(2, { dtype: "int32" })]);
    lossCase("MultiMarginLoss", of, "equal numbers", 1, () => [torch.tensor([[1, 0, 0, 0]]), int32(0)]);
  }
  answers.it(`MultiMarginLoss with weights, ${reduction}`, () => {
    const input = torch
      .tensor([
        [0.1, 0.4, 0.3],
        [1, 0, 0.5],
      ])
      .requiresGrad_();
    const y = new torch.nn.MultiMarginLoss({ reduction, weight: torch.tensor([1, 0.5, 2]) }).forward(
      input,
      int32(2, 1),
    );
    return [y, torch.gradients(y.sum(), [input])];
  });
  lossCase("MultiLabelMarginLoss", { reduction }, "rows", 1, () => [
    normal(2, 4),
    int32(3, 0, -1, 1, -1, 2, 1, 0).view(2, 4),
  ]);
  lossCase("MultiLabelMarginLoss", { reduction }, "a vector", 1, () => [normal(3), int32(2, 0, 1)]);
  lossCase("MultiLabelSoftMarginLoss", { reduction }, "rows", 2, () => [normal(2, 3).mul(20), torch.rand([2, 3])]);
  answers.it(`MultiLabelSoftMarginLoss with weights, ${reduction}`, () => {
    const loss = new torch.nn.MultiLabelSoftMarginLoss({ reduction, weight: torch.tensor([1, 0.5, 2]) });
    return loss.forward(torch.tensor([[1, -2, 0.5]]), torch.tensor([[1, 0, 1]]));
  });
  for (const [logInput, full] of product([true, false], [true, false])) {
    const counts = () => torch.tensor([0, 1, 2, 5, 1.5, 20]);
    lossCase("PoissonNLLLoss", { reduction, logInput, full }, "counts", 1, () => [torch.rand(6).add(0.1), counts()]);
  }
  for (const [full, shape] of product([true, false], [[2, 3], [2, 1], [2]])) {
    const make = () => [normal(2, 3), normal(2, 3), torch.rand(shape)];
    lossCase("GaussianNLLLoss", { reduction, full, eps: 0.3 }, `a variance [${shape}]`, 3, make);
  }
}

describe("CTCLoss", () => {
  const texts: Record<string, () => [targets: Tensor, inputs: number[], targets: number[]]> = {
    "one length": () => [int32(1, 2, 2, 3, 1, 1).view(2, 3), [6, 6], [3, 3]],
    "several lengths": () => [int32(1, 2, 3, 2, 0, 0).view(2, 3), [5, 4], [3, 1]],
    "targets one after the other": () => [int32(1, 2, 3, 2), [6, 3], [3, 1]],
    "an empty target": () => [int32(1, 2, 3, 0, 0, 0).view(2, 3), [6, 5], [3, 0]],
  };
  const impossible = (): [Tensor, number[], number[]] => [int32(1, 1, 1, 2, 3, 2).view(2, 3), [4, 6], [3, 3]];
  const spoken = (options: nn.CTCOptions, text: () => [Tensor, number[], number[]]) => () => {
    torch.manualSeed(0);
    const scores = torch.randn([6, 2, 4]).requiresGrad_();
    const logProbs = scores.logSoftmax(2);
    const [targets, inputs, sizes] = text();
    const y = new torch.nn.CTCLoss(options).forward(logProbs, targets, inputs, sizes);
    return [y, torch.gradients(y.sum(), [scores, logProbs])];
  };
  for (const [name, reduction] of product(Object.keys(texts), reductions)) {
    answers.it(`CTCLoss ${reduction}: ${name}`, spoken({ reduction }, texts[name]));
  }
  answers.each({
    "CTCLoss: another blank": spoken({ blank: 3 }, () => [int32(1, 2, 0, 1).view(2, 2), [6, 6], [2, 2]]),
    "CTCLoss: a target that is too long counts 0": spoken({ zeroInfinity: true, reduction: "none" }, impossible),
    "CTCLoss: a target that is too long": () => {
      const [targets, inputs, sizes] = impossible();
      return new torch.nn.CTCLoss({ reduction: "none" }).forward(
        torch.zeros([6, 2, 4]).logSoftmax(2),
        targets,
        inputs,
        sizes,
      );
    },
    "CTCLoss: error of a blank": () => torch.error(spoken({ blank: 4 }, texts["one length"])),
    "CTCLoss: error of a length": () => torch.error(spoken({}, () => [int32(1, 2).view(2, 1), [7, 6], [1, 1]])),
  });

  it("takes one sample, and lengths as tensors", () => {
    manualSeed(0);
    const [logProbs, target] = [randn([5, 4]).logSoftmax(1), tensor([2, 1], { dtype: "int32" })];
    const { ctcLoss } = nn.functional;
    const one = ctcLoss(logProbs, target, 5, 2, { reduction: "none" });
    const lengths = [5, 2].map((length) => tensor([length], { dtype: "int32" }));
    const batch = ctcLoss(logProbs.unsqueeze(1), target.unsqueeze(0), lengths[0], lengths[1], { reduction: "none" });
    expect(one.shape).toEqual([]);
    expect(batch.toArray()).toEqual([one.item()]);
  });

  it("has derivatives that are right", () => {
    manualSeed(0);
    const scores = randn([4, 2, 3], float64).requiresGrad_();
    const targets = tensor(
      [
        [1, 1],
        [2, 0],
      ],
      { dtype: "int32" },
    );
    const f = (x: Tensor) => nn.functional.ctcLoss(x.logSoftmax(2), targets, [4, 3], [2, 1], { reduction: "sum" });
    expect(gradcheck(f, [scores])).toBe(true);
    expect(gradgradcheck(f, [scores])).toBe(true);
  });
});

describe("refusals, in PyTorch's words", () => {
  const {
    cosineEmbeddingLoss,
    marginRankingLoss,
    multiMarginLoss,
    tripletMarginLoss,
    gaussianNllLoss,
    multilabelMarginLoss,
  } = torch.nn.functional;
  const ones = (...shape: number[]) => torch.ones(shape);
  answers.each({
    "error: targets of two dimensions": () =>
      torch.error(() => cosineEmbeddingLoss(ones(1, 2), ones(1, 2), ones(1, 1)), "\n"),
    "error: vectors with a list of targets": () =>
      torch.error(() => cosineEmbeddingLoss(ones(2), ones(2), ones(2)), "\n"),
    "error: rows with one target": () =>
      torch.error(() => cosineEmbeddingLoss(ones(1, 2), ones(1, 2), torch.tensor(1)), "\n"),
    "error: ranks that differ": () => torch.error(() => marginRankingLoss(ones(2), ones(1, 2), ones(2)), "\n"),
    "error: triplets whose ranks differ": () =>
      torch.error(() => tripletMarginLoss(ones(2, 2), ones(2), ones(2)), "\n"),
    "error: a power": () => torch.error(() => multiMarginLoss(ones(1, 2), int32(0), { p: 3 as 2 }), "\n"),
    "error: a weight": () => torch.error(() => multiMarginLoss(ones(1, 2), int32(0), { weight: ones(1, 2) }), "\n"),
    "error: too many targets": () => torch.error(() => multiMarginLoss(ones(1, 2), int32(0, 1)), "\n"),
    "error: a target": () => torch.error(() => multiMarginLoss(ones(1, 2), int32(2)), "\n"),
    "error: no classes": () => torch.error(() => multiMarginLoss(ones(1, 0), int32(0)), "\n"),
    "error: several targets": () =>
      torch.error(() => multilabelMarginLoss(ones(1, 2), int32(0, 1, -1).view(1, 3)), "\n"),
    "error: a variance": () => torch.error(() => gaussianNllLoss(ones(2, 3), ones(2, 3), ones(3)), "\n"),
    "error: a negative variance": () => torch.error(() => gaussianNllLoss(ones(2), ones(2), ones(2).neg()), "\n"),
  });
});

describe("first and second derivatives are right:", () => {
  manualSeed(0);
  const f64 = (...shape: number[]) => randn(shape, float64).requiresGrad_();
  const classes = tensor([1, 0], { dtype: "int32" });
  const sign = tensor([1, -1], float64);
  const { functional: F } = nn;
  const cases: Record<string, [(...xs: Tensor[]) => Tensor, Tensor[]]> = {
    cosineEmbeddingLoss: [(a, b) => F.cosineEmbeddingLoss(a, b, sign, { margin: -1 }), [f64(2, 3), f64(2, 3)]],
    tripletMarginLoss: [(a, b, c) => F.tripletMarginLoss(a, b, c, { margin: 9 }), [f64(2, 3), f64(2, 3), f64(2, 3)]],
    multiMarginLoss: [(x) => F.multiMarginLoss(x, classes, { p: 2 }), [f64(2, 3)]],
    multilabelMarginLoss: [
      (x) =>
        F.multilabelMarginLoss(
          x,
          tensor(
            [
              [1, -1, 0],
              [2, 0, -1],
            ],
            { dtype: "int32" },
          ),
        ).pow(2),
      [f64(2, 3)],
    ],
    softMarginLoss: [(x) => F.softMarginLoss(x, sign), [f64(2)]],
    poissonNllLoss: [(x) => F.poissonNllLoss(x, tensor([1, 3], float64), { full: true }), [f64(2)]],
    gaussianNllLoss: [
      F.gaussianNllLoss as (...xs: Tensor[]) => Tensor,
      [f64(2), f64(2), rand(2, float64).add(0.5).requiresGrad_()],
    ],
  };
  it.each(Object.keys(cases))("%s", (name) => {
    const [f, inputs] = cases[name];
    expect(gradcheck(f, inputs)).toBe(true);
    expect(gradgradcheck(f, inputs)).toBe(true);
  });
});

it("a distance of one's own is a function or a module", () => {
  const [anchor, positive, negative] = [0, 1, 2].map((x) => tensor([[x, x]]));
  const cityBlock = (a: Tensor, b: Tensor) => a.sub(b).abs().sum(-1);
  const options = { margin: 3, distanceFunction: cityBlock };
  expect(nn.functional.tripletMarginWithDistanceLoss(anchor, positive, negative, options).item()).toBe(1);
  const distanceFunction = new nn.PairwiseDistance({ p: 1, eps: 0 });
  const loss = new nn.TripletMarginWithDistanceLoss({ margin: 3, distanceFunction });
  expect(loss.forward(anchor, positive, negative).item()).toBe(1);
});
