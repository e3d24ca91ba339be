/** Functions of images, sequences and volumes: what layers do not call, with PyTorch's values, derivatives and words. */
import { describe, expect, it } from "vitest";
import { Generator, gradcheck, gradgradcheck, nn, rand, type Tensor, tensor } from "../../src/index.ts";
import type { GridSampleOptions } from "../../src/nn/grid-sample.ts";
import type { UpsamplingOptions } from "../../src/nn/upsampling.ts";
import { Answers, torch } from "../support/index.ts";

const answers = new Answers("pictures");
const { interpolate } = torch.nn.functional;

/** So many numbers, none of them equal, the same each time. */
function input(...shape: number[]): Tensor {
  torch.manualSeed(0);
  return torch.rand(shape).requiresGrad_();
}

/** What f makes of x, and the gradient of x for one that is not the same everywhere. */
function withGradient(f: (x: Tensor) => Tensor, ...shape: number[]): unknown {
  const x = input(...shape);
  const y = f(x);
  y.backward(torch.rand(y.shape));
  return [y, x.grad];
}

describe("interpolation", () => {
  it("to a size that no memory holds is refused at once", () => {
    expect(() => nn.functional.interpolate(rand([1, 1, 2]), { size: 2 ** 40 })).toThrow("can't allocate memory");
  });
  for (const mode of ["bilinear", "bicubic"] as const) {
    for (const alignCorners of [false, true]) {
      for (const size of [3, [5, 9], [2, 7]])
        answers.it(`${mode} with antialias of 5 x 7 to ${size}, corners aligned: ${alignCorners}`, () =>
          withGradient((x) => interpolate(x, { size, mode, alignCorners, antialias: true }), 2, 2, 5, 7),
        );
    }
    for (const scaleFactor of [0.4, [1.3, 0.7]])
      answers.it(`${mode} with antialias, ${scaleFactor} times as large`, () =>
        withGradient((x) => interpolate(x, { scaleFactor, mode, antialias: true }), 1, 2, 8, 9),
      );
  }
  for (const mode of ["nearest", "bilinear", "area"] as const) {
    answers.it(`error of antialias in ${mode} of a volume`, () =>
      torch.error(() => interpolate(torch.ones([1, 1, 2, 2, 2]), { size: 2, mode, antialias: true }), "\n"),
    );
  }
  const wrong: UpsamplingOptions[] = [{ size: [1, 2, 3] }, { scaleFactor: [2] }];
  for (const options of wrong)
    answers.it(`error of ${JSON.stringify(options)}`, () =>
      torch.error(() => interpolate(torch.ones([1, 1, 4, 4]), options), "\n"),
    );
  for (const dtype of ["int32", "bool"] as const) {
    for (const mode of ["nearest", "bilinear", "bicubic"] as const)
      answers.it(`error of ${mode} of ${dtype}`, () =>
        torch.error(() => interpolate(torch.ones([1, 1, 2, 2]).to(dtype), { size: 2, mode }), "\n"),
      );
  }
});

