/**
 * Every kernel that WebAssembly has against the plain loop: sizes from 0 to past each edge of vectors and chunks, operands
 * that start anywhere and repeat, infinities and NaN in the right places.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { full } from "../../../../src/index.ts";
import type { BinaryKernel, UnaryKernel } from "../../../../src/tensor/kernels/elementwise.ts";
import type { Initial, Matrix, ProductSizes } from "../../../../src/tensor/kernels/matmul.ts";
import type { ReductionKernel } from "../../../../src/tensor/kernels/reduction.ts";
import { setBackend, setNumThreads } from "../../../../src/tensor/kernels/wasm/backend.ts";
import { Generator } from "../../../../src/tensor/random/generator.ts";
import { expectClose, expectWithinUlps } from "../../../support/fixtures.ts";
import { kernels, plainKernels } from "../../../support/kernels.ts";

beforeAll(() => setBackend("wasm"));
afterAll(() => setNumThreads(1));

const generator = new Generator(0);
const below = (limit: number): number => generator.random32() % limit;
const special = [Number.NaN, Infinity, -Infinity, 0, -0, 1e-40, -1e-40, 3e38, -3e38, 88.8, -88.8, -103.5, 100, 1, -1];

/** Between -2 and 2; with a few numbers that are special, if asked for. */
function numbers(length: number, withSpecial = false): Float32Array {
  const values = new Float32Array(length);
  for (let k = 0; k < length; k++) values[k] = below(2 ** 24) / 2 ** 22 - 2;
  if (withSpecial) for (let k = 0; k < length / 7; k++) values[below(length)] = special[below(special.length)];
  return values;
}

/** Every number the same, where an assertion of arrays would take its time. */
function expectSame(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let k = 0; k < expected.length; k++) {
    if (!Object.is(actual[k], expected[k])) expect.fail(`element ${k} is ${actual[k]}, not ${expected[k]}`);
  }
}

/** Both kernels, each into an array of its own, of which they must not change more. */
function both(length: number, run: (table: typeof kernels, out: Float32Array) => void) {
  const [actual, expected] = [new Float32Array(length).fill(7), new Float32Array(length).fill(7)];
  run(kernels, actual);
  run(plainKernels, expected);
  return { actual, expected };
}

/** Rows, and where and in which steps two operands lie. */
const planes = (n: number) => [
  [1, 0, 0, 1, 0, 0, 1],
  [1, 3, 0, 1, 1, 0, 0],
  [1, 1, 0, 0, 5, 0, 1],
  [1, 0, 0, 0, 0, 0, 0],
  [1, 0, 0, 2, 1, 0, 1],
  [3, 1, n, 1, 0, 0, 1],
  [3, 0, n, 1, 2, 1, 0],
  [3, 0, 1, 3, 0, n + 2, 1],
];

const lengths = [0, 1, 3, 4, 5, 63, 255, 256, 257, 271, 2047, 2048, 2049, 2063, 16_383, 16_384, 16_385, 40_001];

