/**
 * Learns to tell the classes of one's own pictures apart: PNG files in a folder that has a sub-folder for each class. A fifth of
 * them is held out to see how well it does on others. Without a folder of one's own it makes one of emojis, data/emoji.
 *
 *   npm run example:pictures                               a minute; see runs/pictures/held-out.png
 *   npm run example:pictures -- --folder pets              learns from pets/cat/*.png, pets/dog/*.png, …
 *   npm run example:pictures -- --picture who.png          what it takes a picture for
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cat, DataLoader, manualSeed, nn, noGrad, optim, randperm, type Tensor, transforms } from "lucidgrad";
import { loadCheckpoint, saveCheckpoint } from "lucidgrad/files";
import { SmallVgg } from "./small-vgg.ts";
import { Augmented } from "./support/augmented.ts";
import { Interrupt, Interrupted } from "./support/interrupt.ts";
import { drawJudgements } from "./support/judgements.ts";
import { needed } from "./support/needed.ts";
import { readOptions } from "./support/options.ts";
import { readFolder, readPicture, writeEmojiFolder } from "./support/picture-folder.ts";
import { Progress } from "./support/progress.ts";
import { say } from "./texts/pictures.ts";

const EMOJI = "data/emoji";
const defaults = {
  folder: EMOJI,
  picture: "",
  size: { fallback: 32, least: 8 },
  epochs: 12,
  seed: 0,
  out: "runs/pictures",
};
const options = readOptions("example:pictures", say, defaults);
const [path, drawing] = ["model.safetensors", "held-out.png"].map((name) => join(options.out, name));
const normalize = new transforms.Normalize([0.5, 0.5, 0.5], [0.25, 0.25, 0.25]);

/** The probability of each class, for each picture. */
function judge(model: SmallVgg, pictures: Tensor): Tensor {
  model.eval();
  const batches = pictures.split(64).map((batch) => noGrad(() => model.forward(normalize.apply(batch))));
  return cat(batches).softmax(1);
}

const countRight = (judgements: Tensor, labels: Tensor) => judgements.argmax(1).eq(labels).sum().item();

/** What was saved, and a picture. @throws if there is none */
async function readTrained(file: string) {
  if (!existsSync(path)) throw new Error(say.untrained(path));
  const { classes, size, weights } = loadCheckpoint(path);
  const model = new SmallVgg(classes.length);
  model.loadStateDict(weights);
  return { classes, model, picture: readPicture(file, size) };
}

/** Tells a picture's likeliest classes. */
async function tell(file: string): Promise<void> {
  const { classes, model, picture } = await needed(readTrained(file));
  const probabilities = judge(model, picture.unsqueeze(0)).select(0, 0);
  const { values, indices } = probabilities.topk(Math.min(5, classes.length));
  console.log(`${say.answer(file, classes[indices.data[0]])}\n`);
  for (const [k, i] of indices.data.entries()) {
    const bar = "█".repeat(Math.round(40 * values.data[k])).padEnd(40);
    console.log(`${bar}  ${(100 * values.data[k]).toFixed(1).padStart(5)} %  ${classes[i]}`);
  }
}

async function readPictures() {
  if (options.folder === EMOJI && !existsSync(EMOJI)) {
    console.log(say.making(EMOJI));
    await writeEmojiFolder(EMOJI, 100);
  }
  return readFolder(options.folder, options.size);
}

async function train(): Promise<void> {
  const { classes, pictures, labels } = await needed(readPictures());
  manualSeed(options.seed);
  const parts = randperm(labels.numel).split(Math.ceil(0.8 * labels.numel));
  const [known, heldOut] = parts.map((indices) => ({
    pictures: pictures.indexSelect(0, indices),
    labels: labels.indexSelect(0, indices),
  }));
  console.log(`${say.sizes(known.labels.numel, heldOut.labels.numel, classes)}\n`);
  const model = new SmallVgg(classes.length);
  const augment = new transforms.Compose([
    new transforms.RandomCrop(options.size, { padding: Math.ceil(options.size / 8), paddingMode: "edge" }),
    new transforms.RandomHorizontalFlip(),
    normalize,
  ]);
  const loader = new DataLoader(new Augmented(known, augment), {
    batchSize: Math.min(32, known.labels.numel),
    shuffle: true,
    dropLast: true,
  });
  const optimizer = new optim.AdamW(model.parameters());
  const schedule = new optim.lrScheduler.OneCycleLR(optimizer, {
    maxLr: 0.01,
    totalSteps: options.epochs * loader.length,
  });
  const interrupt = new Interrupt();
  try {
    for (let epoch = 1; epoch <= options.epochs; epoch++) {
      const label = say.epoch(epoch, options.epochs);
      const progress = new Progress(label, known.labels.numel);
      let [seen, right, total] = [0, 0, 0];
      model.train();
      for (const [batch, truth] of loader) {
        optimizer.zeroGrad();
        const logits = model.forward(batch);
        const loss = nn.functional.crossEntropy(logits, truth);
        loss.backward();
        optimizer.step();
        schedule.step();
        total += loss.item();
        right += countRight(logits, truth);
        seen += truth.numel;
        progress.update(seen);
        await interrupt.check();
      }
      const others = countRight(judge(model, heldOut.pictures), heldOut.labels);
      const accuracies = say.accuracies(say.share(right, seen), say.share(others, heldOut.labels.numel));
      progress.print(`${label}   ${say.loss(total / loader.length)}   ${accuracies}`);
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
  saveCheckpoint(path, { classes, size: options.size, weights: model.stateDict() });
  const taken = judge(model, heldOut.pictures).argmax(1);
  await drawJudgements(drawing, "What it takes the pictures for that were held out", classes, heldOut, taken);
  console.log(say.wrote(path, drawing));
}

await (options.picture === "" ? train() : tell(options.picture));
