/** Square brackets, gather and indexSelect give PyTorch's values, gradients and errors. */
import { checkCases } from "./cases.ts";

checkCases("tensor_ops_indexing.json", {
  wording: {
    // Indices are int32 here.
    "gather(): Expected dtype int64 for index": "gather(): Expected dtype int32 for index",
    "index_select(): Expected dtype int32 or int64 for index": "index_select(): Expected dtype int32 for index",
    // PyTorch moves the indexed dimension to the front first, and then names that.
    "index -4 is out of bounds for dimension 0 with size 3": "index -4 is out of bounds for dimension 1 with size 3",
    "index 4 is out of bounds for dimension 0 with size 4": "index 4 is out of bounds for dimension 2 with size 4",
  },
});
