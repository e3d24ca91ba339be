/**
 * Every kernel that WebAssembly has against the plain loop: sizes from 0 to past each edge of vectors and chunks, operands
 * that start anywhere and repeat, infinities and NaN in the right places.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BinaryKernel, UnaryKernel } from "../../../../src/tensor/kernels/elementwise.ts";
import { type KernelName, kernels, plainKernels } from "../../../../src/tensor/kernels/index.ts";
import type { Matrix } from "../../../../src/tensor/kernels/matmul.ts";
import { setBackend, setNumThreads } from "../../../../src/tensor/kernels/wasm/backend.ts";
import { Generator } from "../../../../src/tensor/random/generator.ts";
import { expectClose, expectWithinUlps, type Tolerance } from "../../../support/fixtures.ts";
import { sizes } from "./sizes.ts";

beforeAll(() => setBackend("wasm"));
afterAll(() => setNumThreads(1));

const generator = new Generator(0);
const below = (limit: number): number => generator.random32() % limit;
const pick = <Choice>(choices: readonly Choice[]): Choice => choices[below(choices.length)];
const special = [Number.NaN, Infinity, -Infinity, 0, -0, 1e-40, -1e-40, 3e38, -3e38, 88.8, -88.8, -103.5, 100, 1, -1];

/** Between -2 and 2; with a few numbers that are special, if asked for. */
function numbers(length: number, withSpecial = false): Float32Array {
  const values = Float32Array.from({ length }, () => below(2 ** 24) / 2 ** 22 - 2);
  if (withSpecial) for (let k = 0; k < length / 7; k++) values[below(length)] = pick(special);
  return values;
}

type Run = (table: typeof kernels, out: Float32Array) => void;

/** Both kernels, each into an array of its own, of which they must not change more. */
function both(length: number, run: Run) {
  const [actual, expected] = [new Float32Array(length).fill(7), new Float32Array(length).fill(7)];
  run(kernels, actual);
  run(plainKernels, expected);
  return { actual, expected };
}

function expectSame(length: number, tolerance: Tolerance, run: Run): void {
  const { actual, expected } = both(length, run);
  expectClose(actual, expected, tolerance);
}

it("the table has WebAssembly's kernels", () => {
  const names = Object.keys(kernels) as (keyof typeof kernels)[];
  expect(names.filter((name) => kernels[name] !== plainKernels[name]).sort()).toEqual([
    ...["abs", "add", "addMultiple", "addScaled"],
    ...["batchNormInputGradient", "batchNormParameterGradients", "batchStatistics"],
    ...["convolution", "convolutionInput", "convolutionWeight", "div", "divideBytes", "exp"],
    ...["logSoftmax", "logsumexp", "matmul", "maxPositions", "maximum", "minimum", "mul", "neg"],
    ...["relu", "reluBackward", "scaleAndShift", "sigmoid", "softmax", "sqrt", "sub", "sum"],
  ]);
});

const lengths = [0, 1, 3, 4, 5, 63, 2047, 2048, 2049, 2063, 16_383, 16_384, 16_385, 40_001];

describe.each(lengths)("%i elements", (n) => {
  /** n elements, some of them special, from index `start` on in steps. */
  const input = (start: number, step: number): [Float32Array, number, number] => {
    return [numbers(start + n * Math.max(0, step) + 1, true), start, step];
  };

  /** How many representable numbers apart, and how far where float32 has few digits, near 0. */
  const unary: [name: KernelName<UnaryKernel>, ulps: number, nearZero: number][] = [
    ["neg", 0, 0],
    ["abs", 0, 0],
    ["sqrt", 0, 0],
    ["relu", 0, 0],
    ["exp", 2, 3e-44],
    ["sigmoid", 3, 3e-39], // of -88.8 it is 0, as in PyTorch, since e to the 88.8 is infinite
  ];

  it.each(unary)("%s", (name, ulps, nearZero) => {
    for (const x of [input(0, 1), input(3, 1), input(1, 2), input(2, 0)]) {
      const { actual, expected } = both(n + 4, (table, out) => table[name](n, out, 2, ...x));
      expectAlmost(actual, expected, ulps, nearZero);
    }
  });

  const binary = [
    "add",
    "sub",
    "mul",
    "div",
    "maximum",
    "minimum",
    "reluBackward",
  ] satisfies KernelName<BinaryKernel>[];

  it.each(binary)("%s", (name) => {
    for (const [a, b] of [
      [input(0, 1), input(0, 1)],
      [input(3, 1), input(1, 0)],
      [input(1, 0), input(5, 1)],
      [input(0, 0), input(0, 0)],
      [input(0, 2), input(1, 1)],
      [input(n - 1, -1), input(0, 1)],
    ]) {
      const { actual, expected } = both(n + 3, (table, out) => table[name](n, out, 1, ...a, ...b));
      expect(actual).toEqual(expected);
    }
  });

  it("addMultiple and addScaled", () => {
    for (const dj of [1, 0]) {
      const [a, b] = [input(0, 1), input(1, dj)];
      const tolerance = { atol: 3e-7, rtol: 2e-7 };
      expectSame(n + 1, tolerance, (table, out) => table.addMultiple(0.1)(n, out, 0, ...a, ...b));
      expectSame(n + 1, tolerance, (table, out) => table.addScaled(n, out, 1, 1, ...b, -0.01));
    }
    const x = input(0, 0);
    const strided = both(2 * n + 1, (table, out) => table.addScaled(n, out, 0, 2, ...x, 1));
    expect(strided.actual).toEqual(strided.expected);
  });

  it("divideBytes", () => {
    const bytes = Uint8Array.from({ length: n }, (_, i) => i);
    const { actual, expected } = both(n, (table, out) => table.divideBytes(out, bytes, 255));
    expect(actual).toEqual(expected);
  });

  it("leaves other dtypes to the plain loops", () => {
    const x = Float64Array.from({ length: n }, (_, i) => i + 0.1);
    const out = new Float64Array(n);
    kernels.add(n, out, 0, x, 0, 1, x, 0, 1);
    expect(out).toEqual(x.map((value) => value + value));
  });
});

