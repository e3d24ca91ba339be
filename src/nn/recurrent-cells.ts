/** Recurrent cells: one step of RNN, LSTM and GRU, for loops of one's own. */
import { type CellName, checkDtypes, gatesOf, recurrent } from "../autograd/ops/layers/recurrent.ts";
import type { State } from "../autograd/ops/layers/recurrent-cells.ts";
import { squeeze, unsqueeze } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { zeros } from "../tensor/create.ts";
import type { DType } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonBool } from "../tensor/python-text.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { uniform_ } from "./init.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import type { LSTMState } from "./recurrent.ts";

/** Options of GRUCell, and of the other cells. */
export interface CellOptions {
  /** Whether to add biases. Default: true. */
  bias?: boolean;
  /** Of what it learns. Default: "float32". */
  dtype?: DType;
}

/** Options of RNNCell. */
export interface RNNCellOptions extends CellOptions {
  /** "tanh" or "relu". Default: "tanh". */
  nonlinearity?: "tanh" | "relu";
}

const defaults: Required<CellOptions> = { bias: true, dtype: "float32" };

/** What the cells have in common. */
abstract class RecurrentCell extends Module {
  /** How many numbers x has. */
  readonly inputSize: number;
  /** How many numbers the state has. */
  readonly hiddenSize: number;
  /** Whether biases are added. */
  readonly bias: boolean;
  /** W_ih, (gates · hiddenSize, inputSize). */
  weightIh: Parameter;
  /** W_hh, (gates · hiddenSize, hiddenSize). */
  weightHh: Parameter;
  /** b_ih, (gates · hiddenSize), or null. */
  biasIh: Parameter | null;
  /** b_hh, (gates · hiddenSize), or null. */
  biasHh: Parameter | null;

  constructor(gates: number, inputSize: Int, hiddenSize: Int, { bias, dtype }: Required<CellOptions>) {
    super();
    const rows = gates * hiddenSize;
    const make = (...shape: number[]) => new Parameter(zeros(shape, { dtype }));
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.bias = bias;
    this.weightIh = this.registerParameter("weightIh", make(rows, inputSize));
    this.weightHh = this.registerParameter("weightHh", make(rows, hiddenSize));
    this.biasIh = this.registerParameter("biasIh", bias ? make(rows) : null);
    this.biasHh = this.registerParameter("biasHh", bias ? make(rows) : null);
    this.resetParameters();
  }

  /** Draws new parameters, uniform on ±1/√hiddenSize. */
  resetParameters(): void {
    const bound = this.hiddenSize > 0 ? 1 / Math.sqrt(this.hiddenSize) : 0;
    for (const parameter of this.parameters()) uniform_(parameter, -bound, bound);
  }

  /** The next state; of none, `count` zeros are the first. */
  protected step(cell: CellName, x: Tensor, given: State | null, count = 1): Tensor[] {
    const { weightIh, weightHh, biasIh, biasHh, inputSize, hiddenSize } = this;
    const otherRank = () => `${this.constructor.name}: Expected input to be 1-D or 2-D but received ${x.ndim}-D tensor`;
    check(x.ndim === 1 || x.ndim === 2, otherRank);
    if (x.ndim === 1) {
      const state = given?.map((s) => unsqueeze(s, 0)) ?? null;
      return this.step(cell, unsqueeze(x, 0), state, count).map((s) => squeeze(s, 0));
    }
    const [samples, inputs] = x.shape;
    const otherInput = () => `input has inconsistent input_size: got ${inputs} expected ${inputSize}`;
    check(inputs === inputSize, otherInput);
    const zero = () => zeros([samples, hiddenSize], { dtype: x.dtype });
    const state = given ?? Array.from({ length: count }, zero);
    for (const { shape } of state) {
      const otherBatch = () => `Input batch size ${samples} doesn't match hidden0 batch size ${shape[0]}`;
      check(shape[0] === samples, otherBatch);
      const otherSize = () => `hidden0 has inconsistent hidden_size: got ${shape[1]}, expected ${hiddenSize}`;
      check(shape[1] === hiddenSize, otherSize);
    }
    checkDtypes(weightIh, x, ...state);
    const weights = { ih: weightIh, hh: weightHh, biasIh, biasHh, hr: null };
    return recurrent(cell, x, state, weights, { batchSizes: [samples], isReverse: false }).state;
  }

