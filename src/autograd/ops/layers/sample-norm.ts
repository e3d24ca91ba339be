/**
 * Layer norm and group norm: numbers of one sample, neighbours in memory, get mean 0 and variance 1.
 * Read batch-norm.ts first: the formulas are its, with means over other elements.
 */
import { full } from "../../../tensor/create.ts";
import type { ChannelShape } from "../../../tensor/kernels/batch-norm.ts";
import { batchNorms, layerNorms } from "../../../tensor/kernels/index.ts";
import { emptyArray } from "../../../tensor/memory/memory.ts";
import type { Shape } from "../../../tensor/shape.ts";
import { elementsOf, operandOf, Tensor } from "../../../tensor/tensor.ts";
import type { PullBack } from "../../graph.ts";
import { type Applied, defineOp } from "../../op.ts";
import { add, mul, pow, sub } from "../elementwise.ts";
import { mean } from "../reduction.ts";
import { reshape } from "../shape.ts";
import { sumTo } from "../shared/broadcast.ts";
import { kernelOrOperations } from "../shared/kernel-or-operations.ts";
import { type BatchStatistics, broadcastChannels, channelShape, remembered } from "./batch-norm.ts";

/**
 * y = x̂ · weight + bias with x̂ = (x - mean) / √(var + eps) over the last dimensions of x, which are those of weight and bias.
 *
 *   dbias = Σ dy,  dweight = Σ dy · x̂,  dx = (dx̂ - mean of dx̂ - x̂ · mean of dx̂ · x̂) / √(var + eps),  dx̂ = dy · weight
 *
 * @param rows how many samples there are
 */
export const layerNorm = defineOp(
  "layerNorm",
  (x: Tensor, rows: number, weight: Tensor | null, bias: Tensor | null, eps: number): Applied => {
    const n = x.numel / rows;
    const orAll = (parameter: Tensor | null, value: number) =>
      operandOf(parameter ?? full([n], value, { dtype: x.dtype }));
    const values = { mean: emptyArray(x.dtype, [rows]), invstd: emptyArray(x.dtype, [rows]) };
    const y = Tensor.empty(x.shape, x.dtype);
    const [gamma, beta] = [orAll(weight, 1), orAll(bias, 0)];
    layerNorms.layerNorm(y.storage.operand, values, operandOf(x), gamma, beta, eps, [rows, n]);

    const sums = remembered((dy) => {
      const [dbias, dweight] = [new Float64Array(n), new Float64Array(n)];
      layerNorms.layerNormParameterGradients(dbias, dweight, operandOf(dy), operandOf(x), values, [rows, n]);
      return { dbias, dweight };
    });
    const dx = (dy: Tensor) => {
      const out = Tensor.empty(x.shape, x.dtype);
      const [upstream, inp] = [operandOf(dy), operandOf(x)];
      layerNorms.layerNormInputGradient(out.storage.operand, upstream, inp, orAll(weight, 1), values, [rows, n]);
      return out;
    };
    const recorded = recordedGradients(x, weight, bias, rows, eps, (parameter) => parameter);
    return { y, saves: weight ? [x, weight] : [x], grads: gradients(x, weight, bias, { dx, sums }, recorded) };
  },
);

/**
 * The same over groups of channels of x (N, C, …), with a weight and a bias for each channel. A channel of a sample has a
 * scale and a shift of its own: to batch norm's kernels all these are the channels of one sample.
 *
 * @param statistics of the groups of all samples
 */