/** Within so many representable numbers; among the smallest, within `nearZero`. */
function expectAlmost(actual: Float32Array, expected: Float32Array, ulps: number, nearZero: number): void {
  const isTiny = (i: number) => Math.abs(expected[i]) < 1.2e-38;
  const only = (x: Float32Array, tiny: boolean) => x.filter((_, i) => isTiny(i) === tiny);
  expectWithinUlps(only(actual, false), only(expected, false), ulps);
  expectClose(only(actual, true), only(expected, true), { atol: nearZero });
}

describe.each([
  ...sizes("0×3×1 1×0×1 1×1×1 1×2048×1 3×16385×1 1×50001×1 40×1000×1 5×64×1 5×66×1 7×101×1"),
  ...sizes("1×64×256 2×300×7 1×5000×3 3×2×20000 1×100×129"),
])("reductions of (%i, %i, %i)", (outer, n, inner) => {
  const length = outer * n * inner;
  it.each([
    ["numbers", () => numbers(length)],
    ["numbers, infinities and NaN", () => numbers(length, true)],
    ["minus infinity", () => new Float32Array(length).fill(-Infinity)],
    ["large numbers", () => numbers(length).map((value) => 40 * value)],
  ])("of %s", (_, make) => {
    const x = make();
    for (const [name, outLength, atol, rtol] of [
      ["sum", outer * inner, 1e-12, 2e-7],
      ["logsumexp", outer * inner, 1e-6, 3e-7],
      ["softmax", length, 1e-9, 1e-6],
      ["logSoftmax", length, 1e-6, 1e-6],
    ] as const) {
      expectSame(outLength, { atol, rtol }, (table, out) => table[name](out, x, outer, n, inner));
    }
  });
});

describe.each([
  ...sizes("64×256×1 2×1025×1 700×3×1 3000×5×1 2049×1×1 300×129×1 2×20000×1"),
  ...sizes("4×6×100 2×2×1 64×1×16 9×7×17 30×16×784 3×2×16384 1×2×16385"),
])("batch norm of (%i, %i, %i)", (n, c, l) => {
  const shape = [n, c, l] as const;
  const [x, dy] = [numbers(n * c * l), numbers(n * c * l)];
  const [mean, invstd, scale, shift, slope] = [0, 1, 2, 3, 4].map(() => numbers(c));

  it("statistics", () => {
    const [actualSquares, expectedSquares] = [new Float64Array(c), new Float64Array(c)];
    const { actual, expected } = both(c, (table, out) =>
      table.batchStatistics(out, table === kernels ? actualSquares : expectedSquares, x, shape),
    );
    expect(actual).toEqual(expected);
    expectClose(actualSquares, expectedSquares, { rtol: 1e-12 });
  });

  it("forward and backward", () => {
    const channels = { mean, invstd, scale };
    const close = { atol: 1e-6, rtol: 1e-6 };
    expectSame(x.length, close, (table, out) => table.scaleAndShift(out, x, scale, shift, shape));
    expectSame(c, { atol: 1e-12, rtol: 2e-7 }, (table, dweight) => {
      const dbias = new Float32Array(c);
      table.batchNormParameterGradients(dbias, dweight, dy, x, channels, shape);
      expectClose(dbias, columnSums(dy, shape), { atol: 1e-5, rtol: 2e-7 });
    });
    expectSame(x.length, { atol: 2e-6, rtol: 1e-6 }, (table, dx) =>
      table.batchNormInputGradient(dx, dy, x, shift, slope, channels, shape),
    );
  });
});

function columnSums(x: Float32Array, [n, c, l]: readonly [number, number, number]): Float64Array {
  const sums = new Float64Array(c);
  for (let i = 0; i < n * c * l; i++) sums[Math.floor(i / l) % c] += x[i];
  return sums;
}

