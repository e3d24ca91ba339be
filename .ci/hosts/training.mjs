// Prints the same on every host.
import { getBackend, manualSeed, nn, optim, rand, randint } from "lucidgrad";
import { loadCheckpoint, saveCheckpoint } from "lucidgrad/files";

manualSeed(5);
const model = new nn.Sequential(new nn.Linear(256, 32), new nn.BatchNorm1d(32), new nn.ReLU(), new nn.Linear(32, 10));
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
const [images, labels] = [rand([64, 256]), randint(0, 10, [64])];
console.log(String(model), getBackend(), typeof saveCheckpoint, typeof loadCheckpoint);
for (let step = 0; step < 5; step++) {
  optimizer.zeroGrad();
  const loss = nn.functional.crossEntropy(model.forward(images), labels);
  loss.backward();
  optimizer.step();
  console.log(loss.item().toFixed(4));
  await new Promise((resolve) => setTimeout(resolve, 20)); // so that threads can start
}
