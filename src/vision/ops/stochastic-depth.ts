/** Branches of residual networks that are left out at random: the network is shallower in training than it is. */
import { div, mul } from "../../autograd/ops/elementwise.ts";
import { Module } from "../../nn/module.ts";
import { check } from "../../tensor/check.ts";
import { readOptions } from "../../tensor/options.ts";
import { pythonFloat } from "../../tensor/python-text.ts";
import { fillBernoulli } from "../../tensor/random/distributions.ts";
import { defaultGenerator } from "../../tensor/random/generator.ts";
import { Tensor } from "../../tensor/tensor.ts";

/** Options of stochasticDepth. */
export interface StochasticDepthOptions {
  /** Without it, y = x. Default: true. */
  training?: boolean;
}

/**
 * y = x · mask / (1 - p), the mask being 0 with probability p, else 1: one number for the whole batch, or one for each sample.
 * Mirrors `torchvision.ops.stochastic_depth` (Huang et al. 2016, https://arxiv.org/abs/1603.09382).
 * @param x (N, …) @param p in [0, 1]
 * @throws for another p or mode
 * @example ops.stochasticDepth(ones([4, 2]), 0.5, "row")
 */
export function stochasticDepth(x: Tensor, p: number, mode: "batch" | "row", options?: StochasticDepthOptions): Tensor {
  const { training } = readOptions(options, { training: true });
  check(p >= 0 && p <= 1, () => `drop probability has to be between 0 and 1, but got ${p}`);
  check(mode === "batch" || mode === "row", () => `mode has to be either 'batch' or 'row', but got ${mode}`);
  if (!training || p === 0) return x;
  const survival = 1 - p;
  const mask = Tensor.empty(
    x.shape.map((size, d) => (mode === "row" && d === 0 ? size : 1)),
    x.dtype,
  );
  fillBernoulli(mask, survival, defaultGenerator);
  return mul(x, survival > 0 ? div(mask, survival) : mask);
}

/**
 * A branch of a residual network that is left out at random in training. Mirrors `torchvision.ops.StochasticDepth`. Formula:
 * `ops.stochasticDepth`.
 * @example new ops.StochasticDepth(0.2, "row").forward(ones([4, 2]))
 */
export class StochasticDepth extends Module {
  /** How likely it is left out. */
  readonly p: number;
  /** Whether all samples of a batch share the fate. */
  readonly mode: "batch" | "row";

  constructor(p: number, mode: "batch" | "row") {
    super();
    this.p = p;
    this.mode = mode;
  }

  override forward(x: Tensor): Tensor {
    return stochasticDepth(x, this.p, this.mode, this);
  }

  override extraRepr(): string {
    return `p=${pythonFloat(this.p)}, mode=${this.mode}`;
  }
}
