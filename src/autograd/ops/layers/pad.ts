/** Padding: making a tensor longer at its ends, with a constant or with its own elements. */
import { check } from "../../../tensor/check.ts";
import { full } from "../../../tensor/create.ts";
import { formatShape, type Int, type Shape } from "../../../tensor/shape.ts";
import { Tensor } from "../../../tensor/tensor.ts";
import { indexSelect } from "../indexing.ts";
import { cat, narrow } from "../parts.ts";
import { clone } from "../shape.ts";

/**
 * What stands beyond the ends of [a b c]: zeros or another constant, its mirror image [c b | a b c | b a], its last
 * elements [a a | a b c | c c], or the tensor over again [b c | a b c | a b].
 */
export type PaddingMode = "constant" | "reflect" | "replicate" | "circular";

/** How much to add on the two sides of each dimension; a negative number takes away. */
type Sides = readonly (readonly [before: number, after: number])[];

/**
 * x made longer. `padding` lists two numbers a dimension, before and after, the last dimension first: [1, 2] adds one
 * column on the left and two on the right, [1, 2, 3, 4] also three rows above and four below. A negative number takes away.
 * Mirrors `torch.nn.functional.pad`.
 *
 * @param value what a constant padding consists of
 * @throws if there are more numbers than sides; for "reflect" if a padding is as long as the tensor, for "circular" if it
 *   is longer; and for all but "constant" unless x has one or two dimensions more than are padded
 * @example
 * const x = tensor([[[1, 2, 3]]]);
 * console.log(nn.functional.pad(x, [1, 2]), nn.functional.pad(x, [1, 2], "reflect"));
 */
export function pad(x: Tensor, padding: readonly Int[], mode: PaddingMode = "constant", value = 0): Tensor {
  check(padding.length % 2 === 0, () => `Padding length must be divisible by 2, but is ${padding.length}: ${order}`);
  check(
    padding.length <= 2 * x.ndim,
    () => `Padding length too large: ${padding.length} for ${x.ndim} dimensions; ${order}`,
  );
  const count = padding.length / 2;
  const sides: Sides = x.shape.map((_, d) => {
    const k = 2 * (x.ndim - 1 - d);
    return k < padding.length ? [padding[k], padding[k + 1]] : [0, 0];
  });
  if (mode === "constant") {
    checkConstant(x.shape, sides);
    return padEach(x, sides, (y, d, side) => padConstant(y, d, side, value));
  }
  check(value === 0, () => `Padding mode "${mode}" doesn't take in value argument`);
  const extra = x.ndim - count;
  const unsupported = () =>
    "Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now: " +
    `${padding.length} numbers pad ${count + 1} or ${count + 2} dimensions, but x has shape ${formatShape(x.shape)}`;
  check(count >= 1 && count <= 3 && extra >= 1 && extra <= 2, unsupported);
  return padEach(x, sides, (y, d, side) => padByIndex(y, d, side, mode));
}

/** What the numbers of a padding are. */
const order = "it is two numbers for each dimension, before and after, beginning with the last dimension";

function padEach(x: Tensor, sides: Sides, padOne: (y: Tensor, d: number, side: Sides[number]) => Tensor): Tensor {
  let y = x;
  sides.forEach((side, d) => {
    if (side[0] !== 0 || side[1] !== 0) y = padOne(y, d, side);
  });
  return y === x ? clone(x) : y;
}

/** A size of 0 is always allowed; PyTorch refuses it where another dimension grows (its issue 161014). */
function checkConstant(shape: Shape, sides: Sides): void {
  sides.forEach(([before, after], d) => {
    const isNegative = () =>
      `The input size ${shape[d]}, plus negative padding ${before} and ${after} resulted in a negative output size, ` +
      `which is invalid. Check dimension ${d} of your input.`;
    check(shape[d] + before + after >= 0, isNegative);
  });
}

/** What negative numbers leave of x. */
function crop(x: Tensor, dim: number, [before, after]: Sides[number]): Tensor {
  const start = Math.max(0, -before);
  return narrow(x, dim, start, x.shape[dim] - start - Math.max(0, -after));
}

function padConstant(x: Tensor, dim: number, side: Sides[number], value: number): Tensor {
  const [before, after] = side.map((size) => full(x.shape.with(dim, Math.max(0, size)), value, { dtype: x.dtype }));
  return cat([before, crop(x, dim, side), after], dim);
}

/** Each element of the result is one of x: index says which. */
function padByIndex(x: Tensor, dim: number, side: Sides[number], mode: keyof typeof sourceOf): Tensor {
  checkSides(x.shape, dim, side, mode);
  const [before, after] = side;
  if (mode === "circular" && (before < 0 || after < 0)) {
    // What is cut off does not come in again at the other end.
    return padByIndex(crop(x, dim, side), dim, [Math.max(0, before), Math.max(0, after)], mode);
  }
  const size = x.shape[dim];
  const index = Tensor.empty([size + before + after], "int32");
  const { data } = index.storage;
  for (let k = 0; k < data.length; k++) data[k] = sourceOf[mode](k - before, size);
  return indexSelect(x, dim, index);
}

/** Which of `size` elements stands at position k, from -size to 2 · size. */
const sourceOf = {
  reflect: (k: number, size: number) => (k < 0 ? -k : k >= size ? 2 * (size - 1) - k : k),
  replicate: (k: number, size: number) => Math.min(Math.max(k, 0), size - 1),
  circular: (k: number, size: number) => (k + size) % size,
};

function checkSides(shape: Shape, dim: number, [before, after]: Sides[number], mode: PaddingMode): void {
  const size = shape[dim];
  const tooFar = () =>
    "Padding size should be less than the corresponding input dimension, " +
    `but got: padding (${before}, ${after}) at dimension ${dim} of input ${formatShape(shape)}`;
  check(mode !== "reflect" || (before < size && after < size), tooFar);
  const where = `It is (${before}, ${after}) at dimension ${dim} of input ${formatShape(shape)}`;
  const tooLong = () => `Padding value causes wrapping around more than once. ${where}`;
  check(mode !== "circular" || (before <= size && after <= size), tooLong);
  const smallest = mode === "circular" ? 0 : 1;
  const isEmpty = () => `Negative padding value is resulting in an empty dimension. ${where}`;
  check(size + before + after >= smallest, isEmpty);
}
