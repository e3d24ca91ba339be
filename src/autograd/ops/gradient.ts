/** Derivatives of a function of which only some values are known, by differences between neighbours. */
import { check } from "../../tensor/check.ts";
import { readOptions } from "../../tensor/options.ts";
import { type Int, normalizeDims, type Shape } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { add, div, mul, neg, sub } from "./elementwise.ts";
import { cat, narrow } from "./parts.ts";
import { view } from "./shape.ts";

/** Where the values are, and how the first and last differences are made. */
export interface GradientOptions {
  /** The distance of neighbours, in all dimensions or in each; or for each dimension a vector of coordinates. Default: 1. */
  spacing?: number | readonly number[] | readonly Tensor[];
  /** Along which dimensions. Default: all. */
  dim?: Int | readonly Int[];
  /** Of how many neighbours the differences at both ends are made: 1, or 2. Default: 1. */
  edgeOrder?: 1 | 2;
}

/**
 * For each dimension the slope of x along it: at value k the difference of its neighbours over their distance or, where they are
 * not equally far, that of the parabola through the three. Mirrors `torch.gradient`.
 * @throws for too few values
 * @example gradient(tensor([0, 1, 4, 9]), { spacing: 2 })[0]
 */
export function gradient(x: Tensor, options?: GradientOptions): Tensor[] {
  const { spacing, dim, edgeOrder } = readOptions<GradientOptions>(options, {
    spacing: 1,
    dim: [...x.shape.keys()],
    edgeOrder: 1,
  });
  check(edgeOrder === 1 || edgeOrder === 2, "torch.gradient only supports edge_order=1 and edge_order=2.");
  const dims = normalizeDims(dim as Int[], x.ndim);
  const distances = typeof spacing === "number" ? dims.map(() => spacing) : spacing;
  const otherNumber = () =>
    `torch.gradient expected spacing to be unspecified, a scalar or a list of length ${dims.length} but got a list of length ${distances.length}`;
  check(distances.length === dims.length, otherNumber);
  return dims.map((d, k) => {
    check(x.shape[d] > edgeOrder, "torch.gradient expected each dimension size to be at least edge_order+1");
    const distance = distances[k];
    return distance instanceof Tensor
      ? alongCoordinates(x, d, distance, edgeOrder)
      : alongEqual(x, d, distance, edgeOrder);
  });
}

/** So many values along d from number `start` on, which counts from the end if it is negative. */
const part = (x: Tensor, d: number, start: number, length: number): Tensor =>
  narrow(x, d, start < 0 ? x.shape[d] + start : start, length);

function alongEqual(x: Tensor, d: number, h: number, edgeOrder: number): Tensor {
  const n = x.shape[d];
  const inner = div(sub(part(x, d, 2, n - 2), part(x, d, 0, n - 2)), 2 * h);
  const first = (at: (k: number) => Tensor) =>
    edgeOrder === 1 ? div(sub(at(1), at(0)), h) : div(sub(sub(mul(at(1), 2), mul(at(0), 1.5)), mul(at(2), 0.5)), h);
  const before = first((k) => part(x, d, k, 1));
  const behind = neg(first((k) => part(x, d, -1 - k, 1)));
  return cat([before, inner, behind], d);
}

function alongCoordinates(x: Tensor, d: number, coordinates: Tensor, edgeOrder: number): Tensor {
  const oneDimension = () =>
    `torch.gradient expected each element of spacing to have one dimension, but got an element with ${coordinates.ndim} dimensions!`;
  check(coordinates.ndim === 1, oneDimension);
  const n = x.shape[d];
  check(
    coordinates.numel === n,
    () => `torch.gradient expected ${n} coordinates along dimension ${d}, but got ${coordinates.numel}`,
  );
  const shape: Shape = x.shape.map((_, k) => (k === d ? n - 1 : 1));
  const steps = view(sub(narrow(coordinates, 0, 1, n - 1), narrow(coordinates, 0, 0, n - 1)), shape);
  const [left, right] = [part(steps, d, 0, n - 2), part(steps, d, 1, n - 2)];
  const both = add(left, right);
  const weighted = (a: Tensor, b: Tensor, c: Tensor) =>
    add(
      add(mul(a, neg(div(right, mul(left, both)))), mul(b, div(sub(right, left), mul(left, right)))),
      mul(c, div(left, mul(right, both))),
    );
  const inner = weighted(part(x, d, 0, n - 2), part(x, d, 1, n - 2), part(x, d, 2, n - 2));
  const first = (at: (k: number) => Tensor, step: (k: number) => Tensor) => {
    const h = step(0);
    if (edgeOrder === 1) return div(sub(at(1), at(0)), h);
    const [h2, sum] = [step(1), add(h, step(1))];
    const [a, b, c] = [neg(div(add(h, sum), mul(h, sum))), div(sum, mul(h, h2)), neg(div(h, mul(h2, sum)))];
    return add(add(mul(at(0), a), mul(at(1), b)), mul(at(2), c));
  };
  const before = first((k) => part(x, d, k, 1), (k) => part(steps, d, k, 1)); // biome-ignore format: two ends
  const behind = first((k) => part(x, d, -1 - k, 1), (k) => neg(part(steps, d, -1 - k, 1))); // biome-ignore format: two ends
  return cat([before, inner, behind], d);
}
