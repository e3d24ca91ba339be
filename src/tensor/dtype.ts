/**
 * Element types. One table says all that differs between them; what mixing two of them gives follows from it.
 * Read next: shape.ts.
 */
import { check } from "./check.ts";

/** float32 is the default; float64 makes gradient checks strict; int32 holds indices; bool holds comparisons (as 0 and 1). */
export type DType = "float32" | "float64" | "int32" | "bool";

/** What holds elements, in a storage. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** The class of such an array. */
export interface ArrayType {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): TypedArray;
  new (buffer: ArrayBufferLike, address: number, length: number): TypedArray;
}

interface Description {
  /** What holds the elements. */
  readonly array: ArrayType;
  /** bool < integer < floating point: within one category a scalar never widens a tensor. */
  readonly category: 0 | 1 | 2;
  /** The number that it has for a number, where that is not what the array makes of it, or is needed before. */
  readonly round?: (value: number) => number;
  /** The name that PyTorch's error messages use: `expected m1 and m2 to have the same dtype, but got: float != double`. */
  readonly cName: string;
  /** The name in others of them: `result type Float can't be cast to the desired output type Int`. */
  readonly scalarName: string;
}

/** From least to most general. Promotion is the maximum of this order, as in PyTorch, where float32 also beats int64. */
const dtypes: Record<DType, Description> = {
  bool: { array: Uint8Array, category: 0, round: (value) => Number(value !== 0), cName: "bool", scalarName: "Bool" },
  int32: { array: Int32Array, category: 1, cName: "int", scalarName: "Int" },
  float32: { array: Float32Array, category: 2, round: Math.fround, cName: "float", scalarName: "Float" },
  float64: { array: Float64Array, category: 2, cName: "double", scalarName: "Double" },
};

const byGenerality = Object.keys(dtypes) as DType[];

/** One column of the table. */
const column = <Name extends keyof Description>(name: Name) =>
  Object.fromEntries(byGenerality.map((dtype) => [dtype, dtypes[dtype][name]])) as Record<DType, Description[Name]>;

export const cName = column("cName");
export const scalarName = column("scalarName");

/** What holds the elements. */
export const arrayOf = column("array");

/** A zero-filled array of `length` elements, in ordinary memory. */
export const allocate = (dtype: DType, length: number): TypedArray => new dtypes[dtype].array(length);

/** Bytes of one element. */
export const bytesOf = (dtype: DType): number => arrayOf[dtype].BYTES_PER_ELEMENT;

/** Whether it is a typed array, of whatever realm. A DataView is none. */
export const isTypedArray = (data: unknown): data is TypedArray => ArrayBuffer.isView(data) && "length" in data;

const floatingPoint: Record<string, DType> = {
  Float16Array: "float32",
  Float32Array: "float32",
  Float64Array: "float64",
};

/** The dtype whose floating point numbers such an array holds; whole numbers of all sizes are int32. */
export const dtypeOf = (array: TypedArray): DType => floatingPoint[array[Symbol.toStringTag]] ?? "int32";

/** bool is 0, whole numbers 1, floating point 2. */
export const category = (dtype: DType): number => dtypes[dtype].category;

export const isFloatingPoint = (dtype: DType): boolean => dtypes[dtype].category === 2;

/** What a tensor of that dtype holds of a number: of 0.1 the nearest float32, of 2 true. */
export const rounded = (value: number, dtype: DType): number => dtypes[dtype].round?.(value) ?? value;

/** Whether it reaches as far as a number: int32 holds neither 2³¹ nor NaN. */
export const reaches = (dtype: DType, value: number): boolean =>
  dtype !== "int32" || (value > -(2 ** 31) - 1 && value < 2 ** 31);

/** The number that a tensor holds of one that a user gave. @throws if the dtype does not reach so far */
export function converted(value: number, dtype: DType): number {
  check(reaches(dtype, value), () => `value cannot be converted to type int32 without overflow: ${value}`);
  return rounded(value, dtype);
}

/** PyTorch's `torch.promote_types`: the smallest dtype that both convert to. */
export const promoteTypes = (a: DType, b: DType): DType => (byGenerality.indexOf(a) > byGenerality.indexOf(b) ? a : b);

/** What resultType looks at, of a tensor. */
export interface Typed {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/**
 * PyTorch's `torch.result_type`: the dtype of `a op b`. A 0-dimensional operand counts only if its category is higher,
 * so `float32 vector * float64 scalar` stays float32 and `int32 vector * float32 scalar` becomes float32.
 */
export function resultType(a: Typed, b: Typed): DType {
  const aIsScalar = a.shape.length === 0;
  const bIsScalar = b.shape.length === 0;
  if (aIsScalar === bIsScalar) return promoteTypes(a.dtype, b.dtype);
  const [tensor, scalar] = aIsScalar ? [b, a] : [a, b];
  return category(scalar.dtype) > category(tensor.dtype) ? scalar.dtype : tensor.dtype;
}

/** The dtype a JavaScript number takes beside a tensor: the tensor's own, unless a fraction meets integers. */
export function scalarType(value: number, beside: DType): DType {
  if (isFloatingPoint(beside)) return beside;
  return Number.isInteger(value) ? "int32" : "float32";
}