describe.each(lengths)("%i elements", (n) => {
  /** How many representable numbers apart, and how far where float32 has few digits, near 0. */
  const unary: (readonly [name: keyof typeof kernels, ulps: number, nearZero: number])[] = [
    ["neg", 0, 0],
    ["abs", 0, 0],
    ["sqrt", 0, 0],
    ["relu", 0, 0],
    ...(["sign", "floor", "ceil", "trunc", "round", "reciprocal"] as const).map((name) => [name, 0, 0] as const),
    ["rsqrt", 1, 0],
    ["expm1", 2, 0],
    ["log1p", 2, 0],
    ["sin", 2, 0],
    ["cos", 2, 0],
    ["erf", 2, 0],
    ["exp", 2, 3e-44],
    ["log", 2, 1e-7],
    ["tanh", 3, 0],
    ["sigmoid", 3, 3e-39], // of -88.8 it is 0, as in PyTorch, since e to the 88.8 is infinite
  ];

  it.each(unary)("%s", (name, ulps, nearZero) => {
    for (const [rows, start, row, step] of [
      [1, 0, 0, 1],
      [1, 3, 0, 1],
      [1, 1, 0, 2],
      [1, 2, 0, 0],
      [3, 1, n, 1],
      [3, 0, 1, 3],
    ]) {
      const x = numbers(start + rows * row + n * step + 1, true);
      const run = (table: typeof kernels, out: Float32Array) =>
        (table[name] as UnaryKernel)(rows, n, out, 2, x, start, row, step);
      const { actual, expected } = both(rows * n + 4, run);
      expectAlmost(actual, expected, ulps, nearZero);
    }
  });

  const binary = ["add", "sub", "mul", "div", "maximum", "minimum", "reluBackward"] as const;

  it.each(binary)("%s", (name) => {
    for (const [rows, i, ri, di, j, rj, dj] of planes(n)) {
      const [a, b] = [numbers(i + rows * ri + n * di + 1, true), numbers(j + rows * rj + n * dj + 1, true)];
      const run = (table: typeof kernels, out: Float32Array) =>
        (table[name] as BinaryKernel)(rows, n, out, 1, a, i, ri, di, b, j, rj, dj);
      const { actual, expected } = both(rows * n + 3, run);
      expectSame(actual, expected);
    }
  });

  it.each(["eq", "ne", "lt", "le", "gt", "ge"] as const)("%s", (name) => {
    for (const [rows, i, ri, di, j, rj, dj] of planes(n)) {
      const [a, b] = [numbers(i + rows * ri + n * di + 1, true), numbers(j + rows * rj + n * dj + 1, true)];
      for (let k = 0; k < b.length; k += 3) b[k] = a[k % a.length];
      const [actual, expected] = [kernels, plainKernels].map((table) => {
        const out = new Uint8Array(rows * n + 3).fill(7);
        table[name](rows, n, out, 1, a, i, ri, di, b, j, rj, dj);
        return out;
      });
      expectSame(actual, expected);
    }
  });

  it("where", () => {
    for (const [rows, i, ri, di, j, rj, dj] of planes(n)) {
      const [a, b] = [numbers(i + rows * ri + n * di + 1, true), numbers(j + rows * rj + n * dj + 1, true)];
      const c = Uint8Array.from({ length: rows * n + 1 }, () => below(2));
      const { actual, expected } = both(rows * n + 2, (table, out) =>
        table.where(rows, n, out, 1, c, 1, n, 1, a, i, ri, di, b, j, rj, dj),
      );
      expectSame(actual, expected);
    }
  });

  it.each([-1, 1, 2, 3, 2.5])("to the power of %f", (exponent) => {
    for (const [rows, i, ri, di] of planes(n)) {
      const a = numbers(i + rows * ri + n * di + 1, true);
      const run = (table: typeof kernels, out: Float32Array) =>
        table.pow(rows, n, out, 1, a, i, ri, di, Float32Array.of(exponent), 0, 0, 0);
      const { actual, expected } = both(rows * n + 2, run);
      expectAlmost(actual, expected, 1, 3e-45);
    }
  });

  it.each([0, 1])("where the condition is %i throughout", (condition) => {
    const [a, b] = [numbers(n), numbers(n)];
    const { actual, expected } = both(n + 2, (table, out) =>
      table.where(1, n, out, 1, Uint8Array.of(condition), 0, 0, 0, a, 0, 0, 1, b, 0, 0, 1),
    );
    expectSame(actual, expected);
  });

  it("copy, also of whole numbers and transposed", () => {
    const sources = [
      numbers(3 * n + 1),
      Int32Array.from({ length: 3 * n + 1 }, (_, k) => k),
      new Uint8Array(3 * n + 1),
    ];
    for (const x of sources) {
      for (const [rows, columns, ri, di] of [
        [1, n, 0, 1],
        [3, n, n, 1],
        [3, n, 1, 3],
        [n, 3, 1, n],
        [1, n, 0, 2],
      ]) {
        const { actual, expected } = both(3 * n + 2, (table, out) =>
          table.copy(rows, columns, out, 1, columns, 1, x, 1, ri, di),
        );
        expectWithinUlps(actual, expected, 0);
      }
    }
  });

  it("take and putAdd", () => {
    const positions = Int32Array.from({ length: n }, () => below(n));
    const x = numbers(n, true);
    const taken = both(n, (table, out) => table.take(out, x, positions));
    expectSame(taken.actual, taken.expected);
    const added = both(n, (table, out) => table.putAdd(out, numbers(n).fill(0.5), positions));
    expectSame(added.actual, added.expected);
  });

  it("takeRows and addRows, in which rows come twice", () => {
    for (const width of [1, 3, 4, 17]) {
      const count = Math.ceil(n / width);
      const x = numbers(count * width, true);
      const rows = Int32Array.from({ length: count + 2 }, () => below(Math.max(1, count)));
      const picked = count === 0 ? rows.subarray(0, 0) : rows;
      const taken = both(picked.length * width, (table, out) => table.takeRows(out, x, picked, width));
      expectSame(taken.actual, taken.expected);
      const added = both(x.length, (table, out) => table.addRows(out, taken.expected, picked, width));
      expectSame(added.actual, added.expected);
    }
  });

  it("addMultiple and addScaled", () => {
    for (const dj of [1, 0]) {
      const [a, b] = [numbers(n + 1, true), numbers(n + 1, true)];
      const sums = both(n + 1, (table, out) => table.addMultiple(0.1)(1, n, out, 0, a, 0, 0, 1, b, 1, 0, dj));
      expectClose(sums.actual, sums.expected, { atol: 3e-7, rtol: 2e-7 });
      const updates = both(n + 1, (table, out) => table.addScaled(1, n, out, 1, 0, 1, b, 0, 0, dj, -0.01));
      expectClose(updates.actual, updates.expected, { atol: 3e-7, rtol: 2e-7 });
    }
    const strided = both(2 * n + 1, (table, out) => table.addScaled(1, n, out, 0, 0, 2, numbers(0), 0, 0, 0, 1));
    expectSame(strided.actual, strided.expected);
  });

  it("divideBytes", () => {
    const bytes = Uint8Array.from({ length: n }, (_, i) => i);
    const { actual, expected } = both(n, (table, out) => table.divideBytes(out, bytes, 255));
    expectSame(actual, expected);
  });

  it("leaves other dtypes to the plain loops", () => {
    const x = Float64Array.from({ length: n }, (_, i) => i + 0.1);
    const out = new Float64Array(n);
    kernels.add(1, n, out, 0, x, 0, 0, 1, x, 0, 0, 1);
    expect(out).toEqual(x.map((value) => value + value));
  });
});

