/** BatchNorm1d's outputs, gradients, running statistics and errors are PyTorch's. */
import { describe, expect, it } from "vitest";
import { type DType, grad, manualSeed, nn, ones, randn, type Tensor, tensor } from "../../src/index.ts";
import { Answers, type Comparing } from "../support/answers.ts";
import { expectClose, expectExact } from "../support/fixtures.ts";
import { observed, torch } from "../support/torch.ts";

const answers = new Answers("batch_norm");
const { error } = torch;

interface Batch {
  x: Tensor;
  dy: Tensor;
}

manualSeed(0);

function batch(shape: number[], { scale = 1, shift = 0, dtype = "float32" as DType } = {}): Batch {
  return { x: randn(shape, { dtype }).mul(scale).add(shift), dy: randn(shape, { dtype }) };
}

function constantChannel(shape: number[]): Batch {
  const made = batch(shape);
  made.x.select(1, 1).fill_(3);
  return made;
}

/** Channels of very different sizes. */
function farFromZero(shape: number[]): Batch {
  const { x, dy } = batch(shape);
  return { x: x.mul(1.5).add(tensor([1, 20, -300])), dy };
}

const float64 = { dtype: "float64" } as const;

const batches = {
  "2-D": [batch([5, 3], { scale: 2, shift: 1 }), batch([4, 3], { scale: 0.5, shift: -2 }), batch([3, 3])],
  "3-D": [batch([2, 3, 2], { scale: 2, shift: 1 }), batch([3, 3, 1], { scale: 0.5, shift: -2 }), batch([2, 3, 2])],
  "2-D float64": [batch([5, 3], { scale: 2, shift: 1, ...float64 }), batch([4, 3], float64), batch([3, 3], float64)],
  "3-D float64": [
    batch([2, 3, 4], { scale: 2, shift: 1, ...float64 }),
    batch([1, 3, 2], float64),
    batch([1, 3, 1], float64),
  ],
  "two samples": [batch([2, 3]), batch([2, 3], { scale: 1e-3 }), batch([1, 3])],
  "one sample of length 2": [batch([1, 3, 2]), batch([1, 3, 2]), batch([1, 3, 1])],
  "a constant channel": [constantChannel([6, 3]), constantChannel([3, 3]), constantChannel([2, 3])],
  "far from 0": [farFromZero([8, 3]), farFromZero([8, 3]), farFromZero([4, 3])],
  "tiny values": [batch([4, 3], { scale: 1e-6 }), batch([4, 3], { scale: 1e-6 }), batch([4, 3], { scale: 1e-6 })],
  wide: [batch([16, 8]), batch([7, 8]), batch([1, 8])],
};

const parameters: Record<number, number[][]> = {
  3: [
    [1.5, -0.5, 0.25],
    [0.1, -2, 3],
  ],
  8: [[0, 1, 2, 3, 4, 5, 6, 7].map((i) => 1 - i / 4), [0, 1, 2, 3, 4, 5, 6, 7].map((i) => i / 2 - 1)],
};

interface LayerCase {
  inputs: keyof typeof batches;
  options?: nn.BatchNormOptions;
  /** Of each batch, whether it is for training. */
  modes?: boolean[];
  /** Dimensions 0 and 1 of x are swapped in memory: the same elements, but dimension 0 moves fastest. */
  transposed?: boolean;
}

