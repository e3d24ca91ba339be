/** The `nn.utils.parametrizations` namespace: weights that stretch no vector. Mirrors `torch.nn.utils.parametrizations`. */
import { noGrad } from "../autograd/grad-mode.ts";
import { div } from "../autograd/ops/elementwise.ts";
import { mv } from "../autograd/ops/matmul.ts";
import { transpose } from "../autograd/ops/shape.ts";
import { copyInto } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import { tensorIn } from "./parametrization-list.ts";
import { registerParametrization } from "./parametrize.ts";
import {
  asMatrix,
  checkIterations,
  outputDim,
  randomUnit,
  type SpectralNormOptions,
  singularValue,
  spectralDefaults,
  unit,
} from "./spectral-norm.ts";

export * from "./orthogonal.ts";

/** w = w₀ / σ(w₀), by singular vectors that each forward in training brings nearer; of a vector, w₀ / ‖w₀‖. */
class _SpectralNorm extends Module {
  readonly dim: number;
  readonly eps: number;
  readonly nPowerIterations: number;
  declare readonly _u: Tensor;
  declare readonly _v: Tensor;

  constructor(weight: Tensor, { nPowerIterations, eps }: Required<SpectralNormOptions>, dim: number) {
    super();
    const { ndim } = weight;
    const outside = () => `Dimension out of range (expected to be in range of [-${ndim}, ${ndim - 1}] but got ${dim})`;
    check(dim < ndim && dim >= -ndim, outside, RangeError);
    checkIterations(nPowerIterations);
    this.dim = dim < 0 ? dim + ndim : dim;
    this.eps = eps;
    this.nPowerIterations = nPowerIterations;
    if (ndim === 1) return;
    const matrix = noGrad(() => asMatrix(weight, this.dim));
    const [height, width] = matrix.shape;
    this.registerBuffer("_u", randomUnit(height, weight, eps));
    this.registerBuffer("_v", randomUnit(width, weight, eps));
    this.iterate(matrix, 15);
  }

  protected iterate(matrix: Tensor, times: number): void {
    noGrad(() => {
      for (let i = 0; i < times; i++) {
        copyInto(this._u, unit(mv(matrix, this._v), this.eps));
        copyInto(this._v, unit(mv(transpose(matrix, 0, 1), this._u), this.eps));
      }
    });
  }

  override forward(weight: Tensor): Tensor {
    if (weight.ndim === 1) return unit(weight, this.eps);
    const matrix = asMatrix(weight, this.dim);
    if (this.training) this.iterate(matrix, this.nPowerIterations);
    return div(weight, singularValue(matrix, this._u, this._v));
  }

  rightInverse(value: Tensor): Tensor {
    return value;
  }
}

/**
 * Divides a weight of the module by its largest singular value, σ: the module then stretches no vector. σ comes from singular vectors,
 * buffers, that power iteration brings nearer each time the weight is read in training. Returns the module. Mirrors
 * `torch.nn.utils.parametrizations.spectral_norm` (Miyato et al. 2018, https://arxiv.org/abs/1802.05957).
 * @throws if the module has no such tensor, or `dim` is none of its dimensions
 * @example
 * const layer = nn.utils.parametrizations.spectralNorm(new nn.Linear(3, 2));
 * console.log(layer, linalg.matrixNorm(layer.weight, 2).item().toFixed(3), Object.keys(layer.stateDict()));
 */
export function spectralNorm<M extends Module>(module: M, name = "weight", options?: SpectralNormOptions): M {
  const settings = readOptions(options, spectralDefaults);
  const norm = new _SpectralNorm(tensorIn(module, name), settings, outputDim(module, settings.dim));
  return registerParametrization(module, name, norm);
}
