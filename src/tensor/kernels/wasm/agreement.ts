/**
 * Whether two forms of the module compute the same, bit for bit: V8's joining of vectors is an experiment, so every kernel is
 * tried on a few numbers before it is used.
 */
import type { Kernel } from "./kernel.ts";

const PAGES = 2;
const PAGE = 65_536;
/** Addresses: a job's words, two operands, positions, and where results go. */
const [JOB, A, B, INDICES, OUT] = [64, PAGE, PAGE + 4096, PAGE + 8192, PAGE + 16_384];
/** Bytes of results; behind them is what kernels need besides. */
const RESULTS = 8192;
/** Elements of an operand: whole rounds of every loop, and some more. */
const N = 150;
/** A matrix of so many rows and columns. */
const [ROWS, COLUMNS] = [6, 25];

const elementwise = [N, OUT, A, 0, 1];
const pairs = [N, OUT, A, 0, 1, B, 0, 1];
const pairsWithNumber = [N, OUT, A, 0, 1, B, 0, 0];
/** Rows that are sums' are longer, for whole rounds. */
const [LONG_ROWS, LONG] = [3, 50];
const rows = [LONG, A, B, 16_384, OUT];
const columns = [ROWS, COLUMNS, A, B, OUT];
const channels = [COLUMNS, OUT, A, B, COLUMNS, A, B, A, B];
/** x (N, C, L) of batch norm, as images and as a matrix. */
const [images, matrix] = [
  [2, 3, COLUMNS],
  [ROWS, COLUMNS, 1],
];
const product = [
  ...[10, 12, 20, OUT, 20, A, 12, 1, B, 20, 1, OUT + 8192, OUT + 12_288, A, 0, 1],
  ...[6], // rows of a tile
];
/** 2 images of 2 channels of 5 × 6, by 3 kernels of 2 × 2. */
const windows = [
  ...[5, 6, 2, 2, 4, 5, 1, 1, 0, 0, 1, 1, 2, 1, 2, 3, 5, 6, 4, 5, 1, 1],
  ...[OUT, A, B, A, 6, OUT + 8192, 16_384, 2],
];

/** 2 images of 5 × 14 by windows of 3 × 3, and images of 6 × 10 by windows of 2 × 2. */
const [pool, tiles] = [
  [5, 14, 3, 3, 5, 14, 1, 1, 1, 1, 1, 1],
  [6, 10, 2, 2, 3, 5, 2, 2, 0, 0, 1, 1],
];

/** How much there is to do, a kernel's words, and its numbers of float32. */
type Job = readonly [count: number, words: readonly number[], floats?: readonly number[]];

const arithmetic = ["add", "addMultiple", "sub", "mul", "div", "maximum", "minimum"];
const gradients = ["reluBackward", "sigmoidBackward", "tanhBackward"];
const ofNumber: Record<string, Job> = every([...arithmetic, ...gradients], [N, pairsWithNumber, [0.3]]);

