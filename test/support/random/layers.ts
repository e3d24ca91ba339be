/** Random layers: all of them, with all options, on inputs of any rank and dtype with special numbers among them. */
import { type nn, type Tensor, zeros } from "../../../src/index.ts";
import * as curved from "../../../src/nn/activation.ts";
import * as piecewise from "../../../src/nn/piecewise.ts";
import { torch, unobserved } from "../torch.ts";
import type { RandomCase } from "./disagreements.ts";
import type { Draw } from "./draw.ts";
import { inputOf, numbersOf, plain, special, toleranceFor } from "./inputs.ts";

interface Drawn {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly options?: Readonly<Record<string, unknown>>;
  /** Of the input. */
  readonly shape: readonly number[];
  /** Indices below this number instead of random ones. */
  readonly words?: number;
}

/** A size for both dimensions, or one for each. */
const sized =
  (draw: Draw) =>
  (...sizes: number[]): unknown =>
    draw.isOneIn(3) ? draw.several(2, () => draw.oneOf(sizes)) : draw.oneOf(sizes);

const batch = (draw: Draw): number[] => draw.several(draw.below(3), () => draw.oneOf([1, 2, 3, 0]));
const side = (draw: Draw): number => draw.oneOf([1, 3, 4, 5, 7]);

function convolution(draw: Draw): Drawn {
  const ndim = draw.oneOf([1, 2]);
  const size = ndim === 2 ? sized(draw) : (...sizes: number[]) => draw.oneOf(sizes);
  const transposed = draw.isOneIn(3);
  const groups = draw.oneOf([1, 1, 2]);
  const [from, to] = draw.several(2, () => groups * draw.oneOf([1, 2]));
  const isBatched = !draw.isOneIn(4);
  const samples = draw.oneOf(transposed ? [1, 2] : [1, 2, 0]); // PyTorch does not check the padding of none
  const common = { bias: [true, false], dilation: [size(1, 2)], stride: [size(1, 2, 3)] };
  const own = transposed
    ? { padding: [size(0, 1, 2)], outputPadding: [size(0, 1, 2)] }
    : {
        padding: [size(0, 1, 2), size(0, 1, 2), "same", "valid"],
        paddingMode: ["zeros", "reflect", "replicate", ...(isBatched ? ["circular"] : [])], // PyTorch's needs a batch
      };
  return {
    name: `Conv${transposed ? "Transpose" : ""}${ndim}d`,
    args: [from, to, size(1, 2, 3)],
    options: { ...draw.settings({ ...common, ...own }), groups },
    shape: [...(isBatched ? [samples] : []), from, ...draw.several(ndim, () => side(draw))],
  };
}

function pooling(draw: Draw): Drawn {
  const size = sized(draw);
  const shape = [...(draw.isOneIn(4) ? [] : [draw.oneOf([1, 2, 0])]), draw.oneOf([1, 2]), side(draw), side(draw)];
  const common = { stride: [size(1, 2, 3)], padding: [size(0, 1)], ceilMode: [true, false] };
  const pools = {
    MaxPool2d: () => draw.settings({ ...common, dilation: [size(1, 2)] }),
    AvgPool2d: () => draw.settings({ ...common, countIncludePad: [true, false], divisorOverride: [3, -2] }),
    AdaptiveAvgPool2d: () => undefined,
  };
  const name = draw.oneOf(["MaxPool2d", "AvgPool2d", "AdaptiveAvgPool2d"] as const);
  const options = pools[name]();
  return { name, args: [size(1, 2, 3)], ...(options && { options }), shape };
}

