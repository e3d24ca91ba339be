/** The networks of mnist-batchnorm.ts, with or without batch normalization: the benchmark trains them, too. */
import { nn, type Tensor } from "lucidgrad";

/**
 * 784 → hidden → ReLU → hidden → 10, with a batch norm after each hidden layer, or without. As in the program whose numbers
 * it has, no ReLU follows the second.
 */
export class Net extends nn.Module {
  readonly fc1: nn.Linear;
  readonly batchNorm1: nn.BatchNorm1d | null;
  readonly fc2: nn.Linear;
  readonly batchNorm2: nn.BatchNorm1d | null;
  readonly fc3: nn.Linear;

  constructor(hidden: number, useBatchNorm: boolean) {
    super();
    // Before a batch norm a bias would do nothing: the mean, and the bias with it, is subtracted again.
    this.fc1 = new nn.Linear(784, hidden, { bias: !useBatchNorm });
    this.batchNorm1 = useBatchNorm ? new nn.BatchNorm1d(hidden) : null;
    this.fc2 = new nn.Linear(hidden, hidden, { bias: !useBatchNorm });
    this.batchNorm2 = useBatchNorm ? new nn.BatchNorm1d(hidden) : null;
    this.fc3 = new nn.Linear(hidden, 10);
  }

  override forward(images: Tensor): Tensor {
    let x = images.view(-1, 784);
    x = this.fc1.forward(x);
    if (this.batchNorm1) x = this.batchNorm1.forward(x);
    x = x.relu();
    x = this.fc2.forward(x);
    if (this.batchNorm2) x = this.batchNorm2.forward(x);
    return this.fc3.forward(x);
  }
}

/** 3 x 3 convolutions and pooling twice, hidden / 2 and hidden channels, then 10 classes; a batch norm after each convolution. */
export class ConvNet extends nn.Module {
  readonly conv1: nn.Conv2d;
  readonly batchNorm1: nn.BatchNorm2d | null;
  readonly conv2: nn.Conv2d;
  readonly batchNorm2: nn.BatchNorm2d | null;
  readonly fc: nn.Linear;

  constructor(hidden: number, useBatchNorm: boolean) {
    super();
    const half = Math.ceil(hidden / 2);
    this.conv1 = new nn.Conv2d(1, half, 3, { padding: 1, bias: !useBatchNorm });
    this.batchNorm1 = useBatchNorm ? new nn.BatchNorm2d(half) : null;
    this.conv2 = new nn.Conv2d(half, hidden, 3, { padding: 1, bias: !useBatchNorm });
    this.batchNorm2 = useBatchNorm ? new nn.BatchNorm2d(hidden) : null;
    this.fc = new nn.Linear(hidden * 7 * 7, 10);
  }

  override forward(images: Tensor): Tensor {
    let x = this.conv1.forward(images); // (N, hidden / 2, 28, 28)
    if (this.batchNorm1) x = this.batchNorm1.forward(x);
    x = nn.functional.maxPool2d(x.relu(), 2); // 14 x 14
    x = this.conv2.forward(x);
    if (this.batchNorm2) x = this.batchNorm2.forward(x);
    x = nn.functional.maxPool2d(x.relu(), 2); // 7 x 7
    return this.fc.forward(x.flatten(1));
  }
}
