/**
 * Matrix products. The kernel reads a transposed operand as it lies, so no gradient here copies one.
 */
import { copyInto } from "../../tensor/apply.ts";
import { cName } from "../../tensor/dtype.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import type { Matrix } from "../../tensor/kernels/matmul.ts";
import { broadcastShapes, formatShape, numelOf } from "../../tensor/shape.ts";
import { forEachRun } from "../../tensor/strided.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { sum } from "./reduction.ts";
import { expand, owned, reshape, squeeze, t, transpose, unsqueeze } from "./shape.ts";

/** The matrix in the last two dimensions of x that starts at `offset`. */
function matrixAt(x: Tensor, offset: number): Matrix {
  return { data: x.storage.data, offset, rowStride: x.strides[x.ndim - 2], colStride: x.strides[x.ndim - 1] };
}

/** y = a @ b for a (…, M, K) and b (…, K, N) of the same leading sizes, dA = dy @ bᵀ, dB = aᵀ @ dy */
const batchMatmul = defineOp("matmul", (a: Tensor, b: Tensor): Applied => {
  const [m, k] = a.shape.slice(-2);
  const n = b.shape[b.ndim - 1];
  const batch = a.shape.slice(0, -2);
  const y = Tensor.empty([...batch, m, n], a.dtype);
  let o = 0;
  forEachRun(batch, [a, b], (count, [i, j], [di, dj]) => {
    for (let c = 0; c < count; c++, o += m * n) {
      kernels.matmul(y.storage.data, o, matrixAt(a, i + c * di), matrixAt(b, j + c * dj), [m, k, n]);
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
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  if (a.ndim === 0 || b.ndim === 0) {
    throw new Error(
      `both arguments to matmul need to be at least 1D, but they are ${a.ndim}D and ${b.ndim}D: ` +
        "use mul for a product with a scalar",
    );
  }
  checkVectors(a, b);
  if (a.ndim === 1) return owned(squeeze(matmul(unsqueeze(a, 0), b), b.ndim === 1 ? 0 : -2));
  if (b.ndim === 1) return owned(squeeze(matmul(a, unsqueeze(b, 1)), -1));
  checkProduct(a, b);
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2), "matmul");
  return batchMatmul(expand(a, [...batch, ...a.shape.slice(-2)]), expand(b, [...batch, ...b.shape.slice(-2)]));
}

/** PyTorch has words of its own for a vector on the right. */
function checkVectors(a: Tensor, b: Tensor): void {
  const k = a.shape[a.ndim - 1];
  if (b.ndim !== 1 || k === b.numel) return;
  if (a.ndim === 1) {
    throw new Error(
      `inconsistent tensor size, expected tensor [${k}] and src [${b.numel}] to have the same number of elements, ` +
        `but got ${k} and ${b.numel} elements respectively`,
    );
  }
  const rows = numelOf(a.shape.slice(0, -1));
  throw new Error(`size mismatch, got ${rows}, ${rows}x${k},${b.numel}`);
}

function checkProduct(a: Tensor, b: Tensor): void {
  if (a.dtype !== b.dtype) {
    throw new Error(`expected m1 and m2 to have the same dtype, but got: ${cName[a.dtype]} != ${cName[b.dtype]}`);
  }
  const [m, k] = a.shape.slice(-2);
  const [rows, n] = b.shape.slice(-2);
  if (k === rows) return;
  const shapes = `matmul: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}`;
  if (a.ndim > 2 && b.ndim > 2) {
    const batch = numelOf(broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2), "matmul"));
    throw new Error(
      `Expected size for first two dimensions of batch2 tensor to be: [${batch}, ${k}] but got: [${batch}, ${rows}]. (${shapes})`,
    );
  }
  const words = `mat1 and mat2 shapes cannot be multiplied (${m}x${k} and ${rows}x${n})`;
  throw new Error(a.ndim > 2 || b.ndim > 2 ? `${words} (${shapes})` : words);
}

/** y = x @ Wᵀ + b for x (N, I), W (O, I), b (O): dx = dy @ W, dW = dyᵀ @ x, db = Σ dy over N */
const linearRows = defineOp("linear", (x: Tensor, weight: Tensor, bias: Tensor | null): Applied => {
  const [n, inputs] = x.shape;
  const outputs = weight.shape[0];
  const y = Tensor.empty([n, outputs], x.dtype);
  const weightT = t(weight); // (I, O)
  if (bias) copyInto(y, bias);
  const [a, b] = [matrixAt(x, x.offset), matrixAt(weightT, weight.offset)];
  kernels.matmul(y.storage.data, 0, a, b, [n, inputs, outputs], bias !== null);
  return {
    y,
    grads: [
      [x, (dy) => matmul(dy, weight), [weight]],
      [weight, (dy) => matmul(t(dy), x), [x]],
      ...(bias ? [[bias, (dy: Tensor) => sum(dy, 0)] as const] : []),
    ],
  };
});

/**
 * y = x Wᵀ + b along the last dimension of x. Mirrors `torch.nn.functional.linear`.
 *
 * @param x (…, in) @param weight (out, in) @param bias (out), or none
 * @returns (…, out)
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  const rows = x.ndim === 2 ? x : reshape(x, [numelOf(x.shape.slice(0, -1)), x.shape.at(-1) ?? 1]);
  checkProduct(rows, t(weight));
  const y = linearRows(rows, weight, bias);
  return x.ndim === 2 ? y : owned(reshape(y, [...x.shape.slice(0, -1), weight.shape[0]]));
}
