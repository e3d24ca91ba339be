/**
 * Softmax over so many classes that most of the work would be for words that are hardly ever said (Grave et al. 2017,
 * https://arxiv.org/abs/1609.04309): frequent classes are in the head, the others in clusters, each of which is one class of the
 * head and has a smaller network of its own, which is asked only if the class is in it.
 */
import { argmax } from "../autograd/ops/compare.ts";
import { add, neg } from "../autograd/ops/elementwise.ts";
import { gather, indexSelect } from "../autograd/ops/indexing.ts";
import { cat, narrow, select } from "../autograd/ops/parts.ts";
import { indexCopy } from "../autograd/ops/picking.ts";
import { mean } from "../autograd/ops/reduction.ts";
import { reshape, unsqueeze } from "../autograd/ops/shape.ts";
import { logSoftmax } from "../autograd/ops/softmax.ts";
import { check } from "../tensor/check.ts";
import { tensor, zeros } from "../tensor/create.ts";
import { type DType, scalarName } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { formatShape, type Int } from "../tensor/shape.ts";
import { elementsOf, type Tensor } from "../tensor/tensor.ts";
import { ModuleList, Sequential } from "./container.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";

/** Options of the adaptive softmax. */
export interface AdaptiveLogSoftmaxOptions {
  /** By how much each cluster's network is narrower than the one before: of `inFeatures` over this to the power i + 1. Default: 4. */
  divValue?: number;
  /** Whether the head has a bias. Default: false. */
  headBias?: boolean;
  /** Of the weights. Default: "float32". */
  dtype?: DType;
}

/** What the adaptive softmax gives. */
export interface AdaptiveLogSoftmaxOutput {
  /** The log probability of each sample's class, (N), or a scalar. */
  readonly output: Tensor;
  /** The mean of -output: what is to be made small. */
  readonly loss: Tensor;
}

/**
 * log softmax over many classes, frequent ones first, and the loss of the right ones. Class c is in the head if c < cutoffs[0], else in
 * the cluster i of which cutoffs[i] ≤ c < cutoffs[i + 1]; its log probability is then that of the cluster in the head plus its own in
 * the cluster. Mirrors `torch.nn.AdaptiveLogSoftmaxWithLoss`.
 * @throws unless cutoffs are whole numbers that rise, above 0 and below the number of classes
 * @example
 * const softmax = new nn.AdaptiveLogSoftmaxWithLoss(8, 1000, [10, 100]);
 * const x = randn([2, 8]);
 * const { output, loss } = softmax.forward(x, tensor([3, 720], { dtype: "int32" }));
 * console.log(softmax, output.shape, loss.shape);
 * console.log(softmax.logProb(x).exp().sum(1), softmax.predict(x).shape);
 */
export class AdaptiveLogSoftmaxWithLoss extends Module {
  /** The size of a sample. */
  readonly inFeatures: number;
  /** How many classes there are. */
  readonly nClasses: number;
  /** Where clusters begin, and at the end the number of classes. */
  readonly cutoffs: readonly number[];
  /** By how much each cluster's network is narrower than the one before. */
  readonly divValue: number;
  /** Whether the head has a bias. */
  readonly headBias: boolean;
  /** How many classes are in the head. */
  readonly shortlistSize: number;
  /** How many clusters there are. */
  readonly nClusters: number;
  /** How many outputs the head has: one for each class in it, and one for each cluster. */
  readonly headSize: number;
  /** Scores of the frequent classes, and of the clusters. */
  readonly head: Linear;
  /** The networks of the clusters. */
  readonly tail: ModuleList;

  constructor(inFeatures: Int, nClasses: Int, cutoffs: readonly Int[], options?: AdaptiveLogSoftmaxOptions) {
    super();
    const { divValue, headBias, dtype } = readOptions<AdaptiveLogSoftmaxOptions>(options, {
      divValue: 4,
      headBias: false,
      dtype: "float32",
    });
    const isRising = cutoffs.every((cutoff, i) => Number.isInteger(cutoff) && cutoff > (cutoffs[i - 1] ?? 0));
    const wrong =
      "cutoffs should be a sequence of unique, positive integers sorted in an increasing order, " +
      "where each value is between 1 and n_classes-1";
    check(isRising && cutoffs.length > 0 && cutoffs[cutoffs.length - 1] < nClasses, wrong);
    this.inFeatures = inFeatures;
    this.nClasses = nClasses;
    this.cutoffs = [...cutoffs, nClasses];
    this.divValue = divValue;
    this.headBias = headBias;
    this.shortlistSize = cutoffs[0];
    this.nClusters = cutoffs.length;
    this.headSize = this.shortlistSize + this.nClusters;
    this.head = new Linear(inFeatures, this.headSize, { bias: headBias, dtype });
    const clusters = cutoffs.map((start, i) => {
      const width = Math.floor(inFeatures / divValue ** (i + 1));
      const size = this.cutoffs[i + 1] - start;
      const settings = { bias: false, dtype };
      return new Sequential(new Linear(inFeatures, width, settings), new Linear(width, size, settings));
    });
    this.tail = new ModuleList(clusters);
  }

