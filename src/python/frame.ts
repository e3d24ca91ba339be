/** One call of a forward while it runs: what its values are called in Python, and the lines that it comes to. */
import type { Module } from "../nn/module.ts";
import { PackedSequence } from "../nn/packed-sequence.ts";
import { check } from "../tensor/check.ts";
import { isPlain } from "../tensor/plain.ts";
import { Tensor } from "../tensor/tensor.ts";
import { argument, type Expression, type Part } from "./expressions.ts";
import { snakeCase } from "./literals.ts";

/** A line of a forward: what it computes, and the name that this gets, or the names, `y0, (y1, y2)`. */
export interface Line {
  readonly target: string;
  readonly value: Expression;
}

/** One run of a module's forward. */
export interface Trace {
  /** The names of the inputs. */
  readonly inputs: readonly string[];
  /** The sizes of the tensors that have names, by these, in the order in which they came. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  readonly lines: readonly Line[];
  readonly output: Expression;
  /** How constants were computed of others: where these depend on sizes, Python computes them anew. */
  readonly recipes: ReadonlyMap<Tensor, Expression>;
}

export const where = (module: Module): string => `the forward of ${module.constructor.name}`;

/** `blocks.0.weight` as `blocks[0].weight`, of lists and dicts of modules. */
export const attribute = (name: string): string => name.replace(/\.(\d+)(?=\.|$)/g, "[$1]");

/** The same of what is in the module itself; a Sequential with a forward of its own has numbers there. */
const ownAttribute = (name: string): string =>
  /^\d/.test(name) ? attribute(name.replace(/^\d+/, (i) => `getattr(self, "${i}")`)) : `self.${attribute(name)}`;

/** Whether such a name is a parameter's or a buffer's. */
const isState = (name = ""): boolean => /^(self\.|getattr)/.test(name);

/** What is drawn anew in each forward, of no tensor. */
const drawing = new Set(["rand", "randn"]);

export class Frame {
  readonly module: Module;
  readonly #lines: Line[] = [];
  readonly #inputs: string[];
  /** What each value is called, and at which version it was. */
  readonly #names = new Map<object, { readonly name: string; readonly version: number }>();
  /** Tensors without a name, which were made in the forward, and at which version they were. */
  readonly #constants = new Map<Tensor, number>();
  readonly #shapes = new Map<string, readonly number[]>();
  readonly #recipes = new Map<Tensor, Expression>();
  #count = 0;

  constructor(module: Module, inputs: readonly unknown[]) {
    this.module = module;
    this.#inputs = inputs.map((_, i) => (inputs.length === 1 ? "x" : `x${i}`));
    for (const [i, input] of inputs.entries()) this.#name(input, this.#inputs[i]);
    const state = [...module.namedParameters(), ...module.namedBuffers()];
    for (const [name, tensor] of state) this.#name(tensor, ownAttribute(name));
  }

