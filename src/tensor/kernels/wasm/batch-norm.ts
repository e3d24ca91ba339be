/** Batch norm of float32 (N, C, L). What is small, or of another dtype, goes to the plain loops. */
import type { TypedArray } from "../../dtype.ts";
import type * as batchNorm from "../batch-norm.ts";
import { doubleWords, type Jobs, LARGE } from "./jobs.ts";
import { STRIP } from "./sums.ts";

/** Elements of a block. */
const BLOCK = 16_384;
/** For fewer channels, a plain loop over these alone is faster than a job. */
const MANY = 64;

export function batchNormKernels(jobs: Jobs, plain: typeof batchNorm): typeof batchNorm {
  const isFast = ([n, c, l]: batchNorm.ChannelShape, ...arrays: TypedArray[]): boolean =>
    n * c * l >= LARGE && jobs.takes(...arrays);

  /** Numbers of each channel, of all its values. */
  function ofChannels(name: string, [n, c, l]: batchNorm.ChannelShape, addresses: readonly number[]): void {
    const words = [n, c, l, ...addresses];
    if (l === 1) jobs.run(`${name}OfColumns`, Math.ceil(c / STRIP), Math.ceil(BLOCK / (n * Math.min(c, STRIP))), words);
    else jobs.run(`${name}OfRows`, c, Math.ceil(BLOCK / (n * l)), words);
  }

  /** out of a, b and up to four numbers of each channel. */
  function values(
    name: "scaleAndShift" | "centerAndScale" | "inputGradient",
    [n, c, l]: batchNorm.ChannelShape,
    [out, a, b]: readonly number[],
    numbers: readonly number[],
  ): void {
    const [rows, length, layout] = l === 1 ? [n, c, "Columns"] : [n * c, l, "Rows"];
    jobs.run(`${name}${layout}`, rows, Math.ceil(BLOCK / length), [length, out, a, b, c, ...numbers]);
    jobs.finish();
  }

  return {
    batchStatistics(mean, squares, x, shape) {
      if (!isFast(shape, mean, x) || !jobs.canReach(squares)) return plain.batchStatistics(mean, squares, x, shape);
      ofChannels("statistics", shape, [jobs.input(x), jobs.output(mean), jobs.output(squares)]);
      jobs.finish();
    },

    moveTowards(running, sums, divisor, momentum) {
      const channels = running.length;
      if (channels < MANY || !jobs.takes(running) || !jobs.canReach(sums)) {
        return plain.moveTowards(running, sums, divisor, momentum);
      }
      const areDoubles = Number(sums instanceof Float64Array);
      const words = [...doubleWords(momentum), jobs.output(running), sums.length / channels, channels];
      jobs.run("moveTowards", channels, channels, [...words, jobs.input(sums), areDoubles, divisor]);
      jobs.finish();
    },

    batchNormFactors(factors, squares, count, weight, bias, eps) {
      const { mean, invstd, scale, shift } = factors;
      const channels = mean.length;
      if (channels < MANY || !jobs.takes(mean, invstd, scale, shift) || !jobs.canReach(squares)) {
        return plain.batchNormFactors(factors, squares, count, weight, bias, eps);
      }
      const learned = [weight, bias].map((parameter) => (parameter ? jobs.input(parameter) : 0));
      const words = [...doubleWords(eps), count, jobs.input(squares), jobs.input(mean), ...learned];
      words.push(...[invstd, scale, shift].map((array) => jobs.output(array)));
      jobs.run("batchNormFactors", channels, channels, words);
      jobs.finish();
    },

    scaleAndShift(out, x, scale, shift, shape) {
      if (!isFast(shape, out, x, scale, shift)) return plain.scaleAndShift(out, x, scale, shift, shape);
      const [a, p, q] = [x, scale, shift].map((array) => jobs.input(array));
      values("scaleAndShift", shape, [jobs.output(out), a, a], [p, q, q, q]);
    },

    centerAndScale(out, x, mean, scale, bias, shape) {
      if (!isFast(shape, out, x, mean, scale, bias)) return plain.centerAndScale(out, x, mean, scale, bias, shape);
      const [a, p, q, r] = [x, mean, scale, bias].map((array) => jobs.input(array));
      values("centerAndScale", shape, [jobs.output(out), a, a], [p, q, r, r]);
    },

    batchNormParameterGradients(dbias, dweight, dy, x, channels, shape) {
      const { mean, invstd } = channels;
      if (!isFast(shape, dbias, dweight, dy, x, mean, invstd)) {
        return plain.batchNormParameterGradients(dbias, dweight, dy, x, channels, shape);
      }
      const addresses = [dy, x, mean, invstd].map((array) => jobs.input(array));
      ofChannels("parameterGradients", shape, [...addresses, jobs.output(dbias), jobs.output(dweight)]);
      jobs.finish();
    },

    batchNormInputGradient(dx, dy, x, dbias, dweight, channels, shape) {
      const { mean, invstd, scale } = channels;
      if (!isFast(shape, dx, dy, x, dbias, dweight, mean, invstd, scale)) {
        return plain.batchNormInputGradient(dx, dy, x, dbias, dweight, channels, shape);
      }
      const [n, c, l] = shape;
      const [ofInvstd, ofScale, ofMean] = [invstd, scale, mean].map((array) => jobs.input(array));
      const [offset, slope] = [0, 1].map(() => jobs.stage(4 * c));
      const sums = [dbias, dweight].map((array) => jobs.input(array));
      jobs.run("batchNormSlopes", c, c, [n * l, ofInvstd, ofScale, ...sums, offset, slope]);
      values(
        "inputGradient",
        shape,
        [jobs.output(dx), jobs.input(dy), jobs.input(x)],
        [ofScale, offset, ofMean, slope],
      );
    },

    channelInputGradient(dx, dy, x, numbers, shape) {
      const { scale, offset, mean, slope } = numbers;
      if (!isFast(shape, dx, dy, x, scale, offset, mean, slope)) {
        return plain.channelInputGradient(dx, dy, x, numbers, shape);
      }
      const addresses = [scale, offset, mean, slope].map((array) => jobs.input(array));
      values("inputGradient", shape, [jobs.output(dx), jobs.input(dy), jobs.input(x)], addresses);
    },
  };
}
