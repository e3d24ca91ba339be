/** Losses and their gradients are PyTorch's: those that compare element by element, and cross entropy. */
import { describe, expect, it } from "vitest";
import {
  arange,
  type DType,
  grad,
  gradcheck,
  gradgradcheck,
  linspace,
  manualSeed,
  nn,
  ones,
  rand,
  randint,
  randn,
  Tensor,
  tensor,
  zeros,
} from "../../src/index.ts";
import { Answers, expectClose, expectExact, observed, product, torch } from "../support/index.ts";

type Loss = (input: Tensor, target: Tensor, options?: object) => Tensor;

const { huberLoss, smoothL1Loss, binaryCrossEntropyWithLogits, binaryCrossEntropy } = torch.nn.functional;
const losses = torch.nn.functional as unknown as Record<string, Loss>;
const layers = torch.nn as unknown as Record<string, new (options: object) => nn.Module>;

const modules = {
  mseLoss: "MSELoss",
  l1Loss: "L1Loss",
  smoothL1Loss: "SmoothL1Loss",
  huberLoss: "HuberLoss",
  binaryCrossEntropyWithLogits: "BCEWithLogitsLoss",
  binaryCrossEntropy: "BCELoss",
  klDiv: "KLDivLoss",
} as const;
type LossName = keyof typeof modules;

const reductions = ["none", "mean", "sum"] as const;
const [inf, nan] = [Infinity, Number.NaN];
const int32 = (...values: number[]) => tensor(values, { dtype: "int32" });
const rows = (count: number, ...values: number[]) => tensor(values).view(count, -1);

/** The gradient of a loss: not 1, so that a pull-back which forgets to multiply by it is seen. */
const upstream = ({ shape, numel, dtype }: Tensor, from: number) => linspace(from, 2, numel, { dtype }).view(...shape);

