/** Weights divided by their largest singular value, which power iteration follows. */
import { noGrad } from "../autograd/grad-mode.ts";
import { detach } from "../autograd/op.ts";
import { div } from "../autograd/ops/elementwise.ts";
import { dot, mv } from "../autograd/ops/matmul.ts";
import { clone, permute, reshape, transpose } from "../autograd/ops/shape.ts";
import { copyInto } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { randn } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { ConvTranspose1d, ConvTranspose2d } from "./convolution.ts";
import distance from "./distance.ts";
import { forget, type Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { parameterIn, RecomputedFields, setField } from "./recomputed.ts";

/** What spectralNorm may be told. */
export interface SpectralNormOptions {
  /** How many steps of power iteration are made each time in training, above 0. Default: 1. */
  nPowerIterations?: Int;
  /** What is at least divided by to make vectors of length 1. Default: 1e-12. */
  eps?: number;
  /** The dimension of the outputs, which become rows. Default: null, 0, and 1 of a ConvTranspose. */
  dim?: Int | null;
}
export const spectralDefaults: Required<SpectralNormOptions> = { nPowerIterations: 1, eps: 1e-12, dim: null };

/** The dimension of the outputs of a layer's weight. */
export const outputDim = (module: Module, dim: number | null): number =>
  dim ?? (module instanceof ConvTranspose1d || module instanceof ConvTranspose2d ? 1 : 0);

/** @throws unless there is something to iterate */
export const checkIterations = (n: number): void =>
  check(n > 0, () => `Expected n_power_iterations to be positive, but got n_power_iterations=${n}`);

/** A weight as a matrix of one row for each output. */
export function asMatrix(weight: Tensor, dim: number): Tensor {
  const others = weight.shape.map((_, d) => d).filter((d) => d !== dim);
  const moved = dim === 0 ? weight : permute(weight, [dim, ...others]);
  return reshape(moved, [moved.shape[0], -1]);
}

/** A vector of a length of its own, made 1. */
export const unit = (x: Tensor, eps: number): Tensor => distance.normalize(x, { dim: 0, eps });

/** A random direction. */
export const randomUnit = (n: number, { dtype }: Tensor, eps: number): Tensor => unit(randn([n], { dtype }), eps);

/** uᵀ W v: W's largest singular value, if u and v are the singular vectors. Their copies are read: they go on. */
export const singularValue = (matrix: Tensor, u: Tensor, v: Tensor): Tensor => dot(clone(u), mv(matrix, clone(v)));

/** w = w₀ / σ(w₀) */
class SpectralNorm {
  readonly #orig: string;
  readonly #u: string;
  readonly #v: string;
  readonly #iterations: number;
  readonly #eps: number;
  readonly #dim: number;

  constructor(name: string, iterations: number, eps: number, dim: number) {
    checkIterations(iterations);
    this.#orig = `${name}Orig`;
    this.#u = `${name}U`;
    this.#v = `${name}V`;
    this.#iterations = iterations;
    this.#eps = eps;
    this.#dim = dim;
  }

  /** Gives the module singular vectors, random at first, beside the weight under another name. */
  begin(module: Module, weight: Parameter): void {
    const [height, width] = noGrad(() => asMatrix(weight, this.#dim)).shape;
    const [u, v] = [randomUnit(height, weight, this.#eps), randomUnit(width, weight, this.#eps)];
    module.registerParameter(this.#orig, weight);
    module.registerBuffer(this.#u, u);
    module.registerBuffer(this.#v, v);
  }

  weight(module: Module, iterates = module.training): Tensor {
    const [weight, u, v]: Tensor[] = [this.#orig, this.#u, this.#v].map((name) => Reflect.get(module, name));
    const matrix = asMatrix(weight, this.#dim);
    if (iterates) noGrad(() => this.#iterate(matrix, u, v));
    return div(weight, singularValue(matrix, u, v));
  }

  #iterate(matrix: Tensor, u: Tensor, v: Tensor): void {
    for (let i = 0; i < this.#iterations; i++) {
      copyInto(v, unit(mv(transpose(matrix, 0, 1), u), this.#eps));
      copyInto(u, unit(mv(matrix, v), this.#eps));
    }
  }

  forget(module: Module): void {
    for (const name of [this.#orig, this.#u, this.#v]) forget(module, name);
  }
}

const normed = new RecomputedFields<SpectralNorm>();

/**
 * Divides a weight of the module by its largest singular value, σ, before each forward: the module then stretches no vector. The parameter
 * is `weightOrig`; the buffers `weightU` and `weightV` are singular vectors, brought nearer by power iteration in each forward in
 * training. Returns the module. `nn.utils.parametrizations.spectralNorm` is the newer form. Mirrors `torch.nn.utils.spectral_norm`
 * (Miyato et al. 2018, https://arxiv.org/abs/1802.05957).
 * @throws if the module has no such parameter, or it is normalized already
 * @example
 * const layer = nn.utils.spectralNorm(new nn.Linear(3, 2));
 * for (let i = 0; i < 20; i++) layer.forward(zeros([1, 3]));
 * console.log(linalg.matrixNorm(layer.weight, 2).item().toFixed(3), Object.keys(layer.stateDict()));
 */
export function spectralNorm<M extends Module>(module: M, name = "weight", options?: SpectralNormOptions): M {
  const { nPowerIterations, eps, dim } = readOptions(options, spectralDefaults);
  const twice = () => `Cannot register two spectral_norm hooks on the same parameter ${name}`;
  check(normed.get(module, name) === undefined, twice);
  const norm = new SpectralNorm(name, nPowerIterations, eps, outputDim(module, dim));
  const weight = parameterIn(module, name, "SpectralNorm", "spectral normalization");
  norm.begin(module, weight);
  forget(module, name);
  setField(module, name, detach(weight));
  normed.add(module, name, norm, (hooked) => norm.weight(hooked));
  return module;
}

/**
 * Undoes spectralNorm: the weight is a parameter again, a new one, of the present value. Mirrors `torch.nn.utils.remove_spectral_norm`.
 * @throws unless it is normalized
 * @example nn.utils.removeSpectralNorm(nn.utils.spectralNorm(new nn.Linear(2, 3))).weight.shape
 */
export function removeSpectralNorm<M extends Module>(module: M, name = "weight"): M {
  const norm = normed.get(module, name);
  check(norm !== undefined, () => `spectral_norm of '${name}' not found in ${module}`);
  const weight = noGrad(() => norm.weight(module, false));
  normed.remove(module, name);
  norm.forget(module);
  forget(module, name);
  module.registerParameter(name, new Parameter(weight));
  return module;
}
