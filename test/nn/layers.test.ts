/**
 * Every layer computes, holds, prints and refuses what PyTorch's does, over a grid of options; those in float64 have
 * derivatives of which gradcheck says that they are right.
 */
import { describe, expect, it } from "vitest";
import {
  arange,
  type DType,
  full,
  Generator,
  getBackend,
  grad,
  gradcheck,
  gradgradcheck,
  nn,
  noGrad,
  ones,
  rand,
  setBackend,
  type Tensor,
  tensor,
} from "../../src/index.ts";
import * as curved from "../../src/nn/activation.ts";
import * as piecewise from "../../src/nn/piecewise.ts";
import { Answers, choicesOf, expectExact, product, torch } from "../support/index.ts";

interface Setting {
  dtype?: DType;
  training?: boolean;
  /** Whether the first elements of the input are special. */
  edges?: boolean;
}

type LayerCase = [name: string, args: unknown[], shape: number[], options?: object, setting?: Setting];
type Layers = Record<string, new (...args: unknown[]) => nn.Module>;

const float64: Setting = { dtype: "float64" };
const edges: Setting = { edges: true };
const evaluated: Setting = { training: false };

const titleOf = ([name, args, shape, options = {}, setting = {}]: LayerCase): string =>
  [`${name} ${JSON.stringify(args)} ${JSON.stringify(options)} of [${shape}]`, ...Object.entries(setting)].join(", ");

type Choices = Record<string, unknown[]>;

/** The layer with each list of arguments and every choice of options. */
const grid = (name: string, lists: unknown[][], shape: number[], choices: Choices = {}, setting: Setting = {}) =>
  product(lists, choicesOf(choices)).map(([args, options]): LayerCase => [name, args, shape, options, setting]);

const pytorch = torch.nn as unknown as Layers;

function layerOf(layers: Layers, [name, args, , options = {}, setting = {}]: LayerCase): nn.Module {
  const { dtype = "float32", training = true } = setting;
  const takesDtype = /^Linear|^Conv(?!ert)|Norm|^PReLU/.test(name) && name !== "LocalResponseNorm";
  return new layers[name](...args, takesDtype ? { ...options, dtype } : options).train(training);
}

/** What can go wrong in a branch that is not taken, or at a bend. */
const special = [0, -0, 100, -100, Infinity, 1e-20, -Infinity, Number.NaN];

/** The layer after manualSeed(0), then its input, then the gradient of its output. At special numbers the second one, too. */
function run(layerCase: LayerCase): unknown {
  const [, , shape, , { dtype = "float32", edges = false } = {}] = layerCase;
  torch.manualSeed(0);
  const layer = layerOf(pytorch, layerCase);
  const x = torch.rand(shape, { dtype }).mul(2).sub(1);
  if (edges) {
    x.view(-1).slice(0, 0, special.length).copy_(torch.tensor(special, { dtype }));
  }
  x.requiresGrad_();
  const y = layer.forward(x);
  y.backward(torch.rand(y.shape, { dtype }));
  const result = [String(layer), y, x.grad, layer.parameters().map(({ grad }) => grad), layer.buffers()];
  const isTwice = edges && !/^(Hardsigmoid|Mish)$/.test(layerCase[0]); // PyTorch has none of the one, and NaN of the other
  return isTwice ? [...result, secondDerivative(layer, x)] : result;
}

function secondDerivative(layer: nn.Module, x: Tensor): Tensor[] {
  const [dx] = torch.grad(layer.forward(x).sum(), [x], { createGraph: true });
  return torch.gradients(dx.sum(), [x]);
}

const linears: LayerCase[] = [
  ...[[4], [2, 4], [2, 3, 4], [0, 4]].map((shape): LayerCase => ["Linear", [4, 3], shape]),
  ["Linear", [4, 3], [2, 4], { bias: false }],
  ["Linear", [5, 3], [2, 1, 2, 5]],
  ["Linear", [3, 2], [2, 3], {}, float64],
  ...grid("Flatten", product([0, 1], [1, -1]), [2, 3, 2]),
  ["Flatten", [1, -1], [2, 2, 1], {}, float64],
  ["Identity", [], [4, 4], {}, edges],
  ["Identity", [], [2], {}, float64],
];

