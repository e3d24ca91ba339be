/** Matrices turned and mirrored, and vectors on their diagonals. */
import { check } from "../../tensor/check.ts";
import { zeros } from "../../tensor/create.ts";
import { promoteTypes } from "../../tensor/dtype.ts";
import { type Int, normalizeDim } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { owned } from "../op.ts";
import { cat } from "./parts.ts";
import { flip } from "./rearrange.ts";
import { clone, flatten, to, transpose } from "./shape.ts";
import { embedDiagonal } from "./shared/diagonals.ts";
import { atleast2d } from "./stacking.ts";
import { diag } from "./windows.ts";

/**
 * Turned by k right angles, from the first of dims to the second. Mirrors `torch.rot90`.
 * @example tensor([[1, 2], [3, 4]]).rot90()
 */
export function rot90(x: Tensor, k: Int = 1, dims: readonly Int[] = [0, 1]): Tensor {
  check(dims.length === 2, () => `expected total rotation dims == 2, but got dims = ${dims.length}`);
  check(x.ndim >= 2, () => `expected total dims >= 2, but got total dims = ${x.ndim}`);
  const [dim0, dim1] = dims;
  const same = () => `expected rotation dims to be different, but got dim0 = ${dim0} and dim1 = ${dim1}`;
  check(dim0 !== dim1 && Math.abs(dim0 - dim1) !== x.ndim, same);
  dims.forEach((dim, i) => {
    check(dim < x.ndim && dim >= -x.ndim, () => `Rotation dim${i} out of range, dim${i} = ${dim}`);
  });
  const quarter = ((k % 4) + 4) % 4;
  if (quarter === 0) return clone(x);
  if (quarter === 2) return flip(x, dim0, dim1);
  return owned(transpose(flip(x, quarter === 1 ? dim1 : dim0), dim0, dim1));
}

/** The columns in the opposite order. Mirrors `torch.fliplr`. @example tensor([[1, 2], [3, 4]]).fliplr() */
export function fliplr(x: Tensor): Tensor {
  check(x.ndim >= 2, "Input must be >= 2-d.");
  return flip(x, 1);
}

/** The rows in the opposite order. Mirrors `torch.flipud`. @example tensor([[1, 2], [3, 4]]).flipud() */
export function flipud(x: Tensor): Tensor {
  check(x.ndim >= 1, "Input must be >= 1-d.");
  return flip(x, 0);
}

/**
 * Matrices with the last dimension of x on a diagonal, else zeros, in new dimensions dim1 and dim2. Mirrors `torch.diag_embed`.
 * @example tensor([[1, 2], [3, 4]]).diagEmbed()
 */
export function diagEmbed(x: Tensor, offset: Int = 0, dim1: Int = -2, dim2: Int = -1): Tensor {
  normalizeDim(-1, x.ndim);
  const [first, second] = [dim1, dim2].map((dim) => normalizeDim(dim, x.ndim + 1));
  check(first !== second, () => `diagonal dimensions cannot be identical ${dim1}, ${dim2}`);
  const size = x.shape[x.ndim - 1] + Math.abs(offset);
  const [low, high] = [Math.min(first, second), Math.max(first, second)];
  const shape = x.shape.slice(0, -1).toSpliced(low, 0, size).toSpliced(high, 0, size);
  return embedDiagonal(x, shape, offset, first, second);
}

/** The matrix with all elements of x on a diagonal. Mirrors `torch.diagflat`. @example tensor([[1, 2], [3, 4]]).diagflat() */
export const diagflat = (x: Tensor, offset: Int = 0): Tensor => diag(flatten(x), offset);

/**
 * The matrix with matrices on its diagonal, each to the right of and below the one before, else zeros. A vector is a row, a
 * scalar a matrix (1, 1). Mirrors `torch.block_diag`.
 * @example blockDiag(tensor([[1, 2], [3, 4]]), tensor([5, 6]))
 */
export function blockDiag(...tensors: Tensor[]): Tensor {
  tensors.forEach((x, i) => {
    const tooMany = () =>
      `torch.block_diag: Input tensors must have 2 or fewer dimensions. Input ${i} has ${x.ndim} dimensions`;
    check(x.ndim <= 2, tooMany);
  });
  if (tensors.length === 0) return zeros([1, 0]);
  const dtype = tensors.map((x) => x.dtype).reduce(promoteTypes);
  const blocks = atleast2d(tensors.map((x) => to(x, dtype)));
  const width = blocks.reduce((sum, { shape }) => sum + shape[1], 0);
  let before = 0;
  const rows = blocks.map((block) => {
    const [n, m] = block.shape;
    const [left, right] = [before, width - before - m].map((columns) => zeros([n, columns], { dtype }));
    before += m;
    return cat([left, block, right], 1);
  });
  return cat(rows, 0);
}
