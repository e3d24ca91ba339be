// biome-ignore-all format: an example stands on the page as it is written here
/** Examples of nn.md. */
import { arange, manualSeed, nn, ones, randn, type Tensor, tensor, zeros } from "lucidgrad";
import type { ExamplesOf } from "./types.ts";

export const layers: ExamplesOf<typeof nn> = {
  Module: () => {
    class Net extends nn.Module {
      readonly hidden = new nn.Linear(2, 8);
      readonly output = new nn.Linear(8, 1);
      override forward(x: Tensor): Tensor {
        return this.output.forward(this.hidden.forward(x).relu());
      }
    }
    const net = new Net();
    console.log(net, net.forward(zeros([5, 2])).shape);
    console.log(net.namedParameters().map(([name, { shape }]) => `${name} ${shape}`));
    net.eval(); // as train(false)
    console.log(net.training, net.hidden.training);
  },
  Parameter: () => {
    class Scale extends nn.Module {
      readonly factor = new nn.Parameter(ones(1));
      override forward(x: Tensor): Tensor {
        return x.mul(this.factor);
      }
    }
    console.log(new Scale().parameters());
  },
  Sequential: () => {
    const model = new nn.Sequential(new nn.Linear(2, 8), new nn.ReLU(), new nn.Linear(8, 1));
    console.log(model);
    console.log(model.forward(zeros([5, 2])).shape);
  },
  ModuleList: () => {
    const layers = new nn.ModuleList([new nn.Linear(2, 2), new nn.Linear(2, 2)]);
    let x = ones([1, 2]);
    for (const layer of layers) x = x.add(layer.forward(x)); // residual connections
    console.log(layers, x.shape);
  },
  ModuleDict: () => {
    const heads = new nn.ModuleDict({ digit: new nn.Linear(8, 10), parity: new nn.Linear(8, 2) });
    console.log(heads.get("parity").forward(zeros([1, 8])).shape);
  },
  Linear: () => {
    manualSeed(0);
    const layer = new nn.Linear(3, 2);
    console.log(layer, layer.forward(ones([4, 3])).shape);
    console.log(layer.weight);
  },
  Embedding: () => {
    const words = new nn.Embedding(10, 3); // ten words, three numbers each
    console.log(words.forward(tensor([[1, 2], [4, 1]], { dtype: "int32" })).shape);
  },
  Conv1d: () => {
    const layer = new nn.Conv1d(2, 4, 3, { padding: 1 });
    console.log(layer, layer.forward(zeros([1, 2, 10])).shape);
  },
  Conv2d: () => {
    const layer = new nn.Conv2d(1, 8, 3, { stride: 2, padding: 1 });
    console.log(layer, layer.forward(zeros([16, 1, 28, 28])).shape);
  },
  ConvTranspose1d: () => new nn.ConvTranspose1d(2, 1, 4, { stride: 2, padding: 1 }).forward(zeros([1, 2, 10])).shape,
  ConvTranspose2d: () => new nn.ConvTranspose2d(8, 1, 2, { stride: 2 }).forward(zeros([1, 8, 14, 14])).shape,
  MaxPool2d: () => new nn.MaxPool2d(2).forward(arange(16).view(1, 1, 4, 4)),
  AvgPool2d: () => new nn.AvgPool2d(2).forward(arange(16).view(1, 1, 4, 4)),
  AdaptiveAvgPool2d: () => new nn.AdaptiveAvgPool2d(1).forward(zeros([16, 8, 7, 5])).shape,
  Flatten: () => new nn.Flatten().forward(zeros([16, 8, 7, 7])).shape,
  Identity: () => new nn.Identity().forward(tensor([1, 2])),
  BatchNorm1d: () => {
    const layer = new nn.BatchNorm1d(2);
    console.log(layer.forward(tensor([[1, 20], [3, 60]]))); // by the batch's mean and variance
    console.log(layer.runningMean, layer.runningVar);
    layer.eval();
    console.log(layer.forward(tensor([[1, 20]]))); // by the running ones
  },
  BatchNorm2d: () => {
    const layer = new nn.BatchNorm2d(3);
    console.log(layer, layer.forward(randn([4, 3, 8, 8])).shape);
  },
  LayerNorm: () => new nn.LayerNorm(3).forward(tensor([[1, 2, 3], [10, 20, 30]])),
  GroupNorm: () => new nn.GroupNorm(2, 4, { affine: false }).forward(tensor([[1, 3, 10, 30]])),
  InstanceNorm1d: () => new nn.InstanceNorm1d(2).forward(tensor([[[1, 3], [10, 30]]])),
  InstanceNorm2d: () => new nn.InstanceNorm2d(3).forward(randn([4, 3, 8, 8])).shape,
  Dropout: () => {
    manualSeed(0);
    const layer = new nn.Dropout(0.5);
    console.log(layer.forward(ones(4)));
    console.log(layer.eval().forward(ones(4)));
  },
  ReLU: () => new nn.ReLU().forward(tensor([-1, 0, 2])),
  Sigmoid: () => new nn.Sigmoid().forward(tensor([-100, 0, 2])),
  Tanh: () => new nn.Tanh().forward(tensor([-1, 0, 100])),
  SiLU: () => new nn.SiLU().forward(tensor([-1, 0, 1])),
  GELU: () => {
    const x = tensor([-1, 0, 1]);
    console.log(new nn.GELU().forward(x), new nn.GELU({ approximate: "tanh" }).forward(x));
  },
  LeakyReLU: () => new nn.LeakyReLU({ negativeSlope: 0.1 }).forward(tensor([-1, 0, 1])),
  ELU: () => new nn.ELU().forward(tensor([-1, 0, 1])),
  Softplus: () => new nn.Softplus().forward(tensor([-1, 0, 100])),
  Softmax: () => new nn.Softmax(1).forward(tensor([[1, 2, 3]])),
  LogSoftmax: () => new nn.LogSoftmax(1).forward(tensor([[1, 2, 3]])),
  CrossEntropyLoss: () => {
    const criterion = new nn.CrossEntropyLoss({ labelSmoothing: 0.1 });
    const logits = tensor([[2, 0, 0], [0, 3, 0]]);
    console.log(criterion.forward(logits, tensor([0, 2], { dtype: "int32" })));
  },
  NLLLoss: () => {
    const logProbabilities = tensor([[2, 0, 0], [0, 3, 0]]).logSoftmax(1);
    console.log(new nn.NLLLoss().forward(logProbabilities, tensor([0, 2], { dtype: "int32" })));
  },
  MSELoss: () => new nn.MSELoss().forward(tensor([1, 2]), tensor([0, 4])),
  L1Loss: () => new nn.L1Loss({ reduction: "sum" }).forward(tensor([1, 2]), tensor([0, 4])),
  SmoothL1Loss: () => new nn.SmoothL1Loss({ reduction: "none" }).forward(tensor([0.5, 10]), zeros(2)),
  HuberLoss: () => new nn.HuberLoss({ delta: 2, reduction: "none" }).forward(tensor([0.5, 10]), zeros(2)),
  KLDivLoss: () => {
    const [p, q] = [tensor([[0.5, 0.5]]), tensor([[0.9, 0.1]])];
    console.log(new nn.KLDivLoss({ reduction: "batchmean" }).forward(q.log(), p));
  },
  BCELoss: () => new nn.BCELoss().forward(tensor([0.9, 0.1]), tensor([1, 0])),
  BCEWithLogitsLoss: () => {
    const criterion = new nn.BCEWithLogitsLoss({ posWeight: tensor([3]) }); // a miss costs three times a false alarm
    console.log(criterion.forward(tensor([2, -2]), tensor([1, 1])));
  },
};
