/** The networks of the examples, and others, as programs for PyTorch: there they give what they give here, and train.py trains them so. */
import { describe } from "vitest";
import { Translator } from "../../examples/date-translator.ts";
import { newDigitNetwork } from "../../examples/digit-network.ts";
import { Teller } from "../../examples/name-networks.ts";
import { ConvNet, Net } from "../../examples/network.ts";
import { arange, manualSeed, nn, optim, rand, randint, randn, type Tensor } from "../../src/index.ts";
import { Answers } from "../support/index.ts";
import { asksFor, asksToTrain } from "./exporting.ts";

const answers = new Answers("to_pytorch_networks", { rtol: 1e-5, atol: 1e-5 });
const { lrScheduler } = optim;
manualSeed(0);

const images = (count: number) => rand([count, 1, 28, 28]);
const classes = (count: number, of = 10) => randint(0, of, [count]);
const letters = (...lengths: number[]) => lengths.map((length) => randint(0, 20, [length]));

class Attention extends nn.Module {
  readonly queriesKeysValues = new nn.Linear(8, 24);
  readonly out = new nn.Linear(8, 8);
  override forward(x: Tensor): Tensor {
    const heads = (part: Tensor) => part.unflatten(-1, [2, 4]).transpose(1, 2);
    const [queries, keys, values] = this.queriesKeysValues.forward(x).chunk(3, -1).map(heads);
    const gathered = nn.functional.scaledDotProductAttention(queries, keys, values, { isCausal: true });
    return this.out.forward(gathered.transpose(1, 2).flatten(2));
  }
}

class Block extends nn.Module {
  readonly norm1 = new nn.LayerNorm(8);
  readonly attention = new Attention();
  readonly norm2 = new nn.LayerNorm(8);
  readonly network = new nn.Sequential(new nn.Linear(8, 16), new nn.GELU(), new nn.Linear(16, 8));
  override forward(x: Tensor): Tensor {
    const y = x.add(this.attention.forward(this.norm1.forward(x)));
    return y.add(this.network.forward(this.norm2.forward(y)));
  }
}

/** The network of gpt.ts, which is no module of its own, in small; its loss is that of the next letters. */
class GPT extends nn.Module {
  readonly letters = new nn.Embedding(20, 8);
  readonly places = new nn.Embedding(6, 8);
  readonly blocks = new nn.Sequential(new Block(), new Block());
  readonly norm = new nn.LayerNorm(8);
  readonly head = new nn.Linear(8, 20, { bias: false });
  constructor() {
    super();
    this.head.weight = this.letters.weight;
  }
  logits(text: Tensor): Tensor {
    const places = this.places.forward(arange(text.shape[1], { dtype: "int32" }));
    return this.head.forward(this.norm.forward(this.blocks.forward(this.letters.forward(text).add(places))));
  }
  override forward(text: Tensor): Tensor {
    return this.logits(text);
  }
}

/** A model whose output is its loss. */
class NextLetter extends nn.Module {
  readonly gpt = new GPT();
  override forward(text: Tensor, next: Tensor): Tensor {
    return nn.functional.crossEntropy(this.gpt.forward(text).flatten(0, 1), next.flatten());
  }
}

/** Two convolutions, and their input beside them. */
class Residual extends nn.Module {
  readonly conv1: nn.Conv2d;
  readonly bn1: nn.BatchNorm2d;
  readonly conv2: nn.Conv2d;
  readonly bn2: nn.BatchNorm2d;
  readonly downsample: nn.Sequential | null;
  constructor(inputs: number, outputs: number, stride: number) {
    super();
    const options = { padding: 1, bias: false };
    this.conv1 = new nn.Conv2d(inputs, outputs, 3, { ...options, stride });
    this.bn1 = new nn.BatchNorm2d(outputs);
    this.conv2 = new nn.Conv2d(outputs, outputs, 3, options);
    this.bn2 = new nn.BatchNorm2d(outputs);
    const shortcut = () =>
      new nn.Sequential(new nn.Conv2d(inputs, outputs, 1, { stride, bias: false }), new nn.BatchNorm2d(outputs));
    this.downsample = stride === 1 ? null : shortcut();
  }
  override forward(x: Tensor): Tensor {
    const y = this.bn2.forward(this.conv2.forward(this.bn1.forward(this.conv1.forward(x)).relu()));
    return y.add(this.downsample ? this.downsample.forward(x) : x).relu();
  }
}

