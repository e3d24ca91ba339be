/**
 * lucidgrad, used as its users do: the training loop is that of examples/mnist-batchnorm.ts, DataLoader included.
 */

import { readFileSync } from "node:fs";
import {
  type Backend,
  DataLoader,
  ImageDataset,
  nn,
  noGrad,
  optim,
  setBackend,
  setNumThreads,
  type Tensor,
  tensor,
} from "lucidgrad";
import { ConvNet, Net } from "../../examples/network.ts";
import {
  DESCENT,
  type Engine,
  LEARNING_RATE,
  type NamedArray,
  type Operation,
  type Trainer,
  type TrainingProblem,
} from "../engine.ts";
import { serve } from "../serve.ts";
import { BATCH_SIZE, HIDDEN } from "../workloads.ts";

type Compute = (...inputs: Tensor[]) => Tensor;

const forward =
  (compute: Compute): Operation<Tensor> =>
  (inputs) =>
  () => [compute(...inputs)];

/** Of one dimension, or all. */
const over =
  (compute: (x: Tensor, dim?: number) => Tensor[]): Operation<Tensor> =>
  ([x], dim) =>
  () =>
    compute(x, dim);

/** y, and the gradient of each input that can have one; the last input is dy. */
const withGradients =
  (compute: Compute): Operation<Tensor> =>
  (inputs) => {
    const [args, dy] = [inputs.slice(0, -1), inputs[inputs.length - 1]];
    const leaves = args.filter(({ dtype }) => dtype === "float32").map((x) => x.requiresGrad_());
    return () => {
      for (const leaf of leaves) leaf.grad = null;
      const y = compute(...args);
      y.backward(dy);
      return [y, ...leaves.map((leaf) => leaf.grad!)];
    };
  };

/** The first step, which makes what an optimizer remembers, is not timed. */
const stepping =
  (create: (params: Tensor[]) => { step(): void }): Operation<Tensor> =>
  ([param, grad]) => {
    param.requiresGrad = true;
    param.grad = grad;
    const optimizer = create([param]);
    optimizer.step();
    return () => {
      optimizer.step();
      return [param];
    };
  };

/** The loss and the gradients of a training step, always on the same batch. */
const training =
  (build: (parameters: readonly Tensor[]) => nn.Module): Operation<Tensor> =>
  ([x, labels, ...initial]) => {
    const model = build(initial);
    const parameters = [...model.parameters()];
    noGrad(() => parameters.map((parameter, i) => parameter.copy_(initial[i])));
    const optimizer = new optim.SGD(parameters, DESCENT);
    return () => {
      optimizer.zeroGrad();
      const loss = nn.functional.crossEntropy(model.forward(x), labels);
      loss.backward();
      optimizer.step();
      return [loss, ...parameters.map(({ grad }) => grad!)];
    };
  };

function perceptron(parameters: readonly Tensor[]): nn.Module {
  const linear = parameters.filter(({ ndim }) => ndim === 2).map(({ shape: [to, from] }) => new nn.Linear(from, to));
  return new nn.Sequential(...linear.flatMap((layer) => [new nn.ReLU(), layer]).slice(1));
}

const F = nn.functional;
const operations: Engine<Tensor>["operations"] = {
  matmul: forward((a, b) => a.matmul(b)),
  add: forward((a, b) => a.add(b)),
  mul: forward((a, b) => a.mul(b)),
  relu: forward((x) => x.relu()),
  reluBackward([x, dy]) {
    const y = x.requiresGrad_().relu();
    return () => {
      x.grad = null;
      y.backward(dy, { retainGraph: true });
      return [x.grad!];
    };
  },
  gt: forward((a, b) => a.gt(b)),
  exp: forward((x) => x.exp()),
  sigmoid: forward((x) => x.sigmoid()),
  tanh: forward((x) => x.tanh()),
  sum: over((x, dim) => [x.sum(dim)]),
  mean: over((x, dim) => [x.mean(dim)]),
  var: over((x, dim) => [x.var(dim)]),
  max: over((x, dim) => (dim === undefined ? [x.max()] : Object.values(x.max(dim)))),
  softmax: forward((x) => x.softmax(1)),
  logSoftmax: forward((x) => x.logSoftmax(1)),
  crossEntropy: withGradients((logits, labels) => F.crossEntropy(logits, labels)),
  batchNorm: withGradients((x, weight, bias) => F.batchNorm(x, null, null, { weight, bias, training: true })),
  layerNorm: withGradients((x, weight, bias) => F.layerNorm(x, weight.shape, { weight, bias })),
  maxPool: withGradients((x) => F.maxPool2d(x, 2)),
  avgPool: withGradients((x) => F.avgPool2d(x, 2)),
  embedding: withGradients((table, indices) => F.embedding(indices, table)),
  sgd: stepping((params) => new optim.SGD(params, DESCENT)),
  adam: stepping((params) => new optim.Adam(params, { lr: DESCENT.lr })),
  adamw: stepping((params) => new optim.AdamW(params, { lr: DESCENT.lr })),
  mlp: training(perceptron),
  cnn: training(() => new ConvNet(32, true)),
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

/** Whoever asks for elements waits for them. */
function finish(outputs: readonly Tensor[]): undefined {
  for (const { storage } of outputs) void storage.data;
}

await serve(async (): Promise<Engine<Tensor>> => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const toArray = (x: Tensor) => x.data as NamedArray["data"];
  return { version, operations, fromArray, toArray, finish, createTrainer };
});
