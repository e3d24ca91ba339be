/** Helpers for gradients and parameters: the `nn.utils` namespace. Mirrors `torch.nn.utils`. */
import { noGrad } from "../autograd/grad-mode.ts";
import { abs, add, clamp, div, mul, pow } from "../autograd/ops/elementwise.ts";
import { cat, narrow, stack } from "../autograd/ops/parts.ts";
import { max, sum } from "../autograd/ops/reduction.ts";
import { reshape } from "../autograd/ops/shape.ts";
import { copyInto } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { full } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import { gradientOf, Tensor } from "../tensor/tensor.ts";

export { fuseConvBnEval, fuseConvBnWeights } from "./fuse.ts";
export * as rnn from "./packed-sequence.ts";
export * as parametrizations from "./parametrizations.ts";
export * as parametrize from "./parametrize.ts";
export * as prune from "./prune.ts";
export { removeSpectralNorm, type SpectralNormOptions, spectralNorm } from "./spectral-norm.ts";
export * from "./weight-norm.ts";

type Parameters = Tensor | Iterable<Tensor>;

const listed = (parameters: Parameters): Tensor[] => (parameters instanceof Tensor ? [parameters] : [...parameters]);

const gradientsOf = (parameters: Parameters): Tensor[] => listed(parameters).flatMap((x) => gradientOf(x) ?? []);

/** Options of clipGradNorm_. */
export interface ClipGradNormOptions {
  /** The order p of the norm (Σ |g|ᵖ)^(1/p), above 0; Infinity is the largest |g|. Default: 2. */
  normType?: number;
  /** Throw if the norm is infinite or NaN, instead of scaling by it. Default: false. */
  errorIfNonfinite?: boolean;
}

/** (Σ |x|ᵖ)^(1/p) of all elements */
function norm(x: Tensor, p: number): Tensor {
  return p === Infinity ? max(abs(x)) : pow(sum(pow(abs(x), p)), 1 / p);
}

/**
 * Scales all gradients in place by maxNorm / (norm + 1e-6) if the norm of all of them together, as one vector, is larger.
 *
 * @returns that norm, before: a scalar
 * @throws with errorIfNonfinite, if the norm is infinite or NaN; the gradients are then as they were
 * @example
 * const x = tensor([3, 4], { requiresGrad: true });
 * x.mul(x).sum().backward(); // its gradient is [6, 8], of length 10
 * console.log(nn.utils.clipGradNorm_(x, 1), x.grad);
 */
export function clipGradNorm_(parameters: Parameters, maxNorm: number, options?: ClipGradNormOptions): Tensor {
  const { normType, errorIfNonfinite } = readOptions(options, { normType: 2, errorIfNonfinite: false });
  const gradients = gradientsOf(parameters);
  if (gradients.length === 0) return full([], 0);
  return noGrad(() => {
    const total = norm(stack(gradients.map((g) => norm(g, normType))), normType);
    const notFinite = () =>
      `The total norm of order ${normType} for gradients from \`parameters\` is non-finite, so it cannot be clipped. ` +
      "To disable this error and scale the gradients by the non-finite norm anyway, set errorIfNonfinite: false";
    check(!errorIfNonfinite || Number.isFinite(total.item()), notFinite);
    const scale = clamp(div(maxNorm, add(total, 1e-6)), null, 1);
    for (const g of gradients) copyInto(g, mul(g, scale));
    return total;
  });
}

/**
 * Limits every element of every gradient to [-clipValue, clipValue], in place.
 * @example
 * const x = tensor([3, -4], { requiresGrad: true });
 * x.mul(x).sum().backward();
 * nn.utils.clipGradValue_(x, 1);
 * console.log(x.grad);
 */
export function clipGradValue_(parameters: Parameters, clipValue: number): void {
  noGrad(() => {
    for (const g of gradientsOf(parameters)) copyInto(g, clamp(g, -clipValue, clipValue));
  });
}

/**
 * All parameters one after the other, as a vector of as many elements as they have together. Differentiable.
 * @example nn.utils.parametersToVector(new nn.Linear(2, 3).parameters()).shape
 */
export function parametersToVector(parameters: Iterable<Tensor>): Tensor {
  return cat([...parameters].map((p) => reshape(p, [p.numel])));
}

/**
 * The reverse of parametersToVector: copies the vector's elements into the parameters, in place.
 * @throws if it has not exactly as many elements; nothing is then changed
 * @example
 * const layer = new nn.Linear(2, 1);
 * nn.utils.vectorToParameters(tensor([1, 2, 3]), layer.parameters());
 * console.log(layer.weight, layer.bias);
 */
export function vectorToParameters(vector: Tensor, parameters: Iterable<Tensor>): void {
  const all = [...parameters];
  const needed = all.reduce((count, { numel }) => count + numel, 0);
  const otherLength = () =>
    `vectorToParameters: the parameters have ${needed} elements, but the vector ${vector.numel}`;
  check(vector.ndim === 1 && vector.numel === needed, otherLength);
  noGrad(() => {
    let start = 0;
    for (const p of all) {
      copyInto(p, reshape(narrow(vector, 0, start, p.numel), p.shape));
      start += p.numel;
    }
  });
}
