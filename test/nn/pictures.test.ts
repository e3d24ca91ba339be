/** Functions of images, sequences and volumes: what layers do not call, with PyTorch's values, derivatives and words. */
import { describe } from "vitest";
import type { Tensor } from "../../src/index.ts";
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
