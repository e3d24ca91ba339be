/** Pictures as vectors, multiplied with a matrix. */
import { sub } from "../autograd/ops/elementwise.ts";
import { mm } from "../autograd/ops/matmul.ts";
import { reshape } from "../autograd/ops/shape.ts";
import type { Transform } from "../data/transform.ts";
import { check } from "../tensor/check.ts";
import { pythonFloat, pythonTuple } from "../tensor/python-text.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * y = (x - mean) · A, of pictures x (…, C, H, W) as vectors of C·H·W numbers: with the right matrix they are whitened.
 * Mirrors `torchvision.transforms.LinearTransformation`.
 * @throws unless the matrix is square, and as large as the mean
 * @example new transforms.LinearTransformation(eye(4).mul(2), ones(4)).apply(arange(4).view(1, 2, 2))
 */
export class LinearTransformation implements Transform<Tensor, Tensor> {
  /** A. */
  readonly transformationMatrix: Tensor;
  /** What is subtracted. */
  readonly meanVector: Tensor;

  constructor(transformationMatrix: Tensor, meanVector: Tensor) {
    const [rows, columns] = transformationMatrix.shape;
    const shape = pythonTuple(transformationMatrix.shape);
    const notSquare = () => `transformation_matrix should be square. Got ${shape} rectangular matrix.`;
    check(transformationMatrix.ndim === 2 && rows === columns, notSquare);
    const otherLength = () =>
      `mean_vector should have the same length ${meanVector.shape[0]} as any one of the dimensions of the ` +
      `transformation_matrix [${shape}]`;
    check(meanVector.ndim === 1 && meanVector.shape[0] === rows, otherLength);
    this.transformationMatrix = transformationMatrix;
    this.meanVector = meanVector;
  }

  apply(x: Tensor): Tensor {
    const [channels, height, width] = x.shape.slice(-3);
    const [n] = this.meanVector.shape;
    const otherShape = () =>
      `Input tensor and transformation matrix have incompatible shape.[${channels} x ${height} x ${width}] != ${n}`;
    check(channels * height * width === n, otherShape);
    return reshape(mm(sub(reshape(x, [-1, n]), this.meanVector), this.transformationMatrix), x.shape);
  }

  toString(): string {
    const [matrix, mean] = [this.transformationMatrix, this.meanVector].map(numbersOf);
    return `LinearTransformation(transformation_matrix=${matrix}, mean_vector=${mean})`;
  }
}

/** As Python prints lists of numbers with fractions. */
function numbersOf(x: Tensor): string {
  const text = (values: unknown): string =>
    Array.isArray(values) ? `[${values.map(text).join(", ")}]` : pythonFloat(Number(values));
  return text(x.toArray());
}
