/** Pooling of float32. What is small or of another dtype goes to the plain loops. */
import type * as pooling from "../pooling.ts";
import { type Jobs, LARGE } from "./jobs.ts";
import { windowWords } from "./windows.ts";

/** Elements of a block. */
const BLOCK = 16_384;

/** Windows of 2 x 2 side by side. An odd column may be left over, but no row. */
const isByTwo = ({ size, kernelSize, outSize, stride, padding, dilation }: pooling.PoolingShape): boolean =>
  size[0] === 2 * outSize[0] &&
  [...kernelSize, ...stride].every((length) => length === 2) &&
  [...padding, dilation[0] - 1, dilation[1] - 1].every((length) => length === 0);

export function poolingKernels(jobs: Jobs, plain: typeof pooling): typeof pooling {
  /** For rows of outputs. */
  function run(kernel: string, shape: pooling.PoolingShape, addresses: number[]): void {
    const name = isByTwo(shape) ? `${kernel}ByTwo` : kernel;
    const { images, kernelSize, outSize } = shape;
    const elements = outSize[1] * kernelSize[0] * kernelSize[1];
    jobs.run(name, images * outSize[0], Math.ceil(BLOCK / elements), [...windowWords(shape), ...addresses]);
    jobs.finish();
  }

  return {
    maxPool(out, positions, x, shape) {
      if (x.length < LARGE || !jobs.takes(out, x) || !jobs.canReach(positions)) {
        return plain.maxPool(out, positions, x, shape);
      }
      run("maxPool", shape, [jobs.input(x), jobs.output(out), jobs.output(positions)]);
    },

    maxPoolBackward(dx, dy, positions, images) {
      if (dx.length < LARGE || !jobs.takes(dx, dy) || !jobs.canReach(positions)) {
        return plain.maxPoolBackward(dx, dy, positions, images);
      }
      const [size, outSize] = [dx.length / images, dy.length / images];
      const words = [size, outSize, jobs.output(dx), jobs.input(dy), jobs.input(positions)];
      jobs.run("maxPoolBackward", images, Math.ceil(BLOCK / size), words);
      jobs.finish();
    },

    averagePool(out, x, divisors, shape) {
      if (x.length < LARGE || !jobs.takes(out, x, divisors)) {
        return plain.averagePool(out, x, divisors, shape);
      }
      run("averagePool", shape, [jobs.input(x), jobs.output(out), 0, jobs.input(divisors)]);
    },

    averagePoolBackward(dx, dy, divisors, shape) {
      const isEven = shape.size[1] === 2 * shape.outSize[1];
      if (!isByTwo(shape) || !isEven || dx.length < LARGE || !jobs.takes(dx, dy, divisors)) {
        return plain.averagePoolBackward(dx, dy, divisors, shape);
      }
      run("averagePoolBackward", shape, [jobs.output(dx), jobs.input(dy), 0, jobs.input(divisors)]);
    },
  };
}
