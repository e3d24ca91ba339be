/**
 * Neural style transfer (Gatys, Ecker & Bethge 2015), as PyTorch's tutorial has it: a picture with the content of one and the
 * style of another. They are compared by what a network for pictures sees. Content is which features it finds where; style is
 * which of them it finds together, wherever that is. Nothing is trained but the picture itself: L-BFGS changes its pixels.
 * A network that has learned to see does it best; one with random weights does it, too (He, Wang & Hopcroft 2016).
 *
 *   npm run example:style                                        a cat of fireworks, in a minute; see runs/style/picture.png
 *   npm run example:style -- --content dog-face --style sunset   other emojis; or PNG and JPEG files
 *   npm run example:style -- --weights vgg19.pth                 with what torchvision's VGG-19 has learned: in Python,
 *                                torch.save(torchvision.models.vgg19(weights="DEFAULT").state_dict(), "vgg19.pth")
 */
import { join } from "node:path";
import { cat, manualSeed, nn, noGrad, optim, type Tensor, transforms } from "lucidgrad";
import { load, loadTensors } from "lucidgrad/files";
import { imageGrid, writePng } from "lucidgrad/image";
import { createFeatureExtractor } from "lucidgrad/models";
import { drawEmoji } from "./support/emoji.ts";
import { Interrupt, Interrupted } from "./support/interrupt.ts";
import { needed } from "./support/needed.ts";
import { readOptions } from "./support/options.ts";
import { readPicture } from "./support/picture-folder.ts";
import { Progress } from "./support/progress.ts";
import { say } from "./texts/style.ts";
import { newVggFeatures } from "./vgg-features.ts";

const CONTENT = "conv4"; // deep enough not to remember every pixel
const STYLE_WEIGHT = 1e6; // Gram matrices differ by small numbers
const defaults = {
  content: "cat-face",
  style: "fireworks",
  weights: "",
  size: { fallback: 96, least: 8 },
  steps: 200,
  every: 20,
  seed: 0,
  out: "runs/style",
};
const options = readOptions("example:style", say, defaults);
const { size, steps, every } = options;

/** (1, 3, size, size) in [0, 1], of a file, or as Google has drawn it. */
async function readOrDraw(name: string): Promise<Tensor> {
  const picture = /\.(png|jpe?g)$/i.test(name) ? readPicture(name, size) : await drawEmoji("noto", name, size);
  return picture.unsqueeze(0);
}

/** What a file has for the network, under VGG-19's names. */
function readWeights(path: string, network: nn.Module): Record<string, Tensor> {
  const all: Record<string, Tensor> = path.endsWith(".safetensors") ? loadTensors(path) : load(path);
  const own = Object.entries(all).map(([name, weight]) => [name.replace("features.", ""), weight] as const);
  return Object.fromEntries(own.filter(([name]) => name in network.stateDict()));
}

async function prepare() {
  const [content, style] = await Promise.all([options.content, options.style].map(readOrDraw));
  manualSeed(options.seed);
  const network = newVggFeatures().requiresGrad_(false);
  if (options.weights !== "") network.loadStateDict(readWeights(options.weights, network));
  return { content, style, network };
}

const { content, style, network } = await needed(prepare());
const convolutions = { "0": "conv1", "2": "conv2", "5": "conv3", "7": CONTENT, "10": "conv5" };
const features = createFeatureExtractor(network, convolutions);
const normalize = new transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]); // as VGG was trained
const look = (picture: Tensor) => features.forward(normalize.apply(picture));

/** Which channels of features (1, C, H, W) are found together: their products (C, C), summed over all places. */
function gram(features: Tensor): Tensor {
  const channels = features.flatten(2).squeeze(0); // (C, H * W)
  return channels.matmul(channels.t()).div(features.numel);
}

const wanted = look(content)[CONTENT];
const wantedGrams = Object.values(look(style)).map(gram);
const logits = content.clamp(0.02, 0.98).logit().requiresGrad_(); // a pixel is one's sigmoid: never too dark or too light
const optimizer = new optim.LBFGS([logits], { maxIter: 1 });

/** How far the picture is from what is wanted. */
function compare() {
  const seen = look(logits.sigmoid());
  const content = nn.functional.mseLoss(seen[CONTENT], wanted);
  const styles = Object.values(seen).map((features, i) => nn.functional.mseLoss(gram(features), wantedGrams[i]));
  const style = styles.reduce((a, b) => a.add(b)).mul(STYLE_WEIGHT);
  return { loss: content.add(style), content, style };
}

const path = join(options.out, "picture.png");
const write = () =>
  writePng(path, imageGrid(cat([content, style, logits.detach().sigmoid()]), { columns: 3, padValue: 1 }));
const interrupt = new Interrupt();
const progress = new Progress(say.picture, steps, { unit: "steps" });
try {
  for (let step = 1; step <= steps; step++) {
    optimizer.step(() => {
      optimizer.zeroGrad();
      const { loss } = compare();
      loss.backward();
      return loss;
    });
    progress.update(step);
    if (step % every === 0) {
      const { loss, content, style } = noGrad(compare);
      progress.print(`${say.step(step)}   ${say.loss(loss.item())}   ${say.parts(content.item(), style.item())}`);
      write();
    }
    await interrupt.check();
  }
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
}
write();
progress.print(say.wrote(path));
