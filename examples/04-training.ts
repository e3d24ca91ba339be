/** The program of docs/guide/04-training.md: Modules and training: five lines, repeated. */
import { DataLoader, manualSeed, nn, noGrad, ones, optim, randn, Subset, type Tensor, tensor } from "lucidgrad";
import { MNIST } from "lucidgrad/datasets";

class MyLinear extends nn.Module {
  readonly weight: nn.Parameter;
  readonly bias: nn.Parameter;

  constructor(inputs: number, outputs: number) {
    super();
    this.weight = new nn.Parameter(randn([outputs, inputs]).div(Math.sqrt(inputs)));
    this.bias = new nn.Parameter(tensor(new Array<number>(outputs).fill(0)));
  }

  override forward(x: Tensor): Tensor {
    return x.matmul(this.weight.t()).add(this.bias);
  }
}

manualSeed(0);
const layer = new MyLinear(3, 2);
console.log(layer.forward(ones([4, 3])).shape);
console.log(layer.namedParameters().map(([name, parameter]) => `${name}: ${parameter.shape.join(" × ")}`));

class Network extends nn.Module {
  readonly hidden = new nn.Linear(784, 64);
  readonly output = new nn.Linear(64, 10);

  override forward(images: Tensor): Tensor {
    return this.output.forward(this.hidden.forward(images.view(-1, 784)).relu());
  }
}

const network = new Network();
console.log(network);
console.log(
  "parameters:",
  network.parameters().reduce((sum, parameter) => sum + parameter.numel, 0),
);

const logits = tensor([[2, 1, 0]]);
const probabilities = logits.softmax(1);
console.log("probabilities", probabilities);
console.log("-log of the second", (-Math.log(probabilities.index(0, 1).item())).toFixed(4));
console.log(
  "crossEntropy      ",
  nn.functional
    .crossEntropy(logits, tensor([1], { dtype: "int32" }))
    .item()
    .toFixed(4),
);

const w = new nn.Parameter(tensor([3, 4]));
const descent = new optim.SGD([w], { lr: 0.1 });
w.mul(w).sum().backward();
console.log("gradient", w.grad?.toArray());
descent.step();
console.log("after w -= 0.1 * gradient:", w.detach());

const images = await MNIST.load({ train: true });
const firstImages = new Subset(
  images,
  Array.from({ length: 6400 }, (_, i) => i),
);
const loader = new DataLoader(firstImages, { batchSize: 64, shuffle: true });
const optimizer = new optim.SGD(network.parameters(), { lr: 0.1 });
const criterion = new nn.CrossEntropyLoss();

for (let epoch = 1; epoch <= 3; epoch++) {
  let total = 0;
  for (const [batch, labels] of loader) {
    optimizer.zeroGrad(); // 1. forget the last gradients: they would add up
    const prediction = network.forward(batch); // 2. ten numbers an image, recorded
    const loss = criterion.forward(prediction, labels); // 3. how wrong it was
    loss.backward(); // 4. a gradient for every parameter
    optimizer.step(); // 5. a step against it
    total += loss.item();
  }
  console.log(`epoch ${epoch}: loss ${(total / loader.length).toFixed(2)}`);
}

const testImages = await MNIST.load({ train: false });
network.eval();
let right = 0;
noGrad(() => {
  for (const [batch, labels] of new DataLoader(testImages, { batchSize: 1000 })) {
    right += network.forward(batch).argmax(1).eq(labels).sum().item();
  }
});
console.log(`${Math.round(right / 100)} % of ${testImages.length} unseen digits are read correctly`);
