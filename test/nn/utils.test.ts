/** Clipping gradients as PyTorch does, which test/fixtures/nn_utils.py wrote; parameters as one vector and back. */
import { describe, expect, it } from "vitest";
import { arange, nn, ones, randn, type Tensor, zeros, zerosLike } from "../../src/index.ts";
import { expectClose, expectExact, readFixture, type StoredTensor, toTensor } from "../support/fixtures.ts";

const { clipGradNorm_, clipGradValue_, parametersToVector, vectorToParameters } = nn.utils;

const fixture = readFixture<{
  gradients: Record<string, StoredTensor[]>;
  norms: {
    gradients: string;
    maxNorm: number;
    normType: number | "Infinity";
    norm: StoredTensor;
    after: StoredTensor[];
  }[];
  values: { gradients: string; clipValue: number; after: StoredTensor[] }[];
  error: string;
}>("nn_utils.json");

/** Parameters with these gradients, and one without. */
function parameters(name: string): Tensor[] {
  const made = fixture.gradients[name].map((stored) => {
    const gradient = toTensor(stored);
    const parameter = zerosLike(gradient).requiresGrad_();
    parameter.grad = gradient;
    return parameter;
  });
  return [...made, zeros(2, { requiresGrad: true })];
}

function expectGradients(params: Tensor[], expected: StoredTensor[]): void {
  for (const [i, after] of expected.entries()) expectClose(params[i].grad, after, { rtol: 1e-6, atol: 1e-9 });
  expect(params.at(-1)!.grad).toBeNull();
}

describe("clipGradNorm_", () => {
  it.each(fixture.norms)("gradients $gradients, maxNorm $maxNorm, norm of order $normType", (normCase) => {
    const params = parameters(normCase.gradients);
    const before = params[0].grad;
    const total = clipGradNorm_(params, normCase.maxNorm, { normType: Number(normCase.normType) });
    expectClose(total, normCase.norm, { rtol: 1e-6 });
    expectGradients(params, normCase.after);
    expect(params[0].grad).toBe(before);
  });

  it("errorIfNonfinite: PyTorch's error, and the gradients are as they were", () => {
    const params = parameters("nan");
    const start = fixture.error.split("To disable")[0];
    expect(() => clipGradNorm_(params, 1, { errorIfNonfinite: true })).toThrow(start.replace("order 2.0", "order 2"));
    expectExact(params[0].grad, fixture.gradients.nan[0]);
  });

  it("takes one tensor, and none with a gradient", () => {
    const [x] = parameters("small");
    expect(clipGradNorm_(x, 100).item()).toBeGreaterThan(0);
    expect(clipGradNorm_([ones(2)], 1).item()).toBe(0);
  });
});

it.each(fixture.values)("clipGradValue_ of $gradients to $clipValue", ({ gradients, clipValue, after }) => {
  const params = parameters(gradients);
  clipGradValue_(params, clipValue);
  expectGradients(params, after);
});

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
