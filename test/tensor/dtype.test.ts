/** Mixing dtypes gives PyTorch's dtype, values and gradients: with whole numbers as int32. */
import type { DType, Tensor } from "../../src/index.ts";
import { callsOf } from "../autograd/ops/calls.ts";
import { torch } from "../support/torch.ts";

const check = callsOf("dtype");

const dtypes = ["bool", "int32", "float32", "float64"] as const;
const vector = (values: number[], dtype: DType): Tensor => torch.tensor(values, { dtype });

const tensors = dtypes.flatMap((dtype): [name: string, x: Tensor][] => [
  [`${dtype} tensor`, vector([1, 3], dtype)],
  [`${dtype} 0-dim`, torch.tensor(2, { dtype })],
]);
const numbers: [name: string, x: number][] = [
  ["whole number", 2],
  ["fraction", 2.5],
  ["negative fraction", -0.5],
];

for (const op of ["add", "mul", "div", "pow", "maximum", "eq"]) {
  const rights = op === "maximum" ? tensors : [...tensors, ...numbers]; // PyTorch's maximum takes tensors only
  for (const [left, x] of tensors) {
    for (const [right, y] of rights) {
      if (op === "pow" && x.dtype === "bool" && typeof y !== "number" && y.dtype === "bool") continue; // PyTorch has none
      // PyTorch takes the logarithm for a mixed power's gradient in the narrower dtype
      const grads = op !== "pow" || typeof y === "number" || x.dtype === y.dtype;
      check(`${left}, ${right}`, op, [x, y], { grads });
    }
  }
}

for (const [left, x] of tensors) {
  for (const [right, y] of tensors) check(`${left}, ${right}`, "where", [vector([1, 0], "bool"), x, y]);
}

for (const left of dtypes) {
  for (const right of dtypes) check(`${left}, ${right}`, "cat", [[vector([1, 3], left), vector([2], right)]]);
}
