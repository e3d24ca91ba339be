/**
 * Making tensors: from values, filled, in sequence, and random. Every function takes `{ dtype, requiresGrad }`;
 * the random ones also `{ generator }`.
 */
import { allocate, type DType, type TypedArray } from "./dtype.ts";
import { fillNormal, fillPermutation, fillRandint, fillUniform } from "./random/distributions.ts";
import { defaultGenerator, type Generator } from "./random/generator.ts";
import { checkSizes, numelOf, type Shape } from "./shape.ts";
import { type NestedArray, Storage, Tensor } from "./tensor.ts";

export interface TensorOptions {
  /** float32 unless said otherwise. */
  dtype?: DType;
  /** Whether to record the operations on this tensor, so that `backward()` leaves a gradient in it. */
  requiresGrad?: boolean;
}

export interface RandomOptions extends TensorOptions {
  /** Where the random numbers come from; the default generator, which `manualSeed` seeds, unless said otherwise. */
  generator?: Generator;
}

/** Arrays of any depth, numbers, booleans, or a typed array. */
export type TensorData = NestedArray | readonly NestedArray[] | ArrayLike<number>;

function make(data: TypedArray, dtype: DType, shape: Shape, options: TensorOptions): Tensor {
  const out = new Tensor(new Storage(data), dtype, shape);
  if (options.requiresGrad) out.requiresGrad = true;
  return out;
}

function makeEmpty(shape: Shape | number, options: TensorOptions, defaultType: DType = "float32"): Tensor {
  const sizes = typeof shape === "number" ? [shape] : [...shape];
  checkSizes(sizes);
  const dtype = options.dtype ?? defaultType;
  return make(allocate(dtype, numelOf(sizes)), dtype, sizes, options);
}

/**
 * A tensor holding a copy of `data`, with the shape of its nesting. Mirrors `torch.tensor`, but for the dtype of plain
 * numbers: JavaScript has only one kind, so they are float32 unless asked otherwise. Booleans are bool; a
 * Float64Array is float64, a typed array of whole numbers int32.
 * @throws where nested arrays are not all of one length
 */
export function tensor(data: TensorData, options: TensorOptions = {}): Tensor {
  if (ArrayBuffer.isView(data)) {
    const values = data as unknown as TypedArray;
    const natural = values instanceof Float64Array ? "float64" : values instanceof Float32Array ? "float32" : "int32";
    return fromValues(values, [values.length], natural, options);
  }
  const shape: number[] = [];
  for (let inner = data as NestedArray; Array.isArray(inner); inner = inner[0]) shape.push(inner.length);
  const values: (number | boolean)[] = [];
  flattenInto(values, data as NestedArray, shape, 0);
  const isBool = values.length > 0 && values.every((value) => typeof value === "boolean");
  return fromValues(values, shape, isBool ? "bool" : "float32", options);
}

/** What a bool holds of a number: whatever is not 0 is true. */
const truth = (value: number): number => Number(value !== 0);

function fromValues(values: ArrayLike<number | boolean>, shape: Shape, natural: DType, options: TensorOptions): Tensor {
  const dtype = options.dtype ?? natural;
  const data = allocate(dtype, values.length);
  for (let i = 0; i < data.length; i++) data[i] = dtype === "bool" ? truth(Number(values[i])) : Number(values[i]);
  return make(data, dtype, shape, options);
}

function flattenInto(values: (number | boolean)[], data: NestedArray, shape: Shape, dim: number): void {
  if (dim === shape.length) {
    if (typeof data !== "number" && typeof data !== "boolean") {
      throw new TypeError(`tensor expected numbers or arrays nested evenly, but found ${String(data)} at dim ${dim}`);
    }
    values.push(data);
    return;
  }
  if (!Array.isArray(data) || data.length !== shape[dim]) {
    const got = Array.isArray(data) ? String(data.length) : typeof data;
    throw new Error(`expected sequence of length ${shape[dim]} at dim ${dim} (got ${got})`);
  }
  for (const item of data) flattenInto(values, item, shape, dim + 1);
}

/** All zeros. Mirrors `torch.zeros`. */
export function zeros(shape: Shape | number, options: TensorOptions = {}): Tensor {
  return makeEmpty(shape, options);
}

/** All ones. Mirrors `torch.ones`. */
export function ones(shape: Shape | number, options: TensorOptions = {}): Tensor {
  return full(shape, 1, options);
}

