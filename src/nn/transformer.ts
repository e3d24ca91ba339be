/**
 * The transformer (Vaswani et al. 2017, https://arxiv.org/abs/1706.03762): layers of attention and of two linear maps at each place,
 * each branch added to what it was given. An encoder's layers look at the sequence itself; a decoder's look at it, then at what an
 * encoder made of another, the memory.
 */
import { add, relu } from "../autograd/ops/elementwise.ts";
import { triu } from "../autograd/ops/masks.ts";
import { check } from "../tensor/check.ts";
import { full } from "../tensor/create.ts";
import type { DType } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import activationFunctions from "./activation.ts";
import { type AttendOptions, MultiheadAttention } from "./attention.ts";
import { ModuleList } from "./container.ts";
import { Dropout } from "./dropout.ts";
import { xavierUniform_ } from "./init.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";
import { LayerNorm } from "./normalization.ts";

/** What stands between the two linear maps: a name, a function or a module. */
export type TransformerActivation = "relu" | "gelu" | ((x: Tensor) => Tensor) | Module;

/** Options of one layer of a transformer. */
export interface TransformerLayerOptions {
  /** How many numbers a place has between the two linear maps. Default: 2048. */
  dimFeedforward?: Int;
  /** How likely weights of the attention, the numbers between the linear maps, and each branch's output are dropped. Default: 0.1. */
  dropout?: number;
  /** What stands between the two linear maps. Default: "relu". */
  activation?: TransformerActivation;
  /** Added to the variance in the layer norms. Default: 1e-5. */
  layerNormEps?: number;
  /** Whether sequences are (N, L, E) instead of (L, N, E). Default: false. */
  batchFirst?: boolean;
  /** Whether each branch begins with its layer norm; else one follows each sum. Default: false. */
  normFirst?: boolean;
  /** Of what it learns. Default: "float32". */
  dtype?: DType;
}
const layerDefaults: Required<TransformerLayerOptions> = {
  dimFeedforward: 2048,
  dropout: 0.1,
  activation: "relu",
  layerNormEps: 1e-5,
  batchFirst: false,
  normFirst: false,
  dtype: "float32",
};

const named = { relu, gelu: (x: Tensor) => activationFunctions.gelu(x) };

/** @throws for the name of another */
function activationOf(activation: TransformerActivation): Exclude<TransformerActivation, string> {
  if (typeof activation !== "string") return activation;
  check(Object.hasOwn(named, activation), () => `activation should be relu/gelu, not ${activation}`);
  return named[activation];
}

/** One branch after another: each gets the sum so far, or its norm, and is added to it. */
interface Branch {
  readonly norm: LayerNorm;
  readonly run: (x: Tensor) => Tensor;
}

function sumOf(x: Tensor, branches: readonly Branch[], normFirst: boolean): Tensor {
  let y = x;
  for (const { norm, run } of branches) y = normFirst ? add(y, run(norm.forward(y))) : norm.forward(add(y, run(y)));
  return y;
}

/** What an encoder's layer may be told with its input. */
export interface EncoderLayerMasks {
  /** (L, L) or (N · nhead, L, L): true where a place may not look at another; or numbers that are added to the scores. Default: null. */
  srcMask?: Tensor | null;
  /** (N, L): true where there is only padding. Default: null. */
  srcKeyPaddingMask?: Tensor | null;
}

/**
 * A layer of an encoder: attention of a sequence to itself, then two linear maps with an activation between. Mirrors
 * `torch.nn.TransformerEncoderLayer`.
 * @example
 * const layer = new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true });
 * console.log(layer, layer.forward(randn([3, 5, 8])).shape);
 */
export class TransformerEncoderLayer extends Module {
  /** The attention of the sequence to itself. */
  readonly selfAttn: MultiheadAttention;
  /** To the wide side. */
  readonly linear1: Linear;
  /** Of what is between the linear maps. */
  readonly dropout: Dropout;
  /** And back. */
  readonly linear2: Linear;
  /** Whether each branch begins with its layer norm. */
  readonly normFirst: boolean;
  /** Of the attention. */
  readonly norm1: LayerNorm;
  /** Of the linear maps. */
  readonly norm2: LayerNorm;
  /** Of the attention's output. */
  readonly dropout1: Dropout;
  /** Of the linear maps' output. */
  readonly dropout2: Dropout;
  /** What stands between the linear maps. */
  readonly activation: ((x: Tensor) => Tensor) | Module;

