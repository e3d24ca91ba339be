/** A convolutional network on real digits: PyTorch's losses for the same seed, which test/fixtures/cnn.py wrote. */
import { beforeAll, describe, expect, it } from "vitest";
import { MNIST } from "../../src/data/mnist.ts";
import { DataLoader, getBackend, manualSeed, nn, noGrad, optim, Subset, setBackend } from "../../src/index.ts";
import { expectClose, readFixture, type StoredTensor } from "../support/fixtures.ts";

interface Training {
  seed: number;
  useBatchNorm: boolean;
  losses: number[];
  /** Of each parameter and buffer at the end. */
  sums: number[];
  /** For the first four images, in evaluation mode. */
  logits: StoredTensor;
}

const trainings = readFixture<Training[]>("cnn.json");
let digits: MNIST;
beforeAll(async () => {
  digits = await MNIST.load({ train: true });
});

function newModel(useBatchNorm: boolean): nn.Sequential {
  const norm = (channels: number) => (useBatchNorm ? new nn.BatchNorm2d(channels) : new nn.Identity());
  return new nn.Sequential(
    new nn.Conv2d(1, 16, 3, { padding: 1 }),
    norm(16),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(16, 32, 3, { padding: 1 }),
    norm(32),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(1568, 10),
  );
}

const runs = trainings.flatMap((training) => [
  { backend: "wasm" as const, ...training },
  ...(training.seed === 0 ? [{ backend: "js" as const, ...training }] : []),
]);

describe.each(runs)(
  "seed $seed, batch norm $useBatchNorm, $backend",
  ({ backend, seed, useBatchNorm, losses, ...end }) => {
    it("the first 20 losses within 1e-5 of PyTorch's, and where they lead", () => {
      const before = getBackend();
      setBackend(backend);
      manualSeed(seed);
      const model = newModel(useBatchNorm);
      const optimizer = new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
      const first = new Subset(digits, [...Array(64 * losses.length).keys()]);
      const found: number[] = [];
      for (const [images, labels] of new DataLoader(first, { batchSize: 64 })) {
        optimizer.zeroGrad();
        const loss = nn.functional.crossEntropy(model.forward(images), labels);
        loss.backward();
        optimizer.step();
        found.push(loss.item());
      }
      expectClose(found, losses, { atol: 1e-5 });
      model.eval();
      const sums = Object.values(model.stateDict()).map((value) => value.to("float64").sum().item());
      expectClose(sums, end.sums, { atol: 1e-3, rtol: 1e-4 });
      const [images] = digits.getBatch([0, 1, 2, 3]);
      expectClose(
        noGrad(() => model.forward(images)),
        end.logits,
        { atol: 1e-4 },
      );
      setBackend(before);
      console.log(`losses differ by ${Math.max(...found.map((loss, i) => Math.abs(loss - losses[i])))} at most`);
    });
  },
);

it("trains", () => {
  expect(Math.min(...trainings[0].losses)).toBeLessThan(trainings[0].losses[0] / 2);
});
