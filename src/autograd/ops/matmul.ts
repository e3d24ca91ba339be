/** Matrix products. The kernel reads a transposed operand as it lies, so no gradient here copies one. */
import { check } from "../../tensor/check.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import { broadcastShapes, formatShape, numelOf, type Shape, sameShape } from "../../tensor/shape.ts";
import { forEachRun } from "../../tensor/strided.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { viewStrides } from "../../tensor/view-strides.ts";
import { type Applied, defineOp, owned } from "../op.ts";
import { mul } from "./elementwise.ts";
import { clone, squeeze, transpose, unsqueeze } from "./shape.ts";
import { expandTo } from "./shared/broadcast.ts";
import { checkProduct, matrixAt } from "./shared/matrices.ts";

/** y = a @ b for a (…, M, K) and b (…, K, N) of the same leading sizes, dA = dy @ bᵀ, dB = aᵀ @ dy */
const batchMatmul = defineOp("matmul", (a: Tensor, b: Tensor): Applied => {
  const [m, k] = a.shape.slice(-2);
  const n = b.shape[b.ndim - 1];
  const batch = a.shape.slice(0, -2);
  const y = Tensor.empty([...batch, m, n], a.dtype);
  let o = 0;
  forEachRun(batch, [a, b], (count, [i, j], [di, dj]) => {
    for (let c = 0; c < count; c++, o += m * n) {
      kernels.matmul(y.storage.operand, o, matrixAt(a, i + c * di), matrixAt(b, j + c * dj), [m, k, n]);
    }
  });
  return {
    y,
    grads: [
      [a, (dy) => batchMatmul(dy, transpose(b, -2, -1)), [b]],
      [b, (dy) => batchMatmul(transpose(a, -2, -1), dy), [a]],
    ],
  };
});

/**
 * The matrix product of the last two dimensions; leading ones broadcast. A vector is a row on the left, a column on the
 * right, and its dimension goes away. Mirrors `torch.matmul`.
 * @throws if the inner sizes or the dtypes differ, or an operand is a scalar
 * @example
 * const x = arange(6).view(2, 3);
 * console.log(x.matmul(x.t()), x.matmul(ones(3)));
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  check(
    a.ndim > 0 && b.ndim > 0,
    () =>
      `both arguments to matmul need to be at least 1D, but they are ${a.ndim}D and ${b.ndim}D: ` +
      "use mul for a product with a scalar",
  );
  checkVectors(a, b);
  if (a.ndim === 1) return owned(squeeze(matmul(unsqueeze(a, 0), b), b.ndim === 1 ? 0 : -2));
  if (b.ndim === 1) return owned(squeeze(matmul(a, unsqueeze(b, 1)), -1));
  checkProduct(a, b);
  if (a.ndim === 2 && b.ndim === 2) return batchMatmul(a, b);
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2), "matmul");
  return batchMatmul(repeated(a, batch), repeated(b, batch));
}

/**
 * x for each of these batches: itself in several places or, where the batches that it repeats in are not neighbours, copies. As
 * in PyTorch, which counts the batches through, x may then be changed before backward.
 */
function repeated(x: Tensor, batch: Shape): Tensor {
  const matrix = x.shape.slice(-2);
  if (sameShape(x.shape, [...batch, ...matrix])) return x;
  const y = expandTo(x, [...batch, ...matrix]);
  return viewStrides(y.shape, y.strides, [numelOf(batch), ...matrix]) ? y : clone(y);
}

/** PyTorch has words of its own for a vector on the right. */
function checkVectors(a: Tensor, b: Tensor): void {
  const k = a.shape[a.ndim - 1];
  check(b.ndim !== 1 || k === b.numel, () => {
    const rows = numelOf(a.shape.slice(0, -1));
    return a.ndim === 1
      ? `inconsistent tensor size, expected tensor [${k}] and src [${b.numel}] to have the same number of elements, ` +
          `but got ${k} and ${b.numel} elements respectively`
      : `size mismatch, got ${rows}, ${rows}x${k},${b.numel}`;
  });
}

/** What a product takes, what it got, and which product takes everything. */
const taken = (name: string, shapes: string, a: Tensor, b: Tensor): string =>
  `${name} takes ${shapes}, but got ${formatShape(a.shape)} and ${formatShape(b.shape)}; matmul takes them all`;

/** (N, K) @ (K, M). Mirrors `torch.mm`. @example ones([2, 3]).mm(ones([3, 2])) */
export function mm(a: Tensor, b: Tensor): Tensor {
  check(a.ndim === 2, () => `self must be a matrix: ${taken("mm", "(N, K) and (K, M)", a, b)}`);
  check(b.ndim === 2, () => `mat2 must be a matrix: ${taken("mm", "(N, K) and (K, M)", a, b)}`);
  return matmul(a, b);
}

/** (B, N, K) @ (B, K, M), no broadcasting. Mirrors `torch.bmm`. @example ones([5, 2, 3]).bmm(ones([5, 3, 4])).shape */
export function bmm(a: Tensor, b: Tensor): Tensor {
  check(a.ndim === 3, () => `batch1 must be a 3D tensor: ${taken("bmm", "(B, N, K) and (B, K, M)", a, b)}`);
  check(b.ndim === 3, () => `batch2 must be a 3D tensor: ${taken("bmm", "(B, N, K) and (B, K, M)", a, b)}`);
  const [batch, , inner] = a.shape;
  const otherSizes = () =>
    `Expected size for first two dimensions of batch2 tensor to be: [${batch}, ${inner}] ` +
    `but got: [${b.shape[0]}, ${b.shape[1]}].`;
  check(b.shape[0] === batch && b.shape[1] === inner, otherSizes);
  return matmul(a, b);
}

/** (N, K) @ (K). Mirrors `torch.mv`. @example tensor([[1, 2], [3, 4]]).mv(tensor([1, 10])) */
export function mv(a: Tensor, b: Tensor): Tensor {
  const others = () =>
    `vector + matrix @ vector expected, got 1, ${a.ndim}, ${b.ndim}: ${taken("mv", "(N, K) and (K)", a, b)}`;
  check(a.ndim === 2 && b.ndim === 1, others);
  return matmul(a, b);
}

/** (K) @ (K): Σ a · b. Mirrors `torch.dot`. @example tensor([1, 2]).dot(tensor([3, 4])) */
export function dot(a: Tensor, b: Tensor): Tensor {
  const others = () =>
    `1D tensors expected, but got ${a.ndim}D and ${b.ndim}D tensors: ${taken("dot", "(K) and (K)", a, b)}`;
  check(a.ndim === 1 && b.ndim === 1, others);
  return matmul(a, b);
}

/** y[i, j] = a[i] · b[j]. Mirrors `torch.outer`. @example tensor([1, 2]).outer(tensor([10, 20, 30])) */
export function outer(a: Tensor, b: Tensor): Tensor {
  check(a.ndim === 1, () => `outer: Expected 1-D argument self, but got ${a.ndim}-D`);
  check(b.ndim === 1, () => `outer: Expected 1-D argument vec2, but got ${b.ndim}-D`);
  return mul(unsqueeze(a, 1), b);
}