describe("sampling at the places of a grid", () => {
  const { affineGrid, gridSample } = torch.nn.functional;
  /** Some places between -1 and 1, some outside. */
  function sampled(options: GridSampleOptions, shape: number[], gridShape: number[]): unknown {
    torch.manualSeed(0);
    const dtype = options.mode === "bicubic" ? "float64" : "float32"; // whose last digits PyTorch has fewer of
    const x = torch.rand(shape, { dtype }).requiresGrad_();
    const grid = torch.rand(gridShape, { dtype }).mul(3).sub(1.5).requiresGrad_();
    const y = gridSample(x, grid, options);
    y.backward(torch.rand(y.shape, { dtype }));
    return [y, x.grad, grid.grad];
  }
  for (const mode of ["bilinear", "nearest", "bicubic"] as const) {
    for (const paddingMode of ["zeros", "border", "reflection"] as const) {
      for (const alignCorners of [false, true]) {
        const title = `${mode}, ${paddingMode}, corners aligned: ${alignCorners}`;
        const options = { mode, paddingMode, alignCorners };
        answers.it(`${title}, of an image`, () => sampled(options, [2, 3, 4, 5], [2, 3, 4, 2]));
        if (mode !== "bicubic")
          answers.it(`${title}, of a volume`, () => sampled(options, [1, 2, 3, 4, 2], [1, 2, 3, 2, 3]));
      }
    }
  }
  for (const alignCorners of [false, true]) {
    const theta = (...shape: number[]) => input(...shape);
    answers.it(`the grid of an affine map of images, corners aligned: ${alignCorners}`, () =>
      withGradient((x) => affineGrid(x, [2, 1, 3, 4], { alignCorners }), 2, 2, 3),
    );
    answers.it(`the grid of an affine map of volumes, corners aligned: ${alignCorners}`, () =>
      affineGrid(theta(1, 3, 4), [1, 1, 2, 1, 3], { alignCorners }),
    );
  }
  const places = (place: number, paddingMode: "zeros" | "border" | "reflection", mode: "bilinear" | "nearest") =>
    gridSample(input(1, 1, 3, 3), torch.full([1, 1, 1, 2], place), { paddingMode, mode });
  for (const place of [Number.NaN, Infinity, -1e9]) {
    for (const paddingMode of ["zeros", "border", "reflection"] as const)
      for (const mode of ["bilinear", "nearest"] as const)
        answers.it(`${place}, ${paddingMode}, ${mode}`, () => places(place, paddingMode, mode));
  }
  const zeros = (...shape: number[]) => torch.zeros(shape);
  const wrong: Record<string, () => unknown> = {
    "a mode": () => gridSample(zeros(1, 1, 4, 4), zeros(1, 2, 2, 2), { mode: "cubic" as "bicubic" }),
    "a padding": () => gridSample(zeros(1, 1, 4, 4), zeros(1, 2, 2, 2), { paddingMode: "wrap" as "border" }),
    "three dimensions": () => gridSample(zeros(1, 4, 4), zeros(1, 2, 2, 2)),
    "another rank": () => gridSample(zeros(1, 1, 4, 4), zeros(1, 2, 2)),
    "places of three numbers": () => gridSample(zeros(1, 1, 4, 4), zeros(1, 2, 2, 3)),
    "a cubic volume": () => gridSample(zeros(1, 1, 4, 4, 4), zeros(1, 2, 2, 2, 3), { mode: "bicubic" }),
    "another batch": () => gridSample(zeros(2, 1, 4, 4), zeros(1, 2, 2, 2)),
    "no rows": () => gridSample(zeros(1, 1, 0, 4), zeros(1, 2, 2, 2)),
    "two dtypes": () => gridSample(zeros(1, 1, 4, 4).to("float64"), zeros(1, 2, 2, 2)),
    "whole numbers": () => gridSample(zeros(1, 1, 4, 4).to("int32"), zeros(1, 2, 2, 2).to("int32")),
    "a sequence's affine map": () => affineGrid(zeros(1, 2, 3), [1, 1, 2]),
    "square matrices": () => affineGrid(zeros(1, 2, 2), [1, 1, 2, 2]),
    "two matrices for one sample": () => affineGrid(zeros(2, 2, 3), [1, 1, 2, 2]),
    "an affine map of whole numbers": () => affineGrid(zeros(1, 2, 3).to("int32"), [1, 1, 2, 2]),
    "a grid of nothing": () => affineGrid(zeros(1, 2, 3), [1, 1, 0, 2]),
  };
  for (const [name, call] of Object.entries(wrong)) answers.it(`error of ${name}`, () => torch.error(call, "\n"));
});

