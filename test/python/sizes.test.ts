/** What explains a number that was not always the same. */
import { expect, it } from "vitest";
import { explained } from "../../src/python/sizes.ts";

const sizes = [
  { text: "n", values: [2, 4, 6] },
  { text: "t", values: [3, 9, 6] },
  { text: "fixed", values: [4, 4, 4] },
];

it.each<[values: number[], text: string | undefined]>([
  [[4, 4, 4], "4"],
  [[2, 4, 6], "n"],
  [[3, 9, 6], "t"],
  [[6, 12, 18], "3 * n"],
  [[1, 2, 3], "n // 2"],
  [[1, 3, 5], "(n - 1)"],
  [[7, 11, 15], "(2 * n + 3)"],
  [[6, 36, 36], "n * t"],
  [[24, 144, 144], "4 * n * t"],
  [[4, 16, 36], undefined],
  [[0, 1, 0], undefined],
])("%j: %s", (values, text) => expect(explained(values, sizes)).toBe(text));
