/**
 * Making tensors: from values, filled, in sequence, and random. Every function takes `{ dtype, requiresGrad }`;
 * the random ones also `{ generator }`.
 */
import { check } from "./check.ts";
import { converted, type DType, dtypeOf, isFloatingPoint, isTypedArray, rounded } from "./dtype.ts";
import { readOptions } from "./options.ts";
import { fillNormal, fillPermutation, fillRandint, fillUniform } from "./random/distributions.ts";
import { defaultGenerator, type Generator } from "./random/generator.ts";
import { checkSizes, type Int, type Shape } from "./shape.ts";
import { type NestedArray, Tensor } from "./tensor.ts";
import { seen } from "./watch.ts";

/** What tensors of plain numbers are, unless asked otherwise: "float32". Mirrors `torch.get_default_dtype`. @example getDefaultDtype() */
export const getDefaultDtype = (): DType => "float32";

/**
 * Accepts "float32", what tensors of plain numbers always are. Mirrors `torch.set_default_dtype`, which can choose another.
 * @throws for another dtype: say it where a tensor or layer is made, `{ dtype: "float64" }`
 * @example setDefaultDtype("float32")
 */
export function setDefaultDtype(dtype: DType): void {
  check(isFloatingPoint(dtype), "only floating-point types are supported as the default type", TypeError);
  const fixed = () =>
    `the default dtype is always float32: make tensors and layers with { dtype: "${dtype}" }, and convert those that are there with double()`;
  check(dtype === "float32", fixed);
}

/** How a tensor is made. */
export interface TensorOptions {
  /** What the elements are. Default: "float32" or, for integers drawn at random, "int32". */
  dtype?: DType;
  /** Whether to record the operations on this tensor, so that `backward()` leaves a gradient in it. Default: false. */
  requiresGrad?: boolean;
}

/** How a tensor of random numbers is made. */
export interface RandomOptions extends TensorOptions {
  /** Where the random numbers come from. Default: the generator that `manualSeed` seeds. */
  generator?: Generator;
}

/** Arrays of any depth, numbers, booleans, or a typed array. */
export type TensorData = NestedArray | readonly NestedArray[] | ArrayLike<number>;

/** Gives a new tensor its values. */
type Fill = (x: Tensor, generator: Generator) => void;

const nothing: Fill = () => {};
const uniform: Fill = (x, generator) => fillUniform(x, 0, 1, generator);
const normal: Fill = (x, generator) => fillNormal(x, 0, 1, generator);
const constant =
  (value: number): Fill =>
  ({ storage, dtype }) =>
    void storage.data.fill(converted(value, dtype));
const integers =
  (low: number, high: number): Fill =>
  (x, generator) =>
    fillRandint(x, low, high, generator);

/** A number that a sequence is made of, as a tensor of that dtype holds it: whole numbers count in whole steps. */
const heldAs =
  (dtype: DType = "float32") =>
  (value: number): number =>
    isFloatingPoint(dtype) ? value : Math.trunc(value);

/** A new tensor of that size, filled; its dtype is `natural` unless the options say another. */
function make(fill: Fill, size: Shape | number, options?: RandomOptions, natural: DType = "float32"): Tensor {
  const defaults = { dtype: natural, requiresGrad: false, generator: defaultGenerator };
  const { dtype, requiresGrad, generator } = readOptions(options, defaults);
  const shape = typeof size === "number" ? [size] : [...size];
  checkSizes(shape);
  const x = Tensor.empty(shape, dtype);
  x.requiresGrad = requiresGrad;
  fill(x, generator);
  return x;
}

function fromValues(values: ArrayLike<number | boolean>, shape: Shape, natural: DType, options?: TensorOptions) {
  const x = make(nothing, shape, options, natural);
  const { data } = x.storage;
  for (let i = 0; i < data.length; i++) data[i] = converted(Number(values[i]), x.dtype);
  return x;
}

/** PyTorch's limit, beyond which an array is taken for one that holds itself. */
const DEEPEST = 128;

/**
 * A tensor holding a copy of `data`, with the shape of its nesting. Mirrors `torch.tensor`, but for the dtype of plain
 * numbers: JavaScript has only one kind, so they are float32 unless asked otherwise. Booleans are bool; a
 * Float64Array is float64, a typed array of whole numbers int32.
 * @throws where nested arrays are not all of one length
 * @example tensor([[1, 2], [3, 4]])
 */
export function tensor(data: TensorData, options?: TensorOptions): Tensor {
  if (isTypedArray(data)) return fromValues(data, [data.length], dtypeOf(data), options);
  const shape: number[] = [];
  for (let inner = data as NestedArray; Array.isArray(inner); inner = inner[0]) {
    check(shape.length < DEEPEST, `too many dimensions 'list': nest at most ${DEEPEST} arrays`);
    shape.push(inner.length);
  }
  const values: (number | boolean)[] = [];
  flattenInto(values, data as NestedArray, shape, 0);
  const isBool = values.length > 0 && values.every((value) => typeof value === "boolean");
  return fromValues(values, shape, isBool ? "bool" : "float32", options);
}

