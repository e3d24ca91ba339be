/** What all pruning shares: a parameter is multiplied by a mask before each forward, and a mask can be made smaller again. */
import { noGrad } from "../autograd/grad-mode.ts";
import { detach } from "../autograd/op.ts";
import { eq, ne } from "../autograd/ops/compare.ts";
import { mul } from "../autograd/ops/elementwise.ts";
import { indexSelect } from "../autograd/ops/indexing.ts";
import { nonzero } from "../autograd/ops/logical.ts";
import { maskedSelect } from "../autograd/ops/masks.ts";
import { indexCopy, maskedScatter } from "../autograd/ops/picking.ts";
import { sum } from "../autograd/ops/reduction.ts";
import { clone, reshape, to } from "../autograd/ops/shape.ts";
import { become } from "../tensor/become.ts";
import { check } from "../tensor/check.ts";
import { onesLike } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import type { Int } from "../tensor/shape.ts";
import { sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { typeName } from "../tensor/type-name.ts";
import { forget, type Module } from "./module.ts";
import type { Parameter } from "./parameter.ts";
import { fieldOf, parameterIn, RecomputedFields, setField } from "./recomputed.ts";

/** What pruning method acts on which field of which module. */
const pruned = new RecomputedFields<BasePruningMethod>();

export const isPrunedItself = (module: Module): boolean => pruned.has(module);

/** The mask that a parameter has already, if any. */
export const maskOf = (module: Module, name: string): Tensor | undefined =>
  pruned.get(module, name) && Reflect.get(module, `${name}Mask`);

/** What `prune` of a method may be told. */
export interface PruneOptions {
  /** The mask before, of ones and zeros. Default: null, ones. */
  defaultMask?: Tensor | null;
  /** How important each element is. Default: null, what is pruned itself. */
  importanceScores?: Tensor | null;
}

/** What a pruning method is shown: all that is left, in a row; all slices of which something is left; or everything. */
export type PruningType = "unstructured" | "structured" | "global";

/** A class of pruning methods. */
export type PruningMethodClass<Args extends unknown[] = never[]> = new (...args: Args) => BasePruningMethod;

/**
 * The base of all pruning methods: a subclass says its type and computes a mask. Mirrors `torch.nn.utils.prune.BasePruningMethod`.
 * @example
 * class EveryOther extends nn.utils.prune.BasePruningMethod {
 *   readonly pruningType = "unstructured";
 *   override computeMask(x: Tensor, defaultMask: Tensor): Tensor {
 *     return defaultMask.mul(arange(x.numel).remainder(2).view(x.shape));
 *   }
 * }
 * const layer = new nn.Linear(4, 1);
 * EveryOther.apply(layer, "weight");
 * console.log(layer.getBuffer("weight_mask"));
 */
export abstract class BasePruningMethod {
  /** What `computeMask` is shown of a parameter that was pruned before. */
  abstract readonly pruningType: PruningType;
  /** The name of the parameter that it acts on. */
  tensorName: string | null = null;
  /** Of a structured method: the dimension of which it prunes slices. */
  readonly dim?: Int;

  /**
   * Ones where x is kept, zeros where not.
   * @param x the parameter, or its importance
   * @param defaultMask the mask before, of x's shape
   */
  abstract computeMask(x: Tensor, defaultMask: Tensor): Tensor;

  /** The parameter times its mask. @throws unless the module was pruned */
  applyMask(module: Module): Tensor {
    const { tensorName: name } = this;
    check(name !== null, () => `Module ${module} has to be pruned`);
    const [mask, original] = [fieldOf(module, `${name}Mask`), fieldOf(module, `${name}Orig`)] as Tensor[];
    return mul(to(mask, original.dtype), original);
  }

  /** x times the mask that is computed for it; no module is changed. */
  prune(x: Tensor, options?: PruneOptions): Tensor {
    const { defaultMask, importanceScores } = readOptions(options, { defaultMask: null, importanceScores: null });
    const scores = importanceScores ?? x;
    check(sameShape(scores.shape, x.shape), "importance_scores should have the same shape as tensor t");
    return mul(x, this.computeMask(scores, defaultMask ?? onesLike(x)));
  }

  /** Makes the parameter what is left of it, for good. @throws unless the module was pruned */
  remove(module: Module): void {
    const { tensorName: name } = this;
    check(name !== null, () => `Module ${module} has to be pruned before pruning can be removed`);
    const weight = noGrad(() => this.applyMask(module));
    const original = fieldOf(module, `${name}Orig`) as Parameter;
    become(original, weight);
    pruned.remove(module, name);
    for (const field of [name, `${name}Orig`, `${name}Mask`]) forget(module, field);
    module.registerParameter(name, original);
  }

  /** Prunes a parameter of a module by a method of this class, made of these arguments. */
  static apply<Args extends unknown[]>(
    this: PruningMethodClass<Args>,
    module: Module,
    name: string,
    ...args: Args
  ): BasePruningMethod {
    return applyMethod(module, name, new this(...args));
  }
}

/** Prunes by a method; what was pruned before is pruned by a container of all methods. Returns what prunes from now on. */
export function applyMethod(
  module: Module,
  name: string,
  method: BasePruningMethod,
  importanceScores: Tensor | null = null,
): BasePruningMethod {
  const isMethod = method instanceof BasePruningMethod && typeof method.computeMask === "function";
  check(isMethod, "a pruning method is of a class that extends BasePruningMethod and has a computeMask", TypeError);
  const before = pruned.get(module, name);
  method.tensorName = name;
  const acting = before
    ? new PruningContainer(...(before instanceof PruningContainer ? before : [before]), method)
    : method;
  const weight = before ? (fieldOf(module, name) as Tensor) : parameterIn(module, name, "prune", "pruning");
  const scores = importanceScores ?? weight;
  const otherShape = () => `importance_scores should have the same shape as parameter ${name} of ${module}`;
  check(sameShape(scores.shape, weight.shape), otherShape);
  const known = maskOf(module, name);
  const mask = noGrad(() => acting.computeMask(detach(scores), known ? clone(known) : onesLike(weight)));
  if (!before) {
    forget(module, name);
    module.registerParameter(`${name}Orig`, weight as Parameter);
  }
  module.registerBuffer(`${name}Mask`, mask);
  setField(module, name, acting.applyMask(module));
  pruned.add(module, name, acting, (hooked) => acting.applyMask(hooked));
  return acting;
}

/** Undoes the hook of a pruned parameter, which keeps what is left. @throws unless it was pruned */
export function removePruning(module: Module, name: string): void {
  const method = pruned.get(module, name);
  const never = () => `Parameter '${name}' of module ${module} has to be pruned before pruning can be removed`;
  check(method !== undefined, never);
  method.remove(module);
}

/**
 * Several methods on one parameter, each of which prunes what those before have left. Mirrors
 * `torch.nn.utils.prune.PruningContainer`.
 * @example
 * const layer = new nn.Linear(4, 1);
 * const { L1Unstructured, RandomUnstructured } = nn.utils.prune;
 * L1Unstructured.apply(layer, "weight", 1);
 * const container = RandomUnstructured.apply(layer, "weight", 1);
 * console.log(container.constructor.name, layer.getBuffer("weight_mask").sum());
 */
export class PruningContainer extends BasePruningMethod {
  readonly pruningType = "global";
  protected readonly methods: BasePruningMethod[] = [];

  constructor(...methods: BasePruningMethod[]) {
    super();
    this.tensorName = methods[0]?.tensorName ?? null;
    for (const method of methods) this.addPruningMethod(method);
  }

  /** Adds a method, which prunes from now on. @throws for what acts on another parameter */
  addPruningMethod(method: BasePruningMethod): void {
    const other = () => `${typeName(method)} is not a BasePruningMethod subclass`;
    check(method instanceof BasePruningMethod, other, TypeError);
    const otherName = () =>
      `Can only add pruning methods acting on the parameter named '${this.tensorName}' to PruningContainer. ` +
      `Found '${method.tensorName}'`;
    check(method.tensorName === this.tensorName, otherName);
    this.methods.push(method);
  }

  /** How many there are. */
  get length(): number {
    return this.methods.length;
  }

  /** Method number i; -1 is the last. @throws if there is none */
  at(i: Int): BasePruningMethod {
    const method = this.methods.at(i);
    check(method !== undefined, () => `index ${i} is out of range: there are ${this.length} methods`, RangeError);
    return method;
  }

  [Symbol.iterator](): Iterator<BasePruningMethod> {
    return this.methods[Symbol.iterator]();
  }

  /** The mask after the last method, which sees what the mask before has left. */
  override computeMask(x: Tensor, defaultMask: Tensor): Tensor {
    const method = this.at(-1);
    const mask = to(defaultMask, x.dtype);
    switch (method.pruningType) {
      case "unstructured": {
        const isLeft = eq(mask, 1);
        const part = method.computeMask(maskedSelect(x, isLeft), maskedSelect(mask, isLeft));
        return maskedScatter(mask, isLeft, to(part, x.dtype));
      }
      case "structured": {
        const dim = dimOf(method, x.ndim);
        const others = mask.shape.map((_, d) => d).filter((d) => d !== dim);
        const left = reshape(nonzero(ne(sum(mask, others), 0)), [-1]);
        const part = method.computeMask(indexSelect(x, dim, left), indexSelect(mask, dim, left));
        return indexCopy(mask, dim, left, to(part, x.dtype));
      }
      case "global":
        return to(method.computeMask(x, mask), x.dtype);
      default:
        throw new Error(`Unrecognized PRUNING_TYPE ${method.pruningType}`);
    }
  }
}

function dimOf({ dim }: BasePruningMethod, ndim: number): number {
  const missing = 'Pruning methods of PRUNING_TYPE "structured" need to have the attribute `dim` defined.';
  check(dim !== undefined, missing);
  const counted = dim < 0 ? dim + ndim : dim;
  check(counted >= 0, () => `Index is out of bounds for tensor with dimensions ${ndim}`, RangeError);
  return counted;
}
