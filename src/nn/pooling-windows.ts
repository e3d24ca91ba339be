/** Where the windows of pooling are: their sizes, given once or for each dimension, checked, and how many of them there are. */
import type { Pair } from "../autograd/ops/layers/convolution.ts";
import { maxOfWindows } from "../autograd/ops/layers/pooling.ts";
import type { ValuesAndIndices } from "../autograd/ops/reduction.ts";
import { check } from "../tensor/check.ts";
import { isFloatingPoint, scalarName } from "../tensor/dtype.ts";
import type { PoolingShape } from "../tensor/kernels/pooling.ts";
import { formatShape, numelOf } from "../tensor/shape.ts";
import { elementsOf, Tensor } from "../tensor/tensor.ts";
import { each, oneOrEach, type Size } from "./sizes.ts";

export interface PoolOptions {
  /** How far the window moves from one output to the next. Default: its own size, so that windows touch. */
  stride?: Size;
  /** How far the first window begins before the input and the last ends after it, at most half the window. Default: 0. */
  padding?: Size;
  /** Whether a last window may end outside. Default: false. */
  ceilMode?: boolean;
}

/** What a layer of max pooling is told of indices. */
export interface ReturnIndices<Returns extends boolean> {
  /** Whether forward gives where they are, too: { values, indices }. Default: false. */
  returnIndices?: Returns;
}

/** What such a layer gives. */
export type Pooled<Returns extends boolean> = Returns extends true ? ValuesAndIndices : Tensor;

/** The same of what was found. */
export const pooled = <Returns extends boolean>(found: ValuesAndIndices, returnIndices: boolean): Pooled<Returns> =>
  (returnIndices ? found : found.values) as Pooled<Returns>;

type Sizes = readonly number[];

/** Windows along two or three dimensions. */
export interface Windows {
  /** How many images or volumes of one channel: N·C. */
  readonly images: number;
  readonly size: Sizes;
  readonly kernelSize: Sizes;
  readonly outSize: Sizes;
  readonly stride: Sizes;
  readonly padding: Sizes;
  readonly dilation: Sizes;
}

/** Of images or volumes: a name, and so many dimensions. */
export type PoolName = "max_pool2d" | "avg_pool2d" | "max_pool3d" | "avg_pool3d";

/** (N, C, H, W) or (C, H, W); of volumes (N, C, D, H, W) or (C, D, H, W) */
export const isImage = (x: Tensor, ndim: number): boolean => x.ndim === ndim + 1 || x.ndim === ndim + 2;

/** How PyTorch's kernels are called where they say which dtype they are not for. */
const kernelNames: Readonly<Record<PoolName, string>> = {
  max_pool2d: "max_pool2d",
  avg_pool2d: "avg_pool2d",
  max_pool3d: "max_pool3d_with_indices_cpu",
  avg_pool3d: "avg_pool3d_out_frame",
};

/** How many windows there are, and where. */
export function plan(
  x: Tensor,
  kernelSize: Size,
  settings: Required<PoolOptions> & { dilation: Size },
  name: PoolName,
): Windows {
  const ndim = name.endsWith("2d") ? 2 : 3;
  const size = x.shape.slice(-ndim);
  const channels = x.shape[x.ndim - ndim - 1];
  check(isFloatingPoint(x.dtype), () => `"${kernelNames[name]}" not implemented for '${scalarName[x.dtype]}'`);
  check(channels * numelOf(size) > 0, () => emptyInput(x, name));
  const must = name === "avg_pool3d" ? "must be" : "must either be";
  const windowSizes = (sizes: Size, words: string): Sizes =>
    oneOrEach(sizes, ndim, () => `${words} a single int, or a tuple of ${ndim === 2 ? "two" : "three"} ints`);
  const kernel = windowSizes(kernelSize, `${name}: kernel_size ${must}`);
  const isOmitted = [settings.stride].flat().length === 0;
  const stride = isOmitted ? kernel : windowSizes(settings.stride, `${name}: stride ${must} omitted,`);
  const padding = windowSizes(
    settings.padding,
    `${name}: padding ${name === "max_pool3d" ? "must be either be" : must}`,
  );
  const dilation = windowSizes(settings.dilation, `${name}: dilation must be either`);
  const named = (sizes: Sizes) => sizes.map((length, d) => `dilation${"THW"[d + 3 - ndim]}: ${length}`).join(" ");
  const tooDense = () => `dilation should be greater than zero, but got ${named(dilation)}`;
  check(Math.min(...dilation) >= 1, tooDense);
  check(!stride.includes(0), "stride should not be zero");
  kernel.forEach((k, d) => {
    check(padding[d] >= 0, () => `pad must be non-negative, but got pad: ${padding[d]}`);
    const tooMuch = () =>
      `pad should be at most half of kernel size, but got pad=${Math.max(...padding)} and kernel_size=${Math.max(...kernel)}`;
    check(padding[d] * 2 <= k, tooMuch);
  });
  const outSize = size.map((length, d) => {
    const last = length + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1; // where the last window may begin
    if (!settings.ceilMode) return Math.floor(last / stride[d]) + 1;
    const count = Math.ceil(last / stride[d]) + 1;
    return (count - 1) * stride[d] >= length + padding[d] ? count - 1 : count; // it must begin inside
  });
  const smaller = () =>
    `input image (T: ${size[0]} H: ${size[1]} W: ${size[2]}) smaller than ` +
    `kernel size (kT: ${kernel[0]} kH: ${kernel[1]} kW: ${kernel[2]})`;
  check(name !== "avg_pool3d" || size.every((length, d) => length >= kernel[d]), smaller);
  const tooSmall = () =>
    `Given input size: (${[channels, ...size].join("x")}). Calculated output size: (${[channels, ...outSize].join("x")}). ` +
    "Output size is too small";
  check(Math.min(...outSize) >= 1, tooSmall);
  const images = (x.ndim === ndim + 2 ? x.shape[0] : 1) * channels;
  return { images, size, kernelSize: kernel, outSize, stride, padding, dilation };
}