function normalization(draw: Draw): Drawn {
  const channels = draw.oneOf([1, 2, 4]);
  const common = { eps: [1e-5, 0.1] };
  const running = { ...common, affine: [true, false], momentum: [0.3, 1, 0], trackRunningStats: [true, false] };
  const rest = draw.several(draw.below(3), () => draw.oneOf([1, 2, 3]));
  const of = {
    BatchNorm1d: () => ({
      args: [channels],
      options: running,
      shape: [draw.oneOf([2, 3, 1]), channels, ...rest.slice(0, 1)],
    }),
    BatchNorm2d: () => ({
      args: [channels],
      options: running,
      shape: [draw.oneOf([1, 2]), channels, 2, draw.oneOf([1, 3])],
    }),
    InstanceNorm1d: () => ({
      args: [channels],
      options: running,
      shape: [2, channels, draw.oneOf([1, 3])].slice(draw.below(2)),
    }),
    InstanceNorm2d: () => ({ args: [channels], options: running, shape: [2, channels, 2, 3].slice(draw.below(2)) }),
    GroupNorm: () => ({
      args: [draw.oneOf([1, channels]), channels],
      options: { ...common, affine: [true, false] },
      shape: [2, channels, ...rest],
    }),
    LayerNorm: () => {
      const sizes = [channels, ...rest];
      return {
        args: [sizes],
        options: { ...common, elementwiseAffine: [true, false] },
        shape: [...batch(draw), ...sizes],
      };
    },
  };
  const name = draw.oneOf(Object.keys(of) as (keyof typeof of)[]);
  const { args, options, shape } = of[name]();
  return { name, args, options: draw.settings(options), shape };
}

function recurrent(draw: Draw): Drawn {
  const name = draw.oneOf(["RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell"]);
  const isCell = name.endsWith("Cell");
  const own = { RNN: { nonlinearity: ["tanh", "relu"] }, LSTM: { projSize: [1] }, RNNCell: { nonlinearity: ["relu"] } };
  const options = {
    bias: [true, false],
    ...(!isCell && { numLayers: [2, 3], batchFirst: [true], dropout: [0.5, 1], bidirectional: [true, false] }),
    ...own[name as keyof typeof own],
  };
  const inputs = draw.oneOf([1, 3]);
  const sizes = draw.several(isCell ? draw.below(2) : 2 - draw.below(2), () => draw.oneOf([1, 2, 4]));
  return { name, args: [inputs, draw.oneOf([2, 3])], options: draw.settings(options), shape: [...sizes, inputs] };
}

const activationSettings: Record<string, Record<string, unknown[]>> = {
  GELU: { approximate: ["none", "tanh"] },
  LeakyReLU: { negativeSlope: [0.2, 0, -0.5, 1] },
  ELU: { alpha: [0.5, 2, -1, 0] },
  Softplus: { beta: [2, 0.5], threshold: [1, 20, 0] },
  CELU: { alpha: [0.5, 2, -1] },
  Hardtanh: { minVal: [-0.5, -2], maxVal: [0, 2] },
  Softshrink: { lambd: [0, 0.25] },
  Hardshrink: { lambd: [0, 0.25] },
  PReLU: { init: [0.1, -0.5, 1] },
  RReLU: { lower: [0.1, 0], upper: [0.5, 0.25] },
};
/** What is no activation of inputs of any rank. */
const isOther = (name: string): boolean => name === "default" || name === "Softmax2d";

function activationLayer(draw: Draw): Drawn {
  const name = draw.oneOf(Object.keys({ ...curved, ...piecewise }).filter((exported) => !isOther(exported)));
  const shape = [...batch(draw), draw.oneOf(name === "GLU" ? [2, 6, 18] : [1, 3, 6, 17])];
  const dim = draw.below(shape.length) - (draw.isOneIn(2) ? shape.length : 0);
  const thresholds = [draw.oneOf([0, 0.5, -1]), draw.oneOf([20, -3])];
  const args = /Softm(ax|in)/.test(name) ? [dim] : name === "Threshold" ? thresholds : [];
  const settings = activationSettings[name];
  return { name, args, ...(settings && { options: draw.settings(settings) }), shape };
}

