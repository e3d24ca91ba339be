/** einsum and the products with names of their own give PyTorch's values, gradients and errors. */
import { checkCases } from "./cases.ts";

const seen = "which does not broadcast with previously seen";

checkCases("tensor_ops_einsum.json", {
  wording: {
    "einsum(): found '.' for output that is not part of any ellipsis (...)":
      "einsum(): found '.' for output that is not part of any ellipsis",
    "einsum(): found '.' for output but an ellipsis (...) was already found":
      "einsum(): found '.' for output for which an ellipsis was already found",
    [`einsum(): dimension 1 covered by ellipsis in operand 1has size 4 ${seen} ellipsis with size 3 for the respective dimension`]: `einsum(): dimension 1 covered by ellipsis in operand 1 has size 4 ${seen} size 3`,
    "einsum(): must specify the equation string and at least one operand, or at least one operand and its subscripts list":
      "einsum(): must provide at least one operand",
    "expected scalar type Float but found Double":
      "expected m1 and m2 to have the same dtype, but got: float != double",
    "Dimension specified as 0 but tensor has no dimensions": "vector + matrix @ vector expected, got 1, 0, 1",
  },
});