/** Within so many representable numbers; among the smallest, within `nearZero`. A zero has its sign. */
function expectAlmost(actual: Float32Array, expected: Float32Array, ulps: number, nearZero: number): void {
  const isNegativeZero = (value: number) => Object.is(value, -0);
  expectSame(
    actual.map((value) => Number(isNegativeZero(value))),
    expected.map((value) => Number(isNegativeZero(value))),
  );
  const only = (x: Float32Array, tiny: boolean) => x.filter((_, i) => Math.abs(expected[i]) < 1.2e-38 === tiny);
  expectWithinUlps(only(actual, false), only(expected, false), ulps);
  expectClose(only(actual, true), only(expected, true), { atol: nearZero });
}

describe.each([
  [0, 3, 1],
  [1, 0, 1],
  [1, 1, 1],
  [1, 2048, 1],
  [3, 16_385, 1],
  [1, 50_001, 1],
  [40, 1000, 1],
  [5, 64, 1],
  [5, 66, 1],
  [7, 101, 1],
  [1, 64, 256],
  [2, 300, 7],
  [1, 5000, 3],
  [3, 2, 20_000],
  [1, 100, 129],
])("reductions of (%i, %i, %i)", (outer, n, inner) => {
  const cases: [string, () => Float32Array][] = [
    ["numbers", () => numbers(outer * n * inner)],
    ["numbers, infinities and NaN", () => numbers(outer * n * inner, true)],
    ["minus infinity", () => new Float32Array(outer * n * inner).fill(-Infinity)],
    ["large numbers", () => numbers(outer * n * inner).map((value) => 40 * value)],
  ];
  it.each(cases)("of %s", (_, make) => {
    const x = make();
    // A few at a time are added in float32, where the largest numbers would overflow, as they do in PyTorch.
    const addends = x.map((value) => (Math.abs(value) === Math.fround(3e38) ? 1 : value));
    const largest = addends.reduce(
      (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
      0,
    );
    const sums = both(outer * inner, (table, out) => table.sum(out, addends, outer, n, inner));
    expectClose(sums.actual, sums.expected, { atol: 2e-7 * Math.sqrt(n) * largest, rtol: 2e-7 });
    for (const name of ["argmax", "argmin"] as const) {
      const [found, wanted] = [kernels, plainKernels].map((table) => {
        const out = new Int32Array(outer * inner);
        if (n > 0) table[name](out, x, outer, n, inner);
        return out;
      });
      expectSame(found, wanted);
    }
    const logs = both(outer * inner, (table, out) => table.logsumexp(out, x, outer, n, inner));
    expectClose(logs.actual, logs.expected, { atol: 1e-6, rtol: 3e-7 });
    for (const name of ["softmax", "logSoftmax"] as const) {
      const run: (table: typeof kernels) => ReductionKernel = (table) => table[name];
      const { actual, expected } = both(x.length, (table, out) => run(table)(out, x, outer, n, inner));
      expectClose(actual, expected, { atol: name === "softmax" ? 1e-9 : 2e-6, rtol: 1e-6 });
    }
  });

  it("what softmaxes and cross entropy pull back", () => {
    const sizes = [outer, n, inner] as const;
    const [x, dy] = [numbers(outer * n * inner), numbers(outer * n * inner)];
    for (const [name, pullBack] of [
      ["softmax", "softmaxBackward"],
      ["logSoftmax", "logSoftmaxBackward"],
    ] as const) {
      const { expected: y } = both(x.length, (table, out) => table[name](out, x, ...sizes));
      const dx = both(x.length, (table, out) => table[pullBack](out, dy, y, ...sizes));
      expectClose(dx.actual, dx.expected, { atol: 1e-7 * Math.sqrt(n), rtol: 1e-6 });
    }
    const target = Int32Array.from({ length: outer * inner }, (_, k) => (k % 5 === 0 || n === 0 ? -1 : below(n)));
    const p = new Float32Array(x.length);
    const loss = both(target.length, (table, out) => table.crossEntropy(out, p, x, target, ...sizes));
    expectClose(loss.actual, loss.expected, { atol: 1e-6, rtol: 3e-7 });
    const probabilities = both(x.length, (table, out) =>
      table.crossEntropy(new Float32Array(target.length), out, x, target, ...sizes),
    );
    expectClose(probabilities.actual, probabilities.expected, { atol: 1e-9, rtol: 1e-6 });
    const dloss = numbers(target.length);
    const dx = both(x.length, (table, out) => table.crossEntropyBackward(out, dloss, p, target, ...sizes));
    expectClose(dx.actual, dx.expected, { atol: 3e-7, rtol: 2e-6 });
  });
});

describe.each([
  [64, 256, 1],
  [2, 1025, 1],
  [700, 3, 1],
  [3000, 5, 1],
  [2049, 1, 1],
  [300, 129, 1],
  [2, 20_000, 1],
  [4, 6, 100],
  [2, 2, 1],
  [64, 1, 16],
  [9, 7, 17],
  [30, 16, 784],
  [3, 2, 16_384],
  [1, 2, 16_385],
])("batch norm of (%i, %i, %i)", (n, c, l) => {
  const shape = [n, c, l] as const;
  const [x, dy] = [numbers(n * c * l), numbers(n * c * l)];
  const [mean, invstd, scale, shift, slope] = [0, 1, 2, 3, 4].map(() => numbers(c));

  it("statistics", () => {
    const [actualSquares, expectedSquares] = [new Float64Array(c), new Float64Array(c)];
    const { actual, expected } = both(c, (table, out) =>
      table.batchStatistics(out, table === kernels ? actualSquares : expectedSquares, x, shape),
    );
    expectClose(actual, expected, { atol: 1e-7, rtol: 2e-7 });
    expectClose(actualSquares, expectedSquares, { atol: 1e-12, rtol: 1e-6 });
  });

  it("forward and backward", () => {
    const channels = { mean, invstd, scale };
    const y = both(x.length, (table, out) => table.scaleAndShift(out, x, scale, shift, shape));
    expectClose(y.actual, y.expected, { atol: 1e-6, rtol: 1e-6 });
    const centered = both(x.length, (table, out) => table.centerAndScale(out, x, mean, scale, shift, shape));
    expectClose(centered.actual, centered.expected, { atol: 1e-6, rtol: 1e-6 });
    const dweight = both(c, (table, out) => {
      const dbias = new Float32Array(c);
      table.batchNormParameterGradients(dbias, out, dy, x, channels, shape);
      expectClose(dbias, [...columnSums(dy, shape)], { atol: 1e-4, rtol: 2e-7 });
    });
    expectClose(dweight.actual, dweight.expected, { atol: 2e-4, rtol: 2e-6 });
    const dx = both(x.length, (table, out) => table.batchNormInputGradient(out, dy, x, shift, slope, channels, shape));
    expectClose(dx.actual, dx.expected, { atol: 2e-6, rtol: 1e-6 });
    const values = { scale, offset: shift, mean, slope };
    const ofGroups = both(x.length, (table, out) => table.channelInputGradient(out, dy, x, values, shape));
    expectClose(ofGroups.actual, ofGroups.expected, { atol: 2e-6, rtol: 1e-6 });
  });
});

describe.each([
  [64, 256],
  [2, 1025],
  [700, 3],
  [2049, 1],
  [1, 50_001],
  [3, 2047],
  [100, 71],
])("layer norm of (%i, %i)", (rows, n) => {
  const shape = [rows, n] as const;
  const [x, dy] = [numbers(rows * n), numbers(rows * n)];
  const [weight, bias] = [numbers(n), numbers(n)];

  it("forward and backward", () => {
    const invstd = both(rows, (table, out) => {
      const y = new Float32Array(x.length);
      table.layerNorm(y, { mean: new Float32Array(rows), invstd: out }, x, weight, bias, 1e-5, shape);
    });
    expectClose(invstd.actual, invstd.expected, { rtol: 3e-7 });
    const mean = both(rows, (table, out) => {
      const values = { mean: out, invstd: new Float32Array(rows) };
      table.layerNorm(new Float32Array(x.length), values, x, weight, bias, 1e-5, shape);
    });
    expectClose(mean.actual, mean.expected, { atol: 1e-7, rtol: 2e-7 });
    const values = { mean: mean.expected, invstd: invstd.expected };
    const y = both(x.length, (table, out) => table.layerNorm(out, values, x, weight, bias, 1e-5, shape));
    expectClose(y.actual, y.expected, { atol: n === 1 ? 1e-4 : 2e-6, rtol: 1e-6 });
    const dx = both(x.length, (table, out) => table.layerNormInputGradient(out, dy, x, weight, values, shape));
    expectClose(dx.actual, dx.expected, { atol: n === 1 ? 1e-4 : 5e-6, rtol: 1e-5 });
    for (const kind of ["dbias", "dweight"] as const) {
      const sums = both(n, (table, out) => {
        const all = { dbias: new Float32Array(n), dweight: new Float32Array(n), [kind]: out };
        table.layerNormParameterGradients(all.dbias, all.dweight, dy, x, values, shape);
      });
      expectClose(sums.actual, sums.expected, { atol: 1e-4, rtol: 2e-6 });
    }
  });
});

describe.each([
  [256, 1],
  [1, 257],
  [43, 6],
  [3, 1027],
  [64, 256],
])("steps of %i samples with %i numbers", (rows, n) => {
  const shape = [rows, n] as const;
  const count = rows * n;
  const [state, previous, dh, dc] = [0, 1, 2, 3].map(() => numbers(count));

  /** Every result of a kernel, each of which may be read, too: so they are copies. */
  function compare(
    results: readonly Float32Array[],
    run: (table: typeof kernels, copies: Float32Array[]) => void,
  ): void {
    const [actual, expected] = [kernels, plainKernels].map((table) => {
      const copies = results.map((x) => x.slice());
      run(table, copies);
      return copies;
    });
    for (const [k, out] of actual.entries()) expectClose(out, expected[k], { rtol: 2e-6, atol: 1e-6 });
  }

  it("of an LSTM", () => {
    const gates = numbers(4 * count, true).map((x) => Math.min(Math.max(x, -50), 50) || 0);
    const empty = () => new Float32Array(count);
    compare([empty(), empty(), gates], (table, [h, c, out]) => table.lstmStep(h, c, out, previous, shape));
    const active = gates.map((x, k) => (Math.floor(k / n) % 4 === 2 ? Math.tanh(x) : 1 / (1 + Math.exp(-x))));
    compare([new Float32Array(4 * count), dc], (table, [dgates, dOfC]) =>
      table.lstmStepBackward(dgates, dOfC, dh, active, state, previous, shape),
    );
  });

  it("of a GRU", () => {
    const [gates, hidden] = [numbers(3 * count), numbers(3 * count)];
    compare([new Float32Array(count), gates], (table, [h, out]) => table.gruStep(h, out, hidden, previous, shape));
    const active = gates.map((x, k) => (Math.floor(k / n) % 3 === 2 ? Math.tanh(x) : 1 / (1 + Math.exp(-x))));
    const empty = () => new Float32Array(3 * count);
    compare([empty(), empty(), dh], (table, [dgates, dhidden, dOfH]) =>
      table.gruStepBackward(dgates, dhidden, dOfH, active, hidden, previous, shape),
    );
  });

  it("pass NaN on", () => {
    const nan = new Float32Array(4 * count).fill(Number.NaN);
    const [h, c] = [new Float32Array(count), new Float32Array(count)];
    kernels.lstmStep(h, c, nan.slice(), previous, shape);
    expect(h.every(Number.isNaN) && c.every(Number.isNaN)).toBe(true);
    kernels.gruStep(h, nan.slice(0, 3 * count), nan.slice(0, 3 * count), previous, shape);
    expect(h.every(Number.isNaN)).toBe(true);
  });
});

function columnSums(x: Float32Array, [n, c, l]: readonly [number, number, number]): Float64Array {
  const sums = new Float64Array(c);
  for (let i = 0; i < n * c * l; i++) sums[Math.floor(i / l) % c] += x[i];
  return sums;
}

it.each([0, 1])("more sums than there is room for, along dimension %i", (dim) => {
  const x = full(dim === 0 ? [2, 9_000_000] : [9_000_000, 2], 0.5); // in memory, where no array has to be copied first
  expect(x.sum(dim).eq(1).all().item()).toBe(1);
  expect(x.var(dim).eq(0).all().item()).toBe(1);
});

describe.each([3e19, 1e-25])("numbers of %d, whose squares float32 cannot hold", (size) => {
  const x = numbers(35_000).map((number) => number * size);

  it.each([
    [70, 500, 1],
    [1, 500, 70],
  ])("have a standard deviation: %d × %d × %d", (outer, n, inner) => {
    const spread = both(70, (table, out) => table.standardDeviation(n - 1)(out, x, outer, n, inner));
    expectClose(spread.actual, spread.expected, { atol: 0, rtol: 1e-6 });
  });

  it.each([
    [500, 70, 1],
    [5, 70, 100],
  ] as const)("are standardised by batch norm: %d × %d × %d", (...shape) => {
    const statistics = both(70, (table, out) => {
      const squares = new Float64Array(70);
      table.batchStatistics(new Float32Array(70), squares, x, shape);
      out.set(squares.map((sum) => Math.sqrt(sum) / size));
    });
    expectClose(statistics.actual, statistics.expected, { atol: 0, rtol: 1e-6 });
  });
});

/** A matrix of random numbers in one of the ways in which it can lie in memory. */
function matrix(rows: number, columns: number, layout: string): Matrix {
  const offset = below(5);
  const [rowStride, colStride] =
    layout === "transposed"
      ? [1, rows]
      : layout === "every other"
        ? [2 * columns, 2]
        : layout === "padded"
          ? [columns + 3, 1]
          : layout === "one row"
            ? [0, 1]
            : [columns, 1];
  const length = offset + Math.max(0, rows - 1) * rowStride + Math.max(0, columns - 1) * colStride + 1;
  return { data: numbers(length), offset, rowStride, colStride };
}

const initials = ["zeros", "out"] as const;
const layouts = ["rows", "transposed", "every other", "padded", "one row"];

function expectSameProduct(sizes: ProductSizes, a: Matrix, b: Matrix, initial: Initial): void {
  const [m, k, n] = sizes;
  const { actual, expected } = both(m * n + 2, (table, out) => table.matmul(out, 1, a, b, sizes, initial));
  expectClose(actual, expected, { atol: 1e-6 * (k + 10), rtol: 1e-6 });
}

describe.each([1, 2, 3])("products on %i threads", (threads) => {
  beforeAll(() => setNumThreads(threads));

  it.each([
    [0, 5, 3],
    [2, 0, 3],
    [1, 1, 1],
    [1, 5000, 1],
    [16, 16, 16],
    [17, 16, 15],
    [96, 384, 12],
    [97, 385, 13],
    [64, 784, 256],
    [256, 64, 784],
    [193, 769, 61],
    [1, 2000, 700],
    [700, 2000, 1],
  ])("%i × %i × %i, in every layout", (m, k, n) => {
    for (const left of layouts) {
      // All pairs of layouts for the small ones; the plain kernel takes its time for large ones.
      for (const right of m * k * n > 1e6 ? [layouts[below(layouts.length)]] : layouts) {
        expectSameProduct([m, k, n], matrix(m, k, left), matrix(k, n, right), initials[below(2)]);
      }
    }
  });

  it("100 random sizes and layouts", () => {
    for (let i = 0; i < 100; i++) {
      const [m, k, n] = [0, 1, 2].map(() => 1 + below(i % 10 === 0 ? 300 : 60));
      const pick = () => layouts[below(layouts.length)];
      expectSameProduct(
        [m, k, n],
        matrix(m, k, pick()),
        matrix(k, n, pick()),
        i % 3 === 2 ? numbers(n) : initials[i % 3],
      );
    }
  });

  it("infinities and NaN where they belong", () => {
    const sizes = [130, 200, 70] as const;
    const [a, b] = [matrix(130, 200, "rows"), matrix(200, 70, "transposed")];
    for (const value of [Number.NaN, Infinity, -Infinity, Infinity]) {
      a.data[a.offset + below(130 * 200)] = value;
      b.data[b.offset + below(200 * 70)] = value;
    }
    for (const initial of initials) expectSameProduct(sizes, a, b, initial);
  });
});

it.each([
  [2, 6_000_000, 1],
  [4_500_000, 3, 1],
  [1, 3, 4_500_000],
])("a product that does not fit into scratch memory, %i × %i × %i, is made in parts", (m, k, n) => {
  // The halves of each size differ: out[i, j] = 1 + Σ (i < m / 2 ? 1 : 2) · (p < k / 2 ? 1 : 0) · (j < n / 2 ? 1 : 2)
  const factor = (i: number, size: number, later: number) => (i < size / 2 ? 1 : later);
  const filled = (rows: number, columns: number, element: (i: number, j: number) => number) => {
    const x = new Float32Array(rows * columns);
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) x[i * columns + j] = element(i, j);
    return x;
  };
  const left = filled(m, k, (i) => factor(i, m, 2));
  const right = filled(k, n, (p, j) => factor(p, k, 0) * factor(j, n, 2));
  const out = new Float32Array(m * n).fill(1);
  const a = { data: left, offset: 0, rowStride: k, colStride: 1 };
  const b = { data: right, offset: 0, rowStride: n, colStride: 1 };
  kernels.matmul(out, 0, a, b, [m, k, n], "out");
  const expected = filled(m, n, (i, j) => 1 + factor(i, m, 2) * Math.ceil(k / 2) * factor(j, n, 2));
  expectSame(out, expected);
});