const jobs: Record<string, Job> = {
  ...every(["neg", "abs", "sign", "sqrt", "rsqrt", "reciprocal", "floor", "ceil", "trunc", "round"], [N, elementwise]),
  ...every(["exp", "expm1", "log", "log1p", "sin", "cos", "tanh", "sigmoid", "erf", "relu"], [N, elementwise]),
  ...every([...arithmetic, ...gradients], [N, pairs, [0.3]]),
  ...every(["eq", "ne", "lt", "le", "gt", "ge"], [N, pairs]),
  where: [N, [N, OUT, INDICES, A, B, 0, 0, 0, 1, 1, 1]],
  copy: [N, [N, OUT, A, 0, 2]],
  transpose: [1, [COLUMNS, ROWS, OUT, A, COLUMNS]],
  ...every(["bytesToFloats", "intsToFloats"], [N, [OUT, INDICES], [3]]),
  ...every(["elementsOfRows", "deviationsOfRows", "squaresOfRows"], [LONG_ROWS, rows]),
  ...every(["elementsOfColumns", "deviationsOfColumns", "squaresOfColumns"], [1, columns]),
  ...every(["totals", "rootsOfTotals"], [50, [3, A, 7, B, OUT]]),
  ...every(["softmax", "logSoftmax", "logsumexp"], [ROWS, [COLUMNS, 1, OUT, A]]),
  ...every(["softmaxBackward", "logSoftmaxBackward"], [ROWS, [COLUMNS, OUT, A, B]]),
  crossEntropy: [ROWS, [COLUMNS, OUT, OUT + 1024, A, INDICES]],
  crossEntropyBackward: [ROWS, [COLUMNS, A, B, OUT, INDICES]],
  ...every(["scaleAndShiftRows", "centerAndScaleRows", "inputGradientRows"], [ROWS, channels]),
  ...every(["scaleAndShiftColumns", "centerAndScaleColumns", "inputGradientColumns"], [ROWS, channels]),
  statisticsOfRows: [3, [...images, A, OUT, OUT + 1024]],
  statisticsOfColumns: [1, [...matrix, A, OUT, OUT + 1024]],
  parameterGradientsOfRows: [3, [...images, A, B, A, B, OUT, OUT + 1024]],
  parameterGradientsOfColumns: [1, [...matrix, A, B, A, B, OUT, OUT + 1024]],
  batchNormFactors: [COLUMNS, [0, 0x3f00_0000, 7, A, A, B, A, OUT, OUT + 1024, OUT + 2048]],
  batchNormSlopes: [COLUMNS, [7, A, B, A, B, OUT, OUT + 1024]],
  moveTowards: [COLUMNS, [0, 0x3fd0_0000, OUT, 2, COLUMNS, A, 0, 7]],
  layerNorm: [ROWS, [COLUMNS, A, B, A, OUT, OUT + 1024, OUT + 2048], [1e-5]],
  layerNormInputGradient: [ROWS, [COLUMNS, A, B, A, A, B, OUT]],
  layerNormParameterGradients: [1, [ROWS, COLUMNS, A, B, A, B, OUT, OUT + 1024]],
  lstmStep: [2, [9, OUT, OUT + 256, OUT + 1024, A]],
  lstmStepBackward: [2, [9, OUT, OUT + 1024, A, B, A, B]],
  gruStep: [2, [9, OUT, OUT + 1024, A, B]],
  gruStepBackward: [2, [9, OUT, OUT + 512, OUT + 1024, A, B, A]],
  ...every(["take", "putAdd"], [N, [OUT, A, INDICES]]),
  ...every(["largestOfRows", "smallestOfRows"], [1, [N, 1, OUT, A, N]]),
  ...every(["largestOfColumns", "smallestOfColumns"], [2, [ROWS, COLUMNS, OUT, A, ROWS]]),
  takeRows: [6, [20, OUT, A, INDICES, 6]],
  addRows: [150, [20, OUT, A, INDICES, 6]],
  ...every(["maxPool", "averagePool"], [10, [...pool, A, OUT, OUT + 1024, B]]),
  ...every(["maxPoolByTwo", "averagePoolByTwo"], [6, [...tiles, A, OUT, OUT + 1024, B]]),
  averagePoolBackwardByTwo: [6, [...tiles, OUT, A, 0, B]],
  maxPoolBackward: [3, [50, 50, OUT, A, INDICES]],
  pack: [4, product],
  multiply: [1, product],
  multiplyColumns: [1, product],
  flipWeights: [1, [OUT, A, 1, 3, 2, 3, 3, 2, 2, 2, 2]],
  convolution: [2, windows],
  convolutionWeight: [1, [...windows.slice(0, 24), OUT, A, ...windows.slice(26)]],
  descend: [N, [OUT, A, B], [0.1, 0.01, 0.9, 0.5, 1, 1]],
  adam: [N, [OUT, A, B, OUT + 4096, 0], [0.9, 0.1, 0.99, 0.01, 0.1, 0.3, 1e-8, 0.01, 0.9, 1]],
};

function every<Value>(names: readonly string[], value: Value): Record<string, Value> {
  return Object.fromEntries(names.map((name) => [name, value]));
}

/** The kernels that are tried; a test compares them with those that there are. */
export const triedKernels = Object.keys(jobs);

export function agree(one: WebAssembly.Module, other: WebAssembly.Module): boolean {
  const [a, b] = [one, other].map(resultsOf);
  return a.every((result, k) => isSame(result, b[k]));
}

function isSame(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The words that each kernel writes. */
function resultsOf(module: WebAssembly.Module): Int32Array[] {
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const kernels = exports as unknown as Record<string, Kernel>;
  kernels.becomeThread(0, OUT + 32_768, 0);
  const [ints, floats] = [new Int32Array(memory.buffer), new Float32Array(memory.buffer)];
  const firstOperand = Array.from({ length: 2 * N }, (_, k) => Math.sin(k) * (k % 7) + 0.1);
  const secondOperand = Array.from({ length: 2 * N }, (_, k) => Math.cos(3 * k) * (k % 5) + 0.7);
  const indices = Array.from({ length: N }, (_, k) => (7 * k) % N);
  floats.set(firstOperand, A / 4);
  floats.set(secondOperand, B / 4);
  ints.set(indices, INDICES / 4);
  floats.fill(0.5, OUT / 4, OUT / 4 + N);
  const before = ints.slice();
  return [...Object.entries(jobs), ...Object.entries(ofNumber)].map(([name, [count, words, numbers = []]]) => {
    ints.set(before);
    ints.set(words, JOB / 4);
    floats.set(numbers, JOB / 4 + words.length);
    if (name.startsWith("multiply")) kernels.pack(JOB, 0, 4);
    kernels[name](JOB, 0, count);
    return ints.slice(OUT / 4, (OUT + RESULTS) / 4);
  });
}
