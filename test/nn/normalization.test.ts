/** BatchNorm1d's outputs, gradients, running statistics and errors are PyTorch's: test/fixtures/batch_norm.py wrote them. */
import { describe, expect, it } from "vitest";
import { type DType, grad, manualSeed, nn, ones, randn, type Tensor } from "../../src/index.ts";
import { expectClose, expectExact, readFixture, type StoredTensor, toTensor } from "../support/fixtures.ts";

interface Expected {
  training: boolean;
  y: StoredTensor;
  dx: StoredTensor;
  dweight?: StoredTensor;
  dbias?: StoredTensor;
  runningMean?: StoredTensor;
  runningVar?: StoredTensor;
  count?: StoredTensor;
}

interface LayerCase {
  name: string;
  batches: string;
  options: { eps?: number; momentum?: number | null; affine?: boolean; trackRunningStats?: boolean };
  /** Dimensions 0 and 1 of x are swapped in memory. */
  transposed: boolean;
  parameters: StoredTensor[];
  steps: Expected[];
}

interface LayerError {
  name: string;
  shape: number[];
  training: boolean;
  trackRunningStats: boolean;
  error: string;
  count: number | null;
}

interface FunctionError {
  sizes: (number | null)[];
  training: boolean;
  error: string;
}

const fixture = readFixture<{
  batches: Record<string, { x: StoredTensor; dy: StoredTensor }[]>;
  cases: LayerCase[];
  layerErrors: LayerError[];
  functionErrors: FunctionError[];
  dtypeErrors: { layer: DType; dtype: DType; affine: boolean; training: boolean; error: string }[];
  empty: (Expected & { affine: boolean })[];
}>("batch_norm.json");

/** The same elements, but dimension 0 moves fastest. */
const transposedInMemory = (x: Tensor) => x.transpose(0, 1).contiguous().transpose(0, 1);

function makeLayer({ batches, options, parameters }: LayerCase): nn.BatchNorm1d {
  const { shape, dtype = "float32" } = fixture.batches[batches][0].x;
  const layer = new nn.BatchNorm1d(shape[1], { ...options, dtype });
  for (const [i, parameter] of layer.parameters().entries()) parameter.detach().copy_(toTensor(parameters[i]));
  return layer;
}

/** |actual - expected| is at most `share` of the largest expected number, or of `atLeast` if that is larger. */
function expectNear(actual: Tensor, expected: StoredTensor, share: number, atLeast = 0): void {
  const largest = Math.max(atLeast, ...expected.data.map(Math.abs));
  expectClose(actual, expected, { atol: share * largest });
}

/** What is null here is None, so not in the fixture, there. */
function expectEach(
  pairs: Record<string, [actual: Tensor | null | undefined, expected: StoredTensor | undefined]>,
  check: (actual: Tensor, expected: StoredTensor) => void,
): void {
  for (const [what, [actual, expected]] of Object.entries(pairs)) {
    expect(Boolean(actual), `there is ${what}`).toBe(Boolean(expected));
    try {
      if (actual && expected) check(actual, expected);
    } catch (error) {
      throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
    }
  }
}

const isFar = ({ batches }: LayerCase) => batches === "far from 0";
const isFloat64 = ({ batches }: LayerCase) => batches.includes("float64");

