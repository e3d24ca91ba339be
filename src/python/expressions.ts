/** What operations are in Python: an operation of the engine, with its arguments, as a call of PyTorch's. */
import { pythonFloat } from "../tensor/python-text.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Python's text in parts: a text, a whole number that may depend on the size of the input, or a tensor. */
export type Part = string | number | Tensor;
export type Expression = readonly Part[];

/** Parts in a row, where lists are put in. */
export const parts = (...items: (Part | Expression)[]): Expression => items.flat();

/** Expressions with commas between. */
export const listed = (items: readonly (Part | Expression)[]): Expression =>
  items.flatMap((item, i) => (i === 0 ? parts(item) : parts(", ", item)));

type Render = (args: readonly unknown[]) => Expression | undefined;

/** A number or a tensor. */
const operand = (value: unknown): Part => (typeof value === "number" ? literal(value) : (value as Tensor));

/** A number as a program in Python has it. */
export const numberText = (value: number): string =>
  Number.isFinite(value) ? `${value}` : `float("${pythonFloat(value)}")`;

/** A number that stays what it is; a whole one is a size. */
const literal = (value: number): Part => (Number.isInteger(value) ? value : numberText(value));

const isTrue = (value: unknown): string => (value ? "True" : "False");

/** Whether there is nothing in the options that is said. */
const hasNoOptions = (options: unknown): boolean =>
  options === undefined || options === null || Object.values(options).every((value) => value === undefined);

const method =
  (name: string): Render =>
  ([x]) =>
    parts(x as Tensor, `.${name}()`);

const infix =
  (sign: string): Render =>
  ([a, b, options]) =>
    hasNoOptions(options) ? parts("(", operand(a), ` ${sign} `, operand(b), ")") : undefined;

const binary =
  (name: string): Render =>
  ([a, b, options]) =>
    hasNoOptions(options) ? parts(`torch.${name}(`, operand(a), ", ", operand(b), ")") : undefined;

/** Over one dimension, several or all. */
const reduction =
  (name: string): Render =>
  ([x, dim, options]) => {
    const { keepdim = false, ...others } = (options ?? {}) as { keepdim?: boolean };
    if (!hasNoOptions(others)) return undefined;
    if (dim === undefined || dim === null) return parts(`torch.${name}(`, x as Tensor, ")");
    const dims = Array.isArray(dim) ? `(${dim.join(", ")},)` : `${dim}`;
    return parts(`torch.${name}(`, x as Tensor, `, dim=${dims}, keepdim=${isTrue(keepdim)})`);
  };

const alongDim =
  (name: string): Render =>
  ([x, dim]) =>
    parts(`torch.${name}(`, x as Tensor, `, dim=${dim})`);

const byName = (names: string, render: (name: string) => Render): Record<string, Render> =>
  Object.fromEntries(names.split(" ").map((name) => [name, render(name)]));

/** By the engine's names of operations. */
const rendering: Readonly<Record<string, Render>> = {
  ...byName(
    "neg abs sign exp log sqrt tanh sigmoid relu sin cos tan asin acos atan sinh cosh asinh acosh atanh erf",
    method,
  ),
  ...byName("erfc expm1 exp2 log1p log2 log10 rsqrt reciprocal floor ceil trunc round erfinv sinc clone", method),
  ...byName("maximum minimum fmax fmin atan2 hypot matmul logaddexp", binary),
  ...byName("sum mean amax amin logsumexp", reduction),
  ...byName("cumsum softmax", alongDim),
  add: infix("+"),
  sub: infix("-"),
  mul: infix("*"),
  div: infix("/"),
  pow: infix("**"),
  logSoftmax: ([x, dim, options]) => (hasNoOptions(options) ? alongDim("log_softmax")([x, dim]) : undefined),
  hardswish: ([x]) => parts("F.hardswish(", x as Tensor, ")"),
  leakyRelu: ([x, slope]) => parts("F.leaky_relu(", x as Tensor, `, ${slope})`),
  elu: ([x, alpha, scale]) => (hasNoOptions(scale) ? parts("F.elu(", x as Tensor, `, ${alpha})`) : undefined),
  softplus: ([x, beta, threshold]) => parts("F.softplus(", x as Tensor, `, ${beta}, ${threshold})`),
  linear: ([x, weight, bias]) =>
    parts("F.linear(", x as Tensor, ", ", weight as Tensor, ", ", (bias as Tensor) ?? "None", ")"),
  where: ([condition, a, b]) => parts("torch.where(", condition as Tensor, ", ", operand(a), ", ", operand(b), ")"),
  clamp: ([x, min, max]) => {
    const bound = (name: string, value: unknown) =>
      value === null || value === undefined ? [] : parts(`, ${name}=`, operand(value));
    return parts("torch.clamp(", x as Tensor, ...bound("min", min), ...bound("max", max), ")");
  },
  cat: ([tensors, dim]) => parts("torch.cat([", listed(tensors as Tensor[]), `], dim=${dim})`),
  view: ([x, ...shape]) => parts(x as Tensor, ".reshape(", sizes(shape), ")"),
  expand: ([x, shape]) => parts(x as Tensor, ".expand(", sizes([shape]), ")"),
  permute: ([x, ...dims]) => parts(x as Tensor, `.permute(${dims.flat().join(", ")})`),
  flip: ([x, ...dims]) => parts(x as Tensor, `.flip(${dims.flat().join(", ")})`),
  slice: ([x, dim, start, length, step]) => {
    const [from, count, by] = [start, length, step] as number[];
    if (by < 1) return undefined;
    const before = ":, ".repeat(dim as number);
    return parts(x as Tensor, `[${before}`, from, ":", from + count * by, by === 1 ? "]" : `:${by}]`);
  },
};

/** Sizes that may depend on the input's; of a scalar, none. */
const sizes = (shape: readonly unknown[]): Expression => {
  const all = shape.flat() as number[];
  return all.length === 0 ? ["()"] : listed(all);
};

/** The operation as a call of PyTorch's; undefined if there is none that is the same. */
export const expressionOf = (name: string, args: readonly unknown[]): Expression | undefined => rendering[name]?.(args);
