/**
 * The network of style.ts: the first five convolutions of VGG-19 (Simonyan & Zisserman 2014), under the names that they have there.
 * `vgg19().features` from "lucidgrad/models" has eleven more; but behind them are 140 million weights, which take long to draw.
 */
import { nn } from "lucidgrad";

const convolution = (inputs: number, outputs: number) => new nn.Conv2d(inputs, outputs, 3, { padding: 1 });

/** Pictures (N, 3, H, W) to features (N, 256, H / 4, W / 4). Its weights are VGG's own to begin with. */
export function newVggFeatures(): nn.Sequential {
  const network = new nn.Sequential(
    convolution(3, 64),
    new nn.ReLU(),
    convolution(64, 64),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    convolution(64, 128),
    new nn.ReLU(),
    convolution(128, 128),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    convolution(128, 256),
  );
  return network.apply((module) => {
    if (!(module instanceof nn.Conv2d)) return;
    nn.init.kaimingNormal_(module.weight, { mode: "fanOut", nonlinearity: "relu" });
    if (module.bias) nn.init.zeros_(module.bias);
  });
}
