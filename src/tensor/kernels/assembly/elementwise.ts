/**
 * Elementwise kernels of float32, over the elements `from` up to `to` of a plane with so many columns. Element (row, column)
 * of an operand is `row` times its row stride and `column` times its step from its address; the result has no gaps.
 */
import { cos4, erf4, exp4, expm14, log1p4, log4, sigmoid4, sin4, tanh4 } from "./functions";
import { bytes, gather, multiplyAdd, storeFirst } from "./vectors";

@unmanaged export class UnaryJob {
  columns: i32;
  out: usize;
  x: usize;
  row: i32;
  step: i32;
}

/** A formula for four elements. */
@unmanaged class Unary {
  of(x: v128): v128 { return x; }
}

// @ts-ignore: decorator
@inline function unary<F extends Unary>(job: UnaryJob, from: i32, to: i32): void {
  const columns = job.columns;
  for (let k = from; k < to; ) {
    const r = k / columns;
    const c = k - r * columns;
    const count = min(columns - c, to - k);
    unaryRow<F>(count, job.out + bytes(k), job.x + bytes(r * job.row + c * job.step), job.step);
    k += count;
  }
}

// @ts-ignore: decorator
@inline function unaryRow<F extends Unary>(count: i32, out: usize, x: usize, step: i32): void {
  const f = changetype<F>(0);
  let left = count;
  if (step == 1) {
    for (; left >= 16; left -= 16, out += 64, x += 64) {
      const x0 = v128.load(x);
      const x1 = v128.load(x, 16);
      const x2 = v128.load(x, 32);
      const x3 = v128.load(x, 48);
      const y0 = f.of(x0);
      const y1 = f.of(x1);
      const y2 = f.of(x2);
      const y3 = f.of(x3);
      v128.store(out, y0);
      v128.store(out, y1, 16);
      v128.store(out, y2, 32);
      v128.store(out, y3, 48);
    }
  }
  for (; left > 0; left -= 4, out += 16, x += <usize>step << 4) storeFirst(out, f.of(gather(x, step)), left);
}

@unmanaged export class BinaryJob {
  columns: i32;
  out: usize;
  a: usize;
  aRow: i32;
  aStep: i32;
  b: usize;
  bRow: i32;
  bStep: i32;
  alpha: f32;
}

/** A formula for four elements each of a and b, and a number. */
@unmanaged class Binary {
  of(a: v128, b: v128, alpha: v128): v128 { return a; }
}

/** The same with the first operand second. */
@final @unmanaged class Swapped<F extends Binary> extends Binary {
  @inline of(a: v128, b: v128, alpha: v128): v128 { return changetype<F>(0).of(b, a, alpha); }
}

// @ts-ignore: decorator
@inline function binary<F extends Binary>(job: BinaryJob, from: i32, to: i32): void {
  const columns = job.columns;
  const alpha = f32x4.splat(job.alpha);
  for (let k = from; k < to; ) {
    const r = k / columns;
    const c = k - r * columns;
    const count = min(columns - c, to - k);
    const a = job.a + bytes(r * job.aRow + c * job.aStep);
    const b = job.b + bytes(r * job.bRow + c * job.bStep);
    binaryRow<F>(count, job.out + bytes(k), a, job.aStep, b, job.bStep, alpha);
    k += count;
  }
}

// @ts-ignore: decorator
@inline function binaryRow<F extends Binary>(
  count: i32,
  out: usize,
  a: usize,
  aStep: i32,
  b: usize,
  bStep: i32,
  alpha: v128,
): void {
  const f = changetype<F>(0);
  let left = count;
  if (aStep == 1 && bStep == 1) {
    for (; left >= 16; left -= 16, out += 64, a += 64, b += 64) {
      const a0 = v128.load(a);
      const a1 = v128.load(a, 16);
      const a2 = v128.load(a, 32);
      const a3 = v128.load(a, 48);
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const b2 = v128.load(b, 32);
      const b3 = v128.load(b, 48);
      const y0 = f.of(a0, b0, alpha);
      const y1 = f.of(a1, b1, alpha);
      const y2 = f.of(a2, b2, alpha);
      const y3 = f.of(a3, b3, alpha);
      v128.store(out, y0);
      v128.store(out, y1, 16);
      v128.store(out, y2, 32);
      v128.store(out, y3, 48);
    }
  } else if (aStep == 1 && bStep == 0) {
    left = rowWithNumber<F>(count, out, a, b, alpha);
    a += bytes(count - left);
    out += bytes(count - left);
  } else if (aStep == 0 && bStep == 1) {
    left = rowWithNumber<Swapped<F>>(count, out, b, a, alpha);
    b += bytes(count - left);
    out += bytes(count - left);
  }
  for (; left > 0; left -= 4, out += 16, a += <usize>aStep << 4, b += <usize>bStep << 4)
    storeFirst(out, f.of(gather(a, aStep), gather(b, bStep), alpha), left);
}

