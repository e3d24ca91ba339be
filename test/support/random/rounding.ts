/**
 * Numbers that differ by rounding alone: after a cancellation, as 1 - sigmoid(20) is one, float32 has few digits left, PyTorch's no more
 * than others. How many it has, PyTorch's own result says beside the same in float64.
 */
import { Tensor } from "../../../src/index.ts";
import type { StoredTensor, Tolerance } from "../fixtures.ts";

/** How many times as far as PyTorch's from the numbers in float64 others may be. */
const AS_FAR = 2;

/**
 * Whether what is here is within the tolerance of PyTorch's numbers in float64, or nearly as near to them as PyTorch's in float32
 * are, tensor by tensor. Shapes, and all that are no numbers, are the same.
 */
export function isAsNear(mine: unknown, theirs: unknown, wide: unknown, tolerance: Required<Tolerance>): boolean {
  if (typeof mine === "number") return areAsNear([mine], [theirs as number], [wide as number], tolerance);
  if (mine instanceof Tensor) {
    const [{ data, shape }, { data: exact }] = [theirs as StoredTensor, wide as StoredTensor];
    return `${mine.shape}` === `${shape}` && areAsNear(Array.from(mine.data), data, exact, tolerance);
  }
  if (typeof mine !== "object" || mine === null) return (mine ?? null) === theirs;
  const [items, same, exact] = [mine, theirs, wide].map((list) => Object.values(list as object));
  return items.length === same.length && items.every((item, i) => isAsNear(item, same[i], exact[i], tolerance));
}

type Numbers = readonly number[];

function areAsNear(mine: Numbers, theirs: Numbers, exact: Numbers, { atol, rtol }: Required<Tolerance>): boolean {
  const errorsOf = (x: Numbers) => exact.map((value, i) => Math.abs(x[i] - value) / (atol + rtol * Math.abs(value)));
  const known = errorsOf(theirs).filter(Number.isFinite);
  const allowed = Math.max(1, ...known.map((error) => AS_FAR * error));
  return errorsOf(mine).every((error, i) => error <= allowed || Object.is(mine[i] + 0, theirs[i] + 0)); // -0 + 0 is 0
}
