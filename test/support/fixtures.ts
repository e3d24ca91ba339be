/** Comparing with numbers that are expected, such as those that PyTorch wrote into test/fixtures. */
import { expect } from "vitest";
import { type DType, Tensor } from "../../src/index.ts";
import { allocate } from "../../src/tensor/dtype.ts";
import { sameShape } from "../../src/tensor/shape.ts";

/** A tensor as the JSON files hold it: its elements in row-major order. */
export interface StoredTensor {
  shape: number[];
  data: number[];
  /** float32, if it is left out */
  dtype?: DType;
}

export interface Tolerance {
  /** Allowed absolute difference. Default: 0. */
  atol?: number;
  /** Allowed difference relative to the expected number. Default: 0. */
  rtol?: number;
}

/** What can be compared: a tensor, a stored one, an array, or one number. */
export type Numbers = Tensor | StoredTensor | ArrayLike<number> | number;

/**
 * Every element is within atol + rtol · |expected|; NaN is close to NaN only, an infinity to itself. Two tensors must also
 * have the same shape and dtype.
 */
export function expectClose(actual: Numbers | null | undefined, expected: Numbers, tolerance: Tolerance): void {
  const { atol = 0, rtol = 0 } = tolerance;
  const close = (a: number, e: number) => Number.isFinite(e) && Math.abs(a - e) <= atol + rtol * Math.abs(e);
  compare(actual, expected, close, `atol ${atol} and rtol ${rtol}`);
}

/** Every element is at most `ulps` representable numbers away; 0 for the same number. 0 and -0 are the same. */
export function expectWithinUlps(actual: Numbers | null | undefined, expected: Numbers, ulps: number): void {
  const close = (a: number, e: number, dtype?: DType) => {
    if (Number.isNaN(a) || Number.isNaN(e)) return false;
    const distance = placeOf(a, dtype) - placeOf(e, dtype);
    return distance <= ulps && -distance <= ulps;
  };
  compare(actual, expected, close, `${ulps} ulp`);
}

/** Every element is the same number. */
export const expectExact = (actual: Numbers | null | undefined, expected: Numbers) =>
  expectWithinUlps(actual, expected, 0);

function compare(
  actual: Numbers | null | undefined,
  expected: Numbers,
  close: (actual: number, expected: number, dtype?: DType) => boolean,
  within: string,
): void {
  if (actual === null || actual === undefined) expect.fail(`expected numbers, but there are none: ${actual}`);
  const [a, e] = [partsOf(actual), partsOf(expected)];
  if (a.shape && e.shape && !sameShape(a.shape, e.shape)) {
    expect.fail(`expected shape [${e.shape.join(", ")}], but it is [${a.shape.join(", ")}]`);
  }
  if (a.dtype && e.dtype) expect(a.dtype).toBe(e.dtype);
  const [mine, theirs] = [a.data, e.data]; // once: the data of a view are gathered
  expect(mine.length, "number of elements").toBe(theirs.length);
  for (let i = 0; i < theirs.length; i++) {
    if (Object.is(mine[i], theirs[i]) || mine[i] === theirs[i] || close(mine[i], theirs[i], a.dtype)) continue;
    expect.fail(`element ${i} is ${mine[i]}, not within ${within} of ${theirs[i]}`);
  }
}

function partsOf(x: Numbers): { shape?: readonly number[]; dtype?: DType; data: ArrayLike<number> } {
  if (typeof x === "number") return { data: [x] };
  if (x instanceof Tensor) return x;
  if (!("shape" in x)) return { data: x };
  const { shape, data, dtype = "float32" } = x;
  const elements = allocate(dtype, data.length); // rounded to its dtype
  elements.set(data);
  return { shape, dtype, data: elements };
}

/** Of a floating point number among all of them: neighbours differ by 1, and 0 and -0 have one place. */
function placeOf(x: number, dtype: DType = "float32"): bigint {
  const view = new DataView(new ArrayBuffer(8));
  if (dtype === "float64") view.setFloat64(0, x);
  else view.setFloat32(0, x);
  const bits = dtype === "float64" ? view.getBigInt64(0) : BigInt(view.getInt32(0));
  const smallest = dtype === "float64" ? -(2n ** 63n) : -(2n ** 31n);
  return bits >= 0n ? bits : smallest - bits;
}
