/** BatchNorm1d's outputs, gradients, running statistics and errors are PyTorch's. */
import { describe, expect, it } from "vitest";
import { type DType, grad, linspace, manualSeed, nn, ones, randn, type Tensor, tensor } from "../../src/index.ts";
import { Answers, expectClose, expectExact, observed, product, torch } from "../support/index.ts";

const answers = new Answers("batch_norm");
const { error } = torch;

manualSeed(0);

/** An input, and the gradient of its output. */
const batch = (shape: number[], scale: Tensor | number = 1, shift: Tensor | number = 0, dtype: DType = "float32") => ({
  x: randn(shape, { dtype }).mul(scale).add(shift),
  dy: randn(shape, { dtype }),
});

const batch64 = (shape: number[]) => batch(shape, 2, 1, "float64");
/** One channel of which is 3 throughout. */
const constant = (shape: number[]) => batch(shape, tensor([1, 0, 1]), tensor([0, 3, 0]));
/** Channels of very different sizes. */
const far = (shape: number[]) => batch(shape, 1.5, tensor([1, 20, -300]));

const batches = {
  "2-D": [batch([5, 3], 2, 1), batch([4, 3], 0.5, -2), batch([3, 3])],
  "3-D": [batch([2, 3, 2], 2, 1), batch([3, 3, 1], 0.5, -2), batch([2, 3, 2])],
  "2-D float64": [batch64([5, 3]), batch64([4, 3]), batch64([3, 3])],
  "3-D float64": [batch64([2, 3, 4]), batch64([1, 3, 2]), batch64([1, 3, 1])],
  "two samples": [batch([2, 3]), batch([2, 3], 1e-3), batch([1, 3])],
  "one sample of length 2": [batch([1, 3, 2]), batch([1, 3, 2]), batch([1, 3, 1])],
  "a constant channel": [constant([6, 3]), constant([3, 3]), constant([2, 3])],
  "far from 0": [far([8, 3]), far([8, 3]), far([4, 3])],
  "tiny values": [1, 2, 3].map(() => batch([4, 3], 1e-6)),
  wide: [batch([16, 8]), batch([7, 8]), batch([1, 8])],
};

interface Setting {
  /** Of each batch, whether it is for training. */
  modes?: boolean[];
  /** Dimensions 0 and 1 of x are swapped in memory: the same elements, but dimension 0 moves fastest. */
  transposed?: boolean;
}
type LayerCase = [inputs: keyof typeof batches, options?: nn.BatchNormOptions, setting?: Setting];

const untracked = { trackRunningStats: false };
const cases: LayerCase[] = [
  ...product(["2-D", "3-D"] as const, [
    { momentum: 0.1, eps: 0.5 },
    { momentum: 0 },
    { momentum: 1, eps: 1e-3 },
    { momentum: null },
    { affine: false },
    { affine: false, trackRunningStats: false, eps: 1e-3 },
    untracked,
  ]),
  ...[0.1, 0, 1, null].map((momentum): LayerCase => ["2-D float64", { momentum }]),
  ["2-D float64", untracked],
  ["3-D float64", { eps: 1e-12 }],
  ["3-D float64", { affine: false }],
  ["two samples"],
  ["one sample of length 2"],
  ["a constant channel"],
  ["a constant channel", { affine: false }],
  ["far from 0"],
  ["far from 0", { momentum: null }],
  ["tiny values"],
  ["wide"],
  ...product(["2-D", "3-D", "2-D float64", "wide"] as const, [{}], [{ transposed: true }]),
  ["2-D", {}, { modes: [false, false, false] }],
  ["2-D", {}, { modes: [true, false, true] }],
  ["3-D", { momentum: null }, { modes: [false, true, false] }],
];

/** What is known after a step. */
function stepped(layer: nn.BatchNorm1d, x: Tensor, dy: Tensor) {
  const y = layer.forward(x);
  y.backward(dy);
  const { weight, bias, runningMean, runningVar, numBatchesTracked } = layer;
  const [mean, variance, count] = [runningMean, runningVar, numBatchesTracked].map((buffer) => buffer?.clone() ?? null);
  return { y, dx: x.grad, dweight: weight?.grad ?? null, dbias: bias?.grad ?? null, mean, variance, count };
}