function other(draw: Draw): Drawn {
  const [from, to] = draw.several(2, () => draw.oneOf([1, 3, 4, 5]));
  const layers: (() => Drawn)[] = [
    () => ({
      name: "Linear",
      args: [from, to],
      options: draw.settings({ bias: [true, false] }),
      shape: [...batch(draw), from],
    }),
    () => ({ name: "Flatten", args: [draw.below(3), draw.oneOf([-1, -2, 1, 2])], shape: [2, ...batch(draw), 3] }),
    () => ({ name: "Identity", args: [], shape: batch(draw) }),
    () => ({ name: "Dropout", args: [draw.oneOf([0, 0.2, 0.5, 0.9, 1])], shape: [...batch(draw), 5] }),
    () => ({
      name: draw.oneOf(["Dropout2d", "AlphaDropout", "FeatureAlphaDropout"]),
      args: [draw.oneOf([0, 0.2, 0.5, 0.9, 1])],
      shape: [2, 3, ...batch(draw)],
    }),
    () => ({
      name: draw.oneOf(["ReflectionPad1d", "ReplicationPad1d"]),
      args: [draw.several(2, () => draw.oneOf([0, 1, 2, -1]))],
      shape: [...draw.oneOf([[2], [2, 1]]), draw.oneOf([3, 5])],
    }),
    () => ({
      name: "Embedding",
      args: [4, to],
      options: draw.settings({ paddingIdx: [0, 3, -1, null] }),
      shape: batch(draw),
      words: 4,
    }),
  ];
  return draw.oneOf(layers)();
}

/**
 * For normalization in float32: differences of these are exact, and 0 or not small, so that it does not divide what rounding has
 * left of them by a small deviation. Float64 has digits enough for other numbers, larger ones among them.
 */
const eighths = (draw: Draw): number => (draw.below(33) - 16) / 8;
const specialEighths = special.filter((x) => !(Number.isFinite(x) && Math.abs(x) > 2));

/** Where all numbers are equal, what is left of their difference is divided by the root of eps. */
const toleranceOfNorm = { float32: 2e-4, float64: 1e-9 };

type Layers = Record<string, new (...args: unknown[]) => nn.Module>;

const indicesOf = (draw: Draw, shape: readonly number[], words: number): Tensor => {
  const count = shape.reduce((a, b) => a * b, 1);
  return torch
    .tensor(
      draw.several(count, () => draw.below(words)),
      { dtype: "int32" },
    )
    .view(shape);
};

/** Whether an input has a gradient of which docs/differences.md tells: of bends at NaN, a slope of 1/6, and of windows that see padding only. */
function isExplained(name: string, layer: nn.Module, x: Tensor): boolean {
  const has = (tensor: Tensor) => tensor.any().item() === 1;
  if (name === "Hardsigmoid") return x.dtype === "float64";
  if (/^([CS]?ELU|ReLU6|Hard(tanh|swish|shrink)|Softshrink)$/.test(name)) return has(unobserved(x).isnan());
  return name === "MaxPool2d" && has(unobserved(layer).forward(zeros(x.shape)).eq(-Infinity));
}

export function randomLayer(draw: Draw): Pick<RandomCase, "run" | "comparing"> {
  const { name, args, options, shape, words } = draw.oneOf([
    convolution,
    pooling,
    normalization,
    recurrent,
    activationLayer,
    other,
  ])(draw);
  const dtype = draw.oneOf(["float32", "float64"] as const);
  const training = !draw.isOneIn(4);
  const given = /^Linear|^Conv|Norm|^Embedding|^PReLU|RNN|LSTM|GRU/.test(name) ? { ...options, dtype } : options;
  const passes = draw.oneOf([1, 1, 2]);
  const run = () => {
    torch.manualSeed(draw.below(1000));
    const layer = new (torch.nn as unknown as Layers)[name](...args, ...(given ? [given] : [])).train(training);
    const [make, specials] = /Norm/.test(name) && dtype === "float32" ? [eighths, specialEighths] : [plain, special];
    const x = words === undefined ? inputOf(draw, shape, dtype, make, specials) : indicesOf(draw, shape, words);
    for (let pass = 1; pass < passes; pass++) layer.forward(x);
    const ys = [layer.forward(x)].flat(2) as Tensor[]; // recurrent layers give their state, too
    const isCompared = words === undefined && !isExplained(name, layer, x);
    const inputs = [...(isCompared ? [x] : []), ...layer.parameters()];
    const sums = ys.map((y) => y.mul(numbersOf(draw, y.shape, dtype)).sum());
    const loss = sums.reduce((a, b) => a.add(b));
    const gradients = inputs.length > 0 ? torch.gradients(loss, inputs) : null;
    return [ys, gradients, layer.buffers()];
  };
  return { run, comparing: /Norm/.test(name) ? { rtol: 2e-5, atol: toleranceOfNorm[dtype] } : toleranceFor(dtype) };
}
