/** Tensors that are not there yet: lazy.ts has them in the place of weights until it sees an input, or a state dict. */
import { become } from "../tensor/become.ts";
import type { Tensor } from "../tensor/tensor.ts";

const waiting = new WeakSet<Tensor>();

/** Marks a tensor that will get its elements later. */
export function uninitialized<T extends Tensor>(x: T): T {
  waiting.add(x);
  return x;
}

export const isUninitialized = (x: Tensor): boolean => waiting.has(x);

/** x becomes a copy of another tensor, in its own dtype. */
export function materialize(x: Tensor, like: Tensor): void {
  become(x, like, x.dtype);
  waiting.delete(x);
}
