/** Tensors that become others, and stay the objects that modules and optimizers have. */
import { copyOf } from "./apply.ts";
import type { DType } from "./dtype.ts";
import type { Tensor } from "./tensor.ts";

/**
 * x gets a copy of another tensor's elements, with their shape, in memory of its own. Views of x keep the memory that it had. What a
 * backward pass would have read of x is gone: as after a change in place, it says so.
 */
export function become(x: Tensor, like: Tensor, dtype: DType = like.dtype): void {
  const { storage, shape, strides, offset } = copyOf(like, dtype);
  storage.version = x.storage.version + 1;
  Object.assign(x, { storage, dtype, shape, strides, offset });
}
