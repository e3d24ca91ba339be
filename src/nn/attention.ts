/**
 * Attention: each query looks at all keys, and gets the mean of the values, weighed by how well their keys fit. So every place of
 * a sequence can hear of every other, in one step.
 *
 * Read next: transformer.ts, which is made of it.
 */
import { add, div, mul } from "../autograd/ops/elementwise.ts";
import { linear } from "../autograd/ops/layers/linear.ts";
import { pad } from "../autograd/ops/layers/pad.ts";
import { logicalNot } from "../autograd/ops/logical.ts";
import { maskedFill, triu } from "../autograd/ops/masks.ts";
import { matmul } from "../autograd/ops/matmul.ts";
import { cat, chunk } from "../autograd/ops/parts.ts";
import { mean } from "../autograd/ops/reduction.ts";
import { expand, reshape, squeeze, transpose, unsqueeze } from "../autograd/ops/shape.ts";
import { softmax } from "../autograd/ops/softmax.ts";
import { check } from "../tensor/check.ts";
import { ones, zeros } from "../tensor/create.ts";
import { type DType, isFloatingPoint, scalarName } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonTuple } from "../tensor/python-text.ts";
import { formatShape, type Int, type Shape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import dropoutFunctions from "./dropout.ts";
import { constant_, xavierNormal_, xavierUniform_ } from "./init.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";

const { dropout } = dropoutFunctions;

/** softmax(queries · keysᵀ + bias), some of them dropped, times the values. The queries are scaled already. */
function attend(queries: Tensor, keys: Tensor, values: Tensor, bias: Tensor | null, p: number) {
  const scores = matmul(queries, transpose(keys, -2, -1)); // (…, L, S)
  const weights = dropout(softmax(bias ? add(scores, bias) : scores, -1), p);
  return { output: matmul(weights, values), weights };
}

/** What is added to scores: -∞ where a mask is true, so that the weight is 0. */
const hiding = (mask: Tensor, dtype: DType): Tensor => maskedFill(zeros([], { dtype }), mask, -Infinity);

/** Options of scaledDotProductAttention. */
export interface ScaledDotProductOptions {
  /** (…, L, S), bool: true where a query may look at a key; or numbers that are added to the scores. Default: null. */
  attnMask?: Tensor | null;
  /** How likely a weight is dropped, in any case, also in evaluation. Default: 0. */
  dropoutP?: number;
  /** Whether query i may look at keys 0 … i only; there is then no attnMask. Default: false. */
  isCausal?: boolean;
  /** What the scores are multiplied by; null for 1 / √E, by which they keep their variance. Default: null. */
  scale?: number | null;
}
const scaledDotProductDefaults = { attnMask: null, dropoutP: 0, isCausal: false, scale: null };

/**
 * softmax(query · keyᵀ · scale + mask) · value. Mirrors `torch.nn.functional.scaled_dot_product_attention` of PyTorch 2 (Vaswani et
 * al. 2017, https://arxiv.org/abs/1706.03762).
 *
 * @param query (…, L, E) @param key (…, S, E) @param value (…, S, V); the leading sizes broadcast
 * @returns (…, L, V); NaN for a query that may look at no key
 * @throws if the dtypes differ, or with both a mask and isCausal
 * @example
 * const x = tensor([[1, 0], [0, 1], [1, 1]]);
 * console.log(nn.functional.scaledDotProductAttention(x, x, x, { isCausal: true }));
 */
function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options?: ScaledDotProductOptions,
): Tensor {
  const { attnMask, dropoutP, isCausal, scale } = readOptions(options, scaledDotProductDefaults);
  const ranks = [query, key, value].map(({ ndim }) => ndim);
  const tooFew = () =>
    `Expected query, key, and value to all be at least 2 dimensional, but got query.dim: ${ranks[0]}, ` +
    `key.dim: ${ranks[1]} and value.dim: ${ranks[2]} instead.`;
  check(Math.min(...ranks) >= 2, tooFew);
  check(
    !isCausal || !attnMask,
    "_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True",
  );
  const otherType = () =>
    `Expected attn_mask dtype to be bool or to match query dtype, but got attn_mask.dtype: ${scalarName[attnMask?.dtype ?? "bool"]} ` +
    `and query.dtype: ${scalarName[query.dtype]} instead.`;
  check(!attnMask || attnMask.dtype === "bool" || attnMask.dtype === query.dtype, otherType);
  const hidden = isCausal ? later(query.shape.at(-2) as number, key.shape.at(-2) as number) : null;
  const mask = hidden ?? (attnMask?.dtype === "bool" ? logicalNot(attnMask) : null);
  const bias = mask ? hiding(mask, query.dtype) : attnMask;
  const factor = scale ?? 1 / Math.sqrt(query.shape.at(-1) as number);
  return attend(mul(query, factor), key, value, bias, dropoutP).output;
}

