/** Reversing, rolling, repeating, splitting, padding, diagonals and windows give PyTorch's values, gradients and errors. */
import { expect, it } from "vitest";
import { zeros as unobservedZeros } from "../../../src/index.ts";
import { torch } from "../../support/index.ts";
import { bools, callsOf, everyOther, i32, layoutsOf, shifted, transposed } from "./calls.ts";

const { arange, tensor, zeros } = torch;

const tooSmall = "Negative padding value is resulting in an empty dimension.";
const tooMuch = (sides: string) =>
  `Padding size should be less than the corresponding input dimension, but got: padding ${sides} at dimension 2 of input [2, 3, 4]`;

const { series, across, views, values } = callsOf("rearrange", {
  // Where PyTorch 1.13 happens to notice: newer versions and we say what is wrong.
  wording: {
    "Storage size calculation overflowed with sizes=[7, -1] and strides=[1, 1]": "size is -1 but must be >= 0",
    "Dimension out of range (expected to be in range of [-1, 0], but got -2)":
      /tri[lu]: input tensor must have at least 2 dimensions|Dimension out of range/,
    "start (0) + length (-1) exceeds dimension size (2).": "resulted in a negative output size, which is invalid",
    [`Argument #4: ${tooMuch("(4, 0)")}`]: tooMuch("(4, 0)"),
    [`Argument #4: ${tooMuch("(5, 0)")}`]: tooMuch("(5, 0)"),
    "2input (W: 4)is too small. Calculated output W: 0": tooSmall,
    "2input (W: 4)is too small. Calculated output W: -1": tooSmall,
    "input (W: 4) is too small. Calculated output W: 0": tooSmall,
    "input (W: 4) is too small. Calculated output W: -1": tooSmall,
  },
});

const cube = arange(24).view(2, 3, 4);
const matrix = arange(6).view(2, 3);
const row = arange(5);
const [empty, one] = [zeros([0, 3]), tensor(2)];
const whole = arange(0, 6, 1, i32).view(2, 3);
const truths = bools(1, 0, 1, 1, 1, 0).view(2, 3);
const layouts = [...layoutsOf(matrix), tensor([[1], [2]]).expand(2, 3), whole, truths, matrix.to("float64")];
const [both, twice, backwards] = [[0, 1], [1, 1], [-1, -2, -3]]; // biome-ignore format: dimensions

series("flip", cube, [0], [1], [-1], [[0, 2]], [[-1, 0, 1]], [[]], [[0, 0]], [3]);
series("flip", one, [[]], [0]);
series("flip", empty, [0], [1]);
across("flip", layouts, 1);
series("roll", row, [1], [-1], [5], [7], [0], [2, 0], [-12, 0]);
series("roll", matrix, [1], [1, 0], [-1, 1], [twice, both], [both, twice], [both, 0], [both], [1, 2], [4, -1]);
series("roll", matrix, [[], []]);
series("roll", empty, [1], [1, 0], [1, 1]);
series("roll", one, [1]);
across("roll", layouts, 2, 1);
views("movedim", cube, [0, 2], [2, 0], [-1, 0], [both, [2, 0]], [[0, 1, 2], backwards], [1, 1]);
series("movedim", cube, [0, 3], [both, [0]], [[0, 0], both], [both, [2, 2]]);
series("repeat", matrix, [[1, 1]], [[2, 3]], [[2, 1, 2]], [[0, 2]], [[2]], [[-1, 1]]);
series("repeat", one, [[3]], [[2, 2]], [[]]);
series("repeat", empty, [[2, 2]]);
across("repeat", layouts, [2, 2]);
series("tile", matrix, [[2]], [[2, 2]], [[2, 1, 1]], [[]]);
series("repeatInterleave", matrix, [2], [2, 0], [3, 1], [0, 1], [1, -1], [-1], [2, 2]);
series("repeatInterleave", one, [3]);
across("repeatInterleave", layouts, 2, 1);
series("split", row, [2], [5], [7], [1], [[2, 3]], [[0, 5, 0]], [[2, 2]], [[-1, 6]], [0], [-1], [2, 1]);
series("split", cube, [2, 1], [3, 2], [[1, 3], -1], [1, 0]);
series("split", empty, [0], [2], [2, 1], [[0, 0]]);
across("split", layouts, 2, 1);
series("chunk", row, [2], [3], [4], [5], [9], [1], [0], [-1]);
series("chunk", cube, [2, 1], [3, -1], [2, 0], [2, 3]);
series("chunk", empty, [2], [2, 1]);
for (const op of ["split", "chunk"]) series(op, one, [1]);

