/** Dropout: what is learned must not depend on any one activation. */
import { mul } from "../../autograd/ops/elementwise.ts";
import { fillBernoulli } from "../../tensor/random/distributions.ts";
import { defaultGenerator } from "../../tensor/random/generator.ts";
import { Tensor } from "../../tensor/tensor.ts";

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
 */
export function dropout(x: Tensor, p = 0.5, { training = true }: DropoutOptions = {}): Tensor {
  if (!(p >= 0 && p <= 1)) throw new Error(`dropout probability has to be between 0 and 1, but got ${p}`);
  if (!training || p === 0) return x;
  if (p === 1) return mul(x, 0);
  const mask = Tensor.empty(x.shape, x.dtype);
  fillBernoulli(mask, 1 - p, defaultGenerator);
  const { data } = mask.storage;
  for (let k = 0; k < data.length; k++) data[k] /= 1 - p;
  return mul(x, mask);
}
