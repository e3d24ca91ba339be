/** The playground's trainer, and that the program it offers prints the same losses. */
import { describe, expect, it } from "vitest";
import { runProgram } from "../../../docs/generate/run-program.ts";
import { lucidgradProgram } from "../../../examples/playground/programs.ts";
import { defaults } from "../../../examples/playground/settings.ts";
import { Trainer } from "../../../examples/playground/trainer.ts";
import { MNIST } from "../../../src/data/datasets.ts";
import { Subset, zeros } from "../../../src/index.ts";

const settings = { ...defaults, width: 32, batchSize: 16, learningRate: 0.1, momentum: 0.5 };
const TRAIN = 64;
const part = async (train: boolean, count: number) => new Subset(await MNIST.load({ train }), [...Array(count).keys()]);
const digits = { train: await part(true, TRAIN), test: await part(false, 300) };
const steps = (trainer: Trainer, count: number) => Array.from({ length: count }, () => trainer.step());
const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);

describe("the playground's trainer", () => {
  it("lowers the loss of both networks", () => {
    const trainer = new Trainer(digits, settings);
    const losses = steps(trainer, 82);
    for (const network of [0, 1]) expect(losses[81][network]).toBeLessThan(losses[0][network] / 2);
    expect(trainer.steps).toBe(82);
  });

  it("is not changed by being looked at", () => {
    const looked = new Trainer(digits, settings);
    const losses = Array.from({ length: 6 }, () => {
      for (const evaluation = looked.evaluate(); !evaluation.next().done; );
      looked.layers();
      looked.classify(zeros([1, 28, 28]));
      return looked.step();
    });
    expect(steps(new Trainer(digits, settings), 6)).toEqual(losses);
  });

  it("says what enters each ReLU, and what a digit may be", () => {
    const trainer = new Trainer(digits, { ...settings, depth: 3 });
    steps(trainer, 40);
    const [withBatchNorm, plain] = trainer.layers();
    expect([withBatchNorm.length, plain.length]).toEqual([3, 3]);
    for (const { spread, histogram, dead } of withBatchNorm) {
      expect(spread).toBeGreaterThan(0.5);
      expect(sum(histogram)).toBeCloseTo(1, 4);
      expect(dead).toBeLessThan(0.5);
    }
    for (const probabilities of trainer.classify(digits.test.get(0)[0])) {
      expect(probabilities).toHaveLength(10);
      expect(sum(probabilities)).toBeCloseTo(1, 5);
    }
  });

  it("stops learning at a learning rate of 0", () => {
    const trainer = new Trainer(digits, settings);
    trainer.learningRate = 0;
    const before = trainer.pictures()[0];
    trainer.step();
    expect(trainer.pictures()[0]).toEqual(before);
  });
});

it("the program for lucidgrad runs, and prints the trainer's losses", async () => {
  const program = lucidgradProgram(settings)
    .replace("first(10000)", `first(${TRAIN})`)
    .replace("step++ % 20", "step++ % 1");
  const printed = await runProgram(program);
  const expected = steps(new Trainer(digits, settings), 12).map(
    (losses, i) => `step ${i + 1}: ${losses.map((loss) => loss.toFixed(4)).join("  ")}`,
  );
  expect(printed.split("\n").slice(0, 12)).toEqual(expected);
  expect(printed.match(/of 2000 test digits right/g)).toHaveLength(2);
}, 20_000);