describe("losses of elements: values and gradients", () => {
  manualSeed(0);
  /** Equal elements, elements exactly at the ends of the parabolas, infinite and very large ones. */
  const inputs: Record<string, [input: Tensor, target: Tensor]> = {
    random: [randn([4, 3]), randn([4, 3])],
    edges: [tensor([1, 2, 0.5, -1, 3, 0]), tensor([1, 1, 1, 1, 1, 0])],
    large: [tensor([1e20, -1e20, 88, -88]), tensor([0, 1, 1, 0])],
    broadcast: [randn([4, 3]), randn([3])],
    empty: [zeros([0, 2]), zeros([0, 2])],
    probabilities: [randn([4, 3]).mul(3), rand([4, 3])],
    "pairs of probabilities": [rand([4, 3]), rand([4, 3])],
    certain: [tensor([0, 1, 0, 1, 0.5, 1e-30]), tensor([0, 1, 1, 0, 1, 0.3])],
    "log probabilities": [randn([4, 3]).logSoftmax(1), randn([4, 3]).softmax(1)],
    "two log probabilities": [randn([4, 3]).logSoftmax(1), randn([4, 3]).logSoftmax(1)],
    impossible: [tensor([[-1, -2, -3]]), tensor([[0, 0.5, 0.5]])],
    "no log probabilities": [zeros([0, 6]), tensor([0, -1, inf, -inf, nan, 2])],
    logits: [tensor([0, 0, 100, -100, 1e30, -1e30]), tensor([0, 1, 0, 1, 0.3, 0.3])],
  };
  const weight = tensor([0.5, 2, 0]);
  const posWeight = tensor([3, 1, 0.2]);
  const answers = new Answers("losses", { rtol: 2e-6, atol: 2e-7 });

  const textOf = (options: object) => JSON.stringify(options, (_, x) => (x instanceof Tensor ? x.toArray() : x));

  function lossCase(name: string, loss: LossName, options: object): void {
    answers.it(`${loss} of ${name}, ${textOf(options)}`, () => {
      const [input, target] = inputs[name].map((x) => observed(x).clone().requiresGrad_());
      const y = losses[loss](input, target, options);
      y.backward(upstream(y, 1));
      const again = new layers[modules[loss]](options);
      return [String(again), y, input.grad, target.grad, again.forward(input, target)];
    });
  }

  const regressions: [LossName, { beta?: number; delta?: number }][] = [
    ["mseLoss", {}],
    ["l1Loss", {}],
    ...[0, 0.5, 1].map((beta): [LossName, object] => ["smoothL1Loss", { beta }]),
    ...[0.5, 1, 2].map((delta): [LossName, object] => ["huberLoss", { delta }]),
  ];
  const names = ["random", "edges", "large", "broadcast", "empty"];
  for (const [name, [loss, options], reduction] of product(names, regressions, reductions)) {
    // Where the two are equal PyTorch gives both of them -1, though by its documentation this is l1_loss, which gives 0.
    if (name === "edges" && options.beta === 0) continue;
    lossCase(name, loss, { reduction, ...options });
  }
  for (const reduction of reductions) {
    for (const options of [{}, { weight }, { posWeight }, { weight, posWeight }])
      lossCase("probabilities", "binaryCrossEntropyWithLogits", { reduction, ...options });
    for (const name of ["pairs of probabilities", "empty"]) {
      const own = name === "empty" ? weight.slice(0, 0, 2) : weight;
      for (const options of [{}, { weight: own }]) lossCase(name, "binaryCrossEntropy", { reduction, ...options });
    }
  }
  for (const name of ["logits", "empty"]) lossCase(name, "binaryCrossEntropyWithLogits", { reduction: "none" });
  lossCase("certain", "binaryCrossEntropy", { reduction: "none" });
  for (const reduction of [...reductions, "batchmean"]) {
    lossCase("log probabilities", "klDiv", { reduction });
    lossCase("two log probabilities", "klDiv", { reduction, logTarget: true });
    lossCase("impossible", "klDiv", { reduction });
    for (const logTarget of [false, true]) lossCase("no log probabilities", "klDiv", { reduction, logTarget });
  }

  const numbers = [inf, -inf, 0, -0, 1, -1, 0.5, 2, -2, 20, -20, 300];
  const targets = [0, 1, 0.25];

  /** Every pair of these: values, gradients and, but of NaN, the gradients of the gradients' weighed sum. */
  function specialCase(loss: LossName, options: object, inputs: readonly number[], targets: readonly number[]): void {
    const given = { reduction: "none", ...options };
    const leaf = (values: number[]) => torch.tensor(values, { dtype: "float64" }).requiresGrad_();
    const leaves = (xs: readonly number[], ts: readonly number[]) => [
      leaf(xs.flatMap((x) => ts.map(() => x))),
      leaf(xs.flatMap(() => ts)),
    ];
    answers.it(`${loss} of special numbers, ${textOf(options)}`, () => {
      const [x, t] = leaves([nan, ...inputs], [nan, ...targets]);
      const y = losses[loss](x, t, given);
      y.backward(upstream(y, 1));
      const [x2, t2] = leaves(inputs, targets);
      const [dx] = torch.grad(losses[loss](x2, t2, given).sum(), [x2], { createGraph: true });
      return [y, x.grad, t.grad, torch.gradients(dx.mul(upstream(dx, 1)).sum(), [x2, t2])];
    });
  }
  for (const [loss, options] of regressions.filter(([, { beta }]) => beta !== 0))
    specialCase(loss, options, numbers, targets);
  specialCase("binaryCrossEntropyWithLogits", {}, numbers, targets);
  for (const factor of [2, 0.3, 0]) {
    const posWeight = tensor([factor], { dtype: "float64" });
    specialCase("binaryCrossEntropyWithLogits", { posWeight }, numbers, targets);
  }
  for (const logTarget of [false, true]) specialCase("klDiv", { logTarget }, numbers, numbers);

  answers.it("crossEntropy of an infinite probability, where float32 has no softmax above 0", () => {
    const [x, t] = [
      [100, 0, 1, -100],
      [1, inf, 1, 1],
    ].map((values) => torch.tensor(values).requiresGrad_());
    return torch.gradients(losses.crossEntropy(x, t), [x, t]);
  });

  const [two, three] = [zeros(2), zeros(3)];
  answers.each({
    "error of smoothL1Loss": () => torch.error(() => smoothL1Loss(two, two, { beta: -1 }), "\n"),
    "error of huberLoss": () => torch.error(() => huberLoss(two, two, { delta: 0 }), "\n"),
    "error of binaryCrossEntropyWithLogits": () => torch.error(() => binaryCrossEntropyWithLogits(two, three), "\n"),
    "error of no probability": () => torch.error(() => binaryCrossEntropy(zeros(2).sub(1), two), "\n"),
    "error of binaryCrossEntropy": () => torch.error(() => binaryCrossEntropy(two, three), "\n"),
  });
});

type Options = nn.CrossEntropyOptions;

const answers = new Answers("cross_entropy");
const titles = new Map<string, number>();

