/** What the page does, as a program to take home that Node runs as it is: it prints the losses of every step. */
import { TEST, TRAIN } from "./file.ts";
import { rateOf, type Settings } from "./settings.ts";

/** @param steps how many it makes */
export function lucidgradProgram(settings: Settings, steps: number): string {
  const { data, contestants, momentum, batchSize, seed } = settings;
  const isMnist = data === "digits";
  const imports = ["DataLoader", "manualSeed", "nn", "noGrad", "optim"];
  imports.push(...(isMnist ? ["Subset"] : ["arange", "rand", "randint", "remainder", "stack", "TensorDataset"]));
  return `import { ${imports.sort(byName).join(", ")} } from "lucidgrad";
${isMnist ? `import { MNIST } from "lucidgrad/datasets";\n` : ""}
${isMnist ? mnist : shapes}
${settings.network === "mlp" ? mlp(settings) : cnn(settings)}
manualSeed(${seed});
const networks = [
${contestants.map(({ norm, weights }) => `  newNetwork("${norm}", "${weights}"),`).join("\n")}
];
const rates = [${contestants.map((contestant) => rateOf(settings, contestant)).join(", ")}];
const optimizers = networks.map((network, i) => new optim.SGD(network.parameters(), { lr: rates[i], momentum: ${momentum} }));
const criterion = new nn.CrossEntropyLoss();
const loader = new DataLoader(trainSet, { batchSize: ${batchSize}, shuffle: true, dropLast: true });

function* batches() {
  for (;;) yield* loader; // one pass after another
}

const averages = networks.map(() => 0);
let step = 0;
for (const [images, labels] of batches()) {
  step++;
  const losses = networks.map((network, i) => {
    optimizers[i].zeroGrad();
    const loss = criterion.forward(network.forward(images), labels);
    loss.backward();
    optimizers[i].step();
    averages[i] = 0.9 * averages[i] + 0.1 * loss.item();
    return loss.item().toFixed(6);
  });
  const smooth = averages.map((average) => (average / (1 - 0.9 ** step)).toFixed(3));
  console.log(\`step \${step}: \${losses.join(" ")}, average \${smooth.join(" ")}\`);
  if (step === ${steps}) break;
}

const [images, labels] = testSet.getBatch([...Array(testSet.length).keys()]);
for (const network of networks) {
  network.eval(); // from now on batch norm uses its running statistics
  const right = noGrad(() => network.forward(images).argmax(1).eq(labels).sum().item());
  console.log(\`\${((100 * right) / testSet.length).toFixed(1)} % of \${testSet.length} test pictures read\`);
}
`;
}

/** As biome sorts names. */
const byName = (a: string, b: string): number => (a.toLowerCase() < b.toLowerCase() ? -1 : 1);

const mnist = `const first = (count) => [...Array(count).keys()];
const trainSet = new Subset(await MNIST.load(), first(${TRAIN.digits}));
const testSet = new Subset(await MNIST.load({ train: false }), first(${TEST.digits}));
`;

