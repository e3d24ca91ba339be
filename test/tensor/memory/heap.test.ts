/** Memory is used again when nobody can reach it any more, within running code too, and never before. */
import { describe, expect, it } from "vitest";
import { openCollector } from "../../../src/tensor/memory/collector.ts";
import { Heap } from "../../../src/tensor/memory/heap.ts";

const collector = openCollector();

const MEBI = 2 ** 20;
const LENGTH = 16_384;

function makeHeap({ poison = false, size = 4 * MEBI, budget = MEBI } = {}): Heap {
  const { buffer } = new WebAssembly.Memory({ initial: 128, maximum: 128, shared: true });
  return new Heap(buffer, { start: 0, end: size, budget, collector, poison: poison ? () => true : null });
}

const allocate = (heap: Heap) => heap.allocate(Float32Array, LENGTH, 4 * LENGTH);

/** An assertion would keep the array in reach until its test ends. */
function allocateSurely(heap: Heap): Float32Array {
  const array = allocate(heap);
  if (!array) throw new Error("there was no memory");
  return array;
}

/** Many times the memory there is. */
function allocateMany(heap: Heap): void {
  for (let i = 0; i < 1000; i++) allocateSurely(heap).fill(1);
}

describe.each([false, true])("with poison: %s", (poison) => {
  const times = poison ? 20 : 1000;

  it("reuses what is out of reach within one job, and keeps what is held", () => {
    const heap = makeHeap({ poison });
    const held = Array.from({ length: 10 }, (_, k) => allocate(heap)?.fill(k));
    for (let i = 0; i < times; i++) allocateSurely(heap).fill(-1);
    for (const [k, array] of held.entries()) expect(array?.every((value) => value === k)).toBe(true);
  });
});

it("has no room for more than all its memory, and loses none to who asks for it", () => {
  const heap = makeHeap();
  for (const bytes of [5 * MEBI, 2 ** 38 + 64, 2 ** 52]) expect(heap.allocate(Uint8Array, bytes, bytes)).toBeNull();
  expect(heap.allocate(Uint8Array, 3 * MEBI, 3 * MEBI)).toHaveLength(3 * MEBI);
});

it("reuses memory in microtasks, timers, generators and after exceptions", async () => {
  const heap = makeHeap();
  const kept = allocate(heap)?.fill(7);
  await Promise.resolve().then(() => allocateMany(heap));
  await new Promise<void>((resolve) => {
    setTimeout(() => {
      allocateMany(heap);
      resolve();
    });
  });
  const generator = (function* () {
    for (let i = 0; i < 200; i++) yield allocateSurely(heap);
  })();
  for (const array of generator) array.fill(2);
  expect(() => {
    allocateMany(heap);
    throw new Error("in the middle");
  }).toThrow();
  allocateMany(heap);
  expect(kept?.every((value) => value === 7)).toBe(true);
});

it("gives null when all is held, and goes on when it is not", () => {
  const heap = makeHeap();
  let held: (Float32Array | null)[] = [];
  for (let array = allocate(heap); array; array = allocate(heap)) held.push(array);
  expect(held.length).toBeGreaterThanOrEqual(60);
  held = [];
  for (let tries = 0; !allocate(heap); tries++) expect(tries).toBeLessThan(20); // it is not asked for at every attempt
  allocateMany(heap);
});

it("poisons what is free", () => {
  const heap = makeHeap({ poison: true });
  const addresses = new Set<number>();
  let again = 0;
  for (let i = 0; i < 10; i++) {
    const array = allocateSurely(heap);
    if (addresses.has(array.byteOffset)) {
      again++;
      expect(array.every(Number.isNaN)).toBe(true);
    }
    addresses.add(array.byteOffset);
    array.fill(1);
  }
  expect(again).toBeGreaterThan(0);
});
