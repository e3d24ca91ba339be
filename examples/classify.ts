/**
 * Reads a picture of one handwritten digit and says which it is, with the network that mnist-adam.ts saved.
 *
 *   npm run example:adam                          trains it, once
 *   npm run example:classify -- digit.png         any size, dark on light or light on dark
 *   npm run example:classify -- digit.png --model FILE
 */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { noGrad } from "lucidgrad";
import { loadTensors } from "lucidgrad/files";
import { readPng } from "lucidgrad/image";
import { newDigitNetwork } from "./digit-network.ts";
import { asDigit } from "./support/as-digit.ts";

const usage = "usage: npm run example:classify -- PICTURE.png [--model FILE]";
const BAR = 40;

/** Ends the program: what is wrong, what to do, exit code 2. */
function refuse(problem: string): never {
  console.error(`${problem}\n${usage}`);
  process.exit(2);
}

function parseArguments(): { picture: string; model: string } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { model: { type: "string", default: "runs/mnist-adam/model.safetensors" } },
    });
    if (positionals.length !== 1) throw new Error("expected one picture");
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
try {
  const model = newDigitNetwork().eval();
  model.loadStateDict(loadTensors(modelPath));
  const digit = asDigit(readPng(picture, { channels: 4 }));
  const probabilities = noGrad(() => model.forward(digit.unsqueeze(0)).softmax(1).select(0, 0));
  const best = probabilities.argmax().item();
  console.log(`${picture} is a ${best}\n`);
  for (const [k, probability] of probabilities.data.entries()) {
    const bar = "█".repeat(Math.round(BAR * probability)).padEnd(BAR);
    console.log(`${k}  ${bar}  ${(100 * probability).toFixed(1).padStart(5)} %${k === best ? "  <" : ""}`);
  }
} catch (error) {
  refuse((error as Error).message);
}