views("diagonal", cube, [], [1], [-1], [0, 1, 2], [0, 2, 0], [1, -1, -2], [5], [-5], [3, 0, 2]);
views("diagonal", matrix, [], [2], [3], [-1]);
views("diagonal", transposed(cube), [0, 0, 2]);
views("diagonal", shifted(cube), [1, 0, 1]);
series("diagonal", cube, [0, 1, 1], [0, 0, 3], [0, -2, 1]);
across("diagonal", [empty, row]);
series("diag", row, [], [1], [-2]);
series("diag", matrix, [], [1], [-1], [2]);
series("diag", zeros(0), [], [2]);
across("diag", [cube, one]);
series("diag", transposed(matrix), [1]);
across("trace", [matrix, transposed(matrix), empty, whole, cube]);
views("unfold", row, [0, 2, 1], [0, 3, 2], [0, 5, 1], [0, 1, 1], [0, 0, 1], [-1, 2, 3]);
views("unfold", cube, [0, 2, 1], [1, 2, 1], [2, 3, 1], [2, 2, 2]);
views("unfold", transposed(cube), [1, 2, 1], [0, 2, 2]);
series("unfold", row, [0, 6, 1], [0, -1, 1], [0, 2, 0], [1, 2, 1]);
series("unfold", one, [0, 1, 1], [0, 2, 1]);
for (const op of ["tril", "triu"]) {
  series(op, matrix, [], [1], [-1], [2], [-2], [9], [-9]);
  series(op, cube, [], [1]);
  across(op, [empty, row, ...layouts]);
  values(`${op}_`, matrix);
}

for (const mode of ["constant", "reflect", "replicate", "circular"]) {
  const pad = (x: typeof cube, ...sides: number[][]) => series("pad", x, ...sides.map((side) => [side, mode]));
  pad(cube, [1, 2], [0, 0], [-1, 2], [1, -2], [2, 2], [3, 0], [4, 0], [5, 0], [1], Array(8).fill(1));
  pad(cube, [-1, -1], [-1, -3], [-2, -3]);
  pad(arange(48).view(1, 2, 2, 3, 4), [1, 1, 2, 1, 1, 0]);
  pad(arange(16).view(2, 2, 2, 2), [1, 1, 1, 1], [1, 1]);
  for (const x of [transposed(cube), everyOther(cube), row]) pad(x, [1, 1]);
  pad(cube.to("float64"), [1, 2]);
  // circular does not take a tensor without channels
  if (mode !== "reflect" && mode !== "replicate") continue;
  pad(matrix, [1, 2]);
  pad(cube, [0, 2, 0, 0], [0, 1, 2, 0], [2, 1, 1, 1], [-1, 1, 1, -1]);
}
series(
  "pad",
  matrix,
  [[1, 1], "constant", 5],
  [[1, 1, 1, 0], "constant", -0.5],
  [[], "constant"],
  [[1, 1], "reflect", 1],
);
series("pad", matrix, [[1, 1]], [[1, 1, 1, 1]]);
series("pad", whole, [[1, 1], "constant", 7]);
series("pad", truths, [[1, 0], "constant", 1]);
series("pad", empty, [[1, 1, 1, 1]]);
series("pad", one, [[]], [[1, 1]]);

it("a list of sizes to split by may be long", () => {
  expect(unobservedZeros(200_000).split(Array(200_000).fill(1))).toHaveLength(200_000);
});
