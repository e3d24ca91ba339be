/** Elementwise arithmetic and comparisons give PyTorch's values, gradients and errors, at the edges and in every layout. */
import { torch } from "../../support/torch.ts";
import { callsOf, everyOther, shifted, transposed } from "./calls.ts";

const { ones, tensor, zeros } = torch;

const check = callsOf("elementwise", {
  // PyTorch goes on to advise operators that there are none of here.
  wording: {
    "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.":
      "Negation, the `-` operator, on a bool tensor is not supported.",
    "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.":
      "Subtraction, the `-` operator, with two bool tensors is not supported.",
  },
});

const [nan, inf] = [Number.NaN, Infinity];
const f64 = { dtype: "float64" } as const;
const i32 = { dtype: "int32" } as const;

const unary = ["neg", "abs", "exp", "log", "sqrt", "tanh", "sigmoid", "relu", "sign", "isnan"];
const arithmetic = ["add", "sub", "mul", "div", "pow", "maximum", "minimum"];
const comparisons = ["eq", "ne", "lt", "le", "gt", "ge"];

const edges = [nan, inf, -inf, 0, -0, 1, -1, 0.5, -2.5, 3, 1e-30, -88, 100];
const pairs = [nan, inf, -inf, 0, -0, 1, -1, 0.5, -2, 3];
const left = pairs.flatMap((a) => pairs.map(() => a));
const right = pairs.flatMap(() => pairs);
const matrix = tensor([0.5, 1, 2, 3, 0.25, 1.5]).view(2, 3);

for (const op of unary) {
  const grads = op !== "sign"; // constant here; PyTorch gives it a gradient of 0
  check("edges", op, [tensor(edges)], { grads });
  check("edges, float64", op, [tensor(edges, f64)], { grads });
  const layouts = {
    transposed: transposed(matrix),
    "every other": everyOther(matrix),
    shifted: shifted(matrix),
    expanded: tensor([[1], [2]]).expand(2, 3),
    "0-dim": tensor(2),
    empty: zeros([0, 3]),
  };
  for (const [name, x] of Object.entries(layouts)) check(name, op, [x], { grads });
}

for (const [low, high] of [
  [-1, 1],
  [0, null],
  [null, 0.5],
  [1, -1],
  [-inf, inf],
  [0, 0],
]) {
  check(`edges ${low} ${high}`, "clamp", [tensor(edges), low, high]);
}
check("at both bounds", "clamp", [tensor([-1, 0, 1], f64), -1, 1]);
check("no bounds", "clamp", [tensor([1]), null, null]);

for (const op of [...arithmetic, ...comparisons]) {
  check("pairs of edges", op, [tensor(left), tensor(right)]);
  if (["div", "pow", "maximum"].includes(op)) {
    check("pairs of edges, float64", op, [tensor(left, f64), tensor(right, f64)]);
  }
  check("row", op, [matrix, tensor([1, 2, 0.5])]);
  check("row and column", op, [tensor([1, 2, 0.5]), tensor([[0.5], [2]])]);
  check("more dimensions on the right", op, [tensor([2, 3]), ones([2, 1, 2])]);
  check("layouts", op, [transposed(matrix), everyOther(matrix.flip(0))]);
  check("expanded", op, [tensor([2]).expand(2, 3), shifted(matrix)]);
  check("0-dim", op, [matrix, tensor(1.5)]);
  check("two 0-dim", op, [tensor(3), tensor(2)]);
  check("empty and size 1", op, [ones([0, 3]), ones([1, 3])]);
  check("empty and scalar", op, [ones([2, 0]), tensor(2)]);
  check("size 1 both ways", op, [ones([1, 3]), ones([3, 1])]);
  check("number", op, [matrix, ["maximum", "minimum"].includes(op) ? tensor(2) : 2]);
  check("sizes 3 and 4", op, [ones([2, 3]), ones(4)]);
  check("sizes 2 and 3 in front", op, [ones([2, 1, 3]), ones([3, 1, 3])]);
  check("0 and 2", op, [ones(0), ones(2)]);
}

for (const exponent of [0, 1, 2, 3, -1, -2, 0.5, -0.5, 1.5, inf, -inf, nan]) {
  check(`edges to the power ${exponent}`, "pow", [tensor([nan, inf, 0, 1, -1, 0.5, -2.5, 3]), exponent]);
}
check("overflow and underflow", "mul", [tensor([3e38, 1e-38]), tensor([10, 1e-10])]);
check("alpha", "add", [matrix, matrix.flip(1), { alpha: 0.5 }]);
check("alpha", "sub", [matrix, matrix.flip(1), { alpha: 2 }]);
check("alpha and number", "add", [matrix, 3, { alpha: 2 }]);

const mask = tensor([true, false, true, false, false, true]).view(2, 3);
const [a, b] = [tensor([1, nan, inf, 2, 3, -inf]).view(2, 3), tensor([-1, -2, nan, 0, inf, 5]).view(2, 3)];
check("same shape", "where", [mask, a, b]);
check("broadcast row", "where", [mask, a, tensor([7, 8, 9])]);
check("broadcast all three", "where", [tensor([[true], [false]]), tensor([1, 2, 3]), ones([2, 1, 1])]);
check("transposed condition", "where", [transposed(mask), transposed(a), b]);
check("0-dim", "where", [tensor(true), tensor(1), tensor(2)]);
check("empty", "where", [ones([0, 2], { dtype: "bool" }), ones([1, 2]), ones(2)]);
check("condition that is not bool", "where", [ones(2), ones(2), ones(2)]);
check("sizes 2 and 3", "where", [tensor([true, false]), ones(3), ones(3)]);

const whole = tensor([-7, -1, 0, 2, 2 ** 31 - 1], i32);
const bools = tensor([true, false]);
for (const op of ["neg", "abs", "exp", "sqrt", "tanh", "sigmoid", "relu", "sign", "isnan"]) check("int32", op, [whole]);
for (const op of ["exp", "log", "sigmoid", "isnan"]) check("bool", op, [bools]);
for (const op of ["neg", "relu"]) check("bool is refused", op, [bools]);
check("int32 wraps around", "add", [whole, 1]);
check("int32 is divided truly", "div", [tensor([7, -7, 1, 0], i32), tensor([2, 2, 0, 0], i32)]);
check("int32 by number", "div", [tensor([7, -7], i32), 2]);
check("int32 powers", "pow", [tensor([2, -3, 0, 7], i32), tensor([5, 3, 0, 2], i32)]);
check("int32 to negative powers", "pow", [tensor([1, 2, -1, -1], i32), tensor([-1, -1, -3, -2], i32)]);
check("int32 to a negative number", "pow", [tensor([1, 2], i32), -1]);
check("int32", "maximum", [tensor([1, 5], i32), tensor([3, 2], i32)]);
check("int32", "clamp", [whole, -1, 1]);
for (const op of ["add", "mul", "maximum", "eq", "lt"]) {
  check("bool", op, [tensor([true, true, false, false]), tensor([true, false, true, false])]);
}
check("bool is refused", "sub", [bools, bools]);
check("bool is divided truly", "div", [bools, tensor([true, true])]);
check("int32 and a fraction", "eq", [tensor([1, 2], i32), 1.5]);
check("float32 and a fraction that it rounds", "eq", [tensor([0.1, 0.2]), 0.1]);