describe("largest elements back at their places", () => {
  const { maxPool1dWithIndices, maxPool2dWithIndices, maxPool3dWithIndices } = nn.functional;
  const { maxUnpool1d, maxUnpool2d, maxUnpool3d } = torch.nn.functional;
  const unpooled = {
    sequences: () => {
      const { indices } = maxPool1dWithIndices(rand([2, 3, 7], { generator: new Generator(0) }), 2);
      return withGradient((x) => maxUnpool1d(x, copied(indices), 2), 2, 3, 3);
    },
    "images, of an odd size": () => {
      const { indices } = maxPool2dWithIndices(rand([2, 5, 7], { generator: new Generator(0) }), [2, 3], { stride: 2 });
      return withGradient((x) => maxUnpool2d(x, copied(indices), [2, 3], { stride: 2, outputSize: [5, 8] }), 2, 2, 3);
    },
    volumes: () => {
      const { indices } = maxPool3dWithIndices(rand([1, 2, 4, 2, 4], { generator: new Generator(0) }), 2);
      return withGradient((x) => maxUnpool3d(x, copied(indices), 2), 1, 2, 2, 1, 2);
    },
  };
  const copied = (x: Tensor) => torch.tensor(x.toArray(), { dtype: "int32" });
  for (const [name, run] of Object.entries(unpooled)) answers.it(`unpooled ${name}`, run);
  answers.it("unpooled by layers", () => {
    const indices = torch.tensor([[[1, 3]]], { dtype: "int32" });
    const { MaxUnpool1d, MaxUnpool2d, MaxUnpool3d } = torch.nn;
    const layers = [new MaxUnpool1d(2), new MaxUnpool2d([2, 3], { padding: 1 }), new MaxUnpool3d(2, { stride: 3 })];
    return [...layers.map(String), new MaxUnpool1d(2).forward(input(1, 1, 2), indices, [5])];
  });
  const indices = (...shape: number[]) => torch.zeros(shape, { dtype: "int32" });
  const wrong: Record<string, () => unknown> = {
    "an unpooled matrix": () => maxUnpool2d(torch.ones([2, 2]), indices(2, 2), 2),
    "unpooled indices of another shape": () => maxUnpool2d(torch.ones([1, 2, 2]), indices(1, 2, 3), 2),
    "an unpooled index that is not there": () => maxUnpool2d(torch.ones([1, 2, 2]), indices(1, 2, 2).add(100), 2),
    "no unpooled channels": () => maxUnpool2d(torch.ones([1, 0, 2, 2]), indices(1, 0, 2, 2), 2),
    "a size that is pooled to another": () =>
      maxUnpool2d(torch.ones([1, 2, 2]), indices(1, 2, 2), 2, { outputSize: [9, 9] }),
    "a size of one": () => maxUnpool2d(torch.ones([1, 2, 2]), indices(1, 2, 2), 2, { outputSize: [5] }),
    "an unpooled stride of 0": () => maxUnpool3d(torch.ones([1, 2, 2, 2]), indices(1, 2, 2, 2), 2, { stride: 0 }),
  };
  for (const [name, call] of Object.entries(wrong)) answers.it(`error of ${name}`, () => torch.error(call, "\n"));

  it("has both derivatives", () => {
    const x = rand([1, 2, 2], { dtype: "float64", generator: new Generator(0) }).requiresGrad_();
    const places = tensor(
      [
        [
          [0, 3],
          [9, 10],
        ],
      ],
      { dtype: "int32" },
    );
    const f = (x: Tensor) => nn.functional.maxUnpool2d(x, places, 2);
    expect(gradcheck(f, [x])).toBe(true);
    expect(gradgradcheck(f, [x])).toBe(true);
  });
});

describe("layers say where the largest elements are, if they are asked for it:", () => {
  const asked = { returnIndices: true } as const;
  const { AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d, MaxPool1d, MaxPool2d, MaxPool3d } = torch.nn;
  const { FractionalMaxPool2d, FractionalMaxPool3d, MaxUnpool2d } = torch.nn;
  const pools: Record<string, [make: () => nn.Module, ...shape: number[]]> = {
    MaxPool1d: [() => new MaxPool1d(2, { ...asked, padding: 1 }), 2, 3, 7],
    MaxPool2d: [() => new MaxPool2d([3, 2], { ...asked, stride: 1 }), 2, 2, 4, 5],
    MaxPool3d: [() => new MaxPool3d(2, { ...asked, ceilMode: true }), 1, 2, 3, 4, 3],
    AdaptiveMaxPool1d: [() => new AdaptiveMaxPool1d(3, asked), 1, 2, 7],
    AdaptiveMaxPool2d: [() => new AdaptiveMaxPool2d([2, null], asked), 1, 2, 5, 3],
    AdaptiveMaxPool3d: [() => new AdaptiveMaxPool3d(2, asked), 2, 3, 4, 5],
    FractionalMaxPool2d: [() => new FractionalMaxPool2d(2, { ...asked, outputRatio: 0.6 }), 1, 2, 5, 6],
    FractionalMaxPool3d: [() => new FractionalMaxPool3d(2, { ...asked, outputSize: 2 }), 1, 2, 4, 4, 5],
  };
  for (const [name, [make, ...shape]] of Object.entries(pools))
    answers.it(`${name} with indices`, () => {
      torch.manualSeed(2);
      const layer = make();
      const x = torch.rand(shape, { requiresGrad: true });
      const { values, indices } = layer.forward(x);
      values.sum().backward();
      return [String(layer), values, indices, x.grad];
    });
  answers.it("and what unpools takes it", () => {
    const { values, indices } = new MaxPool2d(2, asked).forward(torch.arange(16).view([1, 1, 4, 4]));
    return new MaxUnpool2d(2).forward(values, indices);
  });
  answers.it("fractional functions with indices", () => {
    torch.manualSeed(3);
    const { fractionalMaxPool2d, fractionalMaxPool3d } = torch.nn.functional;
    const x = torch.rand([1, 4, 6, 6]);
    const first = fractionalMaxPool2d(x, 2, { outputSize: 3, ...asked });
    const second = fractionalMaxPool3d(x, 2, { outputSize: [2, 3, 3], ...asked });
    return [first.values, first.indices, second.values, second.indices];
  });
});