function flattenInto(values: (number | boolean)[], data: NestedArray, shape: Shape, dim: number): void {
  if (dim === shape.length) {
    const uneven = () => {
      const found = typeof data === "object" ? String(data) : `the ${typeof data} ${String(data)}`;
      return `tensor expected numbers or arrays nested evenly, but found ${found} at dim ${dim}`;
    };
    check(typeof data === "number" || typeof data === "boolean", uneven, TypeError);
    values.push(data);
    return;
  }
  const ragged = () => {
    const got = Array.isArray(data) ? String(data.length) : typeof data;
    return `expected sequence of length ${shape[dim]} at dim ${dim} (got ${got})`;
  };
  check(Array.isArray(data) && data.length === shape[dim], ragged);
  for (const item of data) flattenInto(values, item, shape, dim + 1);
}

/** All zeros. Mirrors `torch.zeros`. @example zeros([2, 3]) */
export const zeros = (shape: Shape | Int, options?: TensorOptions): Tensor => make(constant(0), shape, options);

/** All ones. Mirrors `torch.ones`. @example ones(3, { dtype: "int32" }) */
export const ones = (shape: Shape | Int, options?: TensorOptions): Tensor => make(constant(1), shape, options);

/** All `value`. Mirrors `torch.full`. @example full([2, 2], 7) */
export const full = (shape: Shape | Int, value: number, options?: TensorOptions): Tensor =>
  make(constant(value), shape, options);

/** Of whatever was in that memory: for who writes all elements. Mirrors `torch.empty`. @example empty([2, 3]).shape */
export const empty = (shape: Shape | Int, options?: TensorOptions): Tensor => make(nothing, shape, options);

/** Numbers of which the last may be left out, and the options. */
function apart(rest: readonly (number | TensorOptions | undefined)[]) {
  const numbers = rest.filter((arg) => typeof arg !== "object");
  return { numbers, options: rest.find((arg) => typeof arg === "object") };
}

/** The identity matrix (n, m), or (n, n). Mirrors `torch.eye`. @example eye(3) */
export function eye(n: Int, options?: TensorOptions): Tensor;
export function eye(n: Int, m?: Int, options?: TensorOptions): Tensor;
export function eye(n: Int, ...rest: (Int | TensorOptions | undefined)[]): Tensor {
  const { numbers, options } = apart(rest);
  const [m = n] = numbers;
  const out = make(constant(0), [n, m], options);
  for (let i = 0; i < Math.min(n, m); i++) out.storage.data[i * m + i] = 1;
  return out;
}

/**
 * start, start + step, … up to but without end: ceil((end - start) / step) numbers. Mirrors `torch.arange`.
 * `arange(end)` starts at 0.
 * @throws if step is 0 or leads away from end
 * @example arange(2, 10, 3)
 */
export function arange(end: number, options?: TensorOptions): Tensor;
export function arange(start: number, end: number, options?: TensorOptions): Tensor;
export function arange(start: number, end?: number, step?: number, options?: TensorOptions): Tensor;
export function arange(start: number, ...rest: (number | TensorOptions | undefined)[]): Tensor {
  const { numbers, options } = apart(rest);
  const [end, step = 1] = numbers;
  const [from, to] = end === undefined ? [0, start] : [start, end];
  const [first, distance] = [from, step].map(heldAs(options?.dtype));
  check(distance !== 0, "step must be nonzero", RangeError);
  const away = () => `upper bound and larger bound inconsistent with step sign: from ${from} to ${to} by ${step}`;
  check(!((to - from) * step < 0), away, RangeError);
  const out = make(nothing, Math.ceil((to - from) / step), options);
  const { data } = out.storage;
  for (let i = 0; i < data.length; i++) data[i] = first + i * distance;
  return out;
}

/**
 * `steps` numbers from start to end, both included. Mirrors `torch.linspace`, which counts the first half up from start
 * and the second half down from end, so that both ends are exact, in blocks of as many as its vectors have: so do we, and the
 * last bits are the same.
 * @example linspace(0, 1, 5)
 */
export function linspace(start: number, end: number, steps: Int, options?: TensorOptions): Tensor {
  const out = make(nothing, steps, options);
  const { dtype } = out;
  const { data } = out.storage;
  const held = (value: number): number => rounded(value, dtype);
  const [first, last] = [start, end].map(heldAs(dtype)).map(held);
  const step = steps > 1 ? held(held(last - first) / (steps - 1)) : 0;
  const isFirstHalf = (i: number): boolean => i < Math.floor(steps / 2) || steps === 1;
  const from = (i: number): number => held(isFirstHalf(i) ? first + step * i : last - step * (steps - 1 - i));
  const lanes = 32 / data.BYTES_PER_ELEMENT;
  const inVectors = steps - (steps % (2 * lanes));
  for (let i = 0; i < steps; i++) {
    const lane = i < inVectors ? i % lanes : 0;
    data[i] = from(i - lane) + held(step * lane);
  }
  return out;
}

