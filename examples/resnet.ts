/**
 * ResNet-20 (He, Zhang, Ren & Sun 2015) as the paper trains it: augmented pictures, SGD with momentum and weight decay, a learning
 * rate that falls twice. It learns to tell four kinds of emojis apart, and is tested on a fifth of them, of which it has seen no
 * drawing; or on CIFAR-10. The network is in residual-network.ts.
 *
 *   npm run example:resnet                               three minutes; see runs/resnet/test.png
 *   npm run example:resnet -- --data data --limit 5000   all of CIFAR-10, which is downloaded to the folder data
 *   npm run example:resnet -- --help                     all options
 */
import { join } from "node:path";
import { cat, DataLoader, manualSeed, nn, noGrad, optim, tensor, transforms } from "lucidgrad";
import { CIFAR10 } from "lucidgrad/datasets";
import { saveTensors } from "lucidgrad/files";
import { newResNet20 } from "./residual-network.ts";
import { Augmented, type Labelled } from "./support/augmented.ts";
import { type Kind, readEmojis } from "./support/emoji.ts";
import { Interrupt, Interrupted } from "./support/interrupt.ts";
import { drawJudgements } from "./support/judgements.ts";
import { needed } from "./support/needed.ts";
import { readOptions } from "./support/options.ts";
import { Progress } from "./support/progress.ts";
import { say } from "./texts/resnet.ts";

const EMOJIS: Kind[] = ["face", "animal", "food", "travel"];
const defaults = { epochs: 10, lr: 0.05, limit: 100, seed: 0, data: "emoji", out: "runs/resnet" };
const options = readOptions("example:resnet", say, defaults);

interface Data {
  classes: readonly string[];
  train: Labelled;
  test: Labelled;
}

/** A fifth of the emojis is to test on, whoever drew them. */
async function readEmojiData(limit: number): Promise<Data> {
  const sets = await readEmojis(EMOJIS, limit, 32);
  const part = (heldOut: boolean): Labelled => {
    const places = [...Array(sets[0].labels.numel).keys()].filter((place) => (place % 5 === 0) === heldOut);
    const of = (key: keyof Labelled) =>
      cat(sets.map((set) => set[key].indexSelect(0, tensor(places, { dtype: "int32" }))));
    return { pictures: of("pictures"), labels: of("labels") };
  };
  return { classes: EMOJIS, train: part(false), test: part(true) };
}

/** The first photographs of each class. */
async function readCifar10(root: string, limit: number): Promise<Data> {
  const train = await CIFAR10.load({ root, download: true });
  const test = await CIFAR10.load({ root, train: false });
  const part = (all: CIFAR10): Labelled => {
    const found = all.classes.map(() => 0);
    const [pictures, labels] = all.getBatch([...all.targets.keys()].filter((i) => found[all.targets[i]]++ < limit));
    return { pictures, labels };
  };
  return { classes: train.classes, train: part(train), test: part(test) };
}

const { epochs, lr, data, limit } = options;
const { classes, train, test } = await needed(data === "emoji" ? readEmojiData(limit) : readCifar10(data, limit));
manualSeed(options.seed);
const interrupt = new Interrupt();
const model = newResNet20(classes.length);
const optimizer = new optim.SGD(model.parameters(), { lr, momentum: 0.9, weightDecay: 0.0001 });
const milestones = [Math.ceil(epochs / 2), Math.ceil((3 * epochs) / 4)];
const schedule = new optim.lrScheduler.MultiStepLR(optimizer, { milestones });
const normalize = new transforms.Normalize([0.5, 0.5, 0.5], [0.25, 0.25, 0.25]);
const augment = new transforms.Compose([
  new transforms.RandomCrop(32, { padding: 4, fill: 1 }), // up to four pixels away, where the paper is white
  new transforms.RandomHorizontalFlip(),
  normalize,
]);
const loader = new DataLoader(new Augmented(train, augment), { batchSize: 32, shuffle: true });

/** What each of the test pictures is taken for, (N). */
function judge() {
  model.eval();
  const batches = test.pictures.split(256);
  return cat(batches.map((pictures) => noGrad(() => model.forward(normalize.apply(pictures)).argmax(1))));
}

console.log(say.sizes(train.labels.numel, test.labels.numel));
try {
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const label = say.epoch(epoch, epochs);
    const progress = new Progress(label, train.labels.numel);
    let [seen, total] = [0, 0];
    model.train();
    for (const [pictures, labels] of loader) {
      optimizer.zeroGrad();
      const loss = nn.functional.crossEntropy(model.forward(pictures), labels);
      loss.backward();
      optimizer.step();
      total += loss.item();
      seen += labels.numel;
      progress.update(seen);
      await interrupt.check();
    }
    schedule.step();
    const right = judge().eq(test.labels).sum().item();
    progress.print(`${label}   ${say.loss(total / loader.length)}   ${say.right(right, test.labels.numel)}`);
  }
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
}
const [weights, picture] = ["model.safetensors", "test.png"].map((name) => join(options.out, name));
saveTensors(weights, model.stateDict());
await drawJudgements(picture, "What ResNet-20 takes these pictures for", classes, test, judge());
console.log(say.wrote(weights, picture));
