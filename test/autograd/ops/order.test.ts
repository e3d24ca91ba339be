/** Running sums, sorting, norms and logic give PyTorch's values, gradients and errors. */
import { expect, it } from "vitest";
import { zeros } from "../../../src/index.ts";
import { checkCases } from "./cases.ts";

checkCases("tensor_ops_order.json");

it.each([-1, Infinity, -Infinity])("the %d-norm of nothing does not exist", (p) => {
  // So say newer versions of PyTorch; 1.13 has a number for some.
  expect(() => zeros([2, 0]).norm(p, 1)).toThrow("because the operation does not have an identity");
});