  /** @param dModel the size of a place, E @param nhead how many heads share it @throws unless nhead divides dModel */
  constructor(dModel: Int, nhead: Int, options?: TransformerLayerOptions) {
    super();
    const settings = readOptions(options, layerDefaults);
    const { dimFeedforward, dropout, layerNormEps: eps, normFirst, dtype } = settings;
    this.selfAttn = new MultiheadAttention(dModel, nhead, settings);
    this.linear1 = new Linear(dModel, dimFeedforward, { dtype });
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, { dtype });
    this.normFirst = normFirst;
    this.norm1 = new LayerNorm(dModel, { eps, dtype });
    this.norm2 = new LayerNorm(dModel, { eps, dtype });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.activation = activationOf(settings.activation);
  }

  /** @param src (L, N, E), or (N, L, E) if batchFirst, or (L, E) of one sequence @returns the same shape */
  override forward(src: Tensor, options?: EncoderLayerMasks): Tensor {
    const { srcMask: attnMask, srcKeyPaddingMask: keyPaddingMask } = readOptions(options, noEncoderLayerMasks);
    const attended = (x: Tensor) => attentionOf(this.selfAttn, x, x, { attnMask, keyPaddingMask });
    return sumOf(
      src,
      [
        { norm: this.norm1, run: (x) => this.dropout1.forward(attended(x)) },
        { norm: this.norm2, run: (x) => this.dropout2.forward(fedForward(this, x)) },
      ],
      this.normFirst,
    );
  }
}
const noEncoderLayerMasks: Required<EncoderLayerMasks> = { srcMask: null, srcKeyPaddingMask: null };

const attentionOf = (attention: MultiheadAttention, x: Tensor, memory: Tensor, masks: AttendOptions): Tensor =>
  attention.forward(x, memory, memory, { ...masks, needWeights: false })[0];

/** The two linear maps at each place, with the activation between. */
function fedForward(
  { linear1, activation, dropout, linear2 }: TransformerEncoderLayer | TransformerDecoderLayer,
  x: Tensor,
): Tensor {
  const wide = linear1.forward(x);
  return linear2.forward(dropout.forward(activation instanceof Module ? activation.forward(wide) : activation(wide)));
}

/** What a decoder may be told with its inputs. */
export interface DecoderMasks {
  /** (T, T) or (N · nhead, T, T): true where a place may not look at another; or numbers that are added to the scores. Default: null. */
  tgtMask?: Tensor | null;
  /** (T, S) or (N · nhead, T, S): the same of places of the memory. Default: null. */
  memoryMask?: Tensor | null;
  /** (N, T): true where there is only padding. Default: null. */
  tgtKeyPaddingMask?: Tensor | null;
  /** (N, S): the same of the memory. Default: null. */
  memoryKeyPaddingMask?: Tensor | null;
}
const noDecoderMasks = { tgtMask: null, memoryMask: null, tgtKeyPaddingMask: null, memoryKeyPaddingMask: null };

/**
 * A layer of a decoder: attention of a sequence to itself, attention to the memory, then two linear maps with an activation
 * between. Mirrors `torch.nn.TransformerDecoderLayer`.
 * @example
 * const layer = new nn.TransformerDecoderLayer(8, 2, { dimFeedforward: 16 });
 * const [memory, tgt] = [randn([6, 3, 8]), randn([4, 3, 8])];
 * console.log(layer.forward(tgt, memory).shape);
 */
export class TransformerDecoderLayer extends Module {
  /** The attention of the sequence to itself. */
  readonly selfAttn: MultiheadAttention;
  /** The attention to the memory. */
  readonly multiheadAttn: MultiheadAttention;
  /** To the wide side. */
  readonly linear1: Linear;
  /** Of what is between the linear maps. */
  readonly dropout: Dropout;
  /** And back. */
  readonly linear2: Linear;
  /** Whether each branch begins with its layer norm. */
  readonly normFirst: boolean;
  /** Of the attention to itself. */
  readonly norm1: LayerNorm;
  /** Of the attention to the memory. */
  readonly norm2: LayerNorm;
  /** Of the linear maps. */
  readonly norm3: LayerNorm;
  /** Of the first attention's output. */
  readonly dropout1: Dropout;
  /** Of the second attention's output. */
  readonly dropout2: Dropout;
  /** Of the linear maps' output. */
  readonly dropout3: Dropout;
  /** What stands between the linear maps. */
  readonly activation: ((x: Tensor) => Tensor) | Module;

