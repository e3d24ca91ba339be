// biome-ignore-all format: an example stands on the page as it is written here
/** Examples of nn-functional.md, nn-init.md and nn-utils.md. */
import { arange, manualSeed, nn, ones, tensor, zeros } from "lucidgrad";
import type { ExamplesOf } from "./types.ts";

export const functional: ExamplesOf<typeof nn.functional> = {
  relu: () => nn.functional.relu(tensor([-1, 0, 2])),
  sigmoid: () => nn.functional.sigmoid(tensor([-100, 0, 2])),
  tanh: () => nn.functional.tanh(tensor([-1, 0, 100])),
  softmax: () => nn.functional.softmax(tensor([1, 2, 3]), 0),
  logSoftmax: () => nn.functional.logSoftmax(tensor([1, 2, 3]), 0),
  gelu: () => nn.functional.gelu(tensor([-1, 0, 1])),
  silu: () => nn.functional.silu(tensor([-1, 0, 1])),
  leakyRelu: () => nn.functional.leakyRelu(tensor([-1, 0, 1]), 0.1),
  elu: () => nn.functional.elu(tensor([-1, 0, 1])),
  softplus: () => nn.functional.softplus(tensor([-1, 0, 100])),
  linear: () => {
    const weight = tensor([[1, 2], [3, 4], [5, 6]]); // 2 inputs, 3 outputs
    console.log(nn.functional.linear(tensor([1, 10]), weight, tensor([100, 200, 300])));
  },
  pad: () => {
    const x = tensor([[[1, 2, 3]]]);
    console.log(nn.functional.pad(x, [1, 2]), nn.functional.pad(x, [1, 2], "reflect"));
  },
  conv1d: () => {
    const x = tensor([[1, 2, 4, 8]]); // (1, 4)
    const differences = tensor([[[-1, 1]]]); // (1, 1, 2)
    console.log(nn.functional.conv1d(x, differences));
  },
  conv2d: () => {
    const x = arange(9).view(1, 1, 3, 3);
    console.log(nn.functional.conv2d(x, ones([1, 1, 2, 2]), null, { padding: "same" }));
  },
  convTranspose1d: () => {
    const x = tensor([[1, 2, 3]]);
    console.log(nn.functional.convTranspose1d(x, tensor([[[1, 0.5]]]), null, { stride: 2 }));
  },
  convTranspose2d: () => nn.functional.convTranspose2d(ones([1, 2, 2]), ones([1, 1, 2, 2])),
  maxPool2d: () => nn.functional.maxPool2d(arange(16).view(1, 4, 4), 2),
  maxPool2dWithIndices: () => nn.functional.maxPool2dWithIndices(arange(16).view(1, 4, 4), 2),
  avgPool2d: () => nn.functional.avgPool2d(arange(16).view(1, 4, 4), 2),
  adaptiveAvgPool2d: () => nn.functional.adaptiveAvgPool2d(arange(16).view(1, 4, 4), 1),
  embedding: () => {
    const words = tensor([[0, 0], [1, 10], [2, 20]]);
    console.log(nn.functional.embedding(tensor([2, 1], { dtype: "int32" }), words));
  },
  batchNorm: () => {
    const x = tensor([[1, 20], [3, 60]]);
    const [mean, variance] = [zeros(2), ones(2)];
    console.log(nn.functional.batchNorm(x, mean, variance, { training: true }));
    console.log(mean, variance); // a tenth of the way to 2 and 40, to 2 and 800
  },
  layerNorm: () => nn.functional.layerNorm(tensor([[1, 2, 3], [10, 20, 30]]), [3]),
  groupNorm: () => nn.functional.groupNorm(tensor([[1, 3, 10, 30]]), 2),
  instanceNorm: () => nn.functional.instanceNorm(tensor([[[1, 3], [10, 30]]])),
  dropout: () => {
    manualSeed(0);
    console.log(nn.functional.dropout(ones(6), 0.5));
  },
  crossEntropy: () => {
    const logits = tensor([[2, 0, 0], [0, 3, 0]]);
    const classes = tensor([0, 2], { dtype: "int32" });
    console.log(nn.functional.crossEntropy(logits, classes, { reduction: "none" }));
    console.log(nn.functional.crossEntropy(logits, classes));
  },
  nllLoss: () => {
    const probabilities = tensor([[0.5, 0.25, 0.25]]);
    console.log(nn.functional.nllLoss(probabilities.log(), tensor([0], { dtype: "int32" })));
  },
  mseLoss: () => nn.functional.mseLoss(tensor([1, 2]), tensor([0, 4])),
  l1Loss: () => nn.functional.l1Loss(tensor([1, 2]), tensor([0, 4])),
  smoothL1Loss: () => nn.functional.smoothL1Loss(tensor([0.5, 10]), zeros(2), { reduction: "none" }),
  huberLoss: () => nn.functional.huberLoss(tensor([0.5, 10]), zeros(2), { delta: 2, reduction: "none" }),
  binaryCrossEntropy: () => nn.functional.binaryCrossEntropy(tensor([0.9, 0.1]), tensor([1, 1]), { reduction: "none" }),
  binaryCrossEntropyWithLogits: () => nn.functional.binaryCrossEntropyWithLogits(tensor([5, -200]), tensor([1, 1]), { reduction: "none" }),
  klDiv: () => {
    const [p, q] = [tensor([[0.5, 0.5]]), tensor([[0.9, 0.1]])];
    console.log(nn.functional.klDiv(q.log(), p, { reduction: "batchmean" }));
  },
};

