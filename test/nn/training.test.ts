/** The same seed trains the same network: every loss is PyTorch's, from test/fixtures/training.py. */
import { describe, expect, it } from "vitest";
import { arange, type DType, manualSeed, nn, optim, rand, randint, randperm, type Tensor } from "../../src/index.ts";
import { expectClose, readFixture, type StoredTensor } from "../support/fixtures.ts";

interface Settings {
  seed: number;
  hidden: number[];
  batchNorm: { momentum?: number | null; eps?: number } | null;
  sgd: Partial<optim.SGDSettings>;
  labelSmoothing: number;
  batchSize: number;
  dtype: DType;
}

interface Run {
  name: string;
  settings: Settings;
  losses: StoredTensor;
  evalLoss: StoredTensor;
  state: Record<string, StoredTensor>;
}

const runs = readFixture<Run[]>("training.json");

/** 20 features, hidden layers, 4 classes. */
function network({ hidden, batchNorm, dtype }: Settings): nn.Sequential {
  const widths = [20, ...hidden];
  const layers = hidden.flatMap((width, i) => [
    new nn.Linear(widths[i], width, { dtype }),
    ...(batchNorm ? [new nn.BatchNorm1d(width, { ...batchNorm, dtype })] : []),
    new nn.ReLU(),
  ]);
  return new nn.Sequential(...layers, new nn.Linear(widths[widths.length - 1], 4, { dtype }));
}

const all = arange(64, undefined, 1, { dtype: "int32" });

function train(settings: Settings, steps: number) {
  const { seed, sgd, labelSmoothing, batchSize, dtype } = settings;
  manualSeed(seed);
  const x = rand([64, 20]).to(dtype);
  const y = randint(0, 4, [64]);
  const model = network(settings);
  const criterion = new nn.CrossEntropyLoss({ labelSmoothing });
  const optimizer = new optim.SGD(model.parameters(), sgd);
  const lossOf = (rows: Tensor) => criterion.forward(model.forward(x.index(rows)), y.index(rows));
  const losses = Array.from({ length: steps }, () => {
    const rows = batchSize < 64 ? randperm(64).narrow(0, 0, batchSize) : all;
    optimizer.zeroGrad();
    const loss = lossOf(rows);
    loss.backward();
    optimizer.step();
    return loss.item();
  });
  model.eval();
  return { losses, evalLoss: lossOf(all), state: model.stateDict() };
}

describe("training for 50 steps: PyTorch's losses within 1e-6, relative (float64: 1e-12)", () => {
  it.each(runs)(
    "$name: also in evaluation, and the state dict within 5e-6",
    ({ settings, losses, evalLoss, state }) => {
      const isFloat64 = settings.dtype === "float64";
      const actual = train(settings, losses.shape[0]);
      expectClose(actual.losses, losses, { rtol: isFloat64 ? 1e-12 : 1e-6 });
      // After 50 steps: PyTorch's float32 is up to 1.2e-6 away from its float64.
      expectClose(actual.evalLoss, evalLoss, { rtol: isFloat64 ? 1e-12 : 2e-6 });
      expect(Object.keys(actual.state)).toEqual(Object.keys(state));
      for (const [name, value] of Object.entries(actual.state)) {
        expectClose(value, state[name], { atol: isFloat64 ? 1e-12 : 5e-6 });
      }
    },
  );
});
