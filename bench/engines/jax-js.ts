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
  type Engine,
  LEARNING_RATE,
  type NamedArray,
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
  sum(): JaxArray;
  mean(axis: number): JaxArray;
  transpose(): JaxArray;
  dispose(): void;
  item(): number;
  dataSync(): Float32Array;
}
type Arrays = Record<string, JaxArray>;
type Loss = (parameters: Arrays, images: JaxArray, oneHot: JaxArray) => [loss: JaxArray, statistics: Arrays];
type Normalize = (x: JaxArray, weight: JaxArray, bias: JaxArray) => JaxArray;
interface Jax {
  numpy: {
    array(data: ArrayBufferView, options: { shape: readonly number[] }): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
    sqrt(x: JaxArray): JaxArray;
    square(x: JaxArray): JaxArray;
  };
  nn: {
    relu(x: JaxArray): JaxArray;
    softmax(x: JaxArray, axis: number): JaxArray;
    logSoftmax(x: JaxArray, axis: number): JaxArray;
  };
  tree: { ref<T>(tree: T): T };
  jit<F extends (...inputs: never[]) => unknown>(f: F): F;
  valueAndGrad(f: Loss, options: { hasAux: true }): (...inputs: Parameters<Loss>) => [ReturnType<Loss>, Arrays];
  vjp(f: Normalize, inputs: Parameters<Normalize>): [y: JaxArray, pullBack: (dy: JaxArray) => JaxArray[]];
  blockUntilReady(arrays: unknown): Promise<unknown>;
  defaultDevice(device: "wasm"): string;
}

// Fused multiply-add, which jax-js uses where it finds it. Later versions of Node have it without being asked.
setFlagsFromString("--experimental-wasm-relaxed-simd");

function createEngine(jax: Jax, version: string): Engine<JaxArray> {
  const { numpy: np, nn, jit, tree, valueAndGrad, vjp, blockUntilReady } = jax;
  const fromArray = ({ data, shape }: NamedArray) => np.array(data, { shape });

  function normalize(x: JaxArray, weight: JaxArray, bias: JaxArray) {
    const mean = x.ref.mean(0);
    const centered = x.sub(mean.ref);
    const variance = np.square(centered.ref).mean(0);
    const scale = weight.div(np.sqrt(variance.ref.add(BATCH_NORM.eps)));
    return { y: centered.mul(scale).add(bias), mean, variance };
  }

  const batchNorm = jit((x: JaxArray, weight: JaxArray, bias: JaxArray, dy: JaxArray) => {
    const output = (...inputs: Parameters<Normalize>) => {
      const { y, mean, variance } = normalize(...inputs);
      mean.dispose();
      variance.dispose();
      return y;
    };
    const [y, pullBack] = vjp(output, [x, weight, bias]);
    return [y, ...pullBack(dy)];
  });
  const softmax = jit((x: JaxArray) => nn.softmax(x, 1));
  const logSoftmax = jit((x: JaxArray) => nn.logSoftmax(x, 1));
  const matmul = jit((a: JaxArray, b: JaxArray) => np.matmul(a, b));
  const add = jit((a: JaxArray, b: JaxArray) => a.add(b));
  const relu = jit((x: JaxArray) => nn.relu(x));
  const sum = jit((x: JaxArray) => x.sum());
  const operations: Engine<JaxArray>["operations"] = {
    matmul: ([a, b]) => [matmul(a.ref, b.ref)],
    batchNorm: ([x, weight, bias, dy]) => batchNorm(x.ref, weight.ref, bias.ref, dy.ref),
    softmax: ([x]) => [softmax(x.ref)],
    logSoftmax: ([x]) => [logSoftmax(x.ref)],
    add: ([a, b]) => [add(a.ref, b.ref)],
    relu: ([x]) => [relu(x.ref)],
    sum: ([x]) => [sum(x.ref)],
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
