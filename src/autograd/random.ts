/**
 * Random numbers whose distribution is told by tensors, element by element, with PyTorch's draws, in the order of a contiguous
 * result. They have no gradient: what is drawn again and again is in src/distributions. How a tensor is filled whose elements
 * are all drawn alike, `normal_` and the others, src/tensor/random says.
 */
import { permuted } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { type RandomOptions, zeros } from "../tensor/create.ts";
import { isFloatingPoint, scalarName } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import {
  checkFloating,
  fillBernoulli,
  fillBernoulliOf,
  fillNormal,
  memoryOrder,
} from "../tensor/random/distributions.ts";
import { defaultGenerator, type Generator } from "../tensor/random/generator.ts";
import { nextBinomial, nextPoisson } from "../tensor/random/rejection.ts";
import { fillExponential } from "../tensor/random/transformed.ts";
import { broadcastShapes, type Int, type Shape } from "../tensor/shape.ts";
import { elementsOf, Tensor } from "../tensor/tensor.ts";
import { noGrad } from "./grad-mode.ts";
import { record } from "./history.ts";
import { detach } from "./op.ts";
import { cumsum } from "./ops/cumulative.ts";
import { add, div, mul } from "./ops/elementwise.ts";
import { expand, to } from "./ops/shape.ts";
import { withoutDerivative } from "./ops/shared/implemented.ts";
import { topk } from "./ops/sorting.ts";

/** What functions that draw random numbers may be told. */
export interface RandomSource {
  /** Where the random numbers come from. Default: the generator that `manualSeed` seeds. */
  generator?: Generator;
}

export const sourceOf = (options?: RandomSource): Generator =>
  readOptions(options, { generator: defaultGenerator }).generator;

/**
 * 1 with the probability that each element of x is, else 0; or all with probability p. Of the shape and dtype of x. Mirrors
 * `torch.bernoulli`.
 * @throws for a probability outside [0, 1]
 * @example bernoulli(tensor([0, 0.5, 1]), { generator: new Generator(0) })
 */
export function bernoulli(x: Tensor, options?: RandomSource): Tensor;
export function bernoulli(x: Tensor, p?: number, options?: RandomSource): Tensor;
export function bernoulli(x: Tensor, ...rest: (number | RandomSource | undefined)[]): Tensor {
  const p = rest.find((arg) => typeof arg === "number");
  const generator = sourceOf(rest.find((arg) => typeof arg === "object"));
  const y = Tensor.empty(x.shape, x.dtype);
  if (p === undefined) {
    fillBernoulliOf(y, x, generator);
    return drawnWith("bernoulli", y, x);
  }
  fillBernoulli(y, p, generator);
  return y;
}

/** y, drawn with these parameters, to each of which goes the gradient 0. */
const drawnWith = (name: string, y: Tensor, ...parameters: readonly Tensor[]): Tensor =>
  record(name, { y, grads: parameters.map((x) => [x, () => zeros(x.shape, { dtype: x.dtype })]) });

/** In place; p broadcasts to x. */
export const bernoulliInto = (x: Tensor, p: number | Tensor, generator: Generator): void =>
  typeof p === "number" ? fillBernoulli(x, p, generator) : fillBernoulliOf(x, expand(detach(p), x.shape), generator);

/**
 * Normal numbers with these means and standard deviations, which broadcast; or, of two numbers, of that shape. Mirrors
 * `torch.normal`.
 * @throws for a negative standard deviation; of int32 or bool
 * @example
 * const generator = new Generator(0);
 * console.log(normal(tensor([0, 10, 20]), tensor([1, 2, 3]), { generator }));
 * console.log(normal(5, 0.1, [2, 2], { generator }));
 */
export function normal(mean: number, std: number, shape: Shape | Int, options?: RandomOptions): Tensor;
export function normal(mean: Tensor, std?: Tensor | number, options?: RandomSource): Tensor;
export function normal(mean: number, std: Tensor, options?: RandomSource): Tensor;
export function normal(mean: Tensor | number, std: Tensor | number = 1, ...rest: unknown[]): Tensor {
  if (typeof mean === "number" && typeof std === "number") {
    return normalOfNumbers(mean, std, ...(rest as [Shape | Int, RandomOptions?]));
  }
  const generator = sourceOf(...(rest as [RandomSource?]));
  const y = noGrad(() => {
    if (typeof std === "number") return add(drawn(mean as Tensor, (mean as Tensor).shape, std, generator), mean);
    const isNegative = elementsOf(std).some((element) => element < 0);
    check(!isNegative, "normal expects all elements of std >= 0.0", RangeError);
    const [like, shape] =
      typeof mean === "number" ? [std, std.shape] : [mean, broadcastShapes(mean.shape, std.shape, "normal")];
    const scaled = to(mul(drawn(like, shape, 1, generator), std), like.dtype);
    return to(add(scaled, mean), like.dtype);
  });
  return drawnWith("normal", y, ...[mean, std].filter((parameter) => typeof parameter !== "number"));
}

function normalOfNumbers(mean: number, std: number, shape: Shape | Int, options?: RandomOptions): Tensor {
  const { generator = defaultGenerator, ...tensorOptions } = options ?? {};
  const y = zeros(shape, tensorOptions);
  fillNormal(y, mean, std, generator);
  return y;
}

/** Normal numbers with mean 0, of the dtype of x. */
function drawn(x: Tensor, shape: Shape, std: number, generator: Generator): Tensor {
  const y = Tensor.empty(shape, x.dtype);
  fillNormal(y, 0, std, generator);
  return y;
}

