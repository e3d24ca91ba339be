/**
 * Reads a picture of one handwritten digit and says which it is, with the network that mnist-adam.ts saved.
 *
 *   npm run example:adam                          trains it, once
 *   npm run example:classify -- digit.png         any size, dark on light or light on dark
 *   npm run example:classify -- digit.png --model FILE
 */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { noGrad, type Tensor } from "lucidgrad";
import { loadTensors } from "lucidgrad/files";
import { readPng } from "lucidgrad/image";
import { newDigitNetwork } from "./digit-network.ts";
import { asDigit } from "./support/as-digit.ts";
import { refuseArguments } from "./support/flags.ts";
import { needed } from "./support/needed.ts";

const usage =
  "usage: npm run example:classify -- PICTURE.png [--model FILE (runs/mnist-adam/model.safetensors)] [--help]";
const BAR = 40;

const refuse = (problem: string) => refuseArguments(problem, usage);

function parseArguments(): { picture: string; model: string } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        model: { type: "string", default: "runs/mnist-adam/model.safetensors" },
        help: { type: "boolean" },
      },
    });
    if (values.help) {
      console.log(
        `${usage}\n\nSays which digit is on a picture, with the network that npm run example:adam has trained.`,
      );
      process.exit(0);
    }
    if (positionals.length !== 1) throw new Error("Name one picture, a PNG file");
    return { picture: positionals[0], model: values.model };
  } catch (error) {
    return refuse((error as Error).message);
  }
}

const { picture, model: modelPath } = parseArguments();
if (!existsSync(modelPath)) {
  refuse(
    `${modelPath}: there is no such file. Train a model first, with npm run example:adam, or name one with --model.`,
  );
}
const model = newDigitNetwork().eval();

/** Reads the network and the picture. @throws if there is none, or one that makes no sense */
async function prepare(): Promise<Tensor> {
  model.loadStateDict(loadTensors(modelPath));
  return asDigit(readPng(picture, { channels: 4 }));
}

const digit = await needed(prepare());
const probabilities = noGrad(() => model.forward(digit.unsqueeze(0)).softmax(1).select(0, 0));
const best = probabilities.argmax().item();
console.log(`${picture} is a ${best}\n`);
for (const [k, probability] of probabilities.data.entries()) {
  const bar = "█".repeat(Math.round(BAR * probability)).padEnd(BAR);
  console.log(`${k}  ${bar}  ${(100 * probability).toFixed(1).padStart(5)} %${k === best ? "  <" : ""}`);
}
