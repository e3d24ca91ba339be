/** Modules made of modules, and of parameters. */
import { check } from "../tensor/check.ts";
import { scalarName } from "../tensor/dtype.ts";
import { isPlain } from "../tensor/plain.ts";
import type { Int } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { typeName } from "../tensor/type-name.ts";
import type { Copied } from "./copy.ts";
import { checkName, hiddenItems } from "./fields.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { walk } from "./walk.ts";

/** Its items are named 0, 1, 2, …, unless the first have names of their own. */
abstract class NumberedItems<Item extends Module | Parameter> extends Module {
  #list: Item[];
  readonly #names: string[];

  constructor(items: Iterable<Item>, names: readonly string[] = []) {
    super();
    this.#list = [...items];
    this.#names = [...names];
  }

  protected override emptied(copied: Copied): Module {
    const copy: NumberedItems<Item> = Reflect.construct(NumberedItems, [[], this.#names], this.constructor);
    copy.#list = copied(this.#list);
    return copy;
  }

  /** From now on all are numbered: what moves among them keeps no name. */
  protected forgetNames(): void {
    this.#names.length = 0;
  }

  protected get list(): Item[] {
    return this.#list;
  }

  override [hiddenItems](): Item[] {
    return this.#list;
  }

  protected override items(): [name: string, item: Item][] {
    return this.list.map((item, i) => [this.#names[i] ?? String(i), item]);
  }

  /** How many there are. */
  get length(): number {
    return this.list.length;
  }

  /** Number i; -1 is the last. */
  at(i: Int): Item {
    const item = this.list.at(i);
    check(item !== undefined, () => `index ${i} is out of range: there are ${this.list.length}`, RangeError);
    return item;
  }

  [Symbol.iterator](): Iterator<Item> {
    return this.list[Symbol.iterator]();
  }
}

/** Modules in order, which may change. */
abstract class NumberedModules extends NumberedItems<Module> {
  /** Adds a module at the end. */
  append(module: Module): this {
    this.list.push(module);
    return this;
  }

  /** Adds several at the end. */
  extend(modules: Iterable<Module>): this {
    for (const module of [...modules]) this.list.push(module); // `modules` may be this list
    return this;
  }

  /** Puts a module before module i. */
  protected put(i: Int, module: Module): void {
    const count = this.list.length;
    check(i >= -count && i <= count, () => `Index out of range: ${i}, of ${count} modules`, RangeError);
    if (i !== count) this.forgetNames();
    this.list.splice(i, 0, module);
  }

  /** Takes module i out, the last if left out, and returns it. @throws if there is none */
  pop(i: Int = -1): Module {
    const module = this.at(i);
    this.forgetNames();
    this.list.splice(i, 1);
    return module;
  }
}

/**
 * Runs modules one after another. In a plain object, which is PyTorch's `OrderedDict`, they have names instead of numbers. Mirrors
 * `torch.nn.Sequential`.
 * @example
 * const model = new nn.Sequential(new nn.Linear(2, 8), new nn.ReLU(), new nn.Linear(8, 1));
 * console.log(model);
 * console.log(model.forward(zeros([5, 2])).shape);
 * console.log(new nn.Sequential({ conv: new nn.Conv2d(1, 2, 3), relu: new nn.ReLU() }));
 */
export class Sequential extends NumberedModules {
  /** Layers by name. */
  constructor(named: Readonly<Record<string, Module>>);
  /** Layers, whose names are 0, 1, … */
  constructor(...layers: Module[]);
  constructor(...given: [Readonly<Record<string, Module>>] | Module[]) {
    const [first] = given;
    const isNamed = given.length === 1 && !(first instanceof Module) && isPlain(first);
    if (!isNamed) super(given as Module[]);
    else {
      super(Object.values(first), Object.keys(first));
      for (const name of Object.keys(first)) checkName("module", name);
    }
  }

  override forward(x: Tensor): Tensor {
    const layers = this.list.some(isPlainSequential) ? Sequential.#layersIn(this) : this.list;
    let y = x;
    for (const layer of layers) y = layer.forward(y);
    return y;
  }

  /** Its layers, and in their places those of Sequentials: a network may be deeper than JavaScript's stack. */
  static #layersIn(root: Sequential): Module[] {
    const isOpened = (module: Module): module is Sequential => module === root || isPlainSequential(module);
    const visits = walk<Module>(root, (module) => (isOpened(module) ? module.items() : []));
    return visits.flatMap(({ module, isEnd }) => (isEnd || isOpened(module) ? [] : [module]));
  }

  /** Puts a module before module i; -1 is the last. @throws if there is no such place */
  insert(i: Int, module: Module): this {
    this.put(i, module);
    return this;
  }
}

/** Without hooks, and without a forward of its own. */
const isPlainSequential = (module: Module): module is Sequential =>
  module instanceof Sequential && module.forward === Sequential.prototype.forward;

/** What only holds modules leaves it to its owner how to run them. */
function refuseForward(module: Module): never {
  throw new Error(
    `Module [${module.constructor.name}] is missing the required "forward" function: ` +
      "call those of its modules, or take a Sequential, which calls them in order",
  );
}

/**
 * A list of modules, to be run as its owner likes. Mirrors `torch.nn.ModuleList`.
 * @example
 * const layers = new nn.ModuleList([new nn.Linear(2, 2), new nn.Linear(2, 2)]);
 * let x = ones([1, 2]);
 * for (const layer of layers) x = x.add(layer.forward(x)); // residual connections
 * console.log(layers, x.shape);
 */
export class ModuleList extends NumberedModules {
  constructor(modules: Iterable<Module> = []) {
    super(modules);
  }

  override forward(..._inputs: never[]): unknown {
    return refuseForward(this);
  }

  /** Puts a module before module i; -1 is the last. @throws if there is no such place */
  insert(i: Int, module: Module): void {
    this.put(i, module);
  }
}

/** Its items have names of their own, and stay in the order in which they came. */
abstract class NamedItems<Item extends Module | Parameter> extends Module {
  readonly #kind: "module" | "parameter";
  #map = new Map<string, Item>();

  constructor(kind: "module" | "parameter") {
    super();
    this.#kind = kind;
  }

  protected override emptied(copied: Copied): Module {
    const copy: NamedItems<Item> = Reflect.construct(NamedItems, [this.#kind], this.constructor);
    copy.#map = copied(this.#map);
    return copy;
  }

  protected override items(): Iterable<[name: string, item: Item]> {
    return this.#map;
  }

  override [hiddenItems](): Map<string, Item> {
    return this.#map;
  }

  /** How many there are. */
  get length(): number {
    return this.#map.size;
  }

  /** The one of that name. @throws if there is none */
  get(name: string): Item {
    const item = this.#map.get(name);
    const unknown = () => `there is no ${this.#kind} "${name}": there are ${[...this.#map.keys()].join(", ")}`;
    check(item !== undefined, unknown);
    return item;
  }

  /** Whether there is one of that name. */
  has(name: string): boolean {
    return this.#map.has(name);
  }

  /** Adds one, or puts it in the place of the one of that name. @throws if the name has a dot or is empty */
  set(name: string, item: Item): this {
    checkName(this.#kind, name);
    this.#map.set(name, item);
    return this;
  }

  /** Takes one out; false if there is none. */
  delete(name: string): boolean {
    return this.#map.delete(name);
  }

  /** The names, in order. */
  keys(): Iterable<string> {
    return this.#map.keys();
  }

  [Symbol.iterator](): Iterator<[string, Item]> {
    return this.#map[Symbol.iterator]();
  }
}

/**
 * Modules by name, to be run as its owner likes. Mirrors `torch.nn.ModuleDict`.
 * @example new nn.ModuleDict({ digit: new nn.Linear(8, 10), parity: new nn.Linear(8, 2) }).get("parity")
 */
export class ModuleDict extends NamedItems<Module> {
  constructor(modules: Readonly<Record<string, Module>> = {}) {
    super("module");
    for (const [name, module] of Object.entries(modules)) this.set(name, module);
  }

  override forward(..._inputs: never[]): unknown {
    return refuseForward(this);
  }
}

/** A tensor as a parameter, which it may be already. */
function parameterOf(x: Tensor): Parameter {
  check(x instanceof Tensor, () => `a list or dict of parameters takes tensors, but got ${typeName(x)}`, TypeError);
  return x instanceof Parameter ? x : new Parameter(x);
}

/**
 * A list of parameters. Other tensors become parameters in it. Mirrors `torch.nn.ParameterList`.
 * @example
 * const weights = new nn.ParameterList([ones([2]), ones([3])]);
 * console.log(weights, weights.namedParameters().map(([name]) => name));
 */
export class ParameterList extends NumberedItems<Parameter> {
  constructor(values: Iterable<Tensor> = []) {
    super(Array.from(values, parameterOf));
  }

  override forward(): never {
    throw new Error("ParameterList should not be called. Its parameters are at(0), at(1), …");
  }

  /** Adds one at the end. */
  append(value: Tensor): this {
    this.list.push(parameterOf(value));
    return this;
  }

  /** Adds several at the end. */
  extend(values: Iterable<Tensor>): this {
    this.list.push(...Array.from(values, parameterOf));
    return this;
  }

  override extraRepr(): string {
    const lines = this.list.map(({ dtype, shape }, i) => line(i, `torch.${dtype}`, shape));
    return lines.join("\n");
  }
}

/**
 * Parameters by name. Other tensors become parameters in it. Mirrors `torch.nn.ParameterDict`.
 * @example
 * const weights = new nn.ParameterDict({ left: ones([2]) }).set("right", zeros([3]));
 * console.log(weights, weights.get("left"));
 */
export class ParameterDict extends NamedItems<Parameter> {
  constructor(values: Readonly<Record<string, Tensor>> = {}) {
    super("parameter");
    for (const [name, value] of Object.entries(values)) this.set(name, value);
  }

  override set(name: string, value: Tensor): this {
    return super.set(name, parameterOf(value));
  }

  override forward(): never {
    throw new Error("ParameterDict should not be called. Its parameters are get(name)");
  }

  override extraRepr(): string {
    const lines = [...this].map(([name, { dtype, shape }]) => line(name, `torch.${scalarName[dtype]}Tensor`, shape));
    return lines.join("\n");
  }
}

/** PyTorch says `torch.float32` in a list and `torch.FloatTensor` in a dict. */
const line = (key: string | number, type: string, shape: readonly number[]): string =>
  `  (${key}): Parameter containing: [${type} of size ${shape.join("x")}]`;
