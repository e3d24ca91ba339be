/** Writing at positions and under masks gives PyTorch's values, gradients and errors. */
import { expect, it } from "vitest";
import { ones } from "../../../src/index.ts";
import { checkCases } from "./cases.ts";

checkCases("tensor_ops_scatter.json", {
  wording: {
    // Indices are int32 here.
    "scatter(): Expected dtype int64 for index": "scatter(): Expected dtype int32 for index",
    "Dimension out of range (expected to be in range of [-1, 0], but got 1)":
      "Index tensor must have the same number of dimensions as src tensor",
    "index_add_(): Index is supposed to be a vector, but got dim: 2 with type: Int and size: [1, 1]":
      "index_add_(): Index is supposed to be a vector, but got dim: 2",
    // Here the mask comes first, as it does in PyTorch when not in place.
    "The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 1":
      "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1",
    // PyTorch adds slice by slice, and names the sizes of one.
    "The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 0":
      "index_add_(): source of shape [1, 3] does not fit: expected [1, 4]",
  },
});

it("a mask is bool", () => {
  // PyTorch 1.13 changes nothing and says nothing; newer versions say this.
  const message = "masked_fill_ only supports boolean masks, but got mask with dtype float";
  expect(() => ones(2).maskedFill(ones(2), 1)).toThrow(message);
});