export const groupNorm = defineOp(
  "groupNorm",
  (x: Tensor, weight: Tensor | null, bias: Tensor | null, eps: number, statistics: BatchStatistics): Applied => {
    const [n, c, l] = channelShape(x);
    const { count } = statistics;
    const [groups, rows] = [statistics.mean.numel, n * c];
    const shape: ChannelShape = [1, rows, l];
    const [ofGroup, invstdOfGroup] = [elementsOf(statistics.mean), elementsOf(inverseStds(statistics, eps))];
    const [gamma, beta] = [weight && elementsOf(weight), bias && elementsOf(bias)];
    const groupOf = (row: number) => Math.floor((row * groups) / rows);
    const [mean, invstd, scale, shift] = [0, 1, 2, 3].map(() => Tensor.empty([rows], x.dtype).storage.data);
    for (let row = 0; row < rows; row++) {
      mean[row] = ofGroup[groupOf(row)];
      invstd[row] = invstdOfGroup[groupOf(row)];
      scale[row] = invstd[row] * (gamma ? gamma[row % c] : 1);
      shift[row] = beta ? beta[row % c] : 0;
    }
    const y = Tensor.empty(x.shape, x.dtype);
    batchNorms.centerAndScale(y.storage.operand, operandOf(x), mean, scale, shift, shape);

    const channels = { mean, invstd, scale };
    const ofRows = remembered((dy) => {
      const [dbias, dweight] = [Tensor.empty([rows], x.dtype).storage, Tensor.empty([rows], x.dtype).storage];
      batchNorms.batchNormParameterGradients(
        dbias.operand,
        dweight.operand,
        operandOf(dy),
        operandOf(x),
        channels,
        shape,
      );
      return { dbias: dbias.data, dweight: dweight.data };
    });
    const sums = (dy: Tensor) => {
      const [dbias, dweight] = [new Float64Array(c), new Float64Array(c)];
      const perRow = ofRows(dy);
      for (let row = 0; row < rows; row++) {
        dbias[row % c] += perRow.dbias[row];
        dweight[row % c] += perRow.dweight[row];
      }
      return { dbias, dweight };
    };
    const dx = (dy: Tensor) => {
      const { dbias, dweight } = ofRows(dy);
      const [totals, dots] = [new Float64Array(groups), new Float64Array(groups)]; // Σ dx̂ / std and Σ dx̂ · x̂ / std
      for (let row = 0; row < rows; row++) {
        totals[groupOf(row)] += scale[row] * dbias[row];
        dots[groupOf(row)] += scale[row] * dweight[row];
      }
      const [offset, slope] = [0, 1].map(() => Tensor.empty([rows], x.dtype).storage.data);
      for (let row = 0; row < rows; row++) {
        offset[row] = totals[groupOf(row)] / count;
        slope[row] = (invstd[row] * dots[groupOf(row)]) / count;
      }
      const out = Tensor.empty(x.shape, x.dtype);
      const values = { scale, offset, mean, slope };
      batchNorms.channelInputGradient(out.storage.operand, operandOf(dy), operandOf(x), values, shape);
      return out;
    };
    const recorded = recordedGradients(x, weight, bias, groups, eps, (parameter) => broadcastChannels(parameter, x));
    return { y, saves: weight ? [x, weight] : [x], grads: gradients(x, weight, bias, { dx, sums }, recorded) };
  },
);

/** 1 / √(var + eps) of each group, as batch norm has it of channels. */
function inverseStds({ mean, squares, count }: BatchStatistics, eps: number): Tensor {
  const [invstd, scale, shift] = [0, 1, 2].map(() => Tensor.empty(mean.shape, mean.dtype));
  const factors = {
    mean: operandOf(mean),
    invstd: operandOf(invstd),
    scale: operandOf(scale),
    shift: operandOf(shift),
  };
  batchNorms.batchNormFactors(factors, operandOf(squares), count, null, null, eps);
  return invstd;
}

/** What kernels find. */
interface KernelGradients {
  readonly dx: PullBack;
  readonly sums: (dy: Tensor) => Record<"dweight" | "dbias", Float64Array>;
}

/** The three pull-backs, each by kernels or in operations. */
function gradients(
  x: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  { dx, sums }: KernelGradients,
  recorded: Record<"dx" | "dweight" | "dbias", PullBack>,
): [Tensor, PullBack][] {
  const grads: [Tensor, PullBack][] = [[x, kernelOrOperations(dx, recorded.dx)]];
  const add = (name: "dweight" | "dbias", parameter: Tensor | null) => {
    if (!parameter) return;
    const { shape, dtype } = parameter;
    const kernel = (dy: Tensor) => {
      const out = Tensor.empty(shape, dtype);
      out.storage.data.set(sums(dy)[name]);
      return out;
    };
    grads.push([parameter, kernelOrOperations(kernel, recorded[name])]);
  };
  add("dweight", weight);
  add("dbias", bias);
  return grads;
}

/**
 * The same in differentiable operations, with mean and var as functions of x, of which so many runs are normalised.
 * @param spread gives a parameter a shape that broadcasts to x's
 */
function recordedGradients(
  x: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  runs: number,
  eps: number,
  spread: (parameter: Tensor) => Tensor,
) {
  const inRuns = (values: Tensor) => reshape(values, [runs, x.numel / runs]);
  const means = (values: Tensor) => mean(values, 1, { keepdim: true });
  const standardize = () => {
    const centered = sub(inRuns(x), means(inRuns(x)));
    const invstd = pow(add(means(mul(centered, centered)), eps), -0.5);
    return { xhat: mul(centered, invstd), invstd };
  };
  const shapeOfBias = bias?.shape;
  const sumFor = (parameter: Tensor | null, shape: Shape | undefined, values: Tensor) =>
    parameter && shape ? reshape(sumTo(values, spread(parameter).shape), shape) : values;
  return {
    dbias: (dy: Tensor) => sumFor(bias, shapeOfBias, dy),
    dweight: (dy: Tensor) => sumFor(weight, weight?.shape, mul(dy, reshape(standardize().xhat, x.shape))),
    dx: (dy: Tensor) => {
      const { xhat, invstd } = standardize();
      const dxhat = inRuns(weight ? mul(dy, spread(weight)) : dy);
      const centered = sub(sub(dxhat, means(dxhat)), mul(xhat, means(mul(dxhat, xhat))));
      return reshape(mul(centered, invstd), x.shape);
    },
  };
}
