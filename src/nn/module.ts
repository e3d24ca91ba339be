/**
 * Module: a piece of a network that knows its own parameters, buffers and child modules.
 *
 * Nothing is registered. A module looks at its own fields: a Parameter is trained, any other Tensor is a buffer, a Module
 * or an array of Modules is a child, and a #private field is nobody's business. A field's name in a state dict is
 * PyTorch's: `runningMean` is `running_mean`.
 */
import { detach } from "../autograd/op.ts";
import { copyInto } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Parameter } from "./parameter.ts";

/** Every parameter and buffer by name, such as `fc1.weight`. */
export type StateDict = Record<string, Tensor>;

/** Options of loadStateDict. */
export interface LoadStateDictOptions {
  /** Whether a name that only one side has is an error. Default: true. */
  strict?: boolean;
}

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

  /** Computes the output. What shapes it takes is the subclass's to say. */
  abstract forward(...inputs: Tensor[]): Tensor;

  /** This module's own child modules, by name. */
  namedChildren(): [name: string, child: Module][] {
    return Object.entries(this).flatMap(([field, value]): [string, Module][] => {
      if (value instanceof Module) return [[snakeCase(field), value]];
      if (!Array.isArray(value)) return [];
      return value.flatMap((item, i) => (item instanceof Module ? [[`${snakeCase(field)}.${i}`, item]] : []));
    });
  }

  /** This module's own child modules. */
  children(): Module[] {
    return distinct(this.namedChildren()).map(([, child]) => child);
  }

  /** This module and all below it, parents first. One that is reached twice is listed once, as is a shared parameter. */
  namedModules(): [name: string, module: Module][] {
    return distinct(this.#walk(""));
  }

  /** This module and all below it, each once. */
  modules(): Module[] {
    return this.namedModules().map(([, module]) => module);
  }

  /** What is to be trained, here and below. */
  namedParameters(): [name: string, parameter: Parameter][] {
    return distinct(this.#tensors().filter(isParameter));
  }

  /** What an optimizer is given. */
  parameters(): Parameter[] {
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  /** What is part of the state but not trained, such as running averages. */
  namedBuffers(): [name: string, buffer: Tensor][] {
    return distinct(this.#tensors().filter((entry) => !isParameter(entry)));
  }

  /** The tensors of namedBuffers. */
  buffers(): Tensor[] {
    return this.namedBuffers().map(([, buffer]) => buffer);
  }

  #walk(prefix: string): [string, Module][] {
    return [[prefix, this], ...this.namedChildren().flatMap(([name, child]) => child.#walk(join(prefix, name)))];
  }

  /** Each module's parameters, then its buffers, parents first: PyTorch's order. */
  #tensors(): [name: string, value: Tensor][] {
    return this.#walk("").flatMap(([prefix, module]) => {
      const own = Object.entries(module).flatMap(([field, value]): [string, Tensor][] =>
        value instanceof Tensor ? [[join(prefix, snakeCase(field)), value]] : [],
      );
      return [...own.filter(isParameter), ...own.filter((entry) => !isParameter(entry))];
    });
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

  /** Calls `change` on every module, children first: to initialise weights, for example. */
  apply(change: (module: Module) => void): this {
    for (const child of this.children()) child.apply(change);
    change(this);
    return this;
  }

  /** The parameters and buffers, in PyTorch's order and under its names. They share memory with the module. */
  stateDict(): StateDict {
    return Object.fromEntries(this.#tensors().map(([name, value]) => [name, detach(value)]));
  }

  /**
   * Copies a state dict's values into this module.
   *
   * @returns the names that only one side has
   * @throws, before anything is changed, if a shape differs or, when strict, if the names do
   */
  loadStateDict(state: StateDict, options?: LoadStateDictOptions): { missingKeys: string[]; unexpectedKeys: string[] } {
    const { strict } = readOptions(options, { strict: true });
    const own = new Map(this.#tensors());
    const missingKeys = [...own.keys()].filter((name) => !Object.hasOwn(state, name));
    // In PyTorch's order: that of the innermost modules to which they would belong.
    const prefixes = this.#walk("").map(([name]) => name && `${name}.`);
    const owner = (name: string) => prefixes.findLastIndex((prefix) => name.startsWith(prefix));
    const unexpectedKeys = Object.keys(state)
      .filter((name) => !own.has(name))
      .sort((a, b) => owner(a) - owner(b));
    const problems: string[] = [];
    for (const [kind, names] of Object.entries({ Missing: missingKeys, Unexpected: unexpectedKeys })) {
      const quoted = names.map((name) => `"${name}"`).join(", ");
      if (strict && quoted) problems.push(`${kind} key(s) in state_dict: ${quoted}. `);
    }
    const found = [...own].filter(([name]) => Object.hasOwn(state, name));
    for (const [name, value] of found) {
      if (sameShape(value.shape, state[name].shape)) continue;
      problems.push(
        `size mismatch for ${name}: copying a param with shape torch.Size(${formatShape(state[name].shape)}) from ` +
          `checkpoint, the shape in current model is torch.Size(${formatShape(value.shape)}).`,
      );
    }
    const refused = () => `Error(s) in loading state_dict for ${this.constructor.name}:\n\t${problems.join("\n\t")}`;
    check(problems.length === 0, refused);
    for (const [name, value] of found) copyInto(value, state[name]);
    return { missingKeys, unexpectedKeys };
  }

  /** The settings that are printed between the parentheses. */
  extraRepr(): string {
    return "";
  }

  /** The text that PyTorch prints: the class, its settings, and its children indented. */
  toString(): string {
    const name = this.constructor.name;
    const settings = this.extraRepr() ? this.extraRepr().split("\n") : [];
    const children = this.namedChildren().map(([key, child]) => `(${key}): ${child}`.replaceAll("\n", "\n  "));
    if (children.length === 0 && settings.length <= 1) return `${name}(${settings.join("")})`;
    const lines = [...settings, ...children].map((line) => `  ${line}\n`);
    return `${name}(\n${lines.join("")})`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** What makes modules of nothing; and of options, which are their fields. */
export type Made<Layer> = abstract new () => Layer;
export type MadeWith<Options, Layer = Module> = abstract new (options?: Options) => Layer & Readonly<Required<Options>>;

/** A base for a layer that is a function with fixed options: it has these as its fields, for the function to read. */
export function moduleWith<Options extends object>(defaults: Required<Options>): MadeWith<Options> {
  abstract class ModuleWithOptions extends Module {
    constructor(options?: Options) {
      super();
      Object.assign(this, readOptions(options, defaults));
    }
  }
  return ModuleWithOptions as MadeWith<Options>;
}

/** A module whose forward takes these. */
export interface Calling<Inputs extends Tensor[]> extends Module {
  forward(...inputs: Inputs): Tensor;
}

/** The same for a function that reads its options at the end, if it has any: `forward` is the function itself. */
export function moduleOf<Inputs extends Tensor[]>(f: (...inputs: Inputs) => Tensor): Made<Calling<Inputs>>;
export function moduleOf<Inputs extends Tensor[], Options extends object>(
  f: (...args: [...inputs: Inputs, options?: Options]) => Tensor,
  defaults: Required<Options>,
): MadeWith<Options, Calling<Inputs>>;
export function moduleOf(f: (...args: object[]) => Tensor, defaults?: object) {
  abstract class ModuleOfFunction extends moduleWith<object>(defaults ?? {}) {
    override forward(...inputs: Tensor[]): Tensor {
      return defaults ? f(...inputs, this) : f(...inputs);
    }
  }
  return ModuleOfFunction;
}

const isParameter = (entry: [string, Tensor]): entry is [string, Parameter] => entry[1] instanceof Parameter;

/** The entries without those whose value came before. */
function distinct<T>(entries: [string, T][]): [string, T][] {
  const seen = new Set<T>();
  return entries.filter(([, value]) => !seen.has(value) && seen.add(value));
}

const join = (prefix: string, name: string): string => (prefix ? `${prefix}.${name}` : name);

/** `runningMean` as `running_mean`. */
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