  /** @param dModel the size of a place, E @param nhead how many heads share it @throws unless nhead divides dModel */
  constructor(dModel: Int, nhead: Int, options?: TransformerLayerOptions) {
    super();
    const settings = readOptions(options, layerDefaults);
    const { dimFeedforward, dropout, layerNormEps: eps, normFirst, dtype } = settings;
    this.selfAttn = new MultiheadAttention(dModel, nhead, settings);
    this.multiheadAttn = new MultiheadAttention(dModel, nhead, settings);
    this.linear1 = new Linear(dModel, dimFeedforward, { dtype });
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, { dtype });
    this.normFirst = normFirst;
    this.norm1 = new LayerNorm(dModel, { eps, dtype });
    this.norm2 = new LayerNorm(dModel, { eps, dtype });
    this.norm3 = new LayerNorm(dModel, { eps, dtype });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.dropout3 = new Dropout(dropout);
    this.activation = activationOf(settings.activation);
  }

  /** @param tgt (T, N, E), or (N, T, E) if batchFirst @param memory (S, N, E) @returns tgt's shape */
  override forward(tgt: Tensor, memory: Tensor, options?: DecoderMasks): Tensor {
    const masks = readOptions<DecoderMasks>(options, noDecoderMasks);
    const ofTarget = { attnMask: masks.tgtMask, keyPaddingMask: masks.tgtKeyPaddingMask };
    const ofMemory = { attnMask: masks.memoryMask, keyPaddingMask: masks.memoryKeyPaddingMask };
    return sumOf(
      tgt,
      [
        { norm: this.norm1, run: (x) => this.dropout1.forward(attentionOf(this.selfAttn, x, x, ofTarget)) },
        { norm: this.norm2, run: (x) => this.dropout2.forward(attentionOf(this.multiheadAttn, x, memory, ofMemory)) },
        { norm: this.norm3, run: (x) => this.dropout3.forward(fedForward(this, x)) },
      ],
      this.normFirst,
    );
  }
}

/** Options of a stack of layers. */
export interface TransformerStackOptions {
  /** What comes after the last layer, or null. Default: null. */
  norm?: Module | null;
}

/** Copies of one layer, one after the other. */
abstract class Stack extends Module {
  /** The copies. */
  readonly layers: ModuleList;
  /** How many there are. */
  readonly numLayers: number;
  /** What comes after the last, or null. */
  readonly norm: Module | null;

  constructor(layer: Module, numLayers: Int, options?: TransformerStackOptions) {
    super();
    const numbers = numLayers * layer.parameters().reduce((sum, { numel }) => sum + numel, 1);
    check(numbers < 2 ** 40, () => `can't allocate memory for ${numLayers} layers, which have ${numbers} numbers`);
    this.layers = new ModuleList(Array.from({ length: numLayers }, () => layer.deepcopy()));
    this.numLayers = numLayers;
    this.norm = readOptions(options, { norm: null }).norm;
  }

  /** @param run what a layer makes of the output of the one before */
  protected through(x: Tensor, run: (layer: Module, x: Tensor) => Tensor): Tensor {
    let y = x;
    for (const layer of this.layers) y = run(layer as Module, y);
    return this.norm ? this.norm.forward(y) : y;
  }
}

/** What an encoder may be told with its input. */
export interface EncoderMasks {
  /** (L, L) or (N · nhead, L, L): true where a place may not look at another; or numbers that are added to the scores. Default: null. */
  mask?: Tensor | null;
  /** (N, L): true where there is only padding. Default: null. */
  srcKeyPaddingMask?: Tensor | null;
}

/**
 * Copies of an encoder's layer, one after the other, which begin with the same weights. Mirrors `torch.nn.TransformerEncoder`.
 * @example
 * const layer = new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16 });
 * const encoder = new nn.TransformerEncoder(layer, 3, { norm: new nn.LayerNorm(8) });
 * const mask = nn.Transformer.generateSquareSubsequentMask(5);
 * console.log(encoder.forward(randn([5, 2, 8]), { mask }).shape);
 */
export class TransformerEncoder extends Stack {
  /** @param src (L, N, E), or (N, L, E) if batchFirst, or (L, E) of one sequence @returns the same shape */
  override forward(src: Tensor, options?: EncoderMasks): Tensor {
    const { mask, srcKeyPaddingMask } = readOptions<EncoderMasks>(options, { mask: null, srcKeyPaddingMask: null });
    return this.through(src, (layer, x) => layer.forward(x, { srcMask: mask, srcKeyPaddingMask }));
  }
}

/**
 * Copies of a decoder's layer, one after the other, which begin with the same weights. Mirrors `torch.nn.TransformerDecoder`.
 * @example
 * const decoder = new nn.TransformerDecoder(new nn.TransformerDecoderLayer(8, 2, { dimFeedforward: 16 }), 3);
 * console.log(decoder.forward(randn([4, 2, 8]), randn([5, 2, 8])).shape);
 */
