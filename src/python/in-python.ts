/** The files of a program for PyTorch, by their names: all are made before the first is written. */
import { serialize } from "../data/formats/safetensors.ts";
import type { Module } from "../nn/module.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { columnsOf, dataTensors } from "./data-script.ts";
import { type ModelInput, type MovingDims, movingDims } from "./examples.ts";
import { modelInPython } from "./model.ts";
import { trainScript } from "./train-script.ts";
import type { Descent, Scheduling } from "./training.ts";

/** What toPyTorch may be told. */
export interface ToPyTorchOptions {
  /**
   * The dimensions of each input whose sizes may be others in Python, or "length" of a list that has a tensor for each sample; sizes
   * that are equal in the example stay equal, and the first that moves is the samples'. Default: the first dimension of each input that
   * has the first one's size there.
   */
  moving?: MovingDims | null;
  /** What the outputs for these inputs are compared with. Default: null, for random numbers. */
  target?: Tensor | null;
  /** What train.py trains on: random numbers, or the inputs, which data.safetensors then has. Default: "inputs" with a target, else "random". */
  data?: "random" | "inputs" | null;
  /** A loss of nn. Default: null, for cross entropy of outputs (N, C), the output itself if it is a number, or the mean square. */
  loss?: Module | null;
  /** An optimizer of optim, with its groups. Default: null, for Adam. */
  optimizer?: Descent | null;
  /** A schedule of optim.lrScheduler: of one cycle and cyclic ones each step is one, of others each epoch. Default: null. */
  schedule?: Scheduling | null;
  /** How many samples a batch has, of all processes together. Default: 16. */
  batchSize?: Int;
  /** How often train.py passes over the data. Default: 2. */
  epochs?: Int;
}

const defaults: Required<ToPyTorchOptions> = {
  ...{ moving: null, target: null, data: null, loss: null, optimizer: null, schedule: null },
  ...{ batchSize: 16, epochs: 2 },
};

/** @throws if something cannot be written in Python, and says what */
export function inPython(
  model: Module,
  inputs: readonly ModelInput[],
  options?: ToPyTorchOptions,
): Record<string, string | Uint8Array> {
  const settings = readOptions<ToPyTorchOptions>(options, defaults);
  const { optimizer, schedule, target } = settings;
  const isExample = (settings.data ?? (target ? "inputs" : "random")) === "inputs";
  check(isExample || !target, 'with a target, the data are the inputs: data cannot be "random"');
  check(!schedule || schedule.optimizer === optimizer, "the schedule is of another optimizer");
  const moving = movingDims(inputs, settings.moving ?? undefined);
  const { source, output } = modelInPython(model, inputs, moving);
  const columns = columnsOf(inputs, moving);
  return {
    "model.py": source,
    "train.py": trainScript(model, columns, output, { ...settings, isExample }),
    "weights.safetensors": serialize(model.stateDict()),
    ...(isExample ? { "data.safetensors": serialize(dataTensors(columns, target)) } : {}),
  };
}
