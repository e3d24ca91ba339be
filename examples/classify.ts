/**
 * Reads a picture of one handwritten digit and says which it is, with the network that mnist-adam.ts saved.
 *
 *   npm run example:adam                          trains it, once
 *   npm run example:classify -- digit.png         any size, dark on light or light on dark
 *   npm run example:classify -- digit.png --model FILE
 */
import { existsSync } from "node:fs";
import { noGrad, type Tensor } from "lucidgrad";
import { loadTensors } from "lucidgrad/files";
import { readPng } from "lucidgrad/image";
import { newDigitNetwork } from "./digit-network.ts";
import { readArguments } from "./support/arguments.ts";
import { asDigit } from "./support/as-digit.ts";
import { needed } from "./support/needed.ts";
import { say } from "./texts/classify.ts";

const BAR = 40;

const { picture, modelPath } = readArguments({ ...say, options: ["model"], allowPositionals: true }, (given, names) => {
  const { model = "runs/mnist-adam/model.safetensors" } = given;
  if (names.length !== 1) throw new Error(say.noPicture);
  if (!existsSync(model)) throw new Error(say.noModel(model));
  return { picture: names[0], modelPath: model };
});
const model = newDigitNetwork().eval();

/** Reads the network and the picture. @throws if there is none, or one that makes no sense */
async function prepare(): Promise<Tensor> {
  model.loadStateDict(loadTensors(modelPath));
  const digit = asDigit(readPng(picture, { channels: 4 }));
  if (!digit) throw new Error(say.noInk);
  return digit;
}

const digit = await needed(prepare());
const probabilities = noGrad(() => model.forward(digit.unsqueeze(0)).softmax(1).select(0, 0));
const best = probabilities.argmax().item();
console.log(`${say.answer(picture, best)}\n`);
for (const [k, probability] of probabilities.data.entries()) {
  const bar = "█".repeat(Math.round(BAR * probability)).padEnd(BAR);
  console.log(`${k}  ${bar}  ${(100 * probability).toFixed(1).padStart(5)} %${k === best ? "  <" : ""}`);
}
