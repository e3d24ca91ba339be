/** The affine map of a layer: a matrix product that begins with the bias. */
import { check } from "../../../tensor/check.ts";
import { scalarName } from "../../../tensor/dtype.ts";
import { kernels } from "../../../tensor/kernels/index.ts";
import { formatShape, numelOf, sameShape } from "../../../tensor/shape.ts";
import { operandOf, Tensor } from "../../../tensor/tensor.ts";
import { type Applied, defineOp, owned } from "../../op.ts";
import { add } from "../elementwise.ts";
import { matmul } from "../matmul.ts";
import { sum } from "../reduction.ts";
import { reshape, t } from "../shape.ts";
import { checkProduct, matrixAt, transposed } from "../shared/matrices.ts";

/** y = x @ Wᵀ + b for x (N, I), W (O, I), b (O): dx = dy @ W, dW = dyᵀ @ x, db = Σ dy over N */
const linearRows = defineOp("linear", (x: Tensor, weight: Tensor, bias: Tensor | null): Applied => {
  const [n, inputs] = x.shape;
  const outputs = weight.shape[0];
  const y = Tensor.empty([n, outputs], x.dtype);
  const [a, b] = [matrixAt(x, x.offset), transposed(matrixAt(weight, weight.offset))];
  kernels.matmul(y.storage.operand, 0, a, b, [n, inputs, outputs], bias ? operandOf(bias) : "zeros");
  return {
    y,
    grads: [
      [x, (dy) => matmul(dy, weight), [weight]],
      [weight, (dy) => matmul(t(dy), x), [x]],
      ...(bias ? [[bias, (dy: Tensor) => sum(dy, 0)] as const] : []),
    ],
  };
});

/**
 * y = x Wᵀ + b along the last dimension of x. Mirrors `torch.nn.functional.linear`.
 *
 * @param x (…, in) @param weight (out, in) @param bias (out), or none
 * @returns (…, out)
 * @example
 * const weight = tensor([[1, 2], [3, 4], [5, 6]]); // 2 inputs, 3 outputs
 * console.log(nn.functional.linear(tensor([1, 10]), weight, tensor([100, 200, 300])));
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  const otherType = () =>
    `expected scalar type ${scalarName[x.dtype]} but found ${scalarName[bias?.dtype ?? x.dtype]}: x and bias must have one dtype`;
  check(!bias || bias.dtype === x.dtype, otherType);
  check(
    weight.ndim <= 2,
    () => `t() expects a tensor with <= 2 dimensions, but self is ${weight.ndim}D: the weight is (out, in)`,
  );
  const rows = x.ndim === 2 ? x : reshape(x, [numelOf(x.shape.slice(0, -1)), x.shape.at(-1) ?? 1]);
  checkProduct(rows, weight, weight.shape.toReversed());
  const outputs = weight.shape[0];
  const isVector = !bias || (bias.ndim === 1 && bias.numel === outputs);
  const product = linearRows(rows, weight, isVector ? bias : null);
  const y = x.ndim === 2 ? product : owned(reshape(product, [...x.shape.slice(0, -1), outputs]));
  return isVector ? y : withBias(y, bias);
}

/** y + bias, where the bias is broadcast. */
function withBias(y: Tensor, bias: Tensor): Tensor {
  const sum = add(y, bias);
  const otherShape = () =>
    `bias of shape ${formatShape(bias.shape)} does not fit an output of shape ${formatShape(y.shape)}`;
  check(sameShape(sum.shape, y.shape), otherShape);
  return sum;
}
