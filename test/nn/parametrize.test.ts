/** Parameters that are computed by modules: PyTorch's names, values, gradients, refusals and text. */
import { describe, expect, it } from "vitest";
import { func, manualSeed, nn, randn, type Tensor, tensor } from "../../src/index.ts";
import { Answers, torch, unobserved } from "../support/index.ts";

const answers = new Answers("parametrize");
const { Conv2d, ConvTranspose2d, Linear, utils } = torch.nn;
const { cached, isParametrized, registerParametrization, removeParametrizations } = utils.parametrize;
const { spectralNorm } = utils.parametrizations;
const { error } = torch;

manualSeed(0);
const vectors = randn([4, 3]);
const images = randn([2, 3, 5, 5]);
const square = randn([3, 3]);

const namesOf = (module: nn.Module) => [
  module.namedParameters().map(([name]) => name),
  module.namedBuffers().map(([name]) => name),
  module.namedModules().map(([name]) => name),
];

type Forward = Parameters<typeof torch.custom>[3];
const parametrization = (name: string, forward: Forward, rightInverse?: Forward) => () =>
  torch.custom(name, {}, "", forward, rightInverse);

const symmetric = parametrization(
  "Symmetric",
  (x) => x.triu().add(x.triu(1).t()),
  (x) => x.triu(),
);
const doubled = parametrization("Doubled", (x) => x.mul(2));
const rankOne = parametrization(
  "RankOne",
  (x, y) => x.unsqueeze(-1).matmul(y.unsqueeze(-2)),
  (z) => [z.mean(1), z.mean(0)],
);
const rows = parametrization("Rows", (x) => x.select(0, 0));

/** What a module is, and what two steps of training make of it. */
function trained(module: nn.Module, x: Tensor) {
  const before = [String(module), namesOf(module), module.stateDict()];
  const optimizer = new torch.optim.SGD(module.parameters(), { lr: 0.1 });
  const outputs: Tensor[] = [];
  for (let step = 0; step < 2; step++) {
    optimizer.zeroGrad();
    const output = module.forward(x);
    output.pow(2).mean().backward();
    optimizer.step();
    outputs.push(output);
  }
  return [before, outputs, module.parameters().map(({ grad }) => grad), module.eval().forward(x), module.stateDict()];
}

describe("transferParametrizationsAndParams", () => {
  const { transferParametrizationsAndParams: transfer } = utils.parametrize;
  const made = () => {
    torch.manualSeed(0);
    const from = registerParametrization(new Linear(3, 3), "weight", symmetric());
    return registerParametrization(registerParametrization(from, "bias", doubled()), "weight", doubled());
  };
  const shown = (to: nn.Module, from: nn.Module) => [
    String(to),
    namesOf(to),
    to.stateDict(),
    to.forward(vectors),
    from.forward(vectors),
    namesOf(from),
  ];
  answers.each({
    "transfer of all": () => {
      const from = made();
      return shown(transfer(from, new Linear(3, 3)), from);
    },
    "transfer of one": () => {
      const from = made();
      return shown(transfer(from, new Linear(3, 3), "weight"), from);
    },
    "transfer of several originals": () => {
      torch.manualSeed(0);
      const from = registerParametrization(new Linear(3, 2), "weight", rankOne());
      return shown(transfer(from, new Linear(3, 2)), from);
    },
    "transfer of nothing": () => namesOf(transfer(new Linear(3, 3), new Linear(3, 3))),
    "transfer to what has no such tensor": () => {
      const from = made();
      return namesOf(transfer(from, new torch.nn.Identity()));
    },
  });

  it("shares what they compute from, and refuses what is not parametrized", () => {
    const from = nn.utils.parametrizations.spectralNorm(new nn.Linear(2, 2));
    const to = nn.utils.parametrize.transferParametrizationsAndParams(from, new nn.Linear(2, 2));
    const name = "parametrizations.weight.original";
    expect(to.getParameter(name)).toBe(from.getParameter(name));
    const other = () => nn.utils.parametrize.transferParametrizationsAndParams(from, new nn.Linear(2, 2), "bias");
    expect(other).toThrow("does not have a parametrization on bias");
  });
});