class ResNet extends nn.Module {
  readonly conv1 = new nn.Conv2d(3, 4, 3, { padding: 1, bias: false });
  readonly bn1 = new nn.BatchNorm2d(4);
  readonly layers = new nn.Sequential(new Residual(4, 4, 1), new Residual(4, 8, 2));
  readonly avgpool = new nn.AdaptiveAvgPool2d(1);
  readonly fc = new nn.Linear(8, 5);
  override forward(x: Tensor): Tensor {
    const y = this.layers.forward(this.bn1.forward(this.conv1.forward(x)).relu());
    return this.fc.forward(this.avgpool.forward(y).flatten(1));
  }
}

describe("what they give", () => {
  asksFor(answers, "network.ts, with batch norm", new Net(6, true), [images(2)], [images(3)]);
  asksFor(answers, "network.ts, without", new Net(6, false), [images(2)], [images(3)]);
  asksFor(answers, "network.ts, convolutions", new ConvNet(4, true), [images(2)], [images(3)]);
  asksFor(answers, "digit-network.ts", newDigitNetwork(), [images(1)], [images(2)]);
  asksFor(answers, "gpt.ts", new GPT(), [randint(0, 20, [2, 6])], [randint(0, 20, [3, 6])]);
  const teller = new Teller(20, 5);
  asksFor(answers, "name-networks.ts", teller, [letters(3, 5)], [letters(4, 7, 1)]);
  const [read, written] = [letters(4, 6), randint(0, 11, [2, 10])];
  asksFor(
    answers,
    "date-translator.ts",
    new Translator(),
    [read, written],
    [letters(5, 9, 3), randint(0, 11, [3, 10])],
  );
  asksFor(answers, "a ResNet", new ResNet(), [rand([2, 3, 8, 8])], [rand([3, 3, 8, 8])]);
});

/** What cross entropy, with options that the programs have to have, makes of logits. */
const crossEntropy = new nn.CrossEntropyLoss({ labelSmoothing: 0.1 });

