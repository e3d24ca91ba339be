/** Matrix products under the names for one kind of operands: they say what they expect, where matmul takes all kinds. */
import { check } from "../../tensor/check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { mul } from "./elementwise.ts";
import { matmul } from "./matmul.ts";
import { unsqueeze } from "./shape.ts";

/** (N, K) @ (K, M). Mirrors `torch.mm`. @example ones([2, 3]).mm(ones([3, 2])) */
export function mm(a: Tensor, b: Tensor): Tensor {
  check(a.ndim === 2, "self must be a matrix");
  check(b.ndim === 2, "mat2 must be a matrix");
  return matmul(a, b);
}

/** (B, N, K) @ (B, K, M), no broadcasting. Mirrors `torch.bmm`. @example ones([5, 2, 3]).bmm(ones([5, 3, 4])).shape */
export function bmm(a: Tensor, b: Tensor): Tensor {
  check(a.ndim === 3, "batch1 must be a 3D tensor");
  check(b.ndim === 3, "batch2 must be a 3D tensor");
  const [batch, , inner] = a.shape;
  check(
    b.shape[0] === batch && b.shape[1] === inner,
    () =>
      `Expected size for first two dimensions of batch2 tensor to be: [${batch}, ${inner}] ` +
      `but got: [${b.shape[0]}, ${b.shape[1]}].`,
  );
  return matmul(a, b);
}

/** (N, K) @ (K). Mirrors `torch.mv`. @example tensor([[1, 2], [3, 4]]).mv(tensor([1, 10])) */
export function mv(a: Tensor, b: Tensor): Tensor {
  check(a.ndim === 2 && b.ndim === 1, () => `vector + matrix @ vector expected, got 1, ${a.ndim}, ${b.ndim}`);
  return matmul(a, b);
}

/** (K) @ (K): Σ a · b. Mirrors `torch.dot`. @example tensor([1, 2]).dot(tensor([3, 4])) */
export function dot(a: Tensor, b: Tensor): Tensor {
  check(a.ndim === 1 && b.ndim === 1, () => `1D tensors expected, but got ${a.ndim}D and ${b.ndim}D tensors`);
  return matmul(a, b);
}

/** y[i, j] = a[i] · b[j]. Mirrors `torch.outer`. @example tensor([1, 2]).outer(tensor([10, 20, 30])) */
export function outer(a: Tensor, b: Tensor): Tensor {
  check(a.ndim === 1, () => `outer: Expected 1-D argument self, but got ${a.ndim}-D`);
  check(b.ndim === 1, () => `outer: Expected 1-D argument vec2, but got ${b.ndim}-D`);
  return mul(unsqueeze(a, 1), b);
}
