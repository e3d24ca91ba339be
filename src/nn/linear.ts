/**
 * The layers of vectors: Linear maps them, Flatten and Embedding make them, of images and of words, and Identity leaves them
 * as they are.
 */
import { noGrad } from "../autograd/grad-mode.ts";
import { detach } from "../autograd/op.ts";
import { eq } from "../autograd/ops/compare.ts";
import { where } from "../autograd/ops/elementwise.ts";
import { linear } from "../autograd/ops/layers/linear.ts";
import { select } from "../autograd/ops/parts.ts";
import { flatten, unsqueeze } from "../autograd/ops/shape.ts";
import { rowsAt, takeRows } from "../autograd/ops/shared/positions.ts";
import { check } from "../tensor/check.ts";
import { zeros } from "../tensor/create.ts";
import type { DType } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonBool } from "../tensor/python-text.ts";
import { formatShape, type Int } from "../tensor/shape.ts";
import { elementsOf, type Tensor } from "../tensor/tensor.ts";
import { fanInAndOut, kaimingUniform_, normal_, uniform_, zeros_ } from "./init.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";

/** Options of Linear. */
export interface LinearOptions {
  /** Whether to add a bias. Needless before a batch norm, which subtracts the mean. Default: true. */
  bias?: boolean;
  /** Of what it learns. Default: "float32". */
  dtype?: DType;
}

/**
 * y = x Wᵀ + b, for x (…, inFeatures) giving (…, outFeatures). Mirrors `torch.nn.Linear`.
 *
 * W (outFeatures, inFeatures) and b (outFeatures) start uniform on ±1/√inFeatures, PyTorch's numbers for the same seed.
 * @example
 * const layer = new nn.Linear(3, 2);
 * console.log(layer, layer.forward(ones([4, 3])).shape);
 * console.log(layer.weight);
 */
export class Linear extends Module {
  /** The size of x's last dimension. */
  readonly inFeatures: number;
  /** The size of y's last dimension. */
  readonly outFeatures: number;
  /** W, (outFeatures, inFeatures). */
  weight: Parameter;
  /** b, (outFeatures), or null. */
  bias: Parameter | null;

  constructor(inFeatures: Int, outFeatures: Int, options?: LinearOptions) {
    super();
    const { bias, dtype } = readOptions(options, { bias: true, dtype: "float32" });
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = this.registerParameter("weight", new Parameter(zeros([outFeatures, inFeatures], { dtype })));
    this.bias = this.registerParameter("bias", bias ? new Parameter(zeros([outFeatures], { dtype })) : null);
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
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${pythonBool(this.bias !== null)}`;
  }
}

/**
 * Merges dimensions startDim … endDim; by default all but the first, the batch. Mirrors `torch.nn.Flatten`.
 * @example new nn.Flatten().forward(zeros([16, 8, 7, 7])).shape
 */
export class Flatten extends Module {
  /** The first dimension to merge. */
  readonly startDim: number;
  /** The last dimension to merge; -1 is x's last. */
  readonly endDim: number;

  constructor(startDim: Int = 1, endDim: Int = -1) {
    super();
    this.startDim = startDim;
    this.endDim = endDim;
  }

  override forward(x: Tensor): Tensor {
    return flatten(x, this.startDim, this.endDim);
  }

  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}

/** y = x, to stand where a layer may be. Mirrors `torch.nn.Identity`. @example new nn.Identity().forward(ones(2)) */
export class Identity extends Module {
  override forward(x: Tensor): Tensor {
    return x;
  }
}

/** Options of embedding. */
export interface EmbeddingOptions {
  /** An index whose vector gets no gradient; negative ones count from the end. Default: null. */
  paddingIdx?: Int | null;
}

/**
 * y[…, :] = weight[indices[…], :]. Mirrors `torch.nn.functional.embedding`.
 *
 * @param indices int32, any shape @param weight (numEmbeddings, embeddingDim)
 * @returns (…, embeddingDim)
 * @throws RangeError for an index that is not in [0, numEmbeddings)
 * @example nn.functional.embedding(tensor([2, 1], { dtype: "int32" }), tensor([[0, 0], [1, 10], [2, 20]]))
 */
function embedding(indices: Tensor, weight: Tensor, options?: EmbeddingOptions): Tensor {
  const { paddingIdx } = readOptions(options, { paddingIdx: null });
  const [words] = weight.shape;
  check(weight.ndim === 2, () => `'weight' must be 2-D, but has shape ${formatShape(weight.shape)}`);
  const outside = elementsOf(indices).find((i) => !(i >= 0 && i < words));
  const outOfRange = () => `index out of range in self: ${outside}, but the weight has rows 0 to ${words - 1}`;
  check(outside === undefined, outOfRange, RangeError);
  const padding = paddingIndex(paddingIdx, words);
  const y = takeRows(weight, rowsAt(weight.shape, indices));
  return padding === null ? y : where(unsqueeze(eq(indices, padding), -1), detach(y), y);
}

/** Counted from the front. @throws unless it is one of the indices */
function paddingIndex(index: number | null, words: number): number | null {
  if (index === null) return null;
  const outside = () => `Padding_idx must be within num_embeddings, but got ${index} of ${words}`;
  check(index >= -words && index < words, outside);
  return index < 0 ? index + words : index;
}

/** Options of Embedding. */
export interface EmbeddingLayerOptions extends EmbeddingOptions {
  /** Of what it learns. Default: "float32". */
  dtype?: DType;
}

/**
 * A vector of embeddingDim numbers for each of numEmbeddings indices, at first normal(0, 1), and 0 for the padding.
 * Mirrors `torch.nn.Embedding`.
 * @example new nn.Embedding(10, 3).forward(tensor([[1, 2], [4, 1]], { dtype: "int32" })).shape
 */
export class Embedding extends Module implements EmbeddingOptions {
  /** How many indices there are. */
  readonly numEmbeddings: number;
  /** How many numbers each gets. */
  readonly embeddingDim: number;
  readonly paddingIdx: number | null;
  /** The vectors, (numEmbeddings, embeddingDim). */
  weight: Parameter;

  /** @throws unless paddingIdx is one of the indices */
  constructor(numEmbeddings: Int, embeddingDim: Int, options?: EmbeddingLayerOptions) {
    super();
    const { paddingIdx, dtype } = readOptions(options, { paddingIdx: null, dtype: "float32" });
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingIndex(paddingIdx, numEmbeddings);
    this.weight = this.registerParameter("weight", new Parameter(zeros([numEmbeddings, embeddingDim], { dtype })));
    this.resetParameters();
  }

  /** Draws new vectors. */
  resetParameters(): void {
    normal_(this.weight);
    const { paddingIdx } = this;
    if (paddingIdx !== null) zeros_(noGrad(() => select(this.weight, 0, paddingIdx)));
  }

  /** @param indices int32, any shape @returns that shape, and embeddingDim */
  override forward(indices: Tensor): Tensor {
    return embedding(indices, this.weight, this);
  }

  override extraRepr(): string {
    const padding = this.paddingIdx === null ? "" : `, padding_idx=${this.paddingIdx}`;
    return `${this.numEmbeddings}, ${this.embeddingDim}${padding}`;
  }
}

export default { linear, embedding };
