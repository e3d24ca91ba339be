/** Reversing, rolling, repeating, splitting, padding, diagonals and windows give PyTorch's values, gradients and errors. */
import { checkCases } from "./cases.ts";

const tooSmall = "Negative padding value is resulting in an empty dimension.";
const tooMuch = (sides: string) =>
  `Padding size should be less than the corresponding input dimension, but got: padding ${sides} at dimension 2 of input [2, 3, 4]`;

checkCases("tensor_ops_rearrange.json", {
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