  /** Draws new weights. */
  resetParameters(): void {
    for (const module of this.modules()) if (module instanceof Linear) module.resetParameters();
  }

  /**
   * @param x (N, inFeatures), or (inFeatures) of one sample @param target classes, int32: (N), or a scalar
   * @throws unless they fit, and all classes are there
   */
  override forward(x: Tensor, target: Tensor): AdaptiveLogSoftmaxOutput {
    checkRanks(x, target);
    const otherType = () =>
      `expected scalar type Long but found ${scalarName[target.dtype]}: class indices are int32 here`;
    check(target.dtype === "int32", otherType);
    const isBatched = target.ndim === 1;
    const samples = isBatched ? x : unsqueeze(x, 0);
    const classes = [...elementsOf(target)];
    const isKnown = classes.every((c) => c >= 0 && c < this.nClasses);
    const outside = () =>
      `Target values should be in [0, ${this.nClasses - 1}], but values in range ` +
      `[${Math.min(...classes)}, ${Math.max(...classes)}] were found. `;
    check(isKnown, outside);
    const clusterOf = classes.map((c) => this.cutoffs.findIndex((end) => c < end) - 1);
    const places = clusterOf.map((cluster, k) => (cluster < 0 ? classes[k] : this.shortlistSize + cluster));
    let own = zeros([classes.length], { dtype: x.dtype });
    for (const cluster of this.tail.children().keys()) {
      const rows = [...classes.keys()].filter((k) => clusterOf[k] === cluster);
      if (rows.length === 0) continue;
      const at = indices(rows);
      const inside = rows.map((k) => classes[k] - this.cutoffs[cluster]);
      const logs = this.#ofCluster(indexSelect(samples, 0, at), cluster);
      own = indexCopy(own, 0, at, reshape(gather(logs, 1, reshape(indices(inside), [-1, 1])), [-1]));
    }
    const ofHead = gather(logSoftmax(this.head.forward(samples), 1), 1, reshape(indices(places), [classes.length, 1]));
    const output = add(own, reshape(ofHead, [classes.length]));
    return { output: isBatched ? output : select(output, 0, 0), loss: mean(neg(output)) };
  }

  /** log softmax over a cluster's classes. */
  #ofCluster(x: Tensor, cluster: number): Tensor {
    return logSoftmax(this.tail.at(cluster).forward(x), 1);
  }

  /**
   * The log probabilities of all classes.
   * @param x (N, inFeatures)
   * @returns (N, nClasses)
   */
  logProb(x: Tensor): Tensor {
    return this.#ofAll(x, this.head.forward(x));
  }

  #ofAll(x: Tensor, scores: Tensor): Tensor {
    const ofHead = logSoftmax(scores, 1);
    const clusters = this.tail
      .children()
      .map((_, i) => add(this.#ofCluster(x, i), narrow(ofHead, 1, this.shortlistSize + i, 1)));
    return cat([narrow(ofHead, 1, 0, this.shortlistSize), ...clusters], 1);
  }

  /**
   * The class of the highest probability, as `logProb(x).argmax(1)`; clusters are asked only for samples of which the head finds one
   * likelier than each of its classes.
   * @param x (N, inFeatures)
   * @returns (N), int32
   */
  predict(x: Tensor): Tensor {
    const scores = this.head.forward(x);
    const best = argmax(scores, 1);
    const rows = [...elementsOf(best).entries()].flatMap(([k, place]) => (place < this.shortlistSize ? [] : k));
    if (rows.length === 0) return best;
    const at = indices(rows);
    const all = this.#ofAll(indexSelect(x, 0, at), indexSelect(scores, 0, at));
    return indexCopy(best, 0, at, argmax(all, 1));
  }
}

const indices = (values: readonly number[]): Tensor => tensor(values, { dtype: "int32" });

/** @throws unless there is one class for each sample */
function checkRanks(x: Tensor, target: Tensor): void {
  const otherSize = "Input and target should have the same size in the batch dimension.";
  check(target.ndim !== 1 || x.shape[0] === target.shape[0], otherSize);
  check(target.ndim <= 1, "0D or 1D target tensor expected, multi-target not supported");
  const otherRank = () =>
    `${target.ndim}D target tensor expects ${target.ndim + 1}D input tensors, ` +
    `but found inputs with size torch.Size(${formatShape(x.shape)})`;
  check(x.ndim === target.ndim + 1, otherRank);
}
