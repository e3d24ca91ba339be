/** Images and volumes read at any places, which a grid says: turned, moved, warped. The places count from -1 to 1. */
import { owned } from "../autograd/op.ts";
import { add, div, mul, square, sub } from "../autograd/ops/elementwise.ts";
import { meshgrid } from "../autograd/ops/grids.ts";
import { piecewiseLinear, sample } from "../autograd/ops/layers/sample.ts";
import { bmm } from "../autograd/ops/matmul.ts";
import { select, stack } from "../autograd/ops/parts.ts";
import { expand, reshape, transpose, view } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { linspace, ones, zeros } from "../tensor/create.ts";
import { type DType, isFloatingPoint, rounded, scalarName } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonTuple } from "../tensor/python-text.ts";
import { formatShape, type Int, numelOf } from "../tensor/shape.ts";
import { elementsOf, Tensor } from "../tensor/tensor.ts";

/** Options of gridSample. */
export interface GridSampleOptions {
  /** By the two neighbours along each dimension, by the nearest, or, of images, by four along each. Default: "bilinear". */
  mode?: "bilinear" | "nearest" | "bicubic";
  /** What is outside: zeros, the last elements, or the mirror image. Default: "zeros". */
  paddingMode?: "zeros" | "border" | "reflection";
  /** Whether -1 and 1 are the middles of the first and last elements: else their outer edges. Default: null, which is false. */
  alignCorners?: boolean | null;
}
const gridSampleDefaults: Required<GridSampleOptions> = { mode: "bilinear", paddingMode: "zeros", alignCorners: null };

/**
 * y[n, c, …] = x[n, c] at the place grid[n, …], which is (x, y) or, of volumes, (x, y, z): from -1, the left, to 1, the right.
 * Mirrors `torch.nn.functional.grid_sample`.
 *
 * @param x (N, C, H, W) or (N, C, D, H, W) @param grid (N, OH, OW, 2) or (N, OD, OH, OW, 3)
 * @returns (N, C, OH, OW) or (N, C, OD, OH, OW)
 * @throws if the sizes of x and grid do not fit each other
 * @example
 * const x = arange(4).view(1, 1, 2, 2);
 * console.log(nn.functional.gridSample(x, tensor([[[[0, 0], [-0.5, 0.5]]]])));
 */
function gridSample(x: Tensor, grid: Tensor, options?: GridSampleOptions): Tensor {
  const settings = readOptions(options, gridSampleDefaults);
  const { mode, paddingMode } = settings;
  const otherMode = () =>
    `nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: '${mode}'`;
  check(mode === "bilinear" || mode === "nearest" || mode === "bicubic", otherMode);
  const otherPadding = () =>
    "nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', " +
    `but got: '${paddingMode}'`;
  check(paddingMode === "zeros" || paddingMode === "border" || paddingMode === "reflection", otherPadding);
  checkSampled(x, grid, mode);
  const [samples, channels, ...sizes] = x.shape;
  const outSizes = grid.shape.slice(1, -1);
  const axes = sizes.map((size): Axis => ({ size, alignCorners: settings.alignCorners ?? false, paddingMode }));
  const { weights, places } = tapsOf(grid, axes.toReversed(), mode); // x is the first number of a place, and the last dimension
  return sample(x, weights, places, { samples, channels, sizes, outSizes, taps: weights.shape[1] });
}

/** One dimension of x, and how places along it are counted. */
interface Axis {
  readonly size: number;
  readonly alignCorners: boolean;
  readonly paddingMode: "zeros" | "border" | "reflection";
}

/** Where a place is among the elements, and how fast it moves with the place that it is computed from. */
type Placed = [at: number, slope: number];

/** From -1 … 1 to the middles of the elements at 0 … size - 1, or to their edges at -½ … size - ½. */
function unnormalized(place: number, { size, alignCorners }: Axis, round: (x: number) => number): Placed {
  const fromLeft = round(place + 1);
  return alignCorners
    ? [round(round(fromLeft / 2) * (size - 1)), (size - 1) / 2]
    : [round(round(round(fromLeft * size) - 1) / 2), size / 2];
}

/** What the padding makes of a place outside. Beyond the ends it stands still; NaN is the first element, as in PyTorch. */
function padded(at: number, { size, alignCorners, paddingMode }: Axis, round: (x: number) => number): Placed {
  if (paddingMode === "zeros") return [at, 1];
  let [place, slope] = [at, 1];
  if (paddingMode === "reflection") {
    const [low, span] = alignCorners ? [0, size - 1] : [-0.5, size];
    if (span === 0) return [0, 0];
    const distance = Math.abs(place - low);
    const rest = round(distance % span);
    const isBack = Math.floor(distance / span) % 2 === 1;
    slope = place < low !== isBack ? -1 : 1;
    place = round((isBack ? span - rest : rest) + low);
  }
  if (!(place > 0)) return [0, 0];
  return place >= size - 1 ? [size - 1, 0] : [place, slope];
}

