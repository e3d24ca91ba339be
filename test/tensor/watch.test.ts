/** Calls that are watched: each once, with what it was given and what it gave, but for those within it. */
import { expect, it } from "vitest";
import { nn, ones, type Tensor } from "../../src/index.ts";
import { isWatched, seen, startWatching, watchCalls } from "../../src/tensor/watch.ts";

const inner = (x: number): number => seen("inner", [x], () => x + 1);
const outer = (x: number): number => seen("outer", [x], () => inner(x) * 2);

it("is told of calls, not of those that are part of them, and of nothing afterwards", () => {
  const calls: unknown[] = [];
  const result = watchCalls(
    (name, args, result) => calls.push([name, args, result]),
    () => outer(1) + inner(5),
  );
  expect([result, calls]).toEqual([
    10,
    [
      ["outer", [1], 4],
      ["inner", [5], 6],
    ],
  ]);
  expect([outer(1), isWatched(), calls.length]).toEqual([4, false, 2]);
});

it("is told until it is stopped, also of what comes after waiting", async () => {
  const names: string[] = [];
  const stop = startWatching((name) => names.push(name));
  inner(1);
  await Promise.resolve();
  outer(1);
  stop();
  inner(1);
  expect([names, isWatched()]).toEqual([["inner", "outer"], false]);
});

it("is given functions that users do not have by that name, to call them again", () => {
  const doubled: unknown[] = [];
  const x = ones([2]);
  watchCalls(
    (_, args, __, called) => doubled.push(called?.(...args.map((arg) => (arg as Tensor).mul(2)))),
    () => [x.exp(), nn.functional.relu(x), x.gt(0)],
  );
  expect(doubled).toEqual([x.mul(2).exp(), x.mul(2), undefined]);
});

it("is over when the work fails, and goes on when a call does", () => {
  const names: string[] = [];
  const failing = () => seen("failing", [], () => expect.fail("no"));
  const work = () => {
    expect(failing).toThrow("no");
    inner(1);
    failing();
  };
  expect(() => watchCalls((name) => names.push(name), work)).toThrow("no");
  expect([names, isWatched()]).toEqual([["inner"], false]);
});

it("sees operations, comparisons and functions of nn by their names", () => {
  const names: string[] = [];
  const x: Tensor = ones([2, 2]);
  watchCalls(
    (name) => names.push(name),
    () => x.add(1).gt(0).to("float32").argmax(1).add(x.sort().indices),
  );
  expect(names).toEqual(["add", "gt", "to", "argmax", "sort", "add"]);
});
