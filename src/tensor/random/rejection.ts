/**
 * Distributions whose numbers are drawn again until one fits: each function gives one number, in float64, and takes as many
 * draws as it needs, which are PyTorch's.
 * Source: ATen/native/Distributions.h.
 */
import { nextNormal } from "./distributions.ts";
import type { Generator } from "./generator.ts";

/** How many events come in a unit of time in which `rate` come on average. */
export function nextPoisson(rate: number, generator: Generator): number {
  if (rate === 0) return 0;
  return rate < 10 ? fewEvents(rate, generator) : manyEvents(rate, generator);
}

/** Waiting times are added up, as a product of uniform numbers. */
function fewEvents(rate: number, generator: Generator): number {
  const limit = Math.exp(-rate);
  let product = generator.uniform53();
  let count = 0;
  for (; product > limit; count++) product *= generator.uniform53();
  return count;
}

/** The transformed rejection method (Hörmann 1993, PTRS). */
function manyEvents(rate: number, generator: Generator): number {
  const b = 0.931 + 2.53 * Math.sqrt(rate);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const vr = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = generator.uniform53() - 0.5;
    const v = generator.uniform53();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= vr) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const left = Math.log(v) + Math.log(inverseAlpha) - Math.log(a / us ** 2 + b);
    if (left <= -rate + k * Math.log(rate) - logFactorial(k)) return k;
  }
}

/** How many of n trials succeed, each with probability p. @param round to the dtype of p */
export function nextBinomial(n: number, p: number, round: (x: number) => number, generator: Generator): number {
  if (n <= 0 || p <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - nextBinomial(n, round(1 - p), round, generator);
  return n * p < 10 ? fewSuccesses(n, p, generator) : manySuccesses(n, p, generator);
}

/** From one success to the next it is a geometric number of trials. */
function fewSuccesses(n: number, p: number, generator: Generator): number {
  let trials = 0;
  for (let count = 0; ; count++) {
    trials += Math.ceil(Math.log(generator.uniform53()) / Math.log1p(-p));
    if (trials > n) return count;
  }
}

/** The transformed rejection method (Hörmann 1993, BTRS). */
function manySuccesses(n: number, p: number, generator: Generator): number {
  const sigma = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * sigma;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const c = n * p + 0.5;
  const vr = 0.92 - 4.2 / b;
  const odds = p / (1 - p);
  const alpha = (2.83 + 5.1 / b) * sigma;
  const m = Math.floor((n + 1) * p);
  for (;;) {
    const u = generator.uniform53() - 0.5;
    const v = generator.uniform53();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + c);
    if (k < 0 || k > n) continue;
    if (us >= 0.07 && v <= vr) return k;
    const bound =
      (m + 0.5) * Math.log((m + 1) / (odds * (n - m + 1))) +
      (n + 1) * Math.log((n - m + 1) / (n - k + 1)) +
      (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
      stirlingTail(m) +
      stirlingTail(n - m) -
      stirlingTail(k) -
      stirlingTail(n - k);
    if (Math.log((v * alpha) / (a / us ** 2 + b)) <= bound) return k;
  }
}

/** ln k!, by Stirling's formula where a product would be long. */
function logFactorial(k: number): number {
  return 0.5 * Math.log(2 * Math.PI) + (k + 0.5) * Math.log(k + 1) - (k + 1) + stirlingTail(k);
}

/** What Stirling's formula leaves out of ln k!, for 0 to 9. */
const tails = [
  0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509, 0.0166446911898211,
  0.0138761288230707, 0.0118967099458917, 0.010411265261972, 0.00925546218271273, 0.00833056343336287,
];

function stirlingTail(k: number): number {
  if (k < tails.length) return tails[k];
  const square = (k + 1) ** 2;
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}

/**
 * A gamma number of that shape α and rate 1 (Marsaglia and Tsang 2000). Below 1, that of α + 1 is scaled.
 * @param round to the dtype of α
 */
export function nextGamma(alpha: number, round: (x: number) => number, generator: Generator): number {
  if (alpha === 0) return 0;
  if (alpha < 1) {
    const scale = (1 - generator.uniform53()) ** round(1 / alpha);
    return scale * nextGamma(round(alpha + 1), round, generator);
  }
  const d = round(alpha - Math.fround(1 / 3));
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    let x: number;
    let root: number;
    do {
      x = nextNormal(generator);
      root = 1 + c * x;
    } while (root <= 0);
    const v = root ** 3;
    const w = 1 - generator.uniform53();
    const square = x ** 2;
    if (w < 1 - Math.fround(0.0331) * square ** 2 || Math.log(w) < 0.5 * square + d * (1 - v + Math.log(v)))
      return d * v;
  }
}
