/** Every layer computes, holds and prints what PyTorch's does, over a grid of options. */
import { describe, expect, it } from "vitest";
import {
  type DType,
  Generator,
  getBackend,
  gradcheck,
  gradgradcheck,
  manualSeed,
  nn,
  rand,
  setBackend,
  type Tensor,
  tensor,
} from "../../src/index.ts";
import { Answers } from "../support/answers.ts";
import { expectClose, expectExact } from "../support/fixtures.ts";
import { torch } from "../support/torch.ts";

interface Setting {
  dtype?: DType;
  training?: boolean;
  /** Whether the first elements of the input are special. */
  edges?: boolean;
}

type LayerCase = [name: string, args: unknown[], shape: number[], options?: object, setting?: Setting];

const layers = torch.nn as unknown as Record<string, new (...args: unknown[]) => nn.Module>;

const titleOf = ([name, args, shape, options = {}, setting = {}]: LayerCase): string =>
  [`${name} ${JSON.stringify(args)} ${JSON.stringify(options)} of [${shape}]`, ...Object.entries(setting)].join(", ");

const takesDtype = (name: string) => /^Conv|Norm/.test(name);

/** The layer after manualSeed(0), then its input, then the gradient of its output. */
function run([name, args, shape, options = {}, setting = {}]: LayerCase): unknown {
  const { dtype = "float32", training = true, edges = false } = setting;
  torch.manualSeed(0);
  const layer = new layers[name](...args, takesDtype(name) ? { ...options, dtype } : options).train(training);
  const x = torch.rand(shape, { dtype }).mul(2).sub(1);
  if (edges) {
    x.view(-1)
      .slice(0, 0, 6)
      .copy_(torch.tensor([0, -0, 100, -100, Infinity, 1e-20], { dtype }));
  }
  x.requiresGrad_();
  const y = layer.forward(x);
  y.backward(torch.rand(y.shape, { dtype }));
  return [String(layer), y, x.grad, layer.parameters().map(({ grad }) => grad), layer.buffers()];
}

/** Every choice of one item of each list. */
const product = <T extends unknown[]>(...lists: { [I in keyof T]: T[I][] }): T[] =>
  lists.reduce<unknown[][]>((chosen, list) => chosen.flatMap((some) => list.map((x) => [...some, x])), [[]]) as T[];

type Size = number | [number, number];
const float64: Setting = { dtype: "float64" };
const edges: Setting = { edges: true };
const evaluated: Setting = { training: false };

const convolutions: LayerCase[] = [
  ...product<[Size, Size, Size, Size]>([1, [3, 2]], [1, [2, 3]], [0, [1, 2]], [1, [2, 1]]).map(
    ([kernel, stride, padding, dilation]): LayerCase => [
      "Conv2d",
      [2, 3, kernel],
      [2, 2, 5, 6],
      { stride, padding, dilation },
    ],
  ),
  ["Conv2d", [2, 3, 3], [2, 2, 5, 6], {}, float64],
  ["Conv2d", [2, 3, 3], [2, 5, 6], { padding: 1 }],
  ["Conv2d", [4, 6, 3], [2, 4, 4, 5], { groups: 2, padding: 1 }],
  ["Conv2d", [3, 6, 3], [2, 3, 4, 5], { groups: 3, bias: false }],
  ["Conv2d", [2, 2, [2, 3]], [1, 2, 4, 4], { padding: "same" }],
  ["Conv2d", [2, 2, [4, 3]], [1, 2, 5, 5], { padding: "same", dilation: [1, 2] }],
  ["Conv2d", [2, 2, 3], [1, 2, 5, 5], { padding: "valid" }],
  ["Conv2d", [2, 1, 5], [1, 2, 5, 5]],
  ["Conv2d", [2, 1, 3], [0, 2, 5, 5]],
  ["Conv2d", [1, 2, 3], [1, 1, 3, 3], { padding: 4, stride: 3 }],
  ...["reflect", "replicate", "circular"].map(
    (paddingMode): LayerCase => ["Conv2d", [1, 2, 3], [1, 1, 4, 5], { padding: [1, 2], paddingMode }],
  ),
  ["Conv2d", [1, 2, [2, 3]], [1, 1, 4, 5], { padding: "same", paddingMode: "reflect", bias: false }],
  ["Conv1d", [1, 2, 3], [2, 1, 5], { padding: 2, paddingMode: "circular" }],
  ["Conv1d", [2, 3, 1], [2, 2, 7], { stride: 1, padding: 0, dilation: 1 }],
  ["Conv1d", [2, 3, 3], [2, 2, 7], { stride: 1, padding: 1, dilation: 1 }],
  ["Conv1d", [2, 3, 3], [2, 2, 7], { stride: 2, padding: 0, dilation: 1 }],
  ["Conv1d", [2, 3, 2], [2, 2, 7], { stride: 3, padding: 2, dilation: 2 }],
  ["Conv1d", [2, 3, 4], [2, 2, 7], { stride: 1, padding: "same", dilation: 1 }],
  ["Conv1d", [4, 2, 3], [4, 6], { groups: 2, bias: false }, float64],
  ["ConvTranspose2d", [2, 3, 1], [2, 2, 3, 4], { stride: 1, padding: 0, outputPadding: 0, dilation: 1 }],
  ["ConvTranspose2d", [2, 3, 3], [2, 2, 3, 4], { stride: 1, padding: 1, outputPadding: 0, dilation: 1 }],
  ["ConvTranspose2d", [2, 3, [2, 3]], [2, 2, 3, 4], { stride: 2, padding: [0, 1], outputPadding: 1, dilation: 1 }],
  ["ConvTranspose2d", [2, 3, 3], [2, 2, 3, 4], { stride: [2, 3], padding: 1, outputPadding: [1, 2], dilation: [2, 1] }],
  ["ConvTranspose2d", [2, 3, 2], [2, 2, 3, 4], { stride: 1, padding: 0, outputPadding: 1, dilation: 2 }],
  ["ConvTranspose2d", [4, 6, 3], [2, 4, 2, 3], { groups: 2, stride: 2 }],
  ["ConvTranspose2d", [2, 3, 3], [2, 3, 4], { bias: false }, float64],
  ["ConvTranspose1d", [2, 3, 3], [2, 2, 4], { stride: 2, padding: 1, outputPadding: 1 }],
];