function lossCase(name: string, logits: Tensor, target: Tensor, options: Options = {}, dtype: DType = "float32"): void {
  const words = Object.entries(options).map(([key, value]) => (key === "weight" ? key : `${key} ${value}`));
  const title = `${dtype}, ${name}, ${words.join(", ") || "defaults"}`;
  const count = (titles.get(title) ?? 0) + 1;
  titles.set(title, count);
  const isIndices = target.dtype === "int32";
  const run = () => {
    const z = observed(logits).to(dtype).clone().requiresGrad_();
    const t = isIndices ? target : observed(target).to(dtype).clone().requiresGrad_();
    const weight = options.weight?.to(dtype);
    const loss = new torch.nn.CrossEntropyLoss({ ...options, ...(weight ? { weight } : {}) }).forward(z, t);
    loss.backward(upstream(loss, 0.5));
    return isIndices ? [loss, z.grad] : [loss, z.grad, t.grad];
  };
  const tolerance = dtype === "float32" ? 3e-7 : 1e-15;
  answers.it(count > 1 ? `${title} (${count})` : title, run, { atol: tolerance, rtol: tolerance });
}

/** Logits of this shape, indices with one that is 2, the same with one that is -100, and probabilities. */
function inputsOf(shape: number[]) {
  const dim = shape.length === 1 ? 0 : 1;
  const logits = randn(shape).mul(2);
  const indices = randint(0, shape[dim], [...shape.slice(0, dim), ...shape.slice(dim + 1)]);
  if (indices.numel > 1) indices.view(-1).slice(0, 1, 2).fill_(2);
  const ignoring = indices.clone();
  ignoring.view(-1).slice(0, 0, 1).fill_(-100);
  return { logits, indices, ignoring, probabilities: randn(shape).softmax(dim) };
}

describe("CrossEntropyLoss: PyTorch's loss and gradients within 3e-7 (float32) or 1e-15 (float64), relative or absolute", () => {
  manualSeed(0);
  const inputs = {
    "(N, C)": inputsOf([5, 4]),
    "(C)": inputsOf([4]),
    "(N, C, d1)": inputsOf([2, 4, 3]),
    "(N, C, d1, d2)": inputsOf([2, 4, 2, 3]),
  };
  type Shape = keyof typeof inputs;
  const shapes = Object.keys(inputs) as Shape[];
  const weight = tensor([0.5, 2, 0, 1.25]);
  const named = (shape: Shape, target: "indices" | "ignoring" | "probabilities", options?: Options, dtype?: DType) =>
    lossCase(`${shape}, ${target}`, inputs[shape].logits, inputs[shape][target], options, dtype);

  for (const [shape, reduction] of product(shapes, reductions)) {
    for (const target of ["indices", "probabilities"] as const) {
      named(shape, target, { reduction, labelSmoothing: 0.1 });
      named(shape, target, { reduction, weight });
    }
  }
  for (const [labelSmoothing, reduction, weighed] of product([0, 0.1, 1], reductions, [{}, { weight }])) {
    for (const target of ["indices", "ignoring", "probabilities"] as const)
      named("(N, C)", target, { reduction, labelSmoothing, ...weighed }, "float64");
  }
  for (const shape of shapes) {
    named(shape, "ignoring");
    named(shape, "ignoring", { weight, labelSmoothing: 0.1 });
    named(shape, "indices", { ignoreIndex: 2, reduction: "none" });
  }
  for (const [reduction, labelSmoothing] of product(reductions, [0, 0.1]))
    named("(N, C)", "indices", { reduction, ignoreIndex: 2, labelSmoothing, weight });
  named("(N, C)", "ignoring", { ignoreIndex: -100, labelSmoothing: 1 });
  for (const labelSmoothing of [0, 1]) named("(N, C)", "probabilities", { labelSmoothing });
});

