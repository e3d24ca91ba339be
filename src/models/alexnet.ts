/** AlexNet: five convolutions, three linear maps (Krizhevsky 2014, https://arxiv.org/abs/1404.5997). Read next: vgg.ts. */
import { flatten } from "../autograd/ops/shape.ts";
import * as nn from "../nn/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type ModelOptions, readModelOptions } from "./options.ts";

/** Options of AlexNet. */
export interface AlexNetOptions extends ModelOptions {
  /** How likely an element is dropped before each hidden linear map. Default: 0.5. */
  dropout?: number;
}

/**
 * The first deep network to win at ImageNet, in its form for one machine. Mirrors `torchvision.models.AlexNet` (Krizhevsky 2014,
 * https://arxiv.org/abs/1404.5997).
 * @example
 * try {
 *   new AlexNet({ pretrained: true });
 * } catch (problem) {
 *   console.log((problem as Error).message);
 * }
 */
export class AlexNet extends nn.Module {
  /** Convolutions and max pooling. */
  readonly features: nn.Sequential;
  /** Makes maps of 6 × 6 of any size. */
  readonly avgpool = new nn.AdaptiveAvgPool2d([6, 6]);
  /** The linear maps; the last has a unit for each class. */
  readonly classifier: nn.Sequential;

  constructor(options?: AlexNetOptions) {
    super();
    const { numClasses, dropout } = readModelOptions(options, { dropout: 0.5 });
    this.features = new nn.Sequential(
      new nn.Conv2d(3, 64, 11, { stride: 4, padding: 2 }),
      new nn.ReLU({ inplace: true }),
      new nn.MaxPool2d(3, { stride: 2 }),
      new nn.Conv2d(64, 192, 5, { padding: 2 }),
      new nn.ReLU({ inplace: true }),
      new nn.MaxPool2d(3, { stride: 2 }),
      new nn.Conv2d(192, 384, 3, { padding: 1 }),
      new nn.ReLU({ inplace: true }),
      new nn.Conv2d(384, 256, 3, { padding: 1 }),
      new nn.ReLU({ inplace: true }),
      new nn.Conv2d(256, 256, 3, { padding: 1 }),
      new nn.ReLU({ inplace: true }),
      new nn.MaxPool2d(3, { stride: 2 }),
    );
    this.classifier = new nn.Sequential(
      new nn.Dropout(dropout),
      new nn.Linear(256 * 6 * 6, 4096),
      new nn.ReLU({ inplace: true }),
      new nn.Dropout(dropout),
      new nn.Linear(4096, 4096),
      new nn.ReLU({ inplace: true }),
      new nn.Linear(4096, numClasses),
    );
  }

  /** @param x (N, 3, H, W), at least 63 pixels each way @returns (N, numClasses) */
  override forward(x: Tensor): Tensor {
    const y = this.avgpool.forward(this.features.forward(x)); // (N, 256, 6, 6)
    return this.classifier.forward(flatten(y, 1));
  }
}

/**
 * AlexNet. Mirrors `torchvision.models.alexnet`.
 * @example
 * try {
 *   alexnet({ weights: "DEFAULT" });
 * } catch (problem) {
 *   console.log((problem as Error).message);
 * }
 */
export const alexnet = (options?: AlexNetOptions): AlexNet => new AlexNet(options);
