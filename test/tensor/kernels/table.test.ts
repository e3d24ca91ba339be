/** Operations look their kernels up when they run: another kernel in the table is the one that they call. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { nn, optim, rand, type Tensor, tensor, transforms, where } from "../../../src/index.ts";
import { type Kernels, tableOf } from "../../support/kernels.ts";

type Name = keyof Kernels;
type Call = (x: Tensor, y: Tensor) => unknown;

const unary = [
  ...(["abs", "exp", "log", "neg", "relu", "sigmoid", "sign", "sqrt", "erf"] as const),
  ...(["sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"] as const),
  ...(["expm1", "log1p", "log2", "log10", "rsqrt", "reciprocal", "floor", "ceil", "trunc", "round", "exp2"] as const),
  ...(["sum", "argmax", "argmin", "norm", "argsort"] as const),
] satisfies Name[];
const alongDimension = ["softmax", "logSoftmax", "logsumexp", "cumsum", "cumprod"] as const satisfies Name[];
const binary = [
  ...(["add", "sub", "mul", "div", "pow", "atan2", "maximum", "minimum", "matmul"] as const),
  ...(["eq", "ne", "lt", "le", "gt", "ge"] as const),
  ...(["fmax", "fmin", "hypot"] as const),
] satisfies Name[];

const positions = tensor([[0, 1, 2]], { dtype: "int32" });
const image = () => rand([1, 1, 4, 4]);

const others = {
  copy: (x) => x.clone(),
  addMultiple: (x, y) => x.add(y, { alpha: 2 }),
  addScaled: (x) => {
    x.requiresGrad_().sum().backward();
    x.sum().backward();
  },
  divideBytes: () => new transforms.ToTensor().apply({ bytes: new Uint8Array(4), shape: [1, 2, 2] }),
  descend: (x) => {
    x.requiresGrad_().sum().backward();
    new optim.SGD([x], { lr: 1 }).step();
  },
  adam: (x) => {
    x.requiresGrad_().sum().backward();
    new optim.Adam([x]).step();
  },
  lerp: (x, y) => x.lerp(y, 0.5),
  where: (x, y) => where(x.gt(y), x, y),
  reluBackward: (x) => x.requiresGrad_().relu().sum().backward(),
  sigmoidBackward: (x) => x.requiresGrad_().sigmoid().sum().backward(),
  tanhBackward: (x) => x.requiresGrad_().tanh().sum().backward(),
  variance: (x) => x.var(),
  standardDeviation: (x) => x.std(),
  take: (x) => x.gather(0, positions),
  carry: (x) => x.requiresGrad_().cumprod(0).sum().backward(),
  put: (x) => x.scatter(0, positions, 1),
  putMultiply: (x, y) => x.scatter(0, positions, y, { reduce: "multiply" }),
  putMaximum: (x, y) => x.scatterReduce(0, positions, y, "amax"),
  putMinimum: (x, y) => x.scatterReduce(0, positions, y, "amin"),
  putAdd: (x, y) => x.scatterAdd(0, positions, y),
  softmaxBackward: (x) => x.requiresGrad_().softmax(0).sum().backward(),
  logSoftmaxBackward: (x) => x.requiresGrad_().logSoftmax(0).sum().backward(),
  crossEntropy: (x) => nn.functional.crossEntropy(x, positions.view(3)),
  crossEntropyBackward: (x) => nn.functional.crossEntropy(x.requiresGrad_(), positions.view(3)).backward(),
  batchStatistics: (x) => new nn.BatchNorm1d(3).forward(x),
  batchNormFactors: (x) => new nn.BatchNorm1d(3).forward(x),
  moveTowards: (x) => new nn.BatchNorm1d(3).forward(x),
  scaleAndShift: (x) => new nn.BatchNorm1d(3).forward(x),
  centerAndScale: (x) => nn.functional.groupNorm(x, 1),
  batchNormParameterGradients: (x) => new nn.BatchNorm1d(3).forward(x).sum().backward(),
  batchNormInputGradient: (x) => new nn.BatchNorm1d(3).forward(x.requiresGrad_()).sum().backward(),
  channelInputGradient: (x) => nn.functional.groupNorm(x.requiresGrad_(), 1).sum().backward(),
  layerNorm: (x) => new nn.LayerNorm(3).forward(x),
  layerNormInputGradient: (x) => new nn.LayerNorm(3).forward(x.requiresGrad_()).sum().backward(),
  layerNormParameterGradients: (x) => new nn.LayerNorm(3).forward(x).sum().backward(),
  lstmStep: (x) => new nn.LSTMCell(3, 2).forward(x),
  lstmStepBackward: (x) => new nn.LSTMCell(3, 2).forward(x)[0].sum().backward(),
  gruStep: (x) => new nn.GRUCell(3, 2).forward(x),
  gruStepBackward: (x) => new nn.GRUCell(3, 2).forward(x).sum().backward(),
  convolution: () => nn.functional.conv2d(image(), image()),
  convolutionInput: () => nn.functional.conv2d(image().requiresGrad_(), image()).sum().backward(),
  convolutionWeight: () => nn.functional.conv2d(image(), image().requiresGrad_()).sum().backward(),
  im2col: () => nn.functional.unfold(image(), 2),
  col2im: () => nn.functional.fold(image().view(1, 4, 4), 3, 2),
  resample: () => nn.functional.interpolate(image(), { scaleFactor: 2 }),
  sample: () => nn.functional.gridSample(image(), image().view(1, 2, 4, 2)),
  sampleInput: () =>
    nn.functional
      .gridSample(image().requiresGrad_(), image().view(1, 2, 4, 2))
      .sum()
      .backward(),
  sampleWeights: () =>
    nn.functional
      .gridSample(image(), image().view(1, 2, 4, 2).requiresGrad_())
      .sum()
      .backward(),
  maxOfWindows: () => nn.functional.adaptiveMaxPool2d(image(), 3),
  maxPool: () => nn.functional.maxPool2d(image(), 2),
  maxPoolBackward: () => nn.functional.maxPool2d(image().requiresGrad_(), 2).sum().backward(),
  averagePool: () => nn.functional.avgPool2d(image(), 2),
  averagePoolBackward: () => nn.functional.avgPool2d(image().requiresGrad_(), 2).sum().backward(),
  takeRows: (x) => x.index(positions),
  amax: (x) => x.amax(),
  amin: (x) => x.amin(),
  runningArgmax: (x) => x.cummax(0),
  runningArgmin: (x) => x.cummin(0),
  logcumsumexp: (x) => x.logcumsumexp(0),
  addRows: (x) => x.requiresGrad_().index(positions).sum().backward(),
} satisfies Partial<Record<Name, Call>>;

const calls = <N extends Name>(names: readonly N[], call: (name: N, ...args: Parameters<Call>) => unknown) =>
  Object.fromEntries(names.map((name) => [name, (x: Tensor, y: Tensor) => call(name, x, y)])) as Record<N, Call>;

/** For every kernel an operation that is built on it: a kernel without one does not compile. */
const operations: Record<Name, Call> = {
  ...calls(unary, (name, x) => x[name]()),
  ...calls(alongDimension, (name, x) => x[name](0)),
  ...calls(binary, (name, x, y) => x[name](y)),
  ...others,
};

describe("another kernel in the table is called", () => {
  afterEach(() => vi.restoreAllMocks());

  it.each(Object.keys(operations) as Name[])("%s", (name) => {
    const kernel = vi.spyOn(tableOf(name), name);
    operations[name](rand([3, 3]), rand([3, 3]));
    expect(kernel).toHaveBeenCalled();
  });
});
