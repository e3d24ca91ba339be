/** A network seen as its hidden layers: each has weights, perhaps a normalization, and a ReLU. */
import { nn, type Tensor } from "lucidgrad";

/** A layer whose values are held near mean 0 and spread 1. */
export type Norm = nn.BatchNorm1d | nn.BatchNorm2d | nn.LayerNorm | nn.GroupNorm;

export interface HiddenLayer {
  readonly weight: Tensor;
  /** Null where what the weights give goes to ReLU as it is. */
  readonly norm: Norm | null;
  /** The place of its normalization in the network, or of its ReLU if it has none. */
  readonly start: number;
}

export const isLayerNorm = (layer: nn.Module): layer is nn.LayerNorm | nn.GroupNorm =>
  layer instanceof nn.LayerNorm || layer instanceof nn.GroupNorm; // of one group, as layers of pictures have it

export const isNorm = (layer: nn.Module): layer is Norm =>
  layer instanceof nn.BatchNorm1d || layer instanceof nn.BatchNorm2d || isLayerNorm(layer);

export function hiddenLayers(network: nn.Sequential): HiddenLayer[] {
  const found: HiddenLayer[] = [];
  const layers = [...network];
  layers.forEach((layer, place) => {
    if (!(layer instanceof nn.ReLU)) return;
    const before = layers[place - 1];
    const norm = isNorm(before) ? before : null;
    const weights = layers[norm ? place - 2 : place - 1] as nn.Linear | nn.Conv2d;
    found.push({ weight: weights.weight, norm, start: norm ? place - 1 : place });
  });
  return found;
}
