/** Linear maps with activations between: the multi-layer perceptron. */
import { withFraction } from "../../nn/fraction.ts";
import * as nn from "../../nn/index.ts";
import { readOptions } from "../../tensor/options.ts";
import type { Int } from "../../tensor/shape.ts";
import type { ActivationLayer, NormLayer } from "./conv-norm-activation.ts";

/** Options of MLP. */
export interface MLPOptions {
  /** Makes the normalization behind each hidden map; null for none. Default: null. */
  normLayer?: NormLayer | null;
  /** Makes the activations. Default: nn.ReLU. */
  activationLayer?: ActivationLayer;
  /** Whether activations and dropout change their input in place; null leaves it to them. Default: true. */
  inplace?: boolean | null;
  /** Whether the maps have biases. Default: true. */
  bias?: boolean;
  /** How likely an element is dropped behind each map. Default: 0. */
  dropout?: number;
}

/**
 * Linear maps to so many channels, one after the other, with a normalization and an activation behind all but the last, and dropout
 * behind each. Mirrors `torchvision.ops.MLP`.
 * @example new ops.MLP(4, [8, 2], { dropout: 0.1 })
 */
export class MLP extends nn.Sequential {
  constructor(inChannels: Int, hiddenChannels: readonly Int[], options?: MLPOptions) {
    const { normLayer, activationLayer, inplace, bias, dropout } = readOptions<MLPOptions>(options, {
      normLayer: null,
      activationLayer: (settings) => new nn.ReLU(settings),
      inplace: true,
      bias: true,
      dropout: 0,
    });
    const settings: nn.InplaceOptions = inplace === null ? {} : { inplace };
    const last = hiddenChannels.length - 1;
    super(
      ...hiddenChannels.flatMap((channels, i): nn.Module[] => [
        new nn.Linear(i === 0 ? inChannels : hiddenChannels[i - 1], channels, { bias }),
        ...(normLayer && i < last ? [normLayer(channels)] : []),
        ...(i < last ? [activationLayer(settings)] : []),
        withFraction(new nn.Dropout(dropout, settings)),
      ]),
    );
  }
}
