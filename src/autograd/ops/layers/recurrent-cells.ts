/**
 * The three cells of recurrent layers: what one step makes of the gates and of the state before it. Each says it twice, in
 * operations, which can be read and differentiated, and in kernels, which are fast.
 *
 * The gates are two products: of the step's input, W_ih x + b_ih, and of the h before it, W_hh h + b_hh, called hidden.
 * Read next: recurrent.ts, which goes from step to step.
 */
import type { TypedArray } from "../../../tensor/dtype.ts";
import { kernels, recurrences } from "../../../tensor/kernels/index.ts";
import type { StepShape } from "../../../tensor/kernels/recurrent.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { add, mul, relu, sigmoid, sub, tanh } from "../elementwise.ts";
import { chunk } from "../parts.ts";

/** h and, of an LSTM, c: a row for each sample. */
export type State = readonly Tensor[];

/** What a step reads and writes, a row for each sample that takes it. */
export interface StepArrays {
  /** In: the gates, of a cell that adds the two products their sum. Out: their activations, if backward needs them. */
  readonly gates: TypedArray;
  /** The product with the previous h. */
  readonly hidden: TypedArray;
  readonly h: TypedArray;
  readonly c: TypedArray;
  readonly previousH: TypedArray;
  readonly previousC: TypedArray;
  readonly shape: StepShape;
}

/** The gradients that a step's pull-back makes, and those that it is given: of its h, and of its c. */
export interface StepGradients {
  readonly dgates: TypedArray;
  readonly dhidden: TypedArray;
  /** In: of h. Out: what comes to the previous h without a product, of a cell that keeps some of it. */
  readonly dh: TypedArray;
  /** In: of c. Out: of the previous c. */
  readonly dc: TypedArray;
}

export interface Cell {
  /** How many gates there are. */
  readonly gates: number;
  /** Whether the two products are only added, and so need one place. */
  readonly addsProducts: boolean;
  /** Whether some of the previous h is kept as it is. */
  readonly keepsHidden: boolean;
  /** The next state, in operations. */
  next(gates: Tensor, hidden: Tensor, state: State): State;
  /** The same as a kernel. */
  step(arrays: StepArrays): void;
  stepBackward(arrays: StepArrays, gradients: StepGradients): void;
}

/** One vector as a plane of one row, as elementwise kernels take it. */
const flat = (x: TypedArray) => [x, 0, 0, 1] as const;

/** h = f(gates + hidden) */
const elman = (f: typeof tanh, kernel: "tanh" | "relu", backward: "tanhBackward" | "reluBackward"): Cell => ({
  gates: 1,
  addsProducts: true,
  keepsHidden: false,
  next: (gates, hidden) => [f(add(gates, hidden))],
  step: ({ h, gates, shape: [rows, n] }) => kernels[kernel](1, rows * n, h, 0, ...flat(gates)),
  stepBackward: ({ h, shape: [rows, n] }, { dgates, dh }) =>
    kernels[backward](1, rows * n, dgates, 0, ...flat(dh), ...flat(h)),
});

/** h = tanh(gates + hidden) (Elman 1990) */
export const tanhCell = elman(tanh, "tanh", "tanhBackward");

/** h = relu(gates + hidden) */
export const reluCell = elman(relu, "relu", "reluBackward");

/**
 * Long short-term memory (Hochreiter & Schmidhuber 1997; with forget gates, Gers et al. 2000):
 *
 *   i, f, o = σ of their gates,  g = tanh of its gate,  c = f · c + i · g,  h = o · tanh c
 */
export const lstmCell: Cell = {
  gates: 4,
  addsProducts: true,
  keepsHidden: false,
  next: (gates, hidden, [, before]) => {
    const [i, f, g, o] = chunk(add(gates, hidden), 4, 1);
    const c = add(mul(sigmoid(f), before), mul(sigmoid(i), tanh(g)));
    return [mul(sigmoid(o), tanh(c)), c];
  },
  step: ({ h, c, gates, previousC, shape }) => recurrences.lstmStep(h, c, gates, previousC, shape),
  stepBackward: ({ gates, c, previousC, shape }, { dgates, dc, dh }) =>
    recurrences.lstmStepBackward(dgates, dc, dh, gates, c, previousC, shape),
};

/**
 * Gated recurrent unit (Cho et al. 2014), with the reset gate r after the product, as cuDNN has it:
 *
 *   r, z = σ(gates + hidden),  n = tanh(gates + r · hidden),  h = (1 - z) · n + z · h
 */
export const gruCell: Cell = {
  gates: 3,
  addsProducts: false,
  keepsHidden: true,
  next: (gates, hidden, [before]) => {
    const [[gateR, gateZ, gateN], [hiddenR, hiddenZ, hiddenN]] = [gates, hidden].map((x) => chunk(x, 3, 1));
    const r = sigmoid(add(gateR, hiddenR));
    const z = sigmoid(add(gateZ, hiddenZ));
    const n = tanh(add(gateN, mul(r, hiddenN)));
    return [add(n, mul(z, sub(before, n)))];
  },
  step: ({ h, gates, hidden, previousH, shape }) => recurrences.gruStep(h, gates, hidden, previousH, shape),
  stepBackward: ({ gates, hidden, previousH, shape }, { dgates, dhidden, dh }) =>
    recurrences.gruStepBackward(dgates, dhidden, dh, gates, hidden, previousH, shape),
};
