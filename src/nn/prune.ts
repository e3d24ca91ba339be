/** The `nn.utils.prune` namespace: parameters of which a part is 0, and stays so. Mirrors `torch.nn.utils.prune`. */
import { noGrad } from "../autograd/grad-mode.ts";
import { cat, narrow } from "../autograd/ops/parts.ts";
import { reshape } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { onesLike } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import type { Int } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import {
  applyMethod,
  BasePruningMethod,
  isPrunedItself,
  maskOf,
  type PruneOptions,
  PruningContainer,
  type PruningMethodClass,
  type PruningType,
  removePruning,
} from "./pruning.ts";
import {
  CustomFromMask,
  Identity,
  L1Unstructured,
  LnStructured,
  RandomStructured,
  RandomUnstructured,
} from "./pruning-methods.ts";
import { fieldOf } from "./recomputed.ts";

export {
  BasePruningMethod,
  CustomFromMask,
  Identity,
  L1Unstructured,
  LnStructured,
  type PruneOptions,
  PruningContainer,
  type PruningMethodClass,
  type PruningType,
  RandomStructured,
  RandomUnstructured,
};

/** How much is pruned. */
export interface PruneAmount {
  /** How many elements or slices, as a whole number, so that 1 is one; or which share of them, below 1. */
  amount: number;
}

/** What decides how important an element is. */
export interface PruneImportance {
  /** Scores of the parameter's shape. Default: null, the parameter itself. */
  importanceScores?: Tensor | null;
}

/** Which slices are pruned. */
export interface PruneSlices {
  /** Along which dimension they lie one after the other. */
  dim: Int;
}

/** What l1Unstructured is told. */
export interface L1UnstructuredOptions extends PruneAmount, PruneImportance {}

/** What randomStructured is told. */
export interface RandomStructuredOptions extends PruneAmount, PruneSlices {}

/** What lnStructured is told. */
export interface LnStructuredOptions extends PruneAmount, PruneSlices, PruneImportance {
  /** By which norm slices are compared, as of `norm`. */
  n: number | "fro";
}

/**
 * Gives a parameter a mask of ones: nothing is pruned, but it can be. Returns the module. Mirrors `torch.nn.utils.prune.identity`.
 * @example Object.keys(nn.utils.prune.identity(new nn.Linear(2, 1), "weight").stateDict())
 */
export function identity<M extends Module>(module: M, name: string): M {
  applyMethod(module, name, new Identity());
  return module;
}

/**
 * Sets elements of a parameter to 0 by chance. The parameter is `weightOrig` then, in a state dict `weight_orig`, and the buffer
 * `weightMask`, `weight_mask`, is multiplied with it before each forward. Returns the module. Mirrors
 * `torch.nn.utils.prune.random_unstructured`.
 * @throws unless amount is a whole number up to the number of elements, or a share from 0 to 1
 * @example nn.utils.prune.randomUnstructured(new nn.Linear(4, 2), "weight", { amount: 3 }).weight.eq(0).sum()
 */
export function randomUnstructured<M extends Module>(module: M, name: string, options: PruneAmount): M {
  const { amount } = readOptions(options, { amount: options.amount });
  applyMethod(module, name, new RandomUnstructured(amount));
  return module;
}

/**
 * Sets the elements of a parameter that are nearest to 0, or least important, to 0. Returns the module. Mirrors
 * `torch.nn.utils.prune.l1_unstructured`.
 * @throws unless amount is a whole number up to the number of elements, or a share from 0 to 1
 * @example
 * const layer = new nn.Linear(2, 2);
 * nn.utils.vectorToParameters(tensor([1, -2, 3, -4]), [layer.weight]);
 * console.log(nn.utils.prune.l1Unstructured(layer, "weight", { amount: 0.5 }).weight);
 */
export function l1Unstructured<M extends Module>(module: M, name: string, options: L1UnstructuredOptions): M {
  const { amount, importanceScores } = readOptions(options, { amount: options.amount, importanceScores: null });
  applyMethod(module, name, new L1Unstructured(amount), importanceScores);
  return module;
}

/**
 * Sets slices of a parameter to 0 by chance. Returns the module. Mirrors `torch.nn.utils.prune.random_structured`.
 * @throws unless amount is a whole number up to the number of slices, or a share from 0 to 1; for a vector
 * @example nn.utils.prune.randomStructured(new nn.Linear(3, 4), "weight", { amount: 1, dim: 0 }).weight.eq(0).sum(1)
 */
export function randomStructured<M extends Module>(module: M, name: string, options: RandomStructuredOptions): M {
  const { amount, dim } = readOptions(options, { amount: options.amount, dim: options.dim });
  applyMethod(module, name, new RandomStructured(amount, dim));
  return module;
}

/**
 * Sets the slices of a parameter that are the smallest by a norm, or least important, to 0. Returns the module. Mirrors
 * `torch.nn.utils.prune.ln_structured`.
 * @throws unless amount is a whole number up to the number of slices, or a share from 0 to 1; for a vector
 * @example
 * const layer = new nn.Linear(2, 2);
 * nn.utils.vectorToParameters(tensor([3, 3, 0, 4]), [layer.weight]);
 * console.log(nn.utils.prune.lnStructured(layer, "weight", { amount: 1, n: 2, dim: 0 }).weight);
 */
