/**
 * Module: a piece of a network that knows its own parameters, buffers and child modules.
 *
 * No parameter is registered. A module looks at its own fields: a Parameter is trained, a Module is a child, and so are those in
 * arrays, sets, maps and plain objects. Any other Tensor is state only if it was registered as a buffer, and a #private field
 * is nobody's business. What a field held stays what it is: where a parameter was, no other tensor can be. A field's name in a
 * state dict is PyTorch's: `runningMean` is `running_mean`.
 */
import { detach } from "../autograd/op.ts";
import { select } from "../autograd/ops/parts.ts";
import { copyInto } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { typeName } from "../tensor/type-name.ts";
import { checkName, checkOwnCopy, contentsOf, join, snakeCase } from "./fields.ts";
import { Parameter } from "./parameter.ts";

/** Every parameter and buffer by name, such as `fc1.weight`. */
export type StateDict = Record<string, Tensor>;

/** Options of loadStateDict. */
export interface LoadStateDictOptions {
  /** Whether a name that only one side has is an error. Default: true. */
  strict?: boolean;
}

/** Options of registerBuffer. */
export interface BufferOptions {
  /** Whether the buffer is in the state dict. Default: true. */
  persistent?: boolean;
}

/** Which parameters or buffers are meant. */
export interface RecurseOptions {
  /** Those of the modules below, too. Default: true. */
  recurse?: boolean;
}

type Named<T> = [name: string, value: T];

/** What a module has somewhere, by PyTorch's word for it. */
type Kind = "parameter" | "buffer" | "child module";

/** Something that a module holds itself. */
interface Holding {
  readonly name: string;
  readonly value: Tensor | Module;
  readonly isPersistent: boolean;
}

/** A module as a walk comes to it, and again as it has been to all below it. */
interface Visit {
  readonly name: string;
  readonly module: Module;
  readonly held: readonly Holding[];
  readonly isEnd: boolean;
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

  /** Computes the output. What it takes and what it returns is the subclass's to say: tensors, pairs, options, numbers. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever a subclass says, it is a Module
  abstract forward(...inputs: any[]): any;

  /** What is, or was, at a field or a place in it: nothing else can be there later. */
  readonly #kinds = new Map<string, Kind>();
  /** The fields of buffers that are not in the state dict. */
  readonly #transient = new Set<string>();

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