export const init: ExamplesOf<typeof nn.init> = {
  uniform_: () => nn.init.uniform_(zeros(3), -1, 1),
  normal_: () => nn.init.normal_(zeros(3), 0, 0.01),
  constant_: () => nn.init.constant_(zeros(3), 0.5),
  ones_: () => nn.init.ones_(zeros(3)),
  zeros_: () => nn.init.zeros_(ones(3)),
  calculateGain: () => nn.init.calculateGain("tanh"),
  fanInAndOut: () => nn.init.fanInAndOut(zeros([16, 3, 5, 5])), // of a convolution
  kaimingUniform_: () => nn.init.kaimingUniform_(zeros([2, 3]), { nonlinearity: "relu" }),
  kaimingNormal_: () => nn.init.kaimingNormal_(zeros([2, 3]), { mode: "fanOut", nonlinearity: "relu" }),
  xavierUniform_: () => nn.init.xavierUniform_(zeros([2, 3])),
  xavierNormal_: () => nn.init.xavierNormal_(zeros([2, 3]), nn.init.calculateGain("tanh")),
  orthogonal_: () => {
    const weight = nn.init.orthogonal_(zeros([2, 3], { dtype: "float64" }));
    console.log(weight.matmul(weight.t()).round().abs()); // the identity
  },
};

export const utils: ExamplesOf<typeof nn.utils> = {
  clipGradNorm_: () => {
    const x = tensor([3, 4], { requiresGrad: true });
    x.mul(x).sum().backward(); // its gradient is [6, 8], of length 10
    console.log(nn.utils.clipGradNorm_(x, 1), x.grad);
  },
  clipGradValue_: () => {
    const x = tensor([3, -4], { requiresGrad: true });
    x.mul(x).sum().backward();
    nn.utils.clipGradValue_(x, 1);
    console.log(x.grad);
  },
  parametersToVector: () => nn.utils.parametersToVector(new nn.Linear(2, 3).parameters()).shape,
  vectorToParameters: () => {
    const layer = new nn.Linear(2, 1);
    nn.utils.vectorToParameters(tensor([1, 2, 3]), layer.parameters());
    console.log(layer.weight, layer.bias);
  },
};
