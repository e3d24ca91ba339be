/**
 * What the forward of a class of one's own does, seen while it runs: which modules it calls, and which operations, on what. Sizes that
 * depend on the input's are found by running twice, with inputs of two sizes.
 */
import { noGrad } from "../autograd/grad-mode.ts";
import { detach, watchOperations } from "../autograd/op.ts";
import type { Module } from "../nn/module.ts";
import { check } from "../tensor/check.ts";
import { sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type Expression, expressionOf, listed, type Part, parts } from "./expressions.ts";

/** A line of a forward: what it computes, and the name that this gets, or the names, `y0, (y1, y2)`. */
export interface Line {
  readonly target: string;
  readonly value: Expression;
}

/** One run of a module's forward. */
export interface Trace {
  /** The names of the inputs. */
  readonly inputs: readonly string[];
  /** The first size of the first input, on which others may depend. */
  readonly size: number;
  readonly lines: readonly Line[];
  readonly output: Expression;
}

/** One run of a model. */
export interface Traced {
  readonly traces: ReadonlyMap<Module, Trace>;
  /** What the model gave. */
  readonly output: unknown;
}

/** What a forward gives: a tensor, or a list of such, as an LSTM's `[output, [h, c]]`. */
type Output = Tensor | readonly Output[];

/** Items of a tuple, one in the other in brackets. */
const inBrackets = (items: readonly (Part | Expression)[]): Expression =>
  parts("(", listed(items), items.length === 1 ? ",)" : ")");

class Frame {
  readonly module: Module;
  readonly lines: Line[] = [];
  readonly inputs: string[];
  /** What each tensor is called, and at which version it was. */
  readonly #names = new Map<Tensor, { readonly name: string; readonly version: number }>();
  #count = 0;

  constructor(module: Module, inputs: readonly unknown[]) {
    this.module = module;
    const isTensors = inputs.every((input) => input instanceof Tensor);
    check(isTensors, () => `${where(module)}: only tensors can be traced as inputs of a forward`);
    this.inputs = inputs.map((_, i) => (inputs.length === 1 ? "x" : `x${i}`));
    for (const [i, input] of inputs.entries()) this.#name(input as Tensor, this.inputs[i]);
    const state = [...module.namedParameters(), ...module.namedBuffers()];
    for (const [name, tensor] of state) this.#name(tensor, `self.${attribute(name)}`);
  }