describe("train.py: 20 steps, in one process and in two", () => {
  const perceptron = new Net(6, true);
  const descent = new optim.SGD(perceptron.parameters(), { lr: 0.1, momentum: 0.9, weightDecay: 1e-4 });
  const stepped = new lrScheduler.StepLR(descent, { stepSize: 4, gamma: 0.5 });
  asksToTrain(answers, "network.ts, with batch norm, SGD and StepLR", {
    model: perceptron,
    inputs: [images(8)],
    lossOf: (y, target) => crossEntropy.forward(y, target),
    optimizer: descent,
    afterEpoch: () => stepped.step(),
    options: {
      loss: crossEntropy,
      target: classes(8),
      optimizer: descent,
      schedule: stepped,
      batchSize: 4,
      epochs: 10,
    },
  });

  const gpt = new NextLetter();
  const adamW = new optim.AdamW(gpt.parameters(), { lr: 0.01, weightDecay: 0.1 });
  const oneCycle = new lrScheduler.OneCycleLR(adamW, { maxLr: 0.01, totalSteps: 20 });
  const next = randint(0, 20, [16, 6]);
  asksToTrain(answers, "gpt.ts, AdamW and one cycle", {
    model: gpt,
    inputs: [randint(0, 20, [16, 6]), next],
    lossOf: (y) => y,
    optimizer: adamW,
    afterStep: () => oneCycle.step(),
    options: { target: next, optimizer: adamW, schedule: oneCycle, batchSize: 8, epochs: 10 },
  });

  const resNet = new ResNet();
  const [decayed, others] = [[2, 4], [1]].map((ranks) => resNet.parameters().filter((p) => ranks.includes(p.ndim)));
  const groups = [{ params: decayed, weightDecay: 0.01 }, { params: others }]; // biome-ignore format: two groups
  const nesterov = new optim.SGD(groups, { lr: 0.05, momentum: 0.9, nesterov: true });
  const cosine = new lrScheduler.CosineAnnealingLR(nesterov, { tMax: 10, etaMin: 1e-3 });
  asksToTrain(answers, "a ResNet, SGD with two groups and a cosine", {
    model: resNet,
    inputs: [rand([8, 3, 6, 6])],
    lossOf: (y, target) => nn.functional.crossEntropy(y, target),
    optimizer: nesterov,
    afterEpoch: () => cosine.step(),
    options: { target: classes(8, 5), optimizer: nesterov, schedule: cosine, batchSize: 4, epochs: 10 },
  });

  const teller = new Teller(20, 5);
  const adam = new optim.Adam(teller.parameters(), { lr: 0.005 });
  asksToTrain(answers, "name-networks.ts, of sequences", {
    model: teller,
    inputs: [letters(3, 5, 2, 7, 4, 6, 1, 8)],
    lossOf: (y, target) => nn.functional.crossEntropy(y, target),
    optimizer: adam,
    options: { target: classes(8, 5), optimizer: adam, batchSize: 4, epochs: 10 },
  });

  const translator = new Translator();
  const rms = new optim.RMSprop(translator.parameters(), { lr: 0.001 });
  const dates = randint(0, 11, [4, 10]);
  asksToTrain(answers, "date-translator.ts, RMSprop", {
    model: translator,
    inputs: [letters(3, 5, 2, 4), dates],
    lossOf: (y) => y,
    optimizer: rms,
    options: { target: dates, optimizer: rms, batchSize: 2, epochs: 10 },
  });

  const dropping = new nn.Sequential(new nn.Linear(4, 8), new nn.Dropout(0.3), new nn.Tanh(), new nn.Linear(8, 3));
  const plain = new optim.Adagrad(dropping.parameters(), { lr: 0.1 });
  const distance = new nn.SmoothL1Loss({ beta: 0.5 });
  asksToTrain(
    answers,
    "dropout, Adagrad and a smooth loss: in one process",
    {
      model: dropping,
      inputs: [rand([10, 4])],
      lossOf: (y, target) => distance.forward(y, target),
      optimizer: plain,
      options: { loss: distance, target: rand([10, 3]), optimizer: plain, batchSize: 5, epochs: 10 },
    },
    [1],
  );

  const attentive = new nn.TransformerEncoderLayer(6, 2, { dimFeedforward: 8, dropout: 0, batchFirst: true });
  const nAdam = new optim.NAdam(attentive.parameters());
  manualSeed(0);
  const [x, y] = [randn([64, 3, 6]), randn([64, 3, 6])];
  asksToTrain(answers, "an encoder's layer, of random numbers, NAdam", {
    model: attentive,
    inputs: [x],
    drawn: y,
    lossOf: (output, target) => nn.functional.mseLoss(output, target),
    optimizer: nAdam,
    options: { optimizer: nAdam, batchSize: 16, epochs: 5 },
  });

  const slowed = new nn.Sequential(new nn.Linear(4, 8), new nn.Tanh(), new nn.Linear(8, 3));
  const adamax = new optim.Adamax(slowed.parameters(), { lr: 0.1 });
  const plateau = new lrScheduler.ReduceLROnPlateau(adamax, { factor: 0.5, patience: 0, threshold: 0.1, minLr: 1e-3 });
  asksToTrain(answers, "Adamax, slowed by losses that fall no more", {
    model: slowed,
    inputs: [rand([8, 4])],
    lossOf: (y, target) => nn.functional.crossEntropy(y, target),
    optimizer: adamax,
    afterEpoch: (loss) => plateau.step(loss),
    options: { target: classes(8, 3), optimizer: adamax, schedule: plateau, batchSize: 4, epochs: 10 },
  });

  const curved = new nn.Sequential(new nn.Linear(4, 6), new nn.Tanh(), new nn.Linear(6, 2));
  const lbfgs = new optim.LBFGS(curved.parameters(), { lr: 0.5, maxIter: 4 });
  asksToTrain(answers, "LBFGS, of whole batches", {
    model: curved,
    inputs: [rand([8, 4])],
    lossOf: (y, target) => nn.functional.mseLoss(y, target),
    optimizer: lbfgs,
    options: { target: rand([8, 2]), optimizer: lbfgs, batchSize: 8, epochs: 5 },
  });
});
