/** Modules in another dtype. */
import { describe, expect, it } from "vitest";
import { nn, ones, optim, randn, tensor } from "../../src/index.ts";
import { Answers, torch } from "../support/index.ts";

const { BatchNorm1d, Embedding, Linear, LSTM, Sequential } = torch.nn;

describe("a module in another dtype", () => {
  new Answers("convert").each({
    "computes in it, and has gradients of it": () => {
      torch.manualSeed(0);
      const net = new Sequential(new Linear(2, 3), new BatchNorm1d(3), new Linear(3, 1)).double();
      const y = net.forward(torch.tensor([[1, 2], [3, 5], [-1, 0.5]], { dtype: "float64" })); // biome-ignore format: a matrix
      y.pow(2).sum().backward();
      return [y.detach(), ...net.parameters().map(({ grad }) => grad), net.stateDict()];
    },
    "keeps its gradients": () => {
      const layer = new Linear(2, 1);
      torch.nn.init.ones_(layer.weight);
      layer
        .forward(torch.ones([1, 2]))
        .sum()
        .backward();
      const { weight } = layer.double();
      return [weight.grad, layer.float().weight.grad];
    },
    "of layers that compute at once what others do one by one": () => {
      torch.manualSeed(0);
      const [embedding, lstm] = [new Embedding(3, 2).double(), new LSTM(2, 2).double()];
      return lstm.forward(embedding.forward(torch.tensor([0, 2, 1], { dtype: "int32" })));
    },
    "is not one of whole numbers": () => torch.error(() => new Linear(1, 1).to("int32"), ": indices"),
  });

  it("has the parameters that it had, which an optimizer trains on", () => {
    const layer = new nn.Linear(2, 1);
    const { weight } = layer;
    const optimizer = new optim.SGD(layer.parameters(), { lr: 0.1 });
    layer.to("float64");
    expect(layer.weight).toBe(weight);
    const before = weight.detach().clone();
    layer
      .forward(ones([1, 2], { dtype: "float64" }))
      .sum()
      .backward();
    optimizer.step();
    expect(weight.sub(before).toArray()).toEqual([[expect.closeTo(-0.1), expect.closeTo(-0.1)]]);
  });

  it("does not change what a graph has kept: backward says so", () => {
    const layer = new nn.Linear(2, 1);
    const x = randn([3, 2], { requiresGrad: true });
    const loss = layer.forward(x).sum();
    layer.double();
    expect(() => loss.backward()).toThrow("modified by an inplace operation");
  });

  it("leaves what has no fractions, and what has the dtype, as it is", () => {
    const norm = new nn.BatchNorm1d(1);
    const before = norm.runningMean?.storage;
    norm.registerBuffer("count", tensor([1], { dtype: "int32" })).to("float32");
    expect(norm.runningMean?.storage).toBe(before);
    norm.to("float64");
    expect(norm.namedBuffers().map(([name, { dtype }]) => [name, dtype])).toEqual([
      ["running_mean", "float64"],
      ["running_var", "float64"],
      ["num_batches_tracked", "int32"],
      ["count", "int32"],
    ]);
  });
});
