/** The elementwise losses and their gradients are PyTorch's. */
import { describe, expect, it } from "vitest";
import {
  gradcheck,
  gradgradcheck,
  linspace,
  manualSeed,
  type nn,
  rand,
  randn,
  Tensor,
  tensor,
  zeros,
} from "../../src/index.ts";
import { Answers, observed, torch } from "../support/index.ts";

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

const answers = new Answers("losses");

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
  logits: [tensor([0, 0, 100, -100, 1e30, -1e30]), tensor([0, 1, 0, 1, 0.3, 0.3])],
};
const weight = tensor([0.5, 2, 0]);
const posWeight = tensor([3, 1, 0.2]);

function lossCase(name: string, loss: LossName, options: object): void {
  answers.it(
    `${loss} of ${name}, ${JSON.stringify(options, (_, x) => (x instanceof Tensor ? x.toArray() : x))}`,
    () => {
      const [input, target] = inputs[name].map((x) => observed(x).clone().requiresGrad_());
      const y = losses[loss](input, target, options);
      y.backward(linspace(1, 2, y.numel).view(...y.shape));
      const again = new layers[modules[loss]](options);
      // PyTorch's gradient of a target of 0 in kl_div is NaN, from 0 * inf; it is 0 here.
      let dtarget = target.grad;
      if (name === "impossible" && dtarget) dtarget = torch.where(dtarget.eq(dtarget), dtarget, zeros(dtarget.shape));
      return [String(again), y, input.grad, dtarget, again.forward(input, target)];
    },
    { rtol: 2e-6, atol: 2e-7 },
  );
}

const reductions = ["none", "mean", "sum"];

describe("values and gradients", () => {
  const regressions: [LossName, object][] = [
    ["mseLoss", {}],
    ["l1Loss", {}],
    ...[0, 0.5, 1].map((beta): [LossName, object] => ["smoothL1Loss", { beta }]),
    ...[0.5, 1, 2].map((delta): [LossName, object] => ["huberLoss", { delta }]),
  ];
  for (const name of ["random", "edges", "large", "broadcast", "empty"]) {
    for (const [loss, options] of regressions) {
      // Where the two are equal PyTorch gives both of them -1, though by its documentation this is l1_loss, which gives 0.
      if (name === "edges" && "beta" in options && options.beta === 0) continue;
      for (const reduction of reductions) lossCase(name, loss, { reduction, ...options });
    }
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
  }
});

describe.each(Object.keys(modules))("%s", (name) => {
  it("passes gradcheck and gradgradcheck", () => {
    const isOfProbabilities = name === "binaryCrossEntropy" || name === "klDiv";
    const inputs = [0, 1].map(() => {
      const x = randn([3, 4], { dtype: "float64" });
      return (isOfProbabilities ? x.softmax(1) : x).requiresGrad_();
    });
    const f = (input: Tensor, target: Tensor) => losses[name](input, target);
    expect(gradcheck(f, inputs)).toBe(true);
    expect(gradgradcheck(f, inputs)).toBe(true);
  });

  it("refuses another reduction", () => {
    const options = { reduction: "median" as "mean" };
    expect(() => losses[name](zeros(2), zeros(2), options)).toThrow("median is not a valid value for reduction");
  });
});

describe("errors are PyTorch's", () => {
  const [two, three] = [zeros(2), zeros(3)];
  answers.each({
    "error of smoothL1Loss": () => torch.error(() => smoothL1Loss(two, two, { beta: -1 }), "\n"),
    "error of huberLoss": () => torch.error(() => huberLoss(two, two, { delta: 0 }), "\n"),
    "error of binaryCrossEntropyWithLogits": () => torch.error(() => binaryCrossEntropyWithLogits(two, three), "\n"),
    "error of no probability": () => torch.error(() => binaryCrossEntropy(zeros(2).sub(1), two), "\n"),
    "error of binaryCrossEntropy": () => torch.error(() => binaryCrossEntropy(two, three), "\n"),
  });
});