/** What each output is made of, along one dimension: elements at so many places from the first, with these weights. */
interface Neighbours {
  readonly offsets: readonly number[];
  /** By how far the place is beyond the first, from 0 to 1. */
  readonly weights: (share: Tensor) => Tensor[];
}
const neighbours: Readonly<Record<"bilinear" | "nearest" | "bicubic", Neighbours>> = {
  nearest: { offsets: [0], weights: (t) => [sub(1, t)] },
  bilinear: { offsets: [0, 1], weights: (t) => [sub(1, t), t] },
  bicubic: {
    offsets: [-1, 0, 1, 2],
    weights: (t) => [outer(t), inner(t), inner(sub(1, t)), outer(sub(1, t))],
  },
};

/** Keys' cubic weights with a = -¾, of an element at a distance of t, and of one at 1 + t. */
const inner = (t: Tensor): Tensor => add(mul(mul(sub(mul(t, 1.25), 2.25), t), t), 1);
const outer = (t: Tensor): Tensor => mul(mul(t, square(sub(1, t))), -0.75);

/** The elements that each output is made of: weights, which the grid has a gradient by, and places, both (N, K, P). */
function tapsOf(grid: Tensor, axes: readonly Axis[], mode: Required<GridSampleOptions>["mode"]) {
  const samples = grid.shape[0];
  const outSize = numelOf(grid.shape.slice(1, -1));
  const ndim = axes.length;
  const round = (value: number) => rounded(value, grid.dtype);
  const all = elementsOf(grid);
  const [at, slopes, first] = [grid, grid, grid].map(({ shape, dtype }) => Tensor.empty(shape, dtype));
  axes.forEach((axis, d) => {
    for (let i = d; i < all.length; i += ndim) {
      const [place, slope] = unnormalized(all[i], axis, round);
      // A cubic pads each of its elements, not the place between them.
      const [inside, sign] = mode === "bicubic" ? [place, 1] : padded(place, axis, round);
      at.storage.data[i] = mode === "nearest" ? nearestTo(inside) : inside;
      slopes.storage.data[i] = mode === "nearest" ? 0 : slope * sign;
      first.storage.data[i] = Math.floor(at.storage.data[i]);
    }
  });
  const { offsets, weights } = neighbours[mode];
  const shares = sub(piecewiseLinear(grid, at, slopes), first);
  let products: Tensor[] = [];
  let positions: Int32Array[] = [];
  axes.forEach((axis, d) => {
    const start = elementsOf(first).filter((_, i) => i % ndim === d);
    const along = offsets.map((offset) => placesAlong(start, offset, axis, mode === "bicubic"));
    const step = axes.slice(0, d).reduce((product, { size }) => product * size, 1);
    const own = weights(reshape(select(shares, -1, d), [samples, outSize]));
    // Those before, for each of these.
    products = d === 0 ? own : own.flatMap((weight) => products.map((product) => mul(product, weight)));
    positions = d === 0 ? along : along.flatMap((line) => positions.map((before) => joined(before, line, step)));
  });
  const places = Tensor.empty([samples, positions.length, outSize], "int32");
  positions.forEach((line, k) => {
    for (let n = 0; n < samples; n++) {
      const own = line.subarray(n * outSize, (n + 1) * outSize);
      places.storage.data.set(own, (n * positions.length + k) * outSize);
    }
  });
  return { weights: stack(products, 1), places };
}

/** The nearest whole number, of two the even one. Where there is none, what is outside. */
function nearestTo(place: number): number {
  if (!Number.isFinite(place)) return -1;
  const low = Math.floor(place);
  const isHigher = place - low > 0.5 || (place - low === 0.5 && low % 2 !== 0);
  return isHigher ? low + 1 : low;
}

/** The elements at an offset from the first ones, along one dimension; -1 where there are none. */
function placesAlong(first: ArrayLike<number>, offset: number, axis: Axis, isPadded: boolean): Int32Array {
  return Int32Array.from(first, (start) => {
    const place = isPadded ? padded(start + offset, axis, (place) => place)[0] : start + offset;
    return place >= 0 && place < axis.size ? place : -1;
  });
}

