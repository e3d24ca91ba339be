/** Parameter: a tensor that is to be trained. */
import { Tensor } from "../tensor/tensor.ts";

/**
 * A tensor that Module.parameters() finds, and that requires a gradient. Mirrors `torch.nn.Parameter`.
 * @example
 * class Scale extends nn.Module {
 *   readonly factor = new nn.Parameter(ones(1));
 *   override forward(x: Tensor): Tensor {
 *     return x.mul(this.factor);
 *   }
 * }
 * console.log(new Scale().parameters());
 */
export class Parameter extends Tensor {
  /** For the compiler, to which no other tensor is one. */
  declare protected readonly isParameter: true;

  /** Shares the memory of `data`, not its history. */
  constructor(data: Tensor, requiresGrad = true) {
    super(data.storage, data.dtype, data.shape, data.strides, data.offset);
    this.requiresGrad = requiresGrad;
  }

  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }
}

/** Options of registerBuffer, for a tensor that a module keeps and does not train. */
export interface BufferOptions {
  /** Whether the buffer is in the state dict. Default: true. */
  persistent?: boolean;
}