describe("CrossEntropyLoss of special numbers", () => {
  const numbers = rows(2, 1, 2, 3, 3, 2, 1);
  const nobody = zeros([0], { dtype: "int32" });
  for (const reduction of reductions) {
    for (const labelSmoothing of [0, 0.1]) {
      lossCase("all ignored", numbers, int32(1, 1), { ignoreIndex: 1, reduction, labelSmoothing });
      lossCase("empty batch", zeros([0, 3]), nobody, { reduction, labelSmoothing });
    }
    lossCase("empty batch of probabilities", zeros([0, 3]), zeros([0, 3]), { reduction });
    lossCase("no positions", zeros([2, 3, 0]), zeros([2, 0], { dtype: "int32" }), { reduction });
    lossCase("all of weight 0", rows(2, 1, 2, 3, 4), int32(0, 0), { reduction, weight: tensor([0, 1]) });
  }
  lossCase("one logit of -100 ignored", tensor([1, 2, 3]), tensor(-100, { dtype: "int32" }));
  for (const options of [{}, { labelSmoothing: 0.1 }])
    lossCase("an ignored class beyond the last", rows(2, 1, 2, 3, 4, 4, 4), int32(7, 2), {
      ignoreIndex: 7,
      ...options,
    });
  lossCase("one class", rows(2, 5, -3), int32(0, 0));
  for (const dtype of ["float32", "float64"] as const) {
    const huge = rows(1, 1000, 0);
    lossCase("a huge logit, right", huge, int32(0), {}, dtype);
    lossCase("a huge logit, wrong", huge, int32(1), {}, dtype);
    lossCase("a huge logit, wrong, smoothed", huge, int32(1), { labelSmoothing: 0.1 }, dtype);
    lossCase("the largest logits", tensor([[3e38, -3e38, 0]], { dtype }), int32(2), {}, dtype);
    lossCase("equal logits", rows(2, 700, 700, 700, -700, -700, -700), int32(0, 1), {}, dtype);
    const wide = tensor([-80, 0, 80, 1e-30, 0, -1e-30], { dtype }).view(2, 3);
    lossCase("a wide spread", wide, int32(0, 1), { reduction: "none" }, dtype);
  }
  const never = rows(1, -inf, 0);
  lossCase("a logit of -inf, not the target", never, int32(1));
  lossCase("a logit of -inf, the target", never, int32(0));
  lossCase("a logit of -inf, smoothed", never, int32(1), { labelSmoothing: 0.1 });
  lossCase("a logit of -inf where the probability is 0", never, rows(1, 0, 1));
  lossCase("all logits -inf", rows(2, -inf, -inf, 0, 0), int32(0, 0), { reduction: "none" });
  lossCase("a logit of inf", rows(1, inf, 0), int32(0));
  const unknown = rows(2, nan, 0, 1, 2);
  lossCase("a logit of NaN in one row", unknown, int32(0, 1), { reduction: "none" });
  lossCase("an ignored row of NaN", unknown, int32(-100, 1));
  lossCase("one-hot probabilities", numbers, rows(2, 0, 1, 0, 1, 0, 0));
  lossCase("probabilities that do not sum to 1", numbers, rows(2, 2, 1, 0, 0.1, -0.5, 0.1));
});

describe("what CrossEntropyLoss refuses, in PyTorch's words", () => {
  const indices = (shape: number[]) => zeros(shape, { dtype: "int32" });
  const scalar = (value: number) => tensor(value, { dtype: "int32" });
  /** Of logits that are zeros; with words of its own where PyTorch's depend on which kernel notices. */
  const refused: [name: string, shape: number[], target: Tensor, options?: Options, ownWords?: string][] = [
    ["index C", [2, 3], int32(0, 3)],
    ["index -1", [2, 3], int32(0, -1)],
    ["-100, if another class is ignored", [2, 3], int32(0, -100), { ignoreIndex: 1 }],
    ["index C of (C)", [3], scalar(3)],
    ["index C, smoothed", [2, 3], int32(0, 3), { labelSmoothing: 0.1 }],
    ["index C in more dimensions", [1, 3, 2], int32(3, 0).view(1, 2)],
    ["too many indices", [2, 3], int32(0, 1, 2)],
    ["too few positions", [2, 3, 4], indices([2, 3])],
    ["too many positions", [2, 3, 4], indices([2, 5])],
    ["another batch size and number of positions", [2, 3, 4], indices([3, 5])],
    ["no positions at all", [2, 3, 4], int32(0, 1)],
    ["weight too short", [2, 3], int32(0, 1), { weight: ones(2) }],
    ["weight of two dimensions", [2, 3], int32(0, 1), { weight: ones([3, 1]) }],
    ["label_smoothing above 1", [2, 3], int32(0, 1), { labelSmoothing: 1.5 }],
    ["label_smoothing 2", [2, 3], zeros([2, 3]), { labelSmoothing: 2 }],
    ["ignore_index with probabilities", [2, 3], zeros([2, 3]), { ignoreIndex: 1 }],
    ["indices that are floats", [2, 3], zeros([2])],
    ["indices that are truths", [2, 3], tensor([true, false])],
    [
      "weight too short for probabilities",
      [2, 3],
      zeros([2, 3]),
      { weight: ones(2) },
      "weight tensor should be defined either for all 3 classes or no classes but got weight tensor of shape: [2]",
    ],
    ["a target with the class dimension", [2, 3], indices([2, 1]), {}, "Expected target size [2], got [2, 1]"],
    ["a scalar target", [2, 3], scalar(1), {}, "Expected target size [2], got []"],
    ["indices for (C)", [3], int32(0, 1), {}, "Expected target size [], got [2]"],
    ["another size in 4 dimensions", [2, 3, 4, 5], indices([2, 4, 4]), {}, "size [2, 4, 5], got [2, 4, 4]"],
    ["probabilities of another shape", [2, 3], zeros([2, 4]), {}, "the logits, [2, 3], but this target has [2, 4]"],
    ["scalar logits", [], scalar(0), {}, "cross_entropy expects logits (N, C), (N, C, …) or (C), but got a scalar"],
  ];
  for (const [name, shape, target, options = {}, ownWords] of refused)
    answers.it(
      `error of ${name}`,
      () => torch.error(() => new torch.nn.CrossEntropyLoss(options).forward(zeros(shape), target), "\n"),
      ownWords === undefined ? {} : { ownWords },
    );
});

