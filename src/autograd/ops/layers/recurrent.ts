/**
 * A recurrent layer in one direction: a cell that goes through all steps of a batch of sequences, and hands its state on.
 *
 * It is one operation, with one node in the graph however many steps there are. What need not wait for the state is one matrix
 * product for all steps: of the inputs, forward; of the weights' gradients, backward. `unrolled` is the same in operations,
 * step by step; backward runs it where the backward pass is itself recorded.
 *
 * The sequences are packed: x has the rows of all samples at step 0, then those at step 1, and so on, the longest sequence
 * first, so that the samples of a step are always the first few.
 */
import { applyBinary, copyOf } from "../../../tensor/apply.ts";
import { check } from "../../../tensor/check.ts";
import type { TypedArray } from "../../../tensor/dtype.ts";
import { kernels } from "../../../tensor/kernels/index.ts";
import { partOf } from "../../../tensor/memory/memory.ts";
import { operandOf, Tensor } from "../../../tensor/tensor.ts";
import { grad } from "../../engine.ts";
import type { PullBack } from "../../graph.ts";
import { historyOf } from "../../history.ts";
import { type Applied, defineOp, owned } from "../../op.ts";
import { matmul } from "../matmul.ts";
import { cat, narrow } from "../parts.ts";
import { sum } from "../reduction.ts";
import { clone, reshape, t, view } from "../shape.ts";
import { kernelOrOperations } from "../shared/kernel-or-operations.ts";
import { matrixAt, transposed } from "../shared/matrices.ts";
import { remembered } from "./batch-norm.ts";
import { linear } from "./linear.ts";
import { type Cell, gruCell, lstmCell, reluCell, type State, tanhCell } from "./recurrent-cells.ts";

/** What a layer has learned in one direction. G is the number of gates, H of a cell's numbers; P is H, or that of the projection. */
export interface RecurrentWeights {
  /** (G·H, I) */
  readonly ih: Tensor;
  /** (G·H, P) */
  readonly hh: Tensor;
  /** (G·H), each or none. */
  readonly biasIh: Tensor | null;
  readonly biasHh: Tensor | null;
  /** (P, H): what makes h of an LSTM shorter. */
  readonly hr: Tensor | null;
}

/** The order of the steps. */
export interface Order {
  /** How many samples take each step, at most as many as the one before. */
  readonly batchSizes: readonly number[];
  /** From the last step to the first. */
  readonly isReverse: boolean;
}

/** The rows of one step. */
interface Step {
  readonly start: number;
  readonly count: number;
}

/** The steps as they are taken. */
function stepsOf({ batchSizes, isReverse }: Order): Step[] {
  let end = 0;
  const steps = batchSizes.map((count) => {
    end += count;
    return { start: end - count, count };
  });
  return isReverse ? steps.reverse() : steps;
}

/** What backward needs of the pass forward, a row for each row of x: what each step began with, and what it computed. */
interface Trace {
  readonly gates: Tensor;
  /** The product with the previous h; of a cell that only adds the products, the gates. */
  readonly hidden: Tensor;
  /** h before it is projected. */
  readonly h: Tensor;
  readonly c: Tensor;
  readonly previousH: Tensor;
  readonly previousC: Tensor;
}

/** The rows of one step, of a matrix that was made here. */
const rowsOf = ({ storage, shape: [, columns] }: Tensor, { start, count }: Step): TypedArray =>
  partOf(storage.operand, start * columns, count * columns);

const arraysOf = (trace: Trace, step: Step) => ({
  gates: rowsOf(trace.gates, step),
  hidden: rowsOf(trace.hidden, step),
  h: rowsOf(trace.h, step),
  c: rowsOf(trace.c, step),
  previousH: rowsOf(trace.previousH, step),
  previousC: rowsOf(trace.previousC, step),
  shape: [step.count, trace.h.shape[1]] as const,
});

/** Copies as many elements as the shorter one has. */
function copyElements(out: TypedArray, x: TypedArray): void {
  const count = Math.min(out.length, x.length);
  kernels.copy(1, count, out, 0, count, 1, x, 0, count, 1);
}

/** a (M, K) of an array, as the kernel of the product takes it. */
const matrixOf = (data: TypedArray, columns: number) => ({ data, offset: 0, rowStride: columns, colStride: 1 });
const weightOf = (weight: Tensor) => matrixAt(weight, weight.offset);

/** A vector as its three parts: the h of all steps (R, P), then the last h (N, P) and c (N, H). */
function partsOf(y: TypedArray, [rows, samples, width]: readonly number[]): TypedArray[] {
  const [output, h] = [rows * width, samples * width];
  return [partOf(y, 0, output), partOf(y, output, h), partOf(y, output + h, y.length - output - h)];
}

