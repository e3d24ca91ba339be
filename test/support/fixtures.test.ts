/** The comparisons that other tests rely on can fail. */
import { describe, expect, it } from "vitest";
import { ones, tensor } from "../../src/index.ts";
import { expectClose, expectExact, expectWithinUlps } from "./fixtures.ts";

const next32 = 1 + 2 ** -23;
const next64 = 1 + 2 ** -52;

describe("expectClose", () => {
  it.each([
    { actual: [1], expected: [1.1], tolerance: { atol: 0.11 } },
    { actual: [100], expected: [101], tolerance: { rtol: 0.01 } },
    { actual: [Number.NaN, -Infinity], expected: [Number.NaN, -Infinity], tolerance: {} },
    { actual: [0], expected: [-0], tolerance: {} },
    { actual: [0.1], expected: { shape: [1], data: [0.1] }, tolerance: { atol: 2e-9 } },
  ])("takes $actual for $expected within $tolerance", ({ actual, expected, tolerance }) => {
    expectClose(actual, expected, tolerance);
  });

  it.each([
    { actual: [1, 1], expected: [1, 1.1], tolerance: { atol: 0.09 }, words: "element 1 is 1, not within" },
    { actual: [1], expected: [Number.NaN], tolerance: { atol: 1 }, words: "element 0" },
    { actual: [Number.NaN], expected: [1], tolerance: { atol: Infinity }, words: "element 0" },
    { actual: [1e300], expected: [Infinity], tolerance: { rtol: 0.1 }, words: "element 0" },
    { actual: [-Infinity], expected: [Infinity], tolerance: { rtol: 0.1 }, words: "element 0" },
    { actual: [Infinity], expected: [1], tolerance: { rtol: 0.1 }, words: "element 0" },
    { actual: [1, 2], expected: [1], tolerance: {}, words: "number of elements" },
    { actual: null, expected: [1], tolerance: {}, words: "there are none" },
    { actual: ones([2, 1]), expected: { shape: [1, 2], data: [1, 1] }, tolerance: {}, words: "expected shape [1, 2]" },
    { actual: ones([1], { dtype: "float64" }), expected: ones([1]), tolerance: {}, words: "float" },
  ])("refuses $actual for $expected within $tolerance", ({ actual, expected, tolerance, words }) => {
    expect(() => expectClose(actual, expected, tolerance)).toThrow(words);
  });
});

describe("expectWithinUlps", () => {
  it.each([
    { x: tensor([1]), neighbour: next32 },
    { x: tensor([1], { dtype: "float64" }), neighbour: next64 },
    { x: tensor([-1]), neighbour: -next32 },
    { x: tensor([0]), neighbour: 2 ** -149 },
    { x: tensor([0]), neighbour: -(2 ** -149) },
  ])("$x.dtype: $neighbour is next to $x, not the same, nor is NaN", ({ x, neighbour }) => {
    expectWithinUlps(x, [neighbour], 1);
    expect(() => expectExact(x, [neighbour])).toThrow("0 ulp");
    expect(() => expectWithinUlps(x, [Number.NaN], 1e9)).toThrow("ulp");
  });
});
