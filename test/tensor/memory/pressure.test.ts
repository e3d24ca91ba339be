/**
 * Tensors live in 8 MB here, which are used again many times in each test. What a user holds is never lost or overwritten,
 * whatever holds it and wherever the engine runs.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { expect, it, onTestFinished, vi } from "vitest";
import type { Tensor } from "../../../src/index.ts";
import { bundle } from "../../support/bundle.ts";

vi.stubEnv("LUCIDGRAD_MEMORY", "8");
vi.stubEnv("LUCIDGRAD_BUDGET", "1");
const { defineFunction, randn } = await import("../../../src/index.ts");
const { isInMemory } = await import("../../../src/tensor/memory/memory.ts");
const { churn, hold } = await import("./pressure.ts");

it("over 1,000 steps of training", () => {
  const isUnchanged = hold();
  churn(1000);
  expect(isUnchanged()).toBe(true);
});

it("what `data` gives is the user's own: changes in place do not reach it, and it can be given away", () => {
  for (const view of [(x: Tensor) => x, (x: Tensor) => x.narrow(0, 10, 50), (x: Tensor) => x.t()]) {
    const x = randn([64, 64]);
    const { data } = view(x);
    const before = [...data];
    x.mul_(2);
    expect([...data]).toEqual(before);
    expect([...structuredClone(data, { transfer: [data.buffer as ArrayBuffer] })]).toEqual(before);
  }
});

it.each([
  ["microtasks", () => Promise.resolve()],
  ["timers", () => setTimeout()],
  ["what runs after input and output", () => setImmediate()],
])("in async functions that wait for %s", async (_, wait) => {
  async function holder(): Promise<boolean> {
    const isUnchanged = hold();
    for (let round = 0; round < 5; round++) {
      await wait();
      churn(20);
    }
    return isUnchanged();
  }
  expect(await Promise.all([holder(), holder(), holder()])).toEqual([true, true, true]);
});

it("in generators", () => {
  function* holder() {
    const isUnchanged = hold();
    for (let round = 0; round < 5; round++) {
      churn(20);
      yield true;
    }
    yield isUnchanged();
  }
  const holders = [holder(), holder(), holder()];
  for (let round = 0; round <= 5; round++)
    expect(holders.map((running) => running.next().value)).toEqual([true, true, true]);
});

it("after exceptions in the middle of backward, which lose no memory and no graph that is kept", () => {
  const isUnchanged = hold();
  let isBroken = true;
  const fragile = defineFunction("fragile", (x: Tensor) => {
    const pullBack = (dy: Tensor) => {
      if (isBroken) throw new Error("in the middle");
      return dy;
    };
    return { y: x.clone(), grads: [[x, pullBack]] };
  });
  const makeLoss = (x: Tensor) => fragile(x.exp()).mul(x).sum();
  const x = randn([64, 64]).requiresGrad_();
  const kept = makeLoss(x);
  for (let i = 0; i < 200; i++) {
    expect(() => makeLoss(randn([64, 64]).requiresGrad_()).backward()).toThrow("in the middle");
    if (i % 50 === 0) expect(() => kept.backward(undefined, { retainGraph: true })).toThrow("in the middle");
  }
  expect(isInMemory(randn([64, 64]).storage.data)).toBe(true);
  isBroken = false;
  x.grad = null;
  kept.backward();
  const expected = x.exp().mul(x.add(1)); // d/dx of x eˣ
  expect(
    expected
      .sub(x.grad ?? 0)
      .abs()
      .max()
      .item(),
  ).toBeLessThan(1e-4);
  expect(isUnchanged()).toBe(true);
});

it("in node's workers, each with a memory of its own, while this thread works too", async () => {
  const program = `(async () => {
    const { parentPort, workerData } = require("node:worker_threads");
    const { churn, hold } = await import(workerData);
    const isUnchanged = hold();
    churn(200);
    parentPort.postMessage(isUnchanged());
  })()`;
  const folder = await bundle({ pressure: fileURLToPath(new URL("./pressure.ts", import.meta.url)) });
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const workerData = join(folder, "pressure.js");
  const results = [1, 2].map(() => {
    const worker = new Worker(program, { eval: true, workerData });
    return new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  });
  const isUnchanged = hold();
  while ((await Promise.race([...results, setTimeout(0, "pending")])) === "pending") churn(20);
  expect(await Promise.all(results)).toEqual([true, true]);
  expect(isUnchanged()).toBe(true);
});
