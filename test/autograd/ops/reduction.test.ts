/** Reductions, softmaxes and positions of extremes give PyTorch's values, gradients and errors. */
import { expect, it } from "vitest";
import { torch } from "../../support/index.ts";
import { at, bools, callsOf, f64, inf, kept, layoutsOf, nan } from "./calls.ts";

const { manualSeed, randn, tensor, zeros } = torch;

const check = callsOf("reduction");
const { series, across, values } = check;

manualSeed(0);
const cube = randn([2, 3, 4]);
const [wide, narrow] = [randn([3, 4], f64), randn([2, 1])];
const rows = tensor([nan, 1, 2, inf, 1, -inf, -inf, 2, 0, inf, 5, 1, -inf, -inf, -inf, 0, -0, 0]).view(6, 3);
const ties = tensor([1, 3, 3, 2, 2, 2, 3, -1, 3]).view(3, 3);
const column = tensor([[1], [2.5]]).expand(2, 3);
const [one, noRows, whole] = [tensor(2.5), zeros([0, 3]), at(3, -5, 9, -7)];

for (const op of ["sum", "mean", "var", "std"]) {
  series(op, cube, [], [0], [1], [[0, 1]], [[1, 2]], [[2, 0]], [[-1, -3]], [[0, 1, 2]], [0, kept], [[2, 1], kept]);
  across(op, [...layoutsOf(cube), wide, rows, column, narrow, zeros([2, 0]), noRows], 1);
  across(op, layoutsOf(cube), [0, 2]);
  across(op, [rows, zeros(0), tensor([10001, 10002, 10004, 10003])]);
  (op === "var" ? values : series)(op, one, [], [0], [-1, kept]); // PyTorch says inf for the gradient of a NaN
  series(op, noRows, [0]);
  series(op, cube, [[0, -3]], [3], [[0, -4]]);
}
series("sum", whole.view(2, 2), [0]);
series("sum", bools(1, 0, 1, 1).view(2, 2), [1], []);
for (const op of ["mean", "var"]) across(op, [at(1, 2), bools(1, 0)]);
const six = tensor([1, 2, 4, 5, 5, 5]).view(2, 3);
for (const op of ["var", "std"]) {
  series(op, six, ...[0, 1, 2, 3].map((correction) => [1, { correction }]));
  values(op, six, [1, { correction: 4 }]);
}
for (const far of [tensor([3e19, 0, 0, 0]), tensor([-1e30, 1e30, 0])]) series("std", far, [], [0]);
series("var", tensor([3e19, 0, 0, 0]), [], [0]);
series("var", cube, [[0, 1, 2], { correction: 0, ...kept }]);

for (const op of ["max", "min", "argmax", "argmin"]) {
  across(op, [cube, ...layoutsOf(cube), ties, one, rows, rows.narrow(0, 1, 5), whole, zeros([0, 2])]);
  series(op, cube, [0], [-1], [1, kept], [3]);
  series(op, ties, [0], [1], [-1]);
  across(op, [...layoutsOf(cube), rows, noRows], 1);
  across(op, [one, whole.view(2, 2), noRows], 0);
}
for (const op of ["max", "min"]) series(op, bools(0, 1));

const far = tensor([1000, 999, 0, -1000, -1001, -1000.5, 88, 89, 90]).view(3, 3);
for (const op of ["softmax", "logSoftmax", "logsumexp"]) {
  series(op, cube, [0], [1], [2], [-1], [3]);
  across(op, [wide, rows, far, ...layoutsOf(cube), column, narrow, noRows, zeros([3, 0])], 1);
  series(op, one, [0]);
}
series("logsumexp", cube, [[0, 2]], [[1, 2], kept]);

it.each(["argmax", "argmin", "max", "min"] as const)("%s refuses to number more elements than int32 can", (op) => {
  const huge = tensor([0, 1])
    .view(2, 1)
    .expand(2, 2 ** 31 + 1);
  const message = /^arg\w+\(\): int32 cannot number 2147483649 elements: find it along a dimension, or in parts$/;
  expect(() => huge[op](1)).toThrow(message);
});
const fractions = tensor([
  [1.5, 2.75, -0.5],
  [0, 1, -3.25],
]);
const computing = "sum mean prod cumsum cumprod softmax logSoftmax".split(" ");
for (const dtype of ["float64", "float32", "int32", "bool"]) {
  const xs = [fractions, fractions.to("float64"), whole.view(2, 2), bools(1, 0, 1, 1).view(2, 2)];
  for (const [k, x] of xs.entries()) {
    // PyTorch's gradient of float32 through float64, or through whole numbers, is an error.
    const grads = dtype === "float32" || (dtype === "float64" && k > 0);
    const options = { grads, ...(dtype === "float32" && { rtol: 2e-6, atol: 2e-6 }) };
    for (const op of computing) check(`in ${dtype}, ${x.dtype}`, op, [x, 1, { dtype }], options);
    for (const op of ["sum", "mean"]) check(`all in ${dtype}, ${x.dtype}`, op, [x, undefined, { dtype }], options);
    check(`in ${dtype}, ${x.dtype}`, "norm", [x, 2, 1, { dtype }], options);
  }
}
for (const op of ["softmax", "logSoftmax", "sum", "norm"]) {
  const args = op === "norm" ? [fractions, 2, 1] : [fractions, 1];
  check("float32 in float64", op, [...args, { dtype: "float64" }], { rtol: 1e-7 });
}
series("norm", cube, ["fro"], ["fro", 1], ["fro", [0, 2]], ["fro", [0, 1, 2]], ["fro", 1, kept], ["other"]);
series("norm", cube, ["fro", 1, { dtype: "float64" }]);
series("norm", whole, ["fro"]);
