/**
 * lucidgrad, used as its users do: the training loop is that of examples/mnist-batchnorm.ts, DataLoader included.
 */

import { readFileSync } from "node:fs";
import { Net } from "../../examples/network.ts";
import {
  type Backend,
  DataLoader,
  ImageDataset,
  nn,
  optim,
  setBackend,
  setNumThreads,
  type Tensor,
  tensor,
} from "../../src/index.ts";
import { type Engine, LEARNING_RATE, type NamedArray, type Trainer, type TrainingProblem } from "../engine.ts";
import { serve } from "../serve.ts";
import { BATCH_SIZE, HIDDEN } from "../workloads.ts";

const operations: Engine<Tensor>["operations"] = {
  matmul: ([a, b]) => [a.matmul(b)],
  batchNorm([x, weight, bias, dy]) {
    for (const leaf of [x, weight, bias]) {
      leaf.requiresGrad = true;
      leaf.grad = null;
    }
    const y = nn.functional.batchNorm(x, null, null, { weight, bias, training: true });
    y.backward(dy);
    return [y, x.grad!, weight.grad!, bias.grad!];
  },
  softmax: ([x]) => [x.softmax(1)],
  logSoftmax: ([x]) => [x.logSoftmax(1)],
  add: ([a, b]) => [a.add(b)],
  relu: ([x]) => [x.relu()],
  sum: ([x]) => [x.sum()],
};

const fromArray = ({ data, shape }: NamedArray): Tensor => tensor(data).view(...shape);

function createTrainer(problem: TrainingProblem, { shuffle }: { shuffle: boolean }): Trainer {
  const { images, labels, state, batchNorm } = problem;
  const dataset = new ImageDataset({ images, targets: Int32Array.from(labels), height: 28, width: 28, classes: [] });
  const loader = new DataLoader(dataset, { batchSize: BATCH_SIZE, shuffle, dropLast: true });
  const network = new Net(HIDDEN, batchNorm);
  network.loadStateDict(Object.fromEntries([...state].map(([name, array]) => [name, fromArray(array)])), {
    strict: false, // the count of batches is not among the numbers
  });
  const optimizer = new optim.SGD(network.parameters(), { lr: LEARNING_RATE });
  const criterion = new nn.CrossEntropyLoss();

  function* train(): Generator<number, never> {
    for (;;) {
      for (const [images, labels] of loader) {
        optimizer.zeroGrad();
        const loss = criterion.forward(network.forward(images), labels);
        loss.backward();
        optimizer.step();
        yield loss.item();
      }
    }
  }

  const steps = train();
  let lastLoss = Number.NaN;
  return {
    step() {
      lastLoss = steps.next().value;
      return undefined;
    },
    loss: () => lastLoss,
    state: () => new Map([...state.keys()].map((name) => [name, network.stateDict()[name].data as Float32Array])),
  };
}

const [, , backend, threads] = process.argv;
setBackend(backend as Backend);
setNumThreads(Number(threads));

await serve(async (): Promise<Engine<Tensor>> => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const toArray = (x: Tensor) => x.data as Float32Array;
  return { version, operations, fromArray, toArray, finish: () => undefined, createTrainer };
});
