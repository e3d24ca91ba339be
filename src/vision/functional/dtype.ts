/** Pictures of bytes and pictures with fractions. */
import { div, mul } from "../../autograd/ops/elementwise.ts";
import { to } from "../../autograd/ops/shape.ts";
import { type DType, isFloatingPoint } from "../../tensor/dtype.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** The largest value of what is a byte, or a truth. */
const largest = (dtype: DType): number => (dtype === "bool" ? 1 : 255);

/**
 * A picture in another dtype: bytes in [0, 255], which are int32 here, fractions in [0, 1].
 * Mirrors `torchvision.transforms.functional.convert_image_dtype`.
 * @example
 * const bytes = tensor([[[0, 51, 255]]], { dtype: "int32" });
 * console.log(transforms.functional.convertImageDtype(bytes));
 * console.log(transforms.functional.convertImageDtype(tensor([[[0, 0.5, 1]]]), "int32"));
 */
export function convertImageDtype(x: Tensor, dtype: DType = "float32"): Tensor {
  if (x.dtype === dtype) return x;
  if (isFloatingPoint(x.dtype)) {
    if (isFloatingPoint(dtype)) return to(x, dtype);
    // a little less than a byte has values: each of them stands for as large a part of [0, 1]
    return to(mul(x, largest(dtype) + 1 - 1e-3), dtype);
  }
  if (isFloatingPoint(dtype)) return div(to(x, dtype), largest(x.dtype));
  return dtype === "bool" ? to(div(x, 128, { roundingMode: "floor" }), dtype) : mul(to(x, dtype), 128);
}
