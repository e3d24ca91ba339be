/** Values as records.py writes them down: making them, and writing them as one would by hand. */
import { type DType, Slice, Tensor, tensor } from "../../../src/index.ts";
import type { Kind } from "./signatures.ts";

/** A tensor: its memory, and how it lies in it. */
export interface Literal {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** The elements of its memory, in base64. */
  readonly data: string;
  readonly strides?: readonly number[];
  readonly offset?: number;
  readonly requiresGrad?: boolean;
  /** Among the tensors that PyTorch is given. */
  readonly number?: number;
}

export type Written =
  | null
  | number
  | string
  | boolean
  | readonly Written[]
  | { readonly tensor: Literal }
  | { readonly number: "NaN" | "Infinity" | "-Infinity" }
  | { readonly slice: readonly (number | null)[] };

const isList = (written: Written): written is readonly Written[] => Array.isArray(written);

export function kindOf(written: Written): Kind {
  if (written === null) return "null";
  if (typeof written !== "object") return typeof written as Kind;
  if (isList(written)) return "list";
  if ("tensor" in written) return "tensor";
  return "number" in written ? "number" : "list";
}

const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Uint8Array };

const elementsOf = ({ dtype, data }: Literal) => new arrays[dtype](Uint8Array.from(Buffer.from(data, "base64")).buffer);

export function tensorOf(literal: Literal): Tensor {
  const { dtype, shape, strides, offset = 0, requiresGrad = false } = literal;
  const memory = tensor(elementsOf(literal), { dtype });
  const x = strides ? new Tensor(memory.storage, dtype, shape, strides, offset) : memory.view(shape);
  return (x === memory ? x : x.detach()).requiresGrad_(requiresGrad);
}

/** The value; tensors with a number are noted in `known`, so that what PyTorch is given twice is one tensor here, too. */
export function valueFrom(written: Written | undefined, known: Map<number, Tensor>): unknown {
  if (typeof written !== "object" || written === null) return written;
  if (isList(written)) return written.map((item) => valueFrom(item, known));
  if ("number" in written) return Number(written.number);
  if ("slice" in written) return new Slice(...written.slice.map((bound) => bound ?? undefined));
  const { number } = written.tensor;
  const x = (number === undefined ? undefined : known.get(number)) ?? tensorOf(written.tensor);
  if (number !== undefined) known.set(number, x);
  return x;
}

/** With as many digits as tell a number from its neighbours in that dtype. */
function numberText(x: number, dtype: DType): string {
  if (dtype === "bool") return String(x === 1);
  if (Object.is(x, -0)) return "-0";
  const digits = dtype === "float32" ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : [];
  return String(digits.map((n) => Number(x.toPrecision(n))).find((text) => Math.fround(text) === x) ?? x);
}

export function tensorText(literal: Literal): string {
  const { shape, dtype, strides, offset, requiresGrad } = literal;
  const elements = Array.from(elementsOf(literal), (x) => numberText(x, dtype)).join(", ");
  const memory = `tensor([${elements}]${dtype === "float32" || elements === "true" ? "" : `, { dtype: "${dtype}" }`})`;
  const x = strides
    ? `new Tensor(${memory}.storage, "${dtype}", [${shape.join(", ")}], [${strides.join(", ")}], ${offset})`
    : shape.length === 1
      ? memory
      : `${memory}.view([${shape.join(", ")}])`;
  return requiresGrad ? `${x}.detach().requiresGrad_()` : x;
}

export function valueText(written: Written | undefined): string {
  if (typeof written !== "object" || written === null) return JSON.stringify(written) ?? "undefined";
  if (isList(written)) return `[${written.map(valueText).join(", ")}]`;
  if ("tensor" in written) return tensorText(written.tensor);
  if ("number" in written) return written.number;
  return `new Slice(${written.slice.map((bound) => bound ?? "undefined").join(", ")})`;
}
