/** The programs that the playground offers to take home print the losses of its networks: in lucidgrad and in PyTorch. */
import { expect, it } from "vitest";
import { runPrograms } from "../../../docs/generate/run-program.ts";
import { readAddress } from "../../../examples/playground/address.ts";
import { TEST, TRAIN } from "../../../examples/playground/file.ts";
import { lucidgradProgram } from "../../../examples/playground/lucidgrad-program.ts";
import type { Settings } from "../../../examples/playground/settings.ts";
import { makeShapes } from "../../../examples/playground/shapes.ts";
import { Trainer } from "../../../examples/playground/trainer.ts";
import { MNIST } from "../../../src/data/datasets.ts";
import { Subset } from "../../../src/index.ts";
import answers from "../../fixtures/playground_programs.json" with { type: "json" };
import { randomSettings } from "./random-settings.ts";

const part = async (train: boolean, count: number) => new Subset(await MNIST.load({ train }), [...Array(count).keys()]);
const sets = {
  digits: { train: await part(true, TRAIN.digits), test: await part(false, TEST.digits) },
  shapes: makeShapes(),
};

const trained = (settings: Settings, steps: number) => {
  const trainer = new Trainer(sets[settings.data], settings);
  return Array.from({ length: steps }, () => trainer.step());
};

it("for lucidgrad, with twenty random settings, to the digit", async () => {
  const STEPS = 4;
  const all = randomSettings(20, 18);
  const printed = await runPrograms(
    all.map((settings) => lucidgradProgram(settings, STEPS)),
    ".",
  );
  all.forEach((settings, i) => {
    const losses = trained(settings, STEPS);
    const averages = settings.contestants.map(() => 0);
    const lines = losses.map((each, step) => {
      const smooth = each.map((loss, k) => {
        averages[k] = 0.9 * averages[k] + 0.1 * loss;
        return (averages[k] / (1 - 0.9 ** (step + 1))).toFixed(3);
      });
      return `step ${step + 1}: ${each.map((loss) => loss.toFixed(6)).join(" ")}, average ${smooth.join(" ")}`;
    });
    const [steps, read] = [printed[i].split("\n").slice(0, STEPS), printed[i].match(/% of \d+ test pictures read/g)];
    expect(steps, JSON.stringify(settings)).toEqual(lines);
    expect(read).toHaveLength(settings.contestants.length);
  });
});

it.each(answers)("for PyTorch, to a hundred-thousandth of the loss: #$address", ({ address, printed }) => {
  const losses = trained(readAddress(address).settings, 12);
  losses.forEach((each, step) => {
    const theirs = printed[step]
      .match(/: (.*),/)![1]
      .split(" ")
      .map(Number);
    each.forEach((loss, i) => {
      expect(Math.abs(loss - theirs[i]) / Math.max(1, theirs[i]), `${step} ${loss} ${theirs[i]}`).toBeLessThan(1e-5);
    });
  });
});
