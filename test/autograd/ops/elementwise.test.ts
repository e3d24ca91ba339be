/** Elementwise arithmetic, functions and comparisons give PyTorch's values, gradients and errors at the edges. */
import { expect, it } from "vitest";
import type { Tensor } from "../../../src/index.ts";
import { torch } from "../../support/index.ts";
import { bools, callsOf, everyOther, f64, i32, inf, nan, shifted, transposed } from "./calls.ts";

const { ones, tensor } = torch;

const noSubtraction = (ofWhat: string): string => `Subtraction, the \`-\` operator, with ${ofWhat} is not supported.`;

const check = callsOf("elementwise", {
  // PyTorch goes on to advise operators that there are none of here.
  wording: {
    "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.":
      "Negation, the `-` operator, on a bool tensor is not supported.",
    [`${noSubtraction("a bool tensor")} If you are trying to invert a mask, use the \`~\` or \`logical_not()\` operator instead.`]:
      noSubtraction("a bool tensor"),
    [`${noSubtraction("two bool tensors")} Use the \`^\` or \`logical_xor()\` operator instead.`]:
      noSubtraction("two bool tensors"),
    "Found dtype Bool but expected Long":
      'result type Int can\'t be cast to the desired output type Bool: convert first, with x.to("int32")',
  },
});

const functions =
  "sin cos tan asin acos atan sinh cosh asinh acosh atanh erf erfc expm1 log1p log2 log10 rsqrt reciprocal square";
const unary = "neg abs exp log sqrt tanh sigmoid relu isnan floor ceil trunc round";
const edges = [nan, inf, -inf, 0, -0, 1, -1, 0.5, -0.5, 2.5, -2.5, 3, 1e-30, 1e-20, -1e-3, -88, 27, 6.5, 1.999, 2.001];
for (const op of `${functions} ${unary} sign`.split(" ")) {
  const grads = op !== "sign"; // constant here; PyTorch gives it a gradient of 0
  check("edges", op, [tensor(edges)], { grads });
  check("edges, float64", op, [tensor(edges, f64)], { grads });
  check("expanded", op, [tensor([[0.5], [2]]).expand(2, 3)], { grads });
  check("int32", op, [tensor([0, 1, -2, 3], i32)]);
}

it.each(["float32", "float64"] as const)("what is rounded to 0 keeps its sign: %s", (dtype) => {
  for (const length of [4, 400]) {
    const x = tensor([-0.3, -0.5, -0, 0.3], { dtype }).repeat(length / 4);
    const signs = (y: Tensor) => y.reciprocal().sign().slice(0, 0, 4).toArray();
    expect(signs(x.round())).toEqual([-1, -1, -1, 1]);
    expect(signs(x.ceil())).toEqual([-1, -1, -1, 1]);
    expect(signs(x.trunc())).toEqual([-1, -1, -1, 1]);
  }
});

const pairs = [nan, inf, -inf, 0, -0, 1, -1, 0.5, -2, 3];
const [left, right] = [pairs.flatMap((a) => pairs.map(() => a)), pairs.flatMap(() => pairs)];
const matrix = tensor([0.5, 1, 2, 3, 0.25, 1.5]).view(2, 3);
for (const op of "add sub mul div pow maximum minimum eq ne lt le gt ge atan2".split(" ")) {
  check("pairs of edges", op, [tensor(left), tensor(right)]);
  check("two layouts", op, [transposed(matrix), everyOther(matrix.flip(0))]);
  check("expanded", op, [tensor([2]).expand(2, 3), shifted(matrix)]);
  check("empty and scalar", op, [ones([2, 0]), tensor(2)]);
  check("size 1 both ways", op, [ones([1, 3]), ones([3, 1])]);
  check("sizes 3 and 4", op, [ones([2, 3]), ones(4)]);
  check("sizes 2 and 3 in front", op, [ones([2, 1, 3]), ones([3, 1, 3])]);
  check("0 and 2", op, [ones(0), ones(2)]);
}
for (const op of ["div", "pow", "maximum", "atan2"]) {
  check("pairs of edges, float64", op, [tensor(left, f64), tensor(right, f64)]);
}

for (const exponent of [0.5, -0.5, -1, 1, 2, 3])
  check(`edges to the power of ${exponent}`, "pow", [tensor(edges), exponent]);

