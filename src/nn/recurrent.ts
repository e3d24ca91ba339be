/**
 * Recurrent layers: RNN, LSTM and GRU go through sequences step by step, and carry a state from each to the next.
 *
 * Read next: src/autograd/ops/layers/recurrent.ts, one layer in one direction; recurrent-cells.ts beside this file, single
 * steps; packed-sequence.ts, sequences of different lengths.
 */

import { owned } from "../autograd/op.ts";
import { indexSelect } from "../autograd/ops/indexing.ts";
import {
  type CellName,
  checkDtypes,
  gatesOf,
  type RecurrentWeights,
  recurrent,
} from "../autograd/ops/layers/recurrent.ts";
import type { State } from "../autograd/ops/layers/recurrent-cells.ts";
import { cat, select, stack } from "../autograd/ops/parts.ts";
import { reshape, squeeze, transpose, unsqueeze } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { zeros } from "../tensor/create.ts";
import type { DType } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonBool, pythonFloat, pythonTuple } from "../tensor/python-text.ts";
import { formatShape, type Int, sameShape } from "../tensor/shape.ts";
import { elementsOf, type Tensor } from "../tensor/tensor.ts";
import regularization from "./dropout.ts";
import { uniform_ } from "./init.ts";
import { Module } from "./module.ts";
import { PackedSequence } from "./packed-sequence.ts";
import { Parameter } from "./parameter.ts";

/** Options of GRU, and of the other recurrent layers. */
export interface RecurrentOptions {
  /** How many layers there are, each of which has the output of the one before as its input. Default: 1. */
  numLayers?: Int;
  /** Whether to add biases. Default: true. */
  bias?: boolean;
  /** Whether x and the output are (N, T, …), not (T, N, …). The state is as without. Default: false. */
  batchFirst?: boolean;
  /** In training, how likely each output of every layer but the last is dropped. Default: 0. */
  dropout?: number;
  /** Whether a second layer goes from the last step to the first, beside each. Default: false. */
  bidirectional?: boolean;
  /** Of what it learns. Default: "float32". */
  dtype?: DType;
}

/** Options of RNN. */
export interface RNNOptions extends RecurrentOptions {
  /** "tanh" or "relu". Default: "tanh". */
  nonlinearity?: "tanh" | "relu";
}

/** Options of LSTM. */
export interface LSTMOptions extends RecurrentOptions {
  /** How many numbers h is projected to; 0 for none. Default: 0. */
  projSize?: Int;
}

const defaults: Required<RecurrentOptions> = {
  ...{ numLayers: 1, bias: true, batchFirst: false, dropout: 0, bidirectional: false },
  dtype: "float32",
};

/** h and c, of an LSTM. */
export type LSTMState = readonly [h: Tensor, c: Tensor];

/** A layer in one direction, as its weights are called. */
type Place = `L${number}` | `L${number}Reverse`;

/** What the recurrent layers have in common. */
abstract class RecurrentLayer extends Module implements Omit<Required<RecurrentOptions>, "dtype"> {
  /** How many numbers x has at each step. */
  readonly inputSize: number;
  /** How many numbers the state has. */
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bias: boolean;
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly bidirectional: boolean;
  /** How many numbers an LSTM's h is projected to; 0 for none. */
  readonly projSize: number;
  /** W_ih, W_hh and, of an LSTM with a projection, W_hr of each layer: weightIhL0, of the reverse direction weightIhL0Reverse. */
  [weight: `weight${"Ih" | "Hh" | "Hr"}${Place}`]: Parameter;
  /** b_ih and b_hh of each layer, if there are any. */
  [bias: `bias${"Ih" | "Hh"}${Place}`]: Parameter;

  readonly #cell: CellName;

  constructor(cell: CellName, inputSize: Int, hiddenSize: Int, options: Required<RecurrentOptions>, projSize: Int = 0) {
    super();
    const { numLayers, bias, batchFirst, dropout, bidirectional, dtype } = options;
    const noProbability =
      "dropout should be a number in range [0, 1] representing the probability of an element being zeroed";
    check(dropout >= 0 && dropout <= 1, noProbability);
    check(hiddenSize > 0, "hidden_size must be greater than zero");
    check(numLayers > 0, "num_layers must be greater than zero");
    check(numLayers < 2 ** 32, () => `can't allocate memory for ${numLayers} layers`);
    check(projSize >= 0, "proj_size should be a positive integer or zero to disable projections");
    check(projSize < hiddenSize, "proj_size has to be smaller than hidden_size");
    this.#cell = cell;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.numLayers = numLayers;
    this.bias = bias;
    this.batchFirst = batchFirst;
    this.dropout = dropout;
    this.bidirectional = bidirectional;
    this.projSize = projSize;
    const outputSize = projSize || hiddenSize;
    const rows = gatesOf[cell] * hiddenSize;
    const add = (name: string, ...shape: number[]) =>
      this.registerParameter(name, new Parameter(zeros(shape, { dtype })));
    for (const [k, place] of this.#places.entries()) {
      const isFirst = k < this.#directions;
      add(`weightIh${place}`, rows, isFirst ? inputSize : outputSize * this.#directions);
      add(`weightHh${place}`, rows, outputSize);
      if (bias) add(`biasIh${place}`, rows);
      if (bias) add(`biasHh${place}`, rows);
      if (projSize > 0) add(`weightHr${place}`, projSize, hiddenSize);
    }
    this.resetParameters();
  }

  get #directions(): number {
    return this.bidirectional ? 2 : 1;
  }