/** Where one operand is the same number throughout. Returns how many elements are left. */
// @ts-ignore: decorator
@inline function rowWithNumber<F extends Binary>(count: i32, out: usize, x: usize, number: usize, alpha: v128): i32 {
  const f = changetype<F>(0);
  let left = count;
  for (; left >= 16; left -= 16, out += 64, x += 64) {
    const b = v128.load32_splat(number); // in the loop, so that V8 need not keep it through it
    const x0 = v128.load(x);
    const x1 = v128.load(x, 16);
    const x2 = v128.load(x, 32);
    const x3 = v128.load(x, 48);
    const y0 = f.of(x0, b, alpha);
    const y1 = f.of(x1, b, alpha);
    const y2 = f.of(x2, b, alpha);
    const y3 = f.of(x3, b, alpha);
    v128.store(out, y0);
    v128.store(out, y1, 16);
    v128.store(out, y2, 32);
    v128.store(out, y3, 48);
  }
  return left;
}

@final @unmanaged class Neg extends Unary {
  @inline of(x: v128): v128 { return f32x4.neg(x); }
}
export function neg(job: UnaryJob, from: i32, to: i32): void { unary<Neg>(job, from, to); }

@final @unmanaged class Abs extends Unary {
  @inline of(x: v128): v128 { return f32x4.abs(x); }
}
export function abs(job: UnaryJob, from: i32, to: i32): void { unary<Abs>(job, from, to); }

@final @unmanaged class Sqrt extends Unary {
  @inline of(x: v128): v128 { return f32x4.sqrt(x); }
}
export function sqrt(job: UnaryJob, from: i32, to: i32): void { unary<Sqrt>(job, from, to); }

@final @unmanaged class Exp extends Unary {
  @inline of(x: v128): v128 { return exp4(x); }
}
export function exp(job: UnaryJob, from: i32, to: i32): void { unary<Exp>(job, from, to); }

@final @unmanaged class Log extends Unary {
  @inline of(x: v128): v128 { return log4(x); }
}
export function log(job: UnaryJob, from: i32, to: i32): void { unary<Log>(job, from, to); }

@final @unmanaged class Tanh extends Unary {
  @inline of(x: v128): v128 { return tanh4(x); }
}
export function tanh(job: UnaryJob, from: i32, to: i32): void { unary<Tanh>(job, from, to); }

@final @unmanaged class Sigmoid extends Unary {
  @inline of(x: v128): v128 { return sigmoid4(x); }
}
export function sigmoid(job: UnaryJob, from: i32, to: i32): void { unary<Sigmoid>(job, from, to); }

@final @unmanaged class Relu extends Unary {
  /** Of NaN, pmax gives its first operand. */
  @inline of(x: v128): v128 { return f32x4.pmax(x, f32x4.splat(0)); }
}
export function relu(job: UnaryJob, from: i32, to: i32): void { unary<Relu>(job, from, to); }

/** 1 above 0, -1 below, else 0. */
@final @unmanaged class Sign extends Unary {
  @inline of(x: v128): v128 {
    const zero = f32x4.splat(0);
    const one = f32x4.splat(1);
    return f32x4.sub(v128.and(f32x4.gt(x, zero), one), v128.and(f32x4.lt(x, zero), one));
  }
}
export function sign(job: UnaryJob, from: i32, to: i32): void { unary<Sign>(job, from, to); }

@final @unmanaged class Floor extends Unary {
  @inline of(x: v128): v128 { return f32x4.floor(x); }
}
export function floor(job: UnaryJob, from: i32, to: i32): void { unary<Floor>(job, from, to); }

@final @unmanaged class Ceil extends Unary {
  @inline of(x: v128): v128 { return f32x4.ceil(x); }
}
export function ceil(job: UnaryJob, from: i32, to: i32): void { unary<Ceil>(job, from, to); }

@final @unmanaged class Trunc extends Unary {
  @inline of(x: v128): v128 { return f32x4.trunc(x); }
}
export function trunc(job: UnaryJob, from: i32, to: i32): void { unary<Trunc>(job, from, to); }

@final @unmanaged class Round extends Unary {
  @inline of(x: v128): v128 { return f32x4.nearest(x); }
}
export function round(job: UnaryJob, from: i32, to: i32): void { unary<Round>(job, from, to); }

@final @unmanaged class Reciprocal extends Unary {
  @inline of(x: v128): v128 { return f32x4.div(f32x4.splat(1), x); }
}
export function reciprocal(job: UnaryJob, from: i32, to: i32): void { unary<Reciprocal>(job, from, to); }

