/** Layer norm of float32. What is small, or of another dtype, goes to the plain loops. */
import type { TypedArray } from "../../dtype.ts";
import type * as layerNorm from "../layer-norm.ts";
import { type Jobs, LARGE } from "./jobs.ts";
import { fitSums, STRIP } from "./sums.ts";

/** Elements of a block. */
const BLOCK = 16_384;

export function layerNormKernels(jobs: Jobs, plain: typeof layerNorm): typeof layerNorm {
  const isFast = ([rows, n]: layerNorm.RowShape, ...arrays: TypedArray[]): boolean =>
    rows * n >= LARGE && fitSums(n) && jobs.takes(...arrays);

  return {
    layerNorm(y, values, x, weight, bias, eps, shape) {
      const { mean, invstd } = values;
      if (!isFast(shape, y, mean, invstd, x, weight, bias)) {
        return plain.layerNorm(y, values, x, weight, bias, eps, shape);
      }
      const [rows, n] = shape;
      const words = [n, ...[x, weight, bias].map((array) => jobs.input(array))];
      words.push(...[mean, invstd, y].map((array) => jobs.output(array)));
      jobs.run("layerNorm", rows, Math.ceil(BLOCK / n), words, [eps]);
      jobs.finish();
    },

    layerNormInputGradient(dx, dy, x, weight, values, shape) {
      const { mean, invstd } = values;
      if (!isFast(shape, dx, dy, x, weight, mean, invstd)) {
        return plain.layerNormInputGradient(dx, dy, x, weight, values, shape);
      }
      const [rows, n] = shape;
      const words = [n, ...[dy, x, weight, mean, invstd].map((array) => jobs.input(array)), jobs.output(dx)];
      jobs.run("layerNormInputGradient", rows, Math.ceil(BLOCK / n), words);
      jobs.finish();
    },

    layerNormParameterGradients(dbias, dweight, dy, x, values, shape) {
      const { mean, invstd } = values;
      if (!isFast(shape, dy, x, mean, invstd)) {
        return plain.layerNormParameterGradients(dbias, dweight, dy, x, values, shape);
      }
      const [rows, n] = shape;
      const strips = Math.ceil(n / STRIP);
      const sums = [dbias, dweight].map(() => jobs.stage(8 * strips * STRIP));
      const words = [rows, n, ...[dy, x, mean, invstd].map((array) => jobs.input(array)), ...sums];
      jobs.run("layerNormParameterGradients", strips, Math.ceil(BLOCK / (rows * STRIP)), words);
      for (const [k, out] of [dbias, dweight].entries()) out.set(jobs.doubles(sums[k], n));
      jobs.finish();
    },
  };
}
