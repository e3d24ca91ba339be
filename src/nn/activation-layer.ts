/** Layers that are activations: each may give its input its new values, instead of making an output. */
import { inplace } from "../autograd/inplace.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Calling, type MadeWith, moduleWith } from "./module-of.ts";

/** Options of activations. */
export interface InplaceOptions {
  /** Whether x becomes y, which then needs no memory of its own. Default: false. */
  inplace?: boolean;
}

/** y = f(x), which takes x's place if the layer says so. */
export const activated = (layer: Required<InplaceOptions>, x: Tensor, f: (x: Tensor) => Tensor): Tensor =>
  layer.inplace ? inplace(x, f) : f(x);

/** What a layer prints behind its other settings. */
export const inplaceText = (layer: Required<InplaceOptions>): string => (layer.inplace ? ", inplace=True" : "");

/** A base for an activation without other options. */
export function activationOf(f: (x: Tensor) => Tensor): MadeWith<InplaceOptions, Calling<[Tensor]>> {
  abstract class Activation extends moduleWith<InplaceOptions>({ inplace: false }) {
    override forward(x: Tensor): Tensor {
      return activated(this, x, f);
    }

    override extraRepr(): string {
      return inplaceText(this).slice(2);
    }
  }
  return Activation;
}
