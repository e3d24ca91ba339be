/**
 * TensorFlow.js on its WebAssembly backend, which computes before it returns, on one thread. Its product of transposed
 * matrices is several times slower than transposing and then multiplying, and its autograd makes a batch norm of many
 * small operations: both have their gradients written out here.
 */
import { createRequire } from "node:module";
import { Batches } from "../batches.ts";
import {
  BATCH_NORM,
  DESCENT,
  type Engine,
  LEARNING_RATE,
  type Operation,
  type Trainer,
  type TrainingProblem,
} from "../engine.ts";
import { serve } from "../serve.ts";
import { BATCH_SIZE } from "../workloads.ts";

/** What is used here of the package, which is not installed with lucidgrad. */
interface TfArray {
  readonly shape: number[];
  add(other: TfArray | number): TfArray;
  sub(other: TfArray): TfArray;
  mul(other: TfArray | number): TfArray;
  div(other: number): TfArray;
  sum(axis?: number | number[]): TfArray;
  mean(axis?: number, keepDims?: boolean): TfArray;
  max(axis?: number): TfArray;
  argMax(axis: number): TfArray;
  greater(other: TfArray): TfArray;
  exp(): TfArray;
  sigmoid(): TfArray;
  tanh(): TfArray;
  step(): TfArray;
  oneHot(classes: number): TfArray;
  gather(indices: TfArray): TfArray;
  reshape(shape: readonly number[]): TfArray;
  clone(): TfArray;
  size: number;
  transpose(): TfArray;
  relu(): TfArray;
  rsqrt(): TfArray;
  matMul(other: TfArray): TfArray;
  softmax(axis: number): TfArray;
  logSoftmax(axis: number): TfArray;
  dispose(): void;
  dataSync(): Float32Array;
}
interface Variable extends TfArray {
  readonly name: string;
  readonly trainable: boolean;
  assign(value: TfArray): void;
}
type Save = (arrays: TfArray[]) => void;
type Forward<Inputs extends TfArray[]> = (...inputsAndSave: [...Inputs, Save]) => {
  value: TfArray;
  gradFunc(dy: TfArray, saved: TfArray[]): TfArray[];
};
interface Optimizer {
  applyGradients(gradients: { name: string; tensor: TfArray }[]): void;
}
interface TensorFlow {
  readonly version_core: string;
  setBackend(name: "wasm"): Promise<boolean>;
  tensor(data: ArrayBufferView, shape: readonly number[], type: "float32" | "int32"): TfArray;
  variable(initial: TfArray, trainable: boolean): Variable;
  moments(x: TfArray, axis?: number | number[], keepDims?: boolean): { mean: TfArray; variance: TfArray };
  customGrad<Inputs extends TfArray[]>(forward: Forward<Inputs>): (...inputs: Inputs) => TfArray;
  valueAndGrads(
    f: (...inputs: TfArray[]) => TfArray,
  ): (inputs: TfArray[], dy: TfArray) => { value: TfArray; grads: TfArray[] };
  train: {
    momentum(rate: number, momentum: number): Optimizer;
    adam(rate: number, beta1: number, beta2: number, epsilon: number): Optimizer;
    sgd(rate: number): { minimize(loss: () => TfArray, returnLoss: true, variables: Variable[]): TfArray };
  };
  tidy<R>(f: () => R): R;
  dispose(arrays: TfArray[]): void;
}

/** The dimensions of x but that of the channels: [0, 2, 3] of images. */
const others = (x: TfArray) => x.shape.map((_, i) => i).filter((i) => i !== 1);
/** A number per channel, in a shape that broadcasts to x's. */
const perChannel = (channel: TfArray, x: TfArray) => channel.reshape([x.shape[1], ...x.shape.slice(2).map(() => 1)]);

