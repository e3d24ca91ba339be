/** EmbeddingBag: the sum, the mean or the largest numbers of the vectors of all words in a bag. */
import { ge } from "../autograd/ops/compare.ts";
import { clamp, div, mul, where } from "../autograd/ops/elementwise.ts";
import { indexSelect } from "../autograd/ops/indexing.ts";
import { flatten, reshape, unsqueeze } from "../autograd/ops/shape.ts";
import { addRows, take } from "../autograd/ops/shared/positions.ts";
import { check } from "../tensor/check.ts";
import { tensor, zeros } from "../tensor/create.ts";
import { isFloatingPoint } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { formatShape, type Int, sameShape } from "../tensor/shape.ts";
import { elementsOf, type Tensor } from "../tensor/tensor.ts";
import {
  checkIndices,
  type EmbeddingLayerOptions,
  type EmbeddingOptions,
  embeddingDefaults,
  type PretrainedOptions,
  paddingIndex,
  sizesOf,
  Vectors,
  vectorsOf,
} from "./embedding.ts";

/** What becomes of the vectors of a bag. */
export type BagMode = "sum" | "mean" | "max";

/** Options of bags. */
interface BagOptions {
  /** What becomes of the vectors of a bag. Default: "mean". */
  mode?: BagMode;
  /** Whether the last offset is where the last bag ends, not where one begins. Default: false. */
  includeLastOffset?: boolean;
}
const bagDefaults: Required<BagOptions> = { mode: "mean", includeLastOffset: false };

/** Options of embeddingBag. */
export interface EmbeddingBagSettings extends EmbeddingOptions, BagOptions {
  /** Where each bag begins, int32, from 0 on, if indices are a vector. Default: null. */
  offsets?: Tensor | null;
  /** A factor for the vector of each index, of the shape of indices, for mode "sum". Default: null. */
  perSampleWeights?: Tensor | null;
}

/**
 * The sum, mean or largest numbers of the vectors of each bag; zeros of an empty one. Mirrors `torch.nn.functional.embedding_bag`.
 *
 * @param indices int32: (N, L), a bag in each row; or (L), cut where `offsets` say @param weight (numEmbeddings, embeddingDim)
 * @returns (bags, embeddingDim)
 * @throws for indices and offsets that do not fit
 * @example
 * const words = tensor([0, 2, 1, 1], { dtype: "int32" });
 * const offsets = tensor([0, 3], { dtype: "int32" });
 * console.log(nn.functional.embeddingBag(words, tensor([[1, 10], [2, 20], [3, 30]]), { offsets, mode: "sum" }));
 */
function embeddingBag(indices: Tensor, weight: Tensor, options?: EmbeddingBagSettings): Tensor {
  const defaults = { ...embeddingDefaults, ...bagDefaults, offsets: null, perSampleWeights: null };
  const settings = readOptions<EmbeddingBagSettings>(options, defaults);
  const { mode, perSampleWeights } = settings;
  checkSettings(indices, settings);
  checkIndices(indices, weight);
  const notFloating = () =>
    "Expected tensor for argument #1 'weight' to have one of the following scalar types: Half, Float, Double; " +
    `but got ${weight.dtype === "bool" ? "CPUBoolType" : "torch.IntTensor"} instead (while checking arguments for embedding_bag)`;
  check(isFloatingPoint(weight.dtype), notFloating);
  const padding = paddingIndex(settings.paddingIdx, weight.shape[0], "padding_idx");
  const ends = endsOf(indices, settings);
  const words = elementsOf(indices);
  const [kept, bagOf]: [number[], number[]] = [[], []];
  ends.forEach((end, bag) => {
    for (let k = bag === 0 ? 0 : ends[bag - 1]; k < end; k++) {
      if (words[k] === padding) continue;
      kept.push(k);
      bagOf.push(bag);
    }
  });
  const places = tensor(kept, { dtype: "int32" });
  const all = vectorsOf(flatten(indices), weight, settings);
  const vectors = indexSelect(all, 0, places);
  const bags = tensor(bagOf, { dtype: "int32" });
  const shape = [ends.length, weight.shape[1]];
  if (mode === "max") return largestOf(vectors, bagOf, ends.length);
  if (mode === "sum") {
    const factors = perSampleWeights && indexSelect(reshape(perSampleWeights, [words.length]), 0, places);
    return addRows(factors ? mul(vectors, unsqueeze(factors, 1)) : vectors, bags, shape);
  }
  const counts = Array<number>(ends.length).fill(0);
  for (const bag of bagOf) counts[bag]++;
  const divisors = tensor(
    counts.map((count) => Math.max(count, 1)),
    { dtype: weight.dtype },
  );
  return div(addRows(vectors, bags, shape), unsqueeze(divisors, 1));
}

/** The largest number of each column of the vectors of a bag, of equal ones the first; 0 of no vectors. */
function largestOf(vectors: Tensor, bagOf: readonly number[], bags: number): Tensor {
  const columns = vectors.shape[1];
  const elements = elementsOf(vectors);
  const best = Array<number>(bags * columns).fill(-1);
  bagOf.forEach((bag, k) => {
    for (let column = 0; column < columns; column++) {
      const [at, place] = [k * columns + column, bag * columns + column];
      if (best[place] < 0 || elements[at] > elements[best[place]]) best[place] = at;
    }
  });
  if (vectors.numel === 0) return zeros([bags, columns], { dtype: vectors.dtype });
  const positions = reshape(tensor(best, { dtype: "int32" }), [bags, columns]);
  return where(ge(positions, 0), take(vectors, clamp(positions, 0)), 0);
}

