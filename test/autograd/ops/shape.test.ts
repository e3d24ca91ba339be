/** Views and copies lie in memory as PyTorch's do; their values, gradients and errors are PyTorch's. */
import { expect, it } from "vitest";
import { torch } from "../../support/index.ts";
import { at, bools, callsOf, everyOther, f64, i32, inf, nan, shifted, transposed } from "./calls.ts";

const { arange, ones, tensor, zeros } = torch;

const { series, across, views, values } = callsOf("shape", {
  wording: {
    // Of narrow: PyTorch reads a start out of range as a dimension.
    "Dimension out of range (expected to be in range of [-2, 1], but got 3)":
      /Dimension out of range|start \(3\) \+ length/,
    "Dimension out of range (expected to be in range of [-3, 2], but got -4)":
      /Dimension out of range|start \(-4\) \+ length/,
  },
});

const cube = arange(24).view(2, 3, 4);
const matrix = arange(6).view(2, 3);
const gaps = everyOther(arange(12).view(3, 4));
const thin = ones([1, 2, 1, 3]);
const [one, expanded] = [tensor(2), tensor([[1], [2]]).expand(2, 3)];
const outOfOrder = arange(12).view(1, 4, 3).transpose(0, 1).narrow(0, 1, 2);

for (const op of ["view", "reshape"]) {
  views(op, matrix, [[6]], [[3, 2]], [[-1]], [[2, -1]], [[1, 2, 1, 3, 1]], [[2, 3, 1]]);
  views(op, cube, [[6, 4]], [[2, 12]], [[2, 3, 2, 2]], [[4, -1]]);
  views(op, transposed(cube), [[4, 3, 2]], [[1, 2, 3, 4]], [[2, 3, 2, 2]]);
  views(op, gaps, [[12]], [[3, 2, 2]], [[2, 6]]);
  views(op, cube.narrow(1, 0, 2), [[2, 8]], [[2, 2, 2, 2]]);
  views(op, expanded, [[2, 3, 1]], [[2, 1, 3]]);
  views(op, one.expand(2, 3), [[6]], [[3, 2]]);
  views(op, shifted(matrix), [[3, 2]]);
  views(op, outOfOrder, [[6]], [[3, 2]]);
  views(op, one, [[]], [[1]], [[1, 1]]);
  views(op, tensor([2]), [[]]);
  series(op, zeros([0, 3]), [[0]], [[3, 0]], [[-1, 3]], [[0, -1]], [[-1, 0]], [[2]]);
  series(op, matrix, [[4]], [[-1, 4]], [[-1, -1]], [[-2, 3]], [[2, 3, 0]], [[]]);
  series(op, transposed(matrix), [[6]]);
}
series("reshape", transposed(matrix), [[3, 2]]);
series("reshape", cube.narrow(1, 0, 2), [[4, 4]]);
series("reshape", expanded, [[6]]);

views("permute", cube, [0, 1, 2], [2, 0, 1], [-1, -3, -2]);
views("permute", one, [[]]);
series("permute", cube, [0, 1], [0, 1, 1], [0, 1, 3], [0, 1, -3]);
views("transpose", cube, [0, 1], [0, -1], [1, 1], [-1, -2]);
views("transpose", one, [0, -1]);
series("transpose", cube, [0, 3], [-4, 0]);
for (const x of [matrix, arange(3), one]) views("t", x);
series("t", cube);
views("expand", arange(3).view(3, 1), [3, 2], [-1, 2], [3, 1], [2, 3, 4], [2, -1, 4], [0, 3, 1]);
views("expand", one, [2, 3], [0], [[]]);
views("expand", zeros([1, 0]), [2, 0], [2, -1]);
series("expand", matrix, [2, 4], [3], [4, 2, 2], [-1, 2, 3]);
views("flatten", cube, [], [1], [0, 1], [1, -1], [1, 1], [-2, -1]);
views("flatten", one);
series("flatten", transposed(cube), [], [1], [0, 1]);
series("flatten", zeros([2, 0, 3]), [], [1]);
series("flatten", cube, [2, 1], [0, 3]);
views("squeeze", thin, [], [0], [-2], [1]);
views("squeeze", transposed(thin), [], [0], [1]);
views("squeeze", one, [], [0]);
series("squeeze", thin, [4], [-5]);
views("unsqueeze", matrix, [0], [1], [2], [-1], [-3]);
views("unsqueeze", transposed(matrix), [0], [1], [2]);
views("unsqueeze", tensor([2]).expand(3), [0], [1]);
views("unsqueeze", one, [0], [-1]);
series("unsqueeze", matrix, [3], [-4]);
views("narrow", cube, [0, 1, 1], [1, 0, 2], [-1, 1, 3], [2, -2, 2], [0, 2, 0], [1, 0, 3]);
series("narrow", cube, [0, 1, 2], [0, 0, -1], [0, 3, 0], [3, 0, 1], [1, -4, 1]);
series("narrow", one, [0, 0, 1]);
views("select", cube, [0, 1], [1, -1], [2, 0], [-1, 3]);
views("select", gaps, [0, 1], [1, 2]);
series("select", cube, [0, 2], [1, -4], [3, 0]);
series("select", one, [0, 0]);
const column = arange(10).view(10, 1);
views("slice", column, [0, 2, 5], [0, -3], [0, 0, -3], [0, 1, 9, 3], [0, 5, 100], [0, -100, 2], [0, 7, 3]);
views("slice", column, [0, 0, 10, 20]);
views("slice", cube, [1, 1, 3], [2, 0, 4, 2], [-1, 3], [0]);
series("slice", cube, [0, 0, 2, 0], [0, 2, 0, -1]);

