/** Modules made of modules. */
import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";

/** Runs modules one after another. They are named 0, 1, 2, …. Mirrors `torch.nn.Sequential`. */
export class Sequential extends Module {
  readonly #layers: readonly Module[];

  constructor(...layers: Module[]) {
    super();
    this.#layers = layers;
  }

  override namedChildren(): [name: string, child: Module][] {
    return this.#layers.map((layer, i) => [String(i), layer]);
  }

  override forward(x: Tensor): Tensor {
    return this.#layers.reduce((y, layer) => layer.forward(y), x);
  }

  get length(): number {
    return this.#layers.length;
  }

  /** Layer i; -1 is the last. */
  at(i: number): Module {
    const layer = this.#layers.at(i);
    if (!layer) throw new RangeError(`index ${i} is out of range`);
    return layer;
  }

  [Symbol.iterator](): Iterator<Module> {
    return this.#layers[Symbol.iterator]();
  }
}
