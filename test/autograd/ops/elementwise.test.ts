/** Elementwise arithmetic and comparisons give PyTorch's values, gradients and errors. */
import { checkCases } from "./cases.ts";

checkCases("tensor_ops_elementwise.json", {
  // PyTorch goes on to advise operators that there are none of here.
  wording: {
    "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.":
      "Negation, the `-` operator, on a bool tensor is not supported.",
    "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.":
      "Subtraction, the `-` operator, with two bool tensors is not supported.",
  },
});
