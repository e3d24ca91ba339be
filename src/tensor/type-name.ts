import { scalarName } from "./dtype.ts";
import { Tensor } from "./tensor.ts";

/** What an error calls a value: `torch.FloatTensor`, as PyTorch does, or else its class or type. */
export function typeName(value: unknown): string {
  if (value instanceof Tensor) return `torch.${scalarName[value.dtype]}Tensor`;
  if (typeof value !== "object") return typeof value;
  const name = value === null ? "null" : (value.constructor?.name ?? "object");
  return value !== null && "gradFn" in value ? `${name} of another copy of lucidgrad` : name;
}