/**
 * `steps` powers of base, from baseˢᵗᵃʳᵗ to baseᵉⁿᵈ, both included: `linspace` of the exponents. Mirrors `torch.logspace`.
 * @example logspace(0, 3, 4)
 */
export function logspace(start: number, end: number, steps: Int, base?: number, options?: TensorOptions): Tensor;
export function logspace(start: number, end: number, steps: Int, options?: TensorOptions): Tensor;
export function logspace(
  start: number,
  end: number,
  steps: Int,
  ...rest: (number | TensorOptions | undefined)[]
): Tensor {
  const { numbers, options } = apart(rest);
  const [base = 10] = numbers;
  check(steps >= 0, () => `number of steps must be non-negative, but is ${steps}`);
  const out = make(nothing, steps, options);
  const [first, last] = [start, end].map(heldAs(out.dtype));
  const exponents = linspace(first, last, steps, { dtype: "float64" }).storage.data;
  const { data } = out.storage;
  for (let i = 0; i < steps; i++) data[i] = base ** exponents[i];
  return out;
}

/** Uniform on [0, 1). Mirrors `torch.rand`. @example rand([2, 2], { generator: new Generator(0) }) */
export const rand = (shape: Shape | Int, options?: RandomOptions): Tensor =>
  seen("rand", [shape, options], () => make(uniform, shape, options));

/**
 * Normal with mean 0 and standard deviation 1. Mirrors `torch.randn`.
 * @example randn(3, { generator: new Generator(0) })
 */
export const randn = (shape: Shape | Int, options?: RandomOptions): Tensor =>
  seen("randn", [shape, options], () => make(normal, shape, options));

/**
 * Whole numbers in [low, high), int32. Mirrors `torch.randint`.
 * @example randint(0, 10, [5], { generator: new Generator(0) })
 */
export const randint = (low: Int, high: Int, shape: Shape | Int, options?: RandomOptions): Tensor =>
  make(integers(low, high), shape, options, "int32");

/** 0 … n-1 in random order, int32. Mirrors `torch.randperm`. @example randperm(5, { generator: new Generator(0) }) */
export const randperm = (n: Int, options?: RandomOptions): Tensor => make(fillPermutation, n, options, "int32");

/**
 * Zeros of the shape and, unless said otherwise, the dtype of x; so the others. Mirrors `torch.zeros_like`.
 * @example zerosLike(tensor([1, 2], { dtype: "float64" }))
 */
export const zerosLike = (x: Tensor, options?: TensorOptions): Tensor => make(constant(0), x.shape, options, x.dtype);

/** Ones, likewise. Mirrors `torch.ones_like`. @example onesLike(tensor([[1, 2, 3]])) */
export const onesLike = (x: Tensor, options?: TensorOptions): Tensor => make(constant(1), x.shape, options, x.dtype);

/** Of whatever was in that memory, likewise. Mirrors `torch.empty_like`. @example emptyLike(tensor([[1, 2, 3]])).shape */
export const emptyLike = (x: Tensor, options?: TensorOptions): Tensor => make(nothing, x.shape, options, x.dtype);

/**
 * Uniform on [0, 1), likewise. Mirrors `torch.rand_like`.
 * @example randLike(zeros(3), { generator: new Generator(0) })
 */
export const randLike = (x: Tensor, options?: RandomOptions): Tensor =>
  seen("randLike", [x, options], () => make(uniform, x.shape, options, x.dtype));

/**
 * Normal with mean 0 and standard deviation 1, likewise. Mirrors `torch.randn_like`.
 * @example randnLike(zeros(3), { generator: new Generator(0) })
 */
export const randnLike = (x: Tensor, options?: RandomOptions): Tensor =>
  seen("randnLike", [x, options], () => make(normal, x.shape, options, x.dtype));

/** All `value`, likewise. Mirrors `torch.full_like`. @example fullLike(tensor([1, 2]), 9) */
export const fullLike = (x: Tensor, value: number, options?: TensorOptions): Tensor =>
  make(constant(value), x.shape, options, x.dtype);

/**
 * Whole numbers in [low, high), likewise in the dtype of x. Mirrors `torch.randint_like`.
 * @example randintLike(zeros(3), 0, 100, { generator: new Generator(0) })
 */
export const randintLike = (x: Tensor, low: Int, high: Int, options?: RandomOptions): Tensor =>
  make(integers(low, high), x.shape, options, x.dtype);