/** What is wrong with an image or a volume of nothing. PyTorch names the size, 0, where it means the dimension. */
function emptyInput(x: Tensor, name: PoolName): string {
  const shape = formatShape(x.shape);
  if (name === "max_pool2d" || name === "avg_pool2d")
    return `Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:${shape}`;
  const place = name === "max_pool3d" ? "max_pool3d_with_indices_out_cpu_template" : name;
  return (
    `${place}(): Expected input's non-batch dimensions to have positive length, but input has a shape of ${shape} ` +
    "and non-batch dimension 0 has length zero!"
  );
}

/** The windows along the last two dimensions, of images or of all slices of volumes. */
export function alongSlices({ images, size, kernelSize, outSize, stride, padding, dilation }: Windows): PoolingShape {
  const lastTwo = (sizes: Sizes): Pair => [sizes[sizes.length - 2], sizes[sizes.length - 1]];
  return {
    images: images * numelOf(size.slice(0, -2)),
    size: lastTwo(size),
    kernelSize: lastTwo(kernelSize),
    outSize: lastTwo(outSize),
    stride: lastTwo(stride),
    padding: lastTwo(padding),
    dilation: lastTwo(dilation),
  };
}

/** The windows along the depth of volumes whose slices have been pooled: images whose rows are slices. */
export function alongDepth({ images, size, kernelSize, outSize, stride, padding, dilation }: Windows): PoolingShape {
  const places = outSize[1] * outSize[2];
  return {
    images,
    size: [size[0], places],
    kernelSize: [kernelSize[0], 1],
    outSize: [outSize[0], places],
    stride: [stride[0], 1],
    padding: [padding[0], 0],
    dilation: [dilation[0], 1],
  };
}

/** Positions in a tensor of images of so many elements, as positions in their image. */
export function inside(positions: Tensor, image: number): Tensor {
  const indices = Tensor.empty(positions.shape, "int32");
  for (const [k, position] of elementsOf(positions).entries()) indices.storage.data[k] = position % image;
  return indices;
}

/**
 * The largest elements of windows that begin and end anywhere, and where in their image or volume they are.
 * @param boundsOf where those along a dimension begin and end, one after the other
 */
export function largestOf(
  x: Tensor,
  ndim: 2 | 3,
  outSize: Sizes,
  boundsOf: (d: number) => Int32Array,
): ValuesAndIndices {
  const size = x.shape.slice(-ndim);
  const windows = {
    images: numelOf(x.shape.slice(0, -ndim)),
    size: each((d) => size[d + ndim - 3] ?? 1),
    outSize: each((d) => outSize[d + ndim - 3] ?? 1),
    bounds: [ndim === 3 ? boundsOf(0) : Int32Array.of(0, 1), boundsOf(ndim - 2), boundsOf(ndim - 1)] as const,
  };
  const { values, positions } = maxOfWindows(x, windows, ndim);
  return { values, indices: inside(positions, numelOf(size)) };
}