/** The ways in which a matrix can lie in memory: its two strides. */
const layouts: ((rows: number, columns: number) => [rowStride: number, colStride: number])[] = [
  (_, columns) => [columns, 1],
  (rows) => [1, rows], // transposed
  (_, columns) => [2 * columns, 2], // every other element
  (_, columns) => [columns + 3, 1], // padded
  () => [0, 1], // all rows are one
];
const [inRows, transposed] = layouts;

/** A matrix of random numbers. */
function matrix(rows: number, columns: number, layout: (typeof layouts)[number]): Matrix {
  const offset = below(5);
  const [rowStride, colStride] = layout(rows, columns);
  const length = offset + Math.max(0, rows - 1) * rowStride + Math.max(0, columns - 1) * colStride + 1;
  return { data: numbers(length), offset, rowStride, colStride };
}

function expectSameProduct([m, k, n]: number[], a: Matrix, b: Matrix, accumulate: boolean): void {
  const tolerance = { atol: 1e-6 * (k + 10), rtol: 1e-6 };
  expectSame(m * n + 2, tolerance, (table, out) => table.matmul(out, 1, a, b, [m, k, n], accumulate));
}

describe.each([1, 2, 3])("products on %i threads", (threads) => {
  beforeAll(() => setNumThreads(threads));

  it.each([
    ...sizes("0×5×3 2×0×3 1×1×1 1×5000×1 16×16×16 17×16×15 96×384×12 97×385×13"),
    ...sizes("64×784×256 256×64×784 193×769×61 1×2000×700 700×2000×1"),
  ])("%i × %i × %i, in every layout", (m, k, n) => {
    for (const left of layouts) {
      // All pairs of layouts for the small ones; the plain kernel takes its time for large ones.
      for (const right of m * k * n > 1e6 ? [pick(layouts)] : layouts) {
        expectSameProduct([m, k, n], matrix(m, k, left), matrix(k, n, right), pick([true, false]));
      }
    }
  });

  it("100 random sizes and layouts", () => {
    for (let i = 0; i < 100; i++) {
      const [m, k, n] = [0, 1, 2].map(() => 1 + below(i % 10 === 0 ? 300 : 60));
      expectSameProduct([m, k, n], matrix(m, k, pick(layouts)), matrix(k, n, pick(layouts)), pick([true, false]));
    }
  });

  it("infinities and NaN where they belong", () => {
    const [a, b] = [matrix(130, 200, inRows), matrix(200, 70, transposed)];
    for (const value of [Number.NaN, Infinity, -Infinity, Infinity]) {
      a.data[a.offset + below(130 * 200)] = value;
      b.data[b.offset + below(200 * 70)] = value;
    }
    for (const accumulate of [false, true]) expectSameProduct([130, 200, 70], a, b, accumulate);
  });
});

it.each(sizes("2×6000000×1 4500000×3×1 1×3×4500000"))(
  "a product that does not fit into scratch memory, %i × %i × %i, is made in parts",
  (m, k, n) => {
    // The halves of each size differ: out[i, j] += Σ (i < m / 2 ? 1 : 2) · (p < k / 2 ? 1 : 0) · (j < n / 2 ? 1 : 2)
    const factor = (i: number, size: number, later: number) => (i < size / 2 ? 1 : later);
    const left = Float32Array.from({ length: m * k }, (_, i) => factor(Math.floor(i / k), m, 2));
    const right = Float32Array.from({ length: k * n }, (_, i) => factor(Math.floor(i / n), k, 0) * factor(i % n, n, 2));
    const a = { data: left, offset: 0, rowStride: k, colStride: 1 };
    const b = { data: right, offset: 0, rowStride: n, colStride: 1 };
    const out = new Float32Array(m * n).fill(1);
    for (const times of [1, 2]) {
      kernels.matmul(out, 0, a, b, [m, k, n], times === 2);
      const expected = (i: number, j: number) => times * factor(i, m, 2) * Math.ceil(k / 2) * factor(j, n, 2);
      expect(out.every((value, at) => value === expected(Math.floor(at / n), at % n))).toBe(true);
    }
  },
);

describe.each(sizes("300×2×2 40×28×28 50×6×7 1×2×9000 20×14×15 3×4×1000 40×5×6"))(
  "the largest of 2 x 2 windows of %i images of %i x %i",
  (images, h, w) => {
    it("are where the plain loop finds them, also the first of equal ones and NaN", () => {
      const x = numbers(images * h * w, true).map((value, k) => (k % 3 === 0 ? Math.round(value) : value));
      const outSize = [Math.floor(h / 2), Math.floor(w / 2)] as const;
      const window = { kernelSize: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1] } as const;
      const [actual, expected] = [kernels, plainKernels].map((table) => {
        const positions = new Int32Array(images * outSize[0] * outSize[1]);
        table.maxPositions(positions, x, { images, size: [h, w], outSize, ...window });
        return positions;
      });
      expect(actual.findIndex((position, k) => position !== expected[k])).toBe(-1);
    });
  },
);
