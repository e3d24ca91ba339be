/**
 * Activations, as functions and as layers: what makes a network more than one linear map. Any shape; the output has the
 * input's. Those that PyTorch also has as methods are operations, in src/autograd/ops/elementwise.ts and softmax.ts; those with
 * a slope of their own in src/autograd/ops/layers/activation.ts. Read next: piecewise.ts, those made of straight lines.
 */
import { detach } from "../autograd/op.ts";
import { argmax } from "../autograd/ops/compare.ts";
import { abs, add, div, log, mul, neg, relu, sigmoid, sub, tanh } from "../autograd/ops/elementwise.ts";
import { erf } from "../autograd/ops/functions.ts";
import { elu as eluOf, leakyRelu as leakyReluOf, softplus as softplusOf } from "../autograd/ops/layers/activation.ts";
import { narrow } from "../autograd/ops/parts.ts";
import { scatter } from "../autograd/ops/scatter.ts";
import type { ComputingOptions } from "../autograd/ops/shared/reducing.ts";
import { logSoftmax, softmax } from "../autograd/ops/softmax.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonFloat } from "../tensor/python-text.ts";
import { defaultGenerator } from "../tensor/random/generator.ts";
import { fillExponential } from "../tensor/random/transformed.ts";
import { type Int, normalizeDim } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { activated, activationOf, type InplaceOptions, inplaceText } from "./activation-layer.ts";
import { Module } from "./module.ts";
import { moduleOf, moduleWith } from "./module-of.ts";

export type { InplaceOptions };

/** y = max(x, 0). Mirrors `torch.nn.ReLU`. @example new nn.ReLU().forward(tensor([-1, 0, 2])) */
export class ReLU extends activationOf(relu) {}

/** y = 1 / (1 + e⁻ˣ). Mirrors `torch.nn.Sigmoid`. @example new nn.Sigmoid().forward(tensor([-100, 0, 2])) */
export class Sigmoid extends moduleOf(sigmoid) {}

/** y = tanh x. Mirrors `torch.nn.Tanh`. @example new nn.Tanh().forward(tensor([-1, 0, 100])) */
export class Tanh extends moduleOf(tanh) {}

/** y = x · σ(x). Mirrors `torch.nn.functional.silu`. @example nn.functional.silu(tensor([-1, 0, 1])) */
function silu(x: Tensor): Tensor {
  return mul(x, sigmoid(x));
}

/** y = x · σ(x). Mirrors `torch.nn.SiLU`. @example new nn.SiLU().forward(tensor([-1, 0, 1])) */
export class SiLU extends activationOf(silu) {}

/** Options of GELU. */
export interface GELUOptions {
  /** "tanh" for the approximation with tanh. Default: "none". */
  approximate?: "none" | "tanh";
}
const geluDefaults: Required<GELUOptions> = { approximate: "none" };

/**
 * y = x · Φ(x), Φ(x) = (1 + erf(x / √2)) / 2 being the share of a normal distribution below x. Mirrors
 * `torch.nn.functional.gelu` (Hendrycks & Gimpel 2016, https://arxiv.org/abs/1606.08415).
 *
 * With tanh, Φ(x) ≈ (1 + tanh(√(2/π) · (x + 0.044715 x³))) / 2.
 * @example nn.functional.gelu(tensor([-1, 0, 1]))
 */
