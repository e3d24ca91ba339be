/** Elementwise kernels, four elements at a time. */
import type { BinaryKernel, UnaryKernel } from "../kernels/elementwise.ts";
import { plainKernels as plain } from "../kernels/index.ts";
import { type Code, f32x4, i32, inSteps, type Locals, lowBytes, type ModuleBuilder, v128 } from "./assembler.ts";
import { A, B, inChunks, isFloat32, load, OUT, store, WORTHWHILE } from "./chunks.ts";
import { exp } from "./exp.ts";
import type { MultiplyAdd } from "./micro-kernel.ts";
import type { Scratch } from "./scratch.ts";

/** How many vectors a run of the loop computes. */
const UNROLLED = 4;

/** The result for the vectors a and b; alpha is one number, four times. */
type Formula = (a: Code, b: Code, alpha: Code, locals: Locals) => Code;

const unary = {
  neg: f32x4.neg,
  abs: f32x4.abs,
  sqrt: f32x4.sqrt,
  exp: (x, _b, _alpha, locals) => exp(x, locals),
  sigmoid: (x, _b, _alpha, locals) => f32x4.div(f32x4.const(1), f32x4.add(f32x4.const(1), exp(f32x4.neg(x), locals))),
  relu: (x) => f32x4.max(x, f32x4.const(0)),
} satisfies Record<string, Formula>;

const binary = {
  add: f32x4.add,
  sub: f32x4.sub,
  mul: f32x4.mul,
  div: f32x4.div,
  maximum: f32x4.max,
  minimum: f32x4.min,
  reluBackward: (dy, y) => v128.andnot(dy, f32x4.le(y, f32x4.const(0))),
} satisfies Record<string, Formula>;

/** Defines a function `name(bytes, alpha)` for each formula, over so many bytes of a chunk. */
export function defineElementwise(module: ModuleBuilder, multiplyAdd: MultiplyAdd): void {
  const vectors = Array.from({ length: UNROLLED }, (_, v) => 16 * v);
  const define = (name: string, value: (address: Code, at: number, alpha: Code, locals: Locals) => Code) =>
    module.define(name, ["i32", "f32"], ([bytes, alpha], locals) => {
      const i = locals.add("i32");
      const body = vectors.map((at) =>
        v128.store(i.get, value(i.get, at, f32x4.splat(alpha.get), locals), 4 * OUT + at),
      );
      return inSteps(i, bytes.get, 16 * UNROLLED, body);
    });
  const formulas: Record<string, Formula> = {
    ...unary,
    ...binary,
    addMultiple: (a, b, alpha) => multiplyAdd(b, alpha, a),
  };
  for (const [name, formula] of Object.entries(formulas)) {
    define(name, (i, at, alpha, locals) => formula(v128.load(i, 4 * A + at), v128.load(i, 4 * B + at), alpha, locals));
  }
  // Sixteen bytes of the operand are sixteen elements of the result, so its addresses grow by a quarter.
  define("divideBytes", (i, at, divisor) => {
    const four = v128.load32_zero(i32.shr_u(i, i32.const(2)), 4 * A + at / 4);
    return f32x4.div(f32x4.convert_i32x4(lowBytes(four)), divisor);
  });
}

/** The kernels as operations call them. What is not float32, not long, or not in one piece goes to the plain loop. */
export function elementwiseKernels(scratch: Scratch) {
  const { functions } = scratch;

  const unaryKernel = (name: keyof typeof unary): UnaryKernel => {
    const run = functions[name];
    return (n, out, o, x, i, di) => {
      if (n < WORTHWHILE || di !== 1 || !isFloat32(out) || !isFloat32(x)) return plain[name](n, out, o, x, i, di);
      inChunks(n, (start, count) => {
        load(scratch, A, x, i + start, 1, count);
        run(4 * count, 0);
        store(scratch, out, o + start, count);
      });
    };
  };

  const binaryKernel = (name: string, otherwise: BinaryKernel, alpha = 0): BinaryKernel => {
    const run = functions[name];
    return (n, out, o, a, i, di, b, j, dj) => {
      const inOnePiece = di <= 1 && dj <= 1 && di >= 0 && dj >= 0;
      if (n < WORTHWHILE || !inOnePiece || !isFloat32(out) || !isFloat32(a) || !isFloat32(b)) {
        return otherwise(n, out, o, a, i, di, b, j, dj);
      }
      inChunks(n, (start, count) => {
        load(scratch, A, a, i + start * di, di, count);
        load(scratch, B, b, j + start * dj, dj, count);
        run(4 * count, alpha);
        store(scratch, out, o + start, count);
      });
    };
  };

  const names = <T extends object>(formulas: T) => Object.keys(formulas) as (keyof T)[];
  const addMultiple = (alpha: number): BinaryKernel => binaryKernel("addMultiple", plain.addMultiple(alpha), alpha);
  const entries = [
    ...names(unary).map((name) => [name, unaryKernel(name)]),
    ...names(binary).map((name) => [name, binaryKernel(name, plain[name])]),
  ];
  return {
    ...(Object.fromEntries(entries) as Record<keyof typeof unary, UnaryKernel> &
      Record<keyof typeof binary, BinaryKernel>),
    addMultiple,
    addScaled: ((n, out, o, step, x, i, di, alpha) => {
      if (n < WORTHWHILE || step !== 1) return plain.addScaled(n, out, o, step, x, i, di, alpha);
      addMultiple(alpha)(n, out, o, out, o, 1, x, i, di);
    }) satisfies typeof plain.addScaled as typeof plain.addScaled,
    divideBytes: ((out, x, divisor) => {
      if (x.length < WORTHWHILE || !isFloat32(out)) return plain.divideBytes(out, x, divisor);
      inChunks(x.length, (start, count) => {
        scratch.bytes.set(x.subarray(start, start + count), 4 * A);
        functions.divideBytes(4 * count, divisor);
        store(scratch, out, start, count);
      });
    }) satisfies typeof plain.divideBytes as typeof plain.divideBytes,
  };
}
