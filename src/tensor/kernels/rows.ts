/**
 * How the loop over one row becomes a kernel for a plane of rows (see ../strided.ts). Such a kernel waits for those before it, so
 * an operation may call it as it is, without the table.
 */
import type { TypedArray } from "../dtype.ts";
import { settle } from "../memory/pending.ts";

/** What a kernel reads: from index i on, from row to row ri further, within a row in steps of di. */
type Input = [x: TypedArray, i: number, ri: number, di: number];

export type UnaryKernel = (rows: number, n: number, out: TypedArray, o: number, ...x: Input) => void;
export type BinaryKernel = (rows: number, n: number, out: TypedArray, o: number, ...ab: [...Input, ...Input]) => void;
export type TernaryKernel = (
  rows: number,
  n: number,
  out: TypedArray,
  o: number,
  ...cab: [...Input, ...Input, ...Input]
) => void;

/** What the loop over one row reads. */
type RowInput = [x: TypedArray, i: number, di: number];
type UnaryRow = (n: number, out: TypedArray, o: number, ...x: RowInput) => void;
type BinaryRow = (n: number, out: TypedArray, o: number, ...ab: [...RowInput, ...RowInput]) => void;

/** A kernel of the loop over one row. */
export const unary =
  (row: UnaryRow): UnaryKernel =>
  (rows, n, out, o, x, i, ri, di) => {
    settle();
    for (let r = 0; r < rows; r++) row(n, out, o + r * n, x, i + r * ri, di);
  };

/** A kernel that calls a function for each element. */
export const mapped = (f: (x: number) => number): UnaryKernel =>
  unary((n, out, o, x, i, di) => {
    for (let k = 0; k < n; k++, i += di) out[o + k] = f(x[i]);
  });

/** The same for two operands. */
export const binary =
  (row: BinaryRow): BinaryKernel =>
  (rows, n, out, o, a, i, ri, di, b, j, rj, dj) => {
    settle();
    for (let r = 0; r < rows; r++) row(n, out, o + r * n, a, i + r * ri, di, b, j + r * rj, dj);
  };

/** A kernel that calls a function for each pair of elements. */
export const paired = (f: (a: number, b: number) => number): BinaryKernel =>
  binary((n, out, o, a, i, di, b, j, dj) => {
    for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = f(a[i], b[j]);
  });