const convolutions: LayerCase[] = [
  ...grid("Conv2d", product([2], [3], [1, [3, 2]]), [2, 2, 5, 6], {
    stride: [1, [2, 3]],
    padding: [0, [1, 2]],
    dilation: [1, [2, 1]],
  }),
  ["Conv2d", [2, 3, 3], [2, 5, 6], { padding: 1 }],
  ["Conv2d", [4, 6, 3], [2, 4, 4, 5], { groups: 2, padding: 1 }],
  ["Conv2d", [3, 6, 3], [2, 3, 4, 5], { groups: 3, bias: false }],
  ["Conv2d", [2, 2, [2, 3]], [1, 2, 4, 4], { padding: "same" }],
  ["Conv2d", [2, 2, [4, 3]], [1, 2, 5, 5], { padding: "same", dilation: [1, 2] }],
  ["Conv2d", [2, 2, 3], [1, 2, 5, 5], { padding: "valid" }],
  ["Conv2d", [2, 1, 5], [1, 2, 5, 5]],
  ["Conv2d", [2, 1, 3], [0, 2, 5, 5]],
  ["Conv2d", [1, 2, 3], [1, 1, 3, 3], { padding: 4, stride: 3 }],
  ...grid("Conv2d", [[1, 2, 3]], [1, 1, 4, 5], {
    padding: [[1, 2]],
    paddingMode: ["reflect", "replicate", "circular"],
  }),
  ["Conv2d", [1, 2, [2, 3]], [1, 1, 4, 5], { padding: "same", paddingMode: "reflect", bias: false }],
  ["Conv2d", [2, 2, 2], [2, 2, 2, 3], { padding: 1, groups: 2 }, float64],
  ["Conv1d", [1, 2, 3], [2, 1, 5], { padding: 2, paddingMode: "circular" }],
  ["Conv1d", [2, 3, 1], [2, 2, 7], { stride: 1, padding: 0, dilation: 1 }],
  ["Conv1d", [2, 3, 3], [2, 2, 7], { stride: 1, padding: 1, dilation: 1 }],
  ["Conv1d", [2, 3, 3], [2, 2, 7], { stride: 2, padding: 0, dilation: 1 }],
  ["Conv1d", [2, 3, 2], [2, 2, 7], { stride: 3, padding: 2, dilation: 2 }],
  ["Conv1d", [2, 3, 4], [2, 2, 7], { stride: 1, padding: "same", dilation: 1 }],
  ["Conv1d", [4, 2, 3], [4, 6], { groups: 2, bias: false }, float64],
  ["Conv1d", [2, 2, 2], [2, 2, 5], { stride: 2 }, float64],
  ["ConvTranspose2d", [2, 3, 1], [2, 2, 3, 4], { stride: 1, padding: 0, outputPadding: 0, dilation: 1 }],
  ["ConvTranspose2d", [2, 3, 3], [2, 2, 3, 4], { stride: 1, padding: 1, outputPadding: 0, dilation: 1 }],
  ["ConvTranspose2d", [2, 3, [2, 3]], [2, 2, 3, 4], { stride: 2, padding: [0, 1], outputPadding: 1, dilation: 1 }],
  ["ConvTranspose2d", [2, 3, 3], [2, 2, 3, 4], { stride: [2, 3], padding: 1, outputPadding: [1, 2], dilation: [2, 1] }],
  ["ConvTranspose2d", [2, 3, 2], [2, 2, 3, 4], { stride: 1, padding: 0, outputPadding: 1, dilation: 2 }],
  ["ConvTranspose2d", [4, 6, 3], [2, 4, 2, 3], { groups: 2, stride: 2 }],
  ["ConvTranspose2d", [2, 3, 3], [2, 3, 4], { bias: false }],
  ["ConvTranspose2d", [2, 1, 2], [1, 2, 2, 2], { stride: 2 }, float64],
  ["ConvTranspose1d", [2, 3, 3], [2, 2, 4], { stride: 2, padding: 1, outputPadding: 1 }],
  ["ConvTranspose1d", [2, 1, 2], [2, 3], {}, float64],
];

const volumes: LayerCase[] = [
  ...grid("Conv3d", [[2, 3, [2, 1, 3]]], [2, 2, 4, 3, 5], {
    stride: [1, [2, 1, 3]],
    padding: [0, [1, 0, 2]],
    dilation: [1, [2, 1, 2]],
  }),
  ["Conv3d", [4, 6, 2], [4, 3, 4, 3], { groups: 2, bias: false }],
  ["Conv3d", [2, 2, [4, 3, 2]], [1, 2, 5, 4, 3], { padding: "same", dilation: [1, 2, 1] }],
  ["Conv3d", [1, 2, 3], [0, 1, 3, 3, 3]],
  ...grid("Conv3d", [[1, 2, [1, 2, 3]]], [1, 1, 4, 3, 4], {
    padding: [[1, 2, 1]],
    paddingMode: ["reflect", "replicate", "circular"],
  }),
  ["Conv3d", [2, 2, 2], [1, 2, 2, 3, 2], { padding: [1, 0, 0], groups: 2 }, float64],
  [
    "ConvTranspose3d",
    [2, 3, [3, 1, 2]],
    [2, 2, 3, 2, 3],
    { stride: [2, 1, 3], padding: [1, 0, 1], outputPadding: [1, 0, 2] },
  ],
  ["ConvTranspose3d", [2, 3, 2], [1, 2, 2, 3, 2], { dilation: 2, outputPadding: 1 }],
  ["ConvTranspose3d", [4, 6, 2], [4, 2, 1, 2], { groups: 2, stride: 2, bias: false }],
  ["ConvTranspose3d", [1, 2, 2], [1, 1, 2, 1, 2], { stride: [2, 1, 1], padding: [1, 0, 0] }, float64],
  ["BatchNorm3d", [2], [2, 2, 1, 2, 3]],
  ["BatchNorm3d", [2], [2, 2, 1, 2, 2], {}, float64],
  ["InstanceNorm3d", [2], [2, 2, 2, 1, 3], { affine: true, trackRunningStats: true }],
  ["InstanceNorm3d", [2], [2, 2, 1, 2], {}, float64],
  ...grid("MaxPool3d", [[2], [[3, 2, 1]]], [2, 2, 4, 5, 6], {
    padding: [0, [1, 1, 0]],
    ceilMode: [false, true],
    stride: [undefined, [1, 2, 3]],
  }),
  ["MaxPool3d", [2], [1, 5, 5, 5], { dilation: [1, 2, 3], stride: 1 }],
  ["MaxPool3d", [2], [0, 2, 2, 2, 2]],
  ["MaxPool3d", [2], [1, 1, 4, 2, 2], {}, edges],
  ["MaxPool3d", [[2, 1, 2]], [1, 2, 2, 2], {}, float64],
  ...grid("AvgPool3d", [[2], [[3, 2, 3]]], [1, 2, 4, 5, 6], {
    padding: [1],
    ceilMode: [false, true],
    countIncludePad: [false, true],
  }),
  ["AvgPool3d", [2], [2, 4, 5, 6], { divisorOverride: 3, stride: [1, 2, 1] }],
  ["AvgPool3d", [[2, 1, 2]], [1, 3, 2, 3], { stride: 1 }, float64],
  ...["AdaptiveAvgPool3d", "AdaptiveMaxPool3d"].flatMap((name): LayerCase[] => [
    ...[1, 2, [2, 3, 4], [null, 2, 7], 0].map((size): LayerCase => [name, [size], [1, 2, 4, 5, 6]]),
    [name, [[2, 1, 3]], [1, 2, 2, 5], {}, edges],
    [name, [[2, 1, 2]], [1, 3, 2, 3], {}, float64],
  ]),
  ...["ReflectionPad3d", "ReplicationPad3d"].flatMap((name): LayerCase[] => [
    [name, [1], [1, 2, 2, 3, 2]],
    [name, [[1, 0, 1, 2, 0, 1]], [1, 2, 3, 2]],
    [name, [[1, 0, 0, 1, 1, 0]], [1, 2, 2, 2], {}, float64],
  ]),
];

