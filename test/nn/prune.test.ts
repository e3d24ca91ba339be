/** Pruning has PyTorch's masks, draws, state, gradients and refusals. */
import { describe, expect, it } from "vitest";
import { arange, manualSeed, nn, randn, type Tensor, tensor, zeros } from "../../src/index.ts";
import { Answers, torch } from "../support/index.ts";

const answers = new Answers("prune");
const { Conv2d, Linear, Sequential, utils } = torch.nn;
const { prune } = utils;
const { error } = torch;

manualSeed(0);
const vectors = randn([4, 5]);
const images = randn([2, 3, 5, 5]);

type Step = (module: nn.Module) => unknown;

const linear = () => new Linear(5, 4);
const conv = () => new Conv2d(3, 4, 3);

/** What pruning makes of a module, what two steps of training do to it, and what is left when it is for good. */
function pruned(make: () => nn.Module, x: Tensor, steps: Step[], name = "weight") {
  torch.manualSeed(0);
  const module = make();
  for (const step of steps) step(module);
  const names = () => [module.namedParameters().map(([own]) => own), module.namedBuffers().map(([own]) => own)];
  const before = [String(module), names(), module.stateDict(), prune.isPruned(module)];
  const optimizer = new torch.optim.SGD(module.parameters(), { lr: 0.1 });
  const outputs: Tensor[] = [];
  for (let step = 0; step < 2; step++) {
    optimizer.zeroGrad();
    const output = module.forward(x);
    output.pow(2).mean().backward();
    optimizer.step();
    outputs.push(output);
  }
  const gradients = module.parameters().map(({ grad }) => grad);
  prune.remove(module, name);
  const next = torch.rand(1); // how many draws it took
  return [before, outputs, gradients, names(), module.stateDict(), prune.isPruned(module), module.forward(x), next];
}

const random = (amount: number) => (module: nn.Module) => prune.randomUnstructured(module, "weight", { amount });
const smallest = (amount: number) => (module: nn.Module) => prune.l1Unstructured(module, "weight", { amount });
const slices = (amount: number, dim: number) => (module: nn.Module) =>
  prune.randomStructured(module, "weight", { amount, dim });
const shortest = (amount: number, n: number, dim: number) => (module: nn.Module) =>
  prune.lnStructured(module, "weight", { amount, n, dim });

const cases: Record<string, [steps: Step[], name?: string]> = {
  nothing: [[(module) => prune.identity(module, "weight")]],
  "3 by chance": [[random(3)]],
  "none by chance": [[random(0)]],
  "0.3 by chance": [[random(0.3)]],
  "0.025, a half of one": [[random(0.025)]],
  "0.075, one and a half": [[smallest(0.075)]],
  "the smallest 7": [[smallest(7)]],
  "the smallest 0.8": [[smallest(0.8)]],
  "a bias": [[(module) => prune.l1Unstructured(module, "bias", { amount: 2 })], "bias"],
  "by importance": [
    [(module) => prune.l1Unstructured(module, "bias", { amount: 2, importanceScores: tensor([3, 1, 2, 0]) })],
    "bias",
  ],
  "a slice by chance": [[slices(1, 0)]],
  "no slice": [[slices(0, 1)]],
  "0.5 of the slices, counted from the end": [[slices(0.5, -1)]],
  "the shortest slice": [[shortest(1, 2, 0)]],
  "the shortest 0.5 by the sums": [[shortest(0.5, 1, 1)]],
  "the shortest by the largest": [[shortest(1, Infinity, 1)]],
  "the smallest, then by chance": [[smallest(4), random(5)]],
  "three times": [[smallest(2), random(0.5), smallest(0.3)]],
  "slices, then elements": [[shortest(1, 2, 0), smallest(5)]],
  "slices, then slices": [[slices(1, 0), shortest(1, 2, 0)]],
  "elements, then slices": [[random(0.5), slices(2, 1)]],
  "two dimensions": [[slices(1, 0), shortest(1, 2, 1), (module) => prune.identity(module, "weight")]],
};

for (const [name, [steps, parameter]] of Object.entries(cases)) {
  answers.it(`${name}, of Linear`, () => pruned(linear, vectors, steps, parameter));
  const isVector = parameter === "bias";
  if (!isVector) answers.it(`${name}, of Conv2d`, () => pruned(conv, images, steps));
}