describe("fractional max pooling", () => {
  const { fractionalMaxPool2d, fractionalMaxPool3d } = torch.nn.functional;
  answers.it("error of a negative size", () =>
    torch.error(() => fractionalMaxPool2d(torch.ones([1, 4, 4]), 2, { outputSize: -1 }), "\n"),
  );
  it("draws and windows of no size are refused", () => {
    const pool = (kernelSize: number, _randomSamples: Tensor | null) => () =>
      nn.functional.fractionalMaxPool2d(rand([1, 4, 4]), kernelSize, { outputSize: 2, _randomSamples });
    expect(pool(0, null)).toThrow("kernel size should be greater than zero");
    expect(pool(2, rand([1, 1, 1]))).toThrow("_random_samples must be [1, 1, 2], but got [1, 1, 1]");
  });
  const { FractionalMaxPool2d, FractionalMaxPool3d } = torch.nn;
  answers.it("fractional, of images", () =>
    withGradient((x) => fractionalMaxPool2d(x, 2, { outputSize: [4, 5] }), 2, 3, 7, 9),
  );
  answers.it("fractional, of an image", () =>
    withGradient((x) => fractionalMaxPool2d(x, [1, 3], { outputRatio: 0.6 }), 3, 8, 9),
  );
  answers.it("fractional, of volumes", () =>
    withGradient((x) => fractionalMaxPool3d(x, 2, { outputRatio: 0.6 }), 1, 2, 5, 6, 7),
  );
  answers.it("fractional, by layers", () => {
    torch.manualSeed(1);
    const x = torch.rand([1, 2, 9, 8]);
    const layer = new FractionalMaxPool2d(2, { outputRatio: [0.5, 0.7] });
    return [String(layer), layer.forward(x), new FractionalMaxPool3d(2, { outputSize: 2 }).forward(x.view(1, 4, 6, 6))];
  });
  answers.it("fractional, by the first of more draws", () => {
    const options = { outputSize: 3, _randomSamples: torch.rand([2, 2, 3], { generator: new torch.Generator(1) }) };
    return fractionalMaxPool3d(torch.arange(432).to("float32").view(2, 6, 6, 6), 2, options);
  });
  const images = torch.ones([1, 1, 4, 4]);
  const wrong: Record<string, () => unknown> = {
    "no size": () => fractionalMaxPool2d(images, 2),
    "too many windows": () => fractionalMaxPool2d(images, 2, { outputSize: 4 }),
    "too many windows of a volume": () => fractionalMaxPool3d(images, 2, { outputSize: 5 }),
    "as many windows of a volume as touch its end": () => fractionalMaxPool3d(images, 2, { outputSize: [3, 2, 2] }),
    "a window of three sizes": () => fractionalMaxPool2d(images, [2, 2, 2], { outputSize: 2 }),
    "a layer without a size": () => new FractionalMaxPool2d(2),
    "a layer with two": () => new FractionalMaxPool2d(2, { outputSize: 2, outputRatio: 0.5 }),
    "a layer that makes larger": () => new FractionalMaxPool3d(2, { outputRatio: 1.5 }),
  };
  for (const [name, call] of Object.entries(wrong)) answers.it(`error of ${name}`, () => torch.error(call, "\n"));

  it("has both derivatives", () => {
    const x = rand([1, 2, 5, 5], { dtype: "float64", generator: new Generator(0) }).requiresGrad_();
    const _randomSamples = rand([1, 2, 2], { dtype: "float64", generator: new Generator(1) });
    const f = (x: Tensor) => nn.functional.fractionalMaxPool2d(x, 2, { outputSize: 3, _randomSamples });
    expect(gradcheck(f, [x])).toBe(true);
    expect(gradgradcheck(f, [x])).toBe(true);
  });
});
