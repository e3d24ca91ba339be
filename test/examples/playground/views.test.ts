/** What the playground's curves and distributions are made of. */
import { describe, expect, it } from "vitest";
import { LossHistory } from "../../../examples/playground/history.ts";

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
