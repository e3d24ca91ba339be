/** Mathematical functions give PyTorch's values and gradients, also at the edges of their domains. */
import { torch } from "../../support/torch.ts";
import { callsOf, transposed } from "./calls.ts";

const { ones, tensor, zeros } = torch;

const check = callsOf("functions");

const [nan, inf] = [Number.NaN, Infinity];
const f64 = { dtype: "float64" } as const;
const i32 = { dtype: "int32" } as const;

const edges = [nan, inf, -inf, 0, -0, 1, -1, 0.5, -0.5, 2.5, -2.5, 3, 1e-20, -1e-3, 27, 6.5, 1.999, 2.001];
const smooth =
  "sin cos tan asin acos atan sinh cosh asinh acosh atanh erf erfc expm1 log1p log2 log10 rsqrt reciprocal square";
for (const op of [...smooth.split(" "), "floor", "ceil", "trunc", "round"]) {
  check("edges", op, [tensor(edges)]);
  check("edges, float64", op, [tensor(edges, f64)]);
  check("transposed", op, [transposed(tensor([0.5, 1, 2, 3, 0.25, 1.5]).view(2, 3))]);
  check("0-dim", op, [tensor(0.75)]);
  check("empty", op, [zeros([0, 2])]);
  check("whole numbers", op, [tensor([0, 1, -2, 3], i32)]);
}

const side = [nan, inf, -inf, 0, -0, 1, -2.5];
const pairs = [side.flatMap((a) => side.map(() => a)), side.flatMap(() => side)];
const matrix = tensor([0.5, -1, 2, -3, 0.25, 1.5]).view(2, 3);
check("pairs of edges", "atan2", [tensor(pairs[0]), tensor(pairs[1])]);
check("pairs of edges, float64", "atan2", [tensor(pairs[0], f64), tensor(pairs[1], f64)]);
check("row", "atan2", [matrix, tensor([1, -2, 0.5])]);
check("transposed", "atan2", [transposed(matrix), matrix.flip(1)]);
check("whole numbers", "atan2", [tensor([1, -2], i32), tensor([-3, 4], i32)]);
check("sizes 3 and 4", "atan2", [matrix, ones(4)]);
