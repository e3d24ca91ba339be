/**
 * Initial values for weights. Each function fills its tensor in place, unrecorded, and returns it. Mirrors `torch.nn.init`;
 * the same seed gives the same numbers.
 */
import { noGrad } from "../autograd/grad-mode.ts";
import { inplace, overwrite } from "../autograd/inplace.ts";
import { add, clamp, mul } from "../autograd/ops/elementwise.ts";
import { erfinv } from "../autograd/ops/special.ts";
import { copyInto } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { eye, full, randperm, zeros } from "../tensor/create.ts";
import { erf } from "../tensor/kernels/special.ts";
import { readOptions } from "../tensor/options.ts";
import { fillNormal, fillUniform } from "../tensor/random/distributions.ts";
import { defaultGenerator } from "../tensor/random/generator.ts";
import { formatShape, type Int, numelOf } from "../tensor/shape.ts";
import { elementsOf, Tensor } from "../tensor/tensor.ts";

/** Uniform on [a, b). @example nn.init.uniform_(zeros(3), -1, 1) */
export function uniform_(x: Tensor, a = 0, b = 1): Tensor {
  return noGrad(() => overwrite(x, () => fillUniform(x, a, b, defaultGenerator)));
}

/** Normal with the given mean and standard deviation. @example nn.init.normal_(zeros(3), 0, 0.01) */
export function normal_(x: Tensor, mean = 0, std = 1): Tensor {
  return noGrad(() => overwrite(x, () => fillNormal(x, mean, std, defaultGenerator)));
}

/** All `value`. @example nn.init.constant_(zeros(3), 0.5) */
export function constant_(x: Tensor, value: number): Tensor {
  return noGrad(() => overwrite(x, () => copyInto(x, full([], value, { dtype: x.dtype }))));
}

/** All ones. @example nn.init.ones_(zeros(3)) */
export const ones_ = (x: Tensor): Tensor => constant_(x, 1);
/** All zeros. @example nn.init.zeros_(ones(3)) */
export const zeros_ = (x: Tensor): Tensor => constant_(x, 0);

/** What calculateGain knows. */
export type Nonlinearity = "linear" | "sigmoid" | "tanh" | "relu" | "leaky_relu" | "selu";

/**
 * By how much a nonlinearity shrinks a signal's standard deviation, to be made up for by the weights.
 * @param slope of leaky_relu for negative inputs
 * @example nn.init.calculateGain("tanh")
 */
export function calculateGain(nonlinearity: Nonlinearity, slope = 0.01): number {
  const gains: Record<Nonlinearity, number> = {
    linear: 1,
    sigmoid: 1,
    tanh: 5 / 3,
    relu: Math.sqrt(2),
    leaky_relu: Math.sqrt(2 / (1 + slope ** 2)),
    selu: 3 / 4,
  };
  const gain = gains[nonlinearity];
  check(
    gain !== undefined,
    () => `Unsupported nonlinearity ${nonlinearity}: there are ${Object.keys(gains).join(", ")}`,
  );
  return gain;
}

/**
 * How many inputs reach one output, and how many outputs one input reaches, of a weight (out, in, …kernel).
 * @throws for fewer than 2 dimensions
 * @example nn.init.fanInAndOut(zeros([16, 3, 5, 5]))
 */
export function fanInAndOut(weight: Tensor): { fanIn: number; fanOut: number } {
  const tooFew = () =>
    "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions: " +
    `this one has shape ${formatShape(weight.shape)}, as a bias has, for which zeros_ or uniform_ is meant`;
  check(weight.ndim >= 2, tooFew);
  const [out, inputs, ...kernel] = weight.shape;
  const receptiveField = kernel.reduce((product, size) => product * size, 1);
  return { fanIn: inputs * receptiveField, fanOut: out * receptiveField };
}

/** Options of He's initial weights. */
export interface KaimingOptions {
  /** The slope of leaky_relu for negative inputs. Default: 0. */
  a?: number;
  /** Keep the variance of the activations, "fanIn", or of the gradients, "fanOut". Default: "fanIn". */
  mode?: "fanIn" | "fanOut";
  /** What follows the layer. Default: "leaky_relu". */
  nonlinearity?: Nonlinearity;
}

function kaimingStd(weight: Tensor, options: KaimingOptions | undefined): number {
  const { a, mode, nonlinearity } = readOptions(options, { a: 0, mode: "fanIn", nonlinearity: "leaky_relu" });
  const fans = fanInAndOut(weight);
  return calculateGain(nonlinearity, a) / Math.sqrt(fans[mode]);
}

/**
 * Uniform on ±√3 · gain / √fan (He et al. 2015).
 * @example nn.init.kaimingUniform_(zeros([2, 3]), { nonlinearity: "relu" })
 */
export function kaimingUniform_(weight: Tensor, options?: KaimingOptions): Tensor {
  const std = kaimingStd(weight, options);
  if (weight.numel === 0) return weight;
  const bound = Math.sqrt(3) * std;
  return uniform_(weight, -bound, bound);
}

/**
 * Normal with standard deviation gain / √fan (He et al. 2015).
 * @example nn.init.kaimingNormal_(zeros([2, 3]), { mode: "fanOut", nonlinearity: "relu" })
 */
export function kaimingNormal_(weight: Tensor, options?: KaimingOptions): Tensor {
  const std = kaimingStd(weight, options);
  return weight.numel === 0 ? weight : normal_(weight, 0, std);
}