const momenta = [0.1, 0, 1, null];
const eps = [1e-5, 0.5, 1e-3];
const cases: LayerCase[] = [
  ...momenta.map((momentum, i): LayerCase => ({ inputs: "2-D", options: { momentum, eps: eps[i % 3] } })),
  ...momenta.map((momentum, i): LayerCase => ({ inputs: "3-D", options: { momentum, eps: eps[(i + 1) % 3] } })),
  ...(["2-D", "3-D"] as const).flatMap((inputs, i) =>
    [0, 1, 2, 3].map((j): LayerCase => {
      const options = { affine: j < 2, trackRunningStats: j % 2 === 0, eps: eps[(2 + 4 * i + j) % 3] };
      return { inputs, options };
    }),
  ),
  ...momenta.map((momentum): LayerCase => ({ inputs: "2-D float64", options: { momentum } })),
  { inputs: "3-D float64", options: { eps: 1e-12 } },
  { inputs: "3-D float64", options: { affine: false } },
  { inputs: "2-D float64", options: { trackRunningStats: false } },
  { inputs: "two samples" },
  { inputs: "one sample of length 2" },
  { inputs: "a constant channel" },
  { inputs: "far from 0" },
  { inputs: "tiny values" },
  { inputs: "wide" },
  { inputs: "far from 0", options: { momentum: null } },
  { inputs: "a constant channel", options: { affine: false } },
  { inputs: "2-D", transposed: true },
  { inputs: "3-D", transposed: true },
  { inputs: "2-D float64", transposed: true },
  { inputs: "wide", transposed: true },
  { inputs: "2-D", modes: [false, false, false] },
  { inputs: "2-D", modes: [true, false, true] },
  { inputs: "3-D", modes: [false, true, false], options: { momentum: null } },
];

/** What a step leaves. */
function resultsOf(layer: nn.BatchNorm1d, x: Tensor, y: Tensor) {
  const { weight, bias, runningMean, runningVar, numBatchesTracked } = layer;
  const gradients = { dx: x.grad, dweight: weight?.grad ?? null, dbias: bias?.grad ?? null };
  return { y, ...gradients, mean: runningMean, variance: runningVar, count: numBatchesTracked };
}

function run({ inputs, options = {}, modes = [true, true, false], transposed = false }: LayerCase): unknown {
  const { shape, dtype } = batches[inputs][0].x;
  const layer = new torch.nn.BatchNorm1d(shape[1], { ...options, dtype });
  for (const [i, parameter] of layer.parameters().entries())
    parameter.detach().copy_(tensor(parameters[shape[1]][i], { dtype }));
  return modes.map((training, i) => {
    const { x: input, dy } = batches[inputs][i];
    const given = observed(input).clone();
    const x = (transposed ? given.transpose(0, 1).contiguous().transpose(0, 1) : given).requiresGrad_();
    layer.train(training).zeroGrad();
    const y = layer.forward(x);
    y.backward(dy);
    const { mean, variance, count, ...results } = resultsOf(layer, x, y);
    const kept = [mean, variance, count].map((buffer) => buffer?.clone() ?? null);
    return { ...results, mean: kept[0], variance: kept[1], count: kept[2] };
  });
}

/** Where a sum of gradients is 0 but for rounding, only the terms, which are about 1, say how much rounding there is. */
const within = (share: number, statistics: number): Comparing => ({
  share,
  of: { dx: { atLeast: 1 }, mean: { share: statistics }, variance: { share: statistics } },
});

const isFar = ({ inputs }: LayerCase) => inputs === "far from 0";
const isFloat64 = ({ inputs }: LayerCase) => inputs.includes("float64");

// PyTorch sums (N, C) in float32 and (N, C, L) in float64; lucidgrad's sums are all float64. Far from 0, where a float32
// mean is off by as much as 1e-5, that is seen in the gradient of weight.
describe.each([
  { what: "float32", share: 1e-6, statistics: 5e-7, cases: cases.filter((c) => !isFar(c) && !isFloat64(c)) },
  { what: "float32 far from 0", share: 5e-6, statistics: 5e-7, cases: cases.filter(isFar) },
  { what: "float64", share: 5e-15, statistics: 1e-15, cases: cases.filter(isFloat64) },
])("BatchNorm1d, $what: PyTorch's y, dx, dweight, dbias within $share of their largest number", (group) => {
  for (const { inputs, ...settings } of group.cases) {
    const name = `${inputs}, ${JSON.stringify(settings)}`;
    answers.it(name, () => run({ inputs, ...settings }), within(group.share, group.statistics));
  }
});

