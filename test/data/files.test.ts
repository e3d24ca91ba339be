/** Checkpoints: a training that is stopped, saved and resumed ends with the same bits as one that was not. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { describe, expect } from "vitest";
import { packCheckpoint, unpackCheckpoint } from "../../src/data/formats/checkpoint.ts";
import {
  load,
  loadCheckpoint,
  loadNpy,
  loadNpz,
  loadTensors,
  save,
  saveCheckpoint,
  saveNpy,
  saveNpz,
  saveTensors,
} from "../../src/files.ts";
import {
  DataLoader,
  Generator,
  getRngState,
  manualSeed,
  nn,
  optim,
  rand,
  randint,
  safetensors,
  setRngState,
  Tensor,
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

/** So many lists, one in the other. */
const nested = (levels: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
};

/** The same keys in the same order, with the same values; tensors exactly. */
function expectSame(found: unknown, value: unknown): void {
  if (value instanceof Tensor) expectExact(found as Tensor, value);
  else if (typeof value !== "object" || value === null) expect(found).toBe(value);
  else {
    expect(Array.isArray(found)).toBe(Array.isArray(value));
    expect(Object.keys(found as object)).toEqual(Object.keys(value));
    const [items, others] = [Object.values(value), Object.values(found as object)];
    for (const [i, item] of items.entries()) expectSame(others[i], item);
  }
}

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

  it("may be as long as a header, and as deep as can be read", { timeout: 60_000 }, ({ path }) => {
    const losses = Array.from({ length: 510_000 }, (_, i) => Math.sin(i));
    let deep: unknown = "bottom";
    for (let level = 0; level < 999; level++) deep = level % 2 ? { deep } : [deep];
    const value = { log: 'a "text": '.repeat(900_000), losses, deep };
    saveCheckpoint(path, value);
    expect(loadCheckpoint(path)).toEqual(value);
  });

  it("may be of another realm", ({ path }) => {
    saveCheckpoint(path, runInNewContext("({ epoch: 3, list: [1, { a: null }] })"));
    expect(loadCheckpoint(path)).toEqual({ epoch: 3, list: [1, { a: null }] });
  });

  it("whatever its keys are, and its texts, is the same when it is loaded", () => {
    const generator = new Generator(0);
    const below = (limit: number) => generator.random32() % limit;
    const texts = [
      "__proto__",
      "$tensor",
      "$",
      "$$number",
      "",
      "a.b",
      "__metadata__",
      "toString",
      "length",
      "1",
      "\ud800",
      "'",
    ];
    const text = () => texts[below(texts.length)];
    const leaves = [text, () => below(9), () => -0, () => null, () => true, () => Number.NaN, () => rand([below(3)])];
    const tree = (depth: number): unknown => {
      if (depth === 0 || below(4) === 0) return leaves[below(leaves.length)]();
      const items = Array.from({ length: below(5) }, () => tree(depth - 1));
      return below(2) ? items : Object.fromEntries(items.map((item) => [text(), item]));
    };
    for (let k = 0; k < 200; k++) {
      const value = Object.fromEntries([text(), text()].map((key) => [key, tree(4)]));
      const { tensors, metadata } = packCheckpoint(value);
      const file = safetensors.serialize(tensors, metadata);
      expectSame(unpackCheckpoint(safetensors.parse(file), "file"), value);
    }
  });

  it("refuses what it cannot hold, says where that is, and writes nothing", { timeout: 60_000 }, ({ path }) => {
    const circle: Record<string, unknown> = {};
    circle.self = { circle };
    for (const [value, message] of [
      [{ a: [0, () => 1] }, "but a.1 is a function"],
      [{ a: { b: undefined } }, "but a.b is undefined"],
      [{ a: new Map() }, "but a is a Map"],
      [{ a: new (class Own {})() }, "but a is a Own"],
      // biome-ignore lint/suspicious/noSparseArray: a hole is what is tried
      [{ a: [1, , 3] }, "but a.1 is undefined"],
      [{ a: nested(1000) }, /^a checkpoint is at most 1000 levels deep, but a\.0\.0.+… is at level 1001$/],
      [{ a: nested(20_000) }, "is at level 1001"],
      [{ log: "é".repeat(51_000_000) }, /take 1020000\d\d bytes, but a safetensors file has room for 100000000/],
      [{ a: 1n }, "but a is a bigint"],
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

describe("files of other programs", () => {
  it("are written and read under their names", ({ path }) => {
    const state = { epoch: 3, model: new nn.Linear(2, 1).stateDict() };
    save(state, path);
    expectSame(load(path), state);
    saveNpy(path, state.model.weight);
    expectExact(loadNpy(path), state.model.weight);
    for (const compressed of [false, true]) {
      saveNpz(path, state.model, { compressed });
      expectSame(loadNpz(path), state.model);
    }
  });

  it("that are taken for one another are named", ({ path }) => {
    const x = zeros(1);
    const ways = {
      "read PyTorch's with load, NumPy's with loadNpz": [() => save({ x }, path), loadTensors, loadCheckpoint],
      "read it with loadNpz": [() => saveNpz(path, { x }), load, loadNpy],
      "read it with loadTensors": [() => saveTensors(path, { x }), load],
      "read it with loadNpy": [() => saveNpy(path, x), load],
      "read PyTorch's files with load": [() => save({ x }, path), loadNpz],
    };
    for (const [advice, [write, ...readers]] of Object.entries(ways)) {
      write(path);
      for (const read of readers) expect(() => read(path), advice).toThrow(advice);
    }
  });

  it("leave the old one as it is where something cannot be written", ({ path }) => {
    save({ x: 1 }, path);
    expect(() => save({ x: () => 1 }, path)).toThrow("but x is a function");
    expect(load(path)).toEqual({ x: 1 });
  });
});
