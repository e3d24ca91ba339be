/** Activations as layers. The formulas are in functions/activation.ts. */
import { relu, sigmoid, tanh } from "../../autograd/ops/elementwise.ts";
import { logSoftmax, softmax } from "../../autograd/ops/reduction.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
  elu,
  type GELUOptions,
  gelu,
  leakyRelu,
  type SoftplusOptions,
  silu,
  softplus,
} from "../functions/activation.ts";
import { Module } from "../module.ts";
import { pythonFloat } from "../python-text.ts";

/** y = max(x, 0). Mirrors `torch.nn.ReLU`. */
export class ReLU extends Module {
  override forward(x: Tensor): Tensor {
    return relu(x);
  }
}

/** y = 1 / (1 + e⁻ˣ). Mirrors `torch.nn.Sigmoid`. */
export class Sigmoid extends Module {
  override forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}

/** y = tanh x. Mirrors `torch.nn.Tanh`. */
export class Tanh extends Module {
  override forward(x: Tensor): Tensor {
    return tanh(x);
  }
}

/** y = x · σ(x). Mirrors `torch.nn.SiLU`. */
export class SiLU extends Module {
  override forward(x: Tensor): Tensor {
    return silu(x);
  }
}

/** y = x · Φ(x). Mirrors `torch.nn.GELU`. */
export class GELU extends Module {
  readonly approximate: "none" | "tanh";

  constructor({ approximate = "none" }: GELUOptions = {}) {
    super();
    this.approximate = approximate;
  }

  override forward(x: Tensor): Tensor {
    return gelu(x, this);
  }

  override extraRepr(): string {
    return `approximate='${this.approximate}'`;
  }
}

/** y = x where x > 0, else negativeSlope · x. Mirrors `torch.nn.LeakyReLU`. */
export class LeakyReLU extends Module {
  readonly negativeSlope: number;

  constructor({ negativeSlope = 0.01 }: { negativeSlope?: number } = {}) {
    super();
    this.negativeSlope = negativeSlope;
  }

  override forward(x: Tensor): Tensor {
    return leakyRelu(x, this.negativeSlope);
  }

  override extraRepr(): string {
    return `negative_slope=${pythonFloat(this.negativeSlope)}`;
  }
}

/** y = x where x > 0, else alpha · (eˣ - 1). Mirrors `torch.nn.ELU`. */
export class ELU extends Module {
  readonly alpha: number;

  constructor({ alpha = 1 }: { alpha?: number } = {}) {
    super();
    this.alpha = alpha;
  }

  override forward(x: Tensor): Tensor {
    return elu(x, this.alpha);
  }

  override extraRepr(): string {
    return `alpha=${pythonFloat(this.alpha)}`;
  }
}

/** y = log(1 + e^(beta · x)) / beta. Mirrors `torch.nn.Softplus`. */
export class Softplus extends Module {
  readonly beta: number;
  readonly threshold: number;

  constructor({ beta = 1, threshold = 20 }: SoftplusOptions = {}) {
    super();
    this.beta = beta;
    this.threshold = threshold;
  }

  override forward(x: Tensor): Tensor {
    return softplus(x, this);
  }

  override extraRepr(): string {
    return `beta=${this.beta}, threshold=${this.threshold}`;
  }
}

/** y = eˣ / Σ eˣ along dim. Mirrors `torch.nn.Softmax`. */
export class Softmax extends Module {
  readonly dim: number;

  constructor(dim: number) {
    super();
    this.dim = dim;
  }

  override forward(x: Tensor): Tensor {
    return softmax(x, this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}

/** y = x - log Σ eˣ along dim. Mirrors `torch.nn.LogSoftmax`. */
export class LogSoftmax extends Module {
  readonly dim: number;

  constructor(dim: number) {
    super();
    this.dim = dim;
  }

  override forward(x: Tensor): Tensor {
    return logSoftmax(x, this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}
