/** A convolutional network on real digits: PyTorch's losses for the same seed, and where they lead. */
import { expect, it, vi } from "vitest";
import { MNIST } from "../../src/data/datasets.ts";
import { getBackend, setBackend } from "../../src/index.ts";
import { Answers, share, torch } from "../support/index.ts";

const { nn } = torch;

vi.setConfig({ testTimeout: 30_000 });
const digits = share("mnist", await MNIST.load({ train: true }));
const first = (count: number) => new torch.Subset(digits, [...Array(count).keys()]);

const answers = new Answers("cnn", {
  of: { losses: { atol: 1e-5, rtol: 0 }, sums: { atol: 1e-3, rtol: 1e-4 }, logits: { atol: 1e-4, rtol: 0 } },
});

function train(seed: number, useBatchNorm: boolean, steps: number) {
  const norm = (channels: number) => (useBatchNorm ? new nn.BatchNorm2d(channels) : new nn.Identity());
  torch.manualSeed(seed);
  const model = new nn.Sequential(
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
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
  const losses = torch.batches(new torch.DataLoader(first(64 * steps), { batchSize: 64 })).map(([images, labels]) => {
    optimizer.zeroGrad();
    const loss = nn.functional.crossEntropy(model.forward(images), labels);
    loss.backward();
    optimizer.step();
    return loss.detach();
  });
  return { model, losses };
}

for (const useBatchNorm of [true, false]) {
  for (const seed of [0, 7]) {
    answers.it(`seed ${seed}, batch norm ${useBatchNorm}`, () => {
      const { model, losses } = train(seed, useBatchNorm, 20);
      model.eval();
      const sums = Object.values(model.stateDict()).map((value) => value.to("float64").sum());
      const [[images]] = torch.batches(new torch.DataLoader(first(4), { batchSize: 4 }));
      return { losses, sums, logits: torch.noGrad(() => model.forward(images)) };
    });
  }

  // The plain loops take their time, so they make fewer steps.
  answers.it(`batch norm ${useBatchNorm}, plain loops`, () => {
    const before = getBackend();
    setBackend("js");
    const { losses } = train(0, useBatchNorm, 4);
    setBackend(before);
    return { losses };
  });
}

it("trains", () => {
  const losses = train(0, true, 20).losses.map((loss) => loss.item());
  expect(Math.min(...losses)).toBeLessThan(losses[0] / 2);
});
