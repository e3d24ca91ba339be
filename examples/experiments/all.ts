/** The experiments, in the order of the argument: the claims first, then how batch norm works and where it fails. */
import { activations } from "./activations.ts";
import { batchSize } from "./batch-size.ts";
import { depth } from "./depth.ts";
import { initialization } from "./initialization.ts";
import { learningRate } from "./learning-rate.ts";
import { momentum } from "./momentum.ts";
import { placement } from "./placement.ts";
import type { Experiment } from "./support/experiment.ts";

export const all: readonly Experiment[] = [
  learningRate,
  initialization,
  depth,
  activations,
  placement,
  batchSize,
  momentum,
];
