/**
 * Filling a tensor with random numbers, bit for bit as PyTorch does on the CPU (normals to 1e-6: PyTorch's vectorised
 * logarithm and sine round differently). How many draws each element takes is part of the contract: it decides what the
 * next call gets.
 * Source: ATen/native/cpu/DistributionTemplates.h, ATen/core/DistributionsHelper.h.
 */
import { permuted } from "../apply.ts";
import { check } from "../check.ts";
import { cName, type DType, isFloatingPoint, scalarName, type TypedArray } from "../dtype.ts";
import { forEachRun } from "../strided.ts";
import { elementsOf, type Tensor } from "../tensor.ts";
import type { Generator } from "./generator.ts";

export function checkFloating({ dtype }: Tensor, name: string): void {
  check(isFloatingPoint(dtype), () => `"${name}" not implemented for '${scalarName[dtype]}'`);
}

/** Writes next() into every element, in the order in which they lie in memory, and counts as an in-place change. */
export function fillInMemoryOrder(x: Tensor, next: () => number): void {
  const { data } = x.storage;
  inMemoryOrder(x, (n, start, step) => {
    for (let k = 0, i = start; k < n; k++, i += step) data[i] = next();
  });
}

/** Has elements written, a run of them at a time. */
function inMemoryOrder(x: Tensor, fillRun: (n: number, start: number, step: number) => void): void {
  const laidOut = permuted(x, memoryOrder(x));
  forEachRun(laidOut.shape, [laidOut], (n, [start], [step]) => fillRun(n, start, step));
  x.storage.version++;
}

/** The dimensions, the one with the largest steps first. */
export const memoryOrder = (x: Tensor): number[] =>
  x.strides.map((_, d) => d).sort((a, b) => x.strides[b] - x.strides[a]);

/**
 * Uniform on [from, to). float32: one draw an element, u·(to - from) + from as a fused multiply-add, that is, exact until
 * the one rounding. float64: two draws an element.
 */
export function fillUniform(x: Tensor, from: number, to: number, generator: Generator): void {
  checkFloating(x, "check_uniform_bounds");
  const reversed = () => `uniform_ expects to return a [from, to) range, but found from=${from} > to=${to}`;
  check(from <= to, reversed, RangeError);
  if (x.dtype === "float64") {
    fillInMemoryOrder(x, () => generator.uniform53() * (to - from) + from);
    return;
  }
  const low = Math.fround(from);
  const range = Math.fround(Math.fround(to) - low);
  const { data } = x.storage;
  // Layers draw millions of these: a loop of its own takes half the time of one that calls next().
  inMemoryOrder(x, (n, start, step) => {
    for (let k = 0, i = start; k < n; k++, i += step) data[i] = generator.uniform24() * range + low;
  });
}

/** Normal with the given mean and standard deviation. PyTorch has two algorithms, chosen by size and layout. */
export function fillNormal(x: Tensor, mean: number, std: number, generator: Generator): void {
  checkFloating(x, "normal_kernel_cpu");
  check(std >= 0, () => `normal expects std >= 0.0, but found std ${std}`, RangeError);
  if (x.numel >= 16 && x.isContiguous) {
    fillNormalInBlocks(x, mean, std, generator);
  } else {
    fillInMemoryOrder(x, () => nextNormal(generator) * std + mean);
  }
}

/** Box-Muller: two uniforms become two normals, of which one is kept for the next call. */
export function nextNormal(generator: Generator): number {
  const cached = generator.cachedNormal;
  if (cached !== null) {
    generator.cachedNormal = null;
    return cached;
  }
  const angle = 2 * Math.PI * generator.uniform53();
  const radius = Math.sqrt(-2 * Math.log1p(-generator.uniform53()));
  generator.cachedNormal = radius * Math.sin(angle);
  return radius * Math.cos(angle);
}

/** Fills with uniforms, then turns each block of 16 into normals; a last, partial block is redrawn to end at the end. */
function fillNormalInBlocks(x: Tensor, mean: number, std: number, generator: Generator): void {
  fillUniform(x, 0, 1, generator);
  const data = elementsOf(x);
  const n = data.length;
  for (let i = 0; i + 16 <= n; i += 16) boxMullerBlock(data, i, mean, std);
  if (n % 16 !== 0) {
    const draw = x.dtype === "float64" ? () => generator.uniform53() : () => generator.uniform24();
    for (let i = n - 16; i < n; i++) data[i] = draw();
    boxMullerBlock(data, n - 16, mean, std);
  }
}

