/** CrossEntropyLoss and its gradient are PyTorch's: test/fixtures/cross_entropy.py wrote them. */
import { describe, expect, it } from "vitest";
import { arange, type DType, grad, manualSeed, nn, randn, tensor } from "../../src/index.ts";
import { expectClose, readFixture, type StoredTensor, toTensor } from "../support/fixtures.ts";

interface StoredOptions {
  weight?: StoredTensor;
  ignoreIndex?: number;
  reduction?: "mean" | "sum" | "none";
  labelSmoothing?: number;
}

interface Results {
  name: string;
  options: StoredOptions;
  dtype: DType;
  /** The gradient with which the backward pass starts. */
  dloss: StoredTensor;
  loss: StoredTensor;
  dlogits: StoredTensor;
  dprobabilities?: StoredTensor;
}

interface Refused {
  name: string;
  logits: StoredTensor;
  target: StoredTensor;
  options: StoredOptions;
  error: string;
}

type TargetName = "indices" | "ignoring" | "probabilities";

const fixture = readFixture<{
  inputs: Record<string, Record<"logits" | TargetName, StoredTensor>>;
  cases: (Results & { inputs: string; target: TargetName })[];
  special: (Results & { logits: StoredTensor; target: StoredTensor })[];
  errors: Refused[];
  ownWords: Refused[];
}>("cross_entropy.json");

function makeLoss({ weight, ...options }: StoredOptions): nn.CrossEntropyLoss {
  return new nn.CrossEntropyLoss({ ...options, weight: weight ? toTensor(weight) : null });
}

/** Class indices stay whole numbers; logits and probabilities become `dtype`. */
const inDtype = (x: StoredTensor, dtype: DType) => (x.dtype === "int32" ? toTensor(x) : toTensor(x).to(dtype));

function expectResults(logits: StoredTensor, target: StoredTensor, expected: Results): void {
  const { options, dtype, dloss, dprobabilities } = expected;
  const z = inDtype(logits, dtype).requiresGrad_();
  const t = inDtype(target, dtype);
  if (dprobabilities) t.requiresGrad = true;
  const loss = makeLoss(options).forward(z, t);
  loss.backward(toTensor(dloss));
  const tolerance = dtype === "float32" ? { atol: 3e-7, rtol: 3e-7 } : { atol: 1e-15, rtol: 1e-15 };
  expectClose(loss, expected.loss, tolerance);
  expectClose(z.grad, expected.dlogits, tolerance);
  if (dprobabilities) expectClose(t.grad, dprobabilities, tolerance);
}

describe("CrossEntropyLoss: PyTorch's loss and gradients within 3e-7 (float32) or 1e-15 (float64), relative or absolute", () => {
  it.each(fixture.cases)("$dtype, $name", (expected) => {
    const { logits, [expected.target]: target } = fixture.inputs[expected.inputs];
    expectResults(logits, target, expected);
  });

  it.each(fixture.special)("$dtype, $name", (expected) => {
    expectResults(expected.logits, expected.target, expected);
  });
});

/** Where PyTorch's own words depend on which kernel notices. */
const ownWords: Record<string, string> = {
  "weight too short for probabilities":
    "weight tensor should be defined either for all 3 classes or no classes but got weight tensor of shape: [2]",
  "a target with the class dimension": "Expected target size [2], got [2, 1]",
  "a scalar target": "Expected target size [2], got []",
  "indices for (C)": "Expected target size [], got [2]",
  "another size in 4 dimensions": "Expected target size [2, 4, 5], got [2, 4, 4]",
  "probabilities of another shape":
    "class probabilities have the shape of the logits, [2, 3], but this target has [2, 4]",
  "scalar logits": "cross_entropy expects logits (N, C), (N, C, …) or (C), but got a scalar",
};

describe("what CrossEntropyLoss refuses", () => {
  const call = ({ logits, target, options }: Refused) => makeLoss(options).forward(toTensor(logits), toTensor(target));

  it.each(fixture.errors)("$name, in PyTorch's words: $error", (refused) => {
    expect(() => call(refused)).toThrow(refused.error);
  });

  it.each(fixture.ownWords)("$name, as PyTorch does, in words of its own", (refused) => {
    expect(() => call(refused)).toThrow(ownWords[refused.name]);
  });
});

describe("properties, within 1e-6", () => {
  const criterion = new nn.CrossEntropyLoss({ reduction: "none", labelSmoothing: 0.2 });
  const labels = tensor([2, 0, 1, 2], { dtype: "int32" });
  manualSeed(0);
  const logits = randn([4, 3], { requiresGrad: true });

  it("the loss does not change when a number is added to all logits of a sample", () => {
    const shift = tensor([[1], [-5], [0], [20]]);
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

  it("a reduction that there is none of is refused", () => {
    const options = JSON.parse('{"reduction":"average"}');
    expect(() => nn.functional.crossEntropy(logits, labels, options)).toThrow(
      "average is not a valid value for reduction",
    );
  });
});