const poolings: LayerCase[] = [
  ...product<[Size, object, number, boolean]>(
    [2, [3, 2]],
    [{}, { stride: 1 }, { stride: [2, 3] }],
    [0, 1],
    [false, true],
  ).map(
    ([kernel, stride, padding, ceilMode]): LayerCase => [
      "MaxPool2d",
      [kernel],
      [2, 2, 6, 7],
      { padding, ceilMode, ...stride },
    ],
  ),
  ["MaxPool2d", [2], [1, 1, 6, 7], { dilation: [2, 3], stride: 1 }],
  ["MaxPool2d", [3], [1, 1, 6, 7], { dilation: 2, padding: 1, ceilMode: true }],
  ["MaxPool2d", [2], [2, 6, 7], {}, float64],
  ["MaxPool2d", [2], [0, 2, 6, 7]],
  ...product<[Size, object, boolean, boolean]>([2, [3, 2]], [{}, { stride: [2, 3] }], [false, true], [false, true]).map(
    ([kernel, stride, ceilMode, countIncludePad]): LayerCase => [
      "AvgPool2d",
      [kernel],
      [2, 2, 6, 7],
      { padding: 1, ceilMode, countIncludePad, ...stride },
    ],
  ),
  ["AvgPool2d", [2], [1, 2, 6, 7], { divisorOverride: 3 }],
  ["AvgPool2d", [[2, 3]], [2, 6, 7], { stride: 1 }, float64],
  ...[1, 2, 3, [4, 7], [null, 3], 9].map((size): LayerCase => ["AdaptiveAvgPool2d", [size], [1, 2, 5, 7]]),
  ["AdaptiveAvgPool2d", [[2, 3]], [2, 5, 7], {}, float64],
];

const activations: LayerCase[] = [
  ...["ReLU", "Sigmoid", "Tanh", "SiLU", "GELU", "LeakyReLU", "ELU", "Softplus", "Identity"].map(
    (name): LayerCase => [name, [], [3, 4], {}, edges],
  ),
  ...["SiLU", "GELU", "LeakyReLU", "ELU", "Softplus"].map(
    (name): LayerCase => [name, [], [2, 3], {}, { ...float64, ...edges }],
  ),
  ["GELU", [], [3, 4], { approximate: "tanh" }],
  ["LeakyReLU", [], [3, 4], { negativeSlope: 0.2 }, edges],
  ["LeakyReLU", [], [3, 4], { negativeSlope: 1e-5 }],
  ["ELU", [], [3, 4], { alpha: 0.5 }, edges],
  ["Softplus", [], [3, 4], { beta: 2, threshold: 1 }],
  ["Softplus", [], [3, 4], { beta: 3, threshold: 0.5 }, edges],
  ...product<[string, number]>(["Softmax", "LogSoftmax"], [0, 1, -1]).map(
    ([name, dim]): LayerCase => [name, [dim], [2, 3, 2]],
  ),
  ["Flatten", [1, -1], [2, 3, 2]],
  ["Flatten", [0, 1], [2, 3, 2]],
];