const poolings: LayerCase[] = [
  ...grid("MaxPool2d", [[2], [[3, 2]]], [2, 2, 6, 7], {
    padding: [0, 1],
    ceilMode: [false, true],
    stride: [undefined, 1, [2, 3]],
  }),
  ["MaxPool2d", [2], [1, 1, 6, 7], { dilation: [2, 3], stride: 1 }],
  ["MaxPool2d", [3], [1, 1, 6, 7], { dilation: 2, padding: 1, ceilMode: true }],
  ["MaxPool2d", [2], [0, 2, 6, 7]],
  ["MaxPool2d", [2], [2, 4, 4], {}, float64],
  ...grid("AvgPool2d", [[2], [[3, 2]]], [2, 2, 6, 7], {
    padding: [1],
    ceilMode: [false, true],
    countIncludePad: [false, true],
    stride: [undefined, [2, 3]],
  }),
  ["AvgPool2d", [2], [1, 2, 6, 7], { divisorOverride: 3 }],
  ["AvgPool2d", [2], [1, 6, 7], { stride: [], padding: [1] }],
  ["AvgPool2d", [[2, 3]], [2, 4, 5], { stride: 1 }, float64],
  ["AvgPool2d", [2], [1, 1, 3, 3], { padding: 1 }, float64],
  ...[1, 2, 3, [4, 7], [null, 3], 9].map((size): LayerCase => ["AdaptiveAvgPool2d", [size], [1, 2, 5, 7]]),
  ["AdaptiveAvgPool2d", [[2, 3]], [2, 3, 5], {}, float64],
  ...[1, 3].map((size): LayerCase => ["AdaptiveAvgPool2d", [size], [2, 5, 6], {}, edges]),
];

const sequences: LayerCase[] = [
  ...grid("MaxPool1d", [[2], [3]], [2, 2, 7], { padding: [0, 1], ceilMode: [false, true], stride: [undefined, 1] }),
  ["MaxPool1d", [2], [2, 7], { dilation: 2, stride: 1 }],
  ["MaxPool1d", [2], [1, 5], {}, float64],
  ...grid("AvgPool1d", [[2], [3]], [2, 2, 7], {
    padding: [1],
    ceilMode: [false, true],
    countIncludePad: [false, true],
  }),
  ["AvgPool1d", [2], [1, 5], { stride: 1 }, float64],
  ...["AdaptiveAvgPool1d", "AdaptiveMaxPool1d"].flatMap((name): LayerCase[] => [
    ...[1, 2, 3, 7, 9].map((size): LayerCase => [name, [size], [1, 2, 7]]),
    [name, [2], [1, 5], {}, float64],
    [name, [3], [2, 10], {}, edges],
  ]),
  ...[1, 2, 3, [4, 7], [null, 3], 9].map((size): LayerCase => ["AdaptiveMaxPool2d", [size], [1, 2, 5, 7]]),
  ["AdaptiveMaxPool2d", [[2, 3]], [2, 3, 5], {}, float64],
  ...grid(
    "LPPool1d",
    [
      [2, 3],
      [3, 2],
    ],
    [2, 2, 7],
    { ceilMode: [false, true], stride: [undefined, 1] },
  ),
  ["LPPool1d", [2, 2], [1, 4], {}, float64],
  ...grid(
    "LPPool2d",
    [
      [2, 3],
      [4, [3, 2]],
    ],
    [2, 2, 6, 7],
    { ceilMode: [false, true], stride: [undefined, [1, 2]] },
  ),
  ["LPPool2d", [2, 2], [1, 2, 4], {}, float64],
  ...[1, 2, 3, 5].flatMap((size): LayerCase[] => [
    ["LocalResponseNorm", [size], [2, 4, 3], { alpha: 0.5 }],
    ["LocalResponseNorm", [size], [2, 4, 3, 2], { alpha: 0.1, beta: 0.5, k: 2.5 }],
  ]),
  ["LocalResponseNorm", [2], [1, 3, 2], {}, float64],
];

