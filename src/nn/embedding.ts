/**
 * Embeddings: a vector, which is learned, for each of so many words. An Embedding gives one for each word of a text, an
 * EmbeddingBag one for all words of a bag.
 */
import { noGrad } from "../autograd/grad-mode.ts";
import { detach } from "../autograd/op.ts";
import { eq } from "../autograd/ops/compare.ts";
import { add, mul, sub, where } from "../autograd/ops/elementwise.ts";
import { select } from "../autograd/ops/parts.ts";
import { norm } from "../autograd/ops/reduction.ts";
import { reshape, unsqueeze } from "../autograd/ops/shape.ts";
import { rowsAt, takeRows } from "../autograd/ops/shared/positions.ts";
import { copyInto } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { tensor, zeros } from "../tensor/create.ts";
import { type DType, isFloatingPoint } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { formatShape, type Int, sameShape } from "../tensor/shape.ts";
import { elementsOf, type Tensor } from "../tensor/tensor.ts";
import { normal_, zeros_ } from "./init.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";

/** Options of embedding, and of embedding bags. */
export interface EmbeddingOptions {
  /** An index whose vector gets no gradient, and is in no bag; negative ones count from the end. Default: null. */
  paddingIdx?: Int | null;
  /** How long vectors may be: those that are asked for and are longer are made shorter, in place; null for any. Default: null. */
  maxNorm?: number | null;
  /** Of which norm that is. Default: 2. */
  normType?: number;
  /** Whether the gradient of a vector is divided by how often its index is among the indices. Default: false. */
  scaleGradByFreq?: boolean;
}
export const embeddingDefaults: Required<EmbeddingOptions> = {
  paddingIdx: null,
  maxNorm: null,
  normType: 2,
  scaleGradByFreq: false,
};

/**
 * y[…, :] = weight[indices[…], :]. Mirrors `torch.nn.functional.embedding`.
 *
 * @param indices int32, any shape @param weight (numEmbeddings, embeddingDim)
 * @returns (…, embeddingDim)
 * @throws RangeError for an index that is not in [0, numEmbeddings)
 * @example nn.functional.embedding(tensor([2, 1], { dtype: "int32" }), tensor([[0, 0], [1, 10], [2, 20]]))
 */
function embedding(indices: Tensor, weight: Tensor, options?: EmbeddingOptions): Tensor {
  const settings = readOptions(options, embeddingDefaults);
  checkIndices(indices, weight);
  const padding = paddingIndex(settings.paddingIdx, weight.shape[0], "Padding_idx");
  const y = vectorsOf(indices, weight, settings);
  return padding === null ? y : where(unsqueeze(eq(indices, padding), -1), detach(y), y);
}

/** @throws unless weight is a matrix, and indices are numbers of its rows */
export function checkIndices(indices: Tensor, weight: Tensor): void {
  const [words] = weight.shape;
  check(weight.ndim === 2, () => `'weight' must be 2-D, but has shape ${formatShape(weight.shape)}`);
  const outside = elementsOf(indices).find((i) => !(i >= 0 && i < words));
  const outOfRange = () => `index out of range in self: ${outside}, but the weight has rows 0 to ${words - 1}`;
  check(outside === undefined, outOfRange, RangeError);
}

/** Counted from the front. @throws unless it is one of the indices */
export function paddingIndex(index: number | null, words: number, name: string): number | null {
  if (index === null) return null;
  const outside = () => `${name} must be within num_embeddings, but got ${index} of ${words}`;
  check(index >= -words && index < words, outside);
  return index < 0 ? index + words : index;
}

/** The rows of weight at indices, (…, embeddingDim), after they were made shorter, with the gradients that the options ask for. */
export function vectorsOf(indices: Tensor, weight: Tensor, settings: Required<EmbeddingOptions>): Tensor {
  const { maxNorm, normType, scaleGradByFreq } = settings;
  if (maxNorm !== null) shorten(weight, indices, maxNorm, normType);
  const y = takeRows(weight, rowsAt(weight.shape, indices));
  if (!scaleGradByFreq || !isFloatingPoint(weight.dtype)) return y;
  const counts = new Map<number, number>();
  const list = Array.from(elementsOf(indices));
  for (const index of list) counts.set(index, (counts.get(index) ?? 0) + 1);
  const shares = tensor(
    list.map((index) => 1 / (counts.get(index) as number)),
    { dtype: weight.dtype },
  );
  const values = detach(y); // y itself, of which a share is differentiated
  return add(values, mul(sub(y, values), unsqueeze(reshape(shares, indices.shape), -1)));
}

/** Those of the rows that are longer get the length maxNorm. */
function shorten(weight: Tensor, indices: Tensor, maxNorm: number, normType: number): void {
  noGrad(() => {
    for (const index of new Set(elementsOf(indices))) {
      const row = select(detach(weight), 0, index);
      const length = norm(row, normType).item();
      if (length > maxNorm) copyInto(row, mul(row, maxNorm / (length + 1e-7)));
    }
  });
}