describe("running statistics", () => {
  it("with momentum null are the plain average over the batches", () => {
    manualSeed(0);
    const layer = new nn.BatchNorm1d(4, { momentum: null });
    const batches = [randn([8, 4]), randn([8, 4]).mul(3), randn([8, 4]).add(2)];
    for (const x of batches) layer.forward(x);
    const average = (of: (x: Tensor) => Tensor) =>
      batches
        .map(of)
        .reduce((a, b) => a.add(b))
        .div(batches.length);
    expectClose(
      layer.runningMean,
      average((x) => x.mean(0)),
      { atol: 1e-6 },
    );
    expectClose(
      layer.runningVar,
      average((x) => x.var(0)),
      { atol: 1e-6 },
    );
  });

  it("are not touched in evaluation, and are changed in place in training", () => {
    const layer = new nn.BatchNorm1d(2);
    const { runningMean } = layer;
    layer.eval().forward(ones([3, 2]));
    expectExact(runningMean, [0, 0]);
    layer.train().forward(ones([3, 2]));
    expect(layer.runningMean).toBe(runningMean);
    expectExact(runningMean, [0.1, 0.1]);
  });

  it("are forgotten by resetRunningStats, and weight and bias too by resetParameters", () => {
    const layer = new nn.BatchNorm1d(2);
    const fresh = new nn.BatchNorm1d(2).stateDict();
    layer.weight?.detach().fill_(3);
    layer.forward(randn([5, 2]));
    layer.resetRunningStats();
    for (const [name, value] of layer.namedBuffers()) expectExact(value, fresh[name]);
    expectExact(layer.weight, [3, 3]);
    layer.resetParameters();
    for (const [name, value] of Object.entries(layer.stateDict())) expectExact(value, fresh[name]);
  });
});

/** The layer's error for ones, and the running statistics, which are as they were, but that the batch counts. */
function refusal(shape: number[], options: nn.BatchNormOptions = {}, training = true, dtype: DType = "float32") {
  return () => {
    const layer = new torch.nn.BatchNorm1d(3, options).train(training);
    error(() => layer.forward(ones(shape, { dtype })), "\n");
    return [layer.runningMean, layer.runningVar, layer.numBatchesTracked];
  };
}

describe("what BatchNorm1d refuses, in PyTorch's words", () => {
  const untracked = { trackRunningStats: false };
  answers.each({
    "error of 1-D input": refusal([3]),
    "error of 4-D input": refusal([2, 3, 4, 5]),
    "error of one value per channel": refusal([1, 3]),
    "error of one value per channel, 3-D": refusal([1, 3, 1]),
    "error of one value per channel, before the wrong number of channels": refusal([1, 4]),
    "error of one value, evaluated without running statistics": refusal([1, 3], untracked, false),
    "error of too many channels": refusal([5, 4]),
    "error of too few channels, 3-D": refusal([5, 2, 4]),
    "error of a wrong number of channels in evaluation": refusal([5, 4], {}, false),
    "error of a wrong number of channels without running statistics": refusal([5, 4], untracked),
  });

  type Sizes = (number | null)[];
  const allWrong: Sizes[] = [
    [4, 5, 6, 7],
    [3, 5, 6, 7],
    [3, 3, 6, 7],
    [3, 3, 3, 7],
  ];
  const wrong: [training: boolean, sizes: Sizes][] = [
    ...[true, false].flatMap((training) => allWrong.map((sizes): [boolean, Sizes] => [training, sizes])),
    [true, [null, null, 6, 7]],
    [true, [null, null, null, 7]],
    [false, [null, null, 3, 3]],
    [false, [3, null, 3, 3]],
    [false, [null, 3, null, null]],
  ];
  for (const [training, sizes] of wrong) {
    answers.it(`error of batchNorm of vectors of sizes ${JSON.stringify(sizes)}, training ${training}`, () => {
      const [runningMean, runningVar, weight, bias] = sizes.map((size) => (size === null ? null : ones(size)));
      const options = { weight, bias, training };
      return error(() => torch.nn.functional.batchNorm(ones([2, 3]), runningMean, runningVar, options), "\n");
    });
  }
});

