/** Nobody disposes of tensors here: the garbage collector must find all of them, step after step. */
import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { enableGrad, manualSeed, nn, noGrad, ones, optim, randint, randn } from "../src/index.ts";
import { trainOn } from "./support/train.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

interface Bytes {
  readonly heapUsed: number;
  readonly arrayBuffers: number;
}

/** In use after everything unreachable is gone. Array buffers are freed a little later than found. */
async function memoryInUse(): Promise<Bytes> {
  for (let i = 0; i < 5; i++) {
    collectGarbage();
    await setTimeout(2);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heapUsed, arrayBuffers };
}

/** The most in use at ten moments: the engine looks for garbage when so much has been taken, so it goes up and down. */
async function mostInUse(train: (steps: number) => void): Promise<Bytes> {
  const all: Bytes[] = [];
  for (let i = 0; i < 10; i++) {
    train(30);
    all.push(await memoryInUse());
  }
  const most = (name: keyof Bytes) => Math.max(...all.map((bytes) => bytes[name]));
  return { heapUsed: most("heapUsed"), arrayBuffers: most("arrayBuffers") };
}

/** A network of its own, to be trained by so many steps. */
function newTraining(): (steps: number) => void {
  manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(64, 64), new nn.BatchNorm1d(64), new nn.ReLU(), new nn.Linear(64, 10));
  const criterion = new nn.CrossEntropyLoss();
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
  const [images, labels] = [randn([16, 64]), randint(0, 10, 16)];
  const loss = () => criterion.forward(model.forward(images), labels);
  return (steps) => void trainOn(optimizer, Array(steps).keys(), loss);
}

it("after 1,000 more training steps as much memory is in use as before, within 5 %", async () => {
  newTraining()(1000); // so that the machine code, which is counted too, is all there
  const train = newTraining();
  const before = await mostInUse(train);
  train(1000);
  const after = await mostInUse(train);
  expect(after.heapUsed).toBeLessThan(before.heapUsed * 1.05);
  expect(after.arrayBuffers).toBeLessThan(before.arrayBuffers * 1.05);
});

it.each([enableGrad, noGrad])("a view of a view keeps none of those in between, under %o", async (mode) => {
  const before = await memoryInUse();
  let view = ones(4);
  mode(() => {
    for (let k = 0; k < 300_000; k++) view = view.view(4);
  });
  const after = await memoryInUse();
  expect(after.heapUsed).toBeLessThan(before.heapUsed + 2e7);
  expect(view.toArray()).toEqual([1, 1, 1, 1]);
});
