/** Layers that change their input in place print, change and differentiate as PyTorch's; modules of a Sequential have names. */
import { expect, it } from "vitest";
import { nn, ones, type Tensor } from "../../src/index.ts";
import { Answers, torch } from "../support/index.ts";

const answers = new Answers("inplace_layers");

const layers: Record<string, () => nn.Module> = {
  ReLU: () => new torch.nn.ReLU({ inplace: true }),
  ReLU6: () => new torch.nn.ReLU6({ inplace: true }),
  SiLU: () => new torch.nn.SiLU({ inplace: true }),
  Mish: () => new torch.nn.Mish({ inplace: true }),
  SELU: () => new torch.nn.SELU({ inplace: true }),
  CELU: () => new torch.nn.CELU({ alpha: 0.5, inplace: true }),
  ELU: () => new torch.nn.ELU({ alpha: 0.5, inplace: true }),
  LeakyReLU: () => new torch.nn.LeakyReLU({ negativeSlope: 0.1, inplace: true }),
  Hardtanh: () => new torch.nn.Hardtanh({ minVal: -2.5, inplace: true }),
  Hardswish: () => new torch.nn.Hardswish({ inplace: true }),
  Hardsigmoid: () => new torch.nn.Hardsigmoid({ inplace: true }),
  Threshold: () => new torch.nn.Threshold(1, 0.5, { inplace: true }),
  RReLU: () => new torch.nn.RReLU({ inplace: true }),
  Dropout: () => new torch.nn.Dropout(0.5, { inplace: true }),
  Dropout2d: () => new torch.nn.Dropout2d(0.5, { inplace: true }),
};
for (const [name, make] of Object.entries(layers)) {
  answers.it(name, () => {
    torch.manualSeed(0);
    const layer = make();
    const x = torch.tensor([[-3, 0.5, 2, 7]], { requiresGrad: true });
    const changed = x.mul(1);
    const y: Tensor = layer.forward(changed);
    y.mul(torch.tensor([1, 2, 3, 4]))
      .sum()
      .backward();
    const own = layer.eval().forward(torch.tensor([[-1, 2]]));
    return [`${layer}`, y, changed, x.grad, own];
  });
}

it("modules of a Sequential have names, which are numbers again when they are moved", () => {
  const names = (model: nn.Module) => model.namedChildren().map(([name]) => name);
  const model = new nn.Sequential({ conv: new nn.Conv2d(1, 2, 1), relu: new nn.ReLU() });
  expect(model.forward(ones([1, 1, 1, 1])).shape).toEqual([1, 2, 1, 1]);
  expect(Object.keys(model.stateDict())).toEqual(["conv.weight", "conv.bias"]);
  expect(names(model.deepcopy().append(new nn.ReLU()))).toEqual(["conv", "relu", "2"]);
  expect(() => new nn.Sequential({ "a.b": new nn.ReLU() })).toThrow(`module name can't contain "."`);
  model.pop(0);
  expect(names(model)).toEqual(["0"]);
});
