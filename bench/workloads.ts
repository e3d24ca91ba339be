/**
 * What is measured. Every engine gets the same numbers to work on, and has to come to the same results. An operation is one
 * row here, and one line in each of engines/.
 * Read next: engine.ts, which says what an engine has to do.
 */

/** An array that an operation starts from: uniform on ±bound, or whole numbers from 0 to below - 1. */
export type Input = { readonly shape: readonly number[] } & ({ readonly bound: number } | { readonly below: number });

const numbers = (...shape: number[]): Input => ({ shape, bound: 1 });
const indices = (below: number, ...shape: number[]): Input => ({ shape, below });
/** With a bound that keeps the numbers of the next layer as large as they were (He et al. 2015). */
const weights = (...shape: number[]): Input => ({ shape, bound: Math.sqrt((6 * shape[0]) / size(shape)) });
const size = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

/** One operation on such arrays; over one of their dimensions, if it has a `dim`. */
interface OperationRow<Operation extends string> {
  readonly name: string;
  readonly operation: Operation;
  readonly inputs: readonly Input[];
  readonly dim?: number | undefined;
}

function row<Operation extends string>(
  name: string,
  operation: Operation,
  ...inputs: Input[]
): OperationRow<Operation> {
  return { name, operation, inputs };
}

const product = (m: number, k: number, n: number) => row(`${m}×${k}×${n}`, "matmul", numbers(m, k), numbers(k, n));

const MILLION = 1_000_000;
const elementwise = [
  row("add", "add", numbers(MILLION), numbers(MILLION)),
  row("mul", "mul", numbers(MILLION), numbers(MILLION)),
  row("relu", "relu", numbers(MILLION)),
  row("relu backward", "reluBackward", numbers(MILLION), numbers(MILLION)),
  row("gt", "gt", numbers(MILLION), numbers(MILLION)),
  row("exp", "exp", numbers(MILLION)),
  row("sigmoid", "sigmoid", numbers(MILLION)),
  row("tanh", "tanh", numbers(MILLION)),
];

const reductions = (["sum", "mean", "var", "max"] as const).flatMap((operation) =>
  [undefined, 0, 1].map((dim) => ({
    ...row(`${operation}(${dim ?? ""})`, operation, numbers(1024, 1000)),
    dim,
  })),
);

const times = (shape: readonly number[]) => shape.join("×");

/** x, weight and bias of so many features, and the gradient that comes back. */
function norm<Operation extends string>(name: string, operation: Operation, features: number, ...shape: number[]) {
  const inputs = [numbers(...shape), numbers(features), numbers(features), numbers(...shape)];
  return row(`${name} ${times(shape)}`, operation, ...inputs);
}

const images = [64, 32, 28, 28];
const pooled = [64, 32, 14, 14];
const layers = [
  norm("batch norm", "batchNorm", 256, 64, 256),
  norm("batch norm", "batchNorm", 256, 1024, 256),
  norm("batch norm", "batchNorm", 32, ...images),
  norm("layer norm", "layerNorm", 256, 1024, 256),
  row(`max pool ${times(images)}`, "maxPool", numbers(...images), numbers(...pooled)),
  row(`avg pool ${times(images)}`, "avgPool", numbers(...images), numbers(...pooled)),
  row("embedding 4096 of 10000×64", "embedding", numbers(10_000, 64), indices(10_000, 4096), numbers(4096, 64)),
];

const softmaxes = [
  row("softmax", "softmax", numbers(1024, 1000)),
  row("log softmax", "logSoftmax", numbers(1024, 1000)),
  row("cross entropy + grad", "crossEntropy", numbers(1024, 1000), indices(1000, 1024), numbers()),
];

const optimizers = [
  row("SGD with momentum", "sgd", numbers(MILLION), numbers(MILLION)),
  row("Adam", "adam", numbers(MILLION), numbers(MILLION)),
  row("AdamW", "adamw", numbers(MILLION), numbers(MILLION)),
];

/** Linear layers with a ReLU between any two: a batch, its labels, and weight and bias of each layer. */
function mlp(depth: number, width: number, batch: number, features = 784) {
  const sizes = [features, ...new Array<number>(depth).fill(width), 10];
  const parameters = sizes.slice(1).flatMap((to, i) => [weights(to, sizes[i]), numbers(to)]);
  return row(
    `MLP ${depth}×${width} batch ${batch}`,
    "mlp",
    numbers(batch, features),
    indices(10, batch),
    ...parameters,
  );
}

/** The parameters of examples/network.ts's ConvNet. */
const convolutional = [
  ...[weights(16, 1, 3, 3), numbers(16), numbers(16)],
  ...[weights(32, 16, 3, 3), numbers(32), numbers(32)],
  ...[weights(10, 1568), numbers(10)],
];

const networks = [
  mlp(2, 32, 8, 32),
  ...[64, 256, 1024, 2048].map((width) => mlp(2, width, 64)),
  ...[16, 256, 1024].map((batch) => mlp(2, 256, batch)),
  ...[10, 40].map((depth) => mlp(depth, 256, 64)),
  row("CNN batch 64", "cnn", numbers(64, 1, 28, 28), indices(10, 64), ...convolutional),
];

/** Training the network of examples/mnist-batchnorm.ts on MNIST, step by step. */
interface TrainingRow {
  readonly name: string;
  readonly batchNorm: boolean;
}

const training: TrainingRow[] = [
  { name: "batch norm", batchNorm: true },
  { name: "plain", batchNorm: false },
];

const tables = {
  training,
  product: [product(64, 784, 256), product(256, 256, 256), product(512, 512, 512), product(1024, 1024, 1024)],
  elementwise,
  reduction: reductions,
  layer: layers,
  softmax: softmaxes,
  optimizer: optimizers,
  network: networks,
};

export type SectionName = keyof typeof tables;
type Row = (typeof tables)[SectionName][number];
/** What an engine has a line for. */
export type OperationName = Extract<Row, { operation: string }>["operation"];
export type TrainingWorkload = TrainingRow & { readonly section: SectionName };
export type OperationWorkload = OperationRow<OperationName> & { readonly section: SectionName };
export type Workload = TrainingWorkload | OperationWorkload;

export const workloads: readonly Workload[] = Object.entries(tables).flatMap(([section, rows]) =>
  rows.map((row: Row) => ({ ...row, section: section as SectionName })),
);

export const isTraining = (workload: Workload): workload is TrainingWorkload => workload.section === "training";
/** Under which it is chosen and mentioned: "product 512×512×512". */
export const fullName = ({ section, name }: Workload) => `${section} ${name}`;

export const BATCH_SIZE = 64;
/** Units of each hidden layer. */
export const HIDDEN = 256;
/** Steps that see 60,000 images once. */
export const STEPS_PER_EPOCH = 938;
/** The training that is compared: from the same weights, on the same batches. */
export const CHECKED_STEPS = 20;
/** How far the engines' results may be apart, relative to the largest number in them. */
export const TOLERANCE = 1e-3;
