/**
 * Making images, sequences and volumes larger or smaller: each dimension in turn, the last one first, is multiplied with the matrix
 * of its interpolation. Their weights are in interpolation-weights.ts.
 */
import { resample, type SparseMatrix } from "../autograd/ops/layers/resample.ts";
import { clone } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { isFloatingPoint, rounded, scalarName } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonFloat, pythonSize } from "../tensor/python-text.ts";
import { formatShape, type Int, numelOf } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { cubic, filtered, linear, nearest, type Resizing, smooth, triangle } from "./interpolation-weights.ts";
import { Module } from "./module.ts";
import adaptive from "./pooling-adaptive.ts";

/** How the elements between those of the input are found. */
export type InterpolationMode = "nearest" | "nearest-exact" | "linear" | "bilinear" | "bicubic" | "trilinear" | "area";

/** Options of what makes images of a size, or so many times as large. */
export interface UpsamplingOptions {
  /** The new size, of all spatial dimensions or of each; or null, where there is a scale factor. Default: null. */
  size?: Int | readonly Int[] | null;
  /** How many times as large, along all spatial dimensions or along each; or null, where there is a size. Default: null. */
  scaleFactor?: number | readonly number[] | null;
}

/** Options of Upsample. */
export interface UpsampleOptions extends UpsamplingOptions {
  /**
   * "nearest": the input whose range an output begins in; "nearest-exact": in whose range its middle is; "linear", "bilinear" and
   * "trilinear": by its two neighbours along each of one, two and three dimensions; "bicubic": by four, of two dimensions; "area":
   * the mean of all inputs in its range. Default: "nearest".
   */
  mode?: InterpolationMode;
  /** Whether the first and last inputs become the first and last outputs: else their outer edges do. Default: null, which is false. */
  alignCorners?: boolean | null;
  /** Whether the scale factor is computed from the sizes, which are whole numbers, and not what was given. Default: null, which is false. */
  recomputeScaleFactor?: boolean | null;
}

/** Options of interpolate. */
export interface InterpolateOptions extends UpsampleOptions {
  /** Whether outputs that are fewer than the inputs take all of these into account, in "bilinear" and "bicubic". Default: false. */
  antialias?: boolean;
}

const upsamplingDefaults: Required<UpsamplingOptions> = { size: null, scaleFactor: null };
const upsampleDefaults: Required<UpsampleOptions> = {
  ...upsamplingDefaults,
  mode: "nearest",
  alignCorners: null,
  recomputeScaleFactor: null,
};

/** What PyTorch calls the kernel of a mode for one, two and three dimensions. */
const kernelNames: Readonly<Record<Exclude<InterpolationMode, "area">, readonly (string | undefined)[]>> = {
  nearest: ["compute_indices_weights_nearest", "upsample_nearest2d_channels_last", "upsample_nearest3d_channels_last"],
  "nearest-exact": [
    "compute_indices_weights_nearest",
    "upsample_nearest2d_channels_last",
    "upsample_nearest3d_channels_last",
  ],
  linear: ["compute_indices_weights_linear"],
  bilinear: [undefined, "upsample_bilinear2d_channels_last"],
  bicubic: [undefined, "compute_indices_weights_cubic"],
  trilinear: [undefined, undefined, "upsample_trilinear3d_channels_last"],
};

/**
 * x, larger or smaller. Mirrors `torch.nn.functional.interpolate`.
 *
 * @param x (N, C, L), (N, C, H, W) or (N, C, D, H, W)
 * @returns the same with other sizes: those that are asked for, or ⌊size · scaleFactor⌋
 * @throws unless there is either a size or a scale factor, or if the mode is not one for so many dimensions
 * @example
 * const x = arange(4).view(1, 1, 2, 2);
 * console.log(nn.functional.interpolate(x, { scaleFactor: 2 }));
 * console.log(nn.functional.interpolate(x, { size: [2, 3], mode: "bilinear", alignCorners: true }));
 */