/** All steps, one after another: y is a vector of the h of all of them, then the last h and c. */
function forward(cell: Cell, x: Tensor, [h0, c0]: State, weights: RecurrentWeights, steps: readonly Step[]) {
  const { ih, hh, biasIh, biasHh, hr } = weights;
  const [[rows, inputs], [samples, width]] = [x.shape, h0.shape];
  const columns = ih.shape[0]; // G·H
  const size = columns / cell.gates;
  const empty = (height: number, width: number) => Tensor.empty([height, width], x.dtype);
  const y = Tensor.empty([(rows + samples) * width + (c0 ? samples * size : 0)], x.dtype);
  const [output, h, c] = partsOf(y.storage.operand, [rows, samples, width]);
  copyElements(h, operandOf(h0));
  if (c0) copyElements(c, operandOf(c0));

  const gates = empty(rows, columns);
  const trace: Trace = {
    gates,
    hidden: cell.addsProducts ? gates : empty(rows, columns),
    h: hr ? empty(rows, size) : new Tensor(y.storage, y.dtype, [rows, size]),
    c: empty(c0 ? rows : 0, size),
    previousH: empty(rows, width),
    previousC: empty(c0 ? rows : 0, size),
  };
  const both = biasIh && biasHh && cell.addsProducts ? applyBinary(kernels.add, biasIh, biasHh, "add") : biasIh;
  const start = both ? operandOf(both) : "zeros";
  kernels.matmul(gates.storage.operand, 0, weightOf(x), transposed(weightOf(ih)), [rows, inputs, columns], start);
  const hiddenStart = cell.addsProducts ? "out" : biasHh ? operandOf(biasHh) : "zeros";
  for (const step of steps) {
    const arrays = arraysOf(trace, step);
    const { previousH } = arrays;
    copyElements(previousH, h);
    copyElements(arrays.previousC, c);
    const sizes = [step.count, width, columns] as const;
    kernels.matmul(arrays.hidden, 0, matrixOf(previousH, width), transposed(weightOf(hh)), sizes, hiddenStart);
    cell.step(arrays);
    const next = partOf(output, step.start * width, step.count * width);
    if (hr) kernels.matmul(next, 0, matrixOf(arrays.h, size), transposed(weightOf(hr)), [step.count, size, width]);
    copyElements(h, next);
    copyElements(c, arrays.c);
  }
  return { y, trace };
}

/**
 * Backward through time: the gradients of what the products made, a row for each row of x, and of the first state.
 *
 * The dh of a step is what y brings and what the step after it has sent back: dhidden W_hh, and of a GRU some of its own dh.
 */
function backward(cell: Cell, dy: Tensor, trace: Trace, { hh, hr }: RecurrentWeights, steps: readonly Step[]) {
  const [[rows, columns], [, size], width] = [trace.gates.shape, trace.h.shape, hh.shape[1]];
  const samples = steps.reduce((most, { count }) => Math.max(most, count), 0);
  const empty = (height: number, width: number) => Tensor.empty([height, width], dy.dtype);
  const [doutput, lastH, lastC] = partsOf(operandOf(dy), [rows, samples, width]);
  const [dh0, dc0] = [empty(samples, width), empty(lastC.length > 0 ? samples : 0, size)];
  copyElements(dh0.storage.operand, lastH);
  copyElements(dc0.storage.operand, lastC);

  const dgates = empty(rows, columns);
  const dhidden = cell.addsProducts ? dgates : empty(rows, columns);
  const dprojected = empty(hr ? rows : 0, width);
  for (const step of steps.toReversed()) {
    const { count } = step;
    const first = { start: 0, count };
    const n = count * width;
    const dprevious = rowsOf(dh0, first);
    kernels.addScaled(1, n, dprevious, 0, n, 1, doutput, step.start * width, n, 1, 1);
    let dh = dprevious;
    if (hr) {
      copyElements(rowsOf(dprojected, step), dprevious);
      dh = empty(count, size).storage.operand;
      kernels.matmul(dh, 0, matrixOf(dprevious, width), weightOf(hr), [count, width, size]);
    }
    const gradients = { dgates: rowsOf(dgates, step), dhidden: rowsOf(dhidden, step), dh, dc: rowsOf(dc0, first) };
    cell.stepBackward(arraysOf(trace, step), gradients);
    const start = cell.keepsHidden ? "out" : "zeros";
    kernels.matmul(dprevious, 0, matrixOf(gradients.dhidden, columns), weightOf(hh), [count, columns, width], start);
  }
  return { dgates, dhidden, dprojected, dh0, dc0 };
}

type Inputs = readonly [x: Tensor, state: State, weights: RecurrentWeights];

/** All tensors that the layer has a gradient for, null for those that are not there. */
const listOf = (...[x, [h0, c0], { ih, hh, biasIh, biasHh, hr }]: Inputs): (Tensor | null)[] => {
  return [x, ih, hh, biasIh, biasHh, hr, h0, c0 ?? null];
};

/** The reverse. */
function inputsOf(list: readonly (Tensor | null)[]): Inputs {
  const [x, ih, hh, biasIh, biasHh, hr, h0, c0] = list as [Tensor, Tensor, Tensor, ...typeof list];
  return [x, [h0, c0].filter((s) => s !== null), { ih, hh, biasIh, biasHh, hr }];
}

