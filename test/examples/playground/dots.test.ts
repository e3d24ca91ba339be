/** How the playground lays out dots and axes, and writes numbers. */
import { describe, expect, it } from "vitest";
import { axisOf, decadesOf } from "../../../examples/playground/axes.ts";
import { pile } from "../../../examples/playground/dot-layout.ts";
import { beside, short } from "../../../examples/playground/numbers.ts";
import { bandsOf, between, stagesOf } from "../../../examples/playground/stages.ts";
import { manualSeed, randn } from "../../../src/index.ts";

describe("a pile of dots", () => {
  const gaps = (xs: ArrayLike<number>, ys: ArrayLike<number>) =>
    Array.from(xs, (x, i) =>
      Array.from(xs, (other, j) => (i === j ? 99 : Math.hypot(x - other, ys[i] - ys[j]))),
    ).flat();

  it("covers none of them, and stands on the line", () => {
    manualSeed(0);
    const xs = randn([64]).mul(40).data;
    const ys = pile(xs, 5, 1000);
    expect(Math.min(...gaps(xs, ys))).toBeGreaterThan(10 - 0.02);
    expect(Math.min(...ys)).toBe(0);
  });

  it("of equals is a column, pressed together where there is no room", () => {
    expect([...pile([3, 3, 3], 5, 100)]).toEqual([0, 10, 20]);
    expect([...pile([3, 3, 3], 5, 10)]).toEqual([0, 5, 10]);
  });
});

it("an axis reaches beyond all values, in steps that seldom change", () => {
  expect([[0], [4, -1], [-4.1], [7], [9], [13], [Number.NaN, 2]].map(axisOf)).toEqual([4, 4, 6, 8, 12, 16, 4]);
  expect(decadesOf([0.2, 3e-5, 12, 0, Number.NaN, Number.POSITIVE_INFINITY])).toEqual([-5, 2]);
  expect(decadesOf([8.8e-26])).toEqual([-26, 0]); // a gradient may be so small, and is not 0
});

it("numbers have a few digits, and a word where there is none", () => {
  const numbers = [0, 1, -0.01234, 123.456, 12345, -2e-5, 1e-5, Number.NaN, Number.NEGATIVE_INFINITY];
  const written = ["0", "1.00", "−0.0123", "123", "1.2 × 10⁴", "−2.0 × 10⁻⁵", "10⁻⁵", "NaN", "−∞"];
  expect(numbers.map(short)).toEqual(written);
  expect([beside(0.12345, 1), beside(-1e-9, 1), beside(-0.5, 0.01)]).toEqual(["0.123", "0.000", "−0.50000"]);
});

describe("the stages of a unit", () => {
  const dots = (...values: number[]) => Float32Array.from(values);
  const norm = { mean: dots(2, 2), variance: dots(4, 4), gamma: dots(3, 3), beta: dots(1, 1), eps: 0 };
  const values = { raw: dots(0, 4), relu: dots(0, 4), norm: { ...norm, xHat: dots(-1, 1), y: dots(-2, 4) } };
  type Unit = Parameters<typeof stagesOf>[0];

  it("lead from the raw values to those after ReLU, and a band goes with them", () => {
    const unit = values as unknown as Unit;
    expect(stagesOf(unit).map((stage) => Array.from(stage))).toEqual([[0, 4], [-2, 2], [-1, 1], [-2, 4], [0, 4]]); // biome-ignore format: short
    const bands = bandsOf(unit, 0)!;
    expect(bands.map(({ middle, half }) => [middle, half])).toEqual([[2, 2], [0, 2], [0, 1], [1, 3], [1, 3]]); // biome-ignore format: short
    expect(between(stagesOf(unit), 1.5, (stage) => stage[1])).toBe(1.5);
    expect(between(stagesOf(unit), 4, (stage) => stage[1])).toBe(4);
  });

  it("without a normalization are the raw ones until ReLU", () => {
    const unit = { ...values, norm: null } as unknown as Unit;
    expect(stagesOf(unit).map((stage) => stage[1])).toEqual([4, 4, 4, 4, 4]);
    expect(bandsOf(unit, 0)).toBeNull();
  });
});
