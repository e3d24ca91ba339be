/**
 * What a library has to do to be measured. Each one in engines/ does it in a process of its own, in its own best way.
 * Read next: engines/lucidgrad.ts, and serve.ts, which runs an engine.
 */
import type { OperationName } from "./workloads.ts";

/** Numbers that every engine can read. */
export interface NamedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/**
 * Takes its inputs once, and gives what does the work on them, over and over. Results are in the order in which PyTorch's
 * gradients come: y, dx, dweight, dbias.
 */
export type Operation<T> = (inputs: readonly T[], dim?: number) => () => T[];

/** A library; `T` is its array. */
export interface Engine<T> {
  readonly version: string;
  /** Each operation, or why there is none. */
  readonly operations: Record<OperationName, Operation<T> | string>;
  fromArray(array: NamedArray): T;
  toArray(x: T): NamedArray["data"];
  /** Waits until they are computed, and frees them. */
  finish(outputs: T[]): Promise<unknown> | undefined;
  createTrainer(problem: TrainingProblem, options: { shuffle: boolean }): Trainer;
}

export interface TrainingProblem {
  /** (60000, 784), 0 to 255 */
  readonly images: Uint8Array;
  /** (60000), 0 to 9 */
  readonly labels: Uint8Array;
  /** The network's parameters and running averages, under PyTorch's names: `fc1.weight`. */
  readonly state: ReadonlyMap<string, NamedArray>;
  readonly batchNorm: boolean;
}

/** A network and its optimizer: SGD with a learning rate of 0.01 on the mean cross entropy. */
export interface Trainer {
  /**
   * Trains on the next batch: forward, backward, update. Every batch is full: a pass leaves over what does not make one,
   * and the next, in another order if shuffled, follows by itself.
   */
  step(): Promise<unknown> | undefined;
  /** Of the last step. */
  loss(): number;
  state(): ReadonlyMap<string, Float32Array>;
}

export const LEARNING_RATE = 0.01;
/** Of the networks that learn the same batch again and again, and of the optimizers. */
export const DESCENT = { lr: 0.001, momentum: 0.9 };
/** PyTorch's defaults. */
export const BATCH_NORM = { eps: 1e-5, momentum: 0.1 };
