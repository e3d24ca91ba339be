/** Which unit is shown first: one with something to see. */
import { type nn, noGrad, type Tensor } from "lucidgrad";
import { hiddenLayers } from "./hidden-layers.ts";
import { normalize } from "./normalize.ts";

/**
 * The unit of a layer with most on both sides of 0: what ReLU lets through and what it cuts off, summed over the pictures; the
 * lesser of the two, in the network that has least of it. So there are dots on both sides in every lane, and as far apart as
 * they come: of the first unit a network without normalization often has all dots in one heap, or all of them cut off. Of the
 * same networks and pictures it is always the same one.
 */
export function tellingUnit(networks: readonly nn.Sequential[], images: Tensor, layer: number): number {
  const onBothSides = networks.map((network) => {
    const y = noGrad(() => reluInput(network, images, layer)); // (N, C, P)
    const passed = y.relu().sum([0, 2]);
    const cut = y.neg().relu().sum([0, 2]);
    return Array.from(passed.minimum(cut).data);
  });
  const least = onBothSides[0].map((_, unit) => Math.min(...onBothSides.map((sums) => sums[unit])));
  return least.reduce((best, value, unit) => (value > least[best] ? unit : best), 0);
}

/** Batch norm takes the statistics of the batch, as the view does at first, and keeps none of them. */
function reluInput(network: nn.Sequential, images: Tensor, layer: number): Tensor {
  const layers = [...network];
  const hidden = hiddenLayers(network);
  let x = images;
  let place = 0;
  for (const { norm, start } of hidden.slice(0, layer + 1)) {
    for (; place < start; place++) x = layers[place].forward(x);
    if (norm) [x, place] = [normalize(x, norm, "batch").y, place + 1];
  }
  const [n, units] = x.shape;
  return x.reshape([n, units, -1]);
}