for (const op of ["clone", "contiguous"]) across(op, [matrix, transposed(cube), gaps, one]);
series("contiguous", expanded);

const everything = tensor([nan, inf, 0, -0, 0.5, -1.75, 2.5, 300]);
const whole = at(-2, 0, 1, 7, 2 ** 31 - 1);
series("to", everything, ["float64"]);
series("to", transposed(cube), ["float64"]);
series("to", tensor([0.1, 1e-50, 1e300, nan], f64), ["float32"]);
values("to", everything, ["bool"]);
values("to", tensor([0.5, -1.75, 2.5, 300, -0]), ["int32"]);
series("to", whole, ["float32"], ["bool"]);
series("to", bools(1, 0), ["int32"], ["float64"]);

const [row, low] = [arange(3).view(1, 3), arange(2).view(2, 1)];
series("cat", [matrix, row], [0]);
series("cat", [matrix, low], [-1], [0]);
series("cat", [matrix], [1]);
series("cat", [transposed(matrix), everyOther(matrix)], [0]);
series("cat", [matrix, zeros([0, 3])], [0]);
series("cat", [row.expand(2, 3), matrix], [0]);
series("cat", [at(1, 2, 3).view(1, 3), row]);
series("cat", [bools(1, 0), at(5)]);
series("cat", [row, row.to("float64")], [1]);
series("cat", [matrix, matrix, ones([2, 4, 1])], [0]);
series("cat", [matrix, matrix, ones([2, 4])], [0]);
series("cat", [matrix, ones(3)], [0]);
series("cat", [matrix, matrix], [2]);
const none = zeros(0);
for (const parts of [[none, matrix], [matrix, none, row], [none, none.to("float64"), matrix], [none, one], [none]])
  series("cat", parts, [0]);
series("cat", [none, matrix, low], [1]);
series("cat", [none, matrix, ones(3)], [0]);
series("stack", [matrix, matrix.add(10)], [0], [1], [2], [-1], [3]);
series("stack", [transposed(matrix), matrix], [1]);
series("stack", [tensor([1, 2], i32), tensor([0.5, 1.5], f64)]);
series("stack", [matrix, ones([2, 1])]);
series("stack", [matrix, ones(2)], [1]);
for (const op of ["cat", "stack"]) for (const parts of [[tensor(1), one], []]) series(op, parts);

it.each([[[-2]], [[-2, 1]], [[2, -3]]])("expand refuses the negative sizes %j", (sizes) => {
  expect(() => ones([1]).expand(sizes)).toThrow("Trying to create tensor with negative dimension");
});

values("asStridedScatter", arange(10).slice(0, 3, 8), [tensor([90, 91]), [2], [1]], [tensor([90, 91]), [2], [2], 1]);
it("a view of any strides keeps its sizes, whatever becomes of the lists that say them", () => {
  const [size, stride] = [
    [2, 2],
    [1, 1],
  ];
  const x = arange(3).asStrided(size, stride);
  [size[0], stride[0]] = [7, 0];
  expect([x.shape, x.strides]).toEqual([[2, 2], [1, 1]]); // biome-ignore format: two pairs
});
