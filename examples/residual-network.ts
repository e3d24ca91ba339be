/**
 * The network of resnet.ts: ResNet-20 (He, Zhang, Ren & Sun 2015), as the paper has it for CIFAR-10. Three stages of three blocks
 * see the picture at 32 x 32, 16 x 16 and 8 x 8.
 */
import { nn, type Tensor } from "lucidgrad";

const convolution = (inputs: number, outputs: number, stride: number) =>
  new nn.Conv2d(inputs, outputs, 3, { stride, padding: 1, bias: false });

/** What it computes is added to what came in: a block that has learned nothing yet passes on what it sees. */
class Block extends nn.Module {
  readonly conv1: nn.Conv2d;
  readonly norm1: nn.BatchNorm2d;
  readonly conv2: nn.Conv2d;
  readonly norm2: nn.BatchNorm2d;
  readonly #stride: number;

  /** With twice the channels at its end, half the height and width. */
  constructor(inputs: number, outputs: number) {
    super();
    this.#stride = outputs / inputs;
    this.conv1 = convolution(inputs, outputs, this.#stride);
    this.norm1 = new nn.BatchNorm2d(outputs);
    this.conv2 = convolution(outputs, outputs, 1);
    this.norm2 = new nn.BatchNorm2d(outputs);
  }

  override forward(x: Tensor): Tensor {
    const y = this.norm1.forward(this.conv1.forward(x)).relu();
    return this.norm2.forward(this.conv2.forward(y)).add(this.#shortcut(x)).relu();
  }

  /** Without weights: every other pixel, and zeros for the channels that x has not. */
  #shortcut(x: Tensor): Tensor {
    if (this.#stride === 1) return x;
    const small = x.slice(2, 0, Infinity, 2).slice(3, 0, Infinity, 2);
    const missing = x.shape[1] / 2; // in front and behind
    return nn.functional.pad(small, [0, 0, 0, 0, missing, missing]);
  }
}

/** Pictures (N, 3, 32, 32) to logits (N, classes), in 20 layers with weights. */
export function newResNet20(classes: number): nn.Sequential {
  const stage = (inputs: number, outputs: number) =>
    new nn.Sequential(new Block(inputs, outputs), new Block(outputs, outputs), new Block(outputs, outputs));
  const network = new nn.Sequential(
    convolution(3, 16, 1),
    new nn.BatchNorm2d(16),
    new nn.ReLU(),
    stage(16, 16), // 32 x 32
    stage(16, 32), // 16 x 16
    stage(32, 64), // 8 x 8
    new nn.AdaptiveAvgPool2d(1),
    new nn.Flatten(),
    new nn.Linear(64, classes),
  );
  return network.apply((module) => {
    if (module instanceof nn.Conv2d) nn.init.kaimingNormal_(module.weight, { mode: "fanOut", nonlinearity: "relu" });
  });
}