  /** Layer by layer, and in each direction by direction. */
  get #places(): Place[] {
    return Array.from({ length: this.numLayers }).flatMap((_, layer): Place[] =>
      this.bidirectional ? [`L${layer}`, `L${layer}Reverse`] : [`L${layer}`],
    );
  }

  #weightsAt(place: Place): RecurrentWeights {
    return {
      ih: this[`weightIh${place}`],
      hh: this[`weightHh${place}`],
      biasIh: this.bias ? this[`biasIh${place}`] : null,
      biasHh: this.bias ? this[`biasHh${place}`] : null,
      hr: this.projSize > 0 ? this[`weightHr${place}`] : null,
    };
  }

  /** The parameters of each layer in each direction. */
  get allWeights(): Parameter[][] {
    return this.#places.map((place) =>
      Object.values(this.#weightsAt(place)).filter((weight): weight is Parameter => weight !== null),
    );
  }

  /** Draws new parameters, uniform on ±1/√hiddenSize. */
  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.hiddenSize);
    for (const parameter of this.parameters()) uniform_(parameter, -bound, bound);
  }

  /** Does nothing: in PyTorch it lays parameters out for a graphics card. */
  flattenParameters(): void {}

  /** All layers: `initial` has the states of each layer in each direction, or is null for zeros, as is what is returned. */
  protected run(x: Tensor, initial: State | null): [output: Tensor, last: Tensor[]];
  protected run(x: PackedSequence, initial: State | null): [output: PackedSequence, last: Tensor[]];
  protected run(x: Tensor | PackedSequence, initial: State | null): [Tensor | PackedSequence, Tensor[]] {
    if (x instanceof PackedSequence) return this.#runPacked(x, initial);
    const isBatched = x.ndim === 3;
    checkRanks(isBatched, initial);
    const batchDim = this.batchFirst ? 0 : 1;
    const batch = isBatched ? x : unsqueeze(x, batchDim);
    this.#checkInput(batch, 3);
    const first = this.batchFirst ? transpose(batch, 0, 1) : batch; // (T, N, I)
    const [steps, samples, inputs] = first.shape;
    check(steps > 0, "Expected sequence length to be larger than 0 in RNN");
    const batchSizes = Array<number>(steps).fill(samples);
    const rows = reshape(first, [steps * samples, inputs]);
    const [output, last] = this.#layers(rows, batchSizes, isBatched ? initial : initial?.map((s) => unsqueeze(s, 1)));
    const whole = reshape(output, [steps, samples, output.shape[1]]);
    const y = owned(this.batchFirst ? transpose(whole, 0, 1) : whole);
    return isBatched ? [y, last] : [owned(squeeze(y, batchDim)), last.map((s) => owned(squeeze(s, 1)))];
  }

  #runPacked(x: PackedSequence, initial: State | null): [PackedSequence, Tensor[]] {
    const { data, sortedIndices, unsortedIndices } = x;
    this.#checkInput(data, 2);
    const inOrder = (states: State, order: Tensor | null) => states.map((s) => (order ? indexSelect(s, 1, order) : s));
    const batchSizes = Array.from(elementsOf(x.batchSizes));
    const rows = batchSizes.reduce((sum, count) => sum + count, 0);
    const otherRows = () => `the batch sizes add up to ${rows}, but there are ${data.shape[0]} rows`;
    check(rows === data.shape[0], otherRows);
    const [output, last] = this.#layers(data, batchSizes, initial && inOrder(initial, sortedIndices));
    const y = new PackedSequence(output, x.batchSizes, sortedIndices, unsortedIndices);
    return [y, inOrder(last, unsortedIndices)];
  }

  #checkInput(x: Tensor, ndim: number): void {
    check(x.ndim === ndim, () => `input must have ${ndim} dimensions, got ${x.ndim}`);
    const otherSize = () =>
      `input.size(-1) must be equal to input_size. Expected ${this.inputSize}, got ${x.shape[ndim - 1]}`;
    check(x.shape[ndim - 1] === this.inputSize, otherSize);
  }

  /** The rows of all steps through all layers. */
  #layers(x: Tensor, batchSizes: readonly number[], given: State | null | undefined): [Tensor, Tensor[]] {
    const initial = this.#checkedState(x, batchSizes[0], given);
    const lasts: State[] = [];
    let y = x;
    for (let layer = 0; layer < this.numLayers; layer++) {
      if (layer > 0 && this.training) y = regularization.dropout(y, this.dropout);
      const places = this.#places.slice(layer * this.#directions, (layer + 1) * this.#directions);
      const made = places.map((place, direction) => {
        const state = initial.map((s) => select(s, 0, layer * this.#directions + direction));
        return recurrent(this.#cell, y, state, this.#weightsAt(place), { batchSizes, isReverse: direction === 1 });
      });
      lasts.push(...made.map(({ state }) => state));
      y =
        made.length > 1
          ? cat(
              made.map(({ output }) => output),
              1,
            )
          : made[0].output;
    }
    return [y, initial.map((_, k) => stack(lasts.map((last) => last[k])))];
  }

  /** The initial states, zeros if none are given. @throws unless they fit */
  #checkedState(x: Tensor, samples: number, given: State | null | undefined): State {
    const { hiddenSize, projSize } = this;
    const count = this.#places.length;
    const widths = this.#cell === "lstm" ? [projSize || hiddenSize, hiddenSize] : [hiddenSize];
    const shapes = widths.map((width) => [count, samples, width]);
    const state = given ?? shapes.map((shape) => zeros(shape, { dtype: x.dtype }));
    for (const [k, shape] of shapes.entries()) {
      const name = widths.length > 1 ? `hidden[${k}]` : "hidden";
      const otherShape = () => `Expected ${name} size ${pythonTuple(shape)}, got ${formatShape(state[k].shape)}`;
      check(sameShape(state[k].shape, shape), otherShape);
    }
    checkDtypes(this.weightIhL0, x, ...state);
    return state;
  }

  override extraRepr(): string {
    const { inputSize, hiddenSize, projSize, numLayers, bias, batchFirst, dropout, bidirectional } = this;
    const settings = [
      `${inputSize}, ${hiddenSize}`,
      projSize > 0 && `proj_size=${projSize}`,
      numLayers !== 1 && `num_layers=${numLayers}`,
      !bias && `bias=${pythonBool(bias)}`,
      batchFirst && `batch_first=${pythonBool(batchFirst)}`,
      dropout !== 0 && `dropout=${pythonFloat(dropout)}`,
      bidirectional && `bidirectional=${pythonBool(bidirectional)}`,
    ];
    return settings.filter(Boolean).join(", ");
  }
}

