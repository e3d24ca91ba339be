/** Elementwise kernels of float32. What is small, or of another dtype, goes to the plain loop. */
import type { TypedArray } from "../../dtype.ts";
import type * as elementwise from "../elementwise.ts";
import type { BinaryKernel, UnaryKernel } from "../elementwise.ts";
import type * as functions from "../functions.ts";
import { isFloat32 } from "./float32.ts";
import { type Jobs, LARGE } from "./jobs.ts";

/** Elements of a block: three operands of it stay in the second-level cache. */
const BLOCK = 16_384;
/** Rows of a group of ../assembly/copies.ts's transpose. */
const GROUP = 16;

const unaryNames = [
  ...(["neg", "abs", "sign", "sqrt", "rsqrt", "reciprocal", "floor", "ceil", "trunc", "round", "relu"] as const),
  ...(["exp", "expm1", "log", "log1p", "sin", "cos", "tanh", "sigmoid", "erf"] as const),
] as const;
const binaryNames = [
  ...(["add", "sub", "mul", "div", "maximum", "minimum"] as const),
  ...(["reluBackward", "sigmoidBackward", "tanhBackward"] as const),
] as const;
const comparisonNames = ["eq", "ne", "lt", "le", "gt", "ge"] as const;

type Kernels = typeof elementwise & typeof functions;

export function elementwiseKernels(jobs: Jobs, plain: Kernels) {
  /** A kernel for each name, made of its plain loop. */
  const each = <Name extends keyof Kernels, Kernel>(
    names: readonly Name[],
    make: (name: Name, otherwise: Kernels[Name]) => Kernel,
  ) => Object.fromEntries(names.map((name) => [name, make(name, plain[name])])) as Record<Name, Kernel>;

  const unary =
    (name: string, otherwise: UnaryKernel): UnaryKernel =>
    (rows, n, out, o, x, i, ri, di) => {
      const count = rows * n;
      if (count < LARGE || !jobs.takes(out, x)) return otherwise(rows, n, out, o, x, i, ri, di);
      jobs.run(name, count, BLOCK, [n, jobs.output(out, o), jobs.input(x, i), ri, di]);
      jobs.finish();
    };

  const binary =
    (name: string, otherwise: BinaryKernel, isResult: (out: TypedArray) => boolean, alpha = 0): BinaryKernel =>
    (rows, n, out, o, a, i, ri, di, b, j, rj, dj) => {
      const count = rows * n;
      if (count < LARGE || !isResult(out) || !jobs.takes(a, b) || !jobs.canReach(out))
        return otherwise(rows, n, out, o, a, i, ri, di, b, j, rj, dj);
      const operands = [n, jobs.output(out, o), jobs.input(a, i), ri, di, jobs.input(b, j), rj, dj];
      jobs.run(name, count, BLOCK, operands, [alpha]);
      jobs.finish();
    };

  const addMultiple = (alpha: number) =>
    binary("addMultiple", (...operands) => plain.addMultiple(alpha)(...operands), isFloat32, alpha);

  const addScaled: Kernels["addScaled"] = (rows, n, out, o, ro, step, x, i, ri, di, alpha) => {
    const isPiece = step === 1 && (rows === 1 || ro === n);
    if (!isPiece || rows * n < LARGE) plain.addScaled(rows, n, out, o, ro, step, x, i, ri, di, alpha);
    else addMultiple(alpha)(rows, n, out, o, out, o, n, 1, x, i, ri, di);
  };

  const fast = {
    ...each(unaryNames, unary),
    ...each(binaryNames, (name, otherwise) => binary(name, otherwise, isFloat32)),
  };

  const square: UnaryKernel = (rows, n, out, o, x, i, ri, di) => fast.mul(rows, n, out, o, x, i, ri, di, x, i, ri, di);
  const cube: UnaryKernel = (rows, n, out, o, x, i, ri, di) => {
    square(rows, n, out, o, x, i, ri, di);
    fast.mul(rows, n, out, o, out, o, n, 1, x, i, ri, di);
  };
  const same: UnaryKernel = (rows, n, out, o, x, i, ri, di) => copy(rows, n, out, o, n, 1, x, i, ri, di);
  const powers = new Map<number, UnaryKernel>([
    [-1, fast.reciprocal],
    [1, same],
    [2, square],
    [3, cube],
  ]);

  /** The usual powers, where there is one exponent for all. */
  const pow: BinaryKernel = (rows, n, out, o, a, i, ri, di, b, j, rj, dj) => {
    const isOne = dj === 0 && (rows === 1 || rj === 0);
    const power = isOne && rows * n >= LARGE && jobs.takes(out, a) ? powers.get(jobs.element(b, j)) : undefined;
    if (power) power(rows, n, out, o, a, i, ri, di);
    else plain.pow(rows, n, out, o, a, i, ri, di, b, j, rj, dj);
  };

  const where: Kernels["where"] = (rows, n, out, o, c, h, rh, dh, a, i, ri, di, b, j, rj, dj) => {
    const isOne = dh === 0 && (rows === 1 || rh === 0);
    if (isOne)
      return jobs.element(c, h) ? copy(rows, n, out, o, n, 1, a, i, ri, di) : copy(rows, n, out, o, n, 1, b, j, rj, dj);
    if (rows * n < LARGE || !jobs.takes(out, a, b) || !jobs.canReach(c))
      return plain.where(rows, n, out, o, c, h, rh, dh, a, i, ri, di, b, j, rj, dj);
    const operands = [n, jobs.output(out, o), jobs.input(c, h), jobs.input(a, i), jobs.input(b, j)];
    jobs.run("where", rows * n, BLOCK, [...operands, rh, ri, rj, dh, di, dj]);
    jobs.finish();
  };

  const copy: Kernels["copy"] = (rows, n, out, o, ro, step, x, i, ri, di) => {
    const isPiece = step === 1 && (rows === 1 || ro === n);
    const count = rows * n;
    if (count < LARGE || !isPiece || !jobs.takes(out) || !jobs.canReach(x))
      return plain.copy(rows, n, out, o, ro, step, x, i, ri, di);
    const isFlat = di === 1 && (rows === 1 || ri === n);
    if (isFloat32(x)) {
      if (ri === 1 && rows >= 4) {
        jobs.run("transpose", Math.ceil(rows / GROUP), Math.ceil(BLOCK / (GROUP * n)), [
          ...[rows, n, jobs.output(out, o), jobs.input(x, i), di],
        ]);
      } else jobs.run("copy", count, BLOCK, [n, jobs.output(out, o), jobs.input(x, i), ri, di]);
    } else if (isFlat && !(x instanceof Float64Array)) {
      const name = x instanceof Int32Array ? "intsToFloats" : "bytesToFloats";
      jobs.run(name, count, BLOCK, [jobs.output(out, o), jobs.input(x, i)], [1]);
    } else return plain.copy(rows, n, out, o, ro, step, x, i, ri, di);
    jobs.finish();
  };

  const divideBytes: Kernels["divideBytes"] = (out, x, divisor) => {
    if (x.length < LARGE || !jobs.takes(out) || !jobs.canReach(x)) return plain.divideBytes(out, x, divisor);
    jobs.run("bytesToFloats", x.length, BLOCK, [jobs.output(out), jobs.input(x)], [divisor]);
    jobs.finish();
  };

  return {
    ...fast,
    pow,
    ...each(comparisonNames, (name, otherwise) => binary(name, otherwise, (out) => out instanceof Uint8Array)),
    addMultiple,
    addScaled,
    where,
    copy,
    divideBytes,
  };
}