describe("registerParametrization", () => {
  const symmetrized = () => {
    torch.manualSeed(0);
    return registerParametrization(new Linear(3, 3), "weight", symmetric());
  };

  answers.each({
    "of a weight with a right inverse": () => trained(symmetrized(), vectors),
    "without a right inverse, which then is the identity": () => {
      torch.manualSeed(0);
      return trained(registerParametrization(new Linear(3, 2), "bias", doubled()), vectors);
    },
    "several of one tensor": () => trained(registerParametrization(symmetrized(), "weight", doubled()), vectors),
    "of several tensors": () => trained(registerParametrization(symmetrized(), "bias", doubled()), vectors),
    "of a buffer": () => {
      const center = torch.custom("Center", { mean: torch.ones([3]) });
      registerParametrization(center, "mean", doubled());
      return [String(center), center.stateDict(), Reflect.get(center, "mean"), namesOf(center)];
    },
    "that takes several tensors": () => {
      torch.manualSeed(0);
      const layer = registerParametrization(new Linear(3, 2), "weight", rankOne());
      const out = trained(layer, vectors);
      removeParametrizations(layer, "weight");
      return [out, namesOf(layer), layer.stateDict()];
    },
    "an unsafe one": () => {
      torch.manualSeed(0);
      const layer = registerParametrization(new Linear(3, 4), "weight", rows(), { unsafe: true });
      return [String(layer), namesOf(layer), layer.weight];
    },
    "assigning to what is computed": () => {
      const layer = symmetrized();
      Object.assign(layer, { weight: square.add(square.t()) });
      return [layer.weight, layer.stateDict()];
    },
    "is what is asked for": () => {
      const layer = symmetrized();
      return [
        isParametrized(layer),
        isParametrized(layer, "weight"),
        isParametrized(layer, "bias"),
        isParametrized(new Linear(1, 1)),
      ];
    },
    "removed with its value": () => {
      const layer = symmetrized();
      layer.forward(vectors).sum().backward();
      removeParametrizations(layer, "weight");
      return [String(layer), namesOf(layer), layer.stateDict(), layer.weight.grad, isParametrized(layer)];
    },
    "removed without its value": () => {
      const layer = registerParametrization(symmetrized(), "bias", doubled());
      removeParametrizations(layer, "weight", { leaveParametrized: false });
      return [String(layer), namesOf(layer), layer.stateDict()];
    },
    "loads a state": () => {
      const [one, other] = [symmetrized(), registerParametrization(new Linear(3, 3), "weight", symmetric())];
      other.loadStateDict(one.stateDict());
      return other.forward(vectors);
    },
    "follows the mode of its module": () => {
      torch.manualSeed(0);
      const layer = registerParametrization(new Linear(3, 3).eval(), "weight", symmetric());
      return layer.modules().map(({ training }) => training);
    },
  });

  const refused: Record<string, () => unknown> = {
    "another name": () => registerParametrization(new Linear(3, 3), "kernel", symmetric()),
    "another shape": () => registerParametrization(new Linear(3, 4), "weight", rows()),
    "another shape, of one more": () => registerParametrization(symmetrized(), "weight", rows()),
    "to remove what is not there": () => removeParametrizations(new Linear(3, 3), "weight"),
    "to go back to one of several": () =>
      removeParametrizations(registerParametrization(new Linear(3, 2), "weight", rankOne()), "weight", {
        leaveParametrized: false,
      }),
    "to assign without a right inverse": () => {
      const layer = registerParametrization(new Linear(3, 2), "bias", doubled());
      Object.assign(layer, { bias: tensor([1, 2]) });
    },
  };
  for (const [name, run] of Object.entries(refused)) {
    answers.it(`refuses ${name}`, () => {
      torch.manualSeed(0);
      return error(() => void run(), null);
    });
  }
});

