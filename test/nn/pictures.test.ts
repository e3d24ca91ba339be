/** Functions of images, sequences and volumes: what layers do not call, with PyTorch's values, derivatives and words. */
import { describe } from "vitest";
import type { Tensor } from "../../src/index.ts";
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