function run([inputs, options = {}, { modes = [true, true, false], transposed = false } = {}]: LayerCase): unknown {
  const { shape, dtype } = batches[inputs][0].x;
  const channels = shape[1];
  const layer = new torch.nn.BatchNorm1d(channels, { ...options, dtype });
  for (const [i, parameter] of layer.parameters().entries())
    parameter.detach().copy_(linspace(1.5 - i, 0.2 - i, channels, { dtype }));
  return modes.map((training, i) => {
    const { x: input, dy } = batches[inputs][i];
    const given = observed(input).clone();
    const x = (transposed ? given.transpose(0, 1).contiguous().transpose(0, 1) : given).requiresGrad_();
    layer.train(training).zeroGrad();
    return stepped(layer, x, dy);
  });
}

// PyTorch sums (N, C) in float32 and (N, C, L) in float64; lucidgrad's sums are all float64. Far from 0, where a float32
// mean is off by as much as 1e-5, that is seen in the gradient of weight.
describe("BatchNorm1d: PyTorch's y, dx, dweight, dbias within 1e-6 of their largest number (far from 0 5e-6, float64 5e-15)", () => {
  for (const layerCase of cases) {
    const [inputs] = layerCase;
    const [share, statistics] = inputs.includes("64") ? [5e-15, 1e-15] : [inputs === "far from 0" ? 5e-6 : 1e-6, 5e-7];
    // Where a sum of gradients is 0 but for rounding, only the terms, which are about 1, say how much rounding there is.
    const of = { dx: { atLeast: 1 }, mean: { share: statistics }, variance: { share: statistics } };
    answers.it(JSON.stringify(layerCase), () => run(layerCase), { share, of });
  }
});

