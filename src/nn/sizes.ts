/**
 * Sizes of what slides over images, kernels and pooling windows alike: given once for all spatial dimensions or for each, and
 * read as pairs or triples; and whether those of a convolution's tensors fit.
 */
import { owned } from "../autograd/op.ts";
import type { Pair } from "../autograd/ops/layers/convolution.ts";
import type { Triple, VolumeShape } from "../autograd/ops/layers/volumes.ts";
import { squeeze, unsqueeze } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { isFloatingPoint, scalarName } from "../tensor/dtype.ts";
import { formatShape, type Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** 3, or [3, 5] for height and width, or [3, 5, 5] for depth, height and width. */
export type Size = Int | readonly Int[];

/**
 * One number for each of n dimensions; a single one, also in a list, is for all.
 * @throws, in these words, if there are other numbers of them
 */
export function oneOrEach(
  size: number | readonly number[],
  n: number,
  otherLength: (given: readonly number[]) => string,
): readonly number[] {
  const given = [size].flat();
  check(given.length === 1 || given.length === n, () => otherLength(given));
  return given.length === 1 ? Array<number>(n).fill(given[0]) : given;
}

/** The size of a convolution or an unpooling for each of n dimensions. @throws if a list has another length */
export const sizeOfEach = (size: Size, n: number, name: string): readonly number[] =>
  oneOrEach(
    size,
    n,
    (given) =>
      `expected ${name} to be a single integer value or a list of ${n} values to match the convolution dimensions, ` +
      `but got ${name}=[${given.join(", ")}]`,
  );

/** The size for depth, height and width: of fewer than three dimensions those that there are, beside `missing` for the others. */
export function tripleOf(size: Size, n: Int, name: string, missing: number): Triple {
  const sizes = sizeOfEach(size, n, name);
  return each((d) => sizes[d + n - 3] ?? missing);
}

/** A triple that is computed alike for depth, d = 0, height and width. */
export const each = (of: (d: number) => number): Triple => [of(0), of(1), of(2)];

/** A pair that is computed alike for height, d = 0, and width, d = 1. */
export const both = (of: (d: number) => number): Pair => [of(0), of(1)];

/**
 * What both kinds begin with: x as images (N, C, H, W) or volumes (N, C, D, H, W), the weight as kernels to go with them, their
 * sizes, and how to give a result the dimensions of x. A transposed weight has the input's channels first.
 */
export function asImages(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  settings: { stride: Size; dilation: Size; groups: number },
  ndim: number,
  transposed: boolean,
) {
  const isBatched = checkRanks(x, weight, ndim, transposed ? `conv_transpose${ndim}d` : `conv${ndim}d`);
  const { groups } = settings;
  const stride = tripleOf(settings.stride, ndim, "stride", 1);
  const dilation = tripleOf(settings.dilation, ndim, "dilation", 1);
  check(groups >= 1, () => `non-positive groups is not supported, but got ${groups}`);
  check(
    Math.min(...stride) >= 1,
    () => `non-positive stride is not supported, but got ${formatShape(stride.slice(-ndim))}`,
  );
  const tooSmall = () => `dilation should be greater than zero, but got ${formatShape(dilation.slice(-ndim))}`;
  check(Math.min(...dilation) >= 1, tooSmall);
  const batch = isBatched ? x : unsqueeze(x, 0);
  checkChannels(batch, weight, bias, groups, transposed);
  const [image, kernel] = ndim === 1 ? [unsqueeze(batch, 2), unsqueeze(weight, 2)] : [batch, weight];
  const [samples] = image.shape;
  const [rows, channels] = kernel.shape;
  const shape: Omit<VolumeShape, "outSize" | "padding"> = {
    samples,
    groups,
    channels,
    outChannels: rows / groups,
    size: tripleOf(batch.shape.slice(2), ndim, "size", 1),
    kernelSize: tripleOf(weight.shape.slice(2), ndim, "kernel_size", 1),
    stride,
    dilation,
  };
  const restored = (y: Tensor): Tensor => {
    const result = ndim === 1 ? owned(squeeze(y, 2)) : y;
    return isBatched ? result : squeeze(result, 0);
  };
  return { image, kernel, shape, restored };
}

/** The zeros before the first element and after the last, for a kernel that reaches so far beyond its first element. */
export function sidesOf(
  padding: Size | "same" | "valid",
  reach: Triple,
  ndim: number,
): [before: Triple, after: Triple] {
  if (padding === "same") return [each((d) => Math.floor(reach[d] / 2)), each((d) => Math.ceil(reach[d] / 2))];
  check(typeof padding !== "string" || padding === "valid", () => `Invalid padding string: '${padding}'`);
  const sides = tripleOf(padding === "valid" ? 0 : padding, ndim, "padding", 0);
  return [sides, sides];
}

/** Whether all sizes are `value`. */
export const isEach = (sizes: readonly number[], value: number): boolean => sizes.every((size) => size === value);

/** `(3 x 5)`, as errors print sizes; of one dimension `(5)`. */
export const sizeText = (sizes: Triple, ndim: number): string => `(${sizes.slice(-ndim).join(" x ")})`;

/** @throws if a size is negative */
export function checkNotNegative(sizes: Triple, name: string): void {
  check(Math.min(...sizes) >= 0, () => `negative ${name} is not supported, but got ${Math.min(...sizes)}`);
}

/** Whether x has a batch dimension. @throws unless x and weight have so many dimensions, and one dtype with fractions */
function checkRanks(x: Tensor, weight: Tensor, ndim: number, name: string): boolean {
  const notFloating = () =>
    `"${name}" not implemented for '${scalarName[x.dtype]}': convert first, with x.to("float32")`;
  check(isFloatingPoint(x.dtype), notFloating);
  const isBatched = x.ndim === ndim + 2;
  const otherRank = () =>
    `Expected ${ndim + 1}D (unbatched) or ${ndim + 2}D (batched) input to ${name}, ` +
    `but got input of size: ${formatShape(x.shape)}`;
  check(isBatched || x.ndim === ndim + 1, otherRank);
  check(weight.ndim === ndim + 2, () => {
    const shape = isBatched ? x.shape : [1, ...x.shape];
    return (
      `Expected ${weight.ndim}-dimensional input for ${weight.ndim}-dimensional weight ${formatShape(weight.shape)}, ` +
      `but got ${ndim + 2}-dimensional input of size ${formatShape(shape)} instead`
    );
  });
  const otherType = () =>
    `expected scalar type ${scalarName[x.dtype]} but found ${scalarName[weight.dtype]}: ` +
    `the weight is ${weight.dtype}, convert the input, with x.to("${weight.dtype}")`;
  check(weight.dtype === x.dtype, otherType);
  return isBatched;
}

/** @throws unless the channels of input, weight and bias fit, and fall into the groups */
function checkChannels(x: Tensor, weight: Tensor, bias: Tensor | null, groups: number, transposed: boolean): void {
  const [rows, columns] = weight.shape;
  const [inputs, outputs] = transposed ? [rows, columns * groups] : [columns * groups, rows];
  const size = () => formatShape(weight.shape);
  const tooFewRows = () =>
    `Given groups=${groups}, expected weight to be at least ${groups} at dimension 0, ` +
    `but got weight of size ${size()} instead`;
  check(rows >= groups, tooFewRows);
  const notDivisible = () =>
    `Given groups=${groups}, expected weight to be divisible by ${groups} at dimension 0, ` +
    `but got weight of size [${size()}] instead`;
  check(rows % groups === 0, notDivisible);
  const otherChannels = () =>
    `Given ${transposed ? "transposed=1" : `groups=${groups}`}, weight of size ${size()}, ` +
    `expected input${formatShape(x.shape)} to have ${inputs} channels, but got ${x.shape[1]} channels instead`;
  check(x.shape[1] === inputs, otherChannels);
  if (bias) {
    const otherBias = () =>
      `Given ${transposed ? "transposed=1, " : ""}weight of size ${size()}, expected bias to be 1-dimensional with ` +
      `${outputs} elements, but got bias of size ${formatShape(bias.shape)} instead`;
    check(bias.ndim === 1 && bias.numel === outputs, otherBias);
  }
}
