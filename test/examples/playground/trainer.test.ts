/** The playground's trainer: what it trains, and that looking changes nothing. */
import { describe, expect, it } from "vitest";
import { contestant, defaults, defaultsOf, type Settings } from "../../../examples/playground/settings.ts";
import { makeShapes } from "../../../examples/playground/shapes.ts";
import { Trainer } from "../../../examples/playground/trainer.ts";
import { MNIST } from "../../../src/data/datasets.ts";
import { Subset, zeros } from "../../../src/index.ts";

const settings: Settings = { ...defaults, width: 32, batchSize: 16, learningRate: 0.1, momentum: 0.5 };
const three = [contestant("batch"), contestant("none", "he", 0.05), contestant("layer")];
const part = async (train: boolean, count: number) => new Subset(await MNIST.load({ train }), [...Array(count).keys()]);
const digits = { train: await part(true, 64), test: await part(false, 300) };
const steps = (trainer: Trainer, count: number) => Array.from({ length: count }, () => trainer.step());
const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);

describe("the playground's trainer", () => {
  it.each([
    ["fully connected", { ...settings, contestants: three }, 80],
    ["with convolutions", { ...settings, ...defaultsOf("cnn"), width: 4, batchSize: 16, contestants: three }, 80],
  ])("lowers the loss of each network, %s", (_, settings, count) => {
    const trainer = new Trainer(digits, settings);
    const losses = steps(trainer, count);
    for (const network of [0, 1, 2]) expect(losses[count - 1][network]).toBeLessThan(losses[0][network] / 2);
    expect(trainer.steps).toBe(count);
  });

  it("is not changed by being looked at", () => {
    const looked = new Trainer(digits, settings);
    const losses = Array.from({ length: 6 }, () => {
      for (const evaluation = looked.evaluate(); !evaluation.next().done; );
      looked.accuraciesInTrainMode();
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

  it("reads test pictures as in training: only batch norm then does it differently", () => {
    const trainer = new Trainer(digits, {
      ...settings,
      batchSize: 2,
      contestants: [contestant("batch"), contestant("layer")],
    });
    steps(trainer, 5);
    const evaluation = trainer.evaluate();
    let result = evaluation.next();
    while (!result.done) result = evaluation.next();
    const [batch, layer] = trainer.accuraciesInTrainMode();
    expect(batch).not.toBe(result.value[0]);
    expect(layer).toBe(result.value[1]);
  });

  it("has the initial weights and the learning rate of each contestant", () => {
    const contestants = [
      contestant("none", "small"),
      contestant("none", "large"),
      contestant("none", "default", 0.001),
    ];
    const trainer = new Trainer(digits, { ...settings, momentum: 0, contestants });
    const stds = trainer.networks.map((network) => [...network.parameters()][0].std().item());
    expect(stds[0]).toBeCloseTo(0.01, 3);
    expect(stds[1]).toBeCloseTo(1, 1);
    const before = trainer.pictures()[2].weights;
    const change = (rate: number) => {
      const other = new Trainer(digits, {
        ...settings,
        momentum: 0,
        contestants: [...contestants.slice(0, 2), contestant("none", "default", rate)],
      });
      other.step();
      return Math.abs(
        other.pictures()[2].weights.reduce((most, weight, i) => Math.max(most, Math.abs(weight - before[i])), 0),
      );
    };
    expect(change(0.1) / change(0.001)).toBeCloseTo(100, 0);
  });
});

it("the ten shapes are made, as many of each, light on dark", () => {
  const { train, test } = makeShapes();
  expect([train.length, test.length]).toEqual([4000, 1000]);
  const [images, labels] = train.getBatch([...Array(20).keys()]);
  expect(images.shape).toEqual([20, 1, 28, 28]);
  expect([...labels.data]).toEqual([...Array(20).keys()].map((i) => i % 10));
  for (const image of images.unbind(0)) expect(image.ge(0.7).sum().item()).toBeGreaterThan(10); // ink
});
