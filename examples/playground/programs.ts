/** What the page does, as a program to take home: for lucidgrad, and for PyTorch, with the numbers of the settings in it. */
import { TEST, TRAIN } from "./file.ts";
import type { Settings } from "./settings.ts";

const EPOCHS = 3;

export function lucidgradProgram(settings: Settings): string {
  const { learningRate, momentum, batchSize, width, depth, batchNorm, batchNormMomentum, seed } = settings;
  return `import { DataLoader, manualSeed, nn, noGrad, optim, Subset } from "lucidgrad";
import { MNIST } from "lucidgrad/datasets";

const first = (count: number) => [...Array(count).keys()];
const trainSet = new Subset(await MNIST.load(), first(${TRAIN}));
const testSet = await MNIST.load({ train: false });

function newNetwork(batchNorm: boolean): nn.Sequential {
  const layers: nn.Module[] = [new nn.Flatten()];
  for (let inputs = 784, layer = 0; layer < ${depth}; layer++, inputs = ${width}) {
    layers.push(new nn.Linear(inputs, ${width}, { bias: !batchNorm }));
    if (batchNorm) layers.push(new nn.BatchNorm1d(${width}, { momentum: ${batchNormMomentum} }));
    layers.push(new nn.ReLU());
  }
  return new nn.Sequential(...layers, new nn.Linear(${width}, 10));
}

manualSeed(${seed});
const networks = [newNetwork(${batchNorm}), newNetwork(false)];
const options = { lr: ${learningRate}, momentum: ${momentum} };
const optimizers = networks.map((network) => new optim.SGD(network.parameters(), options));
const criterion = new nn.CrossEntropyLoss();
const loader = new DataLoader(trainSet, { batchSize: ${batchSize}, shuffle: true, dropLast: true });

for (let step = 0, epoch = 0; epoch < ${EPOCHS}; epoch++) {
  for (const [images, labels] of loader) {
    const losses = networks.map((network, i) => {
      optimizers[i].zeroGrad();
      const loss = criterion.forward(network.forward(images), labels);
      loss.backward();
      optimizers[i].step();
      return loss.item().toFixed(4);
    });
    if (step++ % 20 === 0) console.log(\`step \${step}: \${losses.join("  ")}\`);
  }
}

const [images, labels] = testSet.getBatch(first(${TEST}));
for (const network of networks) {
  network.eval(); // from now on batch norm uses its running statistics
  const right = noGrad(() => network.forward(images).argmax(1).eq(labels).sum().item());
  console.log(\`\${right} of ${TEST} test digits right\`);
}
`;
}

export function pytorchProgram(settings: Settings): string {
  const { learningRate, momentum, batchSize, width, depth, batchNorm, batchNormMomentum, seed } = settings;
  return `import torch
from torch import nn
from torch.utils.data import DataLoader, Subset
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor

train_set = Subset(MNIST("data", train=True, download=True, transform=ToTensor()), range(${TRAIN}))
test_set = Subset(MNIST("data", train=False, download=True, transform=ToTensor()), range(${TEST}))


def new_network(batch_norm):
    layers = [nn.Flatten()]
    inputs = 784
    for _ in range(${depth}):
        layers.append(nn.Linear(inputs, ${width}, bias=not batch_norm))
        if batch_norm:
            layers.append(nn.BatchNorm1d(${width}, momentum=${batchNormMomentum}))
        layers.append(nn.ReLU())
        inputs = ${width}
    return nn.Sequential(*layers, nn.Linear(${width}, 10))


torch.manual_seed(${seed})
networks = [new_network(${batchNorm ? "True" : "False"}), new_network(False)]
optimizers = [torch.optim.SGD(network.parameters(), lr=${learningRate}, momentum=${momentum}) for network in networks]
criterion = nn.CrossEntropyLoss()
loader = DataLoader(train_set, batch_size=${batchSize}, shuffle=True, drop_last=True)

step = 0
for epoch in range(${EPOCHS}):
    for images, labels in loader:
        losses = []
        for network, optimizer in zip(networks, optimizers):
            optimizer.zero_grad()
            loss = criterion(network(images), labels)
            loss.backward()
            optimizer.step()
            losses.append(f"{loss.item():.4f}")
        step += 1
        if step % 20 == 1:
            print(f"step {step}: {'  '.join(losses)}")

images, labels = next(iter(DataLoader(test_set, batch_size=${TEST})))
for network in networks:
    network.eval()  # from now on batch norm uses its running statistics
    with torch.no_grad():
        right = (network(images).argmax(1) == labels).sum().item()
    print(f"{right} of ${TEST} test digits right")
`;
}
