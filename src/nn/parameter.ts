/** Parameter: a tensor that is to be trained. */
import { Tensor } from "../tensor/tensor.ts";

/** A tensor that Module.parameters() finds, and that requires a gradient. Mirrors `torch.nn.Parameter`. */
export class Parameter extends Tensor {
  /** Shares the memory of `data`, not its history. */
  constructor(data: Tensor, requiresGrad = true) {
    super(data.storage, data.dtype, data.shape, data.strides, data.offset);
    this.requiresGrad = requiresGrad;
  }

  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }
}
