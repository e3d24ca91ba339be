/** Elementwise kernels of float32: loops over whole vectors, several a run. */
import type { BinaryKernel, UnaryKernel } from "../elementwise.ts";
import { plainKernels as plain } from "../index.ts";
import type { Functions, Local, Locals, ModuleBuilder, Vector } from "./assembler.ts";
import { f32x4, i32, inSteps, lowBytes, v128 } from "./assembler.ts";
import { exp } from "./exp.ts";
import type { MultiplyAdd } from "./micro-kernel.ts";
import { A, B, inChunks, isFloat32, load, OUT, type Scratch, store, WORTHWHILE } from "./scratch.ts";

/** How many vectors a run of the loop computes. */
const UNROLLED = 4;

/** The result for the vectors a and b; alpha is one number, four times. */
type Formula = (a: Vector, b: Vector, alpha: Vector, locals: Locals) => Vector;

/** Defines functions `(bytes, alpha)`, over so many bytes of a chunk. */
export function defineElementwise(module: ModuleBuilder, multiplyAdd: MultiplyAdd) {
  const defineLoop = (value: (i: Local<"i32">, at: number, alpha: Vector, locals: Locals) => Vector) =>
    module.define(["i32", "f32"], ([bytes, alpha], locals) => {
      const [i] = locals("i32", 1);
      const vectors = Array.from({ length: UNROLLED }, (_, v) => 16 * v);
      const body = vectors.map((at) => v128.store(i, value(i, at, f32x4.splat(alpha), locals), 4 * OUT + at));
      return inSteps(i, bytes, 16 * UNROLLED, body);
    });
  const define = (formula: Formula) =>
    defineLoop((i, at, ...others) => formula(v128.load(i, 4 * A + at), v128.load(i, 4 * B + at), ...others));
  const sigmoid = (x: Vector, locals: Locals) => f32x4.div(1, f32x4.add(1, exp(f32x4.neg(x), multiplyAdd, locals)));
  return {
    neg: define(f32x4.neg),
    abs: define(f32x4.abs),
    sqrt: define(f32x4.sqrt),
    exp: define((x, _b, _alpha, locals) => exp(x, multiplyAdd, locals)),
    sigmoid: define((x, _b, _alpha, locals) => sigmoid(x, locals)),
    relu: define((x) => f32x4.max(x, 0)),
    add: define(f32x4.add),
    addMultiple: define((a, b, alpha) => multiplyAdd(b, alpha, a)),
    sub: define(f32x4.sub),
    mul: define(f32x4.mul),
    div: define(f32x4.div),
    maximum: define(f32x4.max),
    minimum: define(f32x4.min),
    reluBackward: define((dy, y) => v128.andnot(dy, f32x4.le(y, 0))),
    // An element of x is one byte, a quarter of what its result is: so are its addresses.
    divideBytes: defineLoop((i, at, divisor) => {
      const four = v128.load32_zero(i32.shr_u(i, 2), 4 * A + at / 4);
      return f32x4.div(f32x4.convert_i32x4(lowBytes(four)), divisor);
    }),
  };
}

export type ElementwiseFunctions = Functions<ReturnType<typeof defineElementwise>>;
type Run = ElementwiseFunctions["add"];

const unaryNames = ["neg", "abs", "sqrt", "exp", "sigmoid", "relu"] as const;
const binaryNames = ["add", "sub", "mul", "div", "maximum", "minimum", "reluBackward"] as const;

/** What `make` makes for each name, under that name. */
const table = <Name extends string, Kernel>(names: readonly Name[], make: (name: Name) => Kernel) =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Kernel>;

/** The kernels as operations call them. What is not float32, not long, or not in one piece goes to the plain loop. */
export function elementwiseKernels(scratch: Scratch<ElementwiseFunctions>) {
  const { functions } = scratch;

  const unaryKernel =
    (run: Run, otherwise: UnaryKernel): UnaryKernel =>
    (n, out, o, x, i, di) => {
      if (n < WORTHWHILE || di !== 1 || !isFloat32(out) || !isFloat32(x)) return otherwise(n, out, o, x, i, di);
      inChunks(n, (start, count) => {
        load(scratch, A, x, i + start, 1, count);
        run(4 * count, 0);
        store(scratch, out, o + start, count);
      });
    };

  const binaryKernel =
    (run: Run, otherwise: BinaryKernel, alpha = 0): BinaryKernel =>
    (n, out, o, a, i, di, b, j, dj) => {
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

  const addMultiple = (alpha: number) => binaryKernel(functions.addMultiple, plain.addMultiple(alpha), alpha);

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
    ...table(unaryNames, (name) => unaryKernel(functions[name], plain[name])),
    ...table(binaryNames, (name) => binaryKernel(functions[name], plain[name])),
    addMultiple,
    addScaled,
    divideBytes,
  };
}
