/** Values as a program in Python has them. */
import { check } from "../tensor/check.ts";
import { pythonFloat } from "../tensor/python-text.ts";
import { Tensor } from "../tensor/tensor.ts";

/** `weightDecay` as `weight_decay`. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A number as a program in Python has it. */
export const numberText = (value: number): string =>
  Number.isFinite(value) ? (Object.is(value, -0) ? "-0.0" : `${value}`) : `float("${pythonFloat(value)}")`;

/** A dtype of PyTorch's: whole numbers are int64 there, as indices have to be. */
export const dtypeText = (dtype: string): string => `torch.${dtype === "int32" ? "int64" : dtype}`;

/** A setting in Python. @throws if it is something that is no setting */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return numberText(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Tensor) return tensorText(value);
  check(Array.isArray(value), () => `a setting that is ${typeof value} cannot be written in Python`, TypeError);
  return value.length === 1 ? `(${literal(value[0])},)` : `(${value.map(literal).join(", ")})`;
}

/** No constant is longer: a program is to be read. */
const LONGEST = 4096;

/** A tensor with its elements, in Python; truths are 0 and 1. */
export function tensorText(x: Tensor): string {
  const tooLong = () => `a constant of ${x.numel} elements cannot be written in Python: register it as a buffer`;
  check(x.numel <= LONGEST, tooLong);
  const elements = Array.from(x.data, numberText).join(", ");
  // DistributedDataParallel sends buffers from process to process, and gloo sends no truths.
  const dtype = x.dtype === "bool" ? "torch.uint8" : dtypeText(x.dtype);
  return `torch.tensor([${elements}], dtype=${dtype}).reshape(${sizesText(x)})`;
}

/** The sizes of a tensor, as arguments; of a scalar, none. */
export const sizesText = ({ shape }: Tensor): string => (shape.length === 0 ? "()" : shape.join(", "));