const normalizations: LayerCase[] = [
  ["BatchNorm2d", [3], [2, 3, 3, 4]],
  ["BatchNorm2d", [3], [2, 3, 3, 4], {}, evaluated],
  ["BatchNorm2d", [2], [3, 2, 2, 3], { eps: 0.1, momentum: 0.3, affine: false }],
  ["BatchNorm2d", [2], [3, 2, 2, 3], { momentum: null }, float64],
  ["BatchNorm2d", [2], [3, 2, 2, 3], { trackRunningStats: false }, evaluated],
  ["BatchNorm2d", [2], [1, 2, 5, 5]],
  ...product<[number | number[], object]>([4, [3, 4]], [{}, { elementwiseAffine: false }, { eps: 0.1 }]).map(
    ([shape, options]): LayerCase => ["LayerNorm", [shape], [2, 3, 4], options],
  ),
  ["LayerNorm", [[4]], [4], {}, float64],
  ["LayerNorm", [1], [2, 1]],
  ...product<[number, object]>([1, 2, 4], [{}, { affine: false }, { eps: 0.1 }]).map(
    ([groups, options]): LayerCase => ["GroupNorm", [groups, 4], [2, 4, 3], options],
  ),
  ["GroupNorm", [2, 4], [2, 4, 2, 3], {}, float64],
  ["GroupNorm", [2, 4], [3, 4], {}, float64],
  ...product<[boolean, boolean, boolean]>([true, false], [false, true], [false, true]).map(
    ([training, affine, trackRunningStats]): LayerCase => [
      "InstanceNorm2d",
      [3],
      [2, 3, 2, 3],
      { affine, trackRunningStats },
      { training },
    ],
  ),
  ["InstanceNorm2d", [3], [3, 2, 3], {}, float64],
  ["InstanceNorm1d", [3], [2, 3, 4], { eps: 0.1, momentum: 0.3, trackRunningStats: true }],
];

const dropouts: LayerCase[] = [
  ...[0.5, 0.2, 0, 1].map((p): LayerCase => ["Dropout", [p], [4, 5]]),
  ["Dropout", [0.5], [4, 5], {}, evaluated],
  ["Dropout", [0.3], [3, 2], {}, float64],
];

const answers = new Answers("layers");

describe.each(["js", "wasm"] as const)("on %s", (backend) => {
  const cases = [...convolutions, ...poolings, ...activations, ...normalizations, ...dropouts];
  it.each(cases.map((layerCase) => ({ layerCase, title: titleOf(layerCase) })))("$title", ({ layerCase, title }) => {
    const before = getBackend();
    setBackend(backend);
    answers.check(title, () => run(layerCase));
    setBackend(before);
  });
});

const refused: LayerCase[] = [
  ["LayerNorm", [3], [2, 4]],
  ["LayerNorm", [[2, 3]], [3]],
  ["GroupNorm", [2, 3], [2, 3]],
  ["GroupNorm", [2, 4], [2, 3]],
  ["InstanceNorm2d", [3], [1, 3, 1, 1]],
  ["BatchNorm2d", [3], [2, 3, 4]],
  ["BatchNorm2d", [3], [2, 4, 2, 2]],
  ["BatchNorm2d", [3], [1, 3, 1, 1]],
  ["Dropout", [1.5], [2]],
  ["GELU", [], [2], { approximate: "sigmoid" }],
  ["Conv2d", [3, 4, 3], [8, 8]],
  ["Conv2d", [3, 4, 3], [1, 2, 8, 8]],
  ["Conv2d", [3, 4, 3], [1, 3, 2, 8]],
  ["Conv2d", [3, 4, 3], [1, 3, 8, 8], { stride: 0 }],
  ["Conv2d", [3, 4, 3], [1, 3, 8, 8], { padding: -1 }],
  ["Conv2d", [3, 4, 3], [1, 3, 8, 8], { dilation: 0 }],
  ["Conv2d", [3, 4, 3], [1, 3, 8, 8], { groups: 2 }],
  ["Conv2d", [4, 3, 3], [1, 3, 8, 8], { groups: 2 }],
  ["Conv2d", [4, 4, 3], [1, 3, 8, 8], { groups: 2 }],
  ["Conv2d", [4, 4, 3], [1, 4, 8, 8], { groups: 0 }],
  ["Conv2d", [4, 4, 3], [1, 4, 8, 8], { padding: "same", stride: 2 }],
  ["Conv1d", [3, 4, 3], [8]],
  ["Conv1d", [3, 4, 3], [1, 2, 8]],
  ["Conv1d", [3, 4, 3], [1, 3, 2]],
  ["ConvTranspose2d", [4, 3, 3], [5, 5]],
  ["ConvTranspose2d", [4, 3, 3], [1, 3, 5, 5]],
  ["ConvTranspose2d", [4, 3, 3], [1, 4, 5, 5], { outputPadding: 1 }],
  ["ConvTranspose2d", [4, 3, 3], [1, 4, 1, 1], { padding: 3 }],
  ["MaxPool2d", [2], [8, 8]],
  ["MaxPool2d", [2], [1, 1, 8, 8], { padding: 2 }],
  ["MaxPool2d", [2], [1, 1, 1, 1]],
  ["MaxPool2d", [2], [1, 1, 8, 8], { stride: 0 }],
  ["MaxPool2d", [2], [1, 0, 8, 8]],
  ["MaxPool2d", [2], [1, 1, 8, 8], { dilation: 0 }],
  ["MaxPool2d", [2], [1, 1, 8, 8], { padding: -1 }],
  ["AvgPool2d", [2], [1, 1, 8, 8], { padding: 2 }],
  ["AvgPool2d", [2], [1, 1, 1, 1]],
  ["AvgPool2d", [2], [1, 1, 8, 8], { divisorOverride: 0 }],
  ["AdaptiveAvgPool2d", [2], [8, 8]],
  ["AdaptiveAvgPool2d", [2], [1, 1, 0, 8]],
  ["AdaptiveAvgPool2d", [-1], [1, 1, 8, 8]],
];

