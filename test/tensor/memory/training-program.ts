/** A program: trains the example's networks for a few steps. Prints a digest of their weights and gradients, and which part of them is in memory. */
import { createHash } from "node:crypto";
import os from "node:os";

os.availableParallelism = () => 3;
const { manualSeed, nn, optim, rand, randint } = await import("../../../src/index.ts");
const { ConvNet, Net } = await import("../../../examples/network.ts");
const { isInMemory } = await import("../../../src/tensor/memory/memory.ts");

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
  weights.push(...Object.values(model.stateDict()), ...[...model.parameters()].flatMap(({ grad }) => grad ?? []));
}
for (const weight of weights) digest.update(weight.data);
const large = weights.filter((weight) => weight.numel >= 64);
const parts = new Set(large.map((weight) => isInMemory(weight.storage.data)));
console.log(digest.digest("hex"), parts.size === 2 ? "some" : parts.has(true) ? "all" : "none");
