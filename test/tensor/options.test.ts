import { expect, it } from "vitest";
import { readOptions } from "../../src/tensor/options.ts";

it("what is given, and the default for what is not, or is undefined", () => {
  const defaults = { eps: 1e-5, momentum: 0.1 as number | null };
  expect(readOptions(undefined, defaults)).toEqual(defaults);
  expect(readOptions({ eps: 1 }, defaults)).toEqual({ eps: 1, momentum: 0.1 });
  expect(readOptions<typeof defaults>({ eps: undefined as unknown as number, momentum: null }, defaults)).toEqual({
    eps: 1e-5,
    momentum: null,
  });
  expect(defaults.momentum).toBe(0.1);
});
