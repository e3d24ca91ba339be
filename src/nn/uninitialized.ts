/** Tensors that are not there yet: lazy.ts has them in the place of weights until it sees an input, or a state dict. */
import { copyOf } from "../tensor/apply.ts";
import type { Tensor } from "../tensor/tensor.ts";

const waiting = new WeakSet<Tensor>();

/** Marks a tensor that will get its elements later. */
export function uninitialized<T extends Tensor>(x: T): T {
  waiting.add(x);
  return x;
}

export const isUninitialized = (x: Tensor): boolean => waiting.has(x);

/** x becomes a copy of another tensor, and stays the object that an optimizer may have already. */
export function materialize(x: Tensor, like: Tensor): void {
  const { storage, shape, strides, offset } = copyOf(like, x.dtype);
  Object.assign(x, { storage, shape, strides, offset });
  waiting.delete(x);
}
