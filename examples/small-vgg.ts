/**
 * A small relative of VGG (Simonyan & Zisserman 2014): pictures.ts trains it. The first layers see edges and colours, the last
 * ones parts of things.
 */
import { nn, type Tensor } from "lucidgrad";

/** As high and wide as before. */
const layer = (inputs: number, outputs: number) =>
  new nn.Sequential(
    new nn.Conv2d(inputs, outputs, 3, { padding: 1, bias: false }),
    new nn.BatchNorm2d(outputs),
    new nn.ReLU(),
  );

/** Pictures (N, 3, H, W) of any size to logits (N, classes). */
export class SmallVgg extends nn.Module {
  readonly conv1_1 = layer(3, 16);
  readonly conv1_2 = layer(16, 16);
  readonly pool1 = new nn.AvgPool2d(2);
  readonly conv2_1 = layer(16, 32);
  readonly conv2_2 = layer(32, 32);
  readonly pool2 = new nn.AvgPool2d(2);
  readonly conv3_1 = layer(32, 64);
  readonly conv3_2 = layer(64, 64);
  readonly mean = new nn.AdaptiveAvgPool2d(1);
  readonly flatten = new nn.Flatten();
  readonly head: nn.Linear;

  constructor(classes: number) {
    super();
    this.head = new nn.Linear(64, classes);
  }

  /** What each layer makes of pictures, by the layer's name. */
  features(pictures: Tensor): Record<string, Tensor> {
    const found: Record<string, Tensor> = {};
    let x = pictures;
    for (const [name, layer] of this.namedChildren()) found[name] = x = layer.forward(x) as Tensor;
    return found;
  }

  override forward(pictures: Tensor): Tensor {
    return this.features(pictures).head;
  }
}
