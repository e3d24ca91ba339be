/** RMS norm: the numbers of a sample get a mean square of 1. As layer norm, without the mean (Zhang & Sennrich 2019). */
import { add, mul, square } from "../autograd/ops/elementwise.ts";
import { rsqrt } from "../autograd/ops/functions.ts";
import { mean } from "../autograd/ops/reduction.ts";
import { check } from "../tensor/check.ts";
import { ones } from "../tensor/create.ts";
import { type DType, isFloatingPoint, scalarName } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonBool, pythonFloat, pythonTuple } from "../tensor/python-text.ts";
import { formatShape, type Int, type Shape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { ones_ } from "./init.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";

/** What comes after RMS norm, and its eps. */
export interface RMSNormSettings {
  /** A factor, of normalizedShape, or null for 1. Default: null. */
  weight?: Tensor | null;
  /** Added to the mean square; null for the distance from 1 to the next number of x's dtype. Default: null. */
  eps?: number | null;
}

/** From 1 to the next number. */
const epsilon: Partial<Record<DType, number>> = { float32: 2 ** -23, float64: 2 ** -52 };

/**
 * y = x / √(mean(x²) + eps) · weight, over the last dimensions of each sample. Mirrors `torch.nn.functional.rms_norm` of PyTorch 2
 * (https://arxiv.org/abs/1910.07467).
 *
 * @param x (…, ...normalizedShape); weight has normalizedShape
 * @throws if x does not end in normalizedShape
 * @example nn.functional.rmsNorm(tensor([[1, 2, 3], [10, 20, 30]]), [3])
 */
function rmsNorm(x: Tensor, normalizedShape: Shape, options?: RMSNormSettings): Tensor {
  const { weight, eps } = readOptions<RMSNormSettings>(options, { weight: null, eps: null });
  check(isFloatingPoint(x.dtype), () => `"rms_norm" not implemented for '${scalarName[x.dtype]}'`);
  check(
    normalizedShape.length > 0,
    "Expected normalized_shape to be at least 1-dimensional, but got normalized_shape = []",
  );
  const ownShape = x.shape.slice(-normalizedShape.length);
  const otherInput = () =>
    `Given normalized_shape=${formatShape(normalizedShape)}, expected input with shape ` +
    `[*, ${normalizedShape.join(", ")}], but got input of size${formatShape(x.shape)}`;
  check(sameShape(ownShape, normalizedShape), otherInput);
  const otherWeight = () =>
    `Expected weight to be of same shape as normalized_shape, but got weight of shape ${formatShape(weight?.shape ?? [])} ` +
    `and normalized_shape = ${formatShape(normalizedShape)}`;
  check(!weight || sameShape(weight.shape, normalizedShape), otherWeight);
  const dims = normalizedShape.map((_, d) => d - normalizedShape.length);
  const meanSquare = mean(square(x), dims, { keepdim: true });
  const y = mul(x, rsqrt(add(meanSquare, eps ?? (epsilon[x.dtype] as number))));
  return weight ? mul(y, weight) : y;
}

/** Options of RMSNorm. */
export interface RMSNormOptions {
  /** Added to the mean square; null for the distance from 1 to the next number of x's dtype. Default: null. */
  eps?: number | null;
  /** Whether to learn a factor for each element. Default: true. */
  elementwiseAffine?: boolean;
  /** Of what it learns. Default: "float32". */
  dtype?: DType;
}

/**
 * Gives the last dimensions, which have `normalizedShape`, a mean square of 1. Mirrors `torch.nn.RMSNorm` of PyTorch 2.
 * @example new nn.RMSNorm(3).forward(tensor([[1, 2, 3], [10, 20, 30]]))
 */
export class RMSNorm extends Module {
  /** The sizes of the last dimensions of x. */
  readonly normalizedShape: readonly number[];
  /** Added to the mean square, or null. */
  readonly eps: number | null;
  /** The factors, or null. */
  weight: Parameter | null;

  constructor(normalizedShape: Int | readonly Int[], options?: RMSNormOptions) {
    super();
    const defaults = { eps: null, elementwiseAffine: true, dtype: "float32" } as const;
    const { eps, elementwiseAffine, dtype } = readOptions<RMSNormOptions>(options, defaults);
    this.normalizedShape = [normalizedShape].flat();
    this.eps = eps;
    const weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape, { dtype })) : null;
    this.weight = this.registerParameter("weight", weight);
  }

  /** weight = 1 */
  resetParameters(): void {
    if (this.weight) ones_(this.weight);
  }

  override forward(x: Tensor): Tensor {
    return rmsNorm(x, this.normalizedShape, this);
  }

  override extraRepr(): string {
    const { normalizedShape, eps, weight } = this;
    const text = eps === null ? "None" : pythonFloat(eps);
    return `${pythonTuple(normalizedShape)}, eps=${text}, elementwise_affine=${pythonBool(weight !== null)}`;
  }
}

export default { rmsNorm };