describe("here", () => {
  class Twice extends nn.Module {
    calls = 0;
    override forward(x: Tensor): Tensor {
      this.calls++;
      return x.mul(2);
    }
  }

  it("the parameter stays the object that an optimizer has", () => {
    const layer = new nn.Linear(2, 2);
    const { weight } = layer;
    nn.utils.parametrize.registerParametrization(layer, "weight", unobserved(symmetric()));
    expect(layer.getParameter("parametrizations.weight.original")).toBe(weight);
    nn.utils.parametrize.removeParametrizations(layer, "weight");
    expect(layer.weight).toBe(weight);
  });

  it("cached computes once, within it and what it calls", () => {
    const twice = new Twice();
    const layer = nn.utils.parametrize.registerParametrization(new nn.Linear(2, 2), "weight", twice);
    twice.calls = 0;
    nn.utils.parametrize.cached(() => {
      layer.forward(randn([1, 2]));
      nn.utils.parametrize.cached(() => layer.forward(randn([1, 2])));
      expect(layer.weight).toBe(layer.weight);
    });
    expect(twice.calls).toBe(1);
    layer.forward(randn([1, 2]));
    expect(twice.calls).toBe(2);
    expect(() => nn.utils.parametrize.cached(async () => {})).toThrow("cached runs a synchronous function");
  });

  it("a module's class is its own again, its type is what it was, and functionalCall replaces the original", () => {
    const layer = nn.utils.parametrize.registerParametrization(new nn.Linear(2, 1), "weight", new Twice());
    expect(layer).toBeInstanceOf(nn.Linear);
    expect(nn.utils.parametrize.typeBeforeParametrizations(layer)).toBe(nn.Linear);
    const weights = { "parametrizations.weight.original": tensor([[1, 2]]), bias: tensor([10]) };
    expect(func.functionalCall(layer, weights, tensor([[1, 1]])).toArray()).toEqual([[16]]);
    nn.utils.parametrize.removeParametrizations(layer, "weight");
    expect(Object.getPrototypeOf(layer)).toBe(nn.Linear.prototype);
    expect(Object.keys(layer)).not.toContain("parametrizations");
  });

  it("a copy goes on by itself", () => {
    const layer = nn.utils.parametrize.registerParametrization(new nn.Linear(2, 1), "weight", new Twice());
    const copy = layer.deepcopy();
    const text = String(layer);
    nn.utils.parametrize.removeParametrizations(layer, "weight");
    expect([String(copy), copy.weight.toArray()]).toEqual([text, layer.weight.toArray()]);
    copy
      .forward(randn([1, 2]))
      .sum()
      .backward();
    expect(copy.getParameter("parametrizations.weight.original").grad).not.toBeNull();
    expect(layer.weight.grad).toBeNull();
    nn.utils.parametrizations
      .spectralNorm(copy, "weight")
      .deepcopy()
      .forward(randn([1, 2]));
  });

  it("a lazy layer is refused", () => {
    const run = () => nn.utils.parametrize.registerParametrization(new nn.LazyLinear(2), "weight", new Twice());
    expect(run).toThrow("'weight' of LazyLinear is not there until it has seen an input");
  });
});

describe("parametrizations.spectralNorm", () => {
  const modules: Record<string, [make: () => nn.Module, x: Tensor, name?: string]> = {
    Linear: [() => new Linear(3, 5), vectors],
    Conv2d: [() => new Conv2d(3, 2, 3), images],
    ConvTranspose2d: [() => new ConvTranspose2d(3, 2, 2), images],
    "a bias": [() => new Linear(3, 20), vectors, "bias"],
  };
  for (const [title, [make, x, name = "weight"]] of Object.entries(modules)) {
    for (const options of [{}, { nPowerIterations: 3, dim: -1, eps: 1e-3 }]) {
      answers.it(`of ${title}, ${JSON.stringify(options)}`, () => {
        torch.manualSeed(0);
        const layer = spectralNorm(make(), name, options);
        const out = trained(layer, x);
        removeParametrizations(layer, name);
        return [out, layer.stateDict()];
      });
    }
  }
  answers.each({
    "a norm refuses another name": () => error(() => spectralNorm(new Linear(2, 2), "kernel"), null),
    "a norm refuses another dimension": () => error(() => spectralNorm(new Linear(2, 2), "weight", { dim: 2 }), null),
    "a norm refuses no iterations": () =>
      error(() => spectralNorm(new Linear(2, 2), "weight", { nPowerIterations: 0 }), null),
  });
});

answers.it("cached: a norm moves once", () => {
  torch.manualSeed(0);
  const layer = spectralNorm(new Linear(3, 3));
  cached(() => [layer.forward(vectors), layer.forward(vectors)]);
  return layer.stateDict();
});
