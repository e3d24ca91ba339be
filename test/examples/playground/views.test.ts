/** What the playground's curves and distributions are made of. */
import { describe, expect, it } from "vitest";
import { LossHistory } from "../../../examples/playground/history.ts";
import { BINS, layerStatistics } from "../../../examples/playground/statistics.ts";
import { tensor } from "../../../src/index.ts";

describe("a history of losses", () => {
  it("smooths over about ten steps, from the first on", () => {
    const history = new LossHistory(2);
    for (let step = 0; step < 5; step++) history.add([2, 4]);
    expect(history.smoothed[0]).toBeCloseTo(2, 10);
    expect(history.smoothed[1]).toBeCloseTo(4, 10);
    for (let step = 0; step < 10; step++) history.add([1, 4]);
    // Each step counts 0.9 times the one after it: the first five have the weights 0.9^10 to 0.9^14 of 1 to 0.9^14.
    expect(history.smoothed[0]).toBeCloseTo(1 + (0.9 ** 10 - 0.9 ** 15) / (1 - 0.9 ** 15), 10);
  });

  it("of any length has few points, each the mean of its steps", () => {
    const history = new LossHistory(2);
    for (let step = 1; step <= 10_000; step++) history.add([step, 1]);
    expect(history.steps.length).toBeLessThan(2000);
    expect(history.steps.at(-1)).toBe(10_000);
    const stride = history.steps[1] - history.steps[0];
    expect(stride).toBe(8);
    history.steps.forEach((step, i) => {
      expect(step).toBe((i + 1) * stride);
      expect(history.raw[0][i]).toBe(step - (stride - 1) / 2);
      expect(history.raw[1][i]).toBe(1);
    });
  });

  it("has no number before the first step", () => expect(new LossHistory(2).smoothed[0]).toBeNaN());
});

describe("the statistics of a layer", () => {
  it("are mean, spread, shares of values and dead units", () => {
    const { mean, std, dead, histogram } = layerStatistics(tensor([[-1, 0, 1], [-3, 0, 5]])); // biome-ignore format: a matrix
    expect(mean).toBeCloseTo(1 / 3, 6);
    expect(std).toBeCloseTo(Math.sqrt(36 / 6 - 1 / 9), 6);
    expect(dead).toBeCloseTo(2 / 3, 6); // the third unit alone is ever positive
    expect(histogram.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(histogram[(BINS - 1) / 2]).toBeCloseTo(2 / 6, 6); // the zeros
    expect(histogram[BINS - 1]).toBeCloseTo(1 / 6, 6); // 5 is beyond
  });

  it("of a convolution take a channel at all its places as one unit", () => {
    const { std, dead } = layerStatistics(tensor([[[[-1, -1]], [[-1, 1]]]])); // one picture, two channels of two places
    expect(std).toBeCloseTo(Math.sqrt(1 - 1 / 4), 6);
    expect(dead).toBe(0.5);
  });

  it("of a network that diverged are not numbers, and every unit is dead", () => {
    const { mean, dead, histogram } = layerStatistics(tensor([[Number.NaN, Number.NaN]]));
    expect([mean, dead]).toEqual([Number.NaN, 1]);
    expect(Math.max(...histogram)).toBe(0);
  });
});
