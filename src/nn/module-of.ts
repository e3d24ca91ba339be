/** Layers that are functions: modules made of what they compute and of its options. */
import { readOptions } from "../tensor/options.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";

/** What makes modules of nothing; and of options, which are their fields. */
export type Made<Layer> = abstract new () => Layer;
export type MadeWith<Options, Layer = Module> = abstract new (options?: Options) => Layer & Readonly<Required<Options>>;

/** A base for a layer that is a function with fixed options: it has these as its fields, for the function to read. */
export function moduleWith<Options extends object>(defaults: Required<Options>): MadeWith<Options> {
  abstract class ModuleWithOptions extends Module {
    constructor(options?: Options) {
      super();
      for (const [name, value] of Object.entries(readOptions(options, defaults))) {
        const isTensor = value === null || value instanceof Tensor; // such as the weights of a loss's classes
        if (isTensor) this.registerBuffer(name, value);
        else Object.assign(this, { [name]: value });
      }
    }
  }
  return ModuleWithOptions as MadeWith<Options>;
}

/** A module whose forward takes these. */
export interface Calling<Inputs extends Tensor[]> extends Module {
  forward(...inputs: Inputs): Tensor;
}

/** The same for a function that reads its options at the end, if it has any: `forward` is the function itself. */
export function moduleOf<Inputs extends Tensor[]>(f: (...inputs: Inputs) => Tensor): Made<Calling<Inputs>>;
export function moduleOf<Inputs extends Tensor[], Options extends object>(
  f: (...args: [...inputs: Inputs, options?: Options]) => Tensor,
  defaults: Required<Options>,
): MadeWith<Options, Calling<Inputs>>;
export function moduleOf(f: (...args: object[]) => Tensor, defaults?: object) {
  abstract class ModuleOfFunction extends moduleWith<object>(defaults ?? {}) {
    override forward(...inputs: Tensor[]): Tensor {
      return defaults ? f(...inputs, this) : f(...inputs);
    }
  }
  return ModuleOfFunction;
}