const paddings: LayerCase[] = ["ConstantPad1d", "ConstantPad2d", "ConstantPad3d"].flatMap((name, i): LayerCase[] => [
  [name, [1, 3.5], [2, 2, 3, 2]],
  [name, [[-1, 2, 1, 1, 0, 1].slice(0, 2 * (i + 1)), -2], [2, 2, 3, 2]],
  [name, [[1, 0, 0, 1, 0, 2].slice(0, 2 * (i + 1)), 0.5], [2, 1, 2], {}, float64],
]);
const images = [
  ...["ZeroPad2d", "ReflectionPad2d", "ReplicationPad2d"].flatMap((name): LayerCase[] => [
    [name, [1], [1, 2, 3, 4]],
    [name, [[2, 1, 0, 1]], [2, 3, 4]],
    [name, [[1, 1, 0, 1]], [1, 2, 2], {}, float64],
  ]),
  ...["ReflectionPad1d", "ReplicationPad1d"].flatMap((name): LayerCase[] => [
    [name, [2], [1, 2, 4]],
    [name, [[2, 1]], [2, 3]],
    [name, [[1, 1]], [1, 2], {}, float64],
  ]),
];

const resizings: LayerCase[] = [
  ...["nearest", "nearest-exact", "area"].flatMap((mode) =>
    grid("Upsample", [[]], [2, 2, 4, 5], { mode: [mode], size: [7, [2, 9]] }),
  ),
  ...["linear", "bilinear", "trilinear"].flatMap((mode, i) =>
    grid("Upsample", [[]], [2, 1, ...[3, 4, 5].slice(2 - i)], {
      mode: [mode],
      scaleFactor: [1.7, 0.6],
      alignCorners: [false, true],
      recomputeScaleFactor: [null, true],
    }),
  ),
  ...grid("Upsample", [[]], [1, 2, 5, 6], { mode: ["bicubic"], size: [3, [8, 7]], alignCorners: [false, true] }),
  ...["nearest", "nearest-exact"].flatMap((mode): LayerCase[] => [
    ["Upsample", [], [2, 1, 7], { mode, scaleFactor: 0.5 }],
    ["Upsample", [], [1, 2, 2, 3, 2], { mode, scaleFactor: [1, 2, 1.5] }],
  ]),
  ["Upsample", [], [1, 2, 3, 4], { mode: "bilinear", size: [3, 5] }, edges],
  ["Upsample", [], [1, 2, 3, 2], { mode: "bicubic", size: [3, 3] }, float64],
  ["Upsample", [], [0, 2, 3, 2], { scaleFactor: 2 }],
  ["UpsamplingNearest2d", [], [1, 2, 3, 4], { scaleFactor: 2 }, edges],
  ["UpsamplingNearest2d", [], [1, 1, 2, 2], { size: 3 }, float64],
  ["UpsamplingBilinear2d", [], [1, 2, 3, 4], { scaleFactor: [2, 3] }],
  ["UpsamplingBilinear2d", [], [1, 1, 2, 2], { size: [3, 1] }, float64],
  ...["PixelShuffle", "PixelUnshuffle"].flatMap((name): LayerCase[] => [
    [name, [2], [2, 8, 2, 4]],
    [name, [3], [2, 1, 9, 3, 6]],
    [name, [2], [4, 2, 2], {}, float64],
  ]),
  ...grid("Unfold", [[2], [[3, 2]]], [2, 3, 5, 6], {
    dilation: [1, [1, 2]],
    padding: [0, [2, 1]],
    stride: [1, [2, 3]],
  }),
  ["Unfold", [2], [2, 3, 3], { stride: 2, padding: 1 }, float64],
  ...grid("Fold", [[[4, 5], 2]], [2, 8, 12], { dilation: [1], padding: [0], stride: [1] }),
  [
    "Fold",
    [
      [4, 5],
      [2, 3],
    ],
    [12, 12],
    { padding: [1, 0], dilation: [2, 1] },
  ],
  ["Fold", [3, 2], [1, 4, 4], { stride: 2, padding: 1 }, float64],
];

/** What an activation has to be told. */
const needed: Record<string, unknown[]> = {
  ...{ Softmax: [1], LogSoftmax: [1], Softmin: [1] },
  ...{ GLU: [0], Threshold: [0.1, 20] },
};
const activations: LayerCase[] = [
  ...Object.keys({ ...curved, ...piecewise })
    .filter((name) => name !== "default" && name !== "Softmax2d")
    .flatMap((name): LayerCase[] => [
      [name, needed[name] ?? [], [4, 4], {}, edges],
      [name, needed[name] ?? [], [4, 4], {}, { ...float64, ...edges }],
      [name, needed[name] ?? [], [2, 3], {}, float64],
    ]),
  ["GELU", [], [3, 4], { approximate: "tanh" }],
  ["GELU", [], [2, 3], { approximate: "tanh" }, float64],
  ["LeakyReLU", [], [4, 4], { negativeSlope: 0.2 }, edges],
  ["LeakyReLU", [], [3, 4], { negativeSlope: 1e-5 }],
  ["ELU", [], [4, 4], { alpha: 0.5 }, edges],
  ...[0.5, -2.5].map((alpha): LayerCase => ["CELU", [], [4, 4], { alpha }, edges]),
  ["Hardtanh", [], [4, 4], { minVal: -0.5, maxVal: 0.25 }, edges],
  ["Threshold", [-0.2, 0.5], [4, 4], {}, edges],
  ["Softshrink", [], [4, 4], { lambd: 0.25 }, edges],
  ["Hardshrink", [], [4, 4], { lambd: 0.25 }, edges],
  ["PReLU", [], [4, 4], { numParameters: 4, init: 0.1 }, edges],
  ["PReLU", [], [2, 3, 2], { numParameters: 3 }, float64],
  ["RReLU", [], [4, 4], { lower: 0.1, upper: 0.5 }, evaluated],
  ...grid("GLU", [[0], [1], [-1]], [2, 4, 6]),
  ...[
    [2, 3, 2, 2],
    [3, 2, 2],
  ].map((shape): LayerCase => ["Softmax2d", [], shape, {}, float64]),
  ["Softplus", [], [3, 4], { beta: 2, threshold: 1 }],
  ["Softplus", [], [4, 4], { beta: 3, threshold: 0.5 }, edges],
  ...["Softmax", "LogSoftmax", "Softmin"].flatMap((name) => grid(name, [[0], [1], [-1]], [2, 3, 2])),
];

