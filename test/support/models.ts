/** The models of test/fixtures/modules.py, with camelCase fields. */
import { nn, ones, type Tensor, tensor, zeros } from "../../src/index.ts";

class ResidualBlock extends nn.Module {
  readonly innerLayers: nn.Sequential;
  readonly outScale = new nn.Parameter(ones([1]));

  constructor(width: number) {
    super();
    const linear = new nn.Linear(width, width, { bias: false });
    this.innerLayers = new nn.Sequential(linear, new nn.BatchNorm1d(width), new nn.ReLU());
  }

  override forward(x: Tensor): Tensor {
    return x.add(this.innerLayers.forward(x).mul(this.outScale));
  }

  override extraRepr(): string {
    return "residual=True";
  }
}

class DigitClassifier extends nn.Module {
  readonly pixelMean = zeros([2]);
  readonly flattenImage = new nn.Flatten();
  readonly inputLayer = new nn.Linear(4, 3);
  readonly firstBlock = new ResidualBlock(3);
  readonly outputLayer = new nn.Linear(3, 2);
  readonly temperature = new nn.Parameter(ones([]));
  readonly loss = new nn.CrossEntropyLoss({ weight: tensor([1, 2]) });

  override forward(x: Tensor): Tensor {
    const hidden = this.inputLayer.forward(this.flattenImage.forward(x));
    return this.outputLayer.forward(this.firstBlock.forward(hidden)).div(this.temperature);
  }
}

class WithList extends nn.Module {
  readonly hiddenLayers = [new nn.Linear(2, 2), new nn.ReLU(), new nn.Linear(2, 2)];
  readonly head = new nn.Linear(2, 1);

  override forward(x: Tensor): Tensor {
    return this.head.forward(this.hiddenLayers.reduce((y, layer) => layer.forward(y), x));
  }
}

/** One weight in two layers, and one layer under two names. */
class Tied extends nn.Module {
  readonly encoder = new nn.Linear(2, 2);
  readonly decoder = new nn.Linear(2, 2, { bias: false });
  readonly norm = new nn.BatchNorm1d(2);
  readonly sameNorm = this.norm;

  constructor() {
    super();
    Object.assign(this.decoder, { weight: this.encoder.weight });
  }

  override forward(x: Tensor): Tensor {
    return this.decoder.forward(this.norm.forward(this.encoder.forward(x)));
  }
}

class TwoLines extends nn.Module {
  override forward(x: Tensor): Tensor {
    return x;
  }

  override extraRepr(): string {
    return "first=1\nsecond=2";
  }
}

const small = () => new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3), new nn.ReLU(), new nn.Linear(3, 1));

const nested = () =>
  new nn.Sequential(
    new nn.Flatten(),
    new nn.Sequential(new nn.Linear(2, 3), new nn.Sequential(new nn.ReLU())),
    new nn.Sequential(),
  );

/** Every model by the name that the fixture has for it. */
export const models: Record<string, () => nn.Module> = {
  Linear: () => new nn.Linear(2, 3),
  "Linear without bias": () => new nn.Linear(784, 10, { bias: false }),
  BatchNorm1d: () => new nn.BatchNorm1d(3),
  "BatchNorm1d, all options": () =>
    new nn.BatchNorm1d(8, { eps: 1e-12, momentum: null, affine: false, trackRunningStats: false }),
  "BatchNorm1d, eps 0.001, momentum 0.05": () => new nn.BatchNorm1d(8, { eps: 0.001, momentum: 0.05 }),
  "BatchNorm1d, eps 2.5e-7, momentum 1.0": () => new nn.BatchNorm1d(8, { eps: 2.5e-7, momentum: 1 }),
  "BatchNorm1d without anything": () => new nn.BatchNorm1d(2, { affine: false, trackRunningStats: false }),
  ReLU: () => new nn.ReLU(),
  Flatten: () => new nn.Flatten(),
  "Flatten(0, 2)": () => new nn.Flatten(0, 2),
  CrossEntropyLoss: () => new nn.CrossEntropyLoss({ labelSmoothing: 0.1 }),
  "CrossEntropyLoss with weight": () => new nn.CrossEntropyLoss({ weight: ones([2]) }),
  Sequential: small,
  "empty Sequential": () => new nn.Sequential(),
  "nested Sequential": nested,
  "Sequential of TwoLines": () => new nn.Sequential(new TwoLines()),
  DigitClassifier: () => new DigitClassifier(),
  WithList: () => new WithList(),
  Tied: () => new Tied(),
  TwoLines: () => new TwoLines(),
};

/** The model of test/fixtures/exchange.py. */
export const exchangedModel = (): nn.Sequential =>
  new nn.Sequential(
    new nn.Conv2d(1, 3, 3, { padding: 1 }),
    new nn.BatchNorm2d(3),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(48, 6, { bias: false }),
    new nn.BatchNorm1d(6),
    new nn.ReLU(),
    new nn.Linear(6, 4),
  );
