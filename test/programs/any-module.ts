/** Helpers for whatever module: training, freezing, counting, copying, looking inside. */
import { manualSeed, nn, noGrad, optim, randn, type Shape, summary, type Tensor } from "lucidgrad";

type Loss = (prediction: Tensor, target: Tensor) => Tensor;

function train(model: nn.Module, loss: Loss, batches: Iterable<[Tensor, Tensor]>, optimizer: optim.SGD): number {
  let total = 0;
  model.train();
  for (const [x, target] of batches) {
    optimizer.zeroGrad();
    const value = loss(model.forward(x), target);
    value.backward();
    nn.utils.clipGradNorm_(model.parameters(), 1);
    optimizer.step();
    total += value.item();
  }
  return total;
}

function frozen<Model extends nn.Module>(model: Model): Model {
  return model.requiresGrad_(false).eval();
}

const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

const countOf = (model: nn.Module): number => model.parameters().reduce((sum, { shape }) => sum + sizeOf(shape), 0);

function mlp(...sizes: number[]): nn.Sequential {
  const layers: nn.Module[] = sizes.slice(1).flatMap((size, i) => [new nn.Linear(sizes[i] ?? 0, size), new nn.ReLU()]);
  return new nn.Sequential(...layers.slice(0, -1));
}

class Ensemble extends nn.Module {
  readonly members = new nn.ModuleList([mlp(2, 4, 1), mlp(2, 8, 1)]);
  readonly weights = new nn.ParameterList([randn([1]), randn([1])]);
  readonly heads = { mean: new nn.Linear(1, 1), spread: new nn.Linear(1, 1) };
  last: Tensor | null = null;

  override forward(x: Tensor): Tensor {
    const outputs = [...this.members].map((member, i): Tensor => member.forward(x).mul(this.weights.at(i)));
    const y = this.heads.mean.forward(outputs.reduce((sum, output) => sum.add(output)));
    this.last = y.detach();
    return y;
  }
}

manualSeed(0);
const model = new Ensemble();
const before = countOf(model);
const optimizer = new optim.SGD(
  [{ params: model.members.parameters() }, { params: model.heads.mean.parameters(), lr: 0.01 }],
  { lr: 0.1, momentum: 0.9 },
);
const schedule = new optim.lrScheduler.CosineAnnealingLR(optimizer, { tMax: 3 });
const batches: [Tensor, Tensor][] = [[randn([4, 2]), randn([4, 1])]];
for (let epoch = 0; epoch < 3; epoch++, schedule.step()) train(model, nn.functional.mseLoss, batches, optimizer);
const shapes: Shape[] = [];
const handle = model.registerForwardHook((_, [x], y) => void shapes.push(x.shape, y.shape));
noGrad(() => model.forward(randn([3, 2])));
handle.remove();
const copy = new Ensemble();
const { missingKeys } = copy.loadStateDict(model.stateDict());
if (missingKeys.length > 0 || countOf(frozen(copy)) !== before || shapes.length !== 2)
  throw new Error("another network");
if (summary(copy, [1, 2]).parameters !== before) throw new Error("parameters are counted twice, or not");