describe("refusals, in PyTorch's words", () => {
  for (const layerCase of refused) {
    const [name, args, shape, options = {}] = layerCase;
    answers.it(`error of ${titleOf(layerCase)}`, () =>
      torch.error(() => new layers[name](...args, options).forward(torch.zeros(shape)), "\n"),
    );
  }
});

describe("first and second derivatives, of input and parameters, are right", () => {
  const dtype = "float64";
  const cases: [layer: nn.Module, shape: number[]][] = [
    [new nn.Linear(3, 2, { dtype }), [2, 3]],
    [new nn.Conv1d(2, 2, 2, { dtype, stride: 2 }), [2, 2, 5]],
    [new nn.Conv2d(2, 2, 2, { dtype, padding: 1, groups: 2 }), [2, 2, 2, 3]],
    [new nn.ConvTranspose2d(2, 1, 2, { dtype, stride: 2 }), [1, 2, 2, 2]],
    [new nn.BatchNorm1d(2, { dtype, momentum: 0 }), [3, 2]],
    [new nn.BatchNorm2d(2, { dtype, momentum: 0 }), [2, 2, 2, 2]],
    [new nn.BatchNorm2d(2, { dtype }).eval(), [2, 2, 2, 2]],
    [new nn.LayerNorm(3, { dtype }), [2, 3]],
    [new nn.GroupNorm(2, 4, { dtype }), [2, 4, 3]],
    [new nn.InstanceNorm2d(2, { dtype, affine: true }), [2, 2, 2, 2]],
    [new nn.MaxPool2d(2), [1, 2, 4, 4]],
    [new nn.AvgPool2d(2, { padding: 1 }), [1, 1, 3, 3]],
    [new nn.AdaptiveAvgPool2d(2), [1, 2, 3, 5]],
    ...[new nn.GELU(), new nn.SiLU(), new nn.LeakyReLU(), new nn.ELU(), new nn.Softplus(), new nn.Softmax(1)].map(
      (layer): [nn.Module, number[]] => [layer, [2, 3]],
    ),
    [new nn.GELU({ approximate: "tanh" }), [2, 3]],
    [new nn.LogSoftmax(1), [2, 3]],
  ];

  it.each(cases)("%s of %j", (layer, shape) => {
    const x = rand(shape, { dtype, generator: new Generator(1) })
      .sub(0.5)
      .requiresGrad_();
    const f = (x: Tensor) => layer.forward(x);
    expect(gradcheck(f, [x, ...layer.parameters()])).toBe(true);
    expect(gradgradcheck(f, [x, ...layer.parameters()])).toBe(true);
  });

  it("cross entropy and its relatives", () => {
    const x = rand([3, 4], { dtype, generator: new Generator(1), requiresGrad: true });
    const target = tensor([0, 3, 1], { dtype: "int32" });
    const weight = tensor([1, 2, 0.5, 1], { dtype });
    const probabilities = rand([3, 4], { dtype }).softmax(1);
    for (const loss of [
      (x: Tensor) => nn.functional.crossEntropy(x, target, { weight, labelSmoothing: 0.1 }),
      (x: Tensor) => nn.functional.crossEntropy(x, probabilities),
      (x: Tensor) => nn.functional.nllLoss(x.logSoftmax(1), target, { weight }),
    ]) {
      expect(gradcheck(loss, [x])).toBe(true);
      expect(gradgradcheck(loss, [x])).toBe(true);
    }
  });
});

