/**
 * Element types: which typed array holds each, and what mixing two of them gives.
 * Read next: shape.ts.
 */

/** float32 is the default; float64 makes gradient checks strict; int32 holds indices; bool holds comparisons (as 0 and 1). */
export type DType = "float32" | "float64" | "int32" | "bool";

export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

const arrayTypes = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Uint8Array };

/** A zero-filled array of `length` elements. */
export function allocate(dtype: DType, length: number): TypedArray {
  return new arrayTypes[dtype](length);
}

export function isFloatingPoint(dtype: DType): boolean {
  return dtype === "float32" || dtype === "float64";
}

/** The name that PyTorch's error messages use: `expected m1 and m2 to have the same dtype, but got: float != double`. */
export const cName: Record<DType, string> = { float32: "float", float64: "double", int32: "int", bool: "bool" };

/** The name in others of them: `result type Float can't be cast to the desired output type Int`. */
export const scalarName: Record<DType, string> = { float32: "Float", float64: "Double", int32: "Int", bool: "Bool" };

/** From least to most general. Promotion is the maximum of this order, as in PyTorch, where float32 also beats int64. */
const generality: readonly DType[] = ["bool", "int32", "float32", "float64"];

/** PyTorch's `torch.promote_types`: the smallest dtype that both convert to. */
export function promoteTypes(a: DType, b: DType): DType {
  return generality.indexOf(a) > generality.indexOf(b) ? a : b;
}

/** bool < integer < floating point: within one category a scalar never widens a tensor. */
export function category(dtype: DType): number {
  return isFloatingPoint(dtype) ? 2 : dtype === "int32" ? 1 : 0;
}

interface Typed {
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
