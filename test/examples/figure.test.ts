/** Figures of several panels: axes, bands over the seeds, and trainings that diverged. */
import { describe, expect, it } from "vitest";
import { type Figure, figureSvg } from "../../examples/experiments/support/figure.ts";
import { scaleOf } from "../../examples/experiments/support/scale.ts";
import { logSpaced, summarize } from "../../examples/experiments/support/statistics.ts";

describe("a logarithmic axis", () => {
  it("has a tick at each power of ten, evenly apart", () => {
    const { at, ticks } = scaleOf([0.001, 10], { log: true, count: 7 });
    expect(ticks.map(({ label }) => label)).toEqual(["0.001", "0.01", "0.1", "1", "10"]);
    const gaps = ticks.slice(1).map(({ value }, i) => at(value) - at(ticks[i].value));
    for (const gap of gaps) expect(gap).toBeCloseTo(gaps[0], 10);
    expect(at(0.001)).toBeGreaterThan(0);
    expect(at(10)).toBeLessThan(1);
  });

  it("has more ticks where there are few powers, and fewer where there are many", () => {
    expect(scaleOf([0.04, 0.3], { log: true, count: 6 }).ticks.map(({ label }) => label)).toEqual([
      "0.05",
      "0.1",
      "0.2",
    ]);
    const many = scaleOf([1e-12, 1e12], { log: true, count: 6 }).ticks;
    expect(many.length).toBeLessThan(10);
    expect(many[0].label).toMatch(/^10⁻/);
    expect(scaleOf([], { log: true, count: 6 }).ticks.length).toBeGreaterThan(0);
    const chosen = scaleOf([2, 256], { log: true, count: 7, ticks: [2, 256] });
    expect(chosen.ticks.map(({ label }) => label)).toEqual(["2", "256"]);
  });
});

it("summarize takes the middle, and counts a diverged training as the greatest", () => {
  expect(summarize([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3 });
  expect(summarize([4, 1, 2, 3]).median).toBe(2.5);
  expect(summarize([Number.NaN, 1, 2])).toEqual({ median: 2, low: 1, high: Number.NaN });
  expect(summarize([Number.NaN, 1, Number.NaN]).median).toBeNaN();
});

it("logSpaced", () => expect(logSpaced(0.001, 10, 5)).toEqual([0.001, 0.01, 0.1, 1, 10]));

it("a figure has a line and a band a curve, one legend, and a cross for what diverged", () => {
  const point = (x: number, ...values: number[]) => ({ x, ...summarize(values) });
  const figure: Figure = {
    title: "Loss <over> rate",
    panels: ["Left", "Right"].map((title) => ({
      title,
      x: { label: "Rate", log: true },
      y: { label: "Loss", max: 3 },
      curves: [{ label: "plain", color: "#d55e00", points: [point(0.1, 2, 1), point(1, 9, 2), point(10, Number.NaN)] }],
    })),
  };
  const svg = figureSvg(figure);
  expect(svg.match(/fill-opacity="0.15"/g)).toHaveLength(2);
  expect(svg.match(/l10,10m0,-10l-10,10/g)).toHaveLength(2);
  expect(svg.match(/>plain</g)).toHaveLength(1);
  expect(svg).toContain("Loss &lt;over&gt; rate");
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});
