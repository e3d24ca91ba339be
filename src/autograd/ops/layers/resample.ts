/** Resampling of one dimension: interpolation, and means of windows, are products with matrices that are mostly zeros. */
import { splitAt } from "../../../tensor/apply.ts";
import { samplings } from "../../../tensor/kernels/index.ts";
import type { SparseMatrix } from "../../../tensor/kernels/resampling.ts";
import { operandOf, Tensor } from "../../../tensor/tensor.ts";
import { type Applied, defineOp } from "../../op.ts";

export type { SparseMatrix } from "../../../tensor/kernels/resampling.ts";

/** y[…, o, …] = Σ over i of matrix[o, i] · x[…, i, …] along dim; its gradient is the same with the matrix transposed */
export const resample = defineOp("resample", (x: Tensor, dim: number, matrix: SparseMatrix): Applied => {
  const [outer, , inner] = splitAt(x.shape, dim);
  const y = Tensor.empty(x.shape.with(dim, matrix.outSize), x.dtype);
  samplings.resample(y.storage.operand, operandOf(x), outer, inner, matrix);
  return { y, grads: [[x, (dy) => resample(dy, dim, transposed(matrix))]] };
});

/** What an output is the sum of: so much of the input at each of these places. */
export type Taps = readonly { readonly place: number; readonly weight: number }[];

/** The matrix whose row o has the weights of output o. */
export function sparseMatrix(size: number, outSize: number, tapsOf: (o: number) => Taps): SparseMatrix {
  const starts = new Int32Array(outSize + 1);
  const [places, weights]: [number[], number[]] = [[], []];
  for (let o = 0; o < outSize; o++) {
    for (const { place, weight } of tapsOf(o)) {
      places.push(place);
      weights.push(weight);
    }
    starts[o + 1] = places.length;
  }
  return { size, outSize, starts, places: Int32Array.from(places), weights: Float64Array.from(weights) };
}

/** Rows become columns: counted first, so that each finds its elements' places at once. */
function transposed({ size, outSize, starts, places, weights }: SparseMatrix): SparseMatrix {
  const counts = new Int32Array(size + 1);
  for (const place of places) counts[place + 1]++;
  for (let i = 0; i < size; i++) counts[i + 1] += counts[i];
  const next = counts.slice();
  const result = {
    size: outSize,
    outSize: size,
    starts: counts,
    places: new Int32Array(places.length),
    weights: new Float64Array(places.length),
  };
  for (let o = 0; o < outSize; o++) {
    for (let k = starts[o]; k < starts[o + 1]; k++) {
      const at = next[places[k]]++;
      result.places[at] = o;
      result.weights[at] = weights[k];
    }
  }
  return result;
}
