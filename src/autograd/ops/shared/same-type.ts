/** PyTorch's words where two operands have to be of one dtype, which it does not convert by itself. */
import { check } from "../../../tensor/check.ts";
import { scalarName } from "../../../tensor/dtype.ts";
import type { Tensor } from "../../../tensor/tensor.ts";

/** @throws unless both have the same dtype */
export function checkSameType(a: Tensor, b: Tensor): void {
  check(
    a.dtype === b.dtype,
    () =>
      `expected scalar type ${scalarName[a.dtype]} but found ${scalarName[b.dtype]}: convert one, with x.to("${b.dtype}")`,
  );
}