/** @throws unless the states have a batch dimension where x has one */
function checkRanks(isBatched: boolean, state: State | null): void {
  if (!state) return;
  const [input, expected] = isBatched ? ["batched 3-D", 3] : ["unbatched 2-D", 2];
  const ranks = state.map(({ ndim }) => `${ndim}-D`).join(", ");
  const other = () =>
    state.length > 1
      ? `For ${input} input, hx and cx should also be ${expected}-D but got (${ranks}) tensors`
      : `For ${input} input, hx should also be ${expected}-D but got ${ranks} tensor`;
  check(
    state.every(({ ndim }) => ndim === expected),
    other,
  );
}

/**
 * Elman's recurrent network: h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh), or relu of it. Mirrors `torch.nn.RNN`.
 *
 * All parameters start uniform on ±1/√hiddenSize, PyTorch's numbers for the same seed.
 * @example
 * const rnn = new nn.RNN(10, 20, { numLayers: 2 });
 * const [output, h] = rnn.forward(randn([5, 3, 10])); // 5 steps of 3 samples
 * console.log(rnn, output.shape, h.shape);
 */
export class RNN extends RecurrentLayer {
  /** What bends the sum. */
  readonly nonlinearity: "tanh" | "relu";

  /** @throws for another nonlinearity, a dropout that is not in [0, 1], or a size of 0 */
  constructor(inputSize: Int, hiddenSize: Int, options?: RNNOptions) {
    const { nonlinearity, ...others } = readOptions(options, { ...defaults, nonlinearity: "tanh" });
    check(nonlinearity === "tanh" || nonlinearity === "relu", () => `Unknown nonlinearity '${nonlinearity}'`);
    super(nonlinearity, inputSize, hiddenSize, others);
    this.nonlinearity = nonlinearity;
  }

