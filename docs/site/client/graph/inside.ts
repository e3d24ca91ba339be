/**
 * Nodes that can be opened: what they compute at once is computed here in parts, in float64, by the same engine. A graph of the
 * parts is then made as of any other computation, and starts with the gradient that arrived at the node.
 */
import { noGrad } from "../../../../src/autograd/grad-mode.ts";
import { abs, add, mul, neg, pow, sub } from "../../../../src/autograd/ops/elementwise.ts";
import { gather } from "../../../../src/autograd/ops/indexing.ts";
import { broadcastChannels } from "../../../../src/autograd/ops/layers/batch-norm.ts";
import { matmul } from "../../../../src/autograd/ops/matmul.ts";
import { mean, sum } from "../../../../src/autograd/ops/reduction.ts";
import { expand, squeeze, t, to, unsqueeze } from "../../../../src/autograd/ops/shape.ts";
import { logSoftmax } from "../../../../src/autograd/ops/softmax.ts";
import { isFloatingPoint } from "../../../../src/tensor/dtype.ts";
import { Tensor } from "../../../../src/tensor/tensor.ts";
import { seen } from "../../../../src/tensor/watch.ts";
import { numbersOf } from "./numbers.ts";
import { areClasses, operandsOf } from "./operands.ts";
import { type Call, recorded } from "./recording.ts";
import { fresh } from "./replay.ts";
import type { Terms, Way } from "./types.ts";

/** What a node computes, in parts. */
export interface Opened {
  readonly result: Tensor;
  readonly names: Readonly<Record<string, Tensor | null>>;
  /** The gradient of x in terms. */
  terms?(dy: Tensor): Terms;
  /** Which of them come back from a tensor to what it was computed from. */
  ways?(from: Tensor, to: Tensor): readonly Way[];
}

/** Larger ones only look like noise. */
const LARGEST = 2 ** 14;

/** The parts of what a call computes with the tensors of now; null if it is one thing, or too large to look at. */
export function opened(call: Call, now: (x: Tensor) => Tensor): Opened | null {
  const operands = operandsOf(call).map((operand) => (operand instanceof Tensor ? inDoubles(now(operand)) : null));
  const open = openers[call.name];
  if (!open || operands.some((x) => x && x.numel > LARGEST)) return null;
  return recorded(() => open(operands, call.args));
}

/** Of its own, in float64; indices stay what they are. */
const inDoubles = (x: Tensor): Tensor =>
  isFloatingPoint(x.dtype)
    ? fresh(
        x,
        noGrad(() => to(x, "float64")),
      )
    : x;

/** A part, which is noted as one call. */
const part =
  (name: string, compute: (...inputs: Tensor[]) => Tensor) =>
  (...inputs: Tensor[]): Tensor =>
    seen(`part ${name}`, inputs, () => compute(...inputs), compute);

const scale = part("scale", (x, weight) => mul(x, sized(weight, x)));
const shift = part("shift", (x, bias) => add(x, sized(bias, x)));

/** One number for each channel of x, or for each column. */
const sized = (perChannel: Tensor, x: Tensor): Tensor => broadcastChannels(perChannel, x);

type Operands = readonly (Tensor | null)[];

/** μ, x − μ, σ², 1 / √(σ² + ε), x̂, γ · x̂ and + β */
function batchNorm([x, gamma, beta]: Operands, eps: number): Opened | null {
  if (!x) return null;
  const dims = x.shape.map((_, d) => d).filter((d) => d !== 1);
  const channelMean = (values: Tensor) => mean(values, dims, { keepdim: true });

  const mu = part("mean", channelMean)(x);
  const centred = part("centre", (values, center) => sub(values, center))(x, mu);
  const variance = part("variance", (values) => channelMean(mul(values, values)))(centred);
  const invstd = part("1/√(σ² + ε)", (values) => pow(add(values, eps), -0.5))(variance);
  const xhat = part("normalise", (values, factor) => mul(values, factor))(centred, invstd);
  const scaled = gamma ? scale(xhat, gamma) : xhat;
  const y = beta ? shift(scaled, beta) : scaled;
  return {
    result: y,
    names: { y, γx̂: scaled, x̂: xhat, s: invstd, "σ²": variance, c: centred, μ: mu, x, γ: gamma, β: beta },
    terms: (given) =>
      noGrad(() => {
        const dy = to(given, "float64");
        const [meanOfDy, slope] = [channelMean(dy), channelMean(mul(dy, xhat))];
        const factor = gamma ? mul(invstd, sized(gamma, x)) : invstd;
        const direct = mul(factor, dy);
        const byMean = expand(neg(mul(factor, meanOfDy)), x.shape); // the same for all of a channel
        const byVariance = neg(mul(factor, mul(xhat, slope)));
        const dx = add(add(direct, byMean), byVariance);
        const columns = { dy, direct, mean: byMean, variance: byVariance, dx };
        return {
          ...mapped(columns, numbersOf),
          sums: mapped(columns, (values) => numbersOf(sum(values, dims))),
          size: numbersOf(sum(abs(dx), dims)),
          meanOfDy: numbersOf(meanOfDy),
          slope: numbersOf(slope),
          factor: gamma ? "γ s" : "s",
        };
      }),
    ways(from, to) {
      if (from === x && to === centred) return ["direct", "variance"]; // they have met at c
      if (from === centred && to === xhat) return ["direct"];
      if (from === mu || to === mu) return ["mean"];
      return to === variance || from === variance || from === invstd ? ["variance"] : [];
    },
  };
}

const mapped = <Name extends string, T, U>(values: Readonly<Record<Name, T>>, change: (value: T) => U) =>
  Object.fromEntries(Object.entries<T>(values).map(([name, value]) => [name, change(value)])) as Record<Name, U>;

function linear([x, weight, bias]: Operands): Opened | null {
  if (!x || !weight || !bias || x.ndim !== 2) return null;
  const product = part("product", (a, b) => matmul(a, t(b)))(x, weight);
  const y = shift(product, bias);
  return { result: y, names: { y, x, W: weight, b: bias } };
}

/** log softmax, and the one of the class, negated: of every sample, or their mean. */
function crossEntropy([x, target]: Operands, dim: number, averaged: boolean): Opened | null {
  if (!x || !target || !areClasses(target)) return null;
  const logs = part("log softmax", (logits) => logSoftmax(logits, dim))(x);
  const pick = (values: Tensor, classes: Tensor) => neg(squeeze(gather(values, dim, unsqueeze(classes, dim)), dim));
  const losses = part("pick", pick)(logs, target);
  const y = averaged ? part("mean", (values) => mean(values))(losses) : losses;
  return { result: y, names: { L: y, losses, "log p": logs, x, t: target } };
}

type Args = readonly unknown[];

interface Options {
  readonly training?: boolean;
  readonly eps?: number;
}

const openers: Readonly<Record<string, (operands: Operands, args: Args) => Opened | null>> = {
  batchNorm: (operands, [, , , eps]) => batchNorm(operands, eps as number),
  "F.batchNorm": (operands, [, , , options]) => {
    const { training, eps = 1e-5 } = (options ?? {}) as Options;
    return training ? batchNorm(operands, eps) : null;
  },
  linear,
  "F.linear": linear,
  crossEntropy: (operands, [, , dim]) => crossEntropy(operands, dim as number, false),
  "F.crossEntropy": (operands, [x, , options]) =>
    options ? null : crossEntropy(operands, (x as Tensor).ndim === 1 ? 0 : 1, true),
};
