/** Elementwise kernels of float32: loops over whole vectors, several a run. */
import type { BinaryKernel, UnaryKernel } from "../elementwise.ts";
import * as plain from "../elementwise.ts";
import type { Functions, Local, Locals, ModuleBuilder, Vector } from "./assembler.ts";
import { f32x4, i32, inSteps, lowBytes, v128 } from "./assembler.ts";
import { A, B, inChunks, isFloat32, load, OUT, store, WORTHWHILE } from "./chunks.ts";
import { exp } from "./exp.ts";
import type { MultiplyAdd } from "./micro-kernel.ts";
import type { Scratch } from "./scratch.ts";

/** How many vectors a run of the loop computes. */
const UNROLLED = 4;

/** The result for the vectors a and b; alpha is one number, four times. */
type Formula = (a: Vector, b: Vector, alpha: Vector, locals: Locals) => Vector;

/** Defines functions `name(bytes, alpha)`, over so many bytes of a chunk. */
export function defineElementwise(module: ModuleBuilder, multiplyAdd: MultiplyAdd) {
  const defineLoop = <Name extends string>(
    name: Name,
    value: (i: Local<"i32">, at: number, alpha: Vector, locals: Locals) => Vector,
  ) =>
    module.define(name, ["i32", "f32"], ([bytes, alpha], locals) => {
      const i = locals.add("i32");
      const vectors = Array.from({ length: UNROLLED }, (_, v) => 16 * v);
      const four = f32x4.splat(alpha);
      const body = vectors.map((at) => v128.store(i, value(i, at, four, locals), 4 * OUT + at));
      return inSteps(i, bytes, 16 * UNROLLED, body);
    });
  const define = <Name extends string>(name: Name, formula: Formula) =>
    defineLoop(name, (i, at, alpha, locals) =>
      formula(v128.load(i, 4 * A + at), v128.load(i, 4 * B + at), alpha, locals),
    );
  const [zero, one] = [0, 1];
  return {
    ...define("neg", f32x4.neg),
    ...define("abs", f32x4.abs),
    ...define("sqrt", f32x4.sqrt),
    ...define("exp", (x, _b, _alpha, locals) => exp(x, multiplyAdd, locals)),
    ...define("sigmoid", (x, _b, _alpha, locals) =>
      f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x), multiplyAdd, locals))),
    ),
    ...define("relu", (x) => f32x4.max(x, zero)),
    ...define("add", f32x4.add),
    ...define("addMultiple", (a, b, alpha) => multiplyAdd(b, alpha, a)),
    ...define("sub", f32x4.sub),
    ...define("mul", f32x4.mul),
    ...define("div", f32x4.div),
    ...define("maximum", f32x4.max),
    ...define("minimum", f32x4.min),
    ...define("reluBackward", (dy, y) => v128.andnot(dy, f32x4.le(y, zero))),
    // An element of x is one byte, a quarter of what its result is: so are its addresses.
    ...defineLoop("divideBytes", (i, at, divisor) => {
      const four = v128.load32_zero(i32.shr_u(i, 2), 4 * A + at / 4);
      return f32x4.div(f32x4.convert_i32x4(lowBytes(four)), divisor);
    }),
  };
}

export type ElementwiseFunctions = Functions<ReturnType<typeof defineElementwise>>;
type Name = keyof ElementwiseFunctions;

/** The kernels as operations call them. What is not float32, not long, or not in one piece goes to the plain loop. */
export function elementwiseKernels(scratch: Scratch<ElementwiseFunctions>) {
  const { functions } = scratch;

  const unaryKernel = (name: Name, otherwise: UnaryKernel): UnaryKernel => {
    const run = functions[name];
    return (n, out, o, x, i, di) => {
      if (n < WORTHWHILE || di !== 1 || !isFloat32(out) || !isFloat32(x)) return otherwise(n, out, o, x, i, di);
      inChunks(n, (start, count) => {
        load(scratch, A, x, i + start, 1, count);
        run(4 * count, 0);
        store(scratch, out, o + start, count);
      });
    };
  };

  const binaryKernel = (name: Name, otherwise: BinaryKernel, alpha = 0): BinaryKernel => {
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

  const addMultiple = (alpha: number): BinaryKernel => binaryKernel("addMultiple", plain.addMultiple(alpha), alpha);

  const addScaled: typeof plain.addScaled = (n, out, o, step, x, i, di, alpha) => {
    if (n < WORTHWHILE || step !== 1) plain.addScaled(n, out, o, step, x, i, di, alpha);
    else addMultiple(alpha)(n, out, o, out, o, 1, x, i, di);
  };

  const divideBytes: typeof plain.divideBytes = (out, x, divisor) => {
    if (x.length < WORTHWHILE || !isFloat32(out)) return plain.divideBytes(out, x, divisor);
    inChunks(x.length, (start, count) => {
      scratch.bytes.set(x.subarray(start, start + count), 4 * A);
      functions.divideBytes(4 * count, divisor);
      store(scratch, out, start, count);
    });
  };

  return {
    neg: unaryKernel("neg", plain.neg),
    abs: unaryKernel("abs", plain.abs),
    sqrt: unaryKernel("sqrt", plain.sqrt),
    exp: unaryKernel("exp", plain.exp),
    sigmoid: unaryKernel("sigmoid", plain.sigmoid),
    relu: unaryKernel("relu", plain.relu),
    add: binaryKernel("add", plain.add),
    sub: binaryKernel("sub", plain.sub),
    mul: binaryKernel("mul", plain.mul),
    div: binaryKernel("div", plain.div),
    maximum: binaryKernel("maximum", plain.maximum),
    minimum: binaryKernel("minimum", plain.minimum),
    reluBackward: binaryKernel("reluBackward", plain.reluBackward),
    addMultiple,
    addScaled,
    divideBytes,
  };
}
