/** Jacobians, Hessians and products with them are PyTorch's: test/fixtures/derivatives.py wrote them. */
import { describe, expect, it } from "vitest";
import { hessian, hvp, jacobian, jvp, randn, type Tensor, tensor, vjp } from "../../src/index.ts";
import { expectClose, readFixture, type StoredTensor, toTensor } from "../support/fixtures.ts";

interface DerivativesCase {
  name: string;
  inputs: StoredTensor[];
  vectors: StoredTensor[];
  u: StoredTensor;
  y: StoredTensor;
  jacobian: StoredTensor[];
  vjp: StoredTensor[];
  jvp: StoredTensor;
  hessian: StoredTensor[][] | null;
  hvp: StoredTensor[] | null;
}

const functions: Record<string, (...inputs: Tensor[]) => Tensor> = {
  softmax: (x) => x.softmax(0),
  matrix: (x, w) => x.matmul(w).tanh(),
  scalar: (x) => x.exp().mul(x.pow(3)).sum(),
  mixed: (x, y) => x.tanh().mul(y.pow(2)).sum().add(x.pow(2).sum()),
  unused: (x) => x.pow(3).sum(),
};

const tolerance = { rtol: 1e-12, atol: 1e-12 };

function expectAll(found: Tensor[], expected: StoredTensor[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, tensor] of found.entries()) expectClose(tensor, expected[i], tolerance);
}

describe.each(readFixture<DerivativesCase[]>("derivatives.json"))("$name", (derivatives) => {
  const f = functions[derivatives.name];
  const inputs = derivatives.inputs.map((x) => toTensor(x));
  const vectors = derivatives.vectors.map((x) => toTensor(x));

  it("jacobian", () => expectAll(jacobian(f, inputs), derivatives.jacobian));

  it("vjp and jvp", () => {
    const [y, vectorJacobian] = vjp(f, inputs, toTensor(derivatives.u));
    expectClose(y, derivatives.y, tolerance);
    expectAll(vectorJacobian, derivatives.vjp);
    expectClose(jvp(f, inputs, vectors)[1], derivatives.jvp, tolerance);
  });

  const { hessian: secondDerivatives, hvp: product } = derivatives;
  if (!secondDerivatives || !product) return; // f gives more than a scalar
  it("hessian and hvp", () => {
    for (const [i, row] of hessian(f, inputs).entries()) expectAll(row, secondDerivatives[i]);
    expectAll(hvp(f, inputs, vectors)[1], product);
  });
});

describe("one tensor, one result", () => {
  const x = tensor([1, 2, 3], { dtype: "float64" });

  it("also of the Hessian", () => {
    expectClose(
      jacobian((x) => x.mul(x), x),
      [2, 0, 0, 0, 4, 0, 0, 0, 6],
      tolerance,
    );
    expectClose(
      hessian((x) => x.pow(3).sum(), x),
      [6, 0, 0, 0, 12, 0, 0, 0, 18],
      tolerance,
    );
  });

  it("leaves the inputs as they were, and can itself be differentiated", () => {
    const y = tensor([1, 2, 3], { dtype: "float64", requiresGrad: true });
    jacobian((y) => y.mul(y), y, { createGraph: true })
      .sum()
      .backward();
    expectClose(y.grad, [2, 2, 2], tolerance);
    const z = tensor([1, 2], { requiresGrad: true });
    expect(jacobian((z) => z.mul(z), z).requiresGrad).toBe(false);
    expect(z.grad).toBeNull();
  });

  it("of a constant is 0; of an empty result has no rows", () => {
    expectClose(
      jacobian(() => tensor([1, 2], { dtype: "float64" }), x),
      [0, 0, 0, 0, 0, 0],
      tolerance,
    );
    expect(jacobian((x) => x.slice(0, 0, 0), x).shape).toEqual([0, 3]);
  });

  it("a Hessian needs one number", () => {
    expect(() => hessian((x) => x.mul(x), x)).toThrow("should contain a single element");
    expect(() => hvp((x) => x.mul(x), x, randn([3]))).toThrow("should contain a single element");
  });
});
