/** The elementwise losses and their gradients are PyTorch's: test/fixtures/losses.py wrote them. */
import { describe, expect, it } from "vitest";
import { gradcheck, gradgradcheck, nn, randn, type Tensor, zeros } from "../../src/index.ts";
import { expectClose, readFixture, type StoredTensor, toTensor } from "../support/fixtures.ts";

const { mseLoss, l1Loss, smoothL1Loss, huberLoss, binaryCrossEntropyWithLogits, binaryCrossEntropy, klDiv } =
  nn.functional;

const losses = {
  ...{ mseLoss, l1Loss, smoothL1Loss, huberLoss },
  ...{ binaryCrossEntropyWithLogits, binaryCrossEntropy, klDiv },
} as Record<string, (input: Tensor, target: Tensor, options?: object) => Tensor>;
type LossName = string;

const modules: Record<string, new (options: object) => nn.Module> = {
  mseLoss: nn.MSELoss,
  l1Loss: nn.L1Loss,
  smoothL1Loss: nn.SmoothL1Loss,
  huberLoss: nn.HuberLoss,
  binaryCrossEntropyWithLogits: nn.BCEWithLogitsLoss,
  binaryCrossEntropy: nn.BCELoss,
  klDiv: nn.KLDivLoss,
};

interface LossCase {
  inputs: string;
  loss: LossName;
  options: { reduction: "none" | "mean" | "sum"; weight?: StoredTensor; posWeight?: StoredTensor };
  /** The gradient with which the backward pass starts. */
  start: StoredTensor;
  value: StoredTensor;
  dinput: StoredTensor;
  dtarget: StoredTensor;
}

const fixture = readFixture<{
  inputs: Record<string, { input: StoredTensor; target: StoredTensor }>;
  cases: LossCase[];
  errors: Record<LossName, string>;
}>("losses.json");

const tolerance = { rtol: 2e-6, atol: 2e-7 };

function optionsOf({ weight, posWeight, ...others }: LossCase["options"]) {
  return { ...others, weight: weight ? toTensor(weight) : null, posWeight: posWeight ? toTensor(posWeight) : null };
}

describe("values and gradients", () => {
  const titled = fixture.cases.map((lossCase) => ({
    lossCase,
    title: `${lossCase.loss} of ${lossCase.inputs}, ${JSON.stringify(lossCase.options)}`,
  }));

  it.each(titled)("$title", ({ lossCase }) => {
    const { inputs, loss, start, value, dinput, dtarget } = lossCase;
    const [input, target] = [fixture.inputs[inputs].input, fixture.inputs[inputs].target].map((stored) =>
      toTensor(stored).requiresGrad_(),
    );
    const options = optionsOf(lossCase.options);
    const y = losses[loss](input, target, options);
    expectClose(y, value, tolerance);
    y.backward(toTensor(start));
    expectClose(input.grad, dinput, tolerance);
    expectClose(target.grad, dtarget, tolerance);
    expectClose(new modules[loss](options).forward(input, target), value, tolerance);
  });
});

describe.each(Object.keys(losses) as LossName[])("%s", (name) => {
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
  const calls: Record<string, () => Tensor> = {
    smoothL1Loss: () => smoothL1Loss(zeros(2), zeros(2), { beta: -1 }),
    huberLoss: () => huberLoss(zeros(2), zeros(2), { delta: 0 }),
    binaryCrossEntropyWithLogits: () => binaryCrossEntropyWithLogits(zeros(2), zeros(3)),
    binaryCrossEntropy: () => binaryCrossEntropy(zeros(2), zeros(3)),
  };

  it("binaryCrossEntropy of what is no probability", () => {
    expect(() => binaryCrossEntropy(zeros(2).sub(1), zeros(2))).toThrow(
      "all elements of input should be between 0 and 1",
    );
  });

  it.each(Object.entries(calls))("%s", (name, call) => {
    expect(call).toThrow(fixture.errors[name]);
  });
});

it("print as PyTorch's", () => {
  expect(`${new nn.MSELoss()} ${new nn.BCEWithLogitsLoss()}`).toBe("MSELoss() BCEWithLogitsLoss()");
});
