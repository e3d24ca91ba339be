/**
 * jax-js on its WebAssembly backend, every operation and the whole training step compiled by `jit`.
 * What an array is passed to takes it over: `.ref` is what keeps it for another use.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Batches } from "../batches.ts";
import {
  BATCH_NORM,
  DESCENT,
  type Engine,
  LEARNING_RATE,
  type NamedArray,
  type Operation,
  type Trainer,
  type TrainingProblem,
} from "../engine.ts";
import { serve } from "../serve.ts";
import { BATCH_SIZE } from "../workloads.ts";

/** What is used here of the package, which is not installed with lucidgrad. */
interface JaxArray {
  readonly ref: JaxArray;
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  div(other: JaxArray): JaxArray;
  sum(axis?: number): JaxArray;
  mean(axis?: number | number[], options?: { keepdims: boolean }): JaxArray;
  reshape(shape: readonly number[]): JaxArray;
  readonly shape: readonly number[];
  readonly size: number;
  transpose(): JaxArray;
  dispose(): void;
  item(): number;
  dataSync(): Float32Array;
}
type Arrays = Record<string, JaxArray>;
type Loss = (parameters: Arrays, images: JaxArray, oneHot: JaxArray) => [loss: JaxArray, statistics: Arrays];
interface Jax {
  numpy: {
    array(data: ArrayBufferView, options: { shape: readonly number[] }): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
    zeros(shape: readonly number[]): JaxArray;
    ones(shape: readonly number[]): JaxArray;
    sqrt(x: JaxArray): JaxArray;
    exp(x: JaxArray): JaxArray;
    tanh(x: JaxArray): JaxArray;
    greater(a: JaxArray, b: JaxArray | number): JaxArray;
    where(condition: JaxArray, a: JaxArray, b: JaxArray | number): JaxArray;
    take(x: JaxArray, indices: JaxArray, axis: number): JaxArray;
    mean(x: JaxArray): JaxArray;
    max(x: JaxArray, axis?: number): JaxArray;
    argmax(x: JaxArray, axis: number): JaxArray;
    var_(x: JaxArray, axis: number | undefined, options: { correction: number }): JaxArray;
    square(x: JaxArray): JaxArray;
  };
  nn: {
    relu(x: JaxArray): JaxArray;
    sigmoid(x: JaxArray): JaxArray;
    oneHot(x: JaxArray, classes: number): JaxArray;
    softmax(x: JaxArray, axis: number): JaxArray;
    logSoftmax(x: JaxArray, axis: number): JaxArray;
  };
  lax: {
    reduceWindow(x: JaxArray, f: (window: JaxArray) => JaxArray, size: number[], strides: number[]): JaxArray;
  };
  tree: { ref<T>(tree: T): T };
  jit<F extends (...inputs: never[]) => unknown>(f: F): F;
  valueAndGrad(f: Loss, options: { hasAux: true }): (...inputs: Parameters<Loss>) => [ReturnType<Loss>, Arrays];
  vjp(
    f: (...inputs: JaxArray[]) => JaxArray,
    inputs: JaxArray[],
  ): [y: JaxArray, pullBack: (dy: JaxArray) => JaxArray[]];
  blockUntilReady(arrays: unknown): Promise<unknown>;
  defaultDevice(device: "wasm"): string;
}

// Fused multiply-add, which jax-js uses where it finds it. Later versions of Node have it without being asked.
setFlagsFromString("--experimental-wasm-relaxed-simd");

