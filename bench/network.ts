/** The network of examples/mnist-batchnorm.ts: 784 → 256 → 256 → 10, with a batch norm after each hidden layer, or without. */
import { nn, type Tensor } from "../src/index.ts";

export class Network extends nn.Module {
  readonly fc1: nn.Linear;
  readonly batchNorm1: nn.BatchNorm1d | null;
  readonly fc2: nn.Linear;
  readonly batchNorm2: nn.BatchNorm1d | null;
  readonly fc3: nn.Linear;

  constructor(useBatchNorm: boolean) {
    super();
    this.fc1 = new nn.Linear(784, 256, { bias: !useBatchNorm });
    this.batchNorm1 = useBatchNorm ? new nn.BatchNorm1d(256) : null;
    this.fc2 = new nn.Linear(256, 256, { bias: !useBatchNorm });
    this.batchNorm2 = useBatchNorm ? new nn.BatchNorm1d(256) : null;
    this.fc3 = new nn.Linear(256, 10);
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
