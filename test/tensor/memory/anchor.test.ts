import { inspect } from "node:util";
import { expect, it } from "vitest";
import { Anchor, anchorOf, hang } from "../../../src/tensor/memory/anchor.ts";
import { Blocks } from "../../../src/tensor/memory/blocks.ts";
import { emptyArray, isInMemory, openMemory, partOf } from "../../../src/tensor/memory/memory.ts";

const block = new Blocks(0, 64).take(64);

it("an anchor is found on its array, and seen by nobody else", () => {
  if (!block) throw new Error("there was no memory");
  const anchor = new Anchor({ block, age: 0 });
  const array = hang(anchor, new Float32Array([1, 2]));
  expect(anchorOf(array)).toBe(anchor);
  expect(inspect(array, { showHidden: true })).toBe(inspect(new Float32Array([1, 2]), { showHidden: true }));
  expect(Reflect.ownKeys(array)).toEqual(["0", "1"]);
  expect(anchorOf(array.subarray(1))).toBeNull();
});

it("a part of an array in memory has its anchor, so it keeps the block", () => {
  openMemory();
  const array = emptyArray("float32", [1024]);
  const part = partOf(array, 100, 10);
  expect([isInMemory(array), isInMemory(part)]).toEqual([true, true]);
  expect(anchorOf(part)).toBe(anchorOf(array));
  expect(isInMemory(partOf(new Float32Array(1024), 100, 10))).toBe(false);
});
