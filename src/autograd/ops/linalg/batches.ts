/** Algorithms on matrices of float64 applied to all matrices of a tensor; and PyTorch's words for what is no such tensor. */
import { check } from "../../../tensor/check.ts";
import { isFloatingPoint, scalarName } from "../../../tensor/dtype.ts";
import { numelOf, type Shape } from "../../../tensor/shape.ts";
import { elementsOf, Tensor } from "../../../tensor/tensor.ts";
import { transpose } from "../shape.ts";

/** xᵀ in the last two dimensions. */
export const mT = (x: Tensor): Tensor => transpose(x, -2, -1);

/** How large the matrices are. */
export const sizesOf = ({ shape }: Tensor): [rows: number, columns: number] => [
  shape[shape.length - 2],
  shape[shape.length - 1],
];

/**
 * What an algorithm makes of each matrix of x: results of these shapes, behind the batch dimensions of x, in x's dtype.
 * @param algorithm gets the matrix in float64, which it may change, and its number
 */
export function eachMatrix(
  x: Tensor,
  shapes: readonly Shape[],
  algorithm: (matrix: Float64Array, k: number) => readonly ArrayLike<number>[],
): Tensor[] {
  const batch = x.shape.slice(0, -2);
  const results = shapes.map((shape) => Tensor.empty([...batch, ...shape], x.dtype));
  const elements = elementsOf(x);
  const size = numelOf(x.shape.slice(-2));
  for (let k = 0; k < numelOf(batch); k++) {
    const made = algorithm(Float64Array.from(elements.subarray(k * size, (k + 1) * size)), k);
    results.forEach(({ storage }, i) => {
      storage.data.set(made[i], k * numelOf(shapes[i]));
    });
  }
  return results;
}

/** Matrix number k of x in float64. */
export function matrixOf(x: Tensor, k: number): Float64Array {
  const size = numelOf(x.shape.slice(-2));
  return Float64Array.from(elementsOf(x).subarray(k * size, (k + 1) * size));
}

/** Which of the matrices a message is about. */
export const inBatch = ({ ndim }: Tensor, k: number): string => (ndim > 2 ? `(Batch element ${k}): ` : "");

/** @throws unless x holds matrices of floating point numbers */
export function checkMatrices(name: string, x: Tensor): void {
  checkRank(name, x);
  checkFloating(name, x);
}

function checkRank(name: string, x: Tensor): void {
  check(x.ndim >= 2, () => `${name}: The input tensor A must have at least 2 dimensions. It has ${x.ndim}`);
}

/** @throws unless x holds floating point numbers */
export function checkFloating(name: string, x: Tensor): void {
  const notFloating = () =>
    `${name}: Expected a floating point or complex tensor as input. Got ${scalarName[x.dtype]}: convert it, with x.to("float32")`;
  check(isFloatingPoint(x.dtype), notFloating);
}

/** @throws unless they are square, too */
export function checkSquare(name: string, x: Tensor): void {
  checkMatrices(name, x);
  checkSquareSizes(name, x);
}

/** @throws unless x holds square matrices, of whatever numbers */
export function checkSquareSizes(name: string, x: Tensor): void {
  checkRank(name, x);
  const [m, n] = sizesOf(x);
  check(m === n, () => `${name}: A must be batches of square matrices, but they are ${m} by ${n} matrices`);
}