function createEngine(tf: TensorFlow): Engine<TfArray> {
  const matMul = tf.customGrad((a: TfArray, b: TfArray, save: Save) => {
    save([a, b]);
    const gradFunc = (dy: TfArray, [a, b]: TfArray[]) => [dy.matMul(b.transpose()), a.transpose().matMul(dy)];
    return { value: a.matMul(b), gradFunc };
  });

  function normalize(x: TfArray, weight: TfArray, bias: TfArray) {
    const { mean, variance } = tf.moments(x, others(x));
    const invstd = variance.add(BATCH_NORM.eps).rsqrt();
    const xhat = x.sub(perChannel(mean, x)).mul(perChannel(invstd, x));
    const y = xhat.mul(perChannel(weight, x)).add(perChannel(bias, x));
    return { y, mean, variance, xhat, scale: invstd.mul(weight) };
  }

  function normalizeGradients(dy: TfArray, xhat: TfArray, scale: TfArray): [dx: TfArray, dw: TfArray, db: TfArray] {
    const n = xhat.size / scale.size;
    const dbias = dy.sum(others(dy));
    const dweight = dy.mul(xhat).sum(others(dy));
    const dx = dy
      .sub(perChannel(dbias.div(n), dy))
      .sub(xhat.mul(perChannel(dweight.div(n), dy)))
      .mul(perChannel(scale, dy));
    return [dx, dweight, dbias];
  }

  type Compute = (inputs: readonly TfArray[], dim?: number) => TfArray[];
  const forward =
    (compute: Compute): Operation<TfArray> =>
    (inputs, dim) =>
    () =>
      tf.tidy(() => compute(inputs, dim));

  /** The first step, which makes what an optimizer remembers, is not timed. */
  const stepping =
    (create: () => Optimizer): Operation<TfArray> =>
    ([initial, grad]) => {
      const param = tf.variable(initial, true);
      const optimizer = create();
      const step = () => tf.tidy(() => optimizer.applyGradients([{ name: param.name, tensor: grad }]));
      step();
      return () => {
        step();
        return [param.clone()];
      };
    };

  const operations: Engine<TfArray>["operations"] = {
    matmul: forward(([a, b]) => [a.matMul(b)]),
    add: forward(([a, b]) => [a.add(b)]),
    mul: forward(([a, b]) => [a.mul(b)]),
    relu: forward(([x]) => [x.relu()]),
    reluBackward: forward(([x, dy]) => [dy.mul(x.step())]),
    gt: forward(([a, b]) => [a.greater(b)]),
    exp: forward(([x]) => [x.exp()]),
    sigmoid: forward(([x]) => [x.sigmoid()]),
    tanh: forward(([x]) => [x.tanh()]),
    sum: forward(([x], dim) => [x.sum(dim)]),
    mean: forward(([x], dim) => [x.mean(dim)]),
    var: forward(([x], dim) => {
      const { variance } = tf.moments(x, dim);
      const n = x.size / variance.size;
      return [variance.mul(n / (n - 1))]; // unbiased
    }),
    max: forward(([x], dim) => (dim === undefined ? [x.max()] : [x.max(dim), x.argMax(dim)])),
    softmax: forward(([x]) => [x.softmax(1)]),
    logSoftmax: forward(([x]) => [x.logSoftmax(1)]),
    crossEntropy: forward(([logits, labels, dy]) => {
      const loss = (x: TfArray) => x.logSoftmax(1).mul(labels.oneHot(x.shape[1])).sum().div(-x.shape[0]);
      const { value, grads } = tf.valueAndGrads(loss)([logits], dy);
      return [value, ...grads];
    }),
    batchNorm: forward(([x, weight, bias, dy]) => {
      const { y, xhat, scale } = normalize(x, weight, bias);
      return [y, ...normalizeGradients(dy, xhat, scale)];
    }),
    layerNorm: forward(([x, weight, bias, dy]) => {
      const { mean, variance } = tf.moments(x, 1, true);
      const invstd = variance.add(BATCH_NORM.eps).rsqrt();
      const xhat = x.sub(mean).mul(invstd);
      const dxhat = dy.mul(weight);
      const dx = dxhat
        .sub(dxhat.mean(1, true))
        .sub(xhat.mul(dxhat.mul(xhat).mean(1, true)))
        .mul(invstd);
      return [xhat.mul(weight).add(bias), dx, dy.mul(xhat).sum(0), dy.sum(0)];
    }),
    maxPool: "its pooling wants the channels last",
    avgPool: "its pooling wants the channels last",
    embedding: "its wasm backend has no gradient of gather",
    sgd: stepping(() => tf.train.momentum(DESCENT.lr, DESCENT.momentum)),
    adam: stepping(() => tf.train.adam(DESCENT.lr, 0.9, 0.999, 1e-8)),
    adamw: "it has no AdamW",
    mlp: "its training is measured on MNIST",
    cnn: "its wasm backend has no gradient of a convolution's weights",
  };

  function createTrainer(problem: TrainingProblem, { shuffle }: { shuffle: boolean }): Trainer {
    const { images, labels, state, batchNorm } = problem;
    // Weights (in, out) need no transposing in the forward pass.
    const turned = (name: string, x: TfArray) => (/^fc.*weight$/.test(name) ? x.transpose() : x);
    const variables = new Map(
      [...state].map(([name, { data, shape }]) => {
        const initial = turned(name, tf.tensor(data, shape, "float32"));
        return [name, tf.variable(initial, !name.includes("running_"))];
      }),
    );
    const get = (name: string) => variables.get(name)!;
    const trainable = [...variables.values()].filter((variable) => variable.trainable);
    const optimizer = tf.train.sgd(LEARNING_RATE);

    function linear(layer: string, x: TfArray): TfArray {
      const y = matMul(x, get(`${layer}.weight`));
      const bias = variables.get(`${layer}.bias`);
      return bias ? y.add(bias) : y;
    }

    function average(name: string, value: TfArray): void {
      const { momentum } = BATCH_NORM;
      get(name).assign(
        get(name)
          .mul(1 - momentum)
          .add(value.mul(momentum)),
      );
    }

    const normalized = (layer: string) =>
      tf.customGrad((x: TfArray, weight: TfArray, bias: TfArray, save: Save) => {
        const { y, mean, variance, xhat, scale } = normalize(x, weight, bias);
        average(`${layer}.running_mean`, mean);
        average(`${layer}.running_var`, variance.mul(BATCH_SIZE / (BATCH_SIZE - 1))); // unbiased
        save([xhat, scale]);
        return { value: y, gradFunc: (dy, [xhat, scale]) => normalizeGradients(dy, xhat, scale) };
      });
    const [norm1, norm2] = ["batch_norm1", "batch_norm2"].map((layer) => {
      const apply = normalized(layer);
      return (x: TfArray) => (batchNorm ? apply(x, get(`${layer}.weight`), get(`${layer}.bias`)) : x);
    });

    const batches = new Batches(images, labels, shuffle);
    let lastLoss = tf.tensor(new Float32Array(1), [], "float32");
    return {
      step() {
        lastLoss.dispose();
        lastLoss = tf.tidy(() => {
          const batch = batches.next();
          const x = tf.tensor(batch.images, [BATCH_SIZE, 784], "float32");
          const oneHot = tf.tensor(batch.oneHot, [BATCH_SIZE, 10], "float32");
          const loss = () => {
            const logits = linear("fc3", norm2(linear("fc2", norm1(linear("fc1", x)).relu())));
            return logits
              .logSoftmax(1)
              .mul(oneHot)
              .sum()
              .mul(-1 / BATCH_SIZE);
          };
          return optimizer.minimize(loss, true, trainable);
        });
        return undefined;
      },
      loss: () => lastLoss.dataSync()[0],
      state: () => new Map([...variables].map(([name, x]) => [name, turned(name, x).dataSync()])),
    };
  }

  return {
    version: tf.version_core,
    operations,
    fromArray: ({ data, shape }) => tf.tensor(data, shape, data instanceof Int32Array ? "int32" : "float32"),
    toArray: (x) => x.dataSync(),
    finish(outputs) {
      tf.dispose(outputs);
      return undefined;
    },
    createTrainer,
  };
}

await serve(async () => {
  const require = createRequire(import.meta.url);
  const tf: TensorFlow = require("@tensorflow/tfjs");
  require("@tensorflow/tfjs-backend-wasm");
  if (!(await tf.setBackend("wasm"))) throw new Error("the wasm backend does not start");
  return createEngine(tf);
});
