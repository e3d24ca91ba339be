/**
 * Activations, as functions and as layers: what makes a network more than one linear map. Any shape; the output has the
 * input's. Those that PyTorch also has as methods are operations, in src/autograd/ops/elementwise.ts and softmax.ts; those with
 * a slope of their own in src/autograd/ops/layers/activation.ts.
 */
import { add, mul, relu, sigmoid, tanh } from "../autograd/ops/elementwise.ts";
import { erf } from "../autograd/ops/functions.ts";
import { elu as eluOf, leakyRelu as leakyReluOf, softplus as softplusOf } from "../autograd/ops/layers/activation.ts";
import { logSoftmax, softmax } from "../autograd/ops/softmax.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonFloat } from "../tensor/python-text.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import { moduleOf, moduleWith } from "./module-of.ts";

/** y = max(x, 0). Mirrors `torch.nn.ReLU`. @example new nn.ReLU().forward(tensor([-1, 0, 2])) */
export class ReLU extends moduleOf(relu) {}

/** y = 1 / (1 + e⁻ˣ). Mirrors `torch.nn.Sigmoid`. @example new nn.Sigmoid().forward(tensor([-100, 0, 2])) */
export class Sigmoid extends moduleOf(sigmoid) {}

/** y = tanh x. Mirrors `torch.nn.Tanh`. @example new nn.Tanh().forward(tensor([-1, 0, 100])) */
export class Tanh extends moduleOf(tanh) {}

/** y = x · σ(x). Mirrors `torch.nn.functional.silu`. @example nn.functional.silu(tensor([-1, 0, 1])) */
function silu(x: Tensor): Tensor {
  return mul(x, sigmoid(x));
}

/** y = x · σ(x). Mirrors `torch.nn.SiLU`. @example new nn.SiLU().forward(tensor([-1, 0, 1])) */
export class SiLU extends moduleOf(silu) {}

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
export interface LeakyReLUOptions {
  /** The slope where x < 0. Default: 0.01. */
  negativeSlope?: number;
}

/** y = x, below 0 negativeSlope · x. Mirrors `torch.nn.LeakyReLU`. @example new nn.LeakyReLU().forward(tensor([-1, 1])) */
export class LeakyReLU extends moduleWith<LeakyReLUOptions>({ negativeSlope: 0.01 }) {
  override forward(x: Tensor): Tensor {
    return leakyRelu(x, this.negativeSlope);
  }

  override extraRepr(): string {
    return `negative_slope=${pythonFloat(this.negativeSlope)}`;
  }
}

/** y = x, below 0 alpha · (eˣ - 1). Mirrors `torch.nn.functional.elu`. @example nn.functional.elu(tensor([-1, 0, 1])) */
function elu(x: Tensor, alpha = 1): Tensor {
  return eluOf(x, alpha);
}

/** Options of ELU. */
export interface ELUOptions {
  /** What y approaches, negated, as x falls. Default: 1. */
  alpha?: number;
}

/** y = x, below 0 alpha · (eˣ - 1). Mirrors `torch.nn.ELU`. @example new nn.ELU().forward(tensor([-1, 0, 1])) */
export class ELU extends moduleWith<ELUOptions>({ alpha: 1 }) {
  override forward(x: Tensor): Tensor {
    return elu(x, this.alpha);
  }

  override extraRepr(): string {
    return `alpha=${pythonFloat(this.alpha)}`;
  }
}

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
  softplus,
};
