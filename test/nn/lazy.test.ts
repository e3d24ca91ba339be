/** Lazy layers draw PyTorch's weights at their first forward pass, in its order, and are then what they stand for. */
import { describe, expect, it } from "vitest";
import { nn as ours, type Tensor, zeros } from "../../src/index.ts";
import { Answers, torch } from "../support/index.ts";

const { manualSeed, nn, optim, rand, tensor } = torch;
const answers = new Answers("lazy");

const layers: Record<string, [() => InstanceType<typeof ours.Module>, shape: number[]]> = {
  LazyLinear: [() => new nn.LazyLinear(3), [2, 4]],
  "LazyLinear without bias": [() => new nn.LazyLinear(3, { bias: false }), [2, 5, 4]],
  "LazyLinear, float64": [() => new nn.LazyLinear(3, { dtype: "float64" }), [2, 4]],
  LazyConv1d: [() => new nn.LazyConv1d(3, 2, { padding: 1 }), [2, 4, 5]],
  LazyConv2d: [() => new nn.LazyConv2d(4, 3, { groups: 2, stride: 2 }), [1, 4, 5, 6]],
  "LazyConv2d of one image": [() => new nn.LazyConv2d(3, 3, { bias: false }), [4, 5, 6]],
  LazyConvTranspose1d: [() => new nn.LazyConvTranspose1d(3, 2), [2, 4, 5]],
  LazyConvTranspose2d: [() => new nn.LazyConvTranspose2d(3, 2, { stride: 2 }), [2, 4, 3, 2]],
  LazyConv3d: [() => new nn.LazyConv3d(2, 2, { stride: 2 }), [1, 2, 3, 4, 3]],
  LazyConvTranspose3d: [() => new nn.LazyConvTranspose3d(2, 2), [2, 2, 2, 1, 2]],
  LazyBatchNorm3d: [() => new nn.LazyBatchNorm3d(), [2, 3, 1, 2, 2]],
  LazyInstanceNorm3d: [() => new nn.LazyInstanceNorm3d(), [2, 3, 2, 2, 2]],
  LazyBatchNorm1d: [() => new nn.LazyBatchNorm1d(), [3, 4]],
  LazyBatchNorm2d: [() => new nn.LazyBatchNorm2d({ momentum: 0.3 }), [3, 4, 2, 2]],
  "LazyBatchNorm1d that learns nothing": [() => new nn.LazyBatchNorm1d({ affine: false }), [3, 4, 2]],
  LazyInstanceNorm1d: [() => new nn.LazyInstanceNorm1d(), [3, 4, 5]],
  LazyInstanceNorm2d: [() => new nn.LazyInstanceNorm2d({ affine: false, trackRunningStats: false }), [3, 4, 5, 2]],
};

describe("a lazy layer", () => {
  for (const [name, [make, shape]] of Object.entries(layers)) {
    answers.it(name, () => {
      manualSeed(0);
      const layer = make();
      const drawnBefore = rand(1);
      const x = rand(shape, { dtype: name.includes("float64") ? "float64" : "float32" });
      String(layer);
      const y = layer.forward(x) as Tensor;
      String(layer);
      return [
        drawnBefore,
        y,
        layer.forward(x),
        Object.entries(layer.stateDict()).map(([key, value]) => [key, value]),
        rand(1),
      ];
    });
  }

  answers.it("draws in the order in which inputs reach it", () => {
    manualSeed(1);
    const [last, first] = [new nn.LazyLinear(2), new nn.LazyLinear(3)];
    const y = last.forward(first.forward(rand([1, 4])));
    return [y, first.weight, last.weight];
  });

  answers.it("is trained by an optimizer that had it before", () => {
    manualSeed(2);
    const layer = new nn.LazyLinear(2);
    const optimizer = new optim.SGD(layer.parameters(), { lr: 0.1, momentum: 0.9 });
    for (let step = 0; step < 3; step++) {
      optimizer.zeroGrad();
      layer
        .forward(tensor([[1, 2, 3]]))
        .pow(2)
        .sum()
        .backward();
      optimizer.step();
    }
    return [layer.weight, layer.bias];
  });

  answers.it("takes the shapes of a state dict", () => {
    manualSeed(3);
    const [layer, norm] = [new nn.LazyLinear(2), new nn.LazyBatchNorm1d()];
    layer.loadStateDict(new nn.Linear(3, 2).stateDict());
    norm.loadStateDict(new nn.BatchNorm1d(2).stateDict());
    return [
      layer.weight,
      norm.forward(
        layer.forward(
          tensor([
            [1, 2, 3],
            [3, 1, 0],
          ]),
        ),
      ),
      rand(1),
    ];
  });

  it("is a layer of its kind, and then that kind itself", () => {
    const layer = new ours.LazyConv2d(2, 3);
    expect(layer).toBeInstanceOf(ours.Conv2d);
    layer.forward(zeros([1, 5, 4, 4]));
    expect([layer.constructor, layer.inChannels, layer.weight.shape]).toEqual([ours.Conv2d, 5, [2, 5, 3, 3]]);
  });

  it("keeps its hooks", () => {
    const layer = new ours.LazyLinear(2);
    let calls = 0;
    layer.registerForwardHook(() => void calls++);
    for (let i = 0; i < 3; i++) layer.forward(zeros([1, 3]));
    expect([calls, layer.weight.shape]).toEqual([3, [2, 3]]);
  });

  it("says what it takes, before it draws", () => {
    const layer = new ours.LazyConv2d(2, 3);
    expect(() => layer.forward(zeros([5, 5]))).toThrow(
      "expected 3D or 4D input to LazyConv2d, but got input of size [5, 5]",
    );
    expect(() => new ours.LazyBatchNorm1d().forward(zeros([5]))).toThrow("expected 2D or 3D input");
    expect(layer.forward(zeros([3, 5, 5])).shape).toEqual([2, 3, 3]);
  });
});

it("a copy of one that has seen no input waits for its own", () => {
  for (const [name, [make, shape]] of Object.entries(layers)) {
    const layer = make();
    const copy = layer.deepcopy();
    const x = zeros(shape, { dtype: name.includes("float64") ? "float64" : "float32" });
    expect([String(copy), copy.forward(x).shape]).toEqual([String(layer), make().forward(x).shape]);
    expect(String(layer)).toContain("Lazy");
    expect(String(copy)).not.toContain("Lazy");
  }
});
