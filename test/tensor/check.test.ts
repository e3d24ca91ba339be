import { expect, it } from "vitest";
import { check } from "../../src/tensor/check.ts";

it("throws the message, which is put together only then, as the kind of error that is asked for", () => {
  check(true, () => expect.fail("nobody asked"));
  expect(() => check(false, "no")).toThrow(new Error("no"));
  expect(() => check(false, () => "out", RangeError)).toThrow(new RangeError("out"));
});
