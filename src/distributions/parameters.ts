/**
 * What distributions are told: parameters that are numbers or tensors, and broadcast; probabilities or their logits; and how
 * parameters and values are printed. Read next: distribution.ts.
 */
import { enableGrad } from "../autograd/grad-mode.ts";
import { log, type Operand, sub } from "../autograd/ops/elementwise.ts";
import { log1p } from "../autograd/ops/functions.ts";
import { check } from "../tensor/check.ts";
import { full } from "../tensor/create.ts";
import { isFloatingPoint } from "../tensor/dtype.ts";
import { finfo } from "../tensor/limits.ts";
import { pythonFloat } from "../tensor/python-text.ts";
import { broadcastShapes, type Shape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

/** What every distribution may be told. */
export interface DistributionOptions {
  /** Whether parameters, and the values whose probability is asked for, are checked. Default: true. */
  validateArgs?: boolean;
}

/** Probabilities, or their logits. */
export interface ProbabilityOptions extends DistributionOptions {
  /** Probabilities. */
  probs?: Operand;
  /** Log odds of a single event; of several, logarithms of numbers in proportion to their probabilities. */
  logits?: Operand;
}

/** Euler's constant γ, -digamma(1). */
export const EULER = 0.5772156649015329;

/** Numbers as tensors of the dtype of the first tensor, float32 if there is none; all broadcast to one shape. */
export function broadcastAll(...values: readonly Operand[]): Tensor[] {
  const dtype = values.find((value) => value instanceof Tensor)?.dtype ?? "float32";
  const tensors = values.map((value) => (typeof value === "number" ? full([], value, { dtype }) : value));
  const isTensor = tensors.every((x) => x instanceof Tensor);
  check(isTensor, "Input arguments must all be instances of numbers.Number or torch.Tensor.", TypeError);
  const shape = tensors.reduce((sizes: Shape, x) => broadcastShapes(sizes, x.shape, "broadcast_tensors"), []);
  return tensors.map((x) => (sameShape(x.shape, shape) ? x : x.expand(shape)));
}

/** What was given of probabilities or logits. */
export interface Given {
  readonly name: "probs" | "logits";
  readonly value: Operand;
  readonly options: DistributionOptions;
}

/** Which of the two it is. @throws unless it is exactly one */
export function givenOf(probs: Operand | ProbabilityOptions, rest?: DistributionOptions): Given {
  const isPlain = typeof probs === "number" || probs instanceof Tensor;
  const options: ProbabilityOptions = { ...rest, ...(isPlain ? { probs } : probs) };
  const name = options.probs === undefined ? "logits" : "probs";
  const value = options[name];
  const isOne = (options.probs === undefined) !== (options.logits === undefined);
  check(isOne && value !== undefined, "Either `probs` or `logits` must be specified, but not both.");
  return { name, value, options };
}

/** Makes values fields of an object whose class works them out where they are not given. */
export function define(object: object, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  }
}

/** Works a field out when it is asked for first, recorded even within noGrad, since it stays. */
export function lazily<T>(object: object, name: string, compute: () => T): T {
  const value = enableGrad(compute);
  define(object, { [name]: value });
  return value;
}

/** Limited to [eps, 1 - eps], so that logarithms are finite. */
export function clampProbs(probs: Tensor): Tensor {
  const { eps } = finfo(probs.dtype);
  return probs.clamp(eps, 1 - eps);
}

/** log (p / (1 - p)), the log odds of a single event */
export function logOdds(probs: Tensor): Tensor {
  const p = clampProbs(probs);
  return sub(log(p), log1p(p.neg()));
}

/** Summed over the last `count` dimensions, which are one event. */
export const sumRightmost = (x: Tensor, count: number): Tensor => (count === 0 ? x : x.flatten(x.ndim - count).sum(-1));

/** A number, or the one of a tensor without dimensions, as Python prints it; other tensors as they are. */
export function shown(value: Tensor | number): string {
  if (typeof value === "number") return pythonFloat(value);
  if (value.ndim > 0) return String(value);
  return isFloatingPoint(value.dtype) ? pythonFloat(value.item()) : String(value.item());
}

/** The same for a parameter in a list of them: of several numbers only the size. */
export const shownBriefly = (value: Tensor): string =>
  value.numel === 1 ? shown(value) : `torch.Size([${value.shape.join(", ")}])`;
