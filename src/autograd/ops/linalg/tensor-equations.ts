/** Linear equations whose unknown has several dimensions: those of matrices, with dimensions merged. */
import { check } from "../../../tensor/check.ts";
import type { Int } from "../../../tensor/shape.ts";
import { numelOf } from "../../../tensor/shape.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { owned } from "../../op.ts";
import { movedim } from "../rearrange.ts";
import { flatten, reshape } from "../shape.ts";
import { inv, solve } from "./solving.ts";

/**
 * The inverse for `tensordot`: of A with the first `ind` dimensions as rows and the others as columns. Mirrors `torch.linalg.tensorinv`.
 * @throws unless both have as many elements
 * @example linalg.tensorinv(eye(4).view(2, 2, 4), 2).shape
 */
export function tensorinv(A: Tensor, ind: Int = 2): Tensor {
  check(ind > 0, () => `Expected a strictly positive integer for 'ind', but got ${ind}`);
  const [rows, columns] = [A.shape.slice(0, ind), A.shape.slice(ind)];
  const otherNumber = () =>
    `Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got ${numelOf(columns)} != ${numelOf(rows)}`;
  check(numelOf(rows) === numelOf(columns), otherNumber);
  return owned(reshape(inv(reshape(A, numelOf(rows), numelOf(columns))), [...columns, ...rows]));
}

/**
 * X with tensordot(A, X, X.ndim) = B. Mirrors `torch.linalg.tensorsolve`.
 * @param dims dimensions of A to move to the end first
 * @throws unless A has as many elements for B as for X
 * @example linalg.tensorsolve(eye(4).view(2, 2, 4), ones([2, 2]))
 */
export function tensorsolve(A: Tensor, B: Tensor, dims: readonly Int[] | null = null): Tensor {
  const moved = dims === null ? A : movedim(A, dims, dims.map((_, k) => A.ndim - dims.length + k)); // biome-ignore format: to the end
  const [rows, columns] = [moved.shape.slice(0, B.ndim), moved.shape.slice(B.ndim)];
  const otherNumber = () =>
    "Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim]), but got " +
    `${numelOf(columns)} != ${numelOf(rows)}`;
  check(numelOf(rows) === numelOf(columns), otherNumber);
  return owned(reshape(solve(reshape(moved, numelOf(rows), numelOf(columns)), flatten(B)), columns));
}