export class TransformerDecoder extends Stack {
  /** @param tgt (T, N, E), or (N, T, E) if batchFirst @param memory (S, N, E) @returns tgt's shape */
  override forward(tgt: Tensor, memory: Tensor, options?: DecoderMasks): Tensor {
    const masks = readOptions<DecoderMasks>(options, noDecoderMasks);
    return this.through(tgt, (layer, x) => layer.forward(x, memory, masks));
  }
}

/** Options of a whole transformer. */
export interface TransformerOptions extends TransformerLayerOptions {
  /** How many layers the encoder has. Default: 6. */
  numEncoderLayers?: Int;
  /** How many layers the decoder has. Default: 6. */
  numDecoderLayers?: Int;
  /** An encoder of one's own, or null. Default: null. */
  customEncoder?: Module | null;
  /** A decoder of one's own, or null. Default: null. */
  customDecoder?: Module | null;
}

/** What a transformer may be told with its inputs. */
export interface TransformerMasks extends DecoderMasks, EncoderLayerMasks {}

/**
 * An encoder of one sequence and a decoder of another, with a layer norm after each. Mirrors `torch.nn.Transformer`.
 *
 * Its matrices begin with Xavier's uniform numbers.
 * @example
 * const model = new nn.Transformer(8, 2, { numEncoderLayers: 1, numDecoderLayers: 2, dimFeedforward: 16, batchFirst: true });
 * const [src, tgt] = [randn([3, 6, 8]), randn([3, 4, 8])];
 * const tgtMask = nn.Transformer.generateSquareSubsequentMask(4);
 * console.log(model.forward(src, tgt, { tgtMask }).shape);
 */
export class Transformer extends Module {
  /** What makes the memory of the source. */
  readonly encoder: Module;
  /** What makes the output of the target and the memory. */
  readonly decoder: Module;
  /** The size of a place, E. */
  readonly dModel: number;
  /** How many heads share it. */
  readonly nhead: number;
  /** Whether sequences are (N, L, E). */
  readonly batchFirst: boolean;

  /** @param dModel the size of a place, E @param nhead how many heads share it @throws unless nhead divides dModel */
  constructor(dModel: Int = 512, nhead: Int = 8, options?: TransformerOptions) {
    super();
    const own = { numEncoderLayers: 6, numDecoderLayers: 6, customEncoder: null, customDecoder: null };
    const settings = readOptions<TransformerOptions>(options, { ...layerDefaults, ...own });
    const { layerNormEps: eps, dtype, numEncoderLayers, numDecoderLayers } = settings;
    const norm = () => new LayerNorm(dModel, { eps, dtype });
    const encoder = () =>
      new TransformerEncoder(new TransformerEncoderLayer(dModel, nhead, settings), numEncoderLayers, { norm: norm() });
    const decoder = () =>
      new TransformerDecoder(new TransformerDecoderLayer(dModel, nhead, settings), numDecoderLayers, { norm: norm() });
    this.encoder = settings.customEncoder ?? encoder();
    this.decoder = settings.customDecoder ?? decoder();
    for (const parameter of this.parameters()) if (parameter.ndim > 1) xavierUniform_(parameter);
    this.dModel = dModel;
    this.nhead = nhead;
    this.batchFirst = settings.batchFirst;
  }

  /** @param src (S, N, E), or (N, S, E) if batchFirst @param tgt (T, N, E) @returns tgt's shape */
  override forward(src: Tensor, tgt: Tensor, options?: TransformerMasks): Tensor {
    const { srcMask, srcKeyPaddingMask, ...masks } = readOptions<TransformerMasks>(options, {
      ...noEncoderLayerMasks,
      ...noDecoderMasks,
    });
    const batch = this.batchFirst ? 0 : 1;
    const differ = "the batch number of src and tgt must be equal";
    check(src.ndim !== 3 || src.shape[batch] === tgt.shape[batch], differ);
    const isOfModel = (x: Tensor) => x.shape.at(-1) === this.dModel;
    check(isOfModel(src) && isOfModel(tgt), "the feature number of src and tgt must be equal to d_model");
    const memory = this.encoder.forward(src, { mask: srcMask, srcKeyPaddingMask });
    return this.decoder.forward(tgt, memory, masks);
  }

  /**
   * A mask by which each place looks at itself and those before it: -∞ above the diagonal, 0 elsewhere.
   * @example nn.Transformer.generateSquareSubsequentMask(3)
   */
  static generateSquareSubsequentMask(size: Int): Tensor {
    return triu(full([size, size], -Infinity), 1);
  }

  /** The same. */
  generateSquareSubsequentMask(size: Int): Tensor {
    return Transformer.generateSquareSubsequentMask(size);
  }
}
