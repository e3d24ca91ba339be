/** Checkpoints: a training that is stopped, saved and resumed ends with the same bits as one that was not. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
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
import { expectExact, trainOn } from "../support/index.ts";
import { filesIn, it as itWithFolder } from "./support.ts";

const it = itWithFolder.extend<{ path: string }>({
  path: ({ root }, use) => use(join(root, "run.safetensors")),
});

type Trainer = [optimizer: optim.Optimizer<object>, schedule: optim.lrScheduler.LRScheduler];

const trainers: Record<string, (parameters: nn.Parameter[]) => Trainer> = {
  "SGD with momentum and StepLR": (parameters) => {
    const optimizer = new optim.SGD(parameters, { lr: 0.1, momentum: 0.9 });
    return [optimizer, new optim.lrScheduler.StepLR(optimizer, { stepSize: 2 })];
  },
  "Adam and CosineAnnealingLR": (parameters) => {
    const optimizer = new optim.Adam(parameters, { lr: 0.01 });
    return [optimizer, new optim.lrScheduler.CosineAnnealingLR(optimizer, { tMax: 6 })];
  },
  "RMSprop and OneCycleLR": (parameters) => {
    const optimizer = new optim.RMSprop(parameters, { lr: 0.01 });
    return [optimizer, new optim.lrScheduler.OneCycleLR(optimizer, { maxLr: 0.02, totalSteps: 10 })];
  },
};

describe.each(Object.entries(trainers))("%s", (_, trainer) => {
  it("resumed after epoch 3, a run ends as one that never stopped", ({ path }) => {
    manualSeed(0);
    const loader = new DataLoader(new TensorDataset(rand([40, 4]), randint(0, 3, [40])), {
      batchSize: 8,
      shuffle: true,
    });
    const newRun = (seed: number) => {
      manualSeed(seed);
      const hidden = [new nn.BatchNorm1d(8), new nn.ReLU(), new nn.Dropout(0.2)];
      const model = new nn.Sequential(new nn.Linear(4, 8), ...hidden, new nn.Linear(8, 3));
      const [optimizer, schedule] = trainer(model.parameters());
      const train = (epochs: number) => {
        for (let epoch = 0; epoch < epochs; epoch++, schedule.step()) {
          trainOn(optimizer, loader, ([x, labels]) => nn.functional.crossEntropy(model.forward(x), labels));
        }
      };
      return { parts: { model, optimizer, schedule }, train };
    };
    const straight = newRun(1);
    straight.train(3);
    const { model, optimizer, schedule } = straight.parts;
    const states = { model: model.stateDict(), optimizer: optimizer.stateDict(), schedule: schedule.stateDict() };
    saveCheckpoint(path, { ...states, random: getRngState() });
    straight.train(3);

    const resumed = newRun(99);
    const { random, ...saved } = loadCheckpoint(path);
    for (const [name, part] of Object.entries(resumed.parts)) part.loadStateDict(saved[name]);
    setRngState(random);
    resumed.train(3);
    const found = resumed.parts.model.stateDict();
    for (const [name, value] of Object.entries(model.stateDict())) expectExact(found[name], value);
  });
});

describe("a checkpoint", () => {
  it("gives back plain values and tensors as they were", ({ path }) => {
    const plain = {
      "numbers.of": [1, -0, Number.NaN, Infinity, -Infinity, 1e-320, 0.1],
      text: "grüße \u0000",
      nothing: null,
      flags: [true, false],
      nested: { $tensor: "not one", $$: { list: [[], {}] } },
    };
    const tensors = {
      weight: tensor([1, 2]),
      "nested.x": tensor([3]),
      nestedAgain: { x: tensor([true]) },
      "a.b": tensor(1),
      a: { b: tensor(2) },
    };
    saveCheckpoint(path, { ...plain, ...tensors });
    const { weight, "nested.x": x, nestedAgain, a, "a.b": ab, ...rest } = loadCheckpoint(path);
    expect(rest).toEqual(plain);
    expect(Object.is(rest["numbers.of"][1], -0)).toBe(true);
    expectExact(weight, tensors.weight);
    expectExact(x, tensors["nested.x"]);
    expect(nestedAgain.x.toArray()).toEqual([true]);
    expect([a.b.item(), ab.item()]).toEqual([2, 1]);
  });

  it("may be read as tensors by others", ({ path }) => {
    saveCheckpoint(path, { model: { "fc.weight": zeros([2, 2]) }, epoch: 3 });
    expect(Object.keys(loadTensors(path))).toEqual(["model.fc.weight"]);
  });

  it("refuses what it cannot hold, says where that is, and writes nothing", ({ path }) => {
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

  it("is whole or not there: the old one stays until the new one is", ({ path }) => {
    saveCheckpoint(path, { epoch: 1 });
    expect(() => saveCheckpoint(path, { epoch: () => 2 })).toThrow();
    expect(loadCheckpoint(path)).toEqual({ epoch: 1 });
    saveCheckpoint(path, { epoch: 2 });
    expect(loadCheckpoint(path)).toEqual({ epoch: 2 });
    expect(filesIn(join(path, ".."))).toEqual(["run.safetensors"]);
  });

  it("that is none is refused with its path", ({ path }) => {
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
