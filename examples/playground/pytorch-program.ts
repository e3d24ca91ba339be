/** What the page does, as a program for PyTorch: the same seed gives the same losses, but for how sums are rounded. */
import { TEST, TRAIN } from "./file.ts";
import { rateOf, type Settings } from "./settings.ts";

/** @param steps how many it makes */
export function pytorchProgram(settings: Settings, steps: number): string {
  const { data, contestants, momentum, batchSize, seed } = settings;
  const isMnist = data === "digits";
  return `import torch
from torch import nn
${isMnist ? mnist : shapes}

${settings.network === "mlp" ? mlp(settings) : cnn(settings)}

torch.manual_seed(${seed})
networks = [
${contestants.map(({ norm, weights }) => `    new_network("${norm}", "${weights}"),`).join("\n")}
]
rates = [${contestants.map((contestant) => rateOf(settings, contestant)).join(", ")}]
optimizers = [torch.optim.SGD(network.parameters(), lr=lr, momentum=${momentum}) for network, lr in zip(networks, rates)]
criterion = nn.CrossEntropyLoss()
loader = DataLoader(train_set, batch_size=${batchSize}, shuffle=True, drop_last=True)


def batches():
    while True:
        yield from loader  # one pass after another


averages = [0.0 for _ in networks]
for step, (images, labels) in zip(range(1, ${steps} + 1), batches()):
    losses = []
    for i, network in enumerate(networks):
        optimizers[i].zero_grad()
        loss = criterion(network(images), labels)
        loss.backward()
        optimizers[i].step()
        averages[i] = 0.9 * averages[i] + 0.1 * loss.item()
        losses.append(f"{loss.item():.6f}")
    smooth = [f"{average / (1 - 0.9 ** step):.3f}" for average in averages]
    print(f"step {step}: {' '.join(losses)}, average {' '.join(smooth)}")

images, labels = next(iter(DataLoader(test_set, batch_size=len(test_set))))
for network in networks:
    network.eval()  # from now on batch norm uses its running statistics
    with torch.no_grad():
        right = (network(images).argmax(1) == labels).sum().item()
    print(f"{100 * right / len(test_set):.1f} % of {len(test_set)} test pictures read")
`;
}

const mnist = `from torch.utils.data import DataLoader, Subset
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor

train_set = Subset(MNIST("data", train=True, download=True, transform=ToTensor()), range(${TRAIN.digits}))
test_set = Subset(MNIST("data", train=False, download=True, transform=ToTensor()), range(${TEST.digits}))
`;

const shapes = `from torch.utils.data import DataLoader, TensorDataset


def disc(u, v, r):
    return u**2 + v**2 <= r**2


def square(u, v, r):
    return torch.maximum(u.abs(), v.abs()) <= r


shapes = [
    disc,
    lambda u, v, r: disc(u, v, r) & ~disc(u * 2, v * 2, r),  # ring
    square,
    lambda u, v, r: square(u, v, r) & ~square(u * 2, v * 2, r),  # frame
    lambda u, v, r: u.abs() + v.abs() <= r,  # diamond
    lambda u, v, r: square(u, v, r) & (torch.minimum(u.abs(), v.abs()) <= 1),  # plus
    lambda u, v, r: square(u, v, r) & ((u.abs() - v.abs()).abs() <= 1),  # cross
    lambda u, v, r: square(u, v, r) & (u.abs() * 2 <= v + r),  # triangle
    lambda u, v, r: square(u, v, r) & (torch.remainder(v + r, 4) < 2),  # rows
    lambda u, v, r: square(u, v, r) & (torch.remainder(u + r, 4) < 2),  # columns
]


def make_pictures(count):
    """Pictures of each shape, one of each in turn, under noise."""
    r, x, y = [torch.randint(low, high, (10, count, 1, 1)) for low, high in [(5, 11), (11, 18), (11, 18)]]
    u, v = torch.arange(28) - x, torch.arange(28).view(28, 1) - y
    ink = torch.stack([shape(u[kind], v[kind], r[kind]) for kind, shape in enumerate(shapes)], 1)
    images = ink * 0.7 + torch.rand(count, 10, 28, 28) * 0.3
    return TensorDataset(images.view(-1, 1, 28, 28), torch.arange(10).repeat(count))


torch.manual_seed(28)
train_set = make_pictures(${TRAIN.shapes / 10})
test_set = make_pictures(${TEST.shapes / 10})
`;

/** The lines of new_network that put in what normalizes, as far as a contestant has it. */
function normLines({ contestants, batchNormMomentum }: Settings, batch: string, layer: string): string {
  const has = (norm: string) => contestants.some((one) => one.norm === norm);
  const line = (norm: string, call: string) =>
    has(norm) ? `        if norm == "${norm}":\n            layers.append(nn.${call})\n` : "";
  return line("batch", `${batch}, momentum=${batchNormMomentum})`) + line("layer", layer);
}

const mlp = (settings: Settings): string => {
  const { width, depth, contestants } = settings;
  return `def new_network(norm, weights):
    layers = [nn.Flatten()]
    inputs = 784
    for _ in range(${depth}):
        layers.append(nn.Linear(inputs, ${width}, bias=norm != "batch"))
${normLines(settings, `BatchNorm1d(${width}`, `LayerNorm(${width})`)}        layers.append(nn.ReLU())
        inputs = ${width}
    network = nn.Sequential(*layers, nn.Linear(${width}, 10))
${weightLines(contestants.map(({ weights }) => weights))}    return network
`;
};

const cnn = (settings: Settings): string => {
  const { width, depth, contestants } = settings;
  const side = depth === 1 ? 14 : 7;
  return `def new_network(norm, weights):
    layers = []
    inputs = 1
    for layer in range(${depth}):
        layers.append(nn.Conv2d(inputs, ${width}, 3, padding=1, bias=norm != "batch"))
${normLines(settings, `BatchNorm2d(${width}`, `GroupNorm(1, ${width})`)}        layers.append(nn.ReLU())
        if layer < 2:
            layers.append(nn.MaxPool2d(2))
        inputs = ${width}
    network = nn.Sequential(*layers, nn.Flatten(), nn.Linear(${width} * ${side} * ${side}, 10))
${weightLines(contestants.map(({ weights }) => weights))}    return network
`;
};

function weightLines(all: readonly string[]): string {
  const inits = {
    he: `nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")`,
    small: "nn.init.normal_(layer.weight, 0, 0.01)",
    large: "nn.init.normal_(layer.weight, 0, 1)",
  };
  const lines = Object.entries(inits).filter(([weights]) => all.includes(weights));
  if (lines.length === 0) return "";
  return `    for layer in network:
        if not isinstance(layer, (nn.Linear, nn.Conv2d)):
            continue
${lines.map(([weights, init]) => `        if weights == "${weights}":\n            ${init}\n`).join("")}`;
}
