/** Reading what PyTorch wrote into test/fixtures, and comparing with it. The writing side is fixtures.py, beside this file. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { type DType, Tensor } from "../../src/index.ts";
import { allocate } from "../../src/tensor/dtype.ts";
import { numelOf, sameShape } from "../../src/tensor/shape.ts";
import { Storage } from "../../src/tensor/tensor.ts";

/** A tensor as the JSON files hold it: its elements in row-major order. */
export interface StoredTensor {
  shape: number[];
  data: number[];
  /** float32, if it is left out */
  dtype?: DType;
}

const numbers: Record<string, number> = { NaN: Number.NaN, Infinity: Infinity, "-Infinity": -Infinity };

/** The content of test/fixtures/`name`. JSON has no NaN and no infinities: they are written as strings. */
export function readFixture<T>(name: string): T {
  return parseFixture(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), "utf8"));
}

/** The same of its text. */
export const parseFixture = <T>(text: string): T =>
  JSON.parse(text, (_, value) => (typeof value === "string" ? (numbers[value] ?? value) : value));

/** A new tensor with the stored elements. */
export function toTensor({ shape, data, dtype = "float32" }: StoredTensor, { requiresGrad = false } = {}): Tensor {
  const elements = allocate(dtype, numelOf(shape));
  elements.set(data);
  const x = new Tensor(new Storage(elements), dtype, shape);
  x.requiresGrad = requiresGrad;
  return x;
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
  const rank = dtypeOf(actual) === "float64" ? rankOfFloat64 : rankOfFloat32;
  const close = (a: number, e: number) => {
    if (Number.isNaN(a) || Number.isNaN(e)) return false;
    const distance = rank(a) - rank(e);
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
  close: (actual: number, expected: number) => boolean,
  within: string,
): void {
  if (actual === null || actual === undefined) expect.fail(`expected numbers, but there are none: ${actual}`);
  const [aShape, eShape] = [shapeOf(actual), shapeOf(expected)];
  if (aShape && eShape && !sameShape(aShape, eShape)) {
    expect.fail(`expected shape [${eShape.join(", ")}], but it is [${aShape.join(", ")}]`);
  }
  const [aType, eType] = [dtypeOf(actual), dtypeOf(expected)];
  if (aType && eType) expect(aType).toBe(eType);
  const [a, e] = [elementsOf(actual), elementsOf(expected)];
  expect(a.length, "number of elements").toBe(e.length);
  for (let i = 0; i < e.length; i++) {
    if (Object.is(a[i], e[i]) || a[i] === e[i]) continue;
    if (!close(a[i], e[i])) expect.fail(`element ${i} is ${a[i]}, not within ${within} of ${e[i]}`);
  }
}

const isStored = (x: Numbers): x is StoredTensor => typeof x === "object" && !(x instanceof Tensor) && "shape" in x;

const shapeOf = (x: Numbers) => (x instanceof Tensor || isStored(x) ? x.shape : undefined);

function dtypeOf(x: Numbers | null | undefined): DType | undefined {
  if (x === null || x === undefined) return undefined;
  if (x instanceof Tensor) return x.dtype;
  return isStored(x) ? (x.dtype ?? "float32") : undefined;
}

function elementsOf(x: Numbers): ArrayLike<number> {
  if (typeof x === "number") return [x];
  if (isStored(x)) return toTensor(x).data;
  return x instanceof Tensor ? x.data : x;
}

// The place of a floating point number among all of them: neighbours differ by 1, and 0 and -0 have one place.

const float64 = new Float64Array(1);
const bits64 = new BigInt64Array(float64.buffer);
const float32 = new Float32Array(1);
const bits32 = new Int32Array(float32.buffer);

function rankOfFloat32(x: number): bigint {
  float32[0] = x;
  return BigInt(bits32[0] >= 0 ? bits32[0] : -(2 ** 31) - bits32[0]);
}

function rankOfFloat64(x: number): bigint {
  float64[0] = x;
  return bits64[0] >= 0n ? bits64[0] : -(2n ** 63n) - bits64[0];
}