// PyTorch sums (N, C) in float32 and (N, C, L) in float64; lucidgrad's sums are all float64. Far from 0, where a float32
// mean is off by as much as 1e-5, that is seen in the gradient of weight.
describe.each([
  { what: "float32", share: 1e-6, statistics: 5e-7, cases: fixture.cases.filter((c) => !isFar(c) && !isFloat64(c)) },
  { what: "float32 far from 0", share: 5e-6, statistics: 5e-7, cases: fixture.cases.filter(isFar) },
  { what: "float64", share: 5e-15, statistics: 1e-15, cases: fixture.cases.filter(isFloat64) },
])("BatchNorm1d, $what: PyTorch's y, dx, dweight, dbias within $share of their largest number", (group) => {
  it.each(group.cases)(`$name; running statistics within ${group.statistics}`, (layerCase) => {
    const layer = makeLayer(layerCase);
    layerCase.steps.forEach((expected, i) => {
      const { x: input, dy } = fixture.batches[layerCase.batches][i];
      const x = (layerCase.transposed ? transposedInMemory(toTensor(input)) : toTensor(input)).requiresGrad_();
      layer.train(expected.training).zeroGrad();
      const y = layer.forward(x);
      y.backward(toTensor(dy));
      // Where a sum of gradients is 0 but for rounding, only the terms, which are about 1, say how much rounding there is.
      expectNear(x.grad as Tensor, expected.dx, group.share, 1);
      const { weight, bias, runningMean, runningVar, numBatchesTracked } = layer;
      expectEach(
        {
          y: [y, expected.y],
          dweight: [weight?.grad, expected.dweight],
          dbias: [bias?.grad, expected.dbias],
        },
        (a, e) => expectNear(a, e, group.share),
      );
      expectEach(
        { runningMean: [runningMean, expected.runningMean], runningVar: [runningVar, expected.runningVar] },
        (a, e) => expectNear(a, e, group.statistics),
      );
      expectEach({ numBatchesTracked: [numBatchesTracked, expected.count] }, expectExact);
    });
  });
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

describe("what BatchNorm1d refuses, in PyTorch's words", () => {
  it.each(fixture.layerErrors)("$name: $error", ({ shape, training, trackRunningStats, error, count }) => {
    const layer = new nn.BatchNorm1d(3, { trackRunningStats }).train(training);
    const before = [layer.runningMean, layer.runningVar].map(String);
    expect(() => layer.forward(ones(shape))).toThrow(error);
    expect([layer.runningMean, layer.runningVar].map(String)).toEqual(before);
    expect(layer.numBatchesTracked?.item() ?? null).toBe(count); // a batch of the wrong size counts, as in PyTorch
  });

  it.each(fixture.functionErrors)("batchNorm of vectors of sizes $sizes, training $training: $error", (refused) => {
    const [runningMean, runningVar, weight, bias] = refused.sizes.map((size) => (size === null ? null : ones(size)));
    const { training } = refused;
    expect(() => nn.functional.batchNorm(ones([2, 3]), runningMean, runningVar, { weight, bias, training })).toThrow(
      refused.error,
    );
  });
});

describe("a dtype that is not the layer's is refused, in PyTorch's words", () => {
  const words = "$dtype for a layer of $layer, affine $affine, training $training: $error";
  it.each(fixture.dtypeErrors)(words, ({ layer: dtype, affine, training, ...rest }) => {
    const layer = new nn.BatchNorm1d(3, { affine, dtype }).train(training);
    expect(() => layer.forward(ones([4, 3], { dtype: rest.dtype }))).toThrow(rest.error);
  });
});

describe("a batch without a single value, exactly as in PyTorch", () => {
  it.each(fixture.empty)("y $y.shape, training $training, affine $affine", ({ y: expected, ...rest }) => {
    const layer = new nn.BatchNorm1d(3, { affine: rest.affine }).train(rest.training);
    const x = toTensor(expected, { requiresGrad: true });
    const y = layer.forward(x);
    y.sum().backward();
    const { weight, bias, runningMean, runningVar, numBatchesTracked } = layer;
    expectEach(
      {
        y: [y, expected],
        dx: [x.grad, rest.dx],
        dweight: [weight?.grad, rest.dweight],
        dbias: [bias?.grad, rest.dbias],
        runningMean: [runningMean, rest.runningMean],
        runningVar: [runningVar, rest.runningVar],
        numBatchesTracked: [numBatchesTracked, rest.count],
      },
      expectExact,
    );
  });

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
