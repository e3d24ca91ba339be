/** One round of lucidgrad for cnn.ts. usage: lucidgrad-cnn.ts THREADS; prints the median milliseconds of a step. */
import { ConvNet } from "../../examples/network.ts";
import { manualSeed, nn, optim, rand, randint, setNumThreads } from "../../src/index.ts";

const [WARM_UP, STEPS] = [40, 80];

setNumThreads(Number(process.argv[2]));
manualSeed(0);
const model = new ConvNet(32, true);
const optimizer = new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
const batches = Array.from({ length: 20 }, () => [rand([64, 1, 28, 28]), randint(0, 10, [64])]);
const times: number[] = [];
for (let step = 0; step < WARM_UP + STEPS; step++) {
  const [images, labels] = batches[step % batches.length];
  const start = performance.now();
  optimizer.zeroGrad();
  nn.functional.crossEntropy(model.forward(images), labels).backward();
  optimizer.step();
  if (step >= WARM_UP) times.push(performance.now() - start);
}
console.log(times.sort((a, b) => a - b)[times.length >> 1]);
