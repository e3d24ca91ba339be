/**
 * The weights of interpolation along one dimension: where, in the coordinates of the inputs, each output is, and which inputs
 * around that place it is made of.
 *
 * PyTorch computes them in the dtype of the input, so that a place next to a whole number may come to lie on either side of it:
 * `round` does the same here.
 */
import { type SparseMatrix, sparseMatrix, type Taps } from "../autograd/ops/layers/resample.ts";

/** How one dimension is made longer or shorter. */
export interface Resizing {
  readonly size: number;
  readonly outSize: number;
  /** How many outputs there are to an input, as the caller says; null for outSize / size. */
  readonly scaleFactor: number | null;
  /** Whether the first and the last input are the first and the last output: else their outer edges are. */
  readonly alignCorners: boolean;
  /** To the numbers that the input's dtype has. */
  readonly round: (x: number) => number;
}

/** How many inputs one output takes. */
function stepOf({ size, outSize, scaleFactor, alignCorners, round }: Resizing): number {
  if (alignCorners) return outSize > 1 ? round((size - 1) / (outSize - 1)) : 0;
  return round(scaleFactor !== null && scaleFactor > 0 ? 1 / scaleFactor : size / outSize);
}

/** Where output o is: its middle, (o + ½) · step - ½ where the inputs' middles are at whole numbers. */
function placeOf(o: number, step: number, { alignCorners, round }: Resizing): number {
  return alignCorners ? round(step * o) : round(round(step * (o + 0.5)) - 0.5);
}

/** The input in whose range the output begins or, `exact`, has its middle. */
export function nearest(resizing: Resizing, isExact: boolean): SparseMatrix {
  const { size, outSize, round } = resizing;
  const step = stepOf({ ...resizing, alignCorners: false });
  return sparseMatrix(size, outSize, (o) => {
    const place = Math.floor(round((isExact ? o + 0.5 : o) * step));
    return [{ place: Math.min(place, size - 1), weight: 1 }];
  });
}

/** The two neighbours, each the more the nearer it is. */
export function linear(resizing: Resizing): SparseMatrix {
  const { size, outSize, round } = resizing;
  const step = stepOf(resizing);
  return sparseMatrix(size, outSize, (o) => {
    if (size === outSize) return [1, 0].map((weight) => ({ place: o, weight })); // as PyTorch, which has NaN of ∞ · 0
    const at = Math.max(0, placeOf(o, step, resizing));
    const first = Math.min(Math.floor(at), size - 1);
    const share = Math.min(Math.max(round(at - first), 0), 1);
    return [
      { place: first, weight: round(1 - share) },
      { place: Math.min(first + 1, size - 1), weight: share },
    ];
  });
}

/** The four neighbours, by Keys' cubic convolution with a = -¾; those beyond an end are the last one. */
export function cubic(resizing: Resizing): SparseMatrix {
  const { size, outSize, round } = resizing;
  const step = stepOf(resizing);
  return sparseMatrix(size, outSize, (o) => {
    const at = placeOf(o, step, resizing);
    const first = Math.floor(at);
    const share = round(at - first);
    return cubicWeights(share).map((weight, k) => ({
      place: Math.min(Math.max(first - 1 + k, 0), size - 1),
      weight: round(weight),
    }));
  });
}

/** Keys' weight of an input at a distance |d| < 2: two cubic polynomials that join smoothly. */
export function keys(distance: number, a: number): number {
  const d = Math.abs(distance);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}

/** Of the inputs at -1, 0, 1 and 2, for a place at `share`. */
const cubicWeights = (share: number): number[] => [-1, 0, 1, 2].map((place) => keys(share - place, -0.75));

/** What the weights of a filter are, by the distance, and how far it reaches. */
export interface Filter {
  readonly reach: number;
  readonly weight: (distance: number) => number;
}
export const triangle: Filter = { reach: 1, weight: (d) => Math.max(0, 1 - Math.abs(d)) };
export const smooth: Filter = { reach: 2, weight: (d) => keys(d, -0.5) };

/**
 * All inputs that a filter reaches, which is as much wider as the outputs are fewer: what the outputs cannot show is then averaged
 * away, and does not come back as another pattern, an alias.
 */
export function filtered(resizing: Resizing, { reach, weight }: Filter): SparseMatrix {
  const { size, outSize, round } = resizing;
  const step = stepOf(resizing);
  const width = Math.max(step, 1);
  return sparseMatrix(size, outSize, (o): Taps => {
    const middle = round(step * (o + 0.5));
    const first = Math.max(0, Math.trunc(middle - reach * width + 0.5));
    const end = Math.min(size, Math.trunc(middle + reach * width + 0.5));
    const taps = Array.from({ length: end - first }, (_, k) => ({
      place: first + k,
      weight: weight((first + k - middle + 0.5) / width),
    }));
    const total = taps.reduce((sum, tap) => sum + tap.weight, 0);
    return taps.map((tap) => ({ ...tap, weight: total === 0 ? tap.weight : round(tap.weight / total) }));
  });
}
