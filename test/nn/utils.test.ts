/** Clipping gradients as PyTorch does; parameters as one vector and back. */
import { describe, expect, it } from "vitest";
import { arange, manualSeed, nn, ones, randn, type Tensor, tensor, zeros, zerosLike } from "../../src/index.ts";
import { Answers, expectExact, observed, product, torch, unobserved } from "../support/index.ts";

const { parametersToVector, vectorToParameters } = nn.utils;
const { clipGradNorm_, clipGradValue_ } = torch.nn.utils;

const answers = new Answers("nn_utils");

manualSeed(0);
const gradients: Record<string, Tensor[]> = {
  three: [randn([3, 4]), randn([5]), tensor(0.7)],
  small: [randn([2, 2]).mul(1e-3)],
  zero: [zeros(3)],
  infinite: [tensor([1, Infinity]), tensor([2])],
  nan: [tensor([1, Number.NaN])],
};

/** Parameters with these gradients, and one without. */
function parameters(name: string): Tensor[] {
  const made = gradients[name].map((gradient) => {
    const parameter = torch.zeros(gradient.shape, { requiresGrad: true });
    parameter.grad = observed(gradient).clone();
    return parameter;
  });
  return [...made, torch.zeros(2, { requiresGrad: true })];
}

describe("clipGradNorm_", () => {
  for (const [name, maxNorm, normType] of product(Object.keys(gradients), [0.5, 100], [1, 2, 3, Infinity])) {
    const run = () => {
      const params = parameters(name);
      const before = unobserved(params[0]).grad;
      const total = clipGradNorm_(params, maxNorm, { normType });
      expect(unobserved(params[0]).grad).toBe(before);
      return [total, params.map(({ grad }) => grad)];
    };
    answers.it(`gradients ${name}, maxNorm ${maxNorm}, norm of order ${normType}`, run, { rtol: 1e-6, atol: 1e-9 });
  }

  it("errorIfNonfinite: PyTorch's error, and the gradients are as they were", () => {
    answers.check(
      "error of errorIfNonfinite",
      () => {
        const params = parameters("nan");
        torch.error(() => clipGradNorm_(params, 1, { errorIfNonfinite: true }), "order");
        return params.map(({ grad }) => grad);
      },
      { rtol: 0, atol: 0 },
    );
    const message = "order 2 for gradients from `parameters` is non-finite, so it cannot be clipped";
    expect(() => clipGradNorm_(parameters("nan"), 1, { errorIfNonfinite: true })).toThrow(message);
  });

  it("takes one tensor, and none with a gradient", () => {
    const [x] = parameters("small");
    expect(nn.utils.clipGradNorm_(unobserved(x), 100).item()).toBeGreaterThan(0);
    expect(nn.utils.clipGradNorm_([ones(2)], 1).item()).toBe(0);
  });
});

for (const [name, clipValue] of product(Object.keys(gradients), [0.3, 10])) {
  const run = () => {
    const params = parameters(name);
    clipGradValue_(params, clipValue);
    return params.map(({ grad }) => grad);
  };
  answers.it(`clipGradValue_ of ${name} to ${clipValue}`, run, { rtol: 1e-6, atol: 1e-9 });
}

describe("parametersToVector and vectorToParameters", () => {
  it("are each other's reverse", () => {
    const params = [randn([2, 3]), randn([4]), randn([])];
    const others = params.map((p) => zerosLike(p).requiresGrad_());
    const vector = parametersToVector(params);
    expect(vector.shape).toEqual([11]);
    vectorToParameters(vector, others);
    for (const [i, p] of params.entries()) expectExact(others[i], p);
    vectorToParameters(zeros(11), others);
    for (const [i, p] of params.entries()) expectExact(p, parametersToVector([p]).view(...others[i].shape));
    for (const other of others) expect(other.abs().sum().item()).toBe(0);
  });

  it("the vector passes gradients on", () => {
    const [a, b] = [ones([2, 2], { requiresGrad: true }), ones(3, { requiresGrad: true })];
    parametersToVector([a, b]).mul(arange(7)).sum().backward();
    expectExact(a.grad, [0, 1, 2, 3]);
    expectExact(b.grad, [4, 5, 6]);
  });

  it("a vector of another size is an error, and changes nothing", () => {
    const p = ones([2, 2]);
    expect(() => vectorToParameters(zeros(5), [p])).toThrow("the parameters have 4 elements, but the vector 5");
    expectExact(p, [1, 1, 1, 1]);
  });
});

describe("a convolution and a batch norm become one", () => {
  for (const [bias, affine] of product([true, false], [true, false])) {
    const run = () => {
      torch.manualSeed(0);
      const [conv, bn] = [new torch.nn.Conv2d(2, 3, 2, { bias }), new torch.nn.BatchNorm2d(3, { affine })];
      const x = torch.randn([4, 2, 3, 3]);
      bn.forward(conv.forward(x)); // gives it statistics
      const fused = torch.nn.utils.fuseConvBnEval(conv.eval(), bn.eval());
      return [fused.weight, fused.bias, fused.forward(x), bn.forward(conv.forward(x))];
    };
    answers.it(`fused with ${affine ? "a scale" : "none"}, bias ${bias}`, run, { rtol: 1e-5, atol: 1e-6 });
  }

  answers.it(
    "a transposed one",
    () => {
      torch.manualSeed(0);
      const [mean, variance, b] = [torch.randn(3), torch.rand(3), torch.randn(3)];
      return torch.nn.utils.fuseConvBnWeights(torch.randn([2, 3, 2]), b, mean, variance, 1e-3, null, null, true);
    },
    { rtol: 1e-5, atol: 1e-6 },
  );

  it("but not in training", () => {
    expect(() => nn.utils.fuseConvBnEval(new nn.Conv2d(1, 2, 3), new nn.BatchNorm2d(2))).toThrow(
      "Fusion only for eval!",
    );
  });
});