function xavierStd(weight: Tensor, gain: number): number {
  const { fanIn, fanOut } = fanInAndOut(weight);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

/** Uniform on ±gain · √(6 / (fanIn + fanOut)) (Glorot & Bengio 2010). @example nn.init.xavierUniform_(zeros([2, 3])) */
export function xavierUniform_(weight: Tensor, gain = 1): Tensor {
  const bound = Math.sqrt(3) * xavierStd(weight, gain);
  return uniform_(weight, -bound, bound);
}

/**
 * Normal with standard deviation gain · √(2 / (fanIn + fanOut)) (Glorot & Bengio 2010).
 * @example nn.init.xavierNormal_(zeros([2, 3]), nn.init.calculateGain("tanh"))
 */
export function xavierNormal_(weight: Tensor, gain = 1): Tensor {
  return normal_(weight, 0, xavierStd(weight, gain));
}

/**
 * Normal, but never outside [a, b]: a uniform number between the shares of the distribution that lie below a and b, and what has that
 * share below it. Mirrors `torch.nn.init.trunc_normal_`.
 * @example nn.init.truncNormal_(zeros(3), 0, 0.02)
 */
export function truncNormal_(x: Tensor, mean = 0, std = 1, a = -2, b = 2): Tensor {
  const [low, high] = [a, b].map((bound) => 2 * ((1 + erf((bound - mean) / std / Math.SQRT2)) / 2) - 1);
  uniform_(x, low, high);
  noGrad(() => inplace(x, (old) => clamp(add(mul(erfinv(old), std * Math.SQRT2), mean), a, b)));
  return x;
}

/** The identity matrix, as far as it fits. Mirrors `torch.nn.init.eye_`. @throws unless x is a matrix @example nn.init.eye_(zeros([2, 3])) */
export function eye_(x: Tensor): Tensor {
  check(x.ndim === 2, "Only tensors with 2 dimensions are supported");
  return noGrad(() => overwrite(x, () => copyInto(x, eye(x.shape[0], x.shape[1], { dtype: x.dtype }))));
}

/**
 * Kernels (out, in, …sizes) of a convolution that gives each channel on as it is, of each group its own: 1 in the middle of
 * kernel [k, k], else 0. Mirrors `torch.nn.init.dirac_`.
 * @throws for other than 3 to 5 dimensions, or a size that groups do not divide
 * @example nn.init.dirac_(zeros([2, 2, 3]))
 */
export function dirac_(x: Tensor, groups: Int = 1): Tensor {
  check([3, 4, 5].includes(x.ndim), "Only tensors with 3, 4, or 5 dimensions are supported");
  const [out, inputs, ...kernel] = x.shape;
  check(out % groups === 0, "dim 0 must be divisible by groups");
  const channels = Math.min(out / groups, inputs);
  const ones = zeros(x.shape, { dtype: x.dtype });
  const middle = kernel.reduce((at, size) => at * size + Math.floor(size / 2), 0);
  const size = numelOf(kernel);
  for (let group = 0; group < groups; group++) {
    for (let k = 0; k < channels; k++)
      ones.storage.data[((group * (out / groups) + k) * inputs + k) * size + middle] = 1;
  }
  return noGrad(() => overwrite(x, () => copyInto(x, ones)));
}

/**
 * A matrix of normal numbers of which, in each column, the share `sparsity` is 0. Mirrors `torch.nn.init.sparse_` (Martens 2010).
 * @throws unless x is a matrix
 * @example nn.init.sparse_(zeros([4, 2]), 0.5)
 */
export function sparse_(x: Tensor, sparsity: number, std = 0.01): Tensor {
  check(x.ndim === 2, "Only tensors with 2 dimensions are supported");
  const [rows, columns] = x.shape;
  const count = Math.ceil(sparsity * rows);
  normal_(x, 0, std);
  return noGrad(() =>
    overwrite(x, () => {
      for (let column = 0; column < columns; column++) {
        const order = randperm(rows).data;
        for (const row of order.subarray(0, count))
          x.storage.data[x.offset + row * x.strides[0] + column * x.strides[1]] = 0;
      }
      x.storage.version++;
    }),
  );
}

/**
 * Rows that are orthogonal to each other and of length gain, or columns if there are more rows: a random matrix (out, rest)
 * made orthonormal, column by column (Gram-Schmidt; Saxe et al. 2013, https://arxiv.org/abs/1312.6120).
 * @throws for fewer than 2 dimensions
 * @example
 * const weight = nn.init.orthogonal_(zeros([2, 3], { dtype: "float64" }));
 * console.log(weight.matmul(weight.t()).round().abs()); // the identity
 */
export function orthogonal_(weight: Tensor, gain = 1): Tensor {
  const tooFew = () =>
    `Only tensors with 2 or more dimensions are supported, but this one has shape ${formatShape(weight.shape)}`;
  check(weight.ndim >= 2, tooFew);
  const rows = weight.shape[0];
  const columns = weight.numel / rows;
  const random = Tensor.empty([rows, columns], weight.dtype);
  fillNormal(random, 0, 1, defaultGenerator);
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  const at = (vector: number, k: number) => (rows < columns ? vector * columns + k : k * columns + vector);
  const q = Float64Array.from(elementsOf(random));
  const project = (vector: number, onto: number) => {
    let dot = 0;
    for (let k = 0; k < length; k++) dot += q[at(vector, k)] * q[at(onto, k)];
    return dot;
  };
  for (let vector = 0; vector < count; vector++) {
    for (let before = 0; before < vector; before++) {
      const dot = project(vector, before);
      for (let k = 0; k < length; k++) q[at(vector, k)] -= dot * q[at(before, k)];
    }
    const norm = Math.sqrt(project(vector, vector));
    for (let k = 0; k < length; k++) q[at(vector, k)] /= norm;
  }
  random.storage.data.set(q.map((value) => gain * value));
  return noGrad(() =>
    overwrite(weight, () => copyInto(weight, new Tensor(random.storage, weight.dtype, weight.shape))),
  );
}
