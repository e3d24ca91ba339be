/** Views and copies lie in memory as PyTorch's do; their values, gradients and errors are PyTorch's. */
import { checkCases } from "./cases.ts";

checkCases("tensor_ops_shape.json", {
  wording: {
    // Of narrow: PyTorch reads a start out of range as a dimension.
    "Dimension out of range (expected to be in range of [-2, 1], but got 3)":
      /Dimension out of range|start \(3\) \+ length/,
    "Dimension out of range (expected to be in range of [-3, 2], but got -4)":
      /Dimension out of range|start \(-4\) \+ length/,
  },
});
