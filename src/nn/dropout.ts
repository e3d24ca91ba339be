/** Dropout, as a function and as a layer, which evaluation switches off: what is learned must not depend on any one activation. */
import { div, mul } from "../autograd/ops/elementwise.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonFloat } from "../tensor/python-text.ts";
import { fillBernoulli } from "../tensor/random/distributions.ts";
import { defaultGenerator } from "../tensor/random/generator.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";

/** Options of dropout. */
export interface DropoutOptions {
  /** Without it, y = x. Default: true. */
  training?: boolean;
}

/**
 * y = x · mask / (1 - p), the mask being 0 with probability p, else 1: so the mean stays. Mirrors
 * `torch.nn.functional.dropout` (Srivastava et al. 2014). The same seed drops what PyTorch drops where it is built without MKL.
 *
 * @param p in [0, 1]
 * @throws outside that range
 * @example nn.functional.dropout(ones(6), 0.5)
 */
function dropout(x: Tensor, p = 0.5, options?: DropoutOptions): Tensor {
  const { training } = readOptions(options, { training: true });
  checkProbability(p);
  if (!training || p === 0) return x;
  if (p === 1) return mul(x, Tensor.zeros([], x.dtype));
  const mask = Tensor.empty(x.shape, x.dtype);
  fillBernoulli(mask, 1 - p, defaultGenerator);
  return mul(x, div(mask, 1 - p));
}

function checkProbability(p: number): void {
  check(p >= 0 && p <= 1, () => `dropout probability has to be between 0 and 1, but got ${p}`);
}

/**
 * In training, sets elements to 0 with probability p, and scales the others by 1 / (1 - p). Mirrors `torch.nn.Dropout`.
 * @example
 * const layer = new nn.Dropout(0.5);
 * console.log(layer.forward(ones(4)));
 * console.log(layer.eval().forward(ones(4)));
 */
export class Dropout extends Module {
  /** How likely an element is dropped. */
  readonly p: number;

  /** @throws unless p is in [0, 1] */
  constructor(p = 0.5) {
    super();
    checkProbability(p);
    this.p = p;
  }

  override forward(x: Tensor): Tensor {
    return dropout(x, this.p, this);
  }

  override extraRepr(): string {
    return `p=${Number.isInteger(this.p) ? this.p : pythonFloat(this.p)}, inplace=False`;
  }
}

export default { dropout };
