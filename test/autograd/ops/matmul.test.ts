/** Matrix products of all ranks give PyTorch's values, gradients and errors. */
import { checkCases } from "./cases.ts";

checkCases("tensor_ops_matmul.json", {
  wording: {
    // PyTorch folds the batch into the rows first; here both whole shapes follow.
    "mat1 and mat2 shapes cannot be multiplied (4x3 and 4x2)":
      "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x2) (matmul: shapes [2, 2, 3] and [4, 2])",
    "mat1 and mat2 shapes cannot be multiplied (4x4 and 3x2)":
      "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x2) (matmul: shapes [2, 3] and [2, 4, 2])",
    "size mismatch, got 4, 4x3,4": /size mismatch, got 4, 4x3,4|shapes cannot be multiplied \(1x4 and 3x2\)/,
    // PyTorch 2's words.
    "expected scalar type Float but found Double":
      "expected m1 and m2 to have the same dtype, but got: float != double",
    "expected scalar type Float but found Int": "expected m1 and m2 to have the same dtype, but got: float != int",
  },
});