const optional = { affine: [false, true], trackRunningStats: [false, true] };
const normalizations: LayerCase[] = [
  ["BatchNorm1d", [2], [3, 2], {}, float64],
  ["BatchNorm2d", [3], [2, 3, 3, 4]],
  ["BatchNorm2d", [3], [2, 3, 3, 4], {}, evaluated],
  ["BatchNorm2d", [2], [3, 2, 2, 3], { eps: 0.1, momentum: 0.3, affine: false }],
  ["BatchNorm2d", [2], [2, 2, 2, 2], { momentum: null }, float64],
  ["BatchNorm2d", [2], [2, 2, 2, 2], {}, { ...float64, ...evaluated }],
  ["BatchNorm2d", [2], [3, 2, 2, 3], { trackRunningStats: false }, evaluated],
  ["BatchNorm2d", [2], [1, 2, 5, 5]],
  ...[{}, { elementwiseAffine: [false] }, { eps: [0.1] }].flatMap((choices) =>
    grid("LayerNorm", [[4], [[3, 4]]], [2, 3, 4], choices),
  ),
  ["LayerNorm", [[4]], [4], {}, float64],
  ["LayerNorm", [3], [2, 3], {}, float64],
  ["LayerNorm", [1], [2, 1]],
  ...[{}, { elementwiseAffine: [false] }, { eps: [0.1] }].flatMap((choices) =>
    grid("RMSNorm", [[4], [[3, 4]]], [2, 3, 4], choices),
  ),
  ["RMSNorm", [3], [2, 3], {}, float64],
  ["RMSNorm", [1], [2, 1]],
  ["RMSNorm", [3], [0, 3]],
  ...[{}, { affine: [false] }, { eps: [0.1] }].flatMap((choices) =>
    grid("GroupNorm", product([1, 2, 4], [4]), [2, 4, 3], choices),
  ),
  ["GroupNorm", [2, 4], [2, 4, 2, 2], {}, float64],
  ["GroupNorm", [2, 4], [3, 4], {}, float64],
  ...[true, false].flatMap((training) => grid("InstanceNorm2d", [[3]], [2, 3, 2, 3], optional, { training })),
  ["InstanceNorm2d", [2], [2, 2, 2], { affine: true }, float64],
  ["InstanceNorm1d", [3], [2, 3, 4], { eps: 0.1, momentum: 0.3, trackRunningStats: true }],
  ["InstanceNorm1d", [2], [2, 3], {}, float64],
];

const dropouts: LayerCase[] = [
  ...[0.5, 0.2, 0, 1].map((p): LayerCase => ["Dropout", [p], [4, 5]]),
  ["Dropout", [0.5], [4, 5], {}, evaluated],
  ["Dropout", [0.3], [3, 2], {}, float64],
  ...[
    [3, 4, 5],
    [4, 5],
  ].map((shape): LayerCase => ["Dropout1d", [0.4], shape]),
  ...[
    [2, 4, 2, 3],
    [3, 4, 5],
    [4, 3],
  ].map((shape): LayerCase => ["Dropout2d", [0.4], shape]),
  ...[
    [2, 4, 1, 2, 3],
    [4, 1, 2, 3],
  ].map((shape): LayerCase => ["Dropout3d", [0.4], shape]),
  ["FeatureAlphaDropout", [0.4], [3, 4, 5]],
  ["AlphaDropout", [0.4], [3, 4, 5]],
  ...["Dropout2d", "AlphaDropout", "FeatureAlphaDropout"].flatMap((name): LayerCase[] => [
    ...[0, 1].map((p): LayerCase => [name, [p], [2, 3]]),
    [name, [0.5], [2, 3], {}, evaluated],
    [name, [0.3], [3, 2], {}, float64],
  ]),
];

const answers = new Answers("layers");
const cases = [
  ...linears,
  ...convolutions,
  ...volumes,
  ...poolings,
  ...sequences,
  ...paddings,
  ...images,
  ...resizings,
  ...activations,
  ...normalizations,
  ...dropouts,
];

/** A Linear layer of float32 sums a few products only, and so is nearer to PyTorch's than the other layers. */
const toleranceOf = ([name, , , , { dtype } = {}]: LayerCase) =>
  name === "Linear" && dtype !== "float64"
    ? { rtol: 0, atol: 5e-7 }
    : name === "Hardsigmoid"
      ? { rtol: 2e-7 } // PyTorch rounds its slope, 1/6, to float32, in float64, too
      : {};

