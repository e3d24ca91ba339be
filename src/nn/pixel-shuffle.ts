/** Channels that become places, and places that become channels: how a network for larger images ends. */
import { permute, reshape } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";

/** @throws unless x is an image at least, and the factor makes it larger */
function checkFactor(x: Tensor, name: string, kind: string, factor: number): void {
  const noImage = () =>
    `${name} expects input to have at least 3 dimensions, but got input with ${x.ndim} dimension(s)`;
  check(x.ndim >= 3, noImage);
  check(factor > 0, () => `${name} expects a positive ${kind}_factor, but got ${factor}`);
}

/**
 * y[…, c, h · r + i, w · r + j] = x[…, (c · r + i) · r + j, h, w]: r² channels become r x r places. Mirrors
 * `torch.nn.functional.pixel_shuffle` (Shi et al. 2016, https://arxiv.org/abs/1609.05158).
 *
 * @param x (…, C · r², H, W) @param upscaleFactor r
 * @returns (…, C, H · r, W · r)
 * @throws unless r² divides the channels
 * @example nn.functional.pixelShuffle(arange(4).view(4, 1, 1), 2)
 */
function pixelShuffle(x: Tensor, upscaleFactor: Int): Tensor {
  checkFactor(x, "pixel_shuffle", "upscale", upscaleFactor);
  const r = upscaleFactor;
  const outer = x.shape.slice(0, -3);
  const [channels, h, w] = x.shape.slice(-3);
  const notDivisible = () =>
    "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, " +
    `but input.size(-3)=${channels} is not divisible by ${r * r}`;
  check(channels % (r * r) === 0, notDivisible);
  const c = channels / (r * r);
  const n = outer.length;
  const apart = reshape(x, [...outer, c, r, r, h, w]);
  const together = permute(apart, ...outer.keys(), n, n + 3, n + 1, n + 4, n + 2); // (…, c, h, r, w, r)
  return reshape(together, [...outer, c, h * r, w * r]);
}

/**
 * The reverse: r x r places become r² channels. Mirrors `torch.nn.functional.pixel_unshuffle`.
 *
 * @param x (…, C, H · r, W · r) @param downscaleFactor r
 * @returns (…, C · r², H, W)
 * @throws unless r divides height and width
 * @example nn.functional.pixelUnshuffle(arange(4).view(1, 2, 2), 2)
 */
function pixelUnshuffle(x: Tensor, downscaleFactor: Int): Tensor {
  checkFactor(x, "pixel_unshuffle", "downscale", downscaleFactor);
  const r = downscaleFactor;
  const outer = x.shape.slice(0, -3);
  const [c, height, width] = x.shape.slice(-3);
  const notDivisible = (name: string, dim: number, size: number) => () =>
    `pixel_unshuffle expects ${name} to be divisible by downscale_factor, but input.size(${dim})=${size} is not divisible by ${r}`;
  check(height % r === 0, notDivisible("height", -2, height));
  check(width % r === 0, notDivisible("width", -1, width));
  const [h, w] = [height / r, width / r];
  const n = outer.length;
  const apart = reshape(x, [...outer, c, h, r, w, r]);
  const together = permute(apart, ...outer.keys(), n, n + 2, n + 4, n + 1, n + 3); // (…, c, r, r, h, w)
  return reshape(together, [...outer, c * r * r, h, w]);
}

/** Channels become places. Mirrors `torch.nn.PixelShuffle`. @example new nn.PixelShuffle(2).forward(arange(4).view(1, 4, 1, 1)) */
export class PixelShuffle extends Module {
  /** How many times as high and as wide the output is. */
  readonly upscaleFactor: number;

  constructor(upscaleFactor: Int) {
    super();
    this.upscaleFactor = upscaleFactor;
  }

  override forward(x: Tensor): Tensor {
    return pixelShuffle(x, this.upscaleFactor);
  }

  override extraRepr(): string {
    return `upscale_factor=${this.upscaleFactor}`;
  }
}

/** Places become channels. Mirrors `torch.nn.PixelUnshuffle`. @example new nn.PixelUnshuffle(2).forward(arange(4).view(1, 1, 2, 2)) */
export class PixelUnshuffle extends Module {
  /** How many times as high and as wide the input is. */
  readonly downscaleFactor: number;

  constructor(downscaleFactor: Int) {
    super();
    this.downscaleFactor = downscaleFactor;
  }

  override forward(x: Tensor): Tensor {
    return pixelUnshuffle(x, this.downscaleFactor);
  }

  override extraRepr(): string {
    return `downscale_factor=${this.downscaleFactor}`;
  }
}

export default { pixelShuffle, pixelUnshuffle };
