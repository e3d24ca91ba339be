/** Checkpoints: a training that is stopped, saved and resumed ends with the same bits as one that was not. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadCheckpoint, loadTensors, saveCheckpoint, saveTensors } from "../../src/data/files.ts";
import {
  DataLoader,
  getRngState,
  manualSeed,
  nn,
  optim,
  rand,
  randint,
  setRngState,
  TensorDataset,
  tensor,
  zeros,
} from "../../src/index.ts";
import { expectExact } from "../support/fixtures.ts";
import { filesIn, temporaryFolder } from "./support.ts";

const newPath = () => join(temporaryFolder(), "run.safetensors");

/** The parts of a training that a checkpoint holds, beside the model. */
interface Trainer {
  optimizer: optim.Optimizer<object>;
  schedule: optim.lrScheduler.LRScheduler;
}

describe("a run resumed after epoch 3", () => {
  const runs: Record<string, (parameters: nn.Parameter[]) => Trainer> = {
    "SGD with momentum and StepLR": (parameters: nn.Parameter[]) => {
      const optimizer = new optim.SGD(parameters, { lr: 0.1, momentum: 0.9 });
      return { optimizer, schedule: new optim.lrScheduler.StepLR(optimizer, { stepSize: 2 }) };
    },
    "Adam and CosineAnnealingLR": (parameters: nn.Parameter[]) => {
      const optimizer = new optim.Adam(parameters, { lr: 0.01 });
      return { optimizer, schedule: new optim.lrScheduler.CosineAnnealingLR(optimizer, { tMax: 6 }) };
    },
    "RMSprop and OneCycleLR": (parameters: nn.Parameter[]) => {
      const optimizer = new optim.RMSprop(parameters, { lr: 0.01 });
      return { optimizer, schedule: new optim.lrScheduler.OneCycleLR(optimizer, { maxLr: 0.02, totalSteps: 10 }) };
    },
  };

  const newRun = (make: (parameters: nn.Parameter[]) => Trainer) => {
    const model = new nn.Sequential(
      new nn.Linear(4, 8),
      new nn.BatchNorm1d(8),
      new nn.ReLU(),
      new nn.Dropout(0.2),
      new nn.Linear(8, 3),
    );
    return { model, ...make(model.parameters()) };
  };
  type Run = ReturnType<typeof newRun>;

  function trainEpoch({ model, optimizer, schedule }: Run, loader: DataLoader): void {
    for (const [x, labels] of loader) {
      optimizer.zeroGrad();
      nn.functional.crossEntropy(model.forward(x), labels).backward();
      optimizer.step();
    }
    schedule.step();
  }

  it.each(Object.entries(runs))("ends as one that never stopped: %s", (_, make) => {
    manualSeed(0);
    const data = new TensorDataset(rand([40, 4]), randint(0, 3, [40]));
    const loader = new DataLoader(data, { batchSize: 8, shuffle: true });
    const path = newPath();
    manualSeed(1);
    const straight = newRun(make);
    for (let epoch = 0; epoch < 6; epoch++) {
      if (epoch === 3) {
        const { model, optimizer, schedule } = straight;
        saveCheckpoint(path, {
          model: model.stateDict(),
          optimizer: optimizer.stateDict(),
          schedule: schedule.stateDict(),
          epoch,
          random: getRngState(),
        });
      }
      trainEpoch(straight, loader);
    }

    manualSeed(99);
    const resumed = newRun(make);
    const saved = loadCheckpoint(path);
    resumed.model.loadStateDict(saved.model);
    resumed.optimizer.loadStateDict(saved.optimizer);
    resumed.schedule.loadStateDict(saved.schedule);
    setRngState(saved.random);
    for (let epoch = saved.epoch; epoch < 6; epoch++) trainEpoch(resumed, loader);
    const [expected, found] = [straight.model.stateDict(), resumed.model.stateDict()];
    for (const [name, value] of Object.entries(expected)) expectExact(found[name], value);
  });
});

describe("a checkpoint", () => {
  it("gives back plain values and tensors as they were", () => {
    const path = newPath();
    const value = {
      "numbers.of": [1, -0, Number.NaN, Infinity, -Infinity, 1e-320, 0.1],
      text: "grüße \u0000",
      nothing: null,
      flags: [true, false],
      nested: { $tensor: "not one", $$: { list: [[], {}] } },
      weight: tensor([1, 2]),
      "nested.x": tensor([3]),
    };
    saveCheckpoint(path, { ...value, nestedAgain: { x: tensor([true]) }, "a.b": tensor(1), a: { b: tensor(2) } });
    const { weight, "nested.x": x, nestedAgain, a, "a.b": ab, ...rest } = loadCheckpoint(path);
    const { weight: _, "nested.x": __, ...plain } = value;
    expect(rest).toEqual(plain);
    expect(Object.is(rest["numbers.of"][1], -0)).toBe(true);
    expectExact(weight, [1, 2]);
    expectExact(x, [3]);
    expect(nestedAgain.x.toArray()).toEqual([true]);
    expect([a.b.item(), ab.item()]).toEqual([2, 1]);
  });

  it("may be read as tensors by others", () => {
    const path = newPath();
    saveCheckpoint(path, { model: { "fc.weight": zeros([2, 2]) }, epoch: 3 });
    expect(Object.keys(loadTensors(path))).toEqual(["model.fc.weight"]);
  });

  it("refuses what it cannot hold, says where that is, and writes nothing", () => {
    const path = newPath();
    const circle: Record<string, unknown> = {};
    circle.self = { circle };
    for (const [value, message] of [
      [{ a: [0, () => 1] }, "but a.1 is function"],
      [{ a: { b: undefined } }, "but a.b is undefined"],
      [{ a: new Map() }, "but a is a Map"],
      [{ a: 1n }, "but a is bigint"],
      [circle, "a checkpoint cannot hold itself: self.circle"],
    ] as const) {
      expect(() => saveCheckpoint(path, value)).toThrow(message);
    }
    expect(existsSync(path)).toBe(false);
  });

  it("is whole or not there: the old one stays until the new one is", () => {
    const path = newPath();
    saveCheckpoint(path, { epoch: 1 });
    expect(() => saveCheckpoint(path, { epoch: () => 2 })).toThrow();
    expect(loadCheckpoint(path)).toEqual({ epoch: 1 });
    saveCheckpoint(path, { epoch: 2 });
    expect(loadCheckpoint(path)).toEqual({ epoch: 2 });
    expect(filesIn(join(path, ".."))).toEqual(["run.safetensors"]);
  });

  it("that is none is refused with its path", () => {
    const path = newPath();
    expect(() => loadCheckpoint(path)).toThrow(`${path}: there is no such file`);
    saveTensors(path, { a: zeros(1) });
    expect(() => loadCheckpoint(path)).toThrow("expected a checkpoint, but it holds only tensors");
    for (const [tree, message] of [
      ["{", "its checkpoint cannot be read"],
      ['{"a":{"$tensor":"b"}}', 'there is no tensor "b"'],
      [`${"[".repeat(5000)}${"]".repeat(5000)}`, "it is nested too deeply"],
    ]) {
      saveTensors(path, { a: zeros(1) }, { "lucidgrad.checkpoint": tree });
      expect(() => loadCheckpoint(path)).toThrow(message);
    }
    writeFileSync(path, readFileSync(path).subarray(0, -1));
    expect(() => loadCheckpoint(path)).toThrow("The file is damaged");
  });
});