/** What `forward` computes, step by step in operations. */
function unrolled(cell: Cell, [x, initial, { ih, hh, biasIh, biasHh, hr }]: Inputs, steps: readonly Step[]): Tensor {
  const gates = linear(x, ih, biasIh);
  const outputs: { start: number; h: Tensor }[] = [];
  let state = initial;
  for (const { start, count } of steps) {
    const before = state.map((s) => narrow(s, 0, 0, count));
    const [made, ...c] = cell.next(narrow(gates, 0, start, count), linear(before[0], hh, biasHh), before);
    const h = hr ? linear(made, hr) : made;
    outputs.push({ start, h });
    const others = state.map((s) => narrow(s, 0, count, s.shape[0] - count));
    state = [h, ...c].map((s, k) => cat([s, others[k]]));
  }
  const inOrder = outputs.sort((a, b) => a.start - b.start).map(({ h }) => h);
  return cat([...inOrder, ...state].map((part) => reshape(part, part.numel)));
}

/** The gradients of all inputs that need one, those of `unrolled`: in operations, which can be differentiated. */
function recordedGradients(cell: Cell, list: readonly (Tensor | null)[], steps: readonly Step[]) {
  return remembered((dy: Tensor): (Tensor | null)[] => {
    // Of views: one input may have been computed from another, to which its gradient finds its own way.
    const own = list.map((input) => input && (historyOf(input) ? view(input, input.shape) : input));
    const needed = own.map((input) => input !== null && historyOf(input) !== null);
    const y = unrolled(cell, inputsOf(own), steps);
    const found = grad(y, own.filter((_, k) => needed[k]) as Tensor[], { gradOutputs: [dy], createGraph: true });
    return needed.map((isNeeded) => (isNeeded ? found.shift() : null) ?? null);
  });
}

/** A layer with this cell. Its y is a vector: the h of all steps, then the last h and c. */
const layerOf = (name: string, cell: Cell) =>
  defineOp(name, (x: Tensor, state: State, weights: RecurrentWeights, order: Order): Applied => {
    const steps = stepsOf(order);
    const { y, trace } = forward(cell, x, state, weights, steps);
    const gradients = remembered((dy) => backward(cell, dy, trace, weights, steps));
    const pullBacks: PullBack[] = [
      (dy) => matmul(gradients(dy).dgates, weights.ih), // dx
      (dy) => matmul(t(gradients(dy).dgates), x), // dW_ih
      (dy) => matmul(t(gradients(dy).dhidden), trace.previousH), // dW_hh
      (dy) => sum(gradients(dy).dgates, 0), // db_ih
      (dy) => sum(gradients(dy).dhidden, 0), // db_hh
      (dy) => matmul(t(gradients(dy).dprojected), trace.h), // dW_hr
      (dy) => copyOf(gradients(dy).dh0),
      (dy) => copyOf(gradients(dy).dc0),
    ];
    const inputs = listOf(x, state, weights);
    const recorded = recordedGradients(cell, inputs, steps);
    return {
      y,
      saves: inputs.filter((input) => input !== null),
      grads: inputs.flatMap((input, k) =>
        input ? [[input, kernelOrOperations(pullBacks[k], (dy) => recorded(dy)[k])] as const] : [],
      ),
    };
  });

const layers = {
  tanh: layerOf("rnn", tanhCell),
  relu: layerOf("rnn", reluCell),
  lstm: layerOf("lstm", lstmCell),
  gru: layerOf("gru", gruCell),
};

/** Elman's cell with tanh or relu, an LSTM's, or that of a GRU. */
export type CellName = keyof typeof layers;

/** How many gates it has. */
export const gatesOf: Record<CellName, number> = {
  tanh: tanhCell.gates,
  relu: reluCell.gates,
  lstm: lstmCell.gates,
  gru: gruCell.gates,
};

/** @throws in PyTorch's words, unless x and the state have the dtype of the weights */
export function checkDtypes(weight: Tensor, ...inputs: readonly Tensor[]): void {
  const isSame = inputs.every(({ dtype }) => dtype === weight.dtype);
  check(
    isSame,
    () => `mat1 and mat2 must have the same dtype: ${inputs.map(({ dtype }) => dtype)} and ${weight.dtype}`,
  );
}

/**
 * The h of all steps (R, P), as x (R, I) has them, and the state (N, P), of an LSTM also (N, H), after each sample's last step;
 * all in memory of their own.
 */
export function recurrent(
  cell: CellName,
  x: Tensor,
  state: State,
  weights: RecurrentWeights,
  order: Order,
): { output: Tensor; state: Tensor[] } {
  const y = layers[cell](x, state, weights, order);
  let end = 0;
  const part = (rows: number, columns: number) => {
    end += rows * columns;
    return owned(reshape(clone(narrow(y, 0, end - rows * columns, rows * columns)), rows, columns));
  };
  return { output: part(x.shape[0], state[0].shape[1]), state: state.map(({ shape: [n, width] }) => part(n, width)) };
}
