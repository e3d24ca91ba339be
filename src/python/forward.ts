/** The text of a forward: of what it did with inputs of several sizes, in evaluation and in training. */

import type { Module } from "../nn/module.ts";
import { check } from "../tensor/check.ts";
import { isFloatingPoint } from "../tensor/dtype.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { Expression } from "./expressions.ts";
import { type Trace, where } from "./frame.ts";
import { dtypeText, numberText } from "./literals.ts";
import { explained, type Size } from "./sizes.ts";
import { isSame } from "./trace.ts";

/** What a module did, each time with inputs of other sizes. */
export interface Seen {
  readonly evaluating: readonly Trace[];
  readonly training: readonly Trace[];
}

/**
 * The lines of a forward.
 * @param constants those of the module; what is found is noted there, under its number
 * @param constant what their names begin with
 */
export function forwardLines(module: Module, seen: Seen, constant: string, constants: Tensor[]): string[] {
  const [evaluating, training] = [seen.evaluating, seen.training].map((runs) =>
    new Writer(module, runs, constant, constants).lines(),
  );
  const other = training.map((line) => line.replaceAll("training=True", "training=self.training"));
  const own = evaluating.map((line) => line.replaceAll("training=False", "training=self.training"));
  if (own.length === other.length && own.every((line, i) => line === other[i])) {
    return evaluating.map((line, i) => (line === training[i] ? line : own[i]));
  }
  return ["if self.training:", ...training.map((line) => `    ${line}`), ...evaluating];
}

class Writer {
  readonly #module: Module;
  readonly #runs: readonly Trace[];
  readonly #constant: string;
  readonly #constants: Tensor[];
  readonly #sizes: Size[] = [];
  #line = 0;

  constructor(module: Module, runs: readonly Trace[], constant: string, constants: Tensor[]) {
    this.#module = module;
    this.#runs = runs;
    this.#constant = constant;
    this.#constants = constants;
    for (const [name, shape] of runs[0].shapes) {
      for (const d of shape.keys()) {
        const values = runs.map(({ shapes }) => shapes.get(name)?.[d] ?? Number.NaN);
        this.#sizes.push({ text: `${name}.shape[${d}]`, values });
      }
    }
  }

  lines(): string[] {
    const [first] = this.#runs;
    this.#check(
      this.#runs.every(({ lines }) => lines.length === first.lines.length),
      "what it does depends on the input",
    );
    const lines = first.lines.map(({ target }, k) => {
      this.#line = k;
      return `${target} = ${this.#text(this.#runs.map(({ lines }) => lines[k].value))}`;
    });
    this.#line = Infinity;
    return [...lines, `return ${this.#text(this.#runs.map(({ output }) => output))}`];
  }

  #check(condition: boolean, what: string): asserts condition {
    const [{ lines, output }] = this.#runs;
    const at = () =>
      (lines[this.#line]?.value ?? output).map((part) => (typeof part === "string" ? part : "…")).join("");
    const problem = () =>
      `${where(this.#module)}: ${what}, which cannot be traced: it is written for each input anew (at ${at().slice(0, 80)})`;
    check(condition, problem);
  }

  #text(expressions: readonly Expression[]): string {
    const [first] = expressions;
    this.#check(
      expressions.every(({ length }) => length === first.length),
      "what it does depends on the input",
    );
    return first
      .map((part, i) => {
        const all = expressions.map((expression) => expression[i]);
        if (all.every((other) => typeof other === "number")) return this.#size(all);
        if (all.every((other) => other instanceof Tensor)) return this.#constantText(all);
        this.#check(
          all.every((other) => other === part),
          "what it does depends on the input",
        );
        return part;
      })
      .join("");
  }

  #size(values: readonly number[]): string {
    const known = this.#sizes.filter(({ text }) => this.#isThere(text));
    const text = explained(values, known);
    this.#check(text !== undefined, `a size, ${values.join(", ")}, depends on the input's in a way that is not found`);
    return text;
  }

  /** Whether what has this name comes before the present line: y3 is not there in line 2. */
  #isThere(text: string): boolean {
    const name = /^\w+/.exec(text)?.[0] ?? "";
    const before = this.#runs[0].lines.slice(0, this.#line);
    return !/^y\d+$/.test(name) || before.some(({ target }) => new RegExp(`\\b${name}\\b`).test(target));
  }

  /** A tensor that was made in the forward: always the same, or filled with one number. */
  #constantText(tensors: readonly Tensor[]): string {
    const [first] = tensors;
    if (tensors.every((other) => isSame(first, other))) {
      const known = this.#constants.findIndex((x) => isSame(x, first));
      const name = `self.${this.#constant}${known >= 0 ? known : this.#constants.push(first) - 1}`;
      return first.dtype === "bool" ? `${name}.bool()` : name;
    }
    const values = new Set(tensors.flatMap((x) => (x.numel > 0 ? [x.data[0]] : [])));
    const isFilled =
      values.size <= 1 && tensors.every((x) => x.ndim === first.ndim && x.data.every((v) => v === x.data[0]));
    if (isFilled) return this.#filledText(tensors, [...values][0] ?? 0);
    const isRange = tensors.every((x) => x.ndim === 1 && x.data.every((value, i) => value === i));
    const recipes = this.#runs
      .map(({ recipes }, k) => recipes.get(tensors[k]))
      .filter((recipe) => recipe !== undefined);
    if (!isRange && recipes.length === tensors.length) return this.#text(recipes);
    this.#check(isRange, "a tensor that is made in it depends on the input");
    return `torch.arange(${this.#size(tensors.map(({ numel }) => numel))}${this.#kind(first)})`;
  }

  #filledText(tensors: readonly Tensor[], value: number): string {
    const [{ dtype, shape }] = tensors;
    const sizes = shape.map((_, d) => this.#size(tensors.map((x) => x.shape[d])));
    const list = sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(", ")})`;
    const number = dtype === "bool" ? (value ? "True" : "False") : numberText(value);
    const isPlainNumber = value === 0 || value === 1;
    const made = isPlainNumber ? `torch.${value ? "ones" : "zeros"}(${list}` : `torch.full(${list}, ${number}`;
    return `${made}${this.#kind(tensors[0])})`;
  }

  /** Its dtype and device: those of the first tensor that the forward is given, if there is one. */
  #kind({ dtype }: Tensor): string {
    const [input] = [...this.#runs[0].shapes.keys()].filter((name) => !/^(self\.|getattr)/.test(name));
    const isUsual = isFloatingPoint(dtype) && dtype === "float32";
    return `, dtype=${isUsual ? "torch.float32" : dtypeText(dtype)}${input ? `, device=${input}.device` : ""}`;
  }
}
