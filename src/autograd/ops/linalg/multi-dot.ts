/** The product of many matrices, in the order that takes the fewest multiplications. */
import { check } from "../../../tensor/check.ts";
import { cName } from "../../../tensor/dtype.ts";
import { formatShape } from "../../../tensor/shape.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { owned } from "../../op.ts";
import { matmul } from "../matmul.ts";
import { squeeze, unsqueeze } from "../shape.ts";

/**
 * The product of matrices, in the order that takes the fewest multiplications. Mirrors `torch.chain_matmul`.
 * @example chainMatmul(ones([2, 30]), ones([30, 4]), ones([4, 3]))
 */
export function chainMatmul(...matrices: Tensor[]): Tensor {
  check(matrices.length > 0, "chain_matmul(): Expected one or more matrices");
  for (const x of matrices) check(x.ndim === 2, () => `Tensor dimension is ${x.ndim}, expected 2 instead.`);
  return matrices.length === 1 ? matrices[0] : multiDot(matrices);
}

/**
 * The product of two matrices or more, in the order that takes the fewest multiplications. The first may be a vector, which is a
 * row, and the last, which is a column: their dimension goes away. Mirrors `torch.linalg.multi_dot`.
 * @example linalg.multiDot([ones(2), ones([2, 3]), ones([3, 4])])
 */
export function multiDot(tensors: readonly Tensor[]): Tensor {
  const last = tensors.length - 1;
  check(last > 0, () => `multi_dot(): expected at least 2 tensors but got ${tensors.length}`);
  tensors.forEach((x, i) => {
    const isEnd = i === 0 || i === last;
    const ofEnd = () => `multi_dot(): the ${i === 0 ? "first" : "last"} tensor must be 1D or 2D but got ${x.ndim}D`;
    const inside = () => `multi_dot(): tensor ${i} must be 2D but got ${x.ndim}D`;
    check(x.ndim === 2 || (isEnd && x.ndim === 1), isEnd ? ofEnd : inside);
    const otherType = () =>
      `multi_dot(): all tensors must have be the same dtype but tensor 0 is ${cName[tensors[0].dtype]} ` +
      `and tensor ${i} ${cName[x.dtype]}`;
    check(x.dtype === tensors[0].dtype, otherType);
  });
  const [isRow, isColumn] = [tensors[0].ndim === 1, tensors[last].ndim === 1];
  const matrices = tensors.map((x, i) => (x.ndim === 2 ? x : unsqueeze(x, i === 0 ? 0 : 1)));
  matrices.slice(1).forEach((x, i) => {
    const mismatch = () =>
      `multi_dot(): tensors ${i} and ${i + 1} with shapes ${formatShape(matrices[i].shape)} and ${formatShape(x.shape)} ` +
      "cannot be multiplied";
    check(matrices[i].shape[1] === x.shape[0], mismatch);
  });
  const y = productOf(matrices, splits(matrices), 0, last);
  const column = isColumn ? owned(squeeze(y, 1)) : y;
  return isRow ? owned(squeeze(column, 0)) : column;
}

/** Where to part the product of the matrices i … j, for all i < j: cost[i][j] = the least, over k, of both sides and their product. */
function splits(matrices: readonly Tensor[]): number[][] {
  const sizes = [matrices[0].shape[0], ...matrices.map(({ shape }) => shape[1])];
  const n = matrices.length;
  const table = () => Array.from({ length: n }, () => new Array<number>(n).fill(0));
  const [cost, split] = [table(), table()];
  for (let length = 1; length < n; length++) {
    for (let i = 0; i + length < n; i++) {
      const j = i + length;
      cost[i][j] = Infinity;
      for (let k = i; k < j; k++) {
        const here = cost[i][k] + cost[k + 1][j] + sizes[i] * sizes[k + 1] * sizes[j + 1];
        if (here < cost[i][j]) [cost[i][j], split[i][j]] = [here, k];
      }
    }
  }
  return split;
}

function productOf(matrices: readonly Tensor[], split: number[][], i: number, j: number): Tensor {
  if (i === j) return matrices[i];
  const k = split[i][j];
  return matmul(productOf(matrices, split, i, k), productOf(matrices, split, k + 1, j));
}
