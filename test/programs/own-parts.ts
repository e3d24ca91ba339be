/** Parts of one's own: an optimizer, a data set, a schedule, a function with its gradient, a layer with a buffer. */
import {
  type Applied,
  arange,
  DataLoader,
  Dataset,
  type DType,
  defineFunction,
  gradcheck,
  nn,
  noGrad,
  ones,
  optim,
  type PullBack,
  randn,
  type Shape,
  type Tensor,
  zeros,
} from "lucidgrad";

interface LionSettings {
  lr: number;
  beta: number;
}

class Lion extends optim.Optimizer<LionSettings> {
  constructor(params: optim.Params<LionSettings>, options: Partial<LionSettings> = {}) {
    super(params, { lr: 1e-3, beta: 0.9, ...options });
  }

  protected override update(param: Tensor, { lr, beta }: LionSettings): void {
    const momentum = this.state.get(param)?.momentum ?? zeros(param.shape, { dtype: param.dtype });
    const gradient = param.grad ?? zeros(param.shape);
    param.sub_(
      momentum
        .mul(beta)
        .add(gradient.mul(1 - beta))
        .sign(),
      { alpha: lr },
    );
    this.state.set(param, { momentum: momentum.mul(beta).add(gradient.mul(1 - beta)) });
  }
}

class Squares extends Dataset {
  get length(): number {
    return 6;
  }

  get(i: number): Tensor[] {
    return [ones([1]).mul(i), ones([1]).mul(i * i)];
  }
}

class RunningMean extends nn.Module {
  mean: Tensor;

  constructor(shape: Shape, dtype: DType = "float32") {
    super();
    this.mean = this.registerBuffer("mean", zeros(shape, { dtype }));
  }

  override forward(x: Tensor): Tensor {
    if (this.training) this.mean = noGrad(() => this.mean.mul(0.9).add(x.mean(0).mul(0.1)));
    return x.sub(this.mean);
  }
}

const straightThrough: PullBack = (dy) => dy;
const rounded = defineFunction("rounded", (x: Tensor): Applied => ({ y: x.round(), grads: [[x, straightThrough]] }));
const doubled = defineFunction("doubled", (x: Tensor): Applied => ({ y: x.mul(2), grads: [[x, (dy) => dy.mul(2)]] }));
gradcheck(doubled, [randn([3], { dtype: "float64", requiresGrad: true })]);

class Net extends nn.Module {
  readonly center = new RunningMean([1]);
  readonly layer = new nn.Linear(1, 1);

  override forward(x: Tensor): Tensor {
    return rounded(this.layer.forward(this.center.forward(x)));
  }
}

const net = new Net();
const optimizer = new Lion(net.parameters(), { lr: 0.01 });
const schedule = new optim.lrScheduler.LambdaLR(optimizer, (epoch) => 0.5 ** epoch);
for (const [x, y] of new DataLoader(new Squares(), { batchSize: 2 })) {
  if (!x || !y) throw new Error("an empty batch");
  optimizer.zeroGrad();
  net.forward(x).sub(y).pow(2).mean().backward();
  optimizer.step();
  schedule.step();
}
if (Object.keys(net.stateDict()).join() !== "center.mean,layer.weight,layer.bias") throw new Error("another state");
if (arange(5, { dtype: "int32" }).dtype !== "int32") throw new Error("another dtype");
