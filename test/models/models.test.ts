/** Networks begin with torchvision's weights, have its names and its text, and compute what it does. */
import { describe, expect, it } from "vitest";
import type { nn } from "../../src/index.ts";
import { DenseNet, type ModelOptions, resnet18, VisionTransformer } from "../../src/models/index.ts";
import { Answers, type Comparing, torch } from "../support/index.ts";

/** How much of a sum of a state may be errors of rounding, of which large networks have more. */
const comparing = (atol: number): Comparing => ({
  atol: 1e-5,
  rtol: 1e-5,
  of: { sums: { atol, rtol: 1e-7 }, changed: { atol: Math.max(atol, 1e-3), rtol: 1e-4 }, trained: { atol: 1e-4 } },
});
const answers = new Answers("models", comparing(1e-3));
const { models } = torch;
const options: ModelOptions = { numClasses: 5 };

/** What is made of seed 0, what it makes of pictures in training, what that changes, and what it makes of them then. */
function run(make: () => nn.Module, size: number) {
  torch.manualSeed(0);
  const model = make();
  const first = torch.fingerprint(model);
  const x = torch.rand([2, 3, size, size]);
  const trained = torch.noGrad(() => model.forward(x));
  const changed = torch.fingerprint(model);
  model.eval();
  return { first, trained, changed: changed.sums, evaluated: torch.noGrad(() => model.forward(x)) };
}

/** Small ones of each kind, and the size of pictures: large enough for batch normalization to see several numbers to the end. */
const small: Record<string, [make: () => nn.Module, size: number]> = {
  "a ResNet of BasicBlocks": [() => new models.ResNet(models.BasicBlock, [1, 2, 1, 1], options), 64],
  "a ResNet of Bottlenecks that keep the size": [
    () =>
      new models.ResNet(models.Bottleneck, [1, 1, 1, 1], {
        ...options,
        groups: 4,
        widthPerGroup: 4,
        zeroInitResidual: true,
        replaceStrideWithDilation: [false, true, true],
      }),
    32,
  ],
  "SqueezeNet 1.1": [() => models.squeezenet1_1({ ...options, dropout: 0.1 }), 32],
  "MobileNet 2": [
    () =>
      new models.MobileNetV2({
        ...options,
        widthMult: 0.2,
        dropout: 0.1,
        roundNearest: 4,
      }),
    64,
  ],
  DenseNet: [() => new models.DenseNet(8, [2, 3], 16, { ...options, dropRate: 0.1 }), 32],
  EfficientNet: [
    () =>
      new models.EfficientNet(
        [new models.MBConvConfig(1, 3, 1, 16, 16, 2), new models.MBConvConfig(6, 5, 2, 16, 24, 2, { depthMult: 1.2 })],
        { ...options, dropout: 0.3, stochasticDepthProb: 0.5 },
      ),
    32,
  ],
  VisionTransformer: [() => new models.VisionTransformer(16, 8, 2, 2, 8, 16, { ...options, dropout: 0.1 }), 16],
  "VisionTransformer with a stem": [
    () =>
      new models.VisionTransformer(16, 4, 1, 2, 8, 16, {
        ...options,
        attentionDropout: 0.1,
        representationSize: 6,
        convStemConfigs: [2, 2].map((stride) => ({ outChannels: 4, kernelSize: 3, stride })),
      }),
    16,
  ],
};

/**
 * The large ones, too, with MODELS=all in the environment; and where PyTorch is asked. Of pictures of 64, resnet50 normalizes maps of 2x2,
 * and PyTorch's own results in float32 are 0.0001 from those in float64.
 */
const all = Boolean(process.env.MODELS ?? process.env.ANSWERS);
const large: typeof small = {
  alexnet: [() => models.alexnet(options), 64],
  vgg11: [() => models.vgg11(options), 64],
  vgg13Bn: [() => models.vgg13Bn(options), 64],
  vgg16: [() => models.vgg16(options), 64],
  vgg19Bn: [() => models.vgg19Bn(options), 64],
  squeezenet1_0: [() => models.squeezenet1_0(options), 33],
  resnet18: [() => models.resnet18(options), 64],
  resnet34: [() => models.resnet34(options), 64],
  resnet50: [() => models.resnet50(options), 128],
  mobilenetV2: [() => models.mobilenetV2(options), 64],
  densenet121: [() => models.densenet121(options), 64],
  efficientnetB0: [() => models.efficientnetB0(options), 64],
  vitB16: [() => models.vitB16({ ...options, imageSize: 32 }), 32],
};

describe("networks", () => {
  for (const [name, [make, size]] of Object.entries(small)) answers.it(name, () => run(make, size));
  if (all)
    for (const [name, [make, size]] of Object.entries(large))
      answers.it(name, () => run(make, size), comparing(0.02), 600_000);
});

it("refuse to download weights, and say where they are", () => {
  expect(() => resnet18({ weights: "DEFAULT" })).toThrow("model.loadStateDict(load(");
  expect(() => resnet18({ pretrained: true })).toThrow("torch.save(torchvision.models");
});

it("say what sizes and blocks cannot be", () => {
  const { BasicBlock, MBConvConfig, MobileNetV2, ResNet } = models;
  expect(() => new MBConvConfig(1, 3, 1, 16, 16, 2, { depthMult: Number.NaN })).toThrow("cannot convert float NaN");
  expect(() => new MobileNetV2({ widthMult: Infinity })).toThrow("cannot convert float Infinity to integer");
  expect(() => new ResNet(BasicBlock, [1, 1, 1])).toThrow("a ResNet has four layers of blocks, but got [1, 1, 1]");
  expect(() => new ResNet("BasicBlock" as never, [1, 1, 1, 1])).toThrow("of a class such as BasicBlock");
});

it("read the names of torchvision's older files", () => {
  const densenet = new DenseNet(4, [1], 8, { numClasses: 2 });
  const vit = new VisionTransformer(8, 4, 1, 1, 4, 4, { numClasses: 2 });
  const older = (model: nn.Module, ...change: [RegExp, string]): nn.StateDict =>
    Object.fromEntries(Object.entries(model.stateDict()).map(([name, x]) => [name.replace(...change), x]));
  const states = [older(densenet, /(norm|conv)([12])\./, "$1.$2."), older(vit, /mlp\.0/, "mlp.linear_1")];
  for (const [i, model] of [densenet, vit].entries()) {
    expect(Object.keys(states[i])).not.toEqual(Object.keys(model.stateDict()));
    expect(model.loadStateDict(states[i])).toEqual({ missingKeys: [], unexpectedKeys: [] });
  }
});

answers.each({
  "what ResNets refuse": () =>
    [
      () => new models.BasicBlock(4, 4, { groups: 2 }),
      () => new models.BasicBlock(4, 4, { dilation: 2 }),
      () => new models.SqueezeNet("1_2" as "1_1"),
      () => new models.VisionTransformer(15, 4, 1, 1, 4, 4),
    ].map((make) => torch.error(make)),
});
