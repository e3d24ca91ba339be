/** The program of docs/guide/08-own-operation.md: An operation of your own. */
import { defineFunction, gradcheck, gradgradcheck, manualSeed, nn, optim, randn, type Tensor, tensor } from "lucidgrad";

const swish = (x: Tensor) => x.mul(x.sigmoid());

manualSeed(0);
const float64 = (...shape: number[]) => randn(shape, { dtype: "float64", requiresGrad: true });
console.log("swish:", gradcheck(swish, [float64(5)]));

const naive = (x: Tensor) => x.exp().add(1).log();

const softplus = defineFunction("softplus", (x: Tensor) => ({
  y: x.relu().add(x.abs().neg().exp().log1p()), // log(1 + eˣ) = max(x, 0) + log(1 + e^(-|x|))
  saves: [x],
  grads: [[x, (dy) => dy.mul(x.sigmoid())]],
}));

for (const f of [naive, softplus]) {
  const x = tensor([-1000, 0, 1000], { requiresGrad: true });
  const y = f(x);
  y.sum().backward();
  console.log(y.detach(), "gradient", x.grad?.toArray());
}
console.log("softplus:", gradcheck(softplus, [float64(5)]), gradgradcheck(softplus, [float64(5)]));

const roundStraightThrough = defineFunction("round", (x: Tensor) => ({ y: x.round(), grads: [[x, (dy) => dy]] }));

const weight = tensor([0.2, 0.7, 1.6], { requiresGrad: true });
roundStraightThrough(weight).sum().backward();
console.log("rounded", weight.round().detach().toArray(), "gradient", weight.grad?.toArray());

class RMSNorm extends nn.Module {
  readonly weight: nn.Parameter;

  constructor(size: number) {
    super();
    this.weight = new nn.Parameter(tensor(new Array<number>(size).fill(1)));
  }

  override forward(x: Tensor): Tensor {
    const meanSquare = x.mul(x).mean(-1, { keepdim: true });
    return x.div(meanSquare.add(1e-6).sqrt()).mul(this.weight);
  }
}

class Swish extends nn.Module {
  override forward(x: Tensor): Tensor {
    return swish(x);
  }
}

const network = new nn.Sequential(new nn.Linear(2, 32), new RMSNorm(32), new Swish(), new nn.Linear(32, 2));
const optimizer = new optim.Adam(network.parameters(), { lr: 0.01 });
const points = randn([256, 2]);
const isRight = points.prod(1).gt(0).to("int32"); // are both coordinates of one sign?
for (let step = 0; step < 150; step++) {
  optimizer.zeroGrad();
  nn.functional.crossEntropy(network.forward(points), isRight).backward();
  optimizer.step();
}
const right = network.forward(points).argmax(1).eq(isRight).sum().item();
console.log(network);
console.log(`${Math.round(right / 2.56)} % of the points are classified correctly`);
