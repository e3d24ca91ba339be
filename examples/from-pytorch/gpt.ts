import { arange, manualSeed, nn, ones, optim, randint, type Tensor, tril } from "lucidgrad";

class Block extends nn.Module {
  readonly norm1 = new nn.LayerNorm(16);
  readonly attention = new nn.MultiheadAttention(16, 2, { dropout: 0.1, batchFirst: true });
  readonly norm2 = new nn.LayerNorm(16);
  readonly mlp = new nn.Sequential(new nn.Linear(16, 64), new nn.GELU(), new nn.Linear(64, 16));

  override forward(x: Tensor): Tensor {
    const isLater = tril(ones([x.shape[1], x.shape[1]])).eq(0);
    const y = this.norm1.forward(x);
    const z = x.add(this.attention.forward(y, y, y, { attnMask: isLater, needWeights: false })[0]);
    return z.add(this.mlp.forward(this.norm2.forward(z)));
  }
}

class GPT extends nn.Module {
  readonly tokens = new nn.Embedding(10, 16);
  readonly places = new nn.Embedding(8, 16);
  readonly block = new Block();
  readonly head = new nn.Linear(16, 10, { bias: false });

  constructor() {
    super();
    this.head.weight = this.tokens.weight;
  }

  override forward(x: Tensor): Tensor {
    const places = this.places.forward(arange(x.shape[1], { dtype: "int32" }));
    return this.head.forward(this.block.forward(this.tokens.forward(x).add(places)));
  }
}

manualSeed(0);
const gpt = new GPT();
const [matrices, others] = [gpt.parameters().filter((p) => p.ndim > 1), gpt.parameters().filter((p) => p.ndim === 1)];
const groups = [
  { params: matrices, weightDecay: 0.1 },
  { params: others, weightDecay: 0 },
];
const optimizer = new optim.AdamW(groups, { lr: 0.01, betas: [0.9, 0.95] });
const schedule = new optim.lrScheduler.LambdaLR(optimizer, (step) => Math.min(1, (step + 1) / 10));
for (let step = 1; step <= 60; step++) {
  const x = randint(0, 10, [16, 4]).repeat(1, 2);
  const logits = gpt.forward(x.slice(1, 0, -1));
  const loss = nn.functional.crossEntropy(logits.flatten(0, 1), x.slice(1, 1).flatten());
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
  schedule.step();
  if (step % 20 === 0) console.log(`step ${step}: loss ${loss.item().toFixed(4)}, lr ${schedule.getLastLr()[0]}`);
}
