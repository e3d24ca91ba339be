/**
 * Module: a piece of a network that knows its own parameters, buffers and child modules.
 *
 * No parameter is registered. A module looks at its own fields: a Parameter is trained, a Module is a child, and so are those in
 * arrays, sets, maps and plain objects. Any other Tensor is state only if it was registered as a buffer, and a #private field
 * is nobody's business. What a field held stays what it is: where a parameter was, no other tensor can be. A field's name in a
 * state dict is PyTorch's: `runningMean` is `running_mean`.
 */
import { detach } from "../autograd/op.ts";
import { check } from "../tensor/check.ts";
import type { DType } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { Tensor } from "../tensor/tensor.ts";
import { typeName } from "../tensor/type-name.ts";
import { castTensors } from "./casting.ts";
import { type Begun, type Copied, deepCopy } from "./copy.ts";
import { checkName, checkOwnCopy, contentsOf, hiddenItems, join, type Kind, snakeCase } from "./fields.ts";
import { buffers, children, type Holding, parameters, valuesOf } from "./holdings.ts";
import { copyHooks, hooksWhenLoaded } from "./module-hooks.ts";
import { textOf } from "./module-text.ts";
import { type BufferOptions, Parameter } from "./parameter.ts";
import {
  extraState,
  type IncompatibleKeys,
  type LoadStateDictOptions,
  loadState,
  type Part,
  type StateDict,
} from "./state-dict.ts";
import { distinct, type Named, type RecurseOptions, walk } from "./walk.ts";

/** Takes a parameter or buffer out of the module that holds it: its place may get other things, or nothing. */
export let forget: (module: Module, name: string) => void;

/**
 * The base of all layers and networks: write a constructor and a forward. Mirrors `torch.nn.Module`.
 * @example
 * class Net extends nn.Module {
 *   readonly hidden = new nn.Linear(2, 8);
 *   readonly output = new nn.Linear(8, 1);
 *   override forward(x: Tensor): Tensor {
 *     return this.output.forward(this.hidden.forward(x).relu());
 *   }
 * }
 * const net = new Net();
 * console.log(net, net.forward(zeros([5, 2])).shape);
 * console.log(net.namedParameters().map(([name, { shape }]) => `${name} ${shape}`));
 * net.eval(); // as train(false)
 * console.log(net.training, net.hidden.training);
 */
export abstract class Module {
  /** Whether layers such as batch norm behave as in training. Set by train() and eval(). */
  training = true;

  /** Computes the output. What it takes and what it returns is the subclass's to say: tensors, pairs, options, numbers. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever a subclass says, it is a Module
  abstract forward(...inputs: any[]): any;

  /** What is, or was, at a field or a place in it: nothing else can be there later. */
  readonly #kinds = new Map<string, Kind>();
  /** The fields of buffers that are not in the state dict. */
  readonly #transient = new Set<string>();

  static {
    forget = (module, name) => {
      module.#kinds.delete(name);
      module.#transient.delete(name);
      Reflect.deleteProperty(module, name);
    };
  }

  /**
   * Makes a tensor state that is not trained, such as a running average: it is in the state dict, unless told otherwise. Its field
   * may get other tensors later. Mirrors `torch.nn.Module.register_buffer`.
   * @example
   * class Center extends nn.Module {
   *   mean = this.registerBuffer("mean", zeros([2]));
   *   override forward(x: Tensor): Tensor {
   *     this.mean = x.mean(0);
   *     return x.sub(this.mean);
   *   }
   * }
   * const center = new Center();
   * center.forward(tensor([[1, 2], [3, 4]]));
   * console.log(center.stateDict());
   */
  registerBuffer<Buffer extends Tensor | null>(name: string, buffer: Buffer, options?: BufferOptions): Buffer {
    const { persistent } = readOptions(options, { persistent: true });
    if (persistent) this.#transient.delete(name);
    else this.#transient.add(name);
    return this.#register("buffer", name, buffer);
  }

