/** Each pixel with its neighbours: blurred, or sharper. */
import { div, exp, mul, pow } from "../../autograd/ops/elementwise.ts";
import { pad } from "../../autograd/ops/layers/pad.ts";
import { outer } from "../../autograd/ops/matmul.ts";
import { cat, narrow, slice } from "../../autograd/ops/parts.ts";
import { sum } from "../../autograd/ops/reduction.ts";
import { expand, to } from "../../autograd/ops/shape.ts";
import { functional as nn } from "../../nn/functional.ts";
import { check } from "../../tensor/check.ts";
import { linspace, tensor } from "../../tensor/create.ts";
import type { Int } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { blend } from "./colours.ts";
import { asBatch, checkColours, checkDimensions } from "./picture.ts";

/**
 * A picture (C, H, W) or (N, C, H, W) whose pixels are means of those around them, weighted by exp(-d² / 2σ²) at a distance d; beyond the edges
 * is the mirror image. Mirrors `torchvision.transforms.functional.gaussian_blur`.
 * @param kernelSize how many pixels that are, from left to right and from top to bottom
 * @param sigma in both directions, or in each; null stands for 0.15 · kernelSize + 0.35
 * @throws unless the sizes are odd, and sigma above 0
 * @example transforms.functional.gaussianBlur(eye(5).view(1, 5, 5), 3, 0.5)
 */
export function gaussianBlur(
  x: Tensor,
  kernelSize: Int | readonly Int[],
  sigma: number | readonly number[] | null = null,
): Tensor {
  const sizes = typeof kernelSize === "number" ? [kernelSize, kernelSize] : kernelSize;
  check(sizes.length === 2, () => `If kernel_size is a sequence its length should be 2. Got ${sizes.length}`);
  const notOdd = () => `kernel_size should have odd and positive integers. Got [${sizes.join(", ")}]`;
  check(
    sizes.every((size) => size % 2 === 1),
    notOdd,
  );
  const given = [sigma ?? sizes.map((size) => size * 0.15 + 0.35)].flat();
  const sigmas = given.length === 1 ? [given[0], given[0]] : given;
  check(sigmas.length === 2, () => `If sigma is a sequence, its length should be 2. Got ${sigmas.length}`);
  check(Math.min(...sigmas) > 0, () => `sigma should have positive values. Got [${sigmas.join(", ")}]`);
  checkDimensions(x);
  const [across, down] = sizes.map((size, i) => bell(size, sigmas[i]));
  const [left, top] = sizes.map((size) => (size - 1) / 2);
  return asBatch(x, (batch) => weighted(pad(batch, [left, left, top, top], "reflect"), outer(down, across)));
}

/** A Gaussian's weights, whose sum is 1. */
function bell(size: number, sigma: number): Tensor {
  const half = (size - 1) / 2;
  const weights = exp(mul(pow(div(linspace(-half, half, size), sigma), 2), -0.5));
  return div(weights, sum(weights));
}

/** Each channel of (N, C, H, W) convolved with one kernel. */
function weighted(x: Tensor, kernel: Tensor): Tensor {
  const channels = x.shape[1];
  const kernels = expand(to(kernel, x.dtype), [channels, 1, ...kernel.shape]);
  return nn.conv2d(x, kernels, null, { groups: channels });
}

/**
 * A picture (C, H, W) or (N, C, H, W) so many times as sharp: 0 is a little blurred, 1 as it is. Pixels at the edges stay.
 * Mirrors `torchvision.transforms.functional.adjust_sharpness`.
 * @throws for a negative factor
 * @example transforms.functional.adjustSharpness(eye(4).view(1, 4, 4), 0)
 */
export function adjustSharpness(x: Tensor, sharpnessFactor: number): Tensor {
  check(sharpnessFactor >= 0, () => `sharpness_factor (${sharpnessFactor}) is not non-negative.`);
  checkColours(x);
  const [height, width] = x.shape.slice(-2);
  if (height <= 2 || width <= 2) return x;
  return blend(x, slightlyBlurred(x), sharpnessFactor);
}

/** A picture whose pixels, but for those at the edges, are mixed with their eight neighbours, which weigh a fifth as much. */
function slightlyBlurred(x: Tensor): Tensor {
  checkDimensions(x);
  const kernel = div(
    tensor([
      [1, 1, 1],
      [1, 5, 1],
      [1, 1, 1],
    ]),
    13,
  );
  const inner = asBatch(x, (batch) => weighted(batch, kernel));
  const [height, width] = x.shape.slice(-2);
  const middle = narrow(x, -2, 1, height - 2);
  const rows = cat([slice(middle, -1, 0, 1), inner, slice(middle, -1, width - 1)], -1);
  return cat([slice(x, -2, 0, 1), rows, slice(x, -2, height - 1)], -2);
}
