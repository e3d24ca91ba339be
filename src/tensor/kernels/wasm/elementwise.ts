/** Elementwise kernels of float32. What is small, or of another dtype, goes to the plain loop. */
import { LARGE } from "../../memory/memory.ts";
import type { BinaryKernel, UnaryKernel } from "../elementwise.ts";
import * as plain from "../elementwise.ts";
import { isFloat32 } from "./float32.ts";
import type { Jobs } from "./jobs.ts";

/** Elements of a block: three operands of it stay in the second-level cache. */
const BLOCK = 16_384;

const unaryNames = ["neg", "abs", "sqrt", "exp", "log", "tanh", "sigmoid", "relu"] as const;
const binaryNames = ["add", "sub", "mul", "div", "maximum", "minimum", "reluBackward"] as const;

/** An object with the value of each name. */
const each = <Name extends string, Value>(names: readonly Name[], valueOf: (name: Name) => Value) =>
  Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<Name, Value>;

export function elementwiseKernels(jobs: Jobs) {
  const unary =
    (name: (typeof unaryNames)[number]): UnaryKernel =>
    (rows, n, out, o, x, i, ri, di) => {
      const count = rows * n;
      if (count < LARGE || !isFloat32(out) || !isFloat32(x)) return plain[name](rows, n, out, o, x, i, ri, di);
      jobs.run(name, count, BLOCK, [n, jobs.output(out, o), jobs.input(x, i), ri, di]);
      jobs.finish();
    };

  const binary =
    (name: string, otherwise: BinaryKernel, alpha = 0): BinaryKernel =>
    (rows, n, out, o, a, i, ri, di, b, j, rj, dj) => {
      const count = rows * n;
      if (count < LARGE || !isFloat32(out) || !isFloat32(a) || !isFloat32(b))
        return otherwise(rows, n, out, o, a, i, ri, di, b, j, rj, dj);
      const operands = [n, jobs.output(out, o), jobs.input(a, i), ri, di, jobs.input(b, j), rj, dj];
      jobs.run(name, count, BLOCK, operands, [alpha]);
      jobs.finish();
    };

  const addMultiple = (alpha: number) => binary("addMultiple", plain.addMultiple(alpha), alpha);

  const addScaled: typeof plain.addScaled = (rows, n, out, o, ro, step, x, i, ri, di, alpha) => {
    const isPiece = step === 1 && (rows === 1 || ro === n);
    if (!isPiece || rows * n < LARGE) plain.addScaled(rows, n, out, o, ro, step, x, i, ri, di, alpha);
    else addMultiple(alpha)(rows, n, out, o, out, o, n, 1, x, i, ri, di);
  };

  return {
    ...each(unaryNames, unary),
    ...each(binaryNames, (name) => binary(name, plain[name])),
    addMultiple,
    addScaled,
  };
}