describe("a dtype that is not the layer's is refused, in PyTorch's words", () => {
  const pairs: [DType, DType][] = [
    ["float64", "float32"],
    ["float32", "int32"],
  ];
  for (const [dtype, other] of pairs) {
    for (const affine of [true, false]) {
      for (const training of [true, false]) {
        const name = `error of ${other} for a layer of ${dtype}, affine ${affine}, training ${training}`;
        answers.it(name, refusal([4, 3], { affine, dtype }, training, other));
      }
    }
  }
});

describe("a batch without a single value, exactly as in PyTorch", () => {
  const empty = (shape: number[], affine = true, training = true) =>
    answers.it(
      `empty [${shape}], training ${training}, affine ${affine}`,
      () => {
        const layer = new torch.nn.BatchNorm1d(3, { affine }).train(training);
        const x = torch.zeros(shape, { requiresGrad: true });
        const y = layer.forward(x);
        y.sum().backward();
        return resultsOf(layer, x, y);
      },
      { rtol: 0, atol: 0 },
    );
  empty([0, 3]);
  empty([0, 3, 4]);
  empty([2, 3, 0]);
  empty([0, 3], false);
  empty([0, 3], true, false);

  it("still gives gradients to weight and bias when x needs none", () => {
    const layer = new nn.BatchNorm1d(3);
    layer
      .forward(ones([0, 3]))
      .sum()
      .backward();
    expectExact(layer.weight?.grad, [0, 0, 0]);
  });
});

describe("properties", () => {
  const shapes = [
    [2, 3],
    [16, 5],
    [4, 3, 7],
    [1, 2, 9],
  ];

  it.each([
    { dtype: "float32" as const, tolerance: 4e-6 },
    { dtype: "float64" as const, tolerance: 1e-14 },
  ])("$dtype: the fused backward is the recorded backward, within $tolerance", ({ dtype, tolerance }) => {
    manualSeed(1);
    for (const shape of shapes) {
      const layer = new nn.BatchNorm1d(shape[1], { dtype });
      layer.weight?.detach().normal_();
      const x = randn(shape, { dtype, requiresGrad: true });
      const inputs = [x, ...layer.parameters()];
      const gradOutputs = [randn(shape, { dtype })];
      const fused = grad(layer.forward(x), inputs, { gradOutputs });
      const recorded = grad(layer.forward(x), inputs, { gradOutputs, createGraph: true });
      fused.forEach((dx, i) => {
        expectClose(dx, recorded[i], { atol: tolerance, rtol: tolerance });
      });
    }
  });

  it.each([
    { a: 3, b: 0 },
    { a: 0.5, b: -7 },
    { a: -2, b: 1 },
  ])("y of $a · x + $b is y of x, up to the sign of $a, within 1e-5", ({ a, b }) => {
    manualSeed(2);
    for (const shape of shapes) {
      const x = randn(shape);
      const layer = new nn.BatchNorm1d(shape[1], { eps: 0, affine: false });
      expectClose(layer.forward(x.mul(a).add(b)), layer.forward(x).mul(Math.sign(a)), { atol: 1e-5 });
    }
  });

  it("each channel of y has mean 0 and variance 1, within 1e-6, whatever x", () => {
    manualSeed(3);
    const y = new nn.BatchNorm1d(4, { eps: 0 }).forward(randn([64, 4]).mul(50).add(100));
    expectClose(y.mean(0), [0, 0, 0, 0], { atol: 1e-6 });
    expectClose(y.var(0, { correction: 0 }), [1, 1, 1, 1], { atol: 1e-6 });
  });

  it("a gradient that was changed in place is a new one", () => {
    const layer = new nn.BatchNorm1d(2);
    const y = layer.forward(randn([4, 2]));
    const dy = ones([4, 2]);
    y.backward(dy, { retainGraph: true });
    layer.zeroGrad();
    y.backward(dy.mul_(10));
    expectExact(layer.bias?.grad, [40, 40]);
  });

  it("a gradient that was kept as .grad is not what the next backward starts from", () => {
    const layer = new nn.BatchNorm1d(2);
    const y = layer.forward(randn([4, 2]));
    const dy = ones([4, 2]);
    for (let i = 0; i < 3; i++) y.backward(dy, { retainGraph: true });
    expectExact(layer.bias?.grad, [12, 12]);
  });
});
