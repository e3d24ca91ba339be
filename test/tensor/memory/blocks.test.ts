/** Blocks never overlap, what is given back can be taken again, and no free neighbours stay apart. */
import { describe, expect, it } from "vitest";
import { type Block, Blocks } from "../../../src/tensor/memory/blocks.ts";
import { Generator } from "../../../src/tensor/random/generator.ts";

const MEBI = 2 ** 20;

function expectApart(blocks: readonly Block[]): void {
  const sorted = [...blocks].sort((a, b) => a.address - b.address);
  for (let i = 1; i < sorted.length; i++) {
    expect(sorted[i].address).toBeGreaterThanOrEqual(sorted[i - 1].address + sorted[i - 1].bytes);
  }
}

describe.each([1, 2, 3])("a random program, seed %i", (seed) => {
  const generator = new Generator(seed);
  const uniform = () => generator.random32() / 2 ** 32;
  const blocks = new Blocks(128, 128 + 16 * MEBI);
  const live: Block[] = [];

  it("takes and gives", () => {
    for (let i = 0; i < 20_000; i++) {
      if (live.length > 0 && uniform() < 0.5) {
        const [block] = live.splice(Math.floor(uniform() * live.length), 1);
        blocks.give(block);
      } else {
        const bytes = 1 + Math.floor(uniform() ** 4 * MEBI);
        const block = blocks.take(bytes);
        if (block) {
          expect(block.bytes).toBeGreaterThanOrEqual(bytes);
          expect(block.address % 64).toBe(0);
          live.push(block);
        }
      }
      if (i % 1000 === 0) expectApart(live);
    }
    expect(blocks.taken).toBe(live.reduce((total, { bytes }) => total + bytes, 0));
  });

  it("is one free block again when all is given back", () => {
    for (const block of live) blocks.give(block);
    expect(blocks.taken).toBe(0);
    expect(blocks.take(16 * MEBI)?.bytes).toBe(16 * MEBI);
    expect(blocks.take(1)).toBeNull();
  });
});

it("refuses what is larger than all there is", () => {
  const blocks = new Blocks(0, MEBI);
  expect(blocks.take(MEBI + 1)).toBeNull();
  expect(blocks.take(MEBI)).not.toBeNull();
});