function interpolate(x: Tensor, options?: InterpolateOptions): Tensor {
  const settings = readOptions(options, { ...upsampleDefaults, antialias: false });
  const { mode, antialias } = settings;
  const isBlocky = mode === "nearest" || mode === "nearest-exact" || mode === "area";
  const noCorners =
    "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear";
  check(!isBlocky || settings.alignCorners === null, noCorners);
  const { outSize, scales } = newSizes(x, settings);
  const onlyImages = "Anti-alias option is only supported for bilinear and bicubic modes";
  check(!antialias || ((mode === "bilinear" || mode === "bicubic") && x.ndim === 4), onlyImages);
  checkMode(x.ndim, mode);
  if (mode === "area") return areaMeans(x, outSize);
  checkInput(x, outSize, antialias ? "compute_indices_weights_aa" : (kernelNames[mode][x.ndim - 3] as string));
  Tensor.empty([...x.shape.slice(0, 2), ...outSize], x.dtype).storage.release(); // what no memory holds is refused at once
  const alignCorners = settings.alignCorners ?? false;
  let y = x;
  for (let d = x.ndim - 1; d >= 2; d--) {
    const round = (value: number) => rounded(value, x.dtype);
    const scaleFactor = scales?.[d - 2] ?? null;
    const resizing = { size: x.shape[d], outSize: outSize[d - 2], scaleFactor, alignCorners, round };
    y = resample(y, d, weightsOf(mode, antialias, resizing));
  }
  return y === x ? clone(x) : y;
}

function weightsOf(mode: InterpolationMode, antialias: boolean, resizing: Resizing): SparseMatrix {
  if (mode === "nearest" || mode === "nearest-exact") return nearest(resizing, mode === "nearest-exact");
  if (antialias) return filtered(resizing, mode === "bicubic" ? smooth : triangle);
  return mode === "bicubic" ? cubic(resizing) : linear(resizing);
}

/** The sizes that are asked for, and the scale factors where they are what counts. */
function newSizes(x: Tensor, settings: Required<InterpolateOptions>) {
  const { size, scaleFactor, recomputeScaleFactor, mode } = settings;
  const spatial = x.shape.slice(2);
  const isList = (given: number | readonly number[]): given is readonly number[] => typeof given !== "number";
  const eachOf = (given: number | readonly number[]) => (isList(given) ? given : spatial.map(() => given));
  check(size === null || scaleFactor === null, "only one of size or scale_factor should be defined");
  if (size !== null) {
    const otherLength = () =>
      "Input and output must have the same number of spatial dimensions, but got input with spatial dimensions of " +
      `${formatShape(spatial)} and output size of ${sizeText(size)}. Please provide input tensor in ` +
      "(N, C, d1, d2, ...,dK) format and output size in (o1, o2, ...,oK) format.";
    check(!isList(size) || size.length === spatial.length, otherLength);
    check(recomputeScaleFactor !== true, "recompute_scale_factor is not meaningful with an explicit size.");
    return { outSize: eachOf(size), scales: null };
  }
  check(scaleFactor !== null, "either size or scale_factor should be defined");
  const otherLength = () =>
    "Input and scale_factor must have the same number of spatial dimensions, but got input with spatial dimensions of " +
    `${formatShape(spatial)} and scale_factor of shape ${sizeText(scaleFactor)}. Please ` +
    "provide input tensor in (N, C, d1, d2, ...,dK) format and scale_factor in (s1, s2, ...,sK) format.";
  check(!isList(scaleFactor) || scaleFactor.length === spatial.length, otherLength);
  const factors = eachOf(scaleFactor);
  const outSize = spatial.map((length, d) => Math.floor(length * factors[d]));
  return { outSize, scales: recomputeScaleFactor || mode === "area" ? null : factors };
}

/** How many dimensions each mode of that name is for, two of them being samples and channels. */
const ranks: Readonly<Record<string, number>> = { linear: 3, bilinear: 4, bicubic: 4, trilinear: 5 };

/** @throws unless the mode is one for so many dimensions */
function checkMode(ndim: number, mode: InterpolationMode): void {
  const isKnown = ndim >= 3 && ndim <= 5;
  const wanted = ranks[mode] ?? (Object.hasOwn(kernelNames, mode) || mode === "area" ? ndim : Number.NaN);
  const others = () =>
    "Input Error: Only 3D, 4D and 5D input Tensors supported " +
    `(got ${ndim}D) for the modes: nearest | linear | bilinear | bicubic | trilinear | area | nearest-exact (got ${mode})`;
  check(isKnown && !Number.isNaN(wanted) && (mode !== "bicubic" || ndim === 4), others);
  check(wanted === ndim, () => `Got ${ndim}D input, but ${mode} mode needs ${wanted}D input`);
}