export function lnStructured<M extends Module>(module: M, name: string, options: LnStructuredOptions): M {
  const { amount, n, dim, importanceScores } = readOptions(options, {
    amount: options.amount,
    n: options.n,
    dim: options.dim,
    importanceScores: null,
  });
  applyMethod(module, name, new LnStructured(amount, n, dim), importanceScores);
  return module;
}

/**
 * Sets a parameter to 0 where a mask is 0. Returns the module. Mirrors `torch.nn.utils.prune.custom_from_mask`.
 * @throws unless the mask has the parameter's shape
 * @example nn.utils.prune.customFromMask(new nn.Linear(2, 3), "bias", tensor([0, 1, 0])).bias?.eq(0)
 */
export function customFromMask<M extends Module>(module: M, name: string, mask: Tensor): M {
  applyMethod(module, name, new CustomFromMask(mask));
  return module;
}

/** What globalUnstructured is told. */
export interface GlobalUnstructuredOptions {
  /** A class such as `L1Unstructured`. */
  pruningMethod: PruningMethodClass<[amount: number]>;
  /** How many elements of all parameters together, as a whole number, or which share of them, below 1. */
  amount: number;
  /** Scores for each parameter, in their order; null for one that is its own. Default: null, for all. */
  importanceScores?: readonly (Tensor | null)[] | null;
}

/**
 * Prunes several parameters as if they were one: those that can best do without lose more. Mirrors
 * `torch.nn.utils.prune.global_unstructured`, whose importance scores are a dict.
 * @param parameters pairs of a module and the name of its parameter
 * @throws for a method that is not unstructured
 * @example
 * const net = new nn.Sequential(new nn.Linear(4, 4), new nn.Linear(4, 1));
 * const { globalUnstructured, L1Unstructured } = nn.utils.prune;
 * globalUnstructured([[net.at(0), "weight"], [net.at(1), "weight"]], { pruningMethod: L1Unstructured, amount: 10 });
 * console.log(nn.utils.parametersToVector(net.buffers()).eq(0).sum());
 */
export function globalUnstructured(
  parameters: Iterable<readonly [module: Module, name: string]>,
  options: GlobalUnstructuredOptions,
): void {
  const { pruningMethod, amount, importanceScores } = readOptions(options, {
    pruningMethod: options.pruningMethod,
    amount: options.amount,
    importanceScores: null,
  });
  const places = [...parameters].map(placeOf);
  const method = new pruningMethod(amount);
  check(method instanceof BasePruningMethod, "pruningMethod must be a class that extends BasePruningMethod", TypeError);
  const otherType = () =>
    'Only "unstructured" PRUNING_TYPE supported for the `pruning_method`. ' +
    `Found method ${pruningMethod.name} of type ${method.pruningType}`;
  check(method.pruningType === "unstructured", otherType, TypeError);
  const joined = (tensors: Tensor[]) => cat(tensors.map((x) => reshape(x, [x.numel])));
  const mask = noGrad(() => {
    const scores = joined(places.map(({ weight }, i) => importanceScores?.[i] ?? weight));
    const masks = joined(places.map(({ module, name, weight }) => maskOf(module, name) ?? onesLike(weight)));
    return new PruningContainer(method).computeMask(scores, masks);
  });
  let start = 0;
  for (const { module, name, weight } of places) {
    customFromMask(module, name, reshape(narrow(mask, 0, start, weight.numel), weight.shape));
    start += weight.numel;
  }
}

/** A pair with the parameter itself. @throws unless it is a pair */
function placeOf(pair: readonly [module: Module, name: string]) {
  const isPair = Array.isArray(pair) && pair[0] instanceof Module && typeof pair[1] === "string";
  check(isPair, "parameters are pairs of a module and the name of its parameter", TypeError);
  const [module, name] = pair;
  const weight = fieldOf(module, name);
  check(weight instanceof Tensor, () => `'${name}' of ${module.constructor.name} is no tensor`, TypeError);
  return { module, name, weight };
}

/**
 * Makes what is left of a pruned parameter the parameter itself, without a mask. Returns the module. Mirrors
 * `torch.nn.utils.prune.remove`.
 * @throws unless the parameter was pruned
 * @example
 * const layer = nn.utils.prune.l1Unstructured(new nn.Linear(2, 2), "weight", { amount: 1 });
 * console.log(Object.keys(nn.utils.prune.remove(layer, "weight").stateDict()), layer.weight.eq(0).sum());
 */
export function remove<M extends Module>(module: M, name: string): M {
  removePruning(module, name);
  return module;
}

/**
 * Whether any parameter of the module, or of one below it, is pruned. Mirrors `torch.nn.utils.prune.is_pruned`.
 * @example nn.utils.prune.isPruned(nn.utils.prune.identity(new nn.Linear(2, 1), "weight"))
 */
export const isPruned = (module: Module): boolean => module.modules().some(isPrunedItself);
