/** The networks that are compared: one for each contestant. lucidgrad-program.ts and pytorch-program.ts write the same down as programs. */
import { nn } from "lucidgrad";
import type { Contestant, Norm, Settings, Weights } from "./settings.ts";

export function newNetwork(settings: Settings, { norm, weights }: Pick<Contestant, "norm" | "weights">): nn.Sequential {
  const network = settings.network === "mlp" ? newMlp(settings, norm) : newCnn(settings, norm);
  return startWith(network, weights);
}

/** 784 → width → … → width → 10: linear, normalized or not, ReLU. */
function newMlp({ width, depth, batchNormMomentum }: Settings, norm: Norm): nn.Sequential {
  const layers: nn.Module[] = [new nn.Flatten()];
  for (let inputs = 784, layer = 0; layer < depth; layer++, inputs = width) {
    // Before a batch norm a bias would do nothing: the mean, and the bias with it, is subtracted again.
    layers.push(new nn.Linear(inputs, width, { bias: norm !== "batch" }));
    if (norm === "batch") layers.push(new nn.BatchNorm1d(width, { momentum: batchNormMomentum }));
    if (norm === "layer") layers.push(new nn.LayerNorm(width));
    layers.push(new nn.ReLU());
  }
  return new nn.Sequential(...layers, new nn.Linear(width, 10));
}

/** 3 x 3 convolutions, normalized or not, ReLU; 28 x 28 are pooled to 14 x 14 after the first, to 7 x 7 after the second. */
function newCnn({ width, depth, batchNormMomentum }: Settings, norm: Norm): nn.Sequential {
  const layers: nn.Module[] = [];
  for (let inputs = 1, layer = 0; layer < depth; layer++, inputs = width) {
    layers.push(new nn.Conv2d(inputs, width, 3, { padding: 1, bias: norm !== "batch" }));
    if (norm === "batch") layers.push(new nn.BatchNorm2d(width, { momentum: batchNormMomentum }));
    if (norm === "layer") layers.push(new nn.GroupNorm(1, width)); // of pictures: one group of all channels
    layers.push(new nn.ReLU());
    if (layer < 2) layers.push(new nn.MaxPool2d(2));
  }
  const side = depth === 1 ? 14 : 7;
  return new nn.Sequential(...layers, new nn.Flatten(), new nn.Linear(width * side * side, 10));
}

function startWith(network: nn.Sequential, weights: Weights): nn.Sequential {
  for (const layer of network) {
    if (!(layer instanceof nn.Linear || layer instanceof nn.Conv2d)) continue;
    if (weights === "he") nn.init.kaimingNormal_(layer.weight, { nonlinearity: "relu" });
    if (weights === "small") nn.init.normal_(layer.weight, 0, 0.01);
    if (weights === "large") nn.init.normal_(layer.weight, 0, 1);
  }
  return network;
}
