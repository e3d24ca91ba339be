/** Weights as a direction and a length, which are learned apart. */
import { noGrad } from "../autograd/grad-mode.ts";
import { detach } from "../autograd/op.ts";
import { div, mul } from "../autograd/ops/elementwise.ts";
import { norm } from "../autograd/ops/reduction.ts";
import { reshape, transpose } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { type Int, normalizeDim } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { forget, type Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { parameterIn, RecomputedFields, setField } from "./recomputed.ts";

/** What weightNorm may be told. */
export interface WeightNormOptions {
  /** The dimension of which each slice has a length of its own; null for one length of the whole weight. Default: 0. */
  dim?: Int | null;
}

/** The lengths of the slices of v along a dimension, with v's rank; as PyTorch's, -1 is all of v, too. */
function lengths(v: Tensor, dim: number | null): Tensor {
  if (dim === null || dim === -1) return norm(v);
  const d = normalizeDim(dim, v.ndim);
  const slices = reshape(transpose(v, 0, d), [v.shape[d], -1]);
  return reshape(
    norm(slices, 2, 1),
    v.shape.map((size, k) => (k === d ? size : 1)),
  );
}

/** w = g · v / ‖v‖ */
class WeightNorm {
  readonly #g: string;
  readonly #v: string;
  readonly #dim: number | null;

  constructor(name: string, dim: number | null) {
    this.#g = `${name}G`;
    this.#v = `${name}V`;
    this.#dim = dim;
  }

  /** Gives the module a length and a direction in the place of a weight. */
  split(module: Module, weight: Tensor): void {
    const g = noGrad(() => lengths(weight, this.#dim));
    module.registerParameter(this.#g, new Parameter(g));
    module.registerParameter(this.#v, new Parameter(detach(weight)));
  }

  weight(module: Module): Tensor {
    const [g, v]: Tensor[] = [Reflect.get(module, this.#g), Reflect.get(module, this.#v)];
    return mul(v, div(g, lengths(v, this.#dim)));
  }

  forget(module: Module): void {
    forget(module, this.#g);
    forget(module, this.#v);
  }
}

const normed = new RecomputedFields<WeightNorm>();

/**
 * Splits a weight of the module: w = g · v / ‖v‖, computed before each forward from the parameters `weightG`, its length, and `weightV`,
 * its direction, in a state dict `weight_g` and `weight_v`. Returns the module. Mirrors `torch.nn.utils.weight_norm` (Salimans & Kingma
 * 2016, https://arxiv.org/abs/1602.07868).
 * @throws if the module has no such parameter, or it is split already
 * @example
 * const layer = nn.utils.weightNorm(new nn.Linear(20, 40));
 * console.log(layer.namedParameters().map(([name, { shape }]) => `${name} ${shape}`));
 */
export function weightNorm<M extends Module>(module: M, name = "weight", options?: WeightNormOptions): M {
  const { dim } = readOptions(options, { dim: 0 });
  const twice = () => `Cannot register two weight_norm hooks on the same parameter ${name}`;
  check(normed.get(module, name) === undefined, twice);
  const weight = parameterIn(module, name, "WeightNorm", "weight normalization");
  const norm = new WeightNorm(name, dim);
  norm.split(module, weight);
  forget(module, name);
  setField(module, name, norm.weight(module));
  normed.add(module, name, norm, (hooked) => norm.weight(hooked));
  return module;
}

/**
 * Undoes weightNorm: the weight is one parameter again, a new one, of the present value. Mirrors `torch.nn.utils.remove_weight_norm`.
 * @throws unless the weight was split
 * @example nn.utils.removeWeightNorm(nn.utils.weightNorm(new nn.Linear(2, 3))).weight.shape
 */
export function removeWeightNorm<M extends Module>(module: M, name = "weight"): M {
  const norm = normed.get(module, name);
  check(norm !== undefined, () => `weight_norm of '${name}' not found in ${module}`);
  const weight = noGrad(() => norm.weight(module));
  normed.remove(module, name);
  norm.forget(module);
  forget(module, name);
  module.registerParameter(name, new Parameter(weight));
  return module;
}