describe.each(["js", "wasm"] as const)("on %s", (backend) => {
  it.each(cases.map((layerCase) => ({ layerCase, title: titleOf(layerCase) })))("$title", ({ layerCase, title }) => {
    const before = getBackend();
    setBackend(backend);
    answers.check(title, () => run(layerCase), toleranceOf(layerCase));
    setBackend(before);
  });
});

answers.it("Dropout of everything leaves truths what they are", () =>
  new torch.nn.Dropout(1).forward(torch.tensor([true, false])),
);

/** The layer with inputs of each of these shapes, and each of these options. */
const refusals = (name: string, args: unknown[], shapes: string, ...options: object[]): LayerCase[] =>
  product(shapes.split(" "), options.length > 0 ? options : [{}]).map(([shape, given]) => {
    return [name, args, shape.split("x").map(Number), given];
  });

const refused: LayerCase[] = [
  ...refusals("Linear", [4, 3], "2x3 5x2x3"),
  ["LayerNorm", [3], [2, 4]],
  ["LayerNorm", [[2, 3]], [3]],
  ["GroupNorm", [2, 3], [2, 3]],
  ["GroupNorm", [2, 2], [1, 2]],
  ["GroupNorm", [4, 4], [1, 4, 1]],
  ["GroupNorm", [2, 4], [2, 3]],
  ["InstanceNorm2d", [3], [1, 3, 1, 1]],
  ...refusals("BatchNorm2d", [3], "2x3x4 2x4x2x2 1x3x1x1"),
  ["Dropout", [1.5], [2]],
  ...["Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout"].map(
    (name): LayerCase => [name, [-0.5], [2, 3]],
  ),
  ...refusals("Dropout1d", [0.5], "2 2x3x4x5"),
  ["Dropout2d", [0.5], [2]],
  ["FeatureAlphaDropout", [0.5], [2]],
  ["RMSNorm", [3], [2, 4]],
  ["GLU", [-1], [2, 3]],
  ["GLU", [0], []],
  ["CELU", [], [2], { alpha: 0 }],
  ["Softshrink", [], [2], { lambd: -1 }],
  ["Softmax2d", [], [2, 2]],
  ["PReLU", [], [2, 4], { numParameters: 3 }],
  ["PReLU", [], [], { numParameters: 2 }],
  ["ReflectionPad1d", [1], [3]],
  ["GELU", [], [2], { approximate: "sigmoid" }],
  ...refusals("Conv2d", [3, 4, 3], "8x8 1x2x8x8 1x3x2x8"),
  ...refusals("Conv2d", [3, 4, 3], "1x3x8x8", { stride: 0 }, { padding: -1 }, { dilation: 0 }, { groups: 2 }),
  ["Conv2d", [4, 3, 3], [1, 3, 8, 8], { groups: 2 }],
  ["Conv2d", [4, 4, 3], [1, 3, 8, 8], { groups: 2 }],
  ...refusals("Conv2d", [4, 4, 3], "1x4x8x8", { groups: 0 }, { padding: "same", stride: 2 }),
  ...refusals("Conv1d", [3, 4, 3], "8 1x2x8 1x3x2"),
  ...refusals("ConvTranspose2d", [4, 3, 3], "5x5 1x3x5x5"),
  ["ConvTranspose2d", [4, 3, 3], [1, 4, 5, 5], { outputPadding: 1 }],
  ["ConvTranspose2d", [4, 3, 3], [1, 4, 1, 1], { padding: 3 }],
  ...["MaxPool3d", "AvgPool3d"].flatMap((name) => [
    ...refusals(name, [2], "8x8x8 1x0x8x8x8 1x1x0x8x8 1x1x1x8x8"),
    ...refusals(
      name,
      [2],
      "1x4x4x4",
      { stride: 0 },
      { padding: 2 },
      { padding: -1 },
      { padding: [1, 2] },
      { stride: [1, 2] },
    ),
    ...refusals(name, [[1, 2]], "1x4x4x4"),
  ]),
  ...refusals("MaxPool3d", [2], "1x4x4x4", { dilation: 0 }, { dilation: [1, 2] }),
  ["AvgPool3d", [2], [1, 4, 4, 4], { divisorOverride: 0 }],
  ...["AdaptiveAvgPool3d", "AdaptiveMaxPool3d"].flatMap((name) => refusals(name, [2], "8x8x8 1x1x0x8x8 1x0x8x8x8")),
  ["AdaptiveMaxPool3d", [[2, 2]], [1, 4, 4, 4]],
  ["AdaptiveAvgPool3d", [[2, 2]], [1, 4, 4, 4]],
  ...refusals("Conv3d", [3, 4, 3], "8x8x8 1x2x8x8x8 1x3x2x8x8"),
  ["ConvTranspose3d", [4, 3, 3], [1, 4, 5, 5, 5], { outputPadding: 1 }],
  ["ConvTranspose3d", [4, 3, 3], [1, 4, 1, 1, 1], { padding: 3 }],
  ["BatchNorm3d", [2], [1, 2, 3, 3]],
  ["InstanceNorm3d", [2], [2, 3, 3]],
  ["InstanceNorm3d", [2], [1, 2, 1, 1, 1]],
  ["ReflectionPad3d", [1], [2, 2, 2]],
  ...refusals("MaxPool2d", [2], "8x8 1x1x1x1 1x0x8x8"),
  ...refusals("MaxPool2d", [2], "1x1x8x8", { padding: 2 }, { stride: 0 }, { dilation: 0 }, { padding: -1 }),
  ["AvgPool2d", [2], [1, 1, 1, 1]],
  ...refusals("AvgPool2d", [2], "1x1x8x8", { padding: 2 }, { divisorOverride: 0 }),
  ...refusals("AdaptiveAvgPool2d", [2], "8x8 1x1x0x8"),
  ["AdaptiveAvgPool2d", [[2]], [1, 8, 8]],
  ["AvgPool2d", [[1, 2, 3]], [1, 8, 8]],
  ["MaxPool1d", [2], [2]],
  ...["AvgPool1d", "AdaptiveAvgPool1d", "AdaptiveMaxPool1d"].map((name): LayerCase => [name, [2], [2]]),
  ...refusals("AvgPool2d", [2], "1x8x8", { stride: [1, 2, 3] }, { padding: [] }),
  ...refusals("MaxPool2d", [2], "1x8x8", { stride: [1, 2, 3] }, { dilation: [] }),
  ["AdaptiveAvgPool2d", [-1], [1, 1, 8, 8]],
  ...refusals("Upsample", [], "1x1x4x4", {}, { size: 2, scaleFactor: 2 }),
  ...refusals("Upsample", [], "1x1x4x4", { size: 0 }, { scaleFactor: 0.1 }, { scaleFactor: 2, alignCorners: true }),
  ...refusals("Upsample", [], "1x1x4x4", { size: 2, recomputeScaleFactor: true }, { size: 2, mode: "linear" }),
  ...refusals("Upsample", [], "4x4 1x1x1x1x1x1", { size: 2 }),
  ...refusals("Upsample", [], "1x1x4 4x4", { size: 2, mode: "bicubic" }, { size: 2, mode: "bilinear" }),
  ...refusals("Upsample", [], "1x0x4 1x0x4x4 1x1x0 1x1x2x0x2", { size: 2 }),
  ...refusals("PixelShuffle", [2], "3x4 1x3x4x4"),
  ["PixelShuffle", [0], [4, 2, 2]],
  ...refusals("PixelUnshuffle", [2], "3x4 1x3x3x4 1x3x4x3"),
  ["PixelUnshuffle", [-1], [4, 2, 2]],
  ...refusals("Unfold", [2], "1x3x1x1 1x0x4x4 3x0x4"),
  ...refusals("Unfold", [2], "1x3x4x4", { stride: 0 }, { dilation: [0, 1] }, { padding: -1 }, { padding: [1, 2, 3] }),
  ["Unfold", [0], [1, 3, 4, 4]],
  ...refusals("Fold", [4, 2], "12 1x11x9 1x12x8 1x0x9"),
  ...refusals("Fold", [4, 2], "1x12x9", { stride: 0 }, { dilation: [0, 1] }, { padding: -1 }, { padding: [1, 2, 3] }),
];

