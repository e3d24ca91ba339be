/** Matrices as the kernel of the product takes them, and PyTorch's words when two cannot be multiplied. */
import { check } from "../../../tensor/check.ts";
import { cName } from "../../../tensor/dtype.ts";
import type { Matrix } from "../../../tensor/kernels/matmul.ts";
import { broadcastShapes, formatShape, numelOf, type Shape } from "../../../tensor/shape.ts";
import type { Tensor } from "../../../tensor/tensor.ts";

/** The matrix in the last two dimensions of x that starts at `offset`. */
export function matrixAt(x: Tensor, offset: number): Matrix {
  return { data: x.storage.operand, offset, rowStride: x.strides[x.ndim - 2], colStride: x.strides[x.ndim - 1] };
}

/** The same memory, its columns as rows. */
export const transposed = (matrix: Matrix): Matrix => ({
  ...matrix,
  rowStride: matrix.colStride,
  colStride: matrix.rowStride,
});

/** @throws unless a (…, M, K) and b, of `shape` (…, K, N), have the same dtype, of numbers, and K */
export function checkProduct(a: Tensor, b: Tensor, shape: Shape = b.shape): void {
  check(a.dtype !== "bool", '"addmm_impl_cpu_" not implemented for \'Bool\': convert first, with x.to("float32")');
  check(
    a.dtype === b.dtype,
    () =>
      `expected m1 and m2 to have the same dtype, but got: ${cName[a.dtype]} != ${cName[b.dtype]}: convert one, with x.to("${b.dtype}")`,
  );
  const [m, k] = a.shape.slice(-2);
  const [rows, n] = shape.slice(-2);
  check(k === rows, () => {
    const shapes = `(matmul: shapes ${formatShape(a.shape)} and ${formatShape(shape)})`;
    if (a.ndim > 2 && shape.length > 2) {
      const batch = numelOf(broadcastShapes(a.shape.slice(0, -2), shape.slice(0, -2), "matmul"));
      const sizes = (inner: number) => `[${batch}, ${inner}]`;
      return `Expected size for first two dimensions of batch2 tensor to be: ${sizes(k)} but got: ${sizes(rows)}. ${shapes}`;
    }
    const words = `mat1 and mat2 shapes cannot be multiplied (${m}x${k} and ${rows}x${n})`;
    return a.ndim > 2 || shape.length > 2 ? `${words} ${shapes}` : words;
  });
}
