/** All members of a WeakSet are found, or it is said that they are not. */
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { openCollector } from "../../../src/tensor/memory/collector.ts";
import { Survivor, survivorsOf } from "../../../src/tensor/memory/survivors.ts";
import { root } from "../../support/tree.ts";

const collector = openCollector();

function makeSet(size: number): [WeakSet<Survivor>, Survivor[]] {
  const members = Array.from({ length: size }, () => new Survivor());
  return [new WeakSet(members), members];
}

/** Whose frame does not hold the last of it. */
function addGarbage(set: WeakSet<Survivor>, size: number): void {
  for (let i = 0; i < size; i++) set.add(new Survivor());
}

describe.each([0, 1, 7, 1000])("of %i", (size) => {
  it("finds all members that can be reached, and after a collection of young garbage no others", () => {
    const [set, members] = makeSet(size);
    addGarbage(set, size);
    collector?.young?.();
    expect(new Set(survivorsOf(set))).toEqual(new Set(members));
  });
});

it("keeps none of those that it found", () => {
  const set = new WeakSet<Survivor>();
  addGarbage(set, 100);
  const found = (() => survivorsOf(set)?.length)();
  collector?.young?.();
  expect([found, survivorsOf(set)?.length]).toEqual([100, 0]);
});

it("finds all or says that it cannot, wherever the stack ends", () => {
  // In a process of its own: the test runner's catches what runs out of stack.
  const program = `
    const { Survivor, survivorsOf } = await import("./src/tensor/memory/survivors.ts");
    const members = Array.from({ length: 100 }, () => new Survivor());
    const set = new WeakSet(members);
    const counts = [];
    function dive() {
      try { dive(); } catch {}
      if (counts.length < 1000) counts.push(count());
    }
    function count() {
      try { return survivorsOf(set)?.length ?? "not all"; } catch { return "no room"; }
    }
    dive();
    console.log(...new Set(counts));`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", program];
  expect(execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" })).toBe("no room not all 100\n");
});