describe("refusals, in PyTorch's words", () => {
  for (const layerCase of refused) {
    const [name, args, shape, options = {}] = layerCase;
    answers.it(`error of ${titleOf(layerCase)}`, () =>
      torch.error(() => new pytorch[name](...args, options).forward(torch.zeros(shape)), "\n"),
    );
  }
});

describe("first and second derivatives, of input and parameters, are right:", () => {
  const checked = cases.filter(
    ([name, , , , { dtype, edges } = {}]) => dtype && !edges && !/Dropout|^RReLU/.test(name),
  );

  it.each(checked.map((layerCase) => ({ layerCase, title: titleOf(layerCase) })))("$title", ({ layerCase }) => {
    const layer = layerOf(nn as unknown as Layers, layerCase);
    const x = rand(layerCase[2], { dtype: "float64", generator: new Generator(1) })
      .sub(0.5)
      .requiresGrad_();
    const f = (x: Tensor) => layer.forward(x);
    expect(gradcheck(f, [x, ...layer.parameters()])).toBe(true);
    expect(gradgradcheck(f, [x, ...layer.parameters()])).toBe(true);
  });

  it("of every layer but those of which others tests are", () => {
    const others =
      /^Module|^Parameter|^Sequential|^Embedding|Dropout|Loss$|^RReLU|^Multihead|^Transformer|^Bilinear|Similarity$|Distance$|^(RNN|LSTM|GRU)|^Lazy/;
    const layers = Object.entries(nn).flatMap(([name, value]) =>
      typeof value === "function" && !others.test(name) ? name : [],
    );
    expect(layers.filter((name) => !checked.some(([of]) => of === name))).toEqual([]);
  });
});

it("Conv2d refuses a padding that has no meaning", () => {
  const padding = "full" as "same";
  expect(() => new nn.Conv2d(1, 1, 3, { padding })).toThrow("Invalid padding string 'full'");
});