function gelu(x: Tensor, options?: GELUOptions): Tensor {
  const { approximate } = readOptions(options, geluDefaults);
  const otherWord = () => `approximate argument must be either none or tanh. It is "${approximate}"`;
  check(approximate === "none" || approximate === "tanh", otherWord);
  const twiceShare =
    approximate === "none"
      ? erf(mul(x, Math.SQRT1_2))
      : tanh(mul(add(x, mul(mul(mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI)));
  return mul(mul(x, 0.5), add(twiceShare, 1));
}

/** y = x · Φ(x). Mirrors `torch.nn.GELU`. @example new nn.GELU({ approximate: "tanh" }).forward(tensor([-1, 0, 1])) */
export class GELU extends moduleOf(gelu, geluDefaults) {
  override extraRepr(): string {
    return `approximate='${this.approximate}'`;
  }
}

/**
 * y = x, below 0 negativeSlope · x. Mirrors `torch.nn.functional.leaky_relu`.
 * @example nn.functional.leakyRelu(tensor([-1, 0, 1]), 0.1)
 */
function leakyRelu(x: Tensor, negativeSlope = 0.01): Tensor {
  return leakyReluOf(x, negativeSlope);
}

/** Options of LeakyReLU. */
export interface LeakyReLUOptions extends InplaceOptions {
  /** The slope where x < 0. Default: 0.01. */
  negativeSlope?: number;
}

/** y = x, below 0 negativeSlope · x. Mirrors `torch.nn.LeakyReLU`. @example new nn.LeakyReLU().forward(tensor([-1, 1])) */
export class LeakyReLU extends moduleWith<LeakyReLUOptions>({ negativeSlope: 0.01, inplace: false }) {
  override forward(x: Tensor): Tensor {
    return activated(this, x, (old) => leakyRelu(old, this.negativeSlope));
  }

  override extraRepr(): string {
    return `negative_slope=${pythonFloat(this.negativeSlope)}${inplaceText(this)}`;
  }
}

/** y = x, below 0 alpha · (eˣ - 1). Mirrors `torch.nn.functional.elu`. @example nn.functional.elu(tensor([-1, 0, 1])) */
function elu(x: Tensor, alpha = 1): Tensor {
  return eluOf(x, alpha);
}

/** Options of ELU. */
export interface ELUOptions extends InplaceOptions {
  /** What y approaches, negated, as x falls. Default: 1. */
  alpha?: number;
}

/** y = x, below 0 alpha · (eˣ - 1). Mirrors `torch.nn.ELU`. @example new nn.ELU().forward(tensor([-1, 0, 1])) */
export class ELU extends moduleWith<ELUOptions>({ alpha: 1, inplace: false }) {
  override forward(x: Tensor): Tensor {
    return activated(this, x, (old) => elu(old, this.alpha));
  }

  override extraRepr(): string {
    return `alpha=${pythonFloat(this.alpha)}${inplaceText(this)}`;
  }
}

/** y = x where x > 0, else α · (e^(x/α) - 1). Mirrors `torch.nn.functional.celu`. @example nn.functional.celu(tensor([-1, 2])) */
function celu(x: Tensor, alpha = 1): Tensor {
  check(alpha !== 0, "ZeroDivisionError: alpha cannot be 0 for CELU");
  return eluOf(x, alpha, 1 / alpha);
}

/** y = x where x > 0, else α · (e^(x/α) - 1). Mirrors `torch.nn.CELU`. @example new nn.CELU().forward(tensor([-1, 2])) */
export class CELU extends moduleWith<ELUOptions>({ alpha: 1, inplace: false }) {
  override forward(x: Tensor): Tensor {
    return activated(this, x, (old) => celu(old, this.alpha));
  }

  override extraRepr(): string {
    return `alpha=${pythonFloat(this.alpha)}${inplaceText(this)}`;
  }
}

/** What SELU falls to, and its slope above 0: with them, numbers of mean 0 and variance 1 keep both from layer to layer. */
const [SELU_ALPHA, SELU_SCALE] = [1.6732632423543772, 1.0507009873554805];

/**
 * y = λ x where x > 0, else λ α (eˣ - 1), with λ = 1.0507… and α = 1.6732…. Mirrors `torch.nn.functional.selu` (Klambauer et al.
 * 2017, https://arxiv.org/abs/1706.02515).
 * @example nn.functional.selu(tensor([-1, 0, 1]))
 */
function selu(x: Tensor): Tensor {
  return mul(elu(x, SELU_ALPHA), SELU_SCALE);
}

/** y = λ x where x > 0, else λ α (eˣ - 1). Mirrors `torch.nn.SELU`. @example new nn.SELU().forward(tensor([-1, 0, 1])) */
export class SELU extends activationOf(selu) {}

/** Options of softplus. */
export interface SoftplusOptions {
  /** How sharp the bend is. Default: 1. */
  beta?: number;
  /** From beta · x = threshold on, y = x. Default: 20. */
  threshold?: number;
}
const softplusDefaults: Required<SoftplusOptions> = { beta: 1, threshold: 20 };

/**
 * y = log(1 + e^(beta · x)) / beta, a smooth relu. Mirrors `torch.nn.functional.softplus`.
 * @example nn.functional.softplus(tensor([-1, 0, 100]))
 */
function softplus(x: Tensor, options?: SoftplusOptions): Tensor {
  const { beta, threshold } = readOptions(options, softplusDefaults);
  return softplusOf(x, beta, threshold);
}

/** y = log(1 + e^(beta · x)) / beta. Mirrors `torch.nn.Softplus`. @example new nn.Softplus().forward(tensor([0, 9])) */
export class Softplus extends moduleOf(softplus, softplusDefaults) {
  override extraRepr(): string {
    return `beta=${this.beta}, threshold=${this.threshold}`;
  }
}

/**
 * y = x · tanh(log(1 + eˣ)). Mirrors `torch.nn.functional.mish` (Misra 2019, https://arxiv.org/abs/1908.08681).
 * @example nn.functional.mish(tensor([-1, 0, 1]))
 */
function mish(x: Tensor): Tensor {
  return mul(x, tanh(softplusOf(x, 1, 20)));
}

/** y = x · tanh(log(1 + eˣ)). Mirrors `torch.nn.Mish`. @example new nn.Mish().forward(tensor([-1, 0, 1])) */
export class Mish extends activationOf(mish) {}

/** y = x / (1 + |x|). Mirrors `torch.nn.functional.softsign`. @example nn.functional.softsign(tensor([-1, 0, 9])) */
function softsign(x: Tensor): Tensor {
  return div(x, add(abs(x), 1));
}

/** y = x / (1 + |x|). Mirrors `torch.nn.Softsign`. @example new nn.Softsign().forward(tensor([-1, 0, 9])) */
export class Softsign extends moduleOf(softsign) {}

/** y = x - tanh x. Mirrors `torch.nn.functional.tanhshrink`. @example nn.functional.tanhshrink(tensor([-1, 0, 9])) */
function tanhshrink(x: Tensor): Tensor {
  return sub(x, tanh(x));
}

/** y = x - tanh x. Mirrors `torch.nn.Tanhshrink`. @example new nn.Tanhshrink().forward(tensor([-1, 0, 9])) */
export class Tanhshrink extends moduleOf(tanhshrink) {}

/** y = log σ(x) = -log(1 + e⁻ˣ). Mirrors `torch.nn.functional.logsigmoid`. @example nn.functional.logsigmoid(tensor([-100, 0, 2])) */
function logsigmoid(x: Tensor): Tensor {
  return neg(softplusOf(neg(x), 1, 40)); // from 40 on 1 is nothing beside eˣ
}

/** y = log σ(x). Mirrors `torch.nn.LogSigmoid`. @example new nn.LogSigmoid().forward(tensor([-100, 0, 2])) */
export class LogSigmoid extends moduleOf(logsigmoid) {}

/**
 * y = a · σ(b), where a and b are the halves of x along dim. Mirrors `torch.nn.functional.glu` (Dauphin et al. 2016,
 * https://arxiv.org/abs/1612.08083).
 * @throws unless the size along dim is even
 * @example nn.functional.glu(tensor([1, 2, 0, 100]))
 */
function glu(x: Tensor, dim: Int = -1): Tensor {
  check(x.ndim > 0, "glu does not support scalars because halving size must be even");
  const d = normalizeDim(dim, x.ndim);
  const size = x.shape[d];
  check(size % 2 === 0, () => `Halving dimension must be even, but dimension ${d} is size ${size}`);
  const [a, b] = [0, size / 2].map((start) => narrow(x, d, start, size / 2));
  return mul(a, sigmoid(b));
}

abstract class AlongDim extends Module {
  /** The dimension along which y sums to 1. */
  readonly dim: number;

  constructor(dim: Int) {
    super();
    this.dim = dim;
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}

/** y = eˣ / Σ eˣ along dim. Mirrors `torch.nn.Softmax`. @example new nn.Softmax(1).forward(tensor([[1, 2, 3]])) */
export class Softmax extends AlongDim {
  override forward(x: Tensor): Tensor {
    return softmax(x, this.dim);
  }
}

/** y = x - log Σ eˣ along dim. Mirrors `torch.nn.LogSoftmax`. @example new nn.LogSoftmax(0).forward(tensor([1, 2, 3])) */
export class LogSoftmax extends AlongDim {
  override forward(x: Tensor): Tensor {
    return logSoftmax(x, this.dim);
  }
}

/** y = e⁻ˣ / Σ e⁻ˣ along dim. Mirrors `torch.nn.functional.softmin`. @example nn.functional.softmin(tensor([1, 2, 3]), 0) */
function softmin(x: Tensor, dim: Int, options?: ComputingOptions): Tensor {
  return softmax(neg(x), dim, options);
}

/** y = e⁻ˣ / Σ e⁻ˣ along dim. Mirrors `torch.nn.Softmin`. @example new nn.Softmin(0).forward(tensor([1, 2, 3])) */
export class Softmin extends AlongDim {
  override forward(x: Tensor): Tensor {
    return softmin(x, this.dim);
  }
}

/** y = eˣ / Σ eˣ over the channels of x (N, C, H, W) or (C, H, W). Mirrors `torch.nn.Softmax2d`. @example new nn.Softmax2d().forward(ones([4, 1, 1])) */
export class Softmax2d extends Module {
  override forward(x: Tensor): Tensor {
    check(x.ndim === 3 || x.ndim === 4, "Softmax2d requires a 3D or 4D tensor as input");
    return softmax(x, -3);
  }
}

/** y = a · σ(b), where a and b are the halves of x along dim. Mirrors `torch.nn.GLU`. @example new nn.GLU().forward(ones([2, 4])) */
export class GLU extends AlongDim {
  constructor(dim: Int = -1) {
    super(dim);
  }

  override forward(x: Tensor): Tensor {
    return glu(x, this.dim);
  }
}

/** Options of gumbelSoftmax. */
export interface GumbelSoftmaxOptions {
  /** How even the result is: near 0 one of the numbers is almost 1. Default: 1. */
  tau?: number;
  /** Whether the result is 1 at the largest and 0 elsewhere, with the gradient of the soft result. Default: false. */
  hard?: boolean;
  /** Along which dimension. Default: -1. */
  dim?: Int;
}

/**
 * softmax((logits + g) / tau) with random g of Gumbel's distribution: a differentiable draw of one class. Mirrors
 * `torch.nn.functional.gumbel_softmax` (Jang, Gu & Poole 2016, https://arxiv.org/abs/1611.01144).
 * @example nn.functional.gumbelSoftmax(tensor([[1, 2, 3]]), { tau: 0.5, hard: true })
 */
function gumbelSoftmax(logits: Tensor, options?: GumbelSoftmaxOptions): Tensor {
  const { tau, hard, dim } = readOptions(options, { tau: 1, hard: false, dim: -1 });
  const waiting = Tensor.empty(logits.shape, logits.dtype);
  fillExponential(waiting, 1, defaultGenerator);
  const soft = softmax(div(sub(logits, log(waiting)), tau), dim);
  if (!hard) return soft;
  const onehot = scatter(Tensor.zeros(soft.shape, soft.dtype), dim, argmax(detach(soft), dim, { keepdim: true }), 1);
  return add(sub(onehot, detach(soft)), soft);
}

/** What `nn.functional` has of this family. */
export default {
  /** y = max(x, 0). @example nn.functional.relu(tensor([-1, 0, 2])) */
  relu,
  /** y = 1 / (1 + e⁻ˣ). @example nn.functional.sigmoid(tensor([-100, 0, 2])) */
  sigmoid,
  /** y = tanh x. @example nn.functional.tanh(tensor([-1, 0, 100])) */
  tanh,
  /** y = eˣ / Σ eˣ along dim. @example nn.functional.softmax(tensor([1, 2, 3]), 0) */
  softmax,
  /** y = x - log Σ eˣ along dim. @example nn.functional.logSoftmax(tensor([1, 2, 3]), 0) */
  logSoftmax,
  silu,
  gelu,
  leakyRelu,
  elu,
  celu,
  selu,
  softplus,
  mish,
  softsign,
  tanhshrink,
  logsigmoid,
  glu,
  softmin,
  gumbelSoftmax,
};