/** All `value`. Mirrors `torch.full`. */
export function full(shape: Shape | number, value: number, options: TensorOptions = {}): Tensor {
  const out = makeEmpty(shape, options);
  out.storage.data.fill(out.dtype === "bool" ? truth(value) : value);
  return out;
}

/** The identity matrix (n, m), or (n, n). Mirrors `torch.eye`. */
export function eye(n: number, m = n, options: TensorOptions = {}): Tensor {
  const out = makeEmpty([n, m], options);
  for (let i = 0; i < Math.min(n, m); i++) out.storage.data[i * m + i] = 1;
  return out;
}

/**
 * start, start + step, … up to but without end: ceil((end - start) / step) numbers. Mirrors `torch.arange`.
 * `arange(end)` starts at 0.
 * @throws if step is 0 or leads away from end
 */
export function arange(start: number, end?: number, step = 1, options: TensorOptions = {}): Tensor {
  const [from, to] = end === undefined ? [0, start] : [start, end];
  if (step === 0) throw new RangeError("step must be nonzero");
  if ((to - from) * step < 0) throw new RangeError("upper bound and larger bound inconsistent with step sign");
  const out = makeEmpty(Math.ceil((to - from) / step), options);
  const { data } = out.storage;
  for (let i = 0; i < data.length; i++) data[i] = from + i * step;
  return out;
}

/**
 * `steps` numbers from start to end, both included. Mirrors `torch.linspace`, which counts the first half up from start
 * and the second half down from end, so that both ends are exact.
 */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  const out = makeEmpty(steps, options);
  const { data } = out.storage;
  const step = steps > 1 ? (end - start) / (steps - 1) : 0;
  for (let i = 0; i < steps; i++) data[i] = i < steps / 2 ? start + step * i : end - step * (steps - 1 - i);
  return out;
}

/** Uniform on [0, 1). Mirrors `torch.rand`. */
export function rand(shape: Shape | number, options: RandomOptions = {}): Tensor {
  const out = makeEmpty(shape, options);
  fillUniform(out, 0, 1, options.generator ?? defaultGenerator);
  return out;
}

/** Normal with mean 0 and standard deviation 1. Mirrors `torch.randn`. */
export function randn(shape: Shape | number, options: RandomOptions = {}): Tensor {
  const out = makeEmpty(shape, options);
  fillNormal(out, 0, 1, options.generator ?? defaultGenerator);
  return out;
}

/** Whole numbers in [low, high), int32. Mirrors `torch.randint`. */
export function randint(low: number, high: number, shape: Shape | number, options: RandomOptions = {}): Tensor {
  const out = makeEmpty(shape, options, "int32");
  fillRandint(out, low, high, options.generator ?? defaultGenerator);
  return out;
}

/** 0 … n-1 in random order, int32. Mirrors `torch.randperm`. */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  const out = makeEmpty(n, options, "int32");
  fillPermutation(out, options.generator ?? defaultGenerator);
  return out;
}

/** The shape and, unless said otherwise, the dtype of x. */
const like = (x: Tensor, options: TensorOptions) => [x.shape, { dtype: x.dtype, ...options }] as const;

/** Zeros of the shape and, unless said otherwise, the dtype of x; so the others. Mirrors `torch.zeros_like`. */
export const zerosLike = (x: Tensor, options: TensorOptions = {}): Tensor => zeros(...like(x, options));
/** Ones, likewise. */
export const onesLike = (x: Tensor, options: TensorOptions = {}): Tensor => ones(...like(x, options));
/** Uniform on [0, 1), likewise. */
export const randLike = (x: Tensor, options: RandomOptions = {}): Tensor => rand(...like(x, options));
/** Normal with mean 0 and standard deviation 1, likewise. */
export const randnLike = (x: Tensor, options: RandomOptions = {}): Tensor => randn(...like(x, options));

/** All `value`, likewise. */
export function fullLike(x: Tensor, value: number, options: TensorOptions = {}): Tensor {
  return full(x.shape, value, { dtype: x.dtype, ...options });
}

/** Whole numbers in [low, high), likewise in the dtype of x. */
export function randintLike(x: Tensor, low: number, high: number, options: RandomOptions = {}): Tensor {
  return randint(low, high, x.shape, { dtype: x.dtype, ...options });
}