  /**
   * @param x (T, N, inputSize), with batchFirst (N, T, inputSize), without a batch (T, inputSize); or a packed sequence
   * @param hx the state before the first step, (layers · directions, N, hiddenSize); zeros if left out
   * @returns the last layer's h of every step, (…, directions · hiddenSize), and the h after the last, of all layers, as hx
   */
  override forward(x: PackedSequence, hx?: Tensor | null): [output: PackedSequence, h: Tensor];
  override forward(x: Tensor, hx?: Tensor | null): [output: Tensor, h: Tensor];
  override forward(x: Tensor | PackedSequence, hx: Tensor | null = null): [Tensor | PackedSequence, Tensor] {
    const [output, [h]] = this.run(x as Tensor, hx && [hx]);
    return [output, h];
  }
}

/**
 * Long short-term memory (Hochreiter & Schmidhuber 1997). Mirrors `torch.nn.LSTM`.
 *
 *   i, f, o = σ(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh), each of its own rows,  g = tanh of its own
 *   c_t = f · c_{t-1} + i · g,  h_t = o · tanh c_t, with projSize W_hr times that
 *
 * All parameters start uniform on ±1/√hiddenSize, PyTorch's numbers for the same seed.
 * @example
 * const lstm = new nn.LSTM(10, 20, { batchFirst: true, bidirectional: true });
 * const [output, [h, c]] = lstm.forward(randn([3, 5, 10])); // 3 samples of 5 steps
 * console.log(lstm, output.shape, h.shape, c.shape);
 */
export class LSTM extends RecurrentLayer {
  /** @throws for a dropout that is not in [0, 1], a projSize that is not below hiddenSize, or a size of 0 */
  constructor(inputSize: Int, hiddenSize: Int, options?: LSTMOptions) {
    const { projSize, ...others } = readOptions(options, { ...defaults, projSize: 0 });
    super("lstm", inputSize, hiddenSize, others, projSize);
  }

  /**
   * @param x (T, N, inputSize), with batchFirst (N, T, inputSize), without a batch (T, inputSize); or a packed sequence
   * @param hx h and c before the first step, (layers · directions, N, hiddenSize or projSize) and (…, hiddenSize); zeros if left out
   * @returns the last layer's h of every step, (…, directions · hiddenSize), and h and c after the last, of all layers, as hx
   */
  override forward(x: PackedSequence, hx?: LSTMState | null): [output: PackedSequence, hx: [h: Tensor, c: Tensor]];
  override forward(x: Tensor, hx?: LSTMState | null): [output: Tensor, hx: [h: Tensor, c: Tensor]];
  override forward(
    x: Tensor | PackedSequence,
    hx: LSTMState | null = null,
  ): [Tensor | PackedSequence, [Tensor, Tensor]] {
    const [output, [h, c]] = this.run(x as Tensor, hx);
    return [output, [h, c]];
  }
}

/**
 * Gated recurrent units (Cho et al. 2014), with r after the product. Mirrors `torch.nn.GRU`.
 *
 *   r, z = σ(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh), each of its own rows
 *   n = tanh(W_ih x_t + b_ih + r · (W_hh h_{t-1} + b_hh)), of its own rows,  h_t = (1 - z) · n + z · h_{t-1}
 *
 * All parameters start uniform on ±1/√hiddenSize, PyTorch's numbers for the same seed.
 * @example
 * const gru = new nn.GRU(10, 20);
 * const packed = nn.utils.rnn.packSequence([randn([5, 10]), randn([2, 10])]);
 * const [output, h] = gru.forward(packed);
 * console.log(gru, nn.utils.rnn.padPackedSequence(output)[0].shape, h.shape);
 */
export class GRU extends RecurrentLayer {
  /** @throws for a dropout that is not in [0, 1], or a size of 0 */
  constructor(inputSize: Int, hiddenSize: Int, options?: RecurrentOptions) {
    super("gru", inputSize, hiddenSize, readOptions(options, defaults));
  }

  /**
   * @param x (T, N, inputSize), with batchFirst (N, T, inputSize), without a batch (T, inputSize); or a packed sequence
   * @param hx the state before the first step, (layers · directions, N, hiddenSize); zeros if left out
   * @returns the last layer's h of every step, (…, directions · hiddenSize), and the h after the last, of all layers, as hx
   */
  override forward(x: PackedSequence, hx?: Tensor | null): [output: PackedSequence, h: Tensor];
  override forward(x: Tensor, hx?: Tensor | null): [output: Tensor, h: Tensor];
  override forward(x: Tensor | PackedSequence, hx: Tensor | null = null): [Tensor | PackedSequence, Tensor] {
    const [output, [h]] = this.run(x as Tensor, hx && [hx]);
    return [output, h];
  }
}
