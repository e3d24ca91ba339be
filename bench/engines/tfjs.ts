/**
 * TensorFlow.js on its WebAssembly backend, which computes before it returns, on one thread. Its product of transposed
 * matrices is several times slower than transposing and then multiplying, and its autograd makes a batch norm of many
 * small operations: both have their gradients written out here.
 */
import { createRequire } from "node:module";
import { Batches } from "../batches.ts";
import { BATCH_NORM, type Engine, LEARNING_RATE, type Trainer, type TrainingProblem } from "../engine.ts";
import { serve } from "../serve.ts";
import { BATCH_SIZE } from "../workloads.ts";

/** What is used here of the package, which is not installed with lucidgrad. */
interface TfArray {
  readonly shape: number[];
  add(other: TfArray | number): TfArray;
  sub(other: TfArray): TfArray;
  mul(other: TfArray | number): TfArray;
  div(other: number): TfArray;
  sum(axis?: number): TfArray;
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
  readonly trainable: boolean;
  assign(value: TfArray): void;
}
type Save = (arrays: TfArray[]) => void;
type Forward<Inputs extends TfArray[]> = (...inputsAndSave: [...Inputs, Save]) => {
  value: TfArray;
  gradFunc(dy: TfArray, saved: TfArray[]): TfArray[];
};
interface TensorFlow {
  readonly version_core: string;
  setBackend(name: "wasm"): Promise<boolean>;
  tensor(data: ArrayBufferView, shape: readonly number[], type: "float32"): TfArray;
  variable(initial: TfArray, trainable: boolean): Variable;
  moments(x: TfArray, axis: number): { mean: TfArray; variance: TfArray };
  customGrad<Inputs extends TfArray[]>(forward: Forward<Inputs>): (...inputs: Inputs) => TfArray;
  train: { sgd(rate: number): { minimize(loss: () => TfArray, returnLoss: true, variables: Variable[]): TfArray } };
  tidy<R>(f: () => R): R;
  dispose(arrays: TfArray[]): void;
}

function createEngine(tf: TensorFlow): Engine<TfArray> {
  const matMul = tf.customGrad((a: TfArray, b: TfArray, save: Save) => {
    save([a, b]);
    const gradFunc = (dy: TfArray, [a, b]: TfArray[]) => [dy.matMul(b.transpose()), a.transpose().matMul(dy)];
    return { value: a.matMul(b), gradFunc };
  });

  function normalize(x: TfArray, weight: TfArray, bias: TfArray) {
    const { mean, variance } = tf.moments(x, 0);
    const invstd = variance.add(BATCH_NORM.eps).rsqrt();
    const xhat = x.sub(mean).mul(invstd);
    return { y: xhat.mul(weight).add(bias), mean, variance, xhat, scale: invstd.mul(weight) };
  }

  function normalizeGradients(dy: TfArray, xhat: TfArray, scale: TfArray): [dx: TfArray, dw: TfArray, db: TfArray] {
    const [n] = xhat.shape;
    const dbias = dy.sum(0);
    const dweight = dy.mul(xhat).sum(0);
    const dx = dy
      .sub(dbias.div(n))
      .sub(xhat.mul(dweight.div(n)))
      .mul(scale);
    return [dx, dweight, dbias];
  }

  const tidied = (f: (inputs: readonly TfArray[]) => TfArray[]) => (inputs: readonly TfArray[]) =>
    tf.tidy(() => f(inputs));
  const operations: Engine<TfArray>["operations"] = {
    matmul: ([a, b]) => [a.matMul(b)],
    batchNorm: tidied(([x, weight, bias, dy]) => {
      const { y, xhat, scale } = normalize(x, weight, bias);
      return [y, ...normalizeGradients(dy, xhat, scale)];
    }),
    softmax: ([x]) => [x.softmax(1)],
    logSoftmax: ([x]) => [x.logSoftmax(1)],
    add: ([a, b]) => [a.add(b)],
    relu: ([x]) => [x.relu()],
    sum: ([x]) => [x.sum()],
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
    fromArray: ({ data, shape }) => tf.tensor(data, shape, "float32"),
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
