/** Modules made of modules. */
import { check } from "../tensor/check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";

/** Its modules are named 0, 1, 2, …. */
abstract class NumberedModules extends Module {
  protected readonly list: Module[];

  constructor(modules: Iterable<Module>) {
    super();
    this.list = [...modules];
  }

  override namedChildren(): [name: string, child: Module][] {
    return this.list.map((module, i) => [String(i), module]);
  }

  /** How many there are. */
  get length(): number {
    return this.list.length;
  }

  /** Module i; -1 is the last. */
  at(i: number): Module {
    const module = this.list.at(i);
    check(module !== undefined, () => `index ${i} is out of range`, RangeError);
    return module;
  }

  [Symbol.iterator](): Iterator<Module> {
    return this.list[Symbol.iterator]();
  }
}

/**
 * Runs modules one after another. Mirrors `torch.nn.Sequential`.
 * @example
 * const model = new nn.Sequential(new nn.Linear(2, 8), new nn.ReLU(), new nn.Linear(8, 1));
 * console.log(model);
 * console.log(model.forward(zeros([5, 2])).shape);
 */
export class Sequential extends NumberedModules {
  constructor(...layers: Module[]) {
    super(layers);
  }

  override forward(x: Tensor): Tensor {
    return this.list.reduce((y, layer) => layer.forward(y), x);
  }
}

/** What only holds modules leaves it to its owner how to run them. */
function refuseForward(module: Module): never {
  throw new Error(`Module [${module.constructor.name}] is missing the required "forward" function`);
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

  override forward(): Tensor {
    return refuseForward(this);
  }

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
  insert(i: number, module: Module): void {
    this.list.splice(i, 0, module);
  }
}

/**
 * Modules by name, in the order in which they came, to be run as its owner likes. Mirrors `torch.nn.ModuleDict`.
 * @example new nn.ModuleDict({ digit: new nn.Linear(8, 10), parity: new nn.Linear(8, 2) }).get("parity")
 */
export class ModuleDict extends Module {
  readonly #modules: Map<string, Module>;

  constructor(modules: Readonly<Record<string, Module>> = {}) {
    super();
    this.#modules = new Map(Object.entries(modules));
  }

  override namedChildren(): [name: string, child: Module][] {
    return [...this.#modules];
  }

  override forward(): Tensor {
    return refuseForward(this);
  }

  /** How many there are. */
  get length(): number {
    return this.#modules.size;
  }

  /** The module of that name. @throws if there is none */
  get(name: string): Module {
    const module = this.#modules.get(name);
    const unknown = () => `there is no module "${name}": there are ${[...this.#modules.keys()].join(", ")}`;
    check(module !== undefined, unknown);
    return module;
  }

  /** Whether there is a module of that name. */
  has(name: string): boolean {
    return this.#modules.has(name);
  }

  /** Adds a module, or puts it in the place of the one of that name. */
  set(name: string, module: Module): this {
    this.#modules.set(name, module);
    return this;
  }

  /** Takes a module out; false if there is none. */
  delete(name: string): boolean {
    return this.#modules.delete(name);
  }

  /** The names, in order. */
  keys(): Iterable<string> {
    return this.#modules.keys();
  }

  [Symbol.iterator](): Iterator<[string, Module]> {
    return this.#modules[Symbol.iterator]();
  }
}
