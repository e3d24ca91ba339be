/** Matrix products under the names for one kind of operands: they say what they expect, where matmul takes all kinds. */
import type { Tensor } from "../../tensor/tensor.ts";
import { mul } from "./elementwise.ts";
import { matmul } from "./matmul.ts";
import { unsqueeze } from "./shape.ts";

/** (N, K) @ (K, M). Mirrors `torch.mm`. */
export function mm(a: Tensor, b: Tensor): Tensor {
  if (a.ndim !== 2) throw new Error("self must be a matrix");
  if (b.ndim !== 2) throw new Error("mat2 must be a matrix");
  return matmul(a, b);
}

/** (B, N, K) @ (B, K, M), without broadcasting. Mirrors `torch.bmm`. */
export function bmm(a: Tensor, b: Tensor): Tensor {
  if (a.ndim !== 3) throw new Error("batch1 must be a 3D tensor");
  if (b.ndim !== 3) throw new Error("batch2 must be a 3D tensor");
  const [batch, , inner] = a.shape;
  if (b.shape[0] !== batch || b.shape[1] !== inner) {
    throw new Error(
      `Expected size for first two dimensions of batch2 tensor to be: [${batch}, ${inner}] ` +
        `but got: [${b.shape[0]}, ${b.shape[1]}].`,
    );
  }
  return matmul(a, b);
}

/** (N, K) @ (K). Mirrors `torch.mv`. */
export function mv(a: Tensor, b: Tensor): Tensor {
  if (a.ndim !== 2 || b.ndim !== 1) {
    throw new Error(`vector + matrix @ vector expected, got 1, ${a.ndim}, ${b.ndim}`);
  }
  return matmul(a, b);
}

/** (K) @ (K): Σ a · b. Mirrors `torch.dot`. */
export function dot(a: Tensor, b: Tensor): Tensor {
  if (a.ndim !== 1 || b.ndim !== 1) {
    throw new Error(`1D tensors expected, but got ${a.ndim}D and ${b.ndim}D tensors`);
  }
  return matmul(a, b);
}

/** y[i, j] = a[i] · b[j]. Mirrors `torch.outer`. */
export function outer(a: Tensor, b: Tensor): Tensor {
  if (a.ndim !== 1) throw new Error(`outer: Expected 1-D argument self, but got ${a.ndim}-D`);
  if (b.ndim !== 1) throw new Error(`outer: Expected 1-D argument vec2, but got ${b.ndim}-D`);
  return mul(unsqueeze(a, 1), b);
}
