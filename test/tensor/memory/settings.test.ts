/** The example's networks have the same weights, bit for bit, whatever the settings of memory and threads. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { root } from "../../support/tree.ts";

/** Trains both for a few steps. Prints a digest of their weights and gradients, and which part of them is in memory. */
const program = `
  import { createHash } from "node:crypto";
  import os from "node:os";
  os.availableParallelism = () => 3;
  const { manualSeed, nn, optim, rand, randint } = await import("lucidgrad");
  const { ConvNet, Net } = await import("./examples/network.ts");
  const { isInMemory } = await import("./src/tensor/memory/memory.ts");
  manualSeed(0);
  const digest = createHash("sha256");
  const weights = [];
  for (const model of [new Net(256, true), new ConvNet(16, true)]) {
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
    for (let step = 0; step < 6; step++) {
      optimizer.zeroGrad();
      nn.functional.crossEntropy(model.forward(rand([64, 1, 28, 28])), randint(0, 10, 64)).backward();
      optimizer.step();
      await new Promise((resolve) => setTimeout(resolve)); // so that threads can start
    }
    weights.push(...Object.values(model.stateDict()), ...[...model.parameters()].map(({ grad }) => grad));
  }
  for (const weight of weights) digest.update(weight.data);
  const large = weights.filter((weight) => weight.numel >= 64);
  const parts = new Set(large.map((weight) => isInMemory(weight.storage.data)));
  console.log(digest.digest("hex"), parts.size === 2 ? "some" : parts.has(true) ? "all" : "none");`;

async function train(settings: Record<string, string>): Promise<string[]> {
  const args = ["--import", "tsx", "--input-type=module", "--eval", program];
  const env = { ...process.env, LUCIDGRAD_POISON: "", ...settings };
  return (await promisify(execFile)(process.execPath, args, { cwd: root, env })).stdout.split(/\s/);
}

it("1, 2 and 3 threads; 16 MB and 1 GB before garbage is collected; memory for some tensors only; wide and narrow", async () => {
  const [expected, where] = await train({ LUCIDGRAD_THREADS: "1" });
  expect(where).toBe("all");
  const [threads, budget, memory] = ["LUCIDGRAD_THREADS", "LUCIDGRAD_BUDGET", "LUCIDGRAD_MEMORY"];
  expect(await train({ [threads]: "2", [budget]: "16" })).toEqual([expected, "all", ""]);
  expect(await train({ [threads]: "3", [budget]: "1024" })).toEqual([expected, "all", ""]);
  expect(await train({ [threads]: "3", [memory]: "2" })).toEqual([expected, "some", ""]);
  expect(await train({ [threads]: "2", LUCIDGRAD_WIDE: "0" })).toEqual([expected, "all", ""]);
}, 60_000);
