/**
 * A DCGAN (Radford, Metz & Chintala 2015) makes up emojis: a painter, which sees none, paints what a critic shall take for one;
 * the critic learns to tell them from those that Twitter, Google and Microsoft drew. A picture grows by a row now and then:
 * above all some that are real, below them what the painter makes of the same sixteen random vectors.
 *
 *   npm run example:dcgan                    faces, in two minutes; see runs/dcgan/face.png
 *   npm run example:dcgan -- --kind animal   or activity, food, object, person, symbol, travel
 *   npm run example:dcgan -- --help          all options
 */
import { cat, full, Generator, manualSeed, nn, noGrad, optim, randint, randn, type Tensor } from "lucidgrad";
import { KINDS, readEmojis } from "./support/emoji.ts";
import { GrowingPicture } from "./support/growing-picture.ts";
import { Interrupt, Interrupted } from "./support/interrupt.ts";
import { needed } from "./support/needed.ts";
import { readOptions } from "./support/options.ts";
import { Progress } from "./support/progress.ts";
import { say } from "./texts/dcgan.ts";

const NOISE = 64; // numbers that a painting is made of
const WIDTH = 32; // channels of the largest hidden layers
const BATCH = 32;

/** Twice as large, each time with half the channels. */
const enlarge = (channels: number): nn.Module[] => [
  new nn.ConvTranspose2d(channels, channels / 2, 4, { stride: 2, padding: 1, bias: false }),
  new nn.BatchNorm2d(channels / 2),
  new nn.ReLU(),
];

/** Half as large, each time with twice the channels. */
const reduce = (channels: number): nn.Module[] => [
  new nn.Conv2d(channels, 2 * channels, 4, { stride: 2, padding: 1, bias: false }),
  new nn.BatchNorm2d(2 * channels),
  new nn.LeakyReLU({ negativeSlope: 0.2 }),
];

/** Noise (N, NOISE) to pictures (N, 3, 32, 32) in (-1, 1). */
const newPainter = () =>
  new nn.Sequential(
    new nn.Linear(NOISE, 4 * WIDTH * 4 * 4, { bias: false }),
    new nn.Unflatten(1, [4 * WIDTH, 4, 4]),
    new nn.BatchNorm2d(4 * WIDTH),
    new nn.ReLU(),
    ...enlarge(4 * WIDTH), // 8 x 8
    ...enlarge(2 * WIDTH), // 16 x 16
    new nn.ConvTranspose2d(WIDTH, 3, 4, { stride: 2, padding: 1 }),
    new nn.Tanh(),
  );

/** Pictures to logits (N): above 0 for what it takes for real. */
const newCritic = () =>
  new nn.Sequential(
    new nn.Conv2d(3, WIDTH, 4, { stride: 2, padding: 1 }), // 16 x 16
    new nn.LeakyReLU({ negativeSlope: 0.2 }),
    ...reduce(WIDTH), // 8 x 8
    ...reduce(2 * WIDTH), // 4 x 4
    new nn.Flatten(),
    new nn.Linear(4 * WIDTH * 4 * 4, 1),
    new nn.Flatten(0),
  );

/** As in the paper. */
function initialize(module: nn.Module): void {
  const isWeighted = module instanceof nn.Conv2d || module instanceof nn.ConvTranspose2d || module instanceof nn.Linear;
  if (isWeighted) nn.init.normal_(module.weight, 0, 0.02);
}

const defaults = { steps: 1000, every: 50, kind: KINDS, limit: 400, seed: 0, out: "runs/dcgan" };
const options = readOptions("example:dcgan", say, defaults);
const { kind } = options;
const sets = await needed(readEmojis([kind], options.limit, 32));
const emojis = cat(sets.map(({ pictures }) => pictures))
  .mul(2)
  .sub(1); // in [-1, 1], as paintings are
const picture = new GrowingPicture(options.out, `${kind}.png`, 2);
const addRow = (pictures: Tensor) => picture.add(pictures.add(1).div(2));

manualSeed(options.seed);
const interrupt = new Interrupt();
const [painter, critic] = [newPainter().apply(initialize), newCritic().apply(initialize)];
const [painting, judging] = [painter, critic].map(
  (network) => new optim.Adam(network.parameters(), { lr: 0.0003, betas: [0.5, 0.999] }),
);
const noise = randn([16, NOISE], { generator: new Generator(options.seed) });

/** How far the critic's opinions are from taking all pictures for real, or for the given share of it. */
const distance = (opinions: Tensor, real: number) =>
  nn.functional.binaryCrossEntropyWithLogits(opinions, full(opinions.shape, real));

console.log(say.emojis(emojis.shape[0], kind));
const samples = randint(0, emojis.shape[0], [16], { generator: new Generator(options.seed), dtype: "int32" });
addRow(emojis.indexSelect(0, samples));
const progress = new Progress(say.training, options.steps, { unit: "steps" });
try {
  for (let step = 1; step <= options.steps; step++) {
    const real = emojis.indexSelect(0, randint(0, emojis.shape[0], [BATCH], { dtype: "int32" }));
    const made = painter.forward(randn([BATCH, NOISE]));
    judging.zeroGrad();
    const judged = distance(critic.forward(real), 0.9).add(distance(critic.forward(made.detach()), 0)); // 0.9: not too sure
    judged.backward();
    judging.step();
    painting.zeroGrad();
    const painted = distance(critic.forward(made), 1);
    painted.backward();
    painting.step();

    if (step % options.every === 0) {
      progress.print(`${say.step(step)}   ${say.losses(judged.item(), painted.item())}`);
      addRow(noGrad(() => painter.forward(noise)));
    }
    progress.update(step);
    await interrupt.check();
  }
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
}
progress.print(say.wrote(picture.path));
