/** Division, rounding, whole numbers, special functions, and whether numbers are close: PyTorch's values and errors at the edges. */
import { expect, it } from "vitest";
import { finfo, iinfo, type Tensor } from "../../../src/index.ts";
import { Answers, torch } from "../../support/index.ts";
import { bools, callsOf, everyOther, f64, i32, inf, nan, shifted, transposed } from "./calls.ts";

const { error, ones, tensor } = torch;

const noDivision =
  "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a true division of tensor1 and tensor2.";
const check = callsOf("numbers", {
  wording: {
    [`${noDivision} The historic addcdiv behavior can be implemented as (input + value * torch.trunc(tensor1 / tensor2)).to(input.dtype) for integer inputs and as (input + value * tensor1 / tensor2) for float inputs. The future addcdiv behavior is just the latter implementation: (input + value * tensor1 / tensor2), for all dtypes.`]:
      noDivision,
  },
});
const answers = new Answers("closeness");

const edges = [nan, inf, -inf, 0, -0, 1, -1, 0.5, -0.5, 2.5, -2.5, 3, 1e-30, 1e-20, -1e-3, -88, 27, 6.5, 1.999, 2.001];
const whole = tensor([7, -7, 0, 2 ** 31 - 1, -(2 ** 31), 12], i32);
const others = tensor([2, 2, -3, 5, 3, -8], i32);
const xs: [string, Tensor][] = [
  ["edges", tensor(edges)],
  ["edges, float64", tensor(edges, f64)],
  ["int32", tensor([0, 1, -2, 3], i32)],
  ["bool", bools(1, 0)],
];

for (const op of "exp2 sinc frac nanToNum erfinv logit isposinf isneginf isreal signbit".split(" "))
  for (const [name, x] of xs) check(name, op, [x]);
// Where the gamma function has its poles, PyTorch's derivatives are large numbers.
for (const op of ["lgamma", "digamma"]) for (const [name, x] of xs) check(name, op, [x], { grads: false });
for (const n of [0, 2, 3, 4]) {
  const finite = edges.filter((x) => x > 0 && x < inf);
  check(`${n}, edges`, "polygamma", [n, tensor(finite, f64)], { rtol: 1e-9 });
  check(`${n}, left of 0`, "polygamma", [n, tensor([-0.5, -1.25, -20.75], f64)], { grads: false });
  check(`${n}, int32`, "polygamma", [n, tensor([1, 2], i32)]);
}
check("number below 0", "polygamma", [-1, tensor([1])]);
for (const n of [34, 170, 1000])
  check(`${n}`, "polygamma", [n, tensor([0.5, 1, 2, -0.5, 0].slice(0, n > 34 ? 2 : 5))], { grads: false });
for (const eps of [0, 0.1, -1]) check(`eps ${eps}`, "logit", [tensor(edges), { eps }]);
for (const decimals of [0, 1, 3, -1, -2])
  check(`decimals ${decimals}`, "round", [tensor([...edges, 0.285, 1234.5678]), { decimals }]);
check("decimals of int32", "round", [whole, { decimals: 1 }]);
check("decimals of bool", "round", [bools(1, 0), { decimals: 1 }]);
const replaced = { nan: 7, posinf: 8, neginf: -9 };
for (const [name, x] of xs) check(`all replaced, ${name}`, "nanToNum", [x, replaced]);
check("NaN stays", "nanToNum", [tensor(edges), { nan }]);

/** In small tensors and in large ones, which have kernels of their own. */
const zeros = (dtype: "float32" | "float64", repeats: number) => tensor([-0, 0, -0, -0.25], { dtype }).repeat(repeats);
const keepsSigns: Record<string, (x: Tensor) => Tensor> = {
  ...Object.fromEntries(
    "abs ceil floor round trunc frac sign relu log1p expm1 sin tan tanh asin atan sinh asinh atanh erf erfinv neg"
      .split(" ")
      .map((op) => [op, (x: Tensor) => (torch as unknown as Record<string, (x: Tensor) => Tensor>)[op](x)]),
  ),
  relu6: (x) => torch.nn.functional.relu6(x),
  hardtanh: (x) => torch.nn.functional.hardtanh(x),
  leakyRelu: (x) => torch.nn.functional.leakyRelu(x),
  tanhshrink: (x) => torch.nn.functional.tanhshrink(x),
  softsign: (x) => torch.nn.functional.softsign(x),
  clamp: (x) => x.clamp(0, 1),
  clampMax: (x) => x.clampMax(0),
  amax: (x) => x.view(-1, 4).amax(1),
  cumsum: (x) => x.view(-1, 4).cumsum(1),
};
for (const [name, f] of Object.entries(keepsSigns))
  for (const dtype of ["float32", "float64"] as const)
    answers.it(`${name} of zeros with signs, ${dtype}`, () =>
      [1, 1250].map((repeats) => f(zeros(dtype, repeats)).signbit().flatten().slice(0, 0, 4)),
    );

