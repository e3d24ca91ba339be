/**
 * Values computed of an element and the numbers of its channel: what batch norm does to x, and to its gradient. A channel is
 * a column of a matrix, after a fully connected layer; or, in images, all of some rows.
 */
import { Value, valuesOfRow } from "./rows";
import { bytes, multiplyAdd, storeFirst } from "./vectors";

@unmanaged class ChannelJob {
  /** Elements of a row. */
  n: i32;
  out: usize;
  a: usize;
  b: usize;
  /** If rows are of one channel each: how many channels they are of in turn. */
  channels: i32;
  /** Up to four numbers of each channel. */
  p: usize;
  q: usize;
  r: usize;
  s: usize;
}

/** Rows `from` up to `to`, each of one channel. */
// @ts-ignore: decorator
@inline function valuesOfRows<F extends Value>(job: ChannelJob, from: i32, to: i32): void {
  const n = job.n;
  for (let row = from; row < to; row++) {
    const channel = bytes(row % job.channels);
    const p = v128.load32_splat(job.p + channel);
    const q = v128.load32_splat(job.q + channel);
    const r = v128.load32_splat(job.r + channel);
    const s = v128.load32_splat(job.s + channel);
    const start = bytes(row * n);
    valuesOfRow<F>(n, job.out + start, job.a + start, job.b + start, p, q, r, s);
  }
}

/** Rows `from` up to `to`; each column is a channel. */
// @ts-ignore: decorator
@inline function valuesOfColumns<F extends Value>(job: ChannelJob, from: i32, to: i32): void {
  const f = changetype<F>(0);
  const n = job.n;
  for (let row = from; row < to; row++) {
    let at: usize = 0;
    let a = job.a + bytes(row * n);
    let b = job.b + bytes(row * n);
    let out = job.out + bytes(row * n);
    let left = n;
    for (; left >= 8; left -= 8, a += 32, b += 32, out += 32, at += 32) {
      const p0 = v128.load(job.p + at);
      const p1 = v128.load(job.p + at, 16);
      const q0 = v128.load(job.q + at);
      const q1 = v128.load(job.q + at, 16);
      const r0 = v128.load(job.r + at);
      const r1 = v128.load(job.r + at, 16);
      const s0 = v128.load(job.s + at);
      const s1 = v128.load(job.s + at, 16);
      const a0 = v128.load(a);
      const a1 = v128.load(a, 16);
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const y0 = f.of(a0, b0, p0, q0, r0, s0);
      const y1 = f.of(a1, b1, p1, q1, r1, s1);
      v128.store(out, y0);
      v128.store(out, y1, 16);
    }
    for (; left > 0; left -= 4, a += 16, b += 16, out += 16, at += 16) {
      const p = v128.load(job.p + at);
      const q = v128.load(job.q + at);
      const r = v128.load(job.r + at);
      const s = v128.load(job.s + at);
      storeFirst(out, f.of(v128.load(a), v128.load(b), p, q, r, s), left);
    }
  }
}

/** a · scale + shift */
@final @unmanaged class ScaleAndShift extends Value {
  @inline of(a: v128, b: v128, scale: v128, shift: v128, r: v128, s: v128): v128 { return multiplyAdd(a, scale, shift); }
}
export function scaleAndShiftRows(job: ChannelJob, from: i32, to: i32): void { valuesOfRows<ScaleAndShift>(job, from, to); }
export function scaleAndShiftColumns(job: ChannelJob, from: i32, to: i32): void { valuesOfColumns<ScaleAndShift>(job, from, to); }

/** (a - mean) · scale + bias */
@final @unmanaged class CenterAndScale extends Value {
  @inline of(a: v128, b: v128, mean: v128, scale: v128, bias: v128, s: v128): v128 {
    return multiplyAdd(f32x4.sub(a, mean), scale, bias);
  }
}
export function centerAndScaleRows(job: ChannelJob, from: i32, to: i32): void { valuesOfRows<CenterAndScale>(job, from, to); }
export function centerAndScaleColumns(job: ChannelJob, from: i32, to: i32): void { valuesOfColumns<CenterAndScale>(job, from, to); }

/** dy · scale - offset - (x - mean) · slope */
@final @unmanaged export class InputGradient extends Value {
  @inline of(dy: v128, x: v128, scale: v128, offset: v128, mean: v128, slope: v128): v128 {
    return f32x4.sub(f32x4.sub(f32x4.mul(dy, scale), offset), f32x4.mul(f32x4.sub(x, mean), slope));
  }
}
export function inputGradientRows(job: ChannelJob, from: i32, to: i32): void { valuesOfRows<InputGradient>(job, from, to); }
export function inputGradientColumns(job: ChannelJob, from: i32, to: i32): void { valuesOfColumns<InputGradient>(job, from, to); }
