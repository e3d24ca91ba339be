/** Losses as modules, to be made once with their options. */
import type { Tensor } from "../tensor/tensor.ts";
import { type CrossEntropyOptions, crossEntropy } from "./functional.ts";
import { Module } from "./module.ts";

/** crossEntropy (see functional.ts) with fixed options. Mirrors `torch.nn.CrossEntropyLoss`. */
export class CrossEntropyLoss extends Module {
  /** A buffer, as in PyTorch: null, or (C). */
  readonly weight: Tensor | null;
  readonly #options: CrossEntropyOptions;

  constructor(options: CrossEntropyOptions = {}) {
    super();
    this.weight = options.weight ?? null;
    this.#options = options;
  }

  /** @param logits (N, C, …) or (C) @param target class indices, or probabilities */
  override forward(logits: Tensor, target: Tensor): Tensor {
    return crossEntropy(logits, target, this.#options);
  }
}
