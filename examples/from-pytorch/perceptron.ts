import { DataLoader, manualSeed, nn, noGrad, optim, Subset } from "lucidgrad";
import { MNIST } from "lucidgrad/datasets";

manualSeed(0);
const images = await MNIST.load({ train: true });
const first = new Subset(images, [...Array(6400).keys()]);
const loader = new DataLoader(first, { batchSize: 64, shuffle: true });

const model = new nn.Sequential(new nn.Flatten(), new nn.Linear(784, 64), new nn.ReLU(), new nn.Linear(64, 10));
const criterion = new nn.CrossEntropyLoss();
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });

for (let epoch = 1; epoch <= 2; epoch++) {
  let total = 0;
  for (const [x, y] of loader) {
    optimizer.zeroGrad();
    const loss = criterion.forward(model.forward(x), y);
    loss.backward();
    optimizer.step();
    total += loss.item();
  }
  console.log(`epoch ${epoch}: loss ${(total / loader.length).toFixed(4)}`);
}

model.eval();
const [x, y] = new DataLoader(first, { batchSize: 1000 })[Symbol.iterator]().next().value!;
const right = noGrad(() => model.forward(x).argmax(1).eq(y).sum().item());
console.log(`${right} of 1000`);