describe("functions refuse, in PyTorch's words,", () => {
  const { adaptiveAvgPool2d, batchNorm, embedding, groupNorm, layerNorm } = torch.nn.functional;
  const [image, index] = [torch.ones([1, 4, 4], { dtype: "int32" }), torch.zeros(1, { dtype: "int32" })];
  const calls: Record<string, () => unknown> = {
    "batchNorm of one dimension": () => batchNorm(torch.ones(4), null, null, { training: true }),
    "groupNorm of one dimension": () => groupNorm(torch.ones(4), 2),
    "groupNorm of one value per group": () => groupNorm(torch.ones([1, 2]), 2),
    "groupNorm of -2 groups": () => groupNorm(torch.ones([2, 4]), -2),
    "layerNorm over no dimension": () => layerNorm(torch.ones([2, 2]), []),
    "adaptiveAvgPool2d of whole numbers": () => adaptiveAvgPool2d(image, 2),
    "adaptiveAvgPool2d of truths": () => adaptiveAvgPool2d(image.to("bool"), 2),
    "embedding of a vector": () => embedding(index, torch.ones(2)),
    "embedding of a cube": () => embedding(index, torch.ones([2, 2, 2])),
  };
  for (const [name, call] of Object.entries(calls)) answers.it(`error of ${name}`, () => torch.error(call, "\n"));
});

it("LocalResponseNorm refuses a matrix", () => {
  expect(() => new nn.LocalResponseNorm(2).forward(ones([2, 3]))).toThrow("Expected 3D or higher dimensionality");
});

it("where the largest elements are, is counted through the whole sequence or image", () => {
  const { adaptiveMaxPool2dWithIndices, maxPool1dWithIndices } = nn.functional;
  const row = tensor([[3, 1, 2, 5, 4]]);
  expect(maxPool1dWithIndices(row, 2, { stride: 1 }).indices.toArray()).toEqual([[0, 2, 3, 3]]);
  const image = rand([2, 2, 5, 7], { generator: new Generator(0) });
  const { values, indices } = adaptiveMaxPool2dWithIndices(image, [2, 3]);
  expectExact(image.flatten(2).gather(2, indices.flatten(2)), values.flatten(2));
});

it("a size may be a list of one, which counts for both dimensions", () => {
  const image = rand([1, 2, 6, 7], { generator: new Generator(0) });
  const { avgPool2d, conv2d, convTranspose2d, maxPool2d } = nn.functional;
  const kernel = rand([2, 2, 3, 3], { generator: new Generator(1) });
  expectExact(avgPool2d(image, [2], { stride: [1], padding: [1] }), avgPool2d(image, 2, { stride: 1, padding: 1 }));
  expectExact(maxPool2d(image, [2], { stride: [1], dilation: [2] }), maxPool2d(image, 2, { stride: 1, dilation: 2 }));
  expectExact(maxPool2d(image, 2, { stride: [] }), maxPool2d(image, 2));
  const listed = { stride: [2], padding: [1], dilation: [1] };
  const single = { stride: 2, padding: 1, dilation: 1 };
  expectExact(conv2d(image, kernel, null, listed), conv2d(image, kernel, null, single));
  const transposed = (options: object) => convTranspose2d(image, kernel, null, options);
  expectExact(transposed({ ...listed, outputPadding: [1] }), transposed({ ...single, outputPadding: 1 }));
});

it.each(["js", "wasm"] as const)("on %s, group norm of equal numbers is 0", (backend) => {
  const before = getBackend();
  setBackend(backend);
  for (const length of [5, 500]) {
    const y = nn.functional.groupNorm(full([2, 4, length], 1e4), 2);
    expect(y.abs().max().item()).toBe(0);
  }
  setBackend(before);
});

it.each([1, 500])("a window that sees padding only has -∞, and passes no gradient on: %i images", (images) => {
  // PyTorch passes it to an element that is not in the window.
  const x = arange(4 * images)
    .view(1, images, 4, 1)
    .requiresGrad_();
  const y = nn.functional.maxPool2d(x, 2, { padding: 1, dilation: 2 });
  const [dx] = grad(y.sum(), x, { createGraph: true });
  expect(y.select(1, 0).toArray()).toEqual([[[-Infinity], [-Infinity]]]);
  expect(dx.abs().sum().item()).toBe(0);
  const upstream = ones([1, images, 2, 1], { requiresGrad: true });
  const [passed] = grad(nn.functional.maxPool2d(x, 2, { padding: 1, dilation: 2 }), x, {
    gradOutputs: [upstream],
    createGraph: true,
  });
  expect(grad(passed.sum(), upstream)[0].abs().sum().item()).toBe(0);
});

describe("Embedding", () => {
  const int32 = (...values: number[]) => tensor(values, { dtype: "int32" });
  const words = int32(0, 1, 3, 0).view(2, 2);

  for (const paddingIdx of [null, 1, -3]) {
    const run = () => {
      torch.manualSeed(0);
      const layer = new torch.nn.Embedding(4, 2, { paddingIdx });
      const y = layer.forward(words);
      y.sum().backward();
      return [String(layer), layer.weight, y, layer.weight.grad];
    };
    answers.it(`gives vectors, and their gradients back, but none to the padding ${paddingIdx}`, run);
  }

  it("has vectors of any length, and gives new memory, also for a single index", () => {
    expect(String(new nn.Embedding(4, 0).forward(words).shape)).toBe("2,2,0");
    const layer = new nn.Embedding(3, 2);
    noGrad(() => layer.forward(tensor(1, { dtype: "int32" })).fill_(7));
    expect(layer.weight.eq(7).any().item()).toBe(0);
  });

  it("refuses what is not in the vocabulary", () => {
    for (const index of [2, -1])
      expect(() => new nn.Embedding(2, 2).forward(int32(index))).toThrow("index out of range in self");
    expect(() => new nn.Embedding(2, 2, { paddingIdx: 2 })).toThrow("Padding_idx must be within num_embeddings");
  });
});
