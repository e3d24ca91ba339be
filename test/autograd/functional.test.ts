/** Jacobians, Hessians and products with them are PyTorch's. */
import { describe, expect, it } from "vitest";
import type { Tensor } from "../../src/index.ts";
import { Answers, expectClose, torch } from "../support/index.ts";

const { hessian, hvp, jacobian, jvp, manualSeed, rand, randn, tensor, vhp, vjp } = torch;

const tolerance = { rtol: 1e-12, atol: 1e-12 };
const answers = new Answers("derivatives");

/** Declares the derivatives of f, of inputs of these shapes. */
function check(name: string, shapes: number[][], f: (...inputs: Tensor[]) => Tensor): void {
  function made() {
    manualSeed(0);
    const random = (shape: readonly number[]) => rand(shape, { dtype: "float64" });
    const [inputs, vectors] = [shapes.map((shape) => random(shape).add(0.5)), shapes.map(random)];
    const y = f(...inputs);
    return { inputs, vectors, isScalar: y.ndim === 0, u: random(y.shape) };
  }

  answers.it(`${name}: jacobian`, () => jacobian(f, made().inputs), tolerance);

  const products = () => {
    const { inputs, vectors, u } = made();
    return [vjp(f, inputs, u), jvp(f, inputs, vectors)[1]];
  };
  answers.it(`${name}: vjp and jvp`, products, tolerance);

  if (!made().isScalar) return;
  const second = () => {
    const { inputs, vectors } = made();
    return [hessian(f, inputs), hvp(f, inputs, vectors)[1], vhp(f, inputs, vectors)[1]];
  };
  answers.it(`${name}: hessian and hvp`, second, tolerance);
}

answers.it("jvp of powers of 0", () => {
  const powers = [tensor([0, 0, -0, 2], { dtype: "float64" }), tensor([1, 2.5, 3, 3], { dtype: "float64" })];
  return jvp(
    (a, b) => a.pow(b),
    powers,
    [1, 2].map((value) => torch.full([4], value, { dtype: "float64" })),
  )[1];
});

check("softmax", [[3]], (x) => x.softmax(0));
check("matrix", [[2, 2], [2, 3]], (x, w) => x.matmul(w).tanh()); // biome-ignore format: a list of shapes
check("scalar", [[3]], (x) => x.exp().mul(x.pow(3)).sum());
check("mixed", [[2], [2]], (x, y) => x.tanh().mul(y.pow(2)).sum().add(x.pow(2).sum()));
check("unused", [[2], [3]], (x) => x.pow(3).sum());

describe("a vector of another shape is refused, in PyTorch's words", () => {
  const { error, ones } = torch;
  const square = (x: Tensor) => x.mul(x);
  const x = () => ones([2], { dtype: "float64" });
  const other = () => ones([1], { dtype: "float64" });
  answers.each({
    "vjp, v of another shape": () => error(() => vjp(square, x(), other()), null),
    "jvp, v of another shape": () => error(() => jvp(square, x(), other()), null),
    "vhp, v of another shape": () => error(() => vhp((x) => x.mul(x).sum(), x(), other()), null),
    "hvp, v of another shape": () => error(() => hvp((x) => x.mul(x).sum(), x(), other()), null),
    "jvp, the second v of another shape": () => error(() => jvp((a, b) => a.mul(b), [x(), x()], [x(), other()]), null),
    "hvp, too few v": () => error(() => hvp((a, b) => a.mul(b).sum(), [x(), x()], [x()]), null),
  });
});

describe("one tensor, one result", () => {
  const x = tensor([1, 2, 3], { dtype: "float64" });
  const squares = (x: Tensor) => x.mul(x);
  const isClose = (y: Tensor | null, expected: number[]) => expectClose(y, expected, tolerance);

  it("also of the Hessian", () => {
    const cubes = (x: Tensor) => x.pow(3).sum();
    isClose(jacobian(squares, x), [2, 0, 0, 0, 4, 0, 0, 0, 6]);
    isClose(hessian(cubes, x), [6, 0, 0, 0, 12, 0, 0, 0, 18]);
  });

  it("leaves the inputs as they were, and can itself be differentiated", () => {
    const y = tensor([1, 2, 3], { dtype: "float64", requiresGrad: true });
    const differentiable = jacobian(squares, y, { createGraph: true });
    differentiable.sum().backward();
    isClose(y.grad, [2, 2, 2]);
    const z = tensor([1, 2], { requiresGrad: true });
    expect(jacobian(squares, z).requiresGrad).toBe(false);
    expect(z.grad).toBeNull();
  });

  it("of a constant is 0; of an empty result has no rows", () => {
    const constant = () => tensor([1, 2], { dtype: "float64" });
    isClose(jacobian(constant, x), [0, 0, 0, 0, 0, 0]);
    expect(jacobian((x) => x.slice(0, 0, 0), x).shape).toEqual([0, 3]);
  });

  it("a Hessian needs one number", () => {
    expect(() => hessian(squares, x)).toThrow("should contain a single element");
    expect(() => hvp(squares, x, randn([3]))).toThrow("should contain a single element");
  });
});