it("NLLLoss of log probabilities is CrossEntropyLoss", () => {
  const logits = rand([3, 4]);
  const target = tensor([0, 3, 1], { dtype: "int32" });
  const options = { weight: tensor([1, 2, 0.5, 1]), ignoreIndex: 1 };
  for (const reduction of ["mean", "sum", "none"] as const) {
    const loss = new nn.NLLLoss({ ...options, reduction }).forward(logits.logSoftmax(1), target);
    expectExact(loss, new nn.CrossEntropyLoss({ ...options, reduction }).forward(logits, target));
  }
});

it("Conv2d refuses a padding that has no meaning", () => {
  const padding = "full" as "same";
  expect(() => new nn.Conv2d(1, 1, 3, { padding })).toThrow("Invalid padding string 'full'");
});

const int32 = (...values: number[]) => tensor(values, { dtype: "int32" });

describe("Embedding", () => {
  it("begins with PyTorch's vectors, 0 for the padding, and prints as PyTorch's", () => {
    manualSeed(0);
    const layer = new nn.Embedding(3, 2, { paddingIdx: -2 });
    expectClose(
      layer.weight,
      [1.5409960746765137, -0.293428897857666, 0, 0, -1.0845223665237427, -1.3985954523086548],
      {
        atol: 1e-6,
      },
    );
    expect(`${layer} ${new nn.Embedding(3, 2)}`).toBe("Embedding(3, 2, padding_idx=1) Embedding(3, 2)");
  });

  it("gives vectors, and their gradients back, but none to the padding", () => {
    const layer = new nn.Embedding(4, 2, { paddingIdx: 1, dtype: "float64" });
    const indices = int32(0, 1, 3, 0).view(2, 2);
    const y = layer.forward(indices);
    expect(y.shape).toEqual([2, 2, 2]);
    expectExact(y.select(1, 1), layer.weight.indexSelect(0, int32(1, 0)));
    y.sum().backward();
    expectExact(layer.weight.grad, [2, 2, 0, 0, 0, 0, 1, 1]);
  });

  it("refuses what is not in the vocabulary", () => {
    expect(() => new nn.Embedding(2, 2).forward(int32(2))).toThrow("index out of range in self");
    expect(() => new nn.Embedding(2, 2).forward(int32(-1))).toThrow("index out of range in self");
    expect(() => new nn.Embedding(2, 2, { paddingIdx: 2 })).toThrow("Padding_idx must be within num_embeddings");
  });
});

describe("ModuleList and ModuleDict", () => {
  it("are PyTorch's in text and state, and do not run by themselves", () => {
    const list = new nn.ModuleList([new nn.Linear(1, 1)]).append(new nn.ReLU()).extend([new nn.Identity()]);
    list.insert(1, new nn.Tanh());
    expect(`${list}`).toBe(
      "ModuleList(\n  (0): Linear(in_features=1, out_features=1, bias=True)\n  (1): Tanh()\n  (2): ReLU()\n  (3): Identity()\n)",
    );
    expect(Object.keys(list.stateDict())).toEqual(["0.weight", "0.bias"]);
    expect([list.length, list.at(-1), [...list].length]).toEqual([4, list.at(3), 4]);
    expect(() => list.at(4)).toThrow("index 4 is out of range");
    expect(() => list.forward()).toThrow('Module [ModuleList] is missing the required "forward" function');
    const dict = new nn.ModuleDict({ a: new nn.Linear(1, 1, { bias: false }) }).set("b", new nn.ReLU());
    expect(`${dict}`).toBe("ModuleDict(\n  (a): Linear(in_features=1, out_features=1, bias=False)\n  (b): ReLU()\n)");
    expect([Object.keys(dict.stateDict()), dict.has("b"), dict.delete("b"), [...dict.keys()], dict.length]).toEqual([
      ["a.weight"],
      true,
      true,
      ["a"],
      1,
    ]);
    expect(() => dict.get("b")).toThrow('there is no module "b": there are a');
    expect(() => dict.forward()).toThrow('Module [ModuleDict] is missing the required "forward" function');
  });
});