  override extraRepr(): string {
    return `${this.inputSize}, ${this.hiddenSize}${this.bias ? "" : `, bias=${pythonBool(this.bias)}`}`;
  }
}

/**
 * One step of RNN: h' = tanh(W_ih x + b_ih + W_hh h + b_hh), or relu of it. Mirrors `torch.nn.RNNCell`.
 * @example
 * const cell = new nn.RNNCell(10, 20);
 * let h = zeros([3, 20]);
 * for (const x of randn([5, 3, 10]).split(1)) h = cell.forward(x.squeeze(0), h);
 * console.log(cell, h.shape);
 */
export class RNNCell extends RecurrentCell {
  /** What bends the sum. */
  readonly nonlinearity: "tanh" | "relu";

  constructor(inputSize: Int, hiddenSize: Int, options?: RNNCellOptions) {
    const { nonlinearity, ...others } = readOptions(options, { ...defaults, nonlinearity: "tanh" });
    super(gatesOf[nonlinearity] ?? 1, inputSize, hiddenSize, others);
    this.nonlinearity = nonlinearity;
  }

  /**
   * @param x (N, inputSize) or (inputSize) @param hx the state before, (N, hiddenSize) or (hiddenSize); zeros if left out
   * @returns the state after it
   */
  override forward(x: Tensor, hx: Tensor | null = null): Tensor {
    const { nonlinearity } = this;
    check(nonlinearity === "tanh" || nonlinearity === "relu", () => `Unknown nonlinearity: ${nonlinearity}`);
    return this.step(nonlinearity, x, hx && [hx])[0];
  }

  override extraRepr(): string {
    const { nonlinearity } = this;
    return `${super.extraRepr()}${nonlinearity === "tanh" ? "" : `, nonlinearity=${nonlinearity}`}`;
  }
}

/**
 * One step of LSTM. Mirrors `torch.nn.LSTMCell`.
 *
 *   i, f, o = σ(W_ih x + b_ih + W_hh h + b_hh), each of its own rows,  g = tanh of its own,  c' = f · c + i · g,  h' = o · tanh c'
 *
 * @example
 * const cell = new nn.LSTMCell(10, 20);
 * const [h, c] = cell.forward(randn([3, 10]));
 * console.log(cell, h.shape, c.shape);
 */
export class LSTMCell extends RecurrentCell {
  constructor(inputSize: Int, hiddenSize: Int, options?: CellOptions) {
    super(gatesOf.lstm, inputSize, hiddenSize, readOptions(options, defaults));
  }

  /**
   * @param x (N, inputSize) or (inputSize) @param hx h and c before, (N, hiddenSize) or (hiddenSize) each; zeros if left out
   * @returns h and c after it
   */
  override forward(x: Tensor, hx: LSTMState | null = null): [h: Tensor, c: Tensor] {
    const [h, c] = this.step("lstm", x, hx, 2);
    return [h, c];
  }
}

/**
 * One step of GRU. Mirrors `torch.nn.GRUCell`.
 *
 *   r, z = σ(W_ih x + b_ih + W_hh h + b_hh), each of its own rows
 *   n = tanh(W_ih x + b_ih + r · (W_hh h + b_hh)), of its own rows,  h' = (1 - z) · n + z · h
 *
 * @example
 * const cell = new nn.GRUCell(10, 20);
 * console.log(cell, cell.forward(randn([3, 10]), zeros([3, 20])).shape);
 */
export class GRUCell extends RecurrentCell {
  constructor(inputSize: Int, hiddenSize: Int, options?: CellOptions) {
    super(gatesOf.gru, inputSize, hiddenSize, readOptions(options, defaults));
  }

  /**
   * @param x (N, inputSize) or (inputSize) @param hx the state before, (N, hiddenSize) or (hiddenSize); zeros if left out
   * @returns the state after it
   */
  override forward(x: Tensor, hx: Tensor | null = null): Tensor {
    return this.step("gru", x, hx && [hx])[0];
  }
}