@final @unmanaged class Rsqrt extends Unary {
  @inline of(x: v128): v128 { return f32x4.div(f32x4.splat(1), f32x4.sqrt(x)); }
}
export function rsqrt(job: UnaryJob, from: i32, to: i32): void { unary<Rsqrt>(job, from, to); }

@final @unmanaged class Expm1 extends Unary {
  @inline of(x: v128): v128 { return expm14(x); }
}
export function expm1(job: UnaryJob, from: i32, to: i32): void { unary<Expm1>(job, from, to); }

@final @unmanaged class Log1p extends Unary {
  @inline of(x: v128): v128 { return log1p4(x); }
}
export function log1p(job: UnaryJob, from: i32, to: i32): void { unary<Log1p>(job, from, to); }

@final @unmanaged class Sin extends Unary {
  @inline of(x: v128): v128 { return sin4(x); }
}
export function sin(job: UnaryJob, from: i32, to: i32): void { unary<Sin>(job, from, to); }

@final @unmanaged class Cos extends Unary {
  @inline of(x: v128): v128 { return cos4(x); }
}
export function cos(job: UnaryJob, from: i32, to: i32): void { unary<Cos>(job, from, to); }

@final @unmanaged class Erf extends Unary {
  @inline of(x: v128): v128 { return erf4(x); }
}
export function erf(job: UnaryJob, from: i32, to: i32): void { unary<Erf>(job, from, to); }

@final @unmanaged class Add extends Binary {
  @inline of(a: v128, b: v128, alpha: v128): v128 { return f32x4.add(a, b); }
}
export function add(job: BinaryJob, from: i32, to: i32): void { binary<Add>(job, from, to); }

@final @unmanaged class AddMultiple extends Binary {
  @inline of(a: v128, b: v128, alpha: v128): v128 { return multiplyAdd(b, alpha, a); }
}
export function addMultiple(job: BinaryJob, from: i32, to: i32): void { binary<AddMultiple>(job, from, to); }

@final @unmanaged class Sub extends Binary {
  @inline of(a: v128, b: v128, alpha: v128): v128 { return f32x4.sub(a, b); }
}
export function sub(job: BinaryJob, from: i32, to: i32): void { binary<Sub>(job, from, to); }

@final @unmanaged class Mul extends Binary {
  @inline of(a: v128, b: v128, alpha: v128): v128 { return f32x4.mul(a, b); }
}
export function mul(job: BinaryJob, from: i32, to: i32): void { binary<Mul>(job, from, to); }

@final @unmanaged class Div extends Binary {
  @inline of(a: v128, b: v128, alpha: v128): v128 { return f32x4.div(a, b); }
}
export function div(job: BinaryJob, from: i32, to: i32): void { binary<Div>(job, from, to); }

@final @unmanaged class Maximum extends Binary {
  /** pmax gives a where they are equal, as 0 and -0 are, and where one is NaN. */
  @inline of(a: v128, b: v128, alpha: v128): v128 { return v128.bitselect(b, f32x4.pmax(a, b), f32x4.ne(b, b)); }
}
export function maximum(job: BinaryJob, from: i32, to: i32): void { binary<Maximum>(job, from, to); }

@final @unmanaged class Minimum extends Binary {
  @inline of(a: v128, b: v128, alpha: v128): v128 { return v128.bitselect(b, f32x4.pmin(a, b), f32x4.ne(b, b)); }
}
export function minimum(job: BinaryJob, from: i32, to: i32): void { binary<Minimum>(job, from, to); }

/** a where b > 0 or is NaN, else 0 */
@final @unmanaged class ReluBackward extends Binary {
  @inline of(a: v128, b: v128, alpha: v128): v128 { return v128.andnot(a, f32x4.le(b, f32x4.splat(0))); }
}
export function reluBackward(job: BinaryJob, from: i32, to: i32): void { binary<ReluBackward>(job, from, to); }

/** a · b · (1 - b) */
@final @unmanaged class SigmoidBackward extends Binary {
  @inline of(a: v128, b: v128, alpha: v128): v128 { return f32x4.mul(a, f32x4.mul(b, f32x4.sub(f32x4.splat(1), b))); }
}
export function sigmoidBackward(job: BinaryJob, from: i32, to: i32): void { binary<SigmoidBackward>(job, from, to); }

/** a · (1 - b²) */
@final @unmanaged class TanhBackward extends Binary {
  @inline of(a: v128, b: v128, alpha: v128): v128 { return f32x4.mul(a, f32x4.sub(f32x4.splat(1), f32x4.mul(b, b))); }
}
export function tanhBackward(job: BinaryJob, from: i32, to: i32): void { binary<TanhBackward>(job, from, to); }
