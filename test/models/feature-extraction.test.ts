/** What networks compute on their way has torchvision's names and values. */
import { describe, expect, it } from "vitest";
import { manualSeed, nn, rand, type Tensor, zeros } from "../../src/index.ts";
import { createFeatureExtractor, DenseNet, getGraphNodeNames } from "../../src/models/index.ts";
import { Answers, expectExact, torch } from "../support/index.ts";

const answers = new Answers("feature_extraction", { atol: 1e-5, rtol: 1e-5 });
const { models } = torch;

const options = { numClasses: 2 };
const resnet = () => new models.ResNet(models.Bottleneck, [1, 1, 1, 1], { ...options, groups: 4, widthPerGroup: 4 });
const densenet = () => new models.DenseNet(4, [2, 1], 8, { ...options, dropRate: 0.2 });
const mobilenet = () =>
  new models.MobileNetV2({
    ...options,
    widthMult: 0.1,
    invertedResidualSetting: [
      [1, 16, 1, 1],
      [6, 16, 2, 1],
    ],
  });
const efficientnet = () =>
  new models.EfficientNet([new models.MBConvConfig(1, 3, 1, 8, 8, 2)], { ...options, dropout: 0.2 });

describe("the names of nodes", () => {
  const made = { resnet, densenet, mobilenet, efficientnet };
  for (const [name, make] of Object.entries(made)) {
    answers.it(name, () => models.getGraphNodeNames(make(), [torch.zeros([2, 3, 32, 32])]));
  }

  it("are found without changes to the network, or to random numbers", () => {
    manualSeed(0);
    const model = new DenseNet(4, [1], 8, options);
    model.classifier.eval();
    const before = model.deepcopy();
    manualSeed(1);
    getGraphNodeNames(model, [zeros([2, 3, 32, 32])]);
    const next = rand(3);
    expect(model.modules().map(({ training }) => training)).toEqual(before.modules().map(({ training }) => training));
    for (const [name, x] of Object.entries(before.stateDict())) expectExact(model.stateDict()[name], x);
    manualSeed(1);
    expectExact(next, rand(3));
  });
});

describe("features", () => {
  /** Some numbers of each. */
  const parts = (features: Record<string, Tensor>) => {
    const few = Object.entries(features).map(([name, x]) => [name, [x.abs().mean(), x.reshape(-1).slice(0, 0, 8)]]);
    return Object.fromEntries(few);
  };

  // Normalizing a batch makes errors of rounding larger: in float32, PyTorch's are up to 4e-5 here, and so are these.
  const trained = { atol: 1e-4, rtol: 1e-4 };
  const ofResNet = () => {
    torch.manualSeed(0);
    const features = models.createFeatureExtractor(resnet(), {
      bn1: "changed by relu",
      layer4: "last",
      "layer1.0.bn3": "not changed",
      "layer1.0.add": "changed, too",
      "layer2.0.relu_2": "third",
      flatten: "means",
    });
    const x = torch.rand([2, 3, 64, 64]);
    const run = () => parts(torch.noGrad(() => features.forward(x)));
    const trained = run();
    features.eval();
    return [trained, run(), run()];
  };
  answers.it("of a residual network, in training and in evaluation", ofResNet, trained);
  answers.it("under the names of their nodes", () => {
    torch.manualSeed(0);
    const features = models.createFeatureExtractor(densenet().eval(), ["x", "features.denseblock1.cat", "relu"]);
    const x = torch.rand([1, 3, 16, 16]);
    const run = () => parts(torch.noGrad(() => features.forward(x)));
    return [run(), run()];
  });

  const net = () => new nn.Sequential({ a: new nn.Linear(2, 2), b: new nn.ReLU(), c: new nn.Linear(2, 1) });

  it("are differentiable, and what comes after the last is computed once", () => {
    const model = net();
    let calls = 0;
    model.at(2).registerForwardHook(() => {
      calls++;
    });
    const features = createFeatureExtractor(model, ["b"]);
    for (let i = 0; i < 3; i++) {
      const { b } = features.forward(rand([1, 2]));
      b.sum().backward();
    }
    expect(calls).toBe(1);
    expect(model.namedParameters().map(([name, { grad }]) => [name, grad !== null])).toEqual([
      ["a.weight", true],
      ["a.bias", true],
      ["c.weight", false],
      ["c.bias", false],
    ]);
    expect(Object.keys(features.stateDict())).toEqual(Object.keys(model.stateDict()));
    expect(features.training).toBe(true);
  });

  it("may be others in training, and are those of a copy in a copy", () => {
    const features = createFeatureExtractor(net().eval(), null, { trainReturnNodes: ["a"], evalReturnNodes: ["b"] });
    const x = rand([1, 2]);
    const keys = (): string[] => Object.keys(features.forward(x));
    expect(keys()).toEqual(["b"]);
    features.train();
    expect(keys()).toEqual(["a"]);
    const copy = features.deepcopy();
    expectExact(copy.forward(x).a, features.forward(x).a);
    expect(copy.parameters()[0]).not.toBe(features.parameters()[0]);
  });

  it("refuse nodes that there are not, and both or neither of the modes", () => {
    const forward = (nodes: string[]): Record<string, Tensor> =>
      createFeatureExtractor(net(), nodes).forward(rand([1, 2]));
    expect(() => forward(["a", "d"])).toThrow("node: 'd' is not present in model. Hint: use `get_graph_node_names`");
    expect(() => createFeatureExtractor(net())).toThrow("Either `return_nodes` or `train_return_nodes`");
    expect(() => createFeatureExtractor(net(), null, { trainReturnNodes: ["a"] })).toThrow("If any of");
    const all = { trainReturnNodes: ["a"], evalReturnNodes: ["a"] };
    expect(() => createFeatureExtractor(net(), ["a"], all)).toThrow("both should be specified");
  });
});
