/** The updates of optimizers, element by element: a parameter p, its gradient and its state are read and written once. */
import type { TypedArray } from "../dtype.ts";

/** What a step of gradient descent is told. */
export interface DescentStep {
  readonly lr: number;
  readonly weightDecay: number;
  readonly momentum: number;
  /** How much of the gradient goes into the momentum: 1 - dampening, and 1 at the first step. */
  readonly share: number;
  readonly nesterov: boolean;
  readonly maximize: boolean;
}

/**
 * d = ±g + weightDecay · p; v = momentum · v + share · d, unless v is null; p = p - lr · (d + momentum · v, or v, or d).
 * Numbers and results are rounded to the elements' precision wherever PyTorch does so.
 */
export function descend(p: TypedArray, g: TypedArray, v: TypedArray | null, step: DescentStep): void {
  const round = p instanceof Float32Array ? Math.fround : (value: number) => value;
  const [lr, decay, momentum, share] = [step.lr, step.weightDecay, step.momentum, step.share].map(round);
  const sign = step.maximize ? -1 : 1;
  for (let k = 0; k < p.length; k++) {
    let d = round(sign * g[k] + decay * p[k]);
    if (v) {
      v[k] = round(momentum * v[k]) + share * d;
      d = step.nesterov ? round(d + momentum * v[k]) : v[k];
    }
    p[k] -= lr * d;
  }
}

/** What a step of Adam is told. */
export interface AdamStep {
  readonly beta1: number;
  readonly beta2: number;
  /** lr / (1 - β₁ᵗ) */
  readonly stepSize: number;
  /** √(1 - β₂ᵗ) */
  readonly correction: number;
  readonly eps: number;
  readonly weightDecay: number;
  /** What the parameter is multiplied by first. */
  readonly shrink: number;
  readonly maximize: boolean;
}

/** The averages of the gradient and of its square, and, with amsgrad, the largest of the latter. */
export interface AdamState {
  readonly m: TypedArray;
  readonly v: TypedArray;
  readonly largest: TypedArray | null;
}

/**
 * p = shrink · p; d = ±g + weightDecay · p; m and v move towards d and d²; p = p - stepSize · m / (√v / correction + eps).
 * Numbers and results are rounded to the elements' precision wherever PyTorch does so.
 */
export function adam(p: TypedArray, g: TypedArray, { m, v, largest }: AdamState, step: AdamStep): void {
  const round = p instanceof Float32Array ? Math.fround : (value: number) => value;
  const [beta1, rest1, beta2, rest2] = [step.beta1, 1 - step.beta1, step.beta2, 1 - step.beta2].map(round);
  const [stepSize, correction, eps] = [step.stepSize, step.correction, step.eps].map(round);
  const [decay, shrink] = [step.weightDecay, step.shrink].map(round);
  const sign = step.maximize ? -1 : 1;
  for (let k = 0; k < p.length; k++) {
    p[k] *= shrink;
    const d = round(sign * g[k] + decay * p[k]);
    m[k] = round(beta1 * m[k]) + rest1 * d;
    v[k] = round(beta2 * v[k]) + round(rest2 * d) * d;
    if (largest) largest[k] = Math.max(largest[k], v[k]);
    const root = round(round(Math.sqrt(largest ? largest[k] : v[k])) / correction);
    p[k] -= round(round(stepSize * m[k]) / round(root + eps));
  }
}
