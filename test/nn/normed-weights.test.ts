/** Weights that are computed before each forward: weightNorm and spectralNorm have PyTorch's parameters, draws, values and gradients. */
import { describe, expect, it } from "vitest";
import { manualSeed, nn, noGrad, ones, randn, type Tensor } from "../../src/index.ts";
import { Answers, torch } from "../support/index.ts";

const { Conv1d, Conv2d, ConvTranspose2d, Linear, LazyLinear, utils } = torch.nn;
const { error } = torch;

manualSeed(0);
const vectors = randn([4, 3]);
const images = randn([2, 3, 5, 5]);
const signals = randn([2, 3, 6]);

const namesOf = (module: nn.Module) => [
  module.namedParameters().map(([name]) => name),
  module.namedBuffers().map(([name]) => name),
];

/** What a module is, and what two steps of training make of it; and then in evaluation, and without its norm. */
function trained(module: nn.Module, x: Tensor, remove: (module: nn.Module) => void) {
  const before = [String(module), namesOf(module), module.stateDict()];
  const optimizer = new torch.optim.SGD(module.parameters(), { lr: 0.1 });
  const outputs: Tensor[] = [];
  for (let step = 0; step < 2; step++) {
    optimizer.zeroGrad();
    const output = module.forward(x);
    const y = output as Tensor;
    y.pow(2).mean().backward();
    optimizer.step();
    outputs.push(y);
  }
  const gradients = module.parameters().map(({ grad }) => grad);
  const evaluated = module.eval().forward(x);
  const state = module.stateDict();
  remove(module);
  return [before, outputs, gradients, evaluated, state, namesOf(module), module.stateDict(), module.forward(x)];
}

type Make = [make: () => nn.Module, x: Tensor];
const modules: Record<string, Make> = {
  Linear: [() => new Linear(3, 5), vectors],
  "Linear without bias": [() => new Linear(3, 20, { bias: false }), vectors],
  Conv1d: [() => new Conv1d(3, 4, 2), signals],
  Conv2d: [() => new Conv2d(3, 2, 3), images],
  ConvTranspose2d: [() => new ConvTranspose2d(3, 2, 2), images],
};

describe("weightNorm", () => {
  const answers = new Answers("weight_norm");

  for (const [name, [make, x]] of Object.entries(modules)) {
    for (const dim of [0, 1, null]) {
      answers.it(`of ${name}, dim ${dim}`, () => {
        torch.manualSeed(0);
        const module = utils.weightNorm(make(), "weight", { dim });
        return trained(module, x, (module) => utils.removeWeightNorm(module));
      });
    }
  }

  answers.each({
    "of a bias": () => {
      torch.manualSeed(0);
      const layer = utils.weightNorm(new Linear(3, 2), "bias");
      return trained(layer, vectors, (module) => utils.removeWeightNorm(module, "bias"));
    },
    "of two parameters": () => {
      torch.manualSeed(0);
      const layer = utils.weightNorm(utils.weightNorm(new Linear(3, 2)), "bias", { dim: -1 });
      utils.removeWeightNorm(layer);
      return [layer.stateDict(), layer.forward(vectors)];
    },
    "loads a state": () => {
      torch.manualSeed(0);
      const [one, other] = [utils.weightNorm(new Linear(3, 2)), utils.weightNorm(new Linear(3, 2))];
      other.loadStateDict(one.stateDict());
      return other.forward(vectors);
    },
    "twice is refused": () => error(() => utils.weightNorm(utils.weightNorm(new Linear(3, 2))), null),
    "another name is refused": () => error(() => utils.weightNorm(new Linear(3, 2), "kernel")),
    "a lazy layer is refused": () => error(() => utils.weightNorm(new LazyLinear(2)), null),
    "to be removed, it has to be there": () => error(() => utils.removeWeightNorm(new Linear(3, 2)), null),
  });

  it("of a matrix of an LSTM", () => {
    const lstm = nn.utils.weightNorm(new nn.LSTM(3, 4), "weightHhL0");
    expect(Object.keys(lstm.stateDict())).toContain("weight_hh_l0_g");
    const length = lstm.getParameter("weight_hh_l0_g");
    const run = () => lstm.forward(ones([5, 1, 3]))[0].sum();
    run().backward();
    expect(length.grad?.abs().sum().item()).toBeGreaterThan(0);
    const before = run().item();
    noGrad(() => length.mul_(2));
    expect(run().item()).not.toBe(before);
  });
});

describe("spectralNorm", () => {
  const answers = new Answers("spectral_norm");

  for (const [name, [make, x]] of Object.entries(modules)) {
    for (const options of [{}, { nPowerIterations: 3, dim: 1, eps: 1e-3 }]) {
      answers.it(`of ${name}, ${JSON.stringify(options)}`, () => {
        torch.manualSeed(0);
        const module = utils.spectralNorm(make(), "weight", options);
        return trained(module, x, (module) => utils.removeSpectralNorm(module));
      });
    }
  }

  answers.each({
    "two forwards before a backward": () => {
      torch.manualSeed(0);
      const layer = utils.spectralNorm(new Linear(3, 2));
      layer
        .forward(vectors)
        .sub(layer.forward(vectors.mul(2)))
        .sum()
        .backward();
      return layer.parameters().map(({ grad }) => grad);
    },
    "loads a state": () => {
      torch.manualSeed(0);
      const [one, other] = [utils.spectralNorm(new Linear(3, 2)), utils.spectralNorm(new Linear(3, 2))];
      one.forward(vectors);
      other.loadStateDict(one.stateDict());
      return other.eval().forward(vectors);
    },
    "in float64": () => {
      torch.manualSeed(0);
      const layer = utils.spectralNorm(new Linear(3, 20, { dtype: "float64" }));
      return layer.stateDict();
    },
    "twice is refused": () => error(() => utils.spectralNorm(utils.spectralNorm(new Linear(3, 2))), null),
    "no iterations are refused": () =>
      error(() => utils.spectralNorm(new Linear(3, 2), "weight", { nPowerIterations: 0 }), null),
    "a bias that is not there is refused": () =>
      error(() => utils.spectralNorm(new Linear(3, 2, { bias: false }), "bias"), null),
    "a lazy layer is refused": () => error(() => utils.spectralNorm(new LazyLinear(2)), null),
    "to be removed, it has to be there": () => error(() => utils.removeSpectralNorm(new Linear(3, 2)), null),
  });
});

it("is refused of what is no parameter", () => {
  expect(() => nn.utils.weightNorm(new nn.Linear(2, 2), "inFeatures")).toThrow(
    "`inFeatures` of Linear is no parameter",
  );
  const words = "cannot be applied as parameter `bias` is None";
  expect(() => nn.utils.weightNorm(new nn.Linear(2, 2, { bias: false }), "bias")).toThrow(words);
});