const [left, right] = [edges.flatMap((a) => edges.map(() => a)), edges.flatMap(() => edges)];
const matrix = tensor([0.5, 1, 2, 3, 0.25, 1.5]).view(2, 3);
const gradless = ["floorDivide", "heaviside"];
const quotients = "fmod remainder floorDivide trueDivide";
for (const op of `${quotients} fmax fmin hypot copysign xlogy heaviside logaddexp logaddexp2 isclose`.split(" ")) {
  const grads = !gradless.includes(op);
  check("pairs of edges", op, [tensor(left), tensor(right)], { grads });
  check("pairs of edges, float64", op, [tensor(left, f64), tensor(right, f64)], { grads });
  check("two layouts", op, [transposed(matrix), everyOther(matrix.flip(0))], { grads });
  check("expanded", op, [tensor([2]).expand(2, 3), shifted(matrix)], { grads });
  check("empty and scalar", op, [ones([2, 0]), tensor(2)], { grads });
  check("sizes 3 and 4", op, [ones([2, 3]), ones(4)], { grads });
  check("int32", op, [whole, others]);
  check("bool", op, [bools(1, 0, 1), bools(1, 1, 1)]);
  check("float32 and float64", op, [matrix, matrix.to("float64")], { grads });
  check("int32 and float32", op, [tensor([1, -2, 3], i32), ones(3)], { grads });
  check("int32 and bool", op, [tensor([1, -2, 3], i32), bools(1, 1, 1)]);
}
for (const op of quotients.split(" ")) {
  const grads = op !== "floorDivide";
  check("a number", op, [tensor(edges), -2], { grads });
  check("a fraction", op, [whole, 2.5]);
  check("int32 and 0", op, [whole, 0]);
  check("in place", `${op}_`, [tensor(edges), 3], { grads: false });
}
check("a number first", "remainder", [2, tensor([0.75, 3])], { grads: false }); // of which PyTorch has no gradient
for (const op of ["trueDivide", "xlogy"]) check("a number first", op, [2, tensor([0.75, 3])]);
for (const op of ["copysign", "xlogy"])
  for (const b of [2, 0, -0, -1]) check(`and ${b}`, op, [tensor([0, 1.5, -3]), b]);
for (const roundingMode of ["trunc", "floor"]) {
  const options = { roundingMode };
  check(`${roundingMode}, pairs of edges`, "div", [tensor(left), tensor(right), options]);
  check(`${roundingMode}, float64`, "div", [tensor(left, f64), tensor(right, f64), options]);
  check(`${roundingMode}, int32`, "div", [whole, others, options]);
  check(`${roundingMode}, int32 and 0`, "div", [whole, 0, options]);
  check(`${roundingMode}, a fraction`, "div", [whole, 2.5, options]);
  check(`${roundingMode}, bool`, "div", [bools(1, 0), bools(1, 1), options]);
  check(`${roundingMode}, in place`, "div_", [tensor([7, -7, 1]), 2, options], { grads: false });
}
check("another mode", "div", [ones(2), 2, { roundingMode: "up" }]);
check("a number", "rsub", [tensor([1, 2]), 3, { alpha: 2 }]);
check("int32", "rsub", [whole, others]);

