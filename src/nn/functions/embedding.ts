/** Embeddings: a vector for each word of a vocabulary. */

import { detach } from "../../autograd/op.ts";
import { eq } from "../../autograd/ops/compare.ts";
import { where } from "../../autograd/ops/elementwise.ts";
import { index } from "../../autograd/ops/indexing.ts";
import { unsqueeze } from "../../autograd/ops/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";

export interface EmbeddingOptions {
  /** An index whose vector gets no gradient; negative ones count from the end. */
  paddingIdx?: number | null;
}

/**
 * y[…, :] = weight[indices[…], :]. Mirrors `torch.nn.functional.embedding`.
 *
 * @param indices int32, any shape @param weight (numEmbeddings, embeddingDim)
 * @returns (…, embeddingDim)
 * @throws RangeError for an index that is not in [0, numEmbeddings)
 */
export function embedding(indices: Tensor, weight: Tensor, { paddingIdx = null }: EmbeddingOptions = {}): Tensor {
  if (indices.data.some((i) => i < 0 || i >= weight.shape[0])) throw new RangeError("index out of range in self");
  const y = index(weight, indices);
  if (paddingIdx === null) return y;
  const padding = paddingIdx < 0 ? paddingIdx + weight.shape[0] : paddingIdx;
  if (padding < 0 || padding >= weight.shape[0]) throw new Error("Padding_idx must be within num_embeddings");
  return where(unsqueeze(eq(indices, padding), -1), detach(y), y);
}