/** Elements j and j + 8 of a block of 16 uniforms become the cosine and the sine of one pair. */
function boxMullerBlock(data: TypedArray, start: number, mean: number, std: number): void {
  for (let j = start; j < start + 8; j++) {
    const radius = Math.sqrt(-2 * Math.log(1 - data[j]));
    const angle = 2 * Math.PI * data[j + 8];
    data[j] = radius * Math.cos(angle) * std + mean;
    data[j + 8] = radius * Math.sin(angle) * std + mean;
  }
}

/** The whole numbers that a dtype holds, without a gap. */
const wholeNumbers: Record<DType, readonly [least: number, largest: number]> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  bool: [0, 1],
  float32: [-(2 ** 24), 2 ** 24],
  float64: [-(2 ** 53), 2 ** 53],
};

/**
 * Whole numbers in [low, high), or up to the largest of the dtype: draw mod how many there are, + low. One draw an element, or
 * two where there are 2³² or more.
 */
export function fillRandint(x: Tensor, low: number, high: number | null, generator: Generator): void {
  const reversed = () => `random_ expects 'from' to be less than 'to', but got from=${low} >= to=${high}`;
  check(high === null || low < high, reversed, RangeError);
  const [least, largest] = wholeNumbers[x.dtype];
  const isExact = !isFloatingPoint(x.dtype);
  const below = () => `from is out of bounds for ${cName[x.dtype]}: it is ${low}, below ${least}`;
  check(!isExact || low >= least, below, RangeError);
  const end = high ?? largest + 1;
  const above = () => `to - 1 is out of bounds for ${cName[x.dtype]}: it is ${end - 1}, above ${largest}`;
  check(!isExact || end - 1 <= largest, above, RangeError);
  const count = (high === null ? BigInt(largest) + 1n : BigInt(endFor(x.dtype, high))) - BigInt(low);
  const range = Number(count);
  const draw = range < 2 ** 32 ? () => generator.random32() % range : () => Number(generator.random64() % count);
  fillInMemoryOrder(x, () => draw() + low);
}

/** Where the whole numbers up to `high` end in a dtype in which high - 1 would be rounded to `high`. */
function endFor(dtype: DType, high: number): number {
  if (dtype !== "float32" || Math.fround(high - 1) < high) return high;
  return Math.fround(high - 1) - 2 ** (Math.floor(Math.log2(high - 1)) - 23);
}

/** 1 with probability p, else 0; two draws an element. */
export function fillBernoulli(x: Tensor, p: number, generator: Generator): void {
  check(p >= 0 && p <= 1, () => `bernoulli_ expects p to be in [0, 1], but got p=${p}`, RangeError);
  fillInMemoryOrder(x, () => Number(generator.uniform53() < p));
}

/** The same with a probability for each element of x, of x's shape: one draw an element if they are float32. */
export function fillBernoulliOf(x: Tensor, p: Tensor, generator: Generator): void {
  checkFloating(p, "bernoulli_tensor_cpu_p_");
  const draw = p.dtype === "float64" ? () => generator.uniform53() : () => generator.uniform24();
  const order = memoryOrder(x);
  const [data, probabilities] = [x.storage.data, p.storage.data];
  const outside = probabilities.find((probability) => !(probability >= 0 && probability <= 1));
  check(
    outside === undefined,
    () => `Expected p_in >= 0 && p_in <= 1 to be true, but got p_in = ${outside}`,
    RangeError,
  );
  forEachRun(
    order.map((d) => x.shape[d]),
    [permuted(x, order), permuted(p, order)],
    (n, [o, i], [step, di]) => {
      for (let k = 0; k < n; k++) data[o + k * step] = Number(draw() < probabilities[i + k * di]);
    },
  );
  x.storage.version++;
}

/** 0 … n-1 in random order (Fisher-Yates, n - 1 draws), into a contiguous x of n elements. */
export function fillPermutation(x: Tensor, generator: Generator): void {
  const p = elementsOf(x);
  const n = p.length;
  for (let i = 0; i < n; i++) p[i] = i;
  for (let i = 0; i < n - 1; i++) {
    const j = i + (generator.random32() % (n - i));
    [p[i], p[j]] = [p[j], p[i]];
  }
  x.storage.version++;
}
