/** Reversing, rolling, repeating, splitting, padding, diagonals and windows give PyTorch's values, gradients and errors. */
import type { Tensor } from "../../../src/index.ts";
import { torch } from "../../support/torch.ts";
import { callsOf, everyOther, seriesOf, shifted, transposed } from "./calls.ts";

const { arange, tensor, zeros } = torch;

const tooSmall = "Negative padding value is resulting in an empty dimension.";
const tooMuch = (sides: string) =>
  `Padding size should be less than the corresponding input dimension, but got: padding ${sides} at dimension 2 of input [2, 3, 4]`;

const check = callsOf("rearrange", {
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

const series = seriesOf(check);
const cube = arange(24).view(2, 3, 4);
const matrix = arange(6).view(2, 3);
const row = arange(5);
const [empty, one] = [zeros([0, 3]), tensor(2)];
const whole = arange(0, 6, 1, { dtype: "int32" }).view(2, 3);
const bools = tensor([true, false, true, true, true, false]).view(2, 3);
const layouts: Record<string, Tensor> = {
  transposed: transposed(matrix),
  "every other": everyOther(matrix),
  shifted: shifted(matrix),
  expanded: tensor([[1], [2]]).expand(2, 3),
  int32: whole,
  bool: bools,
  float64: matrix.to("float64"),
};
const view = true;

function inLayouts(op: string, ...args: unknown[]): void {
  for (const [name, x] of Object.entries(layouts)) series(op, x, [args], { name: `${name} ` });
}
series("flip", cube, [[0], [1], [-1], [[0, 2]], [[-1, 0, 1]], [[]], [[0, 0]], [3]]);
series("flip", one, [[[]], [0]]);
series("flip", empty, [[0], [1]]);
inLayouts("flip", 1);
series("roll", row, [[1], [-1], [5], [7], [0], [2, 0], [-12, 0]]);
series("roll", matrix, [
  [1],
  [1, 0],
  [-1, 1],
  [
    [1, 1],
    [0, 1],
  ],
  [
    [1, 2],
    [1, 1],
  ],
  [[1, 2], 0],
  [[1, 2]],
  [1, 2],
  [[], []],
  [4, -1],
]);
series("roll", empty, [[1], [1, 0], [1, 1]]);
series("roll", one, [[1]]);
inLayouts("roll", 2, 1);
series(
  "movedim",
  cube,
  [
    [0, 2],
    [2, 0],
    [-1, 0],
    [
      [0, 1],
      [2, 0],
    ],
    [
      [0, 1, 2],
      [-1, -2, -3],
    ],
    [1, 1],
  ],
  { view },
);
series("movedim", cube, [
  [0, 3],
  [[0, 1], [0]],
  [
    [0, 0],
    [1, 2],
  ],
  [
    [0, 1],
    [2, 2],
  ],
]);
series("repeat", matrix, [[[1, 1]], [[2, 3]], [[2, 1, 2]], [[0, 2]], [[2]], [[-1, 1]]]);
series("repeat", one, [[[3]], [[2, 2]], [[]]]);
series("repeat", empty, [[[2, 2]]]);
inLayouts("repeat", [2, 2]);
series("tile", matrix, [[[2]], [[2, 2]], [[2, 1, 1]], [[]]]);
series("repeatInterleave", matrix, [[2], [2, 0], [3, 1], [0, 1], [1, -1], [-1], [2, 2]]);
series("repeatInterleave", one, [[3]]);
inLayouts("repeatInterleave", 2, 1);
series("split", row, [[2], [5], [7], [1], [[2, 3]], [[0, 5, 0]], [[2, 2]], [[-1, 6]], [0], [-1], [2, 1]]);
series("split", cube, [
  [2, 1],
  [3, 2],
  [[1, 3], -1],
  [1, 0],
]);
series("split", empty, [[0], [2], [2, 1], [[0, 0]]]);
series("split", one, [[1]]);
inLayouts("split", 2, 1);
series("chunk", row, [[2], [3], [4], [5], [9], [1], [0], [-1]]);
series("chunk", cube, [
  [2, 1],
  [3, -1],
  [2, 0],
  [2, 3],
]);
series("chunk", empty, [[2], [2, 1]]);
series("chunk", one, [[1]]);

series("diagonal", cube, [[], [1], [-1], [0, 1, 2], [0, 2, 0], [1, -1, -2], [5], [-5], [3, 0, 2]], { view });
series("diagonal", matrix, [[], [2], [3], [-1]], { view });
series("diagonal", transposed(cube), [[0, 0, 2]], { view, name: "transposed " });
series("diagonal", shifted(cube), [[1, 0, 1]], { view, name: "shifted " });
series("diagonal", cube, [
  [0, 1, 1],
  [0, 0, 3],
  [0, -2, 1],
]);
series("diagonal", empty, [[]]);
series("diagonal", row, [[]]);
series("diag", row, [[], [1], [-2]]);
series("diag", matrix, [[], [1], [-1], [2]]);
series("diag", zeros(0), [[], [2]]);
series("diag", cube, [[]]);
series("diag", one, [[]]);
series("diag", transposed(matrix), [[1]], { name: "transposed " });
series("trace", matrix, [[]]);
series("trace", transposed(matrix), [[]], { name: "transposed " });
series("trace", empty, [[]]);
series("trace", whole, [[]], { name: "int32 " });
series("trace", cube, [[]]);
series(
  "unfold",
  row,
  [
    [0, 2, 1],
    [0, 3, 2],
    [0, 5, 1],
    [0, 1, 1],
    [0, 0, 1],
    [-1, 2, 3],
  ],
  { view },
);
series(
  "unfold",
  cube,
  [
    [0, 2, 1],
    [1, 2, 1],
    [2, 3, 1],
    [2, 2, 2],
  ],
  { view },
);
series(
  "unfold",
  transposed(cube),
  [
    [1, 2, 1],
    [0, 2, 2],
  ],
  { view, name: "transposed " },
);
series("unfold", row, [
  [0, 6, 1],
  [0, -1, 1],
  [0, 2, 0],
  [1, 2, 1],
]);
series("unfold", one, [
  [0, 1, 1],
  [0, 2, 1],
]);

for (const op of ["tril", "triu"]) {
  series(op, matrix, [[], [1], [-1], [2], [-2], [9], [-9]]);
  series(op, cube, [[], [1]]);
  series(op, empty, [[]]);
  series(op, row, [[]]);
  inLayouts(op);
  check("in place", `${op}_`, [matrix.clone()], { grads: false });
}

for (const mode of ["constant", "reflect", "replicate", "circular"]) {
  series("pad", cube, [
    [[1, 2], mode],
    [[0, 0], mode],
    [[-1, 2], mode],
    [[1, -2], mode],
  ]);
  series("pad", cube, [
    [[2, 2], mode],
    [[3, 0], mode],
    [[4, 0], mode],
    [[5, 0], mode],
    [[1], mode],
    [Array(8).fill(1), mode],
  ]);
  series("pad", cube, [
    [[-1, -1], mode],
    [[-1, -3], mode],
    [[-2, -3], mode],
  ]);
  series("pad", arange(48).view(1, 2, 2, 3, 4), [[[1, 1, 2, 1, 1, 0], mode]]);
  series("pad", arange(16).view(2, 2, 2, 2), [
    [[1, 1, 1, 1], mode],
    [[1, 1], mode],
  ]);
  series("pad", transposed(cube), [[[1, 1], mode]], { name: "transposed " });
  series("pad", everyOther(cube), [[[1, 1], mode]], { name: "every other " });
  series("pad", cube.to("float64"), [[[1, 2], mode]], { name: "float64 " });
  series("pad", row, [[[1, 1], mode]]);
}
series("pad", matrix, [
  [[1, 1], "constant", 5],
  [[1, 1, 1, 0], "constant", -0.5],
  [[], "constant"],
  [[1, 1], "reflect", 1],
]);
series("pad", matrix, [[[1, 1]], [[1, 1, 1, 1]]]);
for (const mode of ["reflect", "replicate"]) {
  // circular does not take a tensor without channels
  series("pad", matrix, [[[1, 2], mode]]);
  series("pad", cube, [
    [[0, 2, 0, 0], mode],
    [[0, 1, 2, 0], mode],
    [[2, 1, 1, 1], mode],
    [[-1, 1, 1, -1], mode],
  ]);
}
series("pad", whole, [[[1, 1], "constant", 7]], { name: "int32 " });
series("pad", bools, [[[1, 0], "constant", 1]], { name: "bool " });
series("pad", empty, [[[1, 1, 1, 1]]]);
series("pad", one, [[[]], [[1, 1]]]);
