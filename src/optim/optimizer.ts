/**
 * What all optimizers share: groups of parameters with their own settings, and a state for each parameter.
 * An optimizer sees tensors with a gradient; it knows nothing of modules.
 */
import { enableGrad, noGrad } from "../autograd/grad-mode.ts";
import { add, neg } from "../autograd/ops/elementwise.ts";
import { changeElements, copyOf } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { zerosLike } from "../tensor/create.ts";
import type { TypedArray } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { gradientOf, operandOf, Tensor } from "../tensor/tensor.ts";
import { typeName } from "../tensor/type-name.ts";

/** Parameters that are trained with the same settings. The learning rate at the start is noted by the first schedule. */
export type ParamGroup<Settings> = Settings & { params: Tensor[]; initialLr?: number };

/** The parameters, or groups of them, each with the settings in which it differs from the defaults. */
export type Params<Settings> = Iterable<Tensor> | Iterable<Partial<Settings> & { params: Iterable<Tensor> }>;

/** What an optimizer remembers of one parameter, such as `momentum_buffer`. */
export type ParamState = Record<string, Tensor>;

/** Plain objects and tensors, laid out as PyTorch's. Parameters are counted through all groups. */
export interface OptimizerState<Settings> {
  /** What is remembered of each parameter, by its number. */
  state: Record<string, ParamState>;
  /** The settings of each group, and the numbers of its parameters. */
  paramGroups: (Settings & { params: number[] })[];
}

/** What `zeroGrad` may be told. */
export interface ZeroGradOptions {
  /** False fills gradients with zeros instead, so that the next step is not skipped. Default: true. */
  setToNull?: boolean;
}

/**
 * The base of all optimizers: a subclass writes update(). Mirrors `torch.optim.Optimizer`.
 * @example
 * const [weight, bias] = [tensor([1, 2], { requiresGrad: true }), tensor([0], { requiresGrad: true })];
 * const optimizer = new optim.SGD([{ params: [weight], weightDecay: 0.1 }, { params: [bias] }], { lr: 0.5 });
 * optimizer.zeroGrad();
 * weight.sum().add(bias).sum().backward();
 * optimizer.step();
 * console.log(weight, bias);
 * optimizer.paramGroups[1].lr = 0.01;
 * console.log(optimizer.stateDict().paramGroups.map(({ lr, params }) => ({ lr, params })));
 */
export abstract class Optimizer<Settings extends object> {
  /** May be changed between steps: `optimizer.paramGroups[0].lr = 0.001`. */
  readonly paramGroups: ParamGroup<Settings>[] = [];
  protected readonly state = new Map<Tensor, ParamState>();
  readonly #defaults: Required<Settings>;

  /** Trains these parameters. @throws if there are none, one is not a leaf tensor, or one is there twice */
  constructor(params: Params<Settings>, defaults: Required<Settings>) {
    this.#defaults = defaults;
    const entries = [...(params as Iterable<Tensor | (Partial<Settings> & { params: Iterable<Tensor> })>)];
    check(
      entries.length > 0,
      "optimizer got an empty parameter list: a model's parameters are in its fields, but not in #private ones",
    );
    const isGroup = (entry: unknown) => typeof entry === "object" && entry !== null && "params" in entry;
    const groups = isGroup(entries[0]) ? entries : [{ params: entries }];
    for (const group of groups) this.addParamGroup(group as Partial<Settings> & { params: Iterable<Tensor> });
  }