function checkInput(x: Tensor, outSize: readonly number[], kernel: string): void {
  const sizes = x.shape.slice(2);
  const named = (list: readonly number[]) =>
    `(${list.map((size, d) => `${"DHW"[d + 3 - list.length]}: ${size}`).join(", ")})`;
  const tooSmall = () =>
    `Input and output sizes should be greater than 0, but got input ${named(sizes)}${sizes.length === 1 ? " and" : ""} ` +
    `output ${named(outSize)}`;
  check(Math.min(...sizes, ...outSize) > 0, tooSmall);
  const isEmpty = () => `Non-empty ${x.ndim}D data tensor expected but got a tensor with sizes ${formatShape(x.shape)}`;
  check(numelOf(x.shape.slice(1)) > 0, isEmpty);
  check(isFloatingPoint(x.dtype), () => `"${kernel}" not implemented for '${scalarName[x.dtype]}'`);
}

/** Means, which are what pooling to a size is. */
function areaMeans(x: Tensor, outSize: readonly number[]): Tensor {
  if (x.ndim === 3) return adaptive.adaptiveAvgPool1d(x, outSize[0]);
  return x.ndim === 4 ? adaptive.adaptiveAvgPool2d(x, outSize) : adaptive.adaptiveAvgPool3d(x, outSize);
}

/** A number or a list of them, as Python prints it. */
const sizeText = (size: Int | readonly Int[] | null): string => (size === null ? "None" : pythonSize(size));
const factorText = (factor: number | readonly number[]): string =>
  typeof factor === "number"
    ? pythonFloat(factor)
    : `(${factor.map(pythonFloat).join(", ")}${factor.length === 1 ? "," : ""})`;

/**
 * Makes sequences, images and volumes larger or smaller. Mirrors `torch.nn.Upsample`. See `functional.interpolate`.
 * @example new nn.Upsample({ scaleFactor: 2, mode: "bilinear" }).forward(zeros([1, 3, 4, 5])).shape
 */
export class Upsample extends Module {
  /** The new size, or null. */
  readonly size: Int | readonly Int[] | null;
  /** How many times as large, or null. */
  readonly scaleFactor: number | readonly number[] | null;
  /** How elements are found. */
  readonly mode: InterpolationMode;
  /** Whether the first and last inputs become the first and last outputs. */
  readonly alignCorners: boolean | null;
  /** Whether the scale factor is computed from the sizes. */
  readonly recomputeScaleFactor: boolean | null;

  constructor(options?: UpsampleOptions) {
    super();
    const settings = readOptions(options, upsampleDefaults);
    this.size = settings.size;
    this.scaleFactor = settings.scaleFactor === 0 ? null : settings.scaleFactor;
    this.mode = settings.mode;
    this.alignCorners = settings.alignCorners;
    this.recomputeScaleFactor = settings.recomputeScaleFactor;
  }

  override forward(x: Tensor): Tensor {
    const { size, scaleFactor, mode, alignCorners, recomputeScaleFactor } = this;
    return interpolate(x, { size, scaleFactor, mode, alignCorners, recomputeScaleFactor });
  }

  override extraRepr(): string {
    const { size, scaleFactor, mode } = this;
    const wanted = scaleFactor === null ? `size=${sizeText(size)}` : `scale_factor=${factorText(scaleFactor)}`;
    return `${wanted}, mode=${mode}`;
  }
}

/**
 * Makes images larger, of the nearest elements. Mirrors `torch.nn.UpsamplingNearest2d`.
 * @example new nn.UpsamplingNearest2d({ scaleFactor: 2 }).forward(arange(4).view(1, 1, 2, 2))
 */
export class UpsamplingNearest2d extends Upsample {
  constructor(options?: UpsamplingOptions) {
    super({ ...readOptions(options, upsamplingDefaults), mode: "nearest" });
  }
}

/**
 * Makes images larger, by two neighbours along each dimension, the corners staying. Mirrors `torch.nn.UpsamplingBilinear2d`.
 * @example new nn.UpsamplingBilinear2d({ scaleFactor: 2 }).forward(arange(4).view(1, 1, 2, 2))
 */
export class UpsamplingBilinear2d extends Upsample {
  constructor(options?: UpsamplingOptions) {
    super({ ...readOptions(options, upsamplingDefaults), mode: "bilinear", alignCorners: true });
  }
}

export default { interpolate };