/** (queries, keys), bool: which keys come after each query. */
const later = (queries: number, keys: number): Tensor => triu(ones([queries, keys], { dtype: "bool" }), 1);

/** Options of MultiheadAttention. */
export interface MultiheadAttentionOptions {
  /** How likely a weight is dropped in training. Default: 0. */
  dropout?: number;
  /** Whether the maps of queries, keys, values and outputs have biases. Default: true. */
  bias?: boolean;
  /** Whether to learn a further key and its value, for all sequences. Default: false. */
  addBiasKv?: boolean;
  /** Whether there is a further key of zeros, with a value of zeros: to look at when nothing fits. Default: false. */
  addZeroAttn?: boolean;
  /** The size of keys, if another than embedDim. Default: null. */
  kdim?: Int | null;
  /** The size of values, if another than embedDim. Default: null. */
  vdim?: Int | null;
  /** Whether inputs are (N, L, E) instead of (L, N, E). Default: false. */
  batchFirst?: boolean;
  /** Of what it learns. Default: "float32". */
  dtype?: DType;
}

/** What MultiheadAttention may be told with its inputs. */
export interface AttendOptions {
  /** (N, S), bool: true where a key is padding, which nobody may look at; or numbers that are added to the scores. Default: null. */
  keyPaddingMask?: Tensor | null;
  /** Whether to return the weights, too. Default: true. */
  needWeights?: boolean;
  /**
   * (L, S) or (N · numHeads, L, S), bool: true where a query may not look at a key, other than in scaledDotProductAttention; or
   * numbers that are added to the scores. Default: null.
   */
  attnMask?: Tensor | null;
  /** Whether the weights that are returned are the mean over the heads. Default: true. */
  averageAttnWeights?: boolean;
}
const attendDefaults = { keyPaddingMask: null, needWeights: true, attnMask: null, averageAttnWeights: true };

/** PyTorch prints this name: it is a Linear. */
class NonDynamicallyQuantizableLinear extends Linear {}

/**
 * Several attentions side by side, the heads, each of which sees queries, keys and values through maps of its own, which are
 * learned: y = concat(head₁, …) Wᵀ + b. Mirrors `torch.nn.MultiheadAttention` (Vaswani et al. 2017).
 * @example
 * const attention = new nn.MultiheadAttention(8, 2, { batchFirst: true });
 * const x = randn([3, 5, 8]);
 * const [y, weights] = attention.forward(x, x, x);
 * console.log(attention, y.shape, weights?.shape);
 */
export class MultiheadAttention extends Module {
  /** The size of queries and outputs, E. */
  readonly embedDim: number;
  /** How many heads share it. */
  readonly numHeads: number;
  /** How likely a weight is dropped in training. */
  readonly dropout: number;
  /** Whether there is a further key of zeros. */
  readonly addZeroAttn: boolean;
  /** The size of keys. */
  readonly kdim: number;
  /** The size of values. */
  readonly vdim: number;
  /** Whether inputs are (N, L, E). */
  readonly batchFirst: boolean;
  /** The maps of queries, keys and values, below each other, (3 E, E); null if keys or values have sizes of their own. */
  inProjWeight: Parameter | null;
  /** The map of queries, (E, E), if inProjWeight is null. */
  qProjWeight: Parameter | null;
  /** The map of keys, (E, kdim), if inProjWeight is null. */
  kProjWeight: Parameter | null;
  /** The map of values, (E, vdim), if inProjWeight is null. */
  vProjWeight: Parameter | null;
  /** The biases of queries, keys and values, (3 E), or null. */
  inProjBias: Parameter | null;
  /** A further key, (1, 1, E), or null. */
  biasK: Parameter | null;
  /** Its value, (1, 1, E), or null. */
  biasV: Parameter | null;
  /** The map of what the heads found, side by side, to the output. */
  readonly outProj: Linear;