  /** Trains more parameters from now on. */
  addParamGroup(group: Partial<Settings> & { params: Iterable<Tensor> }): void {
    const hasParams = typeof group.params === "object" && Symbol.iterator in group.params;
    check(hasParams, "a parameter group must have params: { params: model.parameters() }", TypeError);
    const params = [...group.params];
    const settings = { ...group, ...readOptions(group as Settings, this.#defaults), params };
    const known = new Set(this.#params);
    for (const param of params) {
      const notTensor = () => `optimizer can only optimize Tensors, but one of the params is ${typeName(param)}`;
      check(param instanceof Tensor, notTensor, TypeError);
      check(param.isLeaf, "can't optimize a non-leaf Tensor: take those that it is computed from, or its detach()");
      check(!known.has(param), "some parameters appear in more than one parameter group");
    }
    const duplicates =
      "optimizer contains a parameter group with duplicate parameters, which would be changed twice in a step";
    check(new Set(params).size === params.length, duplicates);
    this.checkSettings(settings);
    this.paramGroups.push(settings);
  }

  /** @throws if a setting is out of range; unless a subclass knows more, if a number is negative */
  protected checkSettings(settings: Settings): void {
    const names = Object.keys(this.#defaults) as (keyof Settings & string)[];
    checkNotNegative(settings, ...names.filter((name) => typeof settings[name] === "number"));
  }

  /**
   * What is loaded to be remembered of parameter i.
   * @throws if it does not fit; unless a subclass knows more, if anything but a number has another shape
   */
  protected checkState(state: ParamState, param: Tensor, i: number): void {
    for (const [name, { shape }] of Object.entries(state)) {
      const misfit = () =>
        `size mismatch for ${name} of parameter ${i}: the shape in the loaded state dict is ${formatShape(shape)}, ` +
        `the shape of the parameter is ${formatShape(param.shape)}`;
      check(numbers.has(name) || sameShape(shape, param.shape), misfit);
    }
  }

  /** Changes one parameter, which has a gradient. Runs unrecorded. */
  protected abstract update(param: Tensor, settings: Settings): void;

  /**
   * Updates every parameter that has a gradient.
   * @param closure computes the loss anew, for callers that want it returned
   */
  step(closure?: () => Tensor): Tensor | undefined {
    const loss = closure && enableGrad(closure);
    noGrad(() => {
      for (const group of this.paramGroups) {
        for (const param of group.params) {
          if (gradientOf(param)) this.update(param, group);
        }
      }
    });
    return loss;
  }

  /** Forgets all gradients. */
  zeroGrad(options?: ZeroGradOptions): void {
    const { setToNull } = readOptions(options, { setToNull: true });
    for (const param of this.#params) {
      if (setToNull) param.grad = null;
      else if (gradientOf(param)) param.grad = zerosLike(param);
    }
  }

  /** The settings of every group and the state of every parameter, copied: what is needed to go on later. */
  stateDict(): OptimizerState<Settings> {
    const params = this.#params;
    const state: Record<string, ParamState> = {};
    for (const [i, param] of params.entries()) {
      const own = this.state.get(param);
      if (own) state[i] = copied(own);
    }
    const paramGroups = this.paramGroups.map((group) => ({
      ...group,
      params: group.params.map((param) => params.indexOf(param)),
    }));
    return { state, paramGroups };
  }

  /** The parameters of all groups. */
  get #params(): Tensor[] {
    return this.paramGroups.flatMap(({ params }) => params);
  }

  /**
   * Goes on from a state dict of an optimizer of the same parameters; what it remembers gets their dtypes.
   * @throws, before anything is changed, if it has other groups, other settings or some out of range, or something of another shape than its
   * parameter
   */
  loadStateDict(dict: OptimizerState<Settings>): void {
    const groups = this.paramGroups;
    const otherCount = () =>
      "loaded state dict has a different number of parameter groups: " +
      `${dict.paramGroups.length}, and the optimizer ${groups.length}`;
    check(dict.paramGroups.length === groups.length, otherCount);
    for (const [g, group] of dict.paramGroups.entries()) {
      const otherSize = () =>
        "loaded state dict contains a parameter group that doesn't match the size of optimizer's group: " +
        `${group.params?.length} parameters, and the optimizer's group ${g} has ${groups[g].params.length}`;
      check(group.params?.length === groups[g].params.length, otherSize);
      const missing = Object.keys(this.#defaults).find((name) => !(name in group));
      const otherKind = () =>
        `loaded state dict has no ${missing} in parameter group ${g}: it is not of a ${this.constructor.name}`;
      check(missing === undefined, otherKind);
      this.checkSettings(group);
      for (const [i, param] of groups[g].params.entries()) {
        const own = dict.state[group.params[i]];
        if (own) this.checkState(own, param, this.#params.indexOf(param));
      }
    }
    for (const [g, { params: ids, ...settings }] of dict.paramGroups.entries()) {
      Object.assign(groups[g], settings);
      for (const [i, param] of groups[g].params.entries()) {
        const own = dict.state[ids[i]];
        if (own) this.state.set(param, inDTypeOf(param, own));
        else this.state.delete(param);
      }
    }
  }
}

/** What is one number for a whole parameter. */
const numbers: ReadonlySet<string> = new Set([
  ...["step", "mu_product", "eta", "mu"],
  ...["func_evals", "n_iter", "t", "prev_loss"],
]);

const copied = (state: ParamState): ParamState =>
  Object.fromEntries(Object.entries(state).map(([name, value]) => [name, copyOf(value)]));

/** A copy that fits the parameter: numbers stay what they are, so that a run goes on as it was. */
const inDTypeOf = ({ dtype }: Tensor, state: ParamState): ParamState =>
  Object.fromEntries(
    Object.entries(state).map(([name, value]) => [name, copyOf(value, numbers.has(name) ? value.dtype : dtype)]),
  );

/** What every optimizer may be told of each group. */
export interface DescentSettings {
  /** The learning rate, ≥ 0. Default: 1e-3, of Adagrad and RMSprop 1e-2. */
  lr: number;
  /** How much the parameters are pulled towards 0, ≥ 0. Default: 0, of AdamW 1e-2. */
  weightDecay: number;
  /** Ascends instead. Default: false. */
  maximize: boolean;
}

/** Lets `update` change the elements of a parameter by those of its gradient. */
export const updateElements = (param: Tensor, update: (elements: TypedArray, gradient: TypedArray) => void): void =>
  changeElements(param, (elements) => update(elements, operandOf(gradientFor(param))));

/** The gradient to go down: g = -grad if maximize, else grad; g ← g + weightDecay · p */
export function descended(param: Tensor, { weightDecay, maximize }: DescentSettings): Tensor {
  const grad = gradientFor(param);
  const g = maximize ? neg(grad) : grad;
  return weightDecay === 0 ? g : add(g, param, { alpha: weightDecay });
}

function gradientFor(param: Tensor): Tensor {
  const grad = gradientOf(param);
  check(grad !== null, "a parameter without a gradient cannot be updated");
  return grad;
}

/** @throws with PyTorch's words, unless each of these settings is 0 or more */
export function checkNotNegative<Settings>(settings: Settings, ...names: (keyof Settings & string)[]): void {
  for (const name of names) {
    const value = settings[name] as number;
    check(value >= 0, () => `Invalid ${words[name] ?? `${snakeCase(name)} value`}: ${value}`);
  }
}

const words: Readonly<Record<string, string>> = { lr: "learning rate", eps: "epsilon value" };

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
