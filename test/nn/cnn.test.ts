/** A convolutional network on real digits: PyTorch's losses for the same seed, which test/fixtures/cnn.py wrote. */
import { beforeAll, describe, expect, it } from "vitest";
import { MNIST } from "../../src/data/datasets.ts";
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

/** The plain loops take their time, so they make fewer steps. */
const runs = trainings.flatMap((training) => [
  { backend: "wasm" as const, steps: 20, ...training },
  ...(training.seed === 0 ? [{ backend: "js" as const, steps: 4, ...training }] : []),
]);

describe.each(runs)("seed $seed, batch norm $useBatchNorm, $backend", (run) => {
  const { backend, steps, seed, useBatchNorm, losses, sums, logits } = run;

  it(`the first ${steps} losses within 1e-5 of PyTorch's, and where they lead`, () => {
    const before = getBackend();
    setBackend(backend);
    manualSeed(seed);
    const model = newModel(useBatchNorm);
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
    const first = new Subset(digits, [...Array(64 * steps).keys()]);
    const found: number[] = [];
    for (const [images, labels] of new DataLoader(first, { batchSize: 64 })) {
      optimizer.zeroGrad();
      const loss = nn.functional.crossEntropy(model.forward(images), labels);
      loss.backward();
      optimizer.step();
      found.push(loss.item());
    }
    setBackend(before);
    expectClose(found, losses.slice(0, steps), { atol: 1e-5 });
    if (steps < losses.length) return;
    model.eval();
    const values = Object.values(model.stateDict()).map((value) => value.to("float64").sum().item());
    expectClose(values, sums, { atol: 1e-3, rtol: 1e-4 });
    const [images] = digits.getBatch([0, 1, 2, 3]);
    expectClose(
      noGrad(() => model.forward(images)),
      logits,
      { atol: 1e-4 },
    );
  }, 30_000);
});

it("trains", () => {
  expect(Math.min(...trainings[0].losses)).toBeLessThan(trainings[0].losses[0] / 2);
});