const shapes = `const disc = (u, v, r) => u.square().add(v.square()).le(r.square());
const square = (u, v, r) => u.abs().maximum(v.abs()).le(r);
const shapes = [
  disc,
  (u, v, r) => disc(u, v, r).logicalAnd(disc(u.mul(2), v.mul(2), r).logicalNot()), // ring
  square,
  (u, v, r) => square(u, v, r).logicalAnd(square(u.mul(2), v.mul(2), r).logicalNot()), // frame
  (u, v, r) => u.abs().add(v.abs()).le(r), // diamond
  (u, v, r) => square(u, v, r).logicalAnd(u.abs().minimum(v.abs()).le(1)), // plus
  (u, v, r) => square(u, v, r).logicalAnd(u.abs().sub(v.abs()).abs().le(1)), // cross
  (u, v, r) => square(u, v, r).logicalAnd(u.abs().mul(2).le(v.add(r))), // triangle
  (u, v, r) => square(u, v, r).logicalAnd(remainder(v.add(r), 4).lt(2)), // rows
  (u, v, r) => square(u, v, r).logicalAnd(remainder(u.add(r), 4).lt(2)), // columns
];

/** Pictures of each shape, one of each in turn, under noise. */
function makePictures(count) {
  const number = (low, high) => randint(low, high, [10, count, 1, 1]);
  const [r, x, y] = [number(5, 11), number(11, 18), number(11, 18)];
  const [u, v] = [arange(28).sub(x), arange(28).view(28, 1).sub(y)];
  const part = (all, kind) => all.select(0, kind);
  const ink = stack(shapes.map((shape, kind) => shape(part(u, kind), part(v, kind), part(r, kind))), 1);
  const images = ink.mul(0.7).add(rand([count, 10, 28, 28]).mul(0.3));
  return new TensorDataset(images.view(-1, 1, 28, 28), arange(10).to("int32").repeat(count));
}

manualSeed(28);
const trainSet = makePictures(${TRAIN.shapes / 10});
const testSet = makePictures(${TEST.shapes / 10});
`;

/** The lines of newNetwork that put in what normalizes, as far as a contestant has it. */
function normLines({ contestants, batchNormMomentum }: Settings, batch: string, layer: string): string {
  const has = (norm: string) => contestants.some((one) => one.norm === norm);
  return [
    ...(has("batch")
      ? [`    if (norm === "batch") layers.push(new nn.${batch}, { momentum: ${batchNormMomentum} }));\n`]
      : []),
    ...(has("layer") ? [`    if (norm === "layer") layers.push(new nn.${layer});\n`] : []),
  ].join("");
}

const mlp = (settings: Settings): string => {
  const { width, depth, contestants } = settings;
  return `function newNetwork(norm, weights) {
  const layers = [new nn.Flatten()];
  for (let inputs = 784, layer = 0; layer < ${depth}; layer++, inputs = ${width}) {
    layers.push(new nn.Linear(inputs, ${width}, { bias: norm !== "batch" }));
${normLines(settings, `BatchNorm1d(${width}`, `LayerNorm(${width})`)}    layers.push(new nn.ReLU());
  }
  const network = new nn.Sequential(...layers, new nn.Linear(${width}, 10));
${weightLines(contestants.map(({ weights }) => weights))}  return network;
}
`;
};

const cnn = (settings: Settings): string => {
  const { width, depth, contestants } = settings;
  const side = depth === 1 ? 14 : 7;
  return `function newNetwork(norm, weights) {
  const layers = [];
  for (let inputs = 1, layer = 0; layer < ${depth}; layer++, inputs = ${width}) {
    layers.push(new nn.Conv2d(inputs, ${width}, 3, { padding: 1, bias: norm !== "batch" }));
${normLines(settings, `BatchNorm2d(${width}`, `GroupNorm(1, ${width})`)}    layers.push(new nn.ReLU());
    if (layer < 2) layers.push(new nn.MaxPool2d(2));
  }
  const network = new nn.Sequential(...layers, new nn.Flatten(), new nn.Linear(${width} * ${side} * ${side}, 10));
${weightLines(contestants.map(({ weights }) => weights))}  return network;
}
`;
};

function weightLines(all: readonly string[]): string {
  const inits = {
    he: `nn.init.kaimingNormal_(layer.weight, { nonlinearity: "relu" })`,
    small: "nn.init.normal_(layer.weight, 0, 0.01)",
    large: "nn.init.normal_(layer.weight, 0, 1)",
  };
  const lines = Object.entries(inits).filter(([weights]) => all.includes(weights));
  if (lines.length === 0) return "";
  return `  for (const layer of network) {
    if (!(layer instanceof nn.Linear || layer instanceof nn.Conv2d)) continue;
${lines.map(([weights, init]) => `    if (weights === "${weights}") ${init};\n`).join("")}  }
`;
}