function createEngine(jax: Jax, version: string): Engine<JaxArray> {
  const { numpy: np, lax, nn, jit, tree, valueAndGrad, vjp, blockUntilReady } = jax;
  const fromArray = ({ data, shape }: NamedArray) => np.array(data, { shape });

  function normalize(x: JaxArray, weight: JaxArray, bias: JaxArray) {
    const perChannel = (channel: JaxArray) => channel.reshape([channel.size, ...x.shape.slice(2).map(() => 1)]);
    const others = x.shape.map((_, i) => i).filter((i) => i !== 1);
    const mean = x.ref.mean(others);
    const centered = x.sub(perChannel(mean.ref));
    const variance = np.square(centered.ref).mean(others);
    const scale = weight.div(np.sqrt(variance.ref.add(BATCH_NORM.eps)));
    return { y: centered.mul(perChannel(scale)).add(perChannel(bias)), mean, variance };
  }

  function batchNorm(...inputs: Parameters<typeof normalize>): JaxArray {
    const { y, mean, variance } = normalize(...inputs);
    mean.dispose();
    variance.dispose();
    return y;
  }

  function layerNorm(x: JaxArray, weight: JaxArray, bias: JaxArray): JaxArray {
    const centered = x.ref.sub(x.mean(1, { keepdims: true }));
    const variance = np.square(centered.ref).mean(1, { keepdims: true });
    return centered
      .div(np.sqrt(variance.add(BATCH_NORM.eps)))
      .mul(weight)
      .add(bias);
  }

  type Compute = (...inputs: JaxArray[]) => JaxArray;
  const several = (compute: (...inputs: JaxArray[]) => JaxArray[]): Operation<JaxArray> => {
    const compiled = jit(compute);
    return (inputs) => () => compiled(...inputs.map(({ ref }) => ref));
  };
  const forward = (compute: Compute) => several((...inputs) => [compute(...inputs)]);
  const over =
    (compute: (x: JaxArray, dim?: number) => JaxArray[]): Operation<JaxArray> =>
    (inputs, dim) =>
      several((x) => compute(x, dim))(inputs);

  /** y and the gradients of all inputs but the last, which is dy. */
  const withGradients = (compute: Compute) =>
    several((...inputs) => {
      const [y, pullBack] = vjp(compute, inputs.slice(0, -1));
      return [y, ...pullBack(inputs[inputs.length - 1])];
    });

  /**
   * `update` gives the parameter and what is remembered of it from the gradient and what they were. The first step is not
   * timed, as in other engines.
   */
  const stepping =
    (
      update: (...values: JaxArray[]) => JaxArray[],
      remember: (shape: readonly number[]) => JaxArray[],
    ): Operation<JaxArray> =>
    ([param, grad]) => {
      const compiled = jit(update);
      let state = [param, ...remember(param.shape)];
      const step = () => {
        state = compiled(grad.ref, ...state);
      };
      step();
      return () => {
        step();
        return [state[0].ref];
      };
    };

  function sgd(grad: JaxArray, param: JaxArray, velocity: JaxArray): JaxArray[] {
    const v = velocity.mul(DESCENT.momentum).add(grad);
    return [param.sub(v.ref.mul(DESCENT.lr)), v];
  }

  /** `power1` and `power2` are β₁ᵗ and β₂ᵗ. */
  const adam =
    (weightDecay: number) =>
    (grad: JaxArray, param: JaxArray, m: JaxArray, v: JaxArray, power1: JaxArray, power2: JaxArray): JaxArray[] => {
      const [p1, p2] = [power1.mul(0.9), power2.mul(0.999)];
      const m1 = m.mul(0.9).add(grad.ref.mul(0.1));
      const v1 = v.mul(0.999).add(np.square(grad).mul(0.001));
      const unbiased = (x: JaxArray, power: JaxArray) => x.ref.div(power.ref.mul(-1).add(1));
      const change = unbiased(m1, p1).div(np.sqrt(unbiased(v1, p2)).add(1e-8));
      return [param.mul(1 - DESCENT.lr * weightDecay).sub(change.mul(DESCENT.lr)), m1, v1, p1, p2];
    };
  const adamMemory = (shape: readonly number[]) => [np.zeros(shape), np.zeros(shape), np.ones([]), np.ones([])];

  const operations: Engine<JaxArray>["operations"] = {
    matmul: forward((a, b) => np.matmul(a, b)),
    add: forward((a, b) => a.add(b)),
    mul: forward((a, b) => a.mul(b)),
    relu: forward((x) => nn.relu(x)),
    reluBackward: forward((x, dy) => np.where(np.greater(x, 0), dy, 0)),
    gt: forward((a, b) => np.greater(a, b)),
    exp: forward((x) => np.exp(x)),
    sigmoid: forward((x) => nn.sigmoid(x)),
    tanh: forward((x) => np.tanh(x)),
    sum: over((x, dim) => [x.sum(dim)]),
    mean: over((x, dim) => [x.mean(dim)]),
    var: over((x, dim) => [np.var_(x, dim, { correction: 1 })]),
    max: over((x, dim) => (dim === undefined ? [np.max(x)] : [np.max(x.ref, dim), np.argmax(x, dim)])),
    softmax: forward((x) => nn.softmax(x, 1)),
    logSoftmax: forward((x) => nn.logSoftmax(x, 1)),
    crossEntropy: several((logits, labels, dy) => {
      const [n, classes] = logits.shape;
      const loss = (x: JaxArray) =>
        nn
          .logSoftmax(x, 1)
          .mul(nn.oneHot(labels, classes))
          .sum()
          .mul(-1 / n);
      const [y, pullBack] = vjp(loss, [logits]);
      return [y, ...pullBack(dy)];
    }),
    batchNorm: withGradients(batchNorm),
    layerNorm: withGradients(layerNorm),
    maxPool: withGradients((x) => lax.reduceWindow(x, (window) => np.max(window), [2, 2], [2, 2])),
    avgPool: withGradients((x) => lax.reduceWindow(x, (window) => np.mean(window), [2, 2], [2, 2])),
    embedding: several((table, indices, dy) => {
      const [y, pullBack] = vjp((x) => np.take(x, indices, 0), [table]);
      return [y, ...pullBack(dy)];
    }),
    sgd: stepping(sgd, (shape) => [np.zeros(shape)]),
    adam: stepping(adam(0), adamMemory),
    adamw: stepping(adam(0.01), adamMemory),
    mlp: "its training is measured on MNIST",
    cnn: "its training is measured on MNIST",
  };

  function createTrainer(
    { images, labels, state, batchNorm }: TrainingProblem,
    { shuffle }: { shuffle: boolean },
  ): Trainer {
    function linear(layer: string, x: JaxArray, parameters: Arrays): JaxArray {
      const y = np.matmul(x, parameters[`${layer}.weight`].transpose());
      const bias = parameters[`${layer}.bias`];
      return bias ? y.add(bias) : y;
    }

    function lossAndStatistics(parameters: Arrays, x: JaxArray, oneHot: JaxArray): ReturnType<Loss> {
      const statistics: Arrays = {};
      const normalized = (layer: string, input: JaxArray): JaxArray => {
        if (!batchNorm) return input;
        const { y, mean, variance } = normalize(input, parameters[`${layer}.weight`], parameters[`${layer}.bias`]);
        statistics[`${layer}.running_mean`] = mean;
        statistics[`${layer}.running_var`] = variance.mul(BATCH_SIZE / (BATCH_SIZE - 1)); // unbiased
        return y;
      };
      const hidden1 = nn.relu(normalized("batch_norm1", linear("fc1", x, parameters)));
      const hidden2 = normalized("batch_norm2", linear("fc2", hidden1, parameters));
      const logits = linear("fc3", hidden2, parameters);
      return [
        nn
          .logSoftmax(logits, 1)
          .mul(oneHot)
          .sum()
          .mul(-1 / BATCH_SIZE),
        statistics,
      ];
    }

    const step = jit((parameters: Arrays, averages: Arrays, x: JaxArray, oneHot: JaxArray) => {
      const [[loss, statistics], gradients] = valueAndGrad(lossAndStatistics, { hasAux: true })(
        tree.ref(parameters),
        x,
        oneHot,
      );
      const { momentum } = BATCH_NORM;
      return {
        loss,
        parameters: combined(parameters, gradients, (value, gradient) => value.sub(gradient.mul(LEARNING_RATE))),
        averages: combined(averages, statistics, (old, now) => old.mul(1 - momentum).add(now.mul(momentum))),
      };
    });

    const batches = new Batches(images, labels, shuffle);
    const initial = (averaged: boolean): Arrays =>
      Object.fromEntries(
        [...state].filter(([name]) => name.includes("running_") === averaged).map(([name, x]) => [name, fromArray(x)]),
      );
    let current = {
      loss: np.array(new Float32Array(1), { shape: [] }),
      parameters: initial(false),
      averages: initial(true),
    };
    return {
      step() {
        current.loss.dispose();
        const batch = batches.next();
        const x = np.array(batch.images, { shape: [BATCH_SIZE, 784] });
        const oneHot = np.array(batch.oneHot, { shape: [BATCH_SIZE, 10] });
        current = step(current.parameters, current.averages, x, oneHot);
        return blockUntilReady(current);
      },
      loss: () => current.loss.ref.item(),
      state: () =>
        new Map(
          Object.entries({ ...current.parameters, ...current.averages }).map(([name, x]) => [name, x.ref.dataSync()]),
        ),
    };
  }

  return {
    version,
    operations,
    fromArray,
    toArray: (x) => x.dataSync(),
    async finish(outputs) {
      await blockUntilReady(outputs);
      for (const output of outputs) output.dispose();
    },
    createTrainer,
  };
}

const combined = (a: Arrays, b: Arrays, f: (a: JaxArray, b: JaxArray) => JaxArray): Arrays =>
  Object.fromEntries(Object.entries(a).map(([name, x]) => [name, f(x, b[name])]));

await serve(async () => {
  const require = createRequire(import.meta.url);
  const entry = require.resolve("@jax-js/jax");
  const { version } = JSON.parse(readFileSync(join(dirname(entry), "../package.json"), "utf8"));
  const jax: Jax = require(entry);
  jax.defaultDevice("wasm");
  return createEngine(jax, version);
});