  /** @throws unless numHeads divides embedDim */
  constructor(embedDim: Int, numHeads: Int, options?: MultiheadAttentionOptions) {
    super();
    const settings = readOptions<MultiheadAttentionOptions>(options, {
      dropout: 0,
      bias: true,
      addBiasKv: false,
      addZeroAttn: false,
      kdim: null,
      vdim: null,
      batchFirst: false,
      dtype: "float32",
    });
    const { bias, addBiasKv, dtype } = settings;
    check(
      embedDim % numHeads === 0,
      () => `embed_dim must be divisible by num_heads, but ${embedDim} is not by ${numHeads}`,
    );
    this.embedDim = embedDim;
    this.numHeads = numHeads;
    this.dropout = settings.dropout;
    this.addZeroAttn = settings.addZeroAttn;
    this.kdim = settings.kdim ?? embedDim;
    this.vdim = settings.vdim ?? embedDim;
    this.batchFirst = settings.batchFirst;
    const isOneSize = this.kdim === embedDim && this.vdim === embedDim;
    const parameter = (name: string, isThere: boolean, ...shape: number[]) =>
      this.registerParameter(name, isThere ? new Parameter(zeros(shape, { dtype })) : null);
    this.inProjWeight = parameter("inProjWeight", isOneSize, 3 * embedDim, embedDim);
    this.qProjWeight = parameter("qProjWeight", !isOneSize, embedDim, embedDim);
    this.kProjWeight = parameter("kProjWeight", !isOneSize, embedDim, this.kdim);
    this.vProjWeight = parameter("vProjWeight", !isOneSize, embedDim, this.vdim);
    this.inProjBias = parameter("inProjBias", bias, 3 * embedDim);
    this.biasK = parameter("biasK", addBiasKv, 1, 1, embedDim);
    this.biasV = parameter("biasV", addBiasKv, 1, 1, embedDim);
    this.outProj = new NonDynamicallyQuantizableLinear(embedDim, embedDim, { bias, dtype });
    for (const weight of [this.inProjWeight, this.qProjWeight, this.kProjWeight, this.vProjWeight]) {
      if (weight) xavierUniform_(weight);
    }
    for (const bias of [this.inProjBias, this.outProj.bias]) if (bias) constant_(bias, 0);
    for (const bias of [this.biasK, this.biasV]) if (bias) xavierNormal_(bias);
  }

  /**
   * @param query (L, N, E), or (N, L, E) if batchFirst, or (L, E) of one sequence @param key (S, N, kdim) @param value (S, N, vdim)
   * @returns the output, of query's shape; and the weights, (N, L, S), or (N, numHeads, L, S) if they are not averaged, or null
   * @throws if the shapes do not fit
   */
  override forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options?: AttendOptions,
  ): [output: Tensor, weights: Tensor | null] {
    const settings = readOptions<AttendOptions>(options, attendDefaults);
    const isBatched = query.ndim === 3;
    checkInputs(this, query, key, value, settings);
    /** As (N, L, E), whatever it was. */
    const batched = (x: Tensor) => (isBatched ? (this.batchFirst ? x : transpose(x, 0, 1)) : unsqueeze(x, 0));
    const [q, ownKeys, ownValues] = projected(this, query, key, value, batched);
    const [k, v] = [lengthened(this, ownKeys, this.biasK), lengthened(this, ownValues, this.biasV)];
    const [n, queries] = q.shape;
    const size = this.embedDim / this.numHeads;
    /** As (N, heads, L, size). */
    const heads = (x: Tensor) => transpose(reshape(x, [n, x.shape[1], this.numHeads, size]), 1, 2);
    const further = k.shape[1] - ownKeys.shape[1];
    const bias = biasOf(settings, [n, this.numHeads, queries, k.shape[1]], further, q.dtype);
    const scaled = div(heads(q), Math.sqrt(size));
    const p = this.training ? this.dropout : 0;
    const { output, weights } = attend(scaled, heads(k), heads(v), bias, p);
    const joined = reshape(transpose(output, 1, 2), [n, queries, this.embedDim]);
    const y = this.outProj.forward(joined);
    const restored = isBatched ? (this.batchFirst ? y : transpose(y, 0, 1)) : squeeze(y, 0);
    if (!settings.needWeights) return [restored, null];
    const returned = settings.averageAttnWeights ? mean(weights, 1) : weights;
    return [restored, isBatched ? returned : squeeze(returned, 0)];
  }
}

/** What is searched for, what is found, and what it is worth, (N, L or S, E); in one product if all are of the same tensor. */
function projected(
  { inProjWeight, qProjWeight, kProjWeight, vProjWeight, inProjBias }: MultiheadAttention,
  query: Tensor,
  key: Tensor,
  value: Tensor,
  batched: (x: Tensor) => Tensor,
): Tensor[] {
  if (inProjWeight && query === key && key === value)
    return chunk(linear(batched(query), inProjWeight, inProjBias), 3, -1);
  const weights = inProjWeight ? chunk(inProjWeight, 3) : [qProjWeight, kProjWeight, vProjWeight];
  const biases = inProjBias ? chunk(inProjBias, 3) : [null, null, null];
  return [query, key, value].map((x, i) => linear(batched(x), weights[i] as Tensor, biases[i]));
}

