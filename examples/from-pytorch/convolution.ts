import { DataLoader, manualSeed, nn, optim, rand, type Tensor, TensorDataset } from "lucidgrad";

class Net extends nn.Module {
  readonly conv = new nn.Conv2d(1, 8, 3, { padding: 1, bias: false });
  readonly norm = new nn.BatchNorm2d(8);
  readonly pool = new nn.MaxPool2d(2);
  readonly head = new nn.Linear(8 * 4 * 4, 2);

  override forward(x: Tensor): Tensor {
    const y = this.pool.forward(this.norm.forward(this.conv.forward(x)).relu());
    return this.head.forward(y.flatten(1));
  }
}

manualSeed(0);
const images = rand([256, 1, 8, 8]);
const [left, right] = images.chunk(2, 3).map((part) => part.mean([1, 2, 3]));
const isLeft = left.gt(right).to("int32");
const loader = new DataLoader(new TensorDataset(images, isLeft), { batchSize: 32, shuffle: true, dropLast: true });
const net = new Net();
const optimizer = new optim.Adam(net.parameters(), { lr: 0.01, weightDecay: 1e-4 });
for (let epoch = 1; epoch <= 4; epoch++) {
  net.train();
  for (const [x, y] of loader) {
    optimizer.zeroGrad();
    nn.functional.crossEntropy(net.forward(x), y, { labelSmoothing: 0.1 }).backward();
    optimizer.step();
  }
  net.eval();
  const loss = nn.functional.crossEntropy(net.forward(images), isLeft);
  console.log(`epoch ${epoch}: loss ${loss.item().toFixed(4)}`);
}
console.log(net.norm.runningMean?.slice(0, 0, 3));
