/** The elementwise part of a step of LSTM and GRU, four numbers of a sample at once, for the samples `from` up to `to`. */
import { sigmoid4, tanh4 } from "./functions";
import { bytes, multiplyAdd, storeFirst } from "./vectors";

@unmanaged class LstmStepJob {
  /** Numbers of a gate. */
  n: i32;
  h: usize;
  c: usize;
  gates: usize;
  previous: usize;
}

/** 1 - x */
// @ts-ignore: decorator
@inline function complement(x: v128): v128 {
  return f32x4.sub(f32x4.splat(1), x);
}

/** x (1 - x), the slope of σ where it is x */
// @ts-ignore: decorator
@inline function slopeOfSigmoid(x: v128): v128 {
  return f32x4.mul(x, complement(x));
}

/** 1 - x², the slope of tanh where it is x */
// @ts-ignore: decorator
@inline function slopeOfTanh(x: v128): v128 {
  return complement(f32x4.mul(x, x));
}

export function lstmStep(job: LstmStepJob, from: i32, to: i32): void {
  const step = bytes(job.n);
  for (let row = from; row < to; row++) {
    let at = bytes(row * job.n);
    let gate = job.gates + 4 * at;
    for (let left = job.n; left > 0; left -= 4, at += 16, gate += 16) {
      // All are read before any is written: the last vector of a gate reaches into the next gate.
      const i = sigmoid4(v128.load(gate));
      const f = sigmoid4(v128.load(gate + step));
      const g = tanh4(v128.load(gate + 2 * step));
      const o = sigmoid4(v128.load(gate + 3 * step));
      const c = multiplyAdd(f, v128.load(job.previous + at), f32x4.mul(i, g));
      const h = f32x4.mul(o, tanh4(c));
      storeFirst(gate, i, left);
      storeFirst(gate + step, f, left);
      storeFirst(gate + 2 * step, g, left);
      storeFirst(gate + 3 * step, o, left);
      storeFirst(job.c + at, c, left);
      storeFirst(job.h + at, h, left);
    }
  }
}

@unmanaged class LstmStepBackwardJob {
  n: i32;
  dgates: usize;
  /** Of c, then of the previous c. */
  dc: usize;
  dh: usize;
  gates: usize;
  c: usize;
  previous: usize;
}

export function lstmStepBackward(job: LstmStepBackwardJob, from: i32, to: i32): void {
  const step = bytes(job.n);
  for (let row = from; row < to; row++) {
    let at = bytes(row * job.n);
    let gate = job.gates + 4 * at;
    let dgate = job.dgates + 4 * at;
    for (let left = job.n; left > 0; left -= 4, at += 16, gate += 16, dgate += 16) {
      const i = v128.load(gate);
      const f = v128.load(gate + step);
      const g = v128.load(gate + 2 * step);
      const o = v128.load(gate + 3 * step);
      const dh = v128.load(job.dh + at);
      const tanhC = tanh4(v128.load(job.c + at));
      const dc = multiplyAdd(f32x4.mul(dh, o), slopeOfTanh(tanhC), v128.load(job.dc + at));
      storeFirst(dgate, f32x4.mul(f32x4.mul(dc, g), slopeOfSigmoid(i)), left);
      storeFirst(dgate + step, f32x4.mul(f32x4.mul(dc, v128.load(job.previous + at)), slopeOfSigmoid(f)), left);
      storeFirst(dgate + 2 * step, f32x4.mul(f32x4.mul(dc, i), slopeOfTanh(g)), left);
      storeFirst(dgate + 3 * step, f32x4.mul(f32x4.mul(dh, tanhC), slopeOfSigmoid(o)), left);
      storeFirst(job.dc + at, f32x4.mul(dc, f), left);
    }
  }
}

@unmanaged class GruStepJob {
  n: i32;
  h: usize;
  gates: usize;
  hidden: usize;
  previous: usize;
}

export function gruStep(job: GruStepJob, from: i32, to: i32): void {
  const step = bytes(job.n);
  for (let row = from; row < to; row++) {
    let at = bytes(row * job.n);
    let gate = job.gates + 3 * at;
    let hidden = job.hidden + 3 * at;
    for (let left = job.n; left > 0; left -= 4, at += 16, gate += 16, hidden += 16) {
      const r = sigmoid4(f32x4.add(v128.load(gate), v128.load(hidden)));
      const z = sigmoid4(f32x4.add(v128.load(gate + step), v128.load(hidden + step)));
      const n = tanh4(multiplyAdd(r, v128.load(hidden + 2 * step), v128.load(gate + 2 * step)));
      const h = multiplyAdd(z, f32x4.sub(v128.load(job.previous + at), n), n);
      storeFirst(gate, r, left);
      storeFirst(gate + step, z, left);
      storeFirst(gate + 2 * step, n, left);
      storeFirst(job.h + at, h, left);
    }
  }
}

@unmanaged class GruStepBackwardJob {
  n: i32;
  dgates: usize;
  dhidden: usize;
  /** Of h, then what comes to the previous h without a product. */
  dh: usize;
  gates: usize;
  hidden: usize;
  previous: usize;
}

export function gruStepBackward(job: GruStepBackwardJob, from: i32, to: i32): void {
  const step = bytes(job.n);
  for (let row = from; row < to; row++) {
    let at = bytes(row * job.n);
    let offset = 3 * at;
    for (let left = job.n; left > 0; left -= 4, at += 16, offset += 16) {
      const gate = job.gates + offset;
      const r = v128.load(gate);
      const z = v128.load(gate + step);
      const n = v128.load(gate + 2 * step);
      const dh = v128.load(job.dh + at);
      const dn = f32x4.mul(f32x4.mul(dh, complement(z)), slopeOfTanh(n));
      const dz = f32x4.mul(f32x4.mul(dh, f32x4.sub(v128.load(job.previous + at), n)), slopeOfSigmoid(z));
      const dr = f32x4.mul(f32x4.mul(dn, v128.load(job.hidden + offset + 2 * step)), slopeOfSigmoid(r));
      const dgate = job.dgates + offset;
      const dhidden = job.dhidden + offset;
      storeFirst(dgate, dr, left);
      storeFirst(dgate + step, dz, left);
      storeFirst(dgate + 2 * step, dn, left);
      storeFirst(dhidden, dr, left);
      storeFirst(dhidden + step, dz, left);
      storeFirst(dhidden + 2 * step, f32x4.mul(dn, r), left);
      storeFirst(job.dh + at, f32x4.mul(dh, z), left);
    }
  }
}