  /**
   * Puts a parameter into a field, or null if there is none: it is then no place for other tensors. A field that holds a parameter
   * need not be registered. Mirrors `torch.nn.Module.register_parameter`.
   */
  registerParameter<P extends Parameter | null>(name: string, parameter: P): P {
    return this.#register("parameter", name, parameter);
  }

  #register<T>(kind: Kind, name: string, value: T): T {
    checkName(kind, name);
    this.#kinds.set(name, kind);
    this.#holds([name], value);
    Object.assign(this, { [name]: value });
    return value;
  }

  /** What a container holds beside its fields, under these names. */
  protected items(): Iterable<readonly [name: string, item: unknown]> {
    return [];
  }

  [hiddenItems](): unknown {
    return null;
  }

  /** What this module holds itself. @throws if something is where it cannot be, or two things have one name */
  #look(): Holding<Module>[] {
    const held: Holding<Module>[] = [];
    const fields = Object.entries(this).map(([field, value]) => [snakeCase(field), field, value] as const);
    const items = Array.from(this.items(), ([name, item]) => [name, name, item] as const);
    const fieldOf = new Map<string, string>();
    for (const [name, field, value] of [...items, ...fields]) {
      const before = held.length;
      for (const { path, value: content } of contentsOf(field, value)) {
        if (!this.#holds(path, content)) continue;
        const isPersistent = content instanceof Parameter || !this.#transient.has(field);
        held.push({ name: [name, ...path.slice(1)].join("."), value: content, isPersistent });
      }
      if (held.length === before) continue;
      const twice = () =>
        `"${fieldOf.get(name)}" and "${field}" of ${this.constructor.name} are both "${name}" in a state dict: rename one`;
      check(!fieldOf.has(name), twice);
      fieldOf.set(name, field);
    }
    return held;
  }

  /** Whether what is at a place is part of this module. @throws if it cannot be there */
  #holds(path: readonly string[], value: unknown): value is Tensor | Module {
    const place = path.join(".");
    if (value instanceof Parameter) this.#kinds.set(place, "parameter");
    if (value instanceof Module) this.#kinds.set(place, "module");
    const kind = this.#kinds.get(place);
    if (!kind || value === null || value === undefined) {
      checkOwnCopy(place, value);
      return false;
    }
    const [Expected, what, expected] = expectations[kind];
    const advice = kind === "parameter" && value instanceof Tensor ? ": new nn.Parameter(…) makes one" : "";
    const lost = () =>
      `cannot assign '${typeName(value)}' as ${what} '${place}' (${expected} or None expected)${advice}`;
    check(value instanceof Expected, lost, TypeError);
    for (const key of path) checkName(kind, key);
    return true;
  }

  /** This module and all below it, parents first, also as often as they are reached. */
  #tree(): Named<Module>[] {
    const visits = walk<Module>(this, (module) => module.namedChildren());
    return visits.flatMap(({ name, module, isEnd }): Named<Module>[] => (isEnd ? [] : [[name, module]]));
  }

  /** What is picked of the holdings of this module and, unless told otherwise, of all below it. */
  #collect<T>(pick: (held: Holding<Module>[]) => Named<T>[], options?: RecurseOptions): Named<T>[] {
    const { recurse } = readOptions(options, { recurse: true });
    const modules: Named<Module>[] = recurse ? this.#tree() : [["", this]];
    return modules.flatMap(([prefix, module]) =>
      pick(module.#look()).map(([name, value]): Named<T> => [join(prefix, name), value]),
    );
  }

  /** This module's own child modules, by name. */
  namedChildren(): [name: string, child: Module][] {
    return children(this.#look());
  }

  /** This module's own child modules. */
  children(): Module[] {
    return valuesOf(distinct(this.namedChildren()));
  }

  /** This module and all below it, parents first. One that is reached twice is listed once, as is a shared parameter. */
  namedModules(): [name: string, module: Module][] {
    return distinct(this.#tree());
  }

  /** This module and all below it, each once. */
  modules(): Module[] {
    return valuesOf(this.namedModules());
  }

  /** The module of that name, such as `encoder.layers.0`; "" is this one. @throws if there is none */
  getSubmodule(target: string): Module {
    return this.#named(target, this.#tree(), "module");
  }

  /** The parameter of that name, such as `fc1.weight`. @throws if there is none */
  getParameter(target: string): Parameter {
    return this.#named(target, this.#collect(parameters), "parameter");
  }

  /** The buffer of that name, such as `norm.running_mean`. @throws if there is none */
  getBuffer(target: string): Tensor {
    return this.#named(target, this.#collect(buffers), "buffer");
  }

  #named<T>(target: string, entries: Named<T>[], kind: Kind): T {
    const found = entries.find(([name]) => name === target);
    check(found !== undefined, () => `${this.constructor.name} has no attribute \`${target}\` that is a ${kind}`);
    return found[1];
  }

  /** What is to be trained, here and below. */
  namedParameters(options?: RecurseOptions): [name: string, parameter: Parameter][] {
    return distinct(this.#collect(parameters, options));
  }

  /** What an optimizer is given. */
  parameters(options?: RecurseOptions): Parameter[] {
    return valuesOf(this.namedParameters(options));
  }

  /** What was registered as a buffer, here and below: state that is not trained. */
  namedBuffers(options?: RecurseOptions): [name: string, buffer: Tensor][] {
    return distinct(this.#collect(buffers, options));
  }

  /** The tensors of namedBuffers. */
  buffers(options?: RecurseOptions): Tensor[] {
    return valuesOf(this.namedBuffers(options));
  }

  /** The parameters that this module holds itself, then its buffers, but for those that are not in a state dict. */
  #tensors(): Named<Tensor>[] {
    const held = this.#look();
    return [...parameters(held), ...buffers(held.filter(({ isPersistent }) => isPersistent))];
  }

  /** Switches this module and all below it to training, or with false to evaluation. */
  train(mode = true): this {
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  /** The same as train(false). */
  eval(): this {
    return this.train(false);
  }

  /** Forgets all gradients. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = null;
  }

  /** Whether the parameters are to be trained. */
  requiresGrad_(value = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = value;
    return this;
  }

  /** Makes parameters, gradients and buffers float32 or float64, but for whole numbers. They stay the objects that an optimizer has. */
  to(dtype: DType): this {
    castTensors([...this.parameters(), ...this.buffers()], dtype);
    return this;
  }

  /** The same as to("float32"). */
  float(): this {
    return this.to("float32");
  }

  /** The same as to("float64"). */
  double(): this {
    return this.to("float64");
  }

  /** Calls `change` on every module, children first: to initialise weights, for example. */
  apply(change: (module: Module) => void): this {
    const visits = walk<Module>(this, (module) => distinct(module.namedChildren()));
    for (const { module, isEnd } of visits) if (isEnd) change(module);
    return this;
  }

  /**
   * The parameters and buffers, in PyTorch's order and under its names, which share memory with the module; and what `getExtraState`
   * of a module gives, after its own.
   */
  stateDict(): StateDict {
    const entries = this.#tree().flatMap(([prefix, module]) => {
      const own: Named<unknown>[] = module.#tensors().map(([name, value]) => [name, detach(value)]);
      if (module.getExtraState !== Module.prototype.getExtraState) own.push([extraState, module.getExtraState()]);
      return own.map(([name, value]) => [join(prefix, name), value]);
    });
    return Object.fromEntries(entries);
  }

  /**
   * Copies a state dict's values into this module.
   *
   * @returns the names that only one side has
   * @throws, before anything is changed, if a shape differs or, when strict, if the names do
   */
  loadStateDict(state: StateDict, options?: LoadStateDictOptions): IncompatibleKeys {
    const { strict } = readOptions(options, { strict: true });
    const older: StateDict = {};
    const parts = walk<Module>(this, (module) => module.namedChildren()).map(({ name, module, isEnd }): Part => {
      const prefix = name && `${name}.`;
      const own: Named<Tensor | ((state: unknown) => void)>[] = isEnd ? [] : module.#tensors();
      const takesMore = !isEnd && module.setExtraState !== Module.prototype.setExtraState;
      if (takesMore) own.push([extraState, (given) => module.setExtraState(given)]);
      for (const [key, value] of Object.entries(module.olderState())) older[prefix + key] = value;
      const hooks = hooksWhenLoaded(module).map((hook) => (keys: IncompatibleKeys) => hook(module, keys));
      return { prefix, isEnd, own: new Map(own.map(([key, value]) => [prefix + key, value])), hooks };
    });
    return loadState(parts, { ...older, ...state }, this.constructor.name, strict);
  }

  /**
   * What a class keeps beside its tensors: what it returns is in the state dict, at `_extra_state`. Mirrors
   * `torch.nn.Module.get_extra_state`.
   * @example
   * class Counting extends nn.Identity {
   *   calls = 3;
   *   override getExtraState = () => ({ calls: this.calls });
   *   override setExtraState = ({ calls }: { calls: number }) => void (this.calls = calls);
   * }
   * console.log(new Counting().stateDict());
   */
  getExtraState(): unknown {
    throw new Error("Reached a code path in Module.get_extra_state() that should never be called.");
  }

  /** Is given what `getExtraState` gave, when a state dict is loaded. Mirrors `torch.nn.Module.set_extra_state`. */
  // biome-ignore lint/suspicious/noExplicitAny: a class says what it gave
  setExtraState(_state: any): void {
    throw new Error("Reached a code path in Module.set_extra_state() that should never be called.");
  }

  /** What states of older versions of this module do not have, by name, and what then stands for it. */
  protected olderState(): StateDict {
    return {};
  }

  /**
   * This module again, with copies of all that it holds: of the parameters, their gradients, the buffers and the modules below it.
   * What is shared in it is shared in the copy, the same hooks are called, and the constructor of its class does not run: `#private`
   * fields of a class of one's own are not there. Mirrors Python's `copy.deepcopy`.
   * @example
   * const net = new nn.Linear(2, 1);
   * const target = net.deepcopy();
   * nn.init.zeros_(net.weight);
   * console.log(net.weight, target.weight); // as it was
   */
  deepcopy(): this {
    return deepCopy(this, (value, copied) => (value instanceof Module ? value.#copy(copied) : null));
  }

  #copy(copied: Copied): Begun {
    const copy: Module = this.emptied(copied);
    for (const [place, kind] of this.#kinds) copy.#kinds.set(place, kind);
    for (const field of this.#transient) copy.#transient.add(field);
    const fill = () => {
      Object.assign(copy, Object.fromEntries(Object.entries(this).map(([field, value]) => [field, copied(value)])));
      copyHooks(this, copy);
    };
    return { copy, fill };
  }

  /** A module of the same class without its fields. A class whose items are #private makes it of copies of these. */
  protected emptied(_copied: Copied): Module {
    return Reflect.construct(Module, [], this.constructor) as Module;
  }

  /** The settings that are printed between the parentheses. */
  extraRepr(): string {
    return "";
  }

  /** The text that PyTorch prints: the class, its settings, and its children indented. */
  toString(): string {
    return textOf<Module>(this, Module.prototype.toString);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** What may be where something was, and PyTorch's words for both. */
const expectations = {
  parameter: [Parameter, "parameter", "torch.nn.Parameter"],
  buffer: [Tensor, "buffer", "torch.Tensor"],
  module: [Module, "child module", "torch.nn.Module"],
} as const;
