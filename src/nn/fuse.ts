/** A convolution and the batch norm after it as one convolution, for evaluation. */
import { detach } from "../autograd/op.ts";
import { add, mul, sub } from "../autograd/ops/elementwise.ts";
import { rsqrt } from "../autograd/ops/functions.ts";
import { reshape } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { onesLike, zerosLike } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";

/** What is asked of the convolution. */
type Convolution = Module & { weight: Parameter; bias: Parameter | null };
/** What is asked of the batch norm. */
type Normed = Module & {
  readonly runningMean: Tensor | null;
  readonly runningVar: Tensor | null;
  readonly weight: Tensor | null;
  readonly bias: Tensor | null;
  readonly eps: number;
};

/**
 * The weights W · s and (b - mean) · s + shift, with s = scale / √(var + eps), of a convolution and the batch norm after it. Mirrors
 * `torch.nn.utils.fuse_conv_bn_weights`.
 * @param transpose whether the output channels are the weight's second dimension, as those of a transposed convolution
 * @example nn.utils.fuseConvBnWeights(ones([2, 1, 3]), null, zeros(2), ones(2), 1e-5, null, null)[1]
 */
export function fuseConvBnWeights(
  weight: Tensor,
  bias: Tensor | null,
  runningMean: Tensor,
  runningVar: Tensor,
  eps: number,
  scale: Tensor | null,
  shift: Tensor | null,
  transpose = false,
): [weight: Parameter, bias: Parameter] {
  const factor = mul(scale ?? onesLike(runningMean), rsqrt(add(runningVar, eps)));
  const channels = transpose ? 1 : 0;
  const along = reshape(factor, weight.shape.map((_, d) => (d === channels ? -1 : 1))); // biome-ignore format: one line
  const moved = mul(sub(bias ?? zerosLike(runningMean), runningMean), factor);
  const fused = [mul(weight, along), add(moved, shift ?? zerosLike(runningMean))];
  const [w, b] = fused.map((x) => new Parameter(detach(x)));
  return [w, b];
}

/**
 * A copy of the convolution that does what it and the batch norm after it do in evaluation. Mirrors
 * `torch.nn.utils.fuse_conv_bn_eval`.
 * @throws in training, where the batch norm takes the statistics of the batch
 * @example nn.utils.fuseConvBnEval(new nn.Conv2d(1, 2, 3).eval(), new nn.BatchNorm2d(2).eval()).bias
 */
export function fuseConvBnEval<Conv extends Convolution>(conv: Conv, bn: Normed, transpose = false): Conv {
  check(
    conv instanceof Module && bn instanceof Module,
    "fuseConvBnEval takes a convolution and a batch norm",
    TypeError,
  );
  check(!(conv.training || bn.training), "Fusion only for eval!");
  const { runningMean, runningVar } = bn;
  check(runningMean !== null && runningVar !== null, "a batch norm that tracks no statistics has none to fuse");
  const fused = conv.deepcopy();
  const { weight, bias } = fused;
  const made = fuseConvBnWeights(weight, bias, runningMean, runningVar, bn.eps, bn.weight, bn.bias, transpose);
  [fused.weight, fused.bias] = made;
  return fused;
}
