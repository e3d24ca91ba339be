/** What operations are in Python: a call that was seen, with its arguments, as one of PyTorch's. */
import type { Tensor } from "../tensor/tensor.ts";
import { argument, callOf, type Expression, indexPart, listed, type Part, parts } from "./expressions.ts";
import { dtypeText, snakeCase } from "./literals.ts";

type Render = (args: readonly unknown[]) => Expression | undefined;

/** Whether there is nothing in the options that is said. */
const hasNoOptions = (options: unknown): boolean =>
  options === undefined || options === null || Object.values(options).every((value) => value === undefined);

const method =
  (name: string): Render =>
  ([x, ...rest]) =>
    parts(x as Tensor, ".", callOf(name, rest));

const call =
  (name: string): Render =>
  (args) =>
    callOf(`torch.${name}`, args);

/** An operator, unless there are options, which operators do not take. */
const infix =
  (sign: string, name: string): Render =>
  (args) => {
    const [a, b, options] = args;
    if (!hasNoOptions(options)) return call(name)(args);
    return parts("(", argument(a), ` ${sign} `, argument(b), ")");
  };

/** Over one dimension, several or all. */
const reduction =
  (name: string): Render =>
  ([x, dim, options]) => {
    const { keepdim, ...others } = (options ?? {}) as Record<string, unknown>;
    const dims = dim === undefined || dim === null ? {} : { dim, keepdim: keepdim ?? false };
    return callOf(`torch.${name}`, [x, { ...dims, ...others }]);
  };

/** Along a dimension that has to be said. */
const alongDim =
  (name: string): Render =>
  ([x, dim, options]) =>
    callOf(`torch.${name}`, [x, { dim, ...(options as object) }]);

const byName = (names: string, render: (name: string) => Render): Record<string, Render> =>
  Object.fromEntries(names.split(" ").map((name) => [name, render(snakeCase(name))]));

/** By the names under which they are seen. */
const rendering: Readonly<Record<string, Render>> = {
  ...byName(
    "neg abs sign exp log sqrt tanh sigmoid relu sin cos tan asin acos atan sinh cosh asinh acosh atanh erf",
    method,
  ),
  ...byName("erfc expm1 exp2 log1p log2 log10 rsqrt reciprocal floor ceil trunc round erfinv sinc clone", method),
  ...byName("digamma lgamma maskedFill unfold argmax argmin", method),
  ...byName("maximum minimum fmax fmin atan2 hypot matmul logaddexp logaddexp2 xlogy copysign fmod remainder", call),
  ...byName("addcmul addcdiv lerp logit gather indexSelect takeAlongDim sort argsort topk max min prod norm", call),
  ...byName("scatter scatterAdd tril triu diagonal median", call),
  ...byName("rand randn randLike randnLike", call),
  ...byName("sum mean amax amin logsumexp nansum var std", reduction),
  ...byName("cumsum cumprod logcumsumexp logSoftmax", alongDim),
  softmax: ([x, dim]) => callOf("torch.softmax", [x, { dim }]), // what else it is told says how it is computed
  add: infix("+", "add"),
  sub: infix("-", "sub"),
  mul: infix("*", "mul"),
  div: infix("/", "div"),
  pow: infix("**", "pow"),
  eq: infix("==", "eq"),
  ne: infix("!=", "ne"),
  lt: infix("<", "lt"),
  le: infix("<=", "le"),
  gt: infix(">", "gt"),
  ge: infix(">=", "ge"),
  to: ([x, dtype]) => parts(x as Tensor, `.to(${dtypeText(dtype as string)})`),
  hardswish: ([x]) => parts("F.hardswish(", x as Tensor, ")"),
  leakyRelu: ([x, slope]) => parts("F.leaky_relu(", x as Tensor, `, ${slope})`),
  elu: ([x, alpha, scale]) => (hasNoOptions(scale) ? parts("F.elu(", x as Tensor, `, ${alpha})`) : undefined),
  softplus: ([x, beta, threshold]) => parts("F.softplus(", x as Tensor, `, ${beta}, ${threshold})`),
  linear: (args) => callOf("F.linear", args),
  // Two numbers are float32 here, and would be whole there.
  where: ([condition, a, b]) =>
    typeof a === "number" && typeof b === "number"
      ? parts("torch.where(", condition as Tensor, `, ${floatText(a)}, ${floatText(b)})`)
      : callOf("torch.where", [condition, a, b]),
  clamp: ([x, min, max]) => callOf("torch.clamp", [x, { min: min ?? undefined, max: max ?? undefined }]),
  cat: ([tensors, dim]) => parts("torch.cat([", listed(tensors as Tensor[]), `], dim=${dim})`),
  ...byName(
    "view reshape",
    () =>
      ([x, ...shape]) =>
        parts(x as Tensor, ".reshape(", sizes(shape), ")"),
  ),
  flatten: ([x, startDim, endDim]) => parts(x as Tensor, `.flatten(${startDim}, ${endDim})`),
  expand: ([x, shape]) => parts(x as Tensor, ".expand(", sizes([shape]), ")"),
  permute: ([x, ...dims]) => parts(x as Tensor, `.permute(${dims.flat().join(", ")})`),
  flip: ([x, ...dims]) => parts(x as Tensor, `.flip(${dims.flat().join(", ")})`),
  index: ([x, ...indices]) => parts(x as Tensor, "[", listed(indices.map(indexPart)), "]"),
  slice: ([x, dim, start, length, step]) => {
    const [from, count, by] = [start, length, step] as number[];
    if (by < 1) return undefined;
    const before = ":, ".repeat(dim as number);
    return parts(x as Tensor, `[${before}`, from, ":", from + count * by, by === 1 ? "]" : `:${by}]`);
  },
};

const floatText = (value: number): Part => (Number.isInteger(value) ? `${value}.0` : (argument(value)[0] as string));

/** Sizes that may depend on the input's; of a scalar, none. */
const sizes = (shape: readonly unknown[]): Expression => {
  const all = shape.flat() as number[];
  return all.length === 0 ? ["()"] : listed(all);
};

/** Families of functions, by what stands before their names, and where PyTorch has them. */
const families: Readonly<Record<string, string>> = { "F.": "F.", "rnn.": "nn.utils.rnn." };

/** The call as one of PyTorch's; undefined if there is none that is the same. */
export function expressionOf(name: string, args: readonly unknown[]): Expression | undefined {
  const known = Object.hasOwn(rendering, name) ? rendering[name] : undefined;
  if (known) return known(args);
  const [prefix] = /^(F|rnn)\./.exec(name) ?? [];
  return prefix ? callOf(families[prefix] + snakeCase(name.slice(prefix.length)), args) : undefined;
}
