/** Dimensions in another order, as a layer. */
import { permute } from "../../autograd/ops/shape.ts";
import { Module } from "../../nn/module.ts";
import type { Int } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** A view of x with its dimensions in another order. Mirrors `torchvision.ops.Permute`. @example new ops.Permute([0, 2, 1]).forward(ones([1, 2, 3])).shape */
export class Permute extends Module {
  /** The dimensions of x, in y's order. */
  readonly dims: readonly number[];

  constructor(dims: readonly Int[]) {
    super();
    this.dims = dims;
  }

  override forward(x: Tensor): Tensor {
    return permute(x, this.dims);
  }
}
