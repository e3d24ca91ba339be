/** The fully connected layer. */
import { linear } from "../autograd/ops/layers/linear.ts";
import { zeros } from "../tensor/create.ts";
import type { DType } from "../tensor/dtype.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { fanInAndOut, kaimingUniform_, uniform_ } from "./init.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";

export interface LinearOptions {
  /** Whether to add a bias. Needless before a batch norm, which subtracts the mean. Default: true. */
  bias?: boolean;
  /** float32 unless said otherwise. */
  dtype?: DType;
}

/**
 * y = x Wᵀ + b, for x (…, inFeatures) giving (…, outFeatures). Mirrors `torch.nn.Linear`.
 *
 * W (outFeatures, inFeatures) and b (outFeatures) start uniform on ±1/√inFeatures, PyTorch's numbers for the same seed.
 */
export class Linear extends Module {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly weight: Parameter;
  readonly bias: Parameter | null;

  constructor(inFeatures: number, outFeatures: number, { bias = true, dtype = "float32" }: LinearOptions = {}) {
    super();
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(zeros([outFeatures, inFeatures], { dtype }));
    this.bias = bias ? new Parameter(zeros([outFeatures], { dtype })) : null;
    this.resetParameters();
  }

  /** Draws new weights, then a new bias. */
  resetParameters(): void {
    kaimingUniform_(this.weight, { a: Math.sqrt(5) });
    if (!this.bias) return;
    const { fanIn } = fanInAndOut(this.weight);
    const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
    uniform_(this.bias, -bound, bound);
  }

  override forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }

  override extraRepr(): string {
    const bias = this.bias ? "True" : "False";
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${bias}`;
  }
}