it("smoothL1Loss with beta 0 has the gradient of l1Loss where the two are equal, and NaN where one is NaN", () => {
  const x = tensor([0, 1, nan], { requiresGrad: true });
  nn.functional.smoothL1Loss(x, tensor([0, 0, 0]), { beta: 0, reduction: "sum" }).backward();
  expect(x.grad?.toArray()).toEqual([0, 1, nan]);
});

describe("properties, within 1e-6", () => {
  const criterion = new nn.CrossEntropyLoss({ reduction: "none", labelSmoothing: 0.2 });
  const labels = int32(2, 0, 1, 2);
  manualSeed(0);
  const logits = randn([4, 3], { requiresGrad: true });

  it("the loss does not change when a number is added to all logits of a sample", () => {
    const shift = rows(4, 1, -5, 0, 20);
    expectClose(criterion.forward(logits.add(shift), labels), criterion.forward(logits, labels), { atol: 1e-6 });
  });

  it("a class index is the same target as probability 1 of that class", () => {
    const oneHot = labels.unsqueeze(1).eq(arange(3)).to("float32");
    expectClose(criterion.forward(logits, oneHot), criterion.forward(logits, labels), { atol: 1e-6 });
  });

  it("the gradients of a sample's logits sum to 0", () => {
    const [dlogits] = grad(criterion.forward(logits, labels).sum(), [logits]);
    expectClose(dlogits.sum(1), [0, 0, 0, 0], { atol: 1e-6 });
  });

  it.each(reductions)("NLLLoss of log probabilities is CrossEntropyLoss: %s", (reduction) => {
    const options = { weight: tensor([1, 2, 0.5]), ignoreIndex: 1, reduction };
    const loss = new nn.NLLLoss(options).forward(logits.logSoftmax(1), labels);
    expectExact(loss, new nn.CrossEntropyLoss(options).forward(logits, labels));
  });
});

function expectDerivatives(loss: (...inputs: Tensor[]) => Tensor, inputs: Tensor[]): void {
  expect(gradcheck(loss, inputs)).toBe(true);
  expect(gradgradcheck(loss, inputs)).toBe(true);
}

describe.each([...Object.keys(modules), "crossEntropy"])("%s", (name) => {
  it("passes gradcheck and gradgradcheck", () => {
    const isOfProbabilities = /^(binaryCrossEntropy|crossEntropy|klDiv)$/.test(name);
    const inputs = [0, 1].map(() => {
      const x = randn([3, 4], { dtype: "float64" });
      return (isOfProbabilities ? x.softmax(1) : x).requiresGrad_();
    });
    expectDerivatives((input, target) => losses[name](input, target), inputs);
  });

  it("refuses another reduction", () => {
    const options = { reduction: "median" as "mean" };
    expect(() => losses[name](zeros(2), zeros(2), options)).toThrow("median is not a valid value for reduction");
  });
});

const weight = tensor([1, 2, 0.5, 1], { dtype: "float64" });
const target = int32(0, 3, 1);
it.each([
  (x: Tensor) => nn.functional.crossEntropy(x, target, { weight, labelSmoothing: 0.1 }),
  (x: Tensor) => nn.functional.nllLoss(x.logSoftmax(1), target, { weight }),
])("of class indices, first and second derivatives are right: %s", (loss) => {
  expectDerivatives(loss, [rand([3, 4], { dtype: "float64", requiresGrad: true })]);
});
