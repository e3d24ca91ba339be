/** What no memory can hold is refused with what it would take, and leaves the engine as it was. */
import { expect, it } from "vitest";
import { arange, eye, ones, type Tensor, zeros } from "../../../src/index.ts";

const one = ones(1);
const wide = one.expand(1e6, 1e6);

it.each<[name: string, make: () => Tensor, bytes: number, shape: string]>([
  ["zeros", () => zeros([1e6, 1e6]), 4e12, "[1000000, 1000000] of float32"],
  ["zeros of float64", () => zeros([1e6, 1e6], { dtype: "float64" }), 8e12, "[1000000, 1000000] of float64"],
  ["zeros of bool", () => zeros([1e6, 1e6], { dtype: "bool" }), 1e12, "[1000000, 1000000] of bool"],
  ["eye", () => eye(1e6), 4e12, "[1000000, 1000000] of float32"],
  ["arange", () => arange(1e12), 4e12, "[1000000000000] of float32"],
  ["a clone", () => wide.clone(), 4e12, "[1000000, 1000000] of float32"],
  ["a sum", () => wide.sum(), 4e12, "[1000000, 1000000] of float32"],
  ["a broadcast", () => ones([1e6, 1]).add(ones(1e6)), 4e12, "[1000000, 1000000] of float32"],
  [
    "more than there are addresses",
    () => zeros([2 ** 40, 2 ** 40]),
    2 ** 82,
    "[1099511627776, 1099511627776] of float32",
  ],
])("%s", (_, make, bytes, shape) => {
  const message = `can't allocate memory: you tried to allocate ${bytes} bytes, for ${shape}.`;
  expect(make).toThrow(message);
  expect(ones([100, 100]).add(1).sum().item()).toBe(20_000);
});