/** Where each bag ends among the indices. @throws if that cannot be */
function endsOf(indices: Tensor, { offsets, includeLastOffset }: Required<EmbeddingBagSettings>): number[] {
  const count = indices.numel;
  if (!offsets) return Array.from({ length: indices.shape[0] }, (_, bag) => (bag + 1) * indices.shape[1]);
  const starts = Array.from(elementsOf(offsets));
  check(!includeLastOffset || starts.length >= 1, "include_last_offset: number of offset should be at least 1");
  const first = () =>
    "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. " +
    `However, got ${starts[0]}`;
  check(starts.length === 0 || starts[0] === 0, first);
  const last = starts.at(-1) ?? 0;
  const beyond = () => `offsets[-1] can not be greater than input's length ${count} but got offsets[-1] of ${last}`;
  check(last <= count, beyond);
  return includeLastOffset ? starts.slice(1) : [...starts.slice(1), ...(starts.length > 0 ? [count] : [])];
}

function checkSettings(indices: Tensor, settings: Required<EmbeddingBagSettings>): void {
  const { offsets, perSampleWeights, mode, scaleGradByFreq } = settings;
  const size = ({ shape }: Tensor) => `torch.Size(${formatShape(shape)})`;
  const otherShape = () =>
    `embedding_bag: If per_sample_weights (${perSampleWeights && size(perSampleWeights)}) is not None, ` +
    `then it must have the same shape as the input (${size(indices)})`;
  check(!perSampleWeights || sameShape(perSampleWeights.shape, indices.shape), otherShape);
  if (indices.ndim === 2) {
    const words =
      "if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length sequences";
    check(!offsets, words);
  } else {
    check(indices.ndim === 1, () => `input has to be 1D or 2D Tensor, but got Tensor of dimension ${indices.ndim}`);
    check(offsets !== null, "offsets has to be a 1D Tensor but got None");
    check(offsets.ndim === 1, "offsets has to be a 1D Tensor");
  }
  const isMode = mode === "sum" || mode === "mean" || mode === "max";
  check(isMode, "mode has to be one of sum, mean or max");
  check(mode !== "max" || !scaleGradByFreq, "max mode does not support scaling the gradient by the frequency");
  const notSum = () =>
    "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' " +
    `(got mode='${mode}')`;
  check(!perSampleWeights || mode === "sum", notSum);
}

/** Options of EmbeddingBag. */
export interface EmbeddingBagOptions extends EmbeddingLayerOptions, BagOptions {}

/** Options of bags of vectors that are there already. */
export interface PretrainedBagOptions extends PretrainedOptions, BagOptions {}

/**
 * The sum, mean or largest numbers of the vectors of each bag of indices. Mirrors `torch.nn.EmbeddingBag`.
 * @example
 * const layer = new nn.EmbeddingBag(10, 3, { mode: "sum" });
 * console.log(layer.forward(tensor([1, 2, 4], { dtype: "int32" }), tensor([0, 2], { dtype: "int32" })).shape);
 */
export class EmbeddingBag extends Vectors {
  /** What becomes of the vectors of a bag. */
  readonly mode: BagMode;
  /** Whether the last offset is where the last bag ends. */
  readonly includeLastOffset: boolean;

  /** @throws unless paddingIdx is one of the indices, and the weight has the shape */
  constructor(numEmbeddings: Int, embeddingDim: Int, options?: EmbeddingBagOptions) {
    super(numEmbeddings, embeddingDim, options, "padding_idx");
    const { mode, includeLastOffset } = readOptions<BagOptions>(options, bagDefaults);
    this.mode = mode;
    this.includeLastOffset = includeLastOffset;
  }

  /** Vectors that are there already, as a layer, which shares their memory. @example nn.EmbeddingBag.fromPretrained(ones([4, 2])) */
  static fromPretrained(embeddings: Tensor, options?: PretrainedBagOptions): EmbeddingBag {
    const defaults = { ...embeddingDefaults, ...bagDefaults, freeze: true };
    const { freeze, ...settings } = readOptions<PretrainedBagOptions>(options, defaults);
    const layer = new EmbeddingBag(...sizesOf(embeddings), { ...settings, weight: embeddings });
    layer.weight.requiresGrad = !freeze;
    return layer;
  }

  /** @param indices int32, (N, L), or (L) with offsets @returns (bags, embeddingDim) */
  override forward(indices: Tensor, offsets: Tensor | null = null, perSampleWeights: Tensor | null = null): Tensor {
    const { paddingIdx, maxNorm, normType, scaleGradByFreq, mode, includeLastOffset } = this;
    const settings = { paddingIdx, maxNorm, normType, scaleGradByFreq, mode, includeLastOffset };
    return embeddingBag(indices, this.weight, { ...settings, offsets, perSampleWeights });
  }

  override extraRepr(): string {
    const padding = this.paddingIdx === null ? "" : `, padding_idx=${this.paddingIdx}`;
    return `${this.numEmbeddings}, ${this.embeddingDim}${this.settingsText}, mode=${this.mode}${padding}`;
  }
}

export default { embeddingBag };