  #name(tensor: Tensor, name: string): void {
    this.#names.set(tensor, { name, version: tensor.storage.version });
  }

  /** The names of tensors in an expression; those that have none are constants, and stay. */
  named(expression: Expression): Expression {
    return expression.map((part) => {
      if (!(part instanceof Tensor)) return part;
      const known = this.#names.get(part);
      const changed = () =>
        `${where(this.module)}: a tensor is changed in place, which cannot be traced: use x.relu(), not x.relu_()`;
      check(!known || known.version === part.storage.version, changed);
      return known?.name ?? part;
    });
  }

  /** Whether a tensor of it has a name: else it is a constant. */
  knows(expression: Expression): boolean {
    return expression.some((part) => part instanceof Tensor && this.#names.has(part));
  }

  add(value: Expression, output: Output): void {
    this.lines.push({ value: this.named(value), target: this.#target(output) });
  }

  /** Names for what comes out. */
  #target(output: Output): string {
    if (!(output instanceof Tensor)) return inBrackets(output.map((item) => this.#target(item))).join("");
    const name = `y${this.#count++}`;
    this.#name(output, name);
    return name;
  }
}

const where = (module: Module): string => `the forward of ${module.constructor.name}`;

/** `blocks.0.weight` as `blocks[0].weight`, of lists and dicts of modules. */
export const attribute = (name: string): string => name.replace(/\.(\d+)(?=\.|$)/g, "[$1]");

/** Runs a model once, and what each module did that is to be traced. */
export function trace(model: Module, inputs: readonly Tensor[], isTraced: (module: Module) => boolean): Traced {
  const traces = new Map<Module, Trace>();
  const frames: (Frame | null)[] = [];
  const current = (): Frame | null => frames.at(-1) ?? null;

  const handles = model.namedModules().flatMap(([, module]) => [
    module.registerForwardPreHook((_, given) => {
      frames.push(isTraced(module) ? new Frame(module, given) : null);
    }),
    module.registerForwardHook((_, given, output) => {
      const frame = frames.pop() ?? null;
      if (frame) {
        const size = (given[0] as Tensor).shape[0] ?? 1;
        const found: Trace = {
          inputs: frame.inputs,
          size,
          lines: frame.lines,
          output: frame.named(tuple(checked(output, module))),
        };
        const before = traces.get(module);
        check(
          !before || isSameTrace(before, found),
          () => `${where(module)} is called twice, and does not do the same`,
        );
        traces.set(module, found);
      }
      const caller = current();
      if (!caller) return undefined;
      const path = caller.module.namedModules().find(([, other]) => other === module)?.[0] ?? "";
      const args = given.map((arg: unknown) => {
        const isPassed = arg instanceof Tensor || arg === null || arg === undefined;
        check(isPassed, () => `${where(caller.module)}: only tensors can be traced as arguments of ${path}`);
        return arg ?? "None";
      });
      // A layer that gives back its input, as Dropout in evaluation, has an output of its own nevertheless.
      const fresh = renewed(checked(output, module));
      caller.add(parts(`self.${attribute(path)}(`, listed(args), ")"), fresh);
      return fresh;
    }),
  ]);
  const modes = model.modules().map((module) => [module, module.training] as const);
  const inPlace = model.modules().filter((module) => "inplace" in module && module.inplace === true);
  try {
    model.eval();
    for (const module of inPlace) Object.assign(module, { inplace: false }); // which gives the same
    const tell = (name: string, args: readonly unknown[], y: Tensor) => {
      const frame = current();
      if (!frame?.knows(tensorsIn(args))) return; // of constants, it is one
      const value = expressionOf(name, args);
      const untraced = () =>
        `${where(frame.module)}: "${name}" cannot be traced: put it into a layer of nn, or write that line in model.py`;
      check(value !== undefined, untraced);
      frame.add(value, y);
    };
    const output: unknown = noGrad(() => watchOperations(tell, () => model.forward(...inputs)));
    return { traces, output };
  } finally {
    for (const handle of handles) handle.remove();
    for (const [module, mode] of modes) module.training = mode;
    for (const module of inPlace) Object.assign(module, { inplace: true });
  }
}

/** Whether they have the same elements. */
export const isSame = (a: Tensor, b: Tensor): boolean =>
  a.dtype === b.dtype && sameShape(a.shape, b.shape) && a.data.every((value, i) => Object.is(value, b.data[i]));

/** Whether both do the same, on the same sizes. */
function isSameTrace(a: Trace, b: Trace): boolean {
  const isSameExpression = (x: Expression, y: Expression) =>
    x.length === y.length &&
    x.every((part, i) => {
      const other = y[i];
      return part instanceof Tensor && other instanceof Tensor ? isSame(part, other) : part === other;
    });
  const isSameLine = (line: Line, i: number) =>
    line.target === b.lines[i].target && isSameExpression(line.value, b.lines[i].value);
  return a.lines.length === b.lines.length && a.lines.every(isSameLine) && isSameExpression(a.output, b.output);
}

const tensorsIn = (args: readonly unknown[]): Tensor[] => args.flat(Infinity).filter((arg) => arg instanceof Tensor);

/** @throws if it is something else than tensors in lists */
function checked(output: unknown, module: Module): Output {
  const isOutput = (value: unknown): value is Output =>
    value instanceof Tensor || (Array.isArray(value) && value.every(isOutput));
  check(isOutput(output), () => `${where(module)}: only tensors, and lists of them, can be traced as its output`);
  return output;
}

const tuple = (output: Output): Expression => (output instanceof Tensor ? [output] : inBrackets(output.map(tuple)));

const renewed = (output: Output): Output => (output instanceof Tensor ? detach(output) : output.map(renewed));
