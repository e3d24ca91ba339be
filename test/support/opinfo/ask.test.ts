/** PyTorch's calls find their place here, and a wrong answer is noticed. */
import { expect, it } from "vitest";
import { ask, type PyTorchRecord } from "./ask.ts";
import { callText, placed } from "./call.ts";
import type { Literal, Written } from "./literals.ts";

const float32 = (...values: number[]): Literal => ({
  dtype: "float32",
  shape: [values.length],
  data: Buffer.from(new Float32Array(values).buffer).toString("base64"),
});
const leaf = (...values: number[]): Written => ({ tensor: { ...float32(...values), requiresGrad: true, number: 0 } });

const callOf = (name: string, places: string[], given: Record<string, Written>) => ({
  name,
  places,
  arguments: Object.entries(given).map(([key, value]) => ({
    name: key,
    place: places.includes(key) ? places.indexOf(key) : null,
    value,
    isDefault: value === null,
  })),
});

const x = leaf(1, 2);

it.each([
  ["sum", ["self", "dim", "keepdim"], { self: x, dim: 0, keepdim: true }, "sum(X, 0, { keepdim: true })"],
  ["eye", ["n"], { n: 2, dtype: "int32" }, 'eye(2, undefined, { dtype: "int32" })'],
  ["pow_", ["self", "exponent"], { self: x, exponent: 2 }, "X.clone().pow_(2)"],
  ["nn.functional.relu", ["input", "inplace"], { input: x, inplace: null }, "nn.functional.relu(X)"],
  ["einsum", ["equation", "operands"], { equation: "i,i->", operands: [x, x] }, 'einsum("i,i->", X, X)'],
  ["nn.GELU", ["approximate"], { approximate: "tanh" }, 'new nn.GELU({ approximate: "tanh" })'],
] as const)("%s", (name, places, given, code) => {
  const call = placed(callOf(name, [...places], given));
  if (typeof call === "string") expect.fail(call);
  expect(callText(call).replaceAll("tensor([1, 2]).detach().requiresGrad_()", "X")).toBe(code);
});

it.each([
  ["fft", ["self"], { self: x }, "there is no fft"],
  ["sort", ["self", "dim", "descending", "out"], { self: x, out: x }, "sort has no out"],
  ["logical_and", ["self", "other"], { self: x, other: 1 }, "logicalAnd takes no number as other"],
] as const)("%s cannot be asked", (name, places, given, reason) => {
  expect(placed(callOf(name, [...places], given))).toBe(reason);
});

/** x³ of [1, 2], with the gradient of [1, 10], and that one's of [1, 1]. */
function cubed(y: Literal, dx: Literal, ddx: Literal): PyTorchRecord {
  const derivatives = { upstream: [float32(1, 10)], gradients: [dx] };
  const second = { upstream: [float32(1, 1)], gradients: [ddx, float32(3, 12)], reaching: [true] };
  const outcome = { values: [y], requiresGrad: [true], first: derivatives, second };
  const call = callOf("pow", ["self", "exponent"], { self: x, exponent: 3 });
  return { entry: "pow", kind: "sample", dtype: "float32", call, outcome };
}

it.each([
  ["right", float32(1, 8), float32(3, 120), float32(6, 120), null],
  ["another value", float32(1, 9), float32(3, 120), float32(6, 120), "result: element 1 is 8"],
  ["another gradient", float32(1, 8), float32(3, 12), float32(6, 120), "gradient: element 1 is 120"],
  ["another second derivative", float32(1, 8), float32(3, 120), float32(6, 6), "second derivative 0: element 1 is 120"],
])("%s", (_, y, dx, ddx, problem) => {
  const verdict = ask(cubed(y, dx, ddx));
  if (typeof verdict === "string") expect.fail(verdict);
  if (problem === null) expect(verdict.problem).toBeNull();
  else expect(verdict.problem).toContain(problem);
});

it("an error is asked for, and JavaScript's own is none", () => {
  const outcome = { error: "Dimension out of range" };
  const asked = (given: Record<string, Written>): PyTorchRecord => ({
    entry: "sum",
    kind: "error",
    dtype: "float32",
    call: callOf("sum", ["self", "dim"], given),
    outcome,
  });
  expect(ask(asked({ self: x, dim: 5 }))).toHaveProperty("problem", null);
  expect(ask(asked({ self: x, dim: 0 }))).toHaveProperty("problem", "is tensor(3., grad_fn=<SumBackward0>)");
});