  /** What this module holds itself. @throws if something is where it cannot be, or two things have one name */
  #look(): Holding[] {
    const held: Holding[] = [];
    const fields = Object.entries(this).map(([field, value]) => [snakeCase(field), field, value] as const);
    const items = Array.from(this.items(), ([name, item]) => [name, name, item] as const);
    const fieldOf = new Map<string, string>();
    for (const [name, field, value] of [...items, ...fields]) {
      const before = held.length;
      for (const { path, value: content } of contentsOf(field, value)) {
        if (!this.#holds(path, content)) continue;
        const isPersistent = !this.#transient.has(field);
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
    if (value instanceof Module) this.#kinds.set(place, "child module");
    const kind = this.#kinds.get(place);
    if (!kind || value === null || value === undefined) {
      checkOwnCopy(place, value);
      return false;
    }
    const [Expected, expected] = expectations[kind];
    const lost = () => `cannot assign '${typeName(value)}' as ${kind} '${place}' (${expected} or None expected)`;
    check(value instanceof Expected, lost, TypeError);
    for (const key of path) checkName(kind, key);
    return true;
  }

  /** This module and all below it, depth first. @throws if one contains itself */
  #walk(childrenOf: typeof children = children): Visit[] {
    const visits: Visit[] = [];
    const above = new Set<Module>();
    const stack: Visit[] = [{ name: "", module: this, held: this.#look(), isEnd: false }];
    for (let next = stack.pop(); next; next = stack.pop()) {
      visits.push(next);
      const { name, module, held } = next;
      if (next.isEnd) {
        above.delete(module);
        continue;
      }
      const inItself = () =>
        `"${name}" is the ${module.constructor.name} that it is in: a module cannot be a part of itself`;
      check(!above.has(module), inItself);
      above.add(module);
      stack.push({ ...next, isEnd: true });
      for (const [own, child] of childrenOf(held).toReversed()) {
        stack.push({ name: join(name, own), module: child, held: child.#look(), isEnd: false });
      }
    }
    return visits;
  }

  /** What is picked of the holdings of this module and of all below it, parents first. */
  #collect<T>(pick: (held: readonly Holding[]) => Named<T>[], options?: RecurseOptions): Named<T>[] {
    const { recurse } = readOptions(options, { recurse: true });
    if (!recurse) return pick(this.#look());
    return this.#walk().flatMap(({ name, held, isEnd }) =>
      isEnd ? [] : pick(held).map(([own, value]): Named<T> => [join(name, own), value]),
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
    return distinct(
      this.#walk().flatMap(({ name, module, isEnd }): Named<Module>[] => (isEnd ? [] : [[name, module]])),
    );
  }

  /** This module and all below it, each once. */
  modules(): Module[] {
    return valuesOf(this.namedModules());
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

  /** Each module's parameters, then its buffers, parents first: PyTorch's order. */
  #state(): Named<Tensor>[] {
    return this.#collect<Tensor>((held) => {
      return [...parameters(held), ...buffers(held.filter(({ isPersistent }) => isPersistent))];
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
    for (const { module, isEnd } of this.#walk((held) => distinct(children(held)))) if (isEnd) change(module);
    return this;
  }

  /** The parameters and buffers, in PyTorch's order and under its names. They share memory with the module. */
  stateDict(): StateDict {
    return Object.fromEntries(this.#state().map(([name, value]) => [name, detach(value)]));
  }

  /**
   * Copies a state dict's values into this module.
   *
   * @returns the names that only one side has
   * @throws, before anything is changed, if a shape differs or, when strict, if the names do
   */
  loadStateDict(state: StateDict, options?: LoadStateDictOptions): { missingKeys: string[]; unexpectedKeys: string[] } {
    const { strict } = readOptions(options, { strict: true });
    const own = new Map(this.#state());
    const visits = this.#walk().filter(({ isEnd }) => !isEnd);
    const older = visits.flatMap(({ name, module }) =>
      Object.entries(module.olderState()).map(([own, value]) => [join(name, own), value] as const),
    );
    const given: StateDict = { ...Object.fromEntries(older), ...state };
    const missingKeys = [...own.keys()].filter((name) => !Object.hasOwn(given, name));
    // In PyTorch's order: that of the innermost modules to which they would belong.
    const prefixes = visits.map(({ name }) => name && `${name}.`);
    const owner = (name: string) => prefixes.findLastIndex((prefix) => name.startsWith(prefix));
    const unexpectedKeys = Object.keys(given)
      .filter((name) => !own.has(name))
      .sort((a, b) => owner(a) - owner(b));
    const problems: string[] = [];
    for (const [kind, names] of Object.entries({ Missing: missingKeys, Unexpected: unexpectedKeys })) {
      const quoted = names.map((name) => `"${name}"`).join(", ");
      if (strict && quoted) problems.push(`${kind} key(s) in state_dict: ${quoted}. `);
    }
    const found = [...own].flatMap(([name, value]) =>
      Object.hasOwn(given, name) ? [{ name, value, source: fitted(given[name], value) }] : [],
    );
    for (const { name, value, source } of found) {
      if (!(source instanceof Tensor)) {
        problems.push(
          `While copying the parameter named "${name}", expected torch.Tensor or Tensor-like object from checkpoint but ` +
            `received ${typeName(source)}.`,
        );
      } else if (!sameShape(value.shape, source.shape)) {
        problems.push(
          `size mismatch for ${name}: copying a param with shape torch.Size(${formatShape(source.shape)}) from checkpoint, ` +
            `the shape in current model is torch.Size(${formatShape(value.shape)}).`,
        );
      }
    }
    const refused = () => `Error(s) in loading state_dict for ${this.constructor.name}:\n\t${problems.join("\n\t")}`;
    check(problems.length === 0, refused);
    for (const { value, source } of found) copyInto(value, source);
    return { missingKeys, unexpectedKeys };
  }

  /** What states of older versions of this module do not have, by name, and what then stands for it. */
  protected olderState(): StateDict {
    return {};
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

/** What may be where something was. */
const expectations = {
  parameter: [Parameter, "torch.nn.Parameter"],
  buffer: [Tensor, "torch.Tensor"],
  "child module": [Module, "torch.nn.Module"],
} as const;

const parameters = (held: readonly Holding[]): Named<Parameter>[] =>
  held.flatMap(({ name, value }): Named<Parameter>[] => (value instanceof Parameter ? [[name, value]] : []));

const buffers = (held: readonly Holding[]): Named<Tensor>[] =>
  held.flatMap(({ name, value }): Named<Tensor>[] =>
    value instanceof Tensor && !(value instanceof Parameter) ? [[name, value]] : [],
  );

const children = (held: readonly Holding[]): Named<Module>[] =>
  held.flatMap(({ name, value }): Named<Module>[] => (value instanceof Module ? [[name, value]] : []));

/** A tensor from a state dict: older versions of PyTorch have vectors of one element where there is now a scalar. */
const fitted = (given: Tensor, own: Tensor): Tensor =>
  own.ndim === 0 && given.ndim === 1 && given.numel > 0 ? select(given, 0, 0) : given;

/** The entries without those whose value came before. */
function distinct<T>(entries: Named<T>[]): Named<T>[] {
  const seen = new Set<T>();
  return entries.filter(([, value]) => !seen.has(value) && seen.add(value));
}

const valuesOf = <T>(entries: Named<T>[]): T[] => entries.map(([, value]) => value);