const bounds: [number | null, number | null][] = [[-1, 1], [0, null], [null, 0.5], [1, -1], [-inf, inf], [0, 0]]; // biome-ignore format: pairs
for (const [low, high] of bounds) check(`edges ${low} ${high}`, "clamp", [tensor(edges), low, high]);
check("at both bounds", "clamp", [tensor([-1, 0, 1], f64), -1, 1]);
check("no bounds", "clamp", [tensor([1]), null, null]);
for (const exponent of [0, 1, 2, 3, -1, -2, 0.5, -0.5, 1.5, inf, -inf, nan]) {
  check(`edges to the power ${exponent}`, "pow", [tensor([nan, inf, 0, 1, -1, 0.5, -2.5, 3]), exponent]);
}
check("overflow and underflow", "mul", [tensor([3e38, 1e-38]), tensor([10, 1e-10])]);
check("alpha and number", "add", [matrix, 3, { alpha: 2 }]);

const mask = tensor([true, false, true, false, false, true]).view(2, 3);
const [a, b] = [tensor([1, nan, inf, 2, 3, -inf]).view(2, 3), tensor([-1, -2, nan, 0, inf, 5]).view(2, 3)];
check("edges", "where", [mask, a, b]);
check("broadcast all three", "where", [tensor([[true], [false]]), tensor([1, 2, 3]), ones([2, 1, 1])]);
check("transposed condition", "where", [transposed(mask), transposed(a), b]);
check("0-dim", "where", [tensor(true), tensor(1), tensor(2)]);
check("empty", "where", [ones([0, 2], { dtype: "bool" }), ones([1, 2]), ones(2)]);
check("two numbers", "where", [mask, 1.5, -0.5]);
check("condition that is not bool", "where", [ones(2), ones(2), ones(2)]);
check("sizes 2 and 3", "where", [tensor([true, false]), ones(3), ones(3)]);

const whole = tensor([-7, -1, 0, 2, 2 ** 31 - 1], i32);
for (const op of "neg abs exp sqrt tanh sigmoid relu sign isnan".split(" ")) check("large int32", op, [whole]);
check("int32 wraps around", "add", [whole, 1]);
const [large, larger] = [tensor([123456789, 2 ** 31 - 1, -(2 ** 31)], i32), tensor([987654321, 2 ** 31 - 1, -1], i32)];
for (const op of ["mul", "mul_"]) check("int32 wraps around", op, [large, larger], { grads: false });
check("int32 by a number wraps around", "mul", [large, 987654321]);
check("int32 wraps around", "square", [large]);
check("int32 wraps around", "pow", [tensor([7, -7, 2, 123456789], i32), tensor([25, 25, 40, 3], i32)]);
check("int32 to a number wraps around", "pow", [tensor([7, -7], i32), 25]);
for (const op of ["add", "sub"]) check("alpha times int32 wraps around", op, [large, larger, { alpha: 987654321 }]);
check("int32 is divided truly", "div", [tensor([7, -7, 1, 0], i32), tensor([2, 2, 0, 0], i32)]);
check("int32 by number", "div", [tensor([7, -7], i32), 2]);
check("int32 powers", "pow", [tensor([2, -3, 0, 7], i32), tensor([5, 3, 0, 2], i32)]);
check("int32 to negative powers", "pow", [tensor([1, 2, -1, -1], i32), tensor([-1, -1, -3, -2], i32)]);
check("int32 to a negative number", "pow", [tensor([1, 2], i32), -1]);
check("large int32", "clamp", [whole, -1, 1]);
for (const op of "add mul maximum eq lt".split(" ")) check("bool", op, [bools(1, 1, 0, 0), bools(1, 0, 1, 0)]);
for (const op of "exp log sigmoid neg relu".split(" ")) check("bool", op, [bools(1, 0)]);
check("bool is divided truly", "div", [bools(1, 0), bools(1, 1)]);
check("int32 and a fraction", "eq", [tensor([1, 2], i32), 1.5]);
check("float32 and a fraction that it rounds", "eq", [tensor([0.1, 0.2]), 0.1]);
check("bool and alpha", "add", [bools(1, 1, 0, 0), bools(1, 0, 1, 0), { alpha: 0 }]);
check("bool and a negative alpha", "add", [bools(1, 1, 0, 0), bools(1, 0, 1, 0), { alpha: -1 }]);
check("bool", "square", [bools(1, 0)]);
check("bool", "square_", [bools(1, 0)]);
check("two bools", "pow", [bools(1, 0), bools(1, 1)]);
check("bool to a number", "pow", [bools(1, 0), 2]);
check("bool to a number", "pow_", [bools(1, 0), 1]);
check("float32 less bool", "sub", [tensor([1.5, 2]), bools(1, 0)]);
check("bool less float32", "sub", [bools(1, 0), tensor([1.5, 2])]);
check("two bools", "sub", [bools(1, 0), bools(1, 1)]);
check("bool less a number", "sub", [bools(1, 0), 1]);