answers.each({
  "a mask of one's own, and another": () => {
    const [one, other] = [arange(20).remainder(3).gt(0), arange(20).remainder(2)].map((x) => x.view(4, 5));
    return pruned(linear, vectors, [
      (module) => prune.customFromMask(module, "weight", one),
      smallest(2),
      (module) => prune.customFromMask(module, "weight", other),
    ]);
  },
  "several parameters as one": () => {
    torch.manualSeed(0);
    const net = new Sequential(linear(), new Linear(4, 2));
    const [first, second] = net.children();
    const { L1Unstructured, RandomUnstructured } = prune;
    const places: [nn.Module, string][] = [
      [first, "weight"],
      [second, "weight"],
      [second, "bias"],
    ];
    prune.globalUnstructured(places, { pruningMethod: L1Unstructured, amount: 0.4 });
    const once = net.stateDict();
    prune.globalUnstructured(places, { pruningMethod: RandomUnstructured, amount: 5 });
    return [once, net.stateDict(), net.forward(vectors), prune.isPruned(net)];
  },
  "a state is loaded": () => {
    torch.manualSeed(0);
    const [one, other] = [smallest(4)(linear()), prune.identity(linear(), "weight")];
    other.loadStateDict((one as nn.Module).stateDict());
    return other.forward(vectors);
  },
  "tensors by themselves": () => {
    torch.manualSeed(0);
    const x = torch.arange(6).view(2, 3);
    return [
      new prune.Identity().prune(x),
      new prune.RandomUnstructured(2).prune(x),
      new prune.L1Unstructured(0.5).prune(x.add(1), { defaultMask: tensor([[0, 1, 1], [1, 1, 1]]) }), // biome-ignore format: a matrix
      new prune.L1Unstructured(2).prune(x, { importanceScores: x.neg() }),
      new prune.RandomStructured(1).prune(x),
      new prune.LnStructured(1, 2, 0).prune(x),
      new prune.LnStructured(1, 1).prune(x),
      new prune.CustomFromMask(tensor([[0, 1, 1], [0, 0, 1]])).prune(x), // biome-ignore format: a matrix
    ];
  },
});

const refused: Record<string, () => unknown> = {
  "a negative number": () => random(-1)(linear()),
  "a share above 1": () => smallest(1.5)(linear()),
  "more than there are": () => random(21)(linear()),
  "more slices than there are": () => slices(5, 0)(linear()),
  "slices of a vector": () => prune.randomStructured(linear(), "bias", { amount: 1, dim: 0 }),
  "another dimension": () => shortest(1, 2, 2)(linear()),
  "another name": () => prune.identity(linear(), "kernel"),
  "to remove what is not there": () => prune.remove(linear(), "weight"),
};
for (const [name, run] of Object.entries(refused)) {
  answers.it(`refuses ${name}`, () => error(() => void run(), null));
}

answers.it("refuses slices of several parameters", () => {
  const options = { pruningMethod: prune.RandomStructured, amount: 1 };
  return error(() => prune.globalUnstructured([[linear(), "weight"]], options), "Found");
});

describe("here", () => {
  const { BasePruningMethod, PruningContainer, L1Unstructured, RandomUnstructured } = nn.utils.prune;

  class EveryOther extends BasePruningMethod {
    readonly pruningType = "unstructured";
    override computeMask(x: Tensor, defaultMask: Tensor): Tensor {
      return defaultMask.mul(arange(x.numel).remainder(2).view(x.shape));
    }
  }

  it("a method of one's own sees what is left", () => {
    const layer = new nn.Linear(8, 1);
    EveryOther.apply(layer, "weight");
    expect(layer.getBuffer("weight_mask").toArray()).toEqual([[0, 1, 0, 1, 0, 1, 0, 1]]);
    const container = EveryOther.apply(layer, "weight");
    expect(layer.getBuffer("weight_mask").toArray()).toEqual([[0, 0, 0, 1, 0, 0, 0, 1]]);
    expect(container).toBeInstanceOf(PruningContainer);
    expect([...(container as InstanceType<typeof PruningContainer>)]).toHaveLength(2);
  });

  it("the parameter stays the object that an optimizer has", () => {
    const layer = new nn.Linear(2, 2);
    const { weight } = layer;
    nn.utils.prune.l1Unstructured(layer, "weight", { amount: 1 });
    expect(layer.getParameter("weight_orig")).toBe(weight);
    nn.utils.prune.remove(layer, "weight");
    expect(layer.weight).toBe(weight);
  });

  it("what is refused changes nothing", () => {
    const layer = new nn.Linear(2, 2);
    expect(() => nn.utils.prune.l1Unstructured(layer, "weight", { amount: 5 })).toThrow("amount=5");
    const mask = zeros(3);
    expect(() => nn.utils.prune.customFromMask(layer, "weight", mask)).toThrow("but its is [3]");
    expect(Object.keys(layer.stateDict())).toEqual(["weight", "bias"]);
    expect(nn.utils.prune.isPruned(layer)).toBe(false);
  });

  it("importance of several parameters", () => {
    const [one, other] = [new nn.Linear(2, 1), new nn.Linear(1, 2)];
    const importanceScores = [tensor([[5, 6]]), tensor([[1], [7]])];
    const places: [nn.Module, string][] = [
      [one, "weight"],
      [other, "weight"],
    ];
    nn.utils.prune.globalUnstructured(places, { pruningMethod: L1Unstructured, amount: 2, importanceScores });
    expect(one.getBuffer("weight_mask").toArray()).toEqual([[0, 1]]);
    expect(other.getBuffer("weight_mask").toArray()).toEqual([[0], [1]]);
  });

  it("a container takes methods of one parameter only", () => {
    const [weights, biases] = ["weight", "bias"].map((name) =>
      Object.assign(new RandomUnstructured(1), { tensorName: name }),
    );
    const container = new PruningContainer(weights);
    expect([container.length, container.at(0), container.tensorName]).toEqual([1, weights, "weight"]);
    expect(() => container.addPruningMethod(biases)).toThrow("acting on the parameter named 'weight'");
    expect(() => container.at(1)).toThrow("index 1 is out of range");
  });
});
