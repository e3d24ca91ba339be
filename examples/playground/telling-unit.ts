/** Which unit is shown first: one with something to see. */
import { type nn, noGrad, type Tensor } from "lucidgrad";
import { hiddenLayers } from "./hidden-layers.ts";
import { through } from "./normalize.ts";

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

/** Batch norm takes the statistics of the batch, as the view does at first. */
function reluInput(network: nn.Sequential, images: Tensor, layer: number): Tensor {
  const hidden = hiddenLayers(network);
  const { norm, start } = hidden[Math.min(layer, hidden.length - 1)]; // the last, if there are fewer, as the view shows
  const x = through(images, [...network].slice(0, norm ? start + 1 : start), "batch");
  const [n, units] = x.shape;
  return x.reshape([n, units, -1]);
}
