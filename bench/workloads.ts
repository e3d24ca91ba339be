/**
 * What is measured. Every engine gets the same numbers to work on, and has to come to the same results.
 * Read next: engine.ts, which says what an engine has to do.
 */
export type Operation = "matmul" | "batchNorm" | "softmax" | "logSoftmax" | "add" | "relu" | "sum";

/** One operation on arrays of these shapes. */
export interface OperationWorkload {
  readonly name: string;
  readonly kind: Operation;
  readonly shapes: readonly (readonly number[])[];
}

export interface MatmulWorkload extends OperationWorkload {
  readonly kind: "matmul";
  /** Multiplications and additions. */
  readonly flops: number;
}

/** Training the network of examples/mnist-batchnorm.ts on MNIST, step by step. */
export interface TrainingWorkload {
  readonly name: string;
  readonly kind: "train";
  readonly batchNorm: boolean;
}

export type Workload = TrainingWorkload | MatmulWorkload | OperationWorkload;

export const isTraining = (workload: Workload): workload is TrainingWorkload => workload.kind === "train";
export const isMatmul = (workload: Workload): workload is MatmulWorkload => workload.kind === "matmul";

export const BATCH_SIZE = 64;
/** Units of each hidden layer. */
export const HIDDEN = 256;
/** Steps that see 60,000 images once. */
export const STEPS_PER_EPOCH = 938;
/** The training that is compared: from the same weights, on the same batches. */
export const CHECKED_STEPS = 20;
/** How far the engines' results may be apart, relative to the largest number in them. */
export const TOLERANCE = 1e-3;

function training(name: string, batchNorm: boolean): TrainingWorkload {
  return { name, kind: "train", batchNorm };
}

function matmul(m: number, k: number, n: number): MatmulWorkload {
  const [a, b] = [
    [m, k],
    [k, n],
  ];
  return { name: `matmul ${m}×${k}×${n}`, kind: "matmul", shapes: [a, b], flops: 2 * m * k * n };
}

function operation(title: string, kind: Operation, ...shapes: number[][]): OperationWorkload {
  const [shape] = shapes;
  const size = shape.length === 1 ? shape[0].toLocaleString("en-US") : shape.join("×");
  return { name: `${title} ${size}`, kind, shapes };
}

/** Forward and backward: x, weight, bias, and the gradient that comes back. */
function batchNorm(n: number, channels: number): OperationWorkload {
  return operation("batch norm + grad", "batchNorm", [n, channels], [channels], [channels], [n, channels]);
}

const MILLION = 1_000_000;

export const workloads: readonly Workload[] = [
  training("training, batch norm", true),
  training("training, plain", false),
  matmul(64, 784, 256),
  matmul(256, 256, 256),
  matmul(512, 512, 512),
  matmul(1024, 1024, 1024),
  batchNorm(64, 256),
  batchNorm(1024, 256),
  operation("softmax", "softmax", [64, 10]),
  operation("softmax", "softmax", [1024, 1000]),
  operation("logSoftmax", "logSoftmax", [64, 10]),
  operation("logSoftmax", "logSoftmax", [1024, 1000]),
  operation("add", "add", [MILLION], [MILLION]),
  operation("relu", "relu", [MILLION]),
  operation("sum", "sum", [MILLION]),
];
