/** The adaptive softmax has PyTorch's weights, losses, gradients, predictions and refusals. */
import { describe, expect, it } from "vitest";
import { gradcheck, gradgradcheck, manualSeed, nn, randn, tensor } from "../../src/index.ts";
import { Answers, torch } from "../support/index.ts";

const answers = new Answers("adaptive_softmax");
const { AdaptiveLogSoftmaxWithLoss } = torch.nn;
const int32 = (...values: number[]) => torch.tensor(values, { dtype: "int32" });

const made = (options?: nn.AdaptiveLogSoftmaxOptions) => {
  torch.manualSeed(0);
  return new AdaptiveLogSoftmaxWithLoss(8, 12, [2, 5, 9], { divValue: 2, ...options });
};

/** All that it gives, and the gradients of the loss. */
function run(classes: number[], options?: nn.AdaptiveLogSoftmaxOptions) {
  const softmax = made(options);
  const x = torch.randn([classes.length, 8], { dtype: options?.dtype ?? "float32" }).requiresGrad_();
  const { output, loss } = softmax.forward(x, int32(...classes));
  loss.backward();
  const gradients = softmax.parameters().map(({ grad }) => grad);
  return [
    String(softmax),
    softmax.stateDict(),
    output,
    loss,
    x.grad,
    gradients,
    softmax.logProb(x),
    softmax.predict(x),
  ];
}

describe("AdaptiveLogSoftmaxWithLoss", () => {
  answers.each({
    "of classes of all clusters": () => run([0, 1, 2, 4, 5, 8, 9, 11]),
    "of classes of the head": () => run([1, 0, 1]),
    "of one class of the last cluster, with a bias": () => run([10], { headBias: true, divValue: 1.7 }),
    "in float64": () => run([3, 0, 6], { dtype: "float64" }),
    "of one sample": () => {
      const { output, loss } = made().forward(torch.ones([8]), torch.tensor(7, { dtype: "int32" }));
      return [output, loss];
    },
    "of no samples": () => {
      const { output, loss } = made().forward(torch.ones([0, 8]), int32());
      return [output, loss];
    },
    "predicts what is in the head, and what is not": () => {
      const softmax = made();
      torch.nn.init.constant_(softmax.head.weight, 0);
      torch.noGrad(() => softmax.head.weight.select(0, 3).fill_(1));
      const x = torch.stack([torch.ones([8]), torch.ones([8]).neg(), torch.arange(8)]);
      return [softmax.predict(x), softmax.predict(x.abs()), softmax.predict(x.narrow(0, 1, 1))];
    },
  });

  const refused: Record<string, () => unknown> = {
    "a class beyond": () => made().forward(torch.ones([2, 8]), int32(3, 12)),
    "a class below": () => made().forward(torch.ones([2, 8]), int32(-1, 2)),
    "other samples": () => made().forward(torch.ones([2, 8]), int32(1)),
    "classes of two dimensions": () => made().forward(torch.ones([1, 8]), int32(1).view(1, 1)),
    ...Object.fromEntries(
      [
        [2, 2],
        [3, 2],
        [0, 3],
        [2, 12],
        [1.5, 4],
      ].map((cutoffs) => [`cutoffs ${cutoffs}`, () => new AdaptiveLogSoftmaxWithLoss(8, 12, cutoffs)]),
    ),
  };
  for (const [name, call] of Object.entries(refused)) answers.it(`error of ${name}`, () => torch.error(call, null));

  it("refuses inputs of other dimensions", () => {
    const softmax = new nn.AdaptiveLogSoftmaxWithLoss(8, 12, [2]);
    const words = "1D target tensor expects 2D input tensors, but found inputs with size torch.Size([1])";
    expect(() => softmax.forward(tensor([1]), tensor([1], { dtype: "int32" }))).toThrow(words);
    expect(() => softmax.forward(tensor([[1]]), tensor(1, { dtype: "int32" }))).toThrow("0D target tensor expects 1D");
    expect(() => softmax.forward(tensor([[1]]), tensor([1.5]))).toThrow("expected scalar type Long but found Float");
    expect(() => new nn.AdaptiveLogSoftmaxWithLoss(8, 12, [])).toThrow("cutoffs should be a sequence of unique");
  });

  it("has both derivatives", () => {
    manualSeed(0);
    const softmax = new nn.AdaptiveLogSoftmaxWithLoss(3, 5, [1, 3], { divValue: 1.5, dtype: "float64" });
    const x = randn([3, 3], { dtype: "float64", requiresGrad: true });
    const target = tensor([0, 2, 4], { dtype: "int32" });
    const f = () => softmax.forward(x, target).output;
    expect(gradcheck(f, [x, ...softmax.parameters()])).toBe(true);
    expect(gradgradcheck(f, [x, ...softmax.parameters()])).toBe(true);
  });
});