/**
 * How many events come in a unit of time in which `rates` come on average: each element is a number of Poisson's distribution.
 * Mirrors `torch.poisson`.
 * @throws for a negative rate; of int32 or bool
 * @example poisson(tensor([0.5, 3, 12, 50]), { generator: new Generator(0) })
 */
export function poisson(rates: Tensor, options?: RandomSource): Tensor {
  checkFloating(rates, "poisson_cpu");
  const generator = sourceOf(options);
  const y = mapped([rates], (rate) => {
    check(rate >= 0, "invalid Poisson rate, expected rate to be non-negative", RangeError);
    return nextPoisson(rate, generator);
  });
  return drawnWith("poisson", y, rates);
}

/**
 * How many of `counts` trials succeed, each with the probability `p`, of counts' shape. Mirrors `torch.binomial`.
 * @throws unless both are floating point, of one dtype and shape
 * @example binomial(tensor([10, 100]), tensor([0.2, 0.9]), { generator: new Generator(0) })
 */
export function binomial(counts: Tensor, p: Tensor, options?: RandomSource): Tensor {
  checkFloating(counts, "binomial_cpu");
  const differs = () => `Found dtype ${scalarName[p.dtype]} but expected ${scalarName[counts.dtype]}`;
  check(p.dtype === counts.dtype, differs);
  const generator = sourceOf(options);
  const round = p.dtype === "float32" ? Math.fround : Number;
  const y = mapped([counts, expand(detach(p), counts.shape)], (n, probability) =>
    nextBinomial(n, probability, round, generator),
  );
  return withoutDerivative("binomial", y, counts, p);
}

/** A tensor like the first, of what a function gives for their elements, in the order of a contiguous one. */
function mapped([x, ...others]: Tensor[], f: (...elements: number[]) => number): Tensor {
  const y = Tensor.empty(x.shape, x.dtype);
  const { data } = y.storage;
  const operands = [x, ...others].map(elementsOf);
  for (let i = 0; i < data.length; i++) data[i] = f(...operands.map((elements) => elements[i]));
  return y;
}

/** How samples are drawn. */
export interface MultinomialOptions extends RandomSource {
  /** Whether an index may be drawn again. Default: false. */
  replacement?: boolean;
}

/**
 * Draws indices, each with a probability in proportion to its weight, for each row of weights. int32. Mirrors
 * `torch.multinomial`.
 *
 * @param weights (…, k), not negative; they need not add up to 1
 * @param count of indices; at most k without replacement
 * @example multinomial(tensor([0.1, 0.2, 0.3, 0.4]), 8, { replacement: true, generator: new Generator(0) })
 */
export function multinomial(weights: Tensor, count: Int, options?: MultinomialOptions): Tensor {
  const { replacement, generator } = readOptions(options, { replacement: false, generator: defaultGenerator });
  checkWeights(weights, count, replacement);
  const w = detach(weights);
  return replacement ? withReplacement(w, count, generator) : withoutReplacement(w, count, generator);
}

function checkWeights(weights: Tensor, count: number, replacement: boolean): void {
  const { dtype, ndim, shape } = weights;
  const notFloating = () => `multinomial only supports floating-point dtypes for input, got: ${scalarName[dtype]}`;
  check(isFloatingPoint(dtype), notFloating);
  check(count > 0, "cannot sample n_sample <= 0 samples");
  check(ndim === 1 || ndim === 2, "prob_dist must be 1 or 2 dim");
  const tooMany = "cannot sample n_sample > prob_dist.size(-1) samples without replacement";
  check(replacement || count <= (shape.at(-1) ?? 0), tooMany);
  const elements = elementsOf(weights);
  const outside = elements.find((weight) => !(weight >= 0 && weight < Infinity));
  const entry = () => `probability entry ${outside !== undefined && outside < 0 ? "< 0" : "= infinity or NaN"}`;
  const withAny = () => `invalid multinomial distribution (encountering ${entry()})`;
  const without = "probability tensor contains either `inf`, `nan` or element < 0";
  check(outside === undefined, replacement ? withAny : without, RangeError);
  const k = shape.at(-1) ?? 0;
  for (let row = 0; row < elements.length; row += k) {
    const isEmpty = elements.subarray(row, row + k).every((weight) => weight === 0);
    check(!isEmpty, "invalid multinomial distribution (sum of probabilities <= 0)", RangeError);
  }
}

/** By where a uniform number falls among the running sums of weights, row by row. */
function withReplacement(weights: Tensor, count: number, generator: Generator): Tensor {
  const k = weights.shape.at(-1) ?? 0;
  const sums = elementsOf(cumsum(weights, -1));
  const indices = Tensor.empty([...weights.shape.slice(0, -1), count], "int32");
  const { data } = indices.storage;
  for (let row = 0, i = 0; row < sums.length; row += k) {
    const upTo = sums.slice(row, row + k).map((sum) => sum / sums[row + k - 1]);
    upTo[k - 1] = 1;
    for (let sample = 0; sample < count; sample++) data[i++] = firstAtLeast(upTo, generator.uniform53());
  }
  return indices;
}

/** Where the first of ascending numbers is that is not below x. */
function firstAtLeast(ascending: ArrayLike<number>, x: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Each index gets an exponential waiting time, shortened by its weight; the first to come are taken (Efraimidis and Spirakis
 * 2006).
 */
function withoutReplacement(weights: Tensor, count: number, generator: Generator): Tensor {
  const order = memoryOrder(weights);
  const laidOut = permuted(weights, order);
  const times = Tensor.empty(laidOut.shape, weights.dtype);
  fillExponential(times, 1, generator);
  const speeds = permuted(div(laidOut, times), order); // at most two dimensions: their order is its own inverse
  return topk(speeds, count).indices;
}