const ofTwo = { kernelSize: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1] } as const;
describe.each([
  [[2, 2], 300, ofTwo],
  [[28, 28], 40, ofTwo],
  [[6, 7], 50, ofTwo],
  [[2, 9000], 1, ofTwo],
  [[14, 15], 20, ofTwo],
  [[4, 1000], 3, ofTwo],
  [[5, 6], 40, ofTwo],
  [[23, 31], 3, { ...ofTwo, kernelSize: [3, 3], padding: [1, 1] }],
  [[13, 18], 3, { ...ofTwo, kernelSize: [3, 5], stride: [1, 1], padding: [0, 2] }],
  [[17, 40], 2, { kernelSize: [2, 4], stride: [1, 3], padding: [1, 2], dilation: [1, 1] }],
  [[3, 100], 2, { kernelSize: [2, 3], stride: [3, 1], padding: [0, 0], dilation: [1, 1] }],
] as const)("pooling of images of %j", ([h, w], images, windows) => {
  const outSize = [0, 1].map((d) => {
    const room = [h, w][d] + 2 * windows.padding[d] - windows.kernelSize[d];
    return Math.floor(room / windows.stride[d]) + 1;
  }) as [number, number];
  const shape = { images, size: [h, w] as const, outSize, ...windows };
  const [count, outCount] = [images * h * w, images * outSize[0] * outSize[1]];
  const dy = numbers(outCount);

  it("finds the largest where the plain loop does, also the first of equal ones and NaN", () => {
    const x = numbers(count, true).map((value, k) => (k % 3 === 0 ? Math.round(value) : value));
    const [positions, expected] = [0, 1].map(() => new Int32Array(outCount));
    const y = both(outCount, (table, out) => table.maxPool(out, table === kernels ? positions : expected, x, shape));
    expectSame(y.actual, y.expected);
    expectSame(positions, expected);
    const dx = both(count, (table, out) => table.maxPoolBackward(out, dy, positions, images));
    expectSame(dx.actual, dx.expected);
  });

  it("finds it in windows with gaps", () => {
    const dilation = [2, 3] as const;
    const size = [h + windows.kernelSize[0] - 1, w + 2 * (windows.kernelSize[1] - 1)] as const;
    const x = numbers(images * size[0] * size[1], true);
    const [positions, expected] = [0, 1].map(() => new Int32Array(outCount));
    const apart = { ...shape, size, dilation };
    const y = both(outCount, (table, out) => table.maxPool(out, table === kernels ? positions : expected, x, apart));
    expectSame(y.actual, y.expected);
    expectSame(positions, expected);
  });

  it("takes means, and shares their gradient out", () => {
    const area = windows.kernelSize[0] * windows.kernelSize[1];
    const [x, divisors] = [numbers(count), numbers(outSize[0] * outSize[1]).map((value) => Math.abs(value) + area)];
    const y = both(outCount, (table, out) => table.averagePool(out, x, divisors, shape));
    expectClose(y.actual, y.expected, { atol: 1e-6 });
    const dx = both(count, (table, out) => table.averagePoolBackward(out, dy, divisors, shape));
    expectSame(dx.actual, dx.expected);
  });
});