for (const op of "bitwiseAnd bitwiseOr bitwiseXor".split(" ")) {
  check("int32", op, [whole, others]);
  check("bool", op, [bools(1, 1, 0, 0), bools(1, 0, 1, 0)]);
  check("bool and int32", op, [bools(1, 0), tensor([6, 5], i32)]);
  check("a number", op, [whole, -6]);
  check("bool and a number", op, [bools(1, 0), 3]);
  check("float32", op, [ones(2), ones(2)]);
  check("int32 and a fraction", op, [whole, 1.5]);
  check("in place", `${op}_`, [whole, others]);
}
for (const x of [whole, bools(1, 0), ones(2)]) check("not", "bitwiseNot", [x]);
for (const op of ["bitwiseLeftShift", "bitwiseRightShift"]) {
  check("int32", op, [whole, tensor([0, 1, 2, 30, 3, 31], i32)]);
  check("a number", op, [whole, 3]);
  check("bool", op, [bools(1), bools(1)]);
  check("float32", op, [ones(2), ones(2)]);
}
for (const op of ["gcd", "lcm"]) {
  check("int32", op, [tensor([12, -8, 0, 7, 100000], i32), tensor([18, 6, 5, 0, 99999], i32)]);
  check("int32 and bool", op, [whole, bools(1, 1, 1, 1, 1, 1)]);
  check("bool", op, [bools(1), bools(1)]);
  check("float32", op, [ones(2), ones(2)]);
}

check("int32", "lerp", [whole, whole, 0.5]);
check("int32 weight", "lerp", [whole, whole, whole]);
check("bool", "lerp", [bools(1), bools(0), 0.5]);
check("another end", "lerp", [ones(2), ones(2, f64), 0.5]);
check("another weight", "lerp", [ones(2), ones(2), ones([], f64)]);
for (const weight of [0, 0.3, 0.5, 1, -2, nan, inf])
  check(`edges, ${weight}`, "lerp", [tensor(left), tensor(right), weight]);
for (const op of ["addcmul", "addcdiv"]) {
  const grads = op === "addcmul"; // PyTorch's gradient of addcdiv is an error where one of the three is whole
  const three = [tensor([1, -2, inf, 0]), tensor([2, 0, inf, nan]), tensor([0, 4, -1, 1])];
  for (const value of [1, -0.5, 0]) check(`value ${value}`, op, [...three, { value }]);
  check("int32", op, [whole, whole, others, { value: 3 }]);
  check("int32 and a fraction", op, [whole, whole, others, { value: 2.5 }]);
  check("bool", op, [bools(1), bools(1), bools(1)]);
  check("three dtypes", op, [tensor([1, 2], i32), tensor([3, 4]), tensor([5, 6], f64)]);
  check("three dtypes, the widest first", op, [tensor([1, 2], f64), tensor([3, 4]), tensor([5, 6], i32)], { grads });
  check("scalars of other dtypes", op, [tensor([1, 2]), tensor(3, f64), tensor(4, i32)], { grads });
  check("broadcast", op, [ones([2, 3]), ones(3), ones([2, 1])]);
  check("in place", `${op}_`, [ones([2, 3]), ones(3), ones([2, 1])], { grads: false });
}
const numbers = tensor(edges);
for (const op of ["clampMin", "clampMax"]) {
  check("a number", op, [numbers, 0.5]);
  check("a tensor", op, [tensor(left), tensor(right)]);
  check("int32 and a fraction", op, [whole, 1.5]);
  check("int32 and float32", op, [tensor([1, 2], i32), tensor([1.5, 1.5])]);
  check("bool and a number", op, [bools(1, 0), 1]);
  check("bool", op, [bools(1, 1, 0), bools(1, 0, 0)]);
  check("in place", `${op}_`, [numbers, 0.5], { grads: false });
}
check("tensors", "clamp", [tensor(left), tensor(right), tensor(right).flip(0)]);
check("tensors that cross", "clamp", [tensor([-2, 0, 2, 5]), tensor([1, 1, 1, 5]), tensor([-1, 1, 0, 5])]);
check("tensors of other dtypes", "clamp", [tensor([1, 9], i32), tensor([2.5, 2.5]), tensor([3, 3], i32)]);
check("tensors, bool", "clamp", [bools(1), bools(0), bools(1)]);
check("tensors of sizes 2 and 3", "clamp", [ones(2), ones(3)]);
for (const op of ["fmax", "fmin", "max", "min"]) check("ties", op, [tensor([1, 2, 3, nan]), tensor([1, 3, 3, 1])]);