/** x (N, S, E) with a row that is learned and a row of zeros behind it, as far as there are any. */
function lengthened({ addZeroAttn, embedDim }: MultiheadAttention, x: Tensor, learned: Parameter | null): Tensor {
  const zero = addZeroAttn ? zeros([1, 1, embedDim], { dtype: x.dtype }) : null;
  const rows = [learned, zero].flatMap((row) => (row ? [expand(row, x.shape[0], 1, embedDim)] : []));
  return rows.length > 0 ? cat([x, ...rows], 1) : x;
}

/** What the masks add to scores (N, heads, queries, keys), of which the last `further` keys are not masked. */
function biasOf(
  masks: Required<AttendOptions>,
  [n, heads, queries, keys]: Shape,
  further: number,
  dtype: DType,
): Tensor | null {
  const { attnMask, keyPaddingMask } = masks;
  const biases: Tensor[] = [];
  const addBias = (mask: Tensor, ...shape: number[]) => {
    const padded = reshape(pad(mask, [0, further]), shape);
    biases.push(mask.dtype === "bool" ? hiding(padded, dtype) : padded);
  };
  if (attnMask) {
    const ofEach = attnMask.ndim === 3;
    const sizes = [...(ofEach ? [n * heads] : []), queries, keys - further];
    const otherShape = () =>
      `The shape of the ${attnMask.ndim}D attn_mask is torch.Size(${formatShape(attnMask.shape)}), but should be ${pythonTuple(sizes)}.`;
    check(sameShape(attnMask.shape, sizes), otherShape);
    addBias(attnMask, ofEach ? n : 1, ofEach ? heads : 1, queries, keys);
  }
  if (keyPaddingMask) {
    const [own, sequences = 1] = keyPaddingMask.shape.toReversed();
    const shape = [sequences, own + further];
    const otherShape = () =>
      `expecting key_padding_mask shape of ${pythonTuple([n, keys])}, but got torch.Size(${formatShape(shape)})`;
    check(sameShape(shape, [n, keys]), otherShape);
    addBias(keyPaddingMask, n, 1, 1, keys);
  }
  return biases.length > 0 ? biases.reduce((a, b) => add(a, b)) : null;
}

/** @throws in PyTorch's words, unless the inputs and masks have dimensions and types that it takes */
function checkInputs(
  { embedDim, inProjWeight }: MultiheadAttention,
  query: Tensor,
  key: Tensor,
  value: Tensor,
  masks: Required<AttendOptions>,
): void {
  const { attnMask, keyPaddingMask: paddingMask } = masks;
  const { ndim } = query;
  const otherType = "only bool and floating types of key_padding_mask are supported";
  check(paddingMask?.dtype !== "int32", otherType);
  const noSequence = () => `query should be unbatched 2D or batched 3D tensor but received ${ndim}-D query tensor`;
  check(ndim === 2 || ndim === 3, noSequence);
  const kind = ndim === 3 ? "batched (3-D)" : "unbatched (2-D)";
  const otherRanks = () =>
    `For ${kind} \`query\`, expected \`key\` and \`value\` to be ${ndim}-D ` +
    `but found ${key.ndim}-D and ${value.ndim}-D tensors respectively`;
  check(key.ndim === ndim && value.ndim === ndim, otherRanks);
  const otherMask = (name: string, ranks: string, mask: Tensor | null) => () =>
    `For ${kind} \`query\`, expected \`${name}\` to be \`None\`${ranks} but found ${mask?.ndim}-D tensor instead`;
  check(!paddingMask || paddingMask.ndim === ndim - 1, otherMask("key_padding_mask", ` or ${ndim - 1}-D`, paddingMask));
  check(!attnMask || attnMask.ndim === 2 || attnMask.ndim === 3, otherMask("attn_mask", ", 2-D or 3-D", attnMask));
  const size = query.shape.at(-1);
  check(size === embedDim, () => `was expecting embedding dimension of ${embedDim}, but got ${size}`);
  const text = (shape: Shape) => `torch.Size(${formatShape(shape)})`;
  if (inProjWeight) {
    const differ = () => `key shape ${text(key.shape)} does not match value shape ${text(value.shape)}`;
    check(sameShape(key.shape, value.shape), differ);
  } else {
    const [ofKey, ofValue] = [key, value].map(({ shape }) => shape.slice(0, -1));
    const differ = () => `key's sequence and batch dims ${text(ofKey)} do not match value's ${text(ofValue)}`;
    check(sameShape(ofKey, ofValue), differ);
  }
  const isKnown = !attnMask || isFloatingPoint(attnMask.dtype) || attnMask.dtype === "bool";
  check(isKnown, () => `Only float, byte, and bool types are supported for attn_mask, not torch.${attnMask?.dtype}`);
}

export default { scaledDotProductAttention };