  /** Names a value, and what is in it. */
  #name(value: unknown, name: string): void {
    if (typeof value !== "object" || value === null) return;
    this.#names.set(value, { name, version: value instanceof Tensor ? value.storage.version : 0 });
    if (value instanceof Tensor) this.#shapes.set(name, value.shape);
    else if (Array.isArray(value)) for (const [i, item] of value.entries()) this.#name(item, `${name}[${i}]`);
    else if (value instanceof PackedSequence) this.#namePacked(value, name);
    else if (isPlain(value)) {
      for (const [key, item] of Object.entries(value)) this.#name(item, `${name}[${JSON.stringify(key)}]`);
    }
  }

  #namePacked(value: PackedSequence, name: string): void {
    for (const field of ["data", "batchSizes", "sortedIndices", "unsortedIndices"] as const) {
      const known = value[field] && this.#names.has(value[field]); // a layer passes on what it got
      if (!known) this.#name(value[field], `${name}.${snakeCase(field)}`);
    }
  }

  /** What a module that is called here is called in Python. @throws if it is none of this module's */
  pathOf(module: Module): string {
    const path = this.module.namedModules().find(([, other]) => other === module)?.[0];
    check(
      Boolean(path),
      () => `${where(this.module)} calls a ${module.constructor.name} that is not in it, which cannot be traced`,
    );
    return ownAttribute(path as string);
  }

  /** Whether a call is to be seen: of constants alone, it makes a constant. */
  needs(args: readonly unknown[], name: string): boolean {
    const isKnown = (value: unknown): boolean => {
      if (typeof value !== "object" || value === null) return false;
      if (this.#names.has(value)) return true;
      if (Array.isArray(value)) return value.some(isKnown);
      return value instanceof PackedSequence
        ? isKnown(value.data)
        : isPlain(value) && Object.values(value).some(isKnown);
    };
    return drawing.has(name) || args.some(isKnown);
  }

  /** @throws unless the call can be written in Python, and what it gives is of tensors */
  noteCall(name: string, express: () => Expression, output: unknown): void {
    let value: Expression;
    try {
      value = this.#named(express());
    } catch (problem) {
      const { message } = problem as Error;
      check(message.startsWith("the forward of"), () => `${where(this.module)}: ${name}: ${message}`);
      throw problem;
    }
    const target = this.#target(output, name);
    this.#lines.push({ value, target: /^\(.*[^,]\)$/.test(target) ? target.slice(1, -1) : target });
  }

  /** A call of constants alone makes a constant. */
  noteConstant(express: () => Expression | undefined, output: unknown): void {
    const recipe = output instanceof Tensor ? express() : undefined;
    if (recipe) this.#recipes.set(output as Tensor, this.#named(recipe));
  }

  /** The run, when it is over. */
  finish(output: unknown): Trace {
    checkOutput(
      output,
      `${where(this.module)}: only tensors, and lists and objects of them, can be traced as its output`,
    );
    const expression = this.#named(argument(output));
    for (const [tensor, version] of this.#constants) this.#checkUnchanged(tensor, version);
    this.#checkState();
    return {
      inputs: this.#inputs,
      shapes: this.#shapes,
      lines: this.#lines,
      output: expression,
      recipes: this.#recipes,
    };
  }

  /** The names of values in an expression; tensors that have none are constants, and stay. */
  #named(expression: Expression): Expression {
    return expression.flatMap((part): Part | Expression => {
      if (typeof part !== "object") return part;
      if (!(part instanceof Tensor)) return this.#names.get(part.value)?.name ?? this.#named(part.made);
      const known = this.#names.get(part);
      if (!known && !this.#constants.has(part)) this.#constants.set(part, part.storage.version);
      this.#checkUnchanged(part, known?.version ?? this.#constants.get(part)!);
      return known?.name ?? part;
    });
  }

  /** Parameters and buffers are what they were: a change of theirs would be lost in Python. */
  #checkState(): void {
    for (const [value, { name, version }] of this.#names) {
      if (isState(name) && value instanceof Tensor) this.#checkUnchanged(value, version);
    }
    for (const [name, buffer] of this.module.namedBuffers({ recurse: false })) {
      const isKept = isState(this.#names.get(buffer)?.name);
      check(isKept, () => `${where(this.module)}: the buffer ${name} gets another tensor, which cannot be traced`);
    }
  }

  /** What a function has changed itself, such as running averages, it changes in Python, too. */
  noteChanged(...values: unknown[]): void {
    for (const value of values) {
      const known = value instanceof Tensor && this.#names.get(value);
      if (known) this.#names.set(value, { ...known, version: value.storage.version });
    }
  }

  /** A tensor that is changed in place has from now on the name of what was computed; views of it may not be used any more. */
  noteBecomes(x: Tensor, y: Tensor): void {
    const [before, computed] = [this.#names.get(x)?.name ?? "", this.#names.get(y)];
    const isGiven = isState(before) || this.#inputs.includes(before); // to others a new name would say nothing
    if (!computed || x.dtype !== y.dtype || isGiven) return; // a use of it is then refused
    this.#names.set(x, { name: computed.name, version: x.storage.version });
  }

  #checkUnchanged(x: Tensor, version: number): void {
    const changed = () =>
      `${where(this.module)}: a tensor is changed in place that is used, or kept, under another name, which cannot be traced: use x.relu(), not x.relu_()`;
    check(x.storage.version === version, changed);
  }

  /** Names for what comes out: one for each tensor of a list, `_` for nothing. */
  #target(output: unknown, call: string): string {
    if (output === null || output === undefined) return "_";
    if (Array.isArray(output)) {
      const items = output.map((item) => this.#target(item, call));
      return `(${items.join(", ")}${items.length === 1 ? ",)" : ")"}`;
    }
    checkOutput(output, `${where(this.module)}: what ${call} gives is no tensor, which cannot be traced`);
    const name = `y${this.#count++}`;
    this.#name(output, name);
    return name;
  }
}

/** @throws if it is something else than tensors, in lists and objects */
function checkOutput(output: unknown, message: string): void {
  const isOutput = (value: unknown): boolean =>
    value === null ||
    value instanceof Tensor ||
    value instanceof PackedSequence ||
    (Array.isArray(value) && value.every(isOutput)) ||
    (isPlain(value) && Object.values(value).every(isOutput));
  check(isOutput(output), message);
}
