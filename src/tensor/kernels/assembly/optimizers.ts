/** The updates of optimizers: each parameter, its gradient and its state are read and written once. */
import { bytes, multiplyAdd, storeFirst } from "./vectors";

@unmanaged class DescentJob {
  param: usize;
  grad: usize;
  /** 0 if there is no momentum. */
  buffer: usize;
  lr: f32;
  weightDecay: f32;
  momentum: f32;
  /** 1 - dampening, or 1 at the first step */
  share: f32;
  nesterov: f32;
  /** -1 to maximize */
  sign: f32;
}

/** g = sign · grad + weightDecay · p; b = momentum · b + share · g; p -= lr · (nesterov ? g + momentum · b : b) */
export function descend(job: DescentJob, from: i32, to: i32): void {
  const lr = f32x4.splat(-job.lr);
  const decay = f32x4.splat(job.weightDecay);
  const momentum = f32x4.splat(job.momentum);
  const share = f32x4.splat(job.share);
  const sign = f32x4.splat(job.sign);
  let p = job.param + bytes(from);
  let grad = job.grad + bytes(from);
  let buffer = job.buffer + bytes(from);
  for (let left = to - from; left > 0; left -= 4, p += 16, grad += 16, buffer += 16) {
    const before = v128.load(p);
    let g = multiplyAdd(decay, before, f32x4.mul(sign, v128.load(grad)));
    if (job.buffer) {
      const b = multiplyAdd(share, g, f32x4.mul(momentum, v128.load(buffer)));
      storeFirst(buffer, b, left);
      g = job.nesterov ? multiplyAdd(momentum, b, g) : b;
    }
    storeFirst(p, multiplyAdd(lr, g, before), left);
  }
}

@unmanaged class AdamJob {
  param: usize;
  grad: usize;
  m: usize;
  v: usize;
  /** 0 without amsgrad. */
  largest: usize;
  beta1: f32;
  /** 1 - β₁ */
  rest1: f32;
  beta2: f32;
  /** 1 - β₂ */
  rest2: f32;
  /** lr / (1 - β₁ᵗ) */
  stepSize: f32;
  /** √(1 - β₂ᵗ) */
  correction: f32;
  eps: f32;
  weightDecay: f32;
  /** 1 - lr · weightDecay of AdamW, else 1 */
  shrink: f32;
  sign: f32;
}

export function adam(job: AdamJob, from: i32, to: i32): void {
  const beta1 = f32x4.splat(job.beta1);
  const beta2 = f32x4.splat(job.beta2);
  const rest1 = f32x4.splat(job.rest1);
  const rest2 = f32x4.splat(job.rest2);
  const step = f32x4.splat(-job.stepSize);
  const correction = f32x4.splat(job.correction);
  const eps = f32x4.splat(job.eps);
  const decay = f32x4.splat(job.weightDecay);
  const shrink = f32x4.splat(job.shrink);
  const sign = f32x4.splat(job.sign);
  const last = bytes(to);
  for (let at = bytes(from), left = to - from; at < last; at += 16, left -= 4) {
    const before = f32x4.mul(shrink, v128.load(job.param + at));
    const g = multiplyAdd(decay, before, f32x4.mul(sign, v128.load(job.grad + at)));
    const m = multiplyAdd(rest1, g, f32x4.mul(beta1, v128.load(job.m + at)));
    let v = multiplyAdd(f32x4.mul(rest2, g), g, f32x4.mul(beta2, v128.load(job.v + at)));
    storeFirst(job.m + at, m, left);
    storeFirst(job.v + at, v, left);
    if (job.largest) {
      v = f32x4.max(v, v128.load(job.largest + at));
      storeFirst(job.largest + at, v, left);
    }
    const root = f32x4.add(f32x4.div(f32x4.sqrt(v), correction), eps);
    storeFirst(job.param + at, f32x4.add(before, f32x4.div(f32x4.mul(step, m), root)), left);
  }
}
