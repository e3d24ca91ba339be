/** Losses as modules, to be made once with their options. */
import type { Tensor } from "../tensor/tensor.ts";
import { type CrossEntropyOptions, crossEntropy, nllLoss } from "./functional.ts";
import * as f from "./functions/elementwise-losses.ts";
import { Module } from "./module.ts";

/** crossEntropy (see functions/cross-entropy.ts) with fixed options. Mirrors `torch.nn.CrossEntropyLoss`. */
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

/** nllLoss (see functions/cross-entropy.ts) with fixed options. Mirrors `torch.nn.NLLLoss`. */
export class NLLLoss extends Module {
  /** A buffer, as in PyTorch: null, or (C). */
  readonly weight: Tensor | null;
  readonly #options: Omit<CrossEntropyOptions, "labelSmoothing">;

  constructor(options: Omit<CrossEntropyOptions, "labelSmoothing"> = {}) {
    super();
    this.weight = options.weight ?? null;
    this.#options = options;
  }

  /** @param input log probabilities (N, C, …) or (C) @param target class indices */
  override forward(input: Tensor, target: Tensor): Tensor {
    return nllLoss(input, target, this.#options);
  }
}

/** A loss of functions/elementwise-losses.ts with fixed options, of an input and a target of one shape. */
abstract class ElementwiseLoss<Options> extends Module {
  readonly #loss: (input: Tensor, target: Tensor, options: Options) => Tensor;
  readonly #options: Options;

  constructor(loss: (input: Tensor, target: Tensor, options: Options) => Tensor, options: Options) {
    super();
    this.#loss = loss;
    this.#options = options;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return this.#loss(input, target, this.#options);
  }
}

/** The mean squared error. Mirrors `torch.nn.MSELoss`. */
export class MSELoss extends ElementwiseLoss<f.LossOptions> {
  constructor(options: f.LossOptions = {}) {
    super(f.mseLoss, options);
  }
}

/** The mean absolute error. Mirrors `torch.nn.L1Loss`. */
export class L1Loss extends ElementwiseLoss<f.LossOptions> {
  constructor(options: f.LossOptions = {}) {
    super(f.l1Loss, options);
  }
}

/** Squared for small errors, absolute for large ones. Mirrors `torch.nn.SmoothL1Loss`. */
export class SmoothL1Loss extends ElementwiseLoss<f.SmoothL1Options> {
  /** @throws if beta is negative, in forward */
  constructor(options: f.SmoothL1Options = {}) {
    super(f.smoothL1Loss, options);
  }
}

/** SmoothL1Loss times delta. Mirrors `torch.nn.HuberLoss`. */
export class HuberLoss extends ElementwiseLoss<f.HuberOptions> {
  /** @throws unless delta is above 0, in forward */
  constructor(options: f.HuberOptions = {}) {
    super(f.huberLoss, options);
  }
}

/** The Kullback-Leibler divergence. Mirrors `torch.nn.KLDivLoss`. */
export class KLDivLoss extends ElementwiseLoss<f.KLDivOptions> {
  constructor(options: f.KLDivOptions = {}) {
    super(f.klDiv, options);
  }
}

/** Cross entropy of yes and no, given probabilities. Mirrors `torch.nn.BCELoss`. */
export class BCELoss extends ElementwiseLoss<f.BCEOptions> {
  /** A buffer, as in PyTorch: null, or of a shape that broadcasts to the input's. */
  readonly weight: Tensor | null;

  constructor(options: f.BCEOptions = {}) {
    super(f.binaryCrossEntropy, options);
    this.weight = options.weight ?? null;
  }
}

/** Cross entropy of yes and no, given unnormalised log odds. Mirrors `torch.nn.BCEWithLogitsLoss`. */
export class BCEWithLogitsLoss extends ElementwiseLoss<f.BCEWithLogitsOptions> {
  /** Buffers, as in PyTorch: null, or of a shape that broadcasts to the input's. */
  readonly weight: Tensor | null;
  readonly posWeight: Tensor | null;

  constructor(options: f.BCEWithLogitsOptions = {}) {
    super(f.binaryCrossEntropyWithLogits, options);
    this.weight = options.weight ?? null;
    this.posWeight = options.posWeight ?? null;
  }
}
