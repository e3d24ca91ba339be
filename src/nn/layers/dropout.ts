/** Dropout as a layer, which evaluation switches off. */
import type { Tensor } from "../../tensor/tensor.ts";
import { dropout } from "../functions/dropout.ts";
import { Module } from "../module.ts";
import { pythonFloat } from "../python-text.ts";

/** In training, sets elements to 0 with probability p, and scales the others by 1 / (1 - p). Mirrors `torch.nn.Dropout`. */
export class Dropout extends Module {
  readonly p: number;

  /** @throws unless p is in [0, 1] */
  constructor(p = 0.5) {
    super();
    if (!(p >= 0 && p <= 1)) throw new Error(`dropout probability has to be between 0 and 1, but got ${p}`);
    this.p = p;
  }

  override forward(x: Tensor): Tensor {
    return dropout(x, this.p, this);
  }

  override extraRepr(): string {
    return `p=${Number.isInteger(this.p) ? this.p : pythonFloat(this.p)}, inplace=False`;
  }
}
