/** Pictures side by side as one. */
import { noGrad } from "../autograd/grad-mode.ts";
import { clamp, div, sub } from "../autograd/ops/elementwise.ts";
import { cat, stack } from "../autograd/ops/parts.ts";
import { max, min } from "../autograd/ops/reduction.ts";
import { unsqueeze } from "../autograd/ops/shape.ts";
import { copyInto } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { full } from "../tensor/create.ts";
import { type DType, isFloatingPoint } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { formatShape, type Int } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { rowOf } from "./dataset.ts";

/** How `imageGrid` lays images out. */
export interface GridOptions {
  /** Images a row. Default: 8. */
  columns?: Int;
  /** Pixels between images, and around them. Default: 2. */
  padding?: Int;
  /** Their value. Default: 0, black. */
  padValue?: number;
}

/**
 * Images (N, C, H, W) side by side as one image (C, rows · (H + padding) + padding, columns · (W + padding) + padding).
 * As `torchvision.utils.make_grid`, but a single image gets its padding too, and grey stays one channel.
 * @example imageGrid(ones([10, 1, 28, 28]), { columns: 5 }).shape
 */
export function imageGrid(images: Tensor, options?: GridOptions): Tensor {
  const { columns, padding, padValue } = readOptions(options, { columns: 8, padding: 2, padValue: 0 });
  check(images.ndim === 4, () => `imageGrid expects (N, C, H, W), but got ${formatShape(images.shape)}`);
  check(columns > 0, () => `imageGrid expects at least one column, but got ${columns}`);
  check(padding >= 0, () => `imageGrid expects a padding of 0 or more, but got ${padding}`);
  return laidOut(images, columns, padding, padValue, "float32");
}

function laidOut(images: Tensor, columns: number, padding: number, padValue: number, dtype: DType): Tensor {
  const [n, channels, height, width] = images.shape;
  const across = Math.max(1, Math.min(columns, n));
  const down = Math.ceil(n / across);
  const shape = [channels, down * (height + padding) + padding, across * (width + padding) + padding];
  const grid = full(shape, padValue, { dtype });
  for (let i = 0; i < n; i++) {
    const top = Math.floor(i / across) * (height + padding) + padding;
    const left = (i % across) * (width + padding) + padding;
    const place = new Tensor(grid.storage, dtype, [channels, height, width], grid.strides, top * shape[2] + left);
    copyInto(place, rowOf(images, i));
  }
  return grid;
}

/** How `makeGrid` lays pictures out. */
export interface MakeGridOptions {
  /** Pictures a row. Default: 8. */
  nrow?: Int;
  /** Pixels between pictures, and around them. Default: 2. */
  padding?: Int;
  /** Whether values are brought into [0, 1]. Default: false. */
  normalize?: boolean;
  /** What becomes 0 and 1 then; what is beyond is clipped. Default: null, the least and the largest value. */
  valueRange?: readonly [min: number, max: number] | null;
  /** Whether the least and the largest value are those of each picture, and not of all. Default: false. */
  scaleEach?: boolean;
  /** The value of pixels between pictures. Default: 0. */
  padValue?: number;
}

/** What these options are by default. */
export const makeGridDefaults: Required<MakeGridOptions> = {
  nrow: 8,
  padding: 2,
  normalize: false,
  valueRange: null,
  scaleEach: false,
  padValue: 0,
};

/**
 * Pictures (N, C, H, W), or a list of (C, H, W), side by side as one (C, rows · (H + padding) + padding, nrow · (W + padding) + padding);
 * one alone stays as large as it is. Grey becomes three channels. Mirrors `torchvision.utils.make_grid`.
 * @throws unless there are pictures, all of one size; if values without fractions are to be brought into [0, 1]
 * @example makeGrid([zeros([3, 4, 4]), ones([3, 4, 4])], { padding: 1, normalize: true }).shape
 */
export function makeGrid(images: Tensor | readonly Tensor[], options?: MakeGridOptions): Tensor {
  const { nrow, padding, normalize, valueRange, scaleEach, padValue } = readOptions(options, makeGridDefaults);
  check(nrow > 0, () => `makeGrid expects at least one picture a row, but got ${nrow}`);
  check(padding >= 0, () => `makeGrid expects a padding of 0 or more, but got ${padding}`);
  return noGrad(() => {
    const batch = inColour(images instanceof Tensor ? images : stack(images));
    const scaled = (x: Tensor) => normalized(x, valueRange);
    const each = () => stack(Array.from({ length: batch.shape[0] }, (_, i) => scaled(rowOf(batch, i))));
    const made = normalize ? (scaleEach ? each() : scaled(batch)) : batch;
    return made.shape[0] === 1 ? rowOf(made, 0) : laidOut(made, nrow, padding, padValue, made.dtype);
  });
}

/** As a batch of three channels, or of as many as there are if they are not one. */
function inColour(images: Tensor): Tensor {
  const isPicture = images.ndim >= 2 && images.ndim <= 4 && images.numel > 0;
  const others = () => `makeGrid expects (H, W), (C, H, W) or (N, C, H, W), but got ${formatShape(images.shape)}`;
  check(isPicture, others);
  let batch = images;
  while (batch.ndim < 4) batch = unsqueeze(batch, 0);
  return batch.shape[1] === 1 ? cat([batch, batch, batch], 1) : batch;
}

/** y = (x - low) / (high - low), from 0 to 1. */
function normalized(x: Tensor, range: readonly [min: number, max: number] | null): Tensor {
  check(isFloatingPoint(x.dtype), "result type Float can't be cast to the desired output type int");
  const [low, high] = range ?? [min(x).item(), max(x).item()];
  return div(sub(clamp(x, low, high), low), Math.max(high - low, 1e-5));
}