/** The places of elements in rows, columns or slices `line` steps further. */
const joined = (before: Int32Array, line: Int32Array, step: number): Int32Array =>
  before.map((place, i) => (place < 0 || line[i] < 0 ? -1 : place + step * line[i]));

function checkSampled(x: Tensor, grid: Tensor, mode: string): void {
  const sizes = () => `but got input with sizes ${formatShape(x.shape)} and grid with sizes ${formatShape(grid.shape)}`;
  check(
    x.shape[0] === grid.shape[0],
    () => `grid_sampler(): expected grid and input to have same batch size, ${sizes()}`,
  );
  const ndim = x.ndim - 2;
  const otherLast = () =>
    `grid_sampler(): expected grid to have size ${ndim} in last dimension, but got grid with sizes ${formatShape(grid.shape)}`;
  check(grid.shape[grid.ndim - 1] === ndim, otherLast);
  const empty = x.shape.findIndex((size, d) => d >= 2 && size === 0);
  const nothing = () =>
    "grid_sampler(): expected input to have non-empty spatial dimensions, " +
    `but input has sizes ${formatShape(x.shape)} with dimension ${empty} being empty`;
  check(empty < 0, nothing);
  const rank = x.ndim === 4 ? 4 : 5;
  const otherRank = () => `grid_sampler(): expected ${rank}D input and grid with same number of dimensions, ${sizes()}`;
  check(x.ndim === rank && grid.ndim === rank, otherRank);
  check(rank === 4 || mode !== "bicubic", "grid_sampler(): bicubic interpolation only supports 4D input");
  const otherType = () => `expected scalar type ${scalarName[x.dtype]} but found ${scalarName[grid.dtype]}`;
  check(x.dtype === grid.dtype, otherType);
  check(isFloatingPoint(x.dtype), () => `grid_sampler_${ndim}d_cpu not implemented for ${scalarName[x.dtype]}`);
}

/** Options of affineGrid. */
export interface AffineGridOptions {
  /** Whether -1 and 1 are the middles of the first and last elements: else their outer edges. Default: null, which is false. */
  alignCorners?: boolean | null;
}

/**
 * The grid for gridSample of an affine map: the place (x, y) of each output becomes theta (x, y, 1). Mirrors
 * `torch.nn.functional.affine_grid`.
 *
 * @param theta (N, 2, 3) or, for volumes, (N, 3, 4) @param size of the output, [N, C, H, W] or [N, C, D, H, W]
 * @returns (N, H, W, 2) or (N, D, H, W, 3)
 * @throws if theta is not one matrix for each sample
 * @example nn.functional.affineGrid(tensor([[[0, -1, 0], [1, 0, 0]]]), [1, 1, 2, 2])
 */
function affineGrid(theta: Tensor, size: readonly Int[], options?: AffineGridOptions): Tensor {
  const { alignCorners } = readOptions<AffineGridOptions>(options, { alignCorners: null });
  const { dtype } = theta;
  check(isFloatingPoint(dtype), () => `Expected theta to have floating point type, but got torch.${dtype}`);
  const text = pythonTuple(size);
  const otherRank = () =>
    `affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got size ${text}.`;
  check(size.length === 4 || size.length === 5, otherRank);
  const ndim = size.length - 2;
  const otherShape = () =>
    `Expected a batch of ${ndim}D affine matrices of shape Nx${ndim}x${ndim + 1} for size ${text}. ` +
    `Got torch.Size(${formatShape(theta.shape)}).`;
  check(theta.ndim === 3 && theta.shape[1] === ndim && theta.shape[2] === ndim + 1, otherShape);
  check(Math.min(...size) > 0, () => `Expected non-zero, positive output size. Got ${text}`);
  const [samples, , ...sizes] = size;
  const lines = sizes.map((length) => middles(length, alignCorners ?? false, dtype));
  const places = meshgrid(lines).toReversed(); // x first
  const points = stack([...places, ones(sizes, { dtype })], -1); // (…, ndim + 1)
  const all = expand(view(points, [1, numelOf(sizes), ndim + 1]), [samples, numelOf(sizes), ndim + 1]);
  return owned(view(bmm(all, transpose(theta, 1, 2)), [samples, ...sizes, ndim]));
}

/** The middles of so many elements between -1 and 1, or of those whose first and last are there. */
function middles(length: number, alignCorners: boolean, dtype: DType): Tensor {
  if (length === 1) return zeros([1], { dtype });
  const line = linspace(-1, 1, length, { dtype });
  return alignCorners ? line : div(mul(line, length - 1), length);
}

export default { gridSample, affineGrid };
