/**
 * Convolution and its two gradients. The number Σ dy · conv(x, w) is linear in each of x, w and dy; differentiating it by
 * one of them leaves a function of the other two. So there are three operations, conv2d for dy, conv2dInput for x and
 * conv2dWeight for w, and each one's gradients are the other two. conv2dInput is also known as transposed convolution.
 */
import type { ConvolutionShape } from "../../../tensor/kernels/convolution.ts";
import { convolutions } from "../../../tensor/kernels/index.ts";
import type { Shape } from "../../../tensor/shape.ts";
import { operandOf, Tensor } from "../../../tensor/tensor.ts";
import { type Applied, defineOp } from "../../op.ts";
import { sum } from "../reduction.ts";

export type { ConvolutionShape, Pair } from "../../../tensor/kernels/convolution.ts";

/** The shapes of x (N, C, H, W), w (O, C / groups, KH, KW) and y (N, O, OH, OW). */
function shapesOf({ images, groups, channels, outChannels, size, kernelSize, outSize }: ConvolutionShape) {
  const samples = images / groups;
  return {
    x: [samples, groups * channels, ...size] as Shape,
    w: [groups * outChannels, channels, ...kernelSize] as Shape,
    y: [samples, groups * outChannels, ...outSize] as Shape,
  };
}

/** y[n, o, p] = bias[o] + Σ over c and k of w[o, c, k] · x[n, c, p · stride + k · dilation - padding], p and k being pairs */
export const conv2d = defineOp(
  "conv2d",
  (x: Tensor, w: Tensor, bias: Tensor | null, shape: ConvolutionShape): Applied => {
    const y = Tensor.empty(shapesOf(shape).y, x.dtype);
    convolutions.convolution(y.storage.operand, operandOf(x), operandOf(w), bias && operandOf(bias), shape);
    return {
      y,
      grads: [
        [x, (dy) => conv2dInput(dy, w, shape), [w]],
        [w, (dy) => conv2dWeight(dy, x, shape), [x]],
        ...(bias ? [[bias, (dy: Tensor) => sum(dy, [0, 2, 3])] as const] : []),
      ],
    };
  },
);

/** dx[n, c, p · stride + k · dilation - padding] += Σ over o of w[o, c, k] · dy[n, o, p] */
export const conv2dInput = defineOp("conv2dInput", (dy: Tensor, w: Tensor, shape: ConvolutionShape): Applied => {
  const dx = Tensor.empty(shapesOf(shape).x, dy.dtype);
  convolutions.convolutionInput(dx.storage.operand, operandOf(dy), operandOf(w), shape);
  return {
    y: dx,
    grads: [
      [dy, (ddx) => conv2d(ddx, w, null, shape), [w]],
      [w, (ddx) => conv2dWeight(dy, ddx, shape), [dy]],
    ],
  };
});

/** dw[o, c, k] = Σ over n and p of dy[n, o, p] · x[n, c, p · stride + k · dilation - padding] */
export const conv2dWeight = defineOp("conv2dWeight", (dy: Tensor, x: Tensor, shape: ConvolutionShape): Applied => {
  const dw = Tensor.empty(shapesOf(shape).w, x.dtype);
  convolutions.convolutionWeight(dw.storage.operand, operandOf(dy), operandOf(x), shape);
  return {
    y: dw,
    grads: [
      [dy, (ddw) => conv2d(x, ddw, null, shape), [x]],
      [x, (ddw) => conv2dInput(dy, ddw, shape), [dy]],
    ],
  };
});
