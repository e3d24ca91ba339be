/** A norm over neighbouring channels, which an average pooling along the channels finds. */
import { add, div, mul, pow, square } from "../autograd/ops/elementwise.ts";
import { pad } from "../autograd/ops/layers/pad.ts";
import { reshape } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonFloat } from "../tensor/python-text.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { moduleWith } from "./module-of.ts";
import pooling from "./pooling.ts";

/** Options of the norm over neighbouring channels. */
export interface LocalResponseNormOptions {
  /** What the mean of squares is multiplied by. Default: 1e-4. */
  alpha?: number;
  /** The power of the divisor. Default: 0.75. */
  beta?: number;
  /** Added to the divisor. Default: 1. */
  k?: number;
}
const responseDefaults: Required<LocalResponseNormOptions> = { alpha: 1e-4, beta: 0.75, k: 1 };

/**
 * y = x / (k + alpha · mean of x² over `size` neighbouring channels)^beta. Mirrors `torch.nn.functional.local_response_norm`
 * (Krizhevsky et al. 2012).
 * @param x (N, C, …)
 * @example nn.functional.localResponseNorm(ones([1, 3, 2]), 2, { alpha: 1 })
 */
function localResponseNorm(x: Tensor, size: Int, options?: LocalResponseNormOptions): Tensor {
  const { alpha, beta, k } = readOptions(options, responseDefaults);
  check(x.ndim >= 3, () => `Expected 3D or higher dimensionality input (got ${x.ndim} dimensions)`);
  if (x.numel === 0) return x;
  const [n, channels] = x.shape;
  const columns = reshape(square(x), [n, 1, channels, x.numel / n / channels]);
  const around = pad(columns, [0, 0, Math.floor(size / 2), Math.floor((size - 1) / 2)]);
  const means = reshape(pooling.avgPool2d(around, [size, 1], { stride: 1 }), x.shape);
  return div(x, pow(add(mul(means, alpha), k), beta));
}

/** A norm over neighbouring channels. Mirrors `torch.nn.LocalResponseNorm`. @example new nn.LocalResponseNorm(2).forward(ones([1, 3, 2])) */
export class LocalResponseNorm extends moduleWith<LocalResponseNormOptions>(responseDefaults) {
  /** Over how many channels. */
  readonly size: number;

  constructor(size: Int, options?: LocalResponseNormOptions) {
    super(options);
    this.size = size;
  }

  override forward(x: Tensor): Tensor {
    return localResponseNorm(x, this.size, this);
  }

  override extraRepr(): string {
    const { size, alpha, beta, k } = this;
    return `${size}, alpha=${pythonFloat(alpha)}, beta=${pythonFloat(beta)}, k=${pythonFloat(k)}`;
  }
}

export default { localResponseNorm };
