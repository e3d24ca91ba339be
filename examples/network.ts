/** The network of mnist-batchnorm.ts, with or without batch normalization: the benchmark trains it, too. */
import { nn, type Tensor } from "../src/index.ts";

/** 784 → hidden → hidden → 10, with a batch norm after each hidden layer, or without. */
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
