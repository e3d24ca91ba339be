import { expect, it } from "vitest";
import { ConvNet, Net } from "../../examples/network.ts";
import { nn, randn, summary, type Tensor } from "../../src/index.ts";

it("is a table, a line a layer", () => {
  const net = new nn.Sequential(new nn.Linear(784, 256), new nn.BatchNorm1d(256), new nn.Sequential(new nn.ReLU()));
  expect(`${summary(net, [64, 784])}`.split("\n")).toEqual([
    "Layer              Output shape  Parameters  Multiply-adds",
    "----------------------------------------------------------",
    "Sequential         [64, 256]              0              0",
    "  0 (Linear)       [64, 256]        200,960     12,845,056",
    "  1 (BatchNorm1d)  [64, 256]            512              0",
    "  2 (Sequential)   [64, 256]              0              0",
    "    2.0 (ReLU)     [64, 256]              0              0",
    "----------------------------------------------------------",
    "Total                               201,472     12,845,056",
  ]);
});

it("counts what a training step computes: two more products backward, but no gradient of the images", () => {
  const net = summary(new Net(256, true), [64, 1, 28, 28]);
  expect(2 * (3 * net.multiplyAdds - net.layers[1].multiplyAdds)).toBeCloseTo(77.5e6, -5);
  const convNet = summary(new ConvNet(32, true), [64, 1, 28, 28]);
  expect(2 * 3 * convNet.multiplyAdds).toBeCloseTo(396e6, -6);
  expect(convNet.parameters).toBe(new ConvNet(32, true).parameters().reduce((sum, { numel }) => sum + numel, 0));
});

it.each([
  // Each output is a sum over kernel positions and channels of its group.
  [new nn.Conv1d(4, 6, 3, { padding: 1 }), [2, 4, 10], 2 * 6 * 10 * (3 * 4)],
  [new nn.Conv2d(4, 6, [3, 5], { groups: 2 }), [2, 4, 8, 9], 2 * 6 * (6 * 5) * (3 * 5 * 2)],
  [new nn.ConvTranspose1d(4, 6, 3, { stride: 2 }), [2, 4, 10], 2 * 4 * 10 * (3 * 6)],
  [new nn.ConvTranspose2d(4, 6, 3), [2, 4, 8, 9], 2 * 4 * (8 * 9) * (9 * 6)],
  [new nn.Linear(5, 7), [2, 3, 5], 2 * 3 * 5 * 7],
  [new nn.Linear(5, 7), [5], 5 * 7],
  // Each step of each sample takes the input and the state through every gate.
  [new nn.LSTM(5, 7, { numLayers: 2 }), [3, 2, 5], 3 * 2 * (4 * 7) * (5 + 7 + 7 + 7)],
  [new nn.RNN(5, 7, { bidirectional: true }), [3, 5], 3 * 2 * 7 * (5 + 7)],
  [new nn.GRUCell(5, 7), [2, 5], 2 * (3 * 7) * (5 + 7)],
] as const)("counts the multiply-adds of %s", (layer, shape, expected) => {
  expect(summary(layer, shape).multiplyAdds).toBe(expected);
});

it("takes modules that return what they like, and hold parameters in arrays", () => {
  class Cell extends nn.Module {
    readonly scales = [new nn.Parameter(randn([4])), new nn.Parameter(randn([4]))];
    readonly layer = new nn.Linear(3, 4);
    override forward(x: Tensor): { states: [Tensor, Tensor]; steps: number } {
      const y = this.layer.forward(x);
      return { states: [y.mul(this.scales[0]), y.sum()], steps: 1 };
    }
  }
  const { layers } = summary(new Cell(), [2, 3]);
  expect(layers.map(({ name, outputShape, parameters }) => [name, outputShape, parameters])).toEqual([
    ["", [2, 4], 8],
    ["layer", [2, 4], 16],
  ]);
});

it("leaves the network as it was", () => {
  const net = new Net(8, true);
  net.batchNorm1?.eval();
  const before = JSON.stringify(Object.entries(net.stateDict()).map(([name, value]) => [name, value.toArray()]));
  summary(net, [4, 784]);
  expect(JSON.stringify(Object.entries(net.stateDict()).map(([name, value]) => [name, value.toArray()]))).toBe(before);
  expect(net.modules().map((module) => module.training)).toEqual([true, true, false, true, true, true]);
  expect(net.forward(randn([4, 784])).requiresGrad).toBe(true);
});

it("puts the modes back when the forward fails", () => {
  const net = new Net(8, true);
  expect(() => summary(net, [4, 783])).toThrow();
  expect(net.training).toBe(true);
});

it("adds up the calls of a layer that is used twice, and takes indices", () => {
  class Twice extends nn.Module {
    readonly table = new nn.Embedding(10, 4);
    readonly fc = new nn.Linear(4, 4);
    readonly unused = new nn.Linear(4, 4);
    override forward(x: Tensor): Tensor {
      return this.fc.forward(this.fc.forward(this.table.forward(x)));
    }
  }
  const { layers } = summary(new Twice(), [3], { dtype: "int32" });
  expect(layers.map(({ name, parameters, multiplyAdds }) => [name, parameters, multiplyAdds])).toEqual([
    ["", 0, 0],
    ["table", 40, 0],
    ["fc", 20, 2 * 3 * 16],
    ["unused", 20, 0],
  ]);
  expect(layers[3].outputShape).toBeNull();
});

it("counts a weight that layers share once", () => {
  class Tied extends nn.Module {
    readonly a = new nn.Linear(4, 4, { bias: false });
    readonly b = new nn.Linear(4, 4, { bias: false });
    constructor() {
      super();
      Object.assign(this.b, { weight: this.a.weight });
    }
    override forward(x: Tensor): Tensor {
      return this.b.forward(this.a.forward(x));
    }
  }
  expect(summary(new Tied(), [1, 4])).toMatchObject({ parameters: 16, multiplyAdds: 32 });
});
