/**
 * The elementwise part of one step of a recurrent layer, for the samples that take it, and its pull-back. Matrix products
 * have made the gates: of each sample a row of n numbers for every gate, one gate after another.
 */
import type { TypedArray } from "../dtype.ts";

/** How many samples take the step, and how many numbers a gate has. */
export type StepShape = readonly [rows: number, n: number];

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * h = o · tanh c with c = f · previous + i · g, where i, f, o are σ of their gates and g is tanh of its own: these four, in the
 * order i, f, g, o, take the place of the gates.
 */
export function lstmStep(
  h: TypedArray,
  c: TypedArray,
  gates: TypedArray,
  previous: TypedArray,
  [rows, n]: StepShape,
): void {
  for (let r = 0, at = 0; r < rows; r++) {
    let [i, f, g, o] = [0, 1, 2, 3].map((gate) => (4 * r + gate) * n);
    for (let k = 0; k < n; k++, at++, i++, f++, g++, o++) {
      gates[i] = sigmoid(gates[i]);
      gates[f] = sigmoid(gates[f]);
      gates[g] = Math.tanh(gates[g]);
      gates[o] = sigmoid(gates[o]);
      c[at] = gates[f] * previous[at] + gates[i] * gates[g];
      h[at] = gates[o] * Math.tanh(c[at]);
    }
  }
}

/**
 * The gradients of the gates, before σ and tanh, and of the previous c, which takes the place of dc:
 *
 *   dc' = dc + dh · o · (1 - tanh² c),  di = dc' · g · i (1 - i),  df = dc' · previous · f (1 - f),
 *   dg = dc' · i · (1 - g²),  do = dh · tanh c · o (1 - o),  dprevious = dc' · f
 */
export function lstmStepBackward(
  dgates: TypedArray,
  dc: TypedArray,
  dh: TypedArray,
  gates: TypedArray,
  c: TypedArray,
  previous: TypedArray,
  [rows, n]: StepShape,
): void {
  for (let r = 0, at = 0; r < rows; r++) {
    let [ofI, ofF, ofG, ofO] = [0, 1, 2, 3].map((gate) => (4 * r + gate) * n);
    for (let k = 0; k < n; k++, at++, ofI++, ofF++, ofG++, ofO++) {
      const [i, f, g, o] = [gates[ofI], gates[ofF], gates[ofG], gates[ofO]];
      const tanhC = Math.tanh(c[at]);
      const dcWhole = dc[at] + dh[at] * o * (1 - tanhC * tanhC);
      dgates[ofI] = dcWhole * g * (i * (1 - i));
      dgates[ofF] = dcWhole * previous[at] * (f * (1 - f));
      dgates[ofG] = dcWhole * i * (1 - g * g);
      dgates[ofO] = dh[at] * tanhC * (o * (1 - o));
      dc[at] = dcWhole * f;
    }
  }
}

/**
 * h = n + z · (previous - n), where r, z = σ(gates + hidden) and n = tanh(gates + r · hidden), each of its own gate: these
 * three, in this order, take the place of the gates. `hidden` is the part that the product with the previous h made.
 */
export function gruStep(
  h: TypedArray,
  gates: TypedArray,
  hidden: TypedArray,
  previous: TypedArray,
  [rows, size]: StepShape,
): void {
  for (let row = 0, at = 0; row < rows; row++) {
    let [r, z, n] = [0, 1, 2].map((gate) => (3 * row + gate) * size);
    for (let k = 0; k < size; k++, at++, r++, z++, n++) {
      gates[r] = sigmoid(gates[r] + hidden[r]);
      gates[z] = sigmoid(gates[z] + hidden[z]);
      gates[n] = Math.tanh(gates[n] + gates[r] * hidden[n]);
      h[at] = gates[n] + gates[z] * (previous[at] - gates[n]);
    }
  }
}

/**
 * The gradients of the gates and of `hidden`, before σ and tanh; and dh · z, what comes to the previous h without a product,
 * which takes the place of dh:
 *
 *   dn = dh · (1 - z) · (1 - n²),  dz = dh · (previous - n) · z (1 - z),  dr = dn · hidden · r (1 - r)
 *
 * `hidden` has the same gradients, but for dn · r.
 */
export function gruStepBackward(
  dgates: TypedArray,
  dhidden: TypedArray,
  dh: TypedArray,
  gates: TypedArray,
  hidden: TypedArray,
  previous: TypedArray,
  [rows, size]: StepShape,
): void {
  for (let row = 0, at = 0; row < rows; row++) {
    let [ofR, ofZ, ofN] = [0, 1, 2].map((gate) => (3 * row + gate) * size);
    for (let k = 0; k < size; k++, at++, ofR++, ofZ++, ofN++) {
      const [r, z, n] = [gates[ofR], gates[ofZ], gates[ofN]];
      const dn = dh[at] * (1 - z) * (1 - n * n);
      const dz = dh[at] * (previous[at] - n) * (z * (1 - z));
      const dr = dn * hidden[ofN] * (r * (1 - r));
      dgates[ofR] = dr;
      dgates[ofZ] = dz;
      dgates[ofN] = dn;
      dhidden[ofR] = dr;
      dhidden[ofZ] = dz;
      dhidden[ofN] = dn * r;
      dh[at] *= z;
    }
  }
}