/** Options of Embedding and EmbeddingBag. */
export interface EmbeddingLayerOptions extends EmbeddingOptions {
  /** What the vectors are at first, (numEmbeddings, embeddingDim), instead of being drawn, or null. Default: null. */
  weight?: Tensor | null;
  /** Of what it learns. Default: "float32". */
  dtype?: DType;
}

/** Options of vectors that are there already. */
export interface PretrainedOptions extends EmbeddingOptions {
  /** Whether they stay as they are: they then require no gradient. Default: true. */
  freeze?: boolean;
}

/** The vectors, and what the settings of both layers are. */
export abstract class Vectors extends Module implements EmbeddingOptions {
  /** How many indices there are. */
  readonly numEmbeddings: number;
  /** How many numbers each gets. */
  readonly embeddingDim: number;
  readonly paddingIdx: number | null;
  readonly maxNorm: number | null;
  readonly normType: number;
  readonly scaleGradByFreq: boolean;
  /** The vectors, (numEmbeddings, embeddingDim). */
  weight: Parameter;

  /** @throws unless paddingIdx is one of the indices, and the weight has the shape */
  constructor(numEmbeddings: Int, embeddingDim: Int, options: EmbeddingLayerOptions | undefined, paddingName: string) {
    super();
    const defaults = { ...embeddingDefaults, weight: null, dtype: "float32" } as const;
    const { paddingIdx, maxNorm, normType, scaleGradByFreq, weight, dtype } = readOptions<EmbeddingLayerOptions>(
      options,
      defaults,
    );
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingIndex(paddingIdx, numEmbeddings, paddingName);
    this.maxNorm = maxNorm;
    this.normType = normType;
    this.scaleGradByFreq = scaleGradByFreq;
    const shape = [numEmbeddings, embeddingDim];
    const otherShape = "Shape of weight does not match num_embeddings and embedding_dim";
    check(!weight || sameShape(weight.shape, shape), otherShape);
    this.weight = this.registerParameter("weight", new Parameter(weight ?? zeros(shape, { dtype })));
    if (!weight) this.resetParameters();
  }

  /** Draws new vectors. */
  resetParameters(): void {
    normal_(this.weight);
    const { paddingIdx } = this;
    if (paddingIdx !== null) zeros_(noGrad(() => select(this.weight, 0, paddingIdx)));
  }

  /** What is printed of the settings that are not the usual ones. */
  protected get settingsText(): string {
    const { maxNorm, normType, scaleGradByFreq } = this;
    const limit = maxNorm === null ? "" : `, max_norm=${maxNorm}`;
    return `${limit}${normType === 2 ? "" : `, norm_type=${normType}`}${scaleGradByFreq ? ", scale_grad_by_freq=True" : ""}`;
  }
}

/** @throws unless they are a matrix */
export function sizesOf(embeddings: Tensor): [rows: number, columns: number] {
  check(embeddings.ndim === 2, "Embeddings parameter is expected to be 2-dimensional");
  return [embeddings.shape[0], embeddings.shape[1]];
}

/**
 * A vector of embeddingDim numbers for each of numEmbeddings indices, at first normal(0, 1), and 0 for the padding.
 * Mirrors `torch.nn.Embedding`.
 * @example new nn.Embedding(10, 3).forward(tensor([[1, 2], [4, 1]], { dtype: "int32" })).shape
 */
export class Embedding extends Vectors {
  /** Draws the vectors, unless they are given. @throws unless paddingIdx is one of the indices, and the weight has the shape */
  constructor(numEmbeddings: Int, embeddingDim: Int, options?: EmbeddingLayerOptions) {
    super(numEmbeddings, embeddingDim, options, "Padding_idx");
  }

  /** Vectors that are there already, as a layer, which shares their memory. @example nn.Embedding.fromPretrained(ones([4, 2])) */
  static fromPretrained(embeddings: Tensor, options?: PretrainedOptions): Embedding {
    const { freeze, ...settings } = readOptions<PretrainedOptions>(options, { ...embeddingDefaults, freeze: true });
    const layer = new Embedding(...sizesOf(embeddings), { ...settings, weight: embeddings });
    layer.weight.requiresGrad = !freeze;
    return layer;
  }

  /** @param indices int32, any shape @returns that shape, and embeddingDim */
  override forward(indices: Tensor): Tensor {
    return embedding(indices, this.weight, this);
  }

  override extraRepr(): string {
    const padding = this.paddingIdx === null ? "" : `, padding_idx=${this.paddingIdx}`;
    return `${this.numEmbeddings}, ${this.embeddingDim}${padding}${this.settingsText}`;
  }
}

export default { embedding };