const near = [1, 1.00001, 1.0001, -1, 0, 1e-8, 1e-7, inf, -inf, nan];
const [a, b] = [tensor(near.flatMap((x) => near.map(() => x))), tensor(near.flatMap(() => near))];
for (const options of [{}, { rtol: 0 }, { atol: 0.1 }, { rtol: 0, atol: 0 }, { equalNan: true }, { rtol: inf }]) {
  check(JSON.stringify(options), "isclose", [a, b, options]);
  check(`int32, ${JSON.stringify(options)}`, "isclose", [whole, whole.add(1), options]);
}
check("rtol below 0", "isclose", [ones(2), ones(2), { rtol: -1 }]);
check("atol below 0", "isclose", [ones(2), ones(2), { atol: -1 }]);

answers.each({
  "allclose and equal are true or false": () => {
    const [x, y] = [tensor([1, 2, nan]), tensor([1, 2.00001, nan])];
    return [
      x.allclose(y),
      x.allclose(y, { equalNan: true }),
      x.allclose(tensor([1, 2, 3]), { rtol: 0, atol: inf }),
      tensor([1, 2]).allclose(tensor([1, 2])),
      x.equal(x),
      tensor([1, 2]).equal(tensor([1, 2], f64)),
      tensor([1, 2]).equal(tensor([[1, 2]])),
      ones(0).equal(ones(0)),
      error(() => ones(2).allclose(ones(2, f64))),
      error(() => ones(2).allclose(ones(3)), " at"),
    ];
  },
  "isin looks for numbers": () => {
    const { isin } = torch;
    return [
      isin(tensor([1, 2, nan, 0]), tensor([2, nan, -0])),
      isin(tensor([[1, 2], [3, 4]]), tensor([4, 1], i32), { invert: true }), // biome-ignore format: a matrix
      isin(tensor([1.5, 2]), tensor([1, 2], i32), { assumeUnique: true }),
      isin(tensor([1, 2]), 2),
      isin(2, tensor([1, 2])),
      isin(tensor([1, 2]), ones(0)),
      error(() => isin(bools(1), bools(1))),
    ];
  },
  "no derivative goes through a floored quotient or a step": () => {
    const x = tensor([1.5, 2], { requiresGrad: true });
    const [y, z] = [x.floorDivide(2), x.heaviside(tensor([1, 2]))];
    return [y.requiresGrad, z.requiresGrad, error(() => y.sum().backward()), error(() => z.sum().backward())];
  },
  "a comparison in place gives 1 and 0, and no gradient": () => {
    const x = tensor([1, 2, 3.5], { requiresGrad: true });
    const y = x.mul(2);
    y.gt_(3);
    y.mul(x).sum().backward();
    return [
      y.detach(),
      x.grad,
      tensor([1, 2], i32).eq_(2),
      tensor([1, 0]).logicalXor_(tensor([1, 1])),
      tensor([-2, 0]).sign_(),
    ];
  },
  "nonzero as a tuple": () => [
    tensor([[0, 3], [5, 0]]).nonzero({ asTuple: true }), // biome-ignore format: a matrix
    tensor(3).nonzero({ asTuple: true }),
    tensor(0).nonzero({ asTuple: true }),
  ],
});

it("finfo and iinfo are those of IEEE 754 and of two's complement", () => {
  expect(finfo()).toEqual({
    dtype: "float32",
    bits: 32,
    eps: 1.1920928955078125e-7,
    max: 3.4028234663852886e38,
    min: -3.4028234663852886e38,
    tiny: 1.1754943508222875e-38,
    smallestNormal: 1.1754943508222875e-38,
    resolution: 1e-6,
  });
  const { eps, max, tiny, resolution } = finfo("float64");
  expect([eps, max, tiny, resolution]).toEqual([Number.EPSILON, Number.MAX_VALUE, 2.2250738585072014e-308, 1e-15]);
  expect(iinfo("int32")).toEqual({ dtype: "int32", bits: 32, max: 2 ** 31 - 1, min: -(2 ** 31) });
  expect(() => finfo("int32")).toThrow("torch.finfo() requires a floating point input type");
  expect(() => iinfo("float32")).toThrow("torch.iinfo() requires an integer input type");
  expect(() => iinfo("bool")).toThrow("torch.bool is not supported by torch.iinfo");
});
