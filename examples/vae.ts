/**
 * A variational autoencoder (Kingma & Welling 2013) that learns to write digits: its encoder says where on a map of twenty
 * dimensions a digit lies, its decoder draws what is there. A picture grows by a row at every epoch: eight digits as it draws
 * them again, and eight that nobody wrote, from the same random places of the map. In the end it walks from digit to digit.
 *
 *   npm run example:vae                  a minute or two; see runs/vae/digits.png
 *   npm run example:vae -- --help        all options
 */
import {
  cat,
  DataLoader,
  Generator,
  linspace,
  manualSeed,
  nn,
  noGrad,
  optim,
  randn,
  randnLike,
  Subset,
  type Tensor,
  zeros,
} from "lucidgrad";
import { MNIST } from "lucidgrad/datasets";
import { GrowingPicture } from "./support/growing-picture.ts";
import { Interrupt, Interrupted } from "./support/interrupt.ts";
import { needed } from "./support/needed.ts";
import { readOptions } from "./support/options.ts";
import { Progress } from "./support/progress.ts";
import { say } from "./texts/vae.ts";

const PIXELS = 28 * 28;
const MAP = 20; // dimensions

class VAE extends nn.Module {
  readonly encoder = new nn.Sequential(new nn.Linear(PIXELS, 400), new nn.ReLU(), new nn.Linear(400, 2 * MAP));
  readonly decoder = new nn.Sequential(new nn.Linear(MAP, 400), new nn.ReLU(), new nn.Linear(400, PIXELS));

  /** Where it believes digits to lie: around `mean`, give or take the square root of exp(logVariance). */
  encode(digits: Tensor): { mean: Tensor; logVariance: Tensor } {
    const [mean, logVariance] = this.encoder.forward(digits.flatten(1)).chunk(2, 1);
    return { mean, logVariance };
  }

  /** Digits (N, 1, 28, 28) in (0, 1). */
  draw(places: Tensor): Tensor {
    return this.decoder.forward(places).sigmoid().unflatten(1, [1, 28, 28]);
  }

  /** Its loss, a digit: what the drawing lacks of the digit, and how far its beliefs are from the normal distribution. */
  override forward(digits: Tensor): Tensor {
    const { mean, logVariance } = this.encode(digits);
    const place = randnLike(mean).mul(logVariance.div(2).exp()).add(mean); // differentiable in both
    const logits = this.decoder.forward(place);
    const lacking = nn.functional.binaryCrossEntropyWithLogits(logits, digits.flatten(1), { reduction: "sum" });
    const divergence = mean.pow(2).add(logVariance.exp()).sub(logVariance).sub(1).sum().div(2);
    return lacking.add(divergence).div(digits.shape[0]);
  }
}

const defaults = { epochs: 10, limit: 60000, seed: 0, data: "data", out: "runs/vae" };
const options = readOptions("example:vae", say, defaults);
const interrupt = new Interrupt();
const { data: root, limit } = options;
const [all, unseen] = await needed(
  Promise.all([true, false].map((train) => MNIST.load({ root, train, download: true }))),
);
const digits = new Subset(all, [...Array(Math.min(limit, all.length)).keys()]);
const [shown] = unseen.getBatch([...Array(8).keys()]);
const picture = new GrowingPicture(options.out, "digits.png", 2);

manualSeed(options.seed);
const model = new VAE();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.001 });
const loader = new DataLoader(digits, { batchSize: 128, shuffle: true });
const places = randn([8, MAP], { generator: new Generator(options.seed) });

/** A row of the picture, ink on paper. */
const addRow = (digits: Tensor) => picture.add(digits.neg().add(1));

/** The eight digits as it draws them again, a gap, and what it draws at eight places. */
const addDrawings = () => {
  const drawn = noGrad(() => [model.encode(shown).mean, places].map((at) => model.draw(at)));
  addRow(cat([drawn[0], zeros([1, 1, 28, 28]), drawn[1]]));
};
addRow(cat([shown, zeros([9, 1, 28, 28])]));
addDrawings();

try {
  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    const label = say.epoch(epoch, options.epochs);
    const progress = new Progress(label, digits.length);
    let [seen, total] = [0, 0];
    for (const [batch] of loader) {
      optimizer.zeroGrad();
      const loss = model.forward(batch);
      loss.backward();
      optimizer.step();
      total += loss.item();
      seen += batch.shape[0];
      progress.update(seen);
      await interrupt.check();
    }
    progress.print(`${label}   ${say.loss(total / loader.length)}`);
    addDrawings();
  }
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
}

/** Its way from one digit to the next: straight across the map. */
const walk = (from: Tensor, to: Tensor) => noGrad(() => model.draw(from.lerp(to, linspace(0, 1, 17).unsqueeze(1))));
const stops = noGrad(() => model.encode(shown).mean).split(1);
for (const [i, stop] of stops.slice(1).entries()) addRow(walk(stops[i], stop));
console.log(say.wrote(picture.path));