describe("running statistics", () => {
  it("with momentum null are the plain average over the batches", () => {
    manualSeed(0);
    const layer = new nn.BatchNorm1d(4, { momentum: null });
    const batches = [randn([8, 4]), randn([8, 4]).mul(3), randn([8, 4]).add(2)];
    for (const x of batches) layer.forward(x);
    const [means, variances] = [batches.map((x) => x.mean(0)), batches.map((x) => x.var(0))];
    expectClose(layer.runningMean, torch.stack(means).mean(0), { atol: 1e-6 });
    expectClose(layer.runningVar, torch.stack(variances).mean(0), { atol: 1e-6 });
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

  const pairs = { float64: "float32", float32: "int32" } as const;
  for (const [dtype, affine, training] of product(["float64", "float32"] as const, [true, false], [true, false])) {
    const other = pairs[dtype];
    const name = `error of ${other} for a layer of ${dtype}, affine ${affine}, training ${training}`;
    answers.it(name, refusal([4, 3], { affine, dtype }, training, other));
  }

  /** The first that is not 3 is what is said to be wrong. */
  const allWrong = [0, 1, 2, 3].map((right) => [4, 5, 6, 7].map((size, i) => (i < right ? 3 : size)));
  /** Of runningMean, runningVar, weight and bias; null for none. */
  const wrongSizes: [training: boolean, sizes: (number | null)[]][] = [
    ...[true, false].flatMap((training) => allWrong.map((sizes): [boolean, number[]] => [training, sizes])),
    [true, [null, null, 6, 7]],
    [true, [null, null, null, 7]],
    [false, [null, null, 3, 3]],
    [false, [3, null, 3, 3]],
    [false, [null, 3, null, null]],
  ];
  for (const [training, sizes] of wrongSizes) {
    answers.it(`error of batchNorm of vectors of sizes ${JSON.stringify(sizes)}, training ${training}`, () => {
      const [runningMean, runningVar, weight, bias] = sizes.map((size) => (size === null ? null : ones(size)));
      const options = { weight, bias, training };
      return error(() => torch.nn.functional.batchNorm(ones([2, 3]), runningMean, runningVar, options), "\n");
    });
  }
});

describe("a batch without a single value, exactly as in PyTorch", () => {
  const empty: [shape: number[], affine?: boolean, training?: boolean][] = [
    [[0, 3]],
    [[0, 3, 4]],
    [[2, 3, 0]],
    [[0, 3], false],
    [[0, 3], true, false],
  ];
  for (const [shape, affine = true, training = true] of empty) {
    const run = () => {
      const layer = new torch.nn.BatchNorm1d(3, { affine }).train(training);
      return stepped(layer, torch.zeros(shape, { requiresGrad: true }), torch.zeros(shape));
    };
    answers.it(`empty [${shape}], training ${training}, affine ${affine}`, run, { rtol: 0, atol: 0 });
  }

  it("still gives gradients to weight and bias when x needs none", () => {
    const layer = new nn.BatchNorm1d(3);
    layer.forward(ones([0, 3])).backward(ones([0, 3]));
    expectExact(layer.weight?.grad, [0, 0, 0]);
  });
});

describe("without eps, a channel that does not vary", () => {
  const dy = (shape: number[]) =>
    linspace(
      -1,
      1,
      shape.reduce((a, b) => a * b),
      { dtype: "float64" },
    ).view(...shape);
  const { batchNorm, instanceNorm } = torch.nn.functional;
  const functions = {
    batchNorm: (x: Tensor) => batchNorm(x, null, null, { training: true, eps: 0 }),
    instanceNorm: (x: Tensor) => instanceNorm(x, null, null, { eps: 0 }),
  };
  for (const [name, f] of Object.entries(functions)) {
    answers.it(`${name} of equal numbers`, () => {
      const x = torch.ones([2, 2, 3], { dtype: "float64", requiresGrad: true });
      const y = f(x);
      y.backward(dy([2, 2, 3]));
      return [y, x.grad];
    });
  }

  it("is 0 for many channels, too", () => {
    const y = nn.functional.batchNorm(ones([4, 100]), null, null, { training: true, eps: 0 });
    expectExact(y, new Float32Array(400));
  });
});

it("evaluation keeps the statistics that it was made with, whatever batches come before backward", () => {
  const layer = new nn.BatchNorm1d(2, { dtype: "float64" });
  layer.forward(randn([4, 2], { dtype: "float64" }));
  const x = randn([3, 2], { dtype: "float64", requiresGrad: true });
  const evaluated = () => layer.eval().forward(x).pow(2).sum();
  const expected = grad(evaluated(), [x, ...layer.parameters()]);
  const loss = evaluated();
  layer.train().forward(randn([4, 2], { dtype: "float64" }));
  for (const [i, dx] of grad(loss, [x, ...layer.parameters()]).entries()) expectExact(dx, expected[i]);
});

describe("properties", () => {
  const shapes = [
    [2, 3],
    [16, 5],
    [4, 3, 7],
    [1, 2, 9],
  ];

  it.each([
    ["float32", 4e-6],
    ["float64", 1e-14],
  ] as const)("%s: the fused backward is the recorded backward, within %f", (dtype, tolerance) => {
    manualSeed(1);
    for (const shape of shapes) {
      const layer = new nn.BatchNorm1d(shape[1], { dtype });
      layer.weight?.detach().normal_();
      const x = randn(shape, { dtype, requiresGrad: true });
      const inputs = [x, ...layer.parameters()];
      const gradOutputs = [randn(shape, { dtype })];
      const fused = grad(layer.forward(x), inputs, { gradOutputs });
      const recorded = grad(layer.forward(x), inputs, { gradOutputs, createGraph: true });
      for (const [i, dx] of fused.entries()) expectClose(dx, recorded[i], { atol: tolerance, rtol: tolerance });
    }
  });

  it.each([
    [3, 0],
    [0.5, -7],
    [-2, 1],
  ])("y of %f · x + %f is y of x, up to the sign of the factor, within 1e-5", (a, b) => {
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

  it("backward starts from the gradient as it is then, whatever became of those before", () => {
    const layer = new nn.BatchNorm1d(2);
    const y = layer.forward(randn([4, 2]));
    const dy = ones([4, 2]);
    for (let i = 0; i < 3; i++) y.backward(dy, { retainGraph: true });
    expectExact(layer.bias?.grad, [12, 12]);
    layer.zeroGrad();
    y.backward(dy.mul_(10));
    expectExact(layer.bias?.grad, [40, 40]);
  });
});
