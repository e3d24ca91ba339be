/**
 * Dropout, as functions and as layers, which evaluation switches off: what is learned must not depend on any one activation. The
 * same seed drops what PyTorch drops where it is built without MKL.
 */
import { add, div, mul } from "../autograd/ops/elementwise.ts";
import { squeeze, unsqueeze } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonBool, pythonFloat } from "../tensor/python-text.ts";
import { fillBernoulli } from "../tensor/random/distributions.ts";
import { defaultGenerator } from "../tensor/random/generator.ts";
import type { Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { activated, type InplaceOptions } from "./activation-layer.ts";
import { hasFraction } from "./fraction.ts";
import { Module } from "./module.ts";

/** Options of dropout. */
export interface DropoutOptions {
  /** Without it, y = x. Default: true. */
  training?: boolean;
}

/** Options of alpha dropout. */
export interface AlphaDropoutOptions {
  /** Without it, y = x. Default: false. */
  training?: boolean;
}

function checkProbability(p: number): void {
  check(p >= 0 && p <= 1, () => `dropout probability has to be between 0 and 1, but got ${p}`);
}

/** What `drop` makes of a mask, 0 with probability p, else 1; but for p = 0 and p = 1, for which nothing is drawn. */
function dropping(x: Tensor, p: number, training: boolean, shape: Shape, drop: (mask: Tensor) => Tensor): Tensor {
  checkProbability(p);
  if (!training || p === 0 || x.numel === 0) return x;
  if (p === 1) return mul(x, Tensor.zeros([], x.dtype));
  const mask = Tensor.empty(shape, x.dtype);
  fillBernoulli(mask, 1 - p, defaultGenerator);
  return drop(mask);
}

/** One mask for each channel of each sample: (N, C, 1, …) */
function channelsOf({ ndim, shape }: Tensor): Shape {
  check(ndim >= 2, "Feature dropout requires at least 2 dimensions in the input");
  return shape.map((size, d) => (d < 2 ? size : 1));
}

/**
 * y = x · mask / (1 - p), the mask being 0 with probability p, else 1: so the mean stays. Mirrors
 * `torch.nn.functional.dropout` (Srivastava et al. 2014).
 *
 * @param p in [0, 1]
 * @throws outside that range
 * @example nn.functional.dropout(ones(6), 0.5)
 */
function dropout(x: Tensor, p = 0.5, options?: DropoutOptions): Tensor {
  const { training } = readOptions(options, { training: true });
  return dropping(x, p, training, x.shape, (mask) => mul(x, div(mask, 1 - p)));
}

/** The same with one mask for each channel of x (N, C, …): neighbours in an image tell the same. */
function dropoutOfChannels(x: Tensor, p: number, options?: DropoutOptions): Tensor {
  const { training } = readOptions(options, { training: true });
  return dropping(x, p, training, training ? channelsOf(x) : [], (mask) => mul(x, div(mask, 1 - p)));
}

/**
 * Dropout of whole channels of x (N, C, L), or (C, L) of one sample. Mirrors `torch.nn.functional.dropout1d`.
 * @throws unless p is in [0, 1] and x has such a shape
 * @example nn.functional.dropout1d(ones([4, 2]), 0.5)
 */
function dropout1d(x: Tensor, p = 0.5, options?: DropoutOptions): Tensor {
  checkProbability(p);
  const otherRank = () =>
    `dropout1d: Expected 2D or 3D input, but received a ${x.ndim}D input. Note that dropout1d exists to provide ` +
    "channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch dimension " +
    "(i.e. 2D or 3D inputs).";
  check(x.ndim === 2 || x.ndim === 3, otherRank);
  if (x.ndim === 3) return dropoutOfChannels(x, p, options);
  return squeeze(dropoutOfChannels(unsqueeze(x, 0), p, options), 0);
}

/**
 * Dropout of whole channels of x (N, C, H, W); of three dimensions, of (N, C, L). Mirrors `torch.nn.functional.dropout2d` (Tompson et
 * al. 2015, https://arxiv.org/abs/1411.4280).
 * @throws unless p is in [0, 1] and x has two dimensions at least
 * @example nn.functional.dropout2d(ones([1, 4, 2, 2]), 0.5)
 */
function dropout2d(x: Tensor, p = 0.5, options?: DropoutOptions): Tensor {
  return dropoutOfChannels(x, p, options);
}

/**
 * Dropout of whole channels of x (N, C, D, H, W), or (C, D, H, W) of one sample. Mirrors `torch.nn.functional.dropout3d`.
 * @throws unless p is in [0, 1]
 * @example nn.functional.dropout3d(ones([4, 1, 2, 2]), 0.5)
 */
function dropout3d(x: Tensor, p = 0.5, options?: DropoutOptions): Tensor {
  if (x.ndim === 5) return dropoutOfChannels(x, p, options);
  return squeeze(dropoutOfChannels(unsqueeze(x, 0), p, options), 0);
}

/** What SELU approaches as x falls, negated: λ · α. */
const ALPHA = 1.7580993408473766;

/** What is dropped becomes -α, where SELU ends; then x is scaled by a, and moved, so that mean 0 and variance 1 stay. */
function alphaDropped(x: Tensor, mask: Tensor, p: number): Tensor {
  const a = 1 / Math.sqrt((ALPHA ** 2 * p + 1) * (1 - p));
  const moved = add(mul(add(mask, -1), ALPHA * a), ALPHA * a * p); // α a p, and for what is dropped α a (p - 1)
  return add(mul(x, mul(mask, a)), moved);
}

/**
 * Dropout for networks of SELU, which keeps mean 0 and variance 1. Mirrors `torch.nn.functional.alpha_dropout` (Klambauer et al. 2017,
 * https://arxiv.org/abs/1706.02515).
 * @throws unless p is in [0, 1]
 * @example nn.functional.alphaDropout(ones(6), 0.5, { training: true })
 */
function alphaDropout(x: Tensor, p = 0.5, options?: AlphaDropoutOptions): Tensor {
  const { training } = readOptions(options, { training: false });
  return dropping(x, p, training, x.shape, (mask) => alphaDropped(x, mask, p));
}

/**
 * Alpha dropout of whole channels of x (N, C, …). Mirrors `torch.nn.functional.feature_alpha_dropout`.
 * @throws unless p is in [0, 1] and x has two dimensions at least
 * @example nn.functional.featureAlphaDropout(ones([1, 4, 2]), 0.5, { training: true })
 */
function featureAlphaDropout(x: Tensor, p = 0.5, options?: AlphaDropoutOptions): Tensor {
  const { training } = readOptions(options, { training: false });
  return dropping(x, p, training, training ? channelsOf(x) : [], (mask) => alphaDropped(x, mask, p));
}

abstract class DropoutLayer extends Module {
  /** How likely an element or a channel is dropped. */
  readonly p: number;
  /** Whether x becomes y. */
  readonly inplace: boolean;

  /** @throws unless p is in [0, 1] */
  constructor(p = 0.5, options?: InplaceOptions) {
    super();
    checkProbability(p);
    this.p = p;
    this.inplace = readOptions(options, { inplace: false }).inplace;
  }

  /** The layer's function of x. */
  protected abstract drop(x: Tensor): Tensor;

  override forward(x: Tensor): Tensor {
    const isSame = !this.training || this.p === 0;
    return isSame ? this.drop(x) : activated(this, x, (old) => this.drop(old));
  }

  override extraRepr(): string {
    const p = Number.isInteger(this.p) && !hasFraction(this) ? this.p : pythonFloat(this.p);
    return `p=${p}, inplace=${pythonBool(this.inplace)}`;
  }
}

/**
 * In training, sets elements to 0 with probability p, and scales the others by 1 / (1 - p). Mirrors `torch.nn.Dropout`.
 * @example
 * const layer = new nn.Dropout(0.5);
 * console.log(layer.forward(ones(4)));
 * console.log(layer.eval().forward(ones(4)));
 */
export class Dropout extends DropoutLayer {
  protected override drop(x: Tensor): Tensor {
    return dropout(x, this.p, this);
  }
}

/** Dropout of whole channels of (N, C, L) or (C, L). Mirrors `torch.nn.Dropout1d`. @example new nn.Dropout1d().forward(ones([4, 2])) */
export class Dropout1d extends DropoutLayer {
  protected override drop(x: Tensor): Tensor {
    return dropout1d(x, this.p, this);
  }
}

/** Dropout of whole channels of (N, C, H, W). Mirrors `torch.nn.Dropout2d`. @example new nn.Dropout2d(0.2).forward(ones([1, 4, 2, 2])) */
export class Dropout2d extends DropoutLayer {
  protected override drop(x: Tensor): Tensor {
    return dropout2d(x, this.p, this);
  }
}

/** Dropout of whole channels of (N, C, D, H, W). Mirrors `torch.nn.Dropout3d`. @example new nn.Dropout3d().forward(ones([4, 1, 2, 2])) */
export class Dropout3d extends DropoutLayer {
  protected override drop(x: Tensor): Tensor {
    return dropout3d(x, this.p, this);
  }
}

/** Dropout for networks of SELU. Mirrors `torch.nn.AlphaDropout`. @example new nn.AlphaDropout(0.5).forward(ones(6)) */
export class AlphaDropout extends DropoutLayer {
  protected override drop(x: Tensor): Tensor {
    return alphaDropout(x, this.p, this);
  }
}

/** Alpha dropout of whole channels. Mirrors `torch.nn.FeatureAlphaDropout`. @example new nn.FeatureAlphaDropout().forward(ones([1, 4, 2])) */
export class FeatureAlphaDropout extends DropoutLayer {
  protected override drop(x: Tensor): Tensor {
    return featureAlphaDropout(x, this.p, this);
  }
}

export default { dropout, dropout1d, dropout2d, dropout3d, alphaDropout, featureAlphaDropout };
