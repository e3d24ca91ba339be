/** The encoder of the vision transformer: layers of attention, each behind a normalization (Dosovitskiy et al. 2020). */
import { add } from "../autograd/ops/elementwise.ts";
import { withFraction } from "../nn/fraction.ts";
import * as nn from "../nn/index.ts";
import { check } from "../tensor/check.ts";
import { zeros } from "../tensor/create.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { MLP, type NormLayer } from "../vision/ops/index.ts";

/** What the layers of an encoder are like. */
export interface EncoderSettings {
  readonly numHeads: number;
  /** How many numbers stand for a patch. */
  readonly hiddenDim: number;
  /** How many there are between the two maps of an MLPBlock. */
  readonly mlpDim: number;
  readonly dropout: number;
  readonly attentionDropout: number;
  readonly normLayer: NormLayer;
}

/** Two maps with GELU between. */
export class MLPBlock extends MLP {
  constructor({ hiddenDim, mlpDim, dropout }: EncoderSettings) {
    const activationLayer = () => new nn.GELU();
    super(hiddenDim, [mlpDim, hiddenDim], { activationLayer, inplace: null, dropout });
    for (const layer of this) {
      if (!(layer instanceof nn.Linear)) continue;
      nn.init.xavierUniform_(layer.weight);
      if (layer.bias) nn.init.normal_(layer.bias, 0, 1e-6);
    }
  }
}

/** y = x + attention(norm x), and to that its MLPBlock. */
export class EncoderBlock extends nn.Module {
  readonly numHeads: number;
  readonly ln_1: nn.Module;
  readonly selfAttention: nn.MultiheadAttention;
  readonly dropout: nn.Dropout;
  readonly ln_2: nn.Module;
  readonly mlp: MLPBlock;

  constructor(settings: EncoderSettings) {
    super();
    const { numHeads, hiddenDim, dropout, attentionDropout, normLayer } = settings;
    this.numHeads = numHeads;
    this.ln_1 = normLayer(hiddenDim);
    this.selfAttention = new nn.MultiheadAttention(hiddenDim, numHeads, {
      dropout: attentionDropout,
      batchFirst: true,
    });
    this.dropout = withFraction(new nn.Dropout(dropout));
    this.ln_2 = normLayer(hiddenDim);
    this.mlp = new MLPBlock(settings);
  }

  override forward(input: Tensor): Tensor {
    checkSequences(input);
    const x = this.ln_1.forward(input);
    const [attended] = this.selfAttention.forward(x, x, x, { needWeights: false });
    const y = add(this.dropout.forward(attended), input);
    return add(y, this.mlp.forward(this.ln_2.forward(y)));
  }
}

/** Blocks in a row, on a sequence to which what is learned of each place is added. */
export class Encoder extends nn.Module {
  /** What is added at each place, (1, L, hiddenDim). */
  posEmbedding: nn.Parameter;
  readonly dropout: nn.Dropout;
  readonly layers: nn.Sequential;
  readonly ln: nn.Module;

  /** @param length of sequences, L @param count of blocks */
  constructor(length: number, count: number, settings: EncoderSettings) {
    super();
    const { hiddenDim, dropout, normLayer } = settings;
    this.posEmbedding = new nn.Parameter(zeros([1, length, hiddenDim]));
    nn.init.normal_(this.posEmbedding, 0, 0.02); // as in BERT
    this.dropout = withFraction(new nn.Dropout(dropout));
    const blocks = Array.from({ length: count }, (_, i) => [`encoder_layer_${i}`, new EncoderBlock(settings)]);
    this.layers = new nn.Sequential(Object.fromEntries(blocks));
    this.ln = normLayer(hiddenDim);
  }

  /** @param x (N, L, hiddenDim) @returns of the same shape */
  override forward(x: Tensor): Tensor {
    checkSequences(x);
    return this.ln.forward(this.layers.forward(this.dropout.forward(add(x, this.posEmbedding))));
  }
}

function checkSequences(x: Tensor): void {
  check(x.ndim === 3, () => `Expected (batch_size, seq_length, hidden_dim) got torch.Size(${formatShape(x.shape)})`);
}
