/** Every optimizer moves parameters as PyTorch's does. What they all share is tested in optimizer.test.ts. */
import { describe, expect, it } from "vitest";
import { Answers, choicesOf, expectExact, product, torch, trainOn } from "../support/index.ts";
import { type Minimising, minimise, namesOf, type OptimizerName } from "../support/minimise.ts";

const { error, manualSeed, nn, ones, optim, rand } = torch;

type Cases = Record<string, Minimising>;

const answers = new Answers("optimizers");
const dtype = "float64";

const defaults: Cases = { defaults: { settings: {} }, "defaults, float64": { settings: {}, dtype } };
const skipped: Minimising["skipped"] = [[0, 1], [1, 1], [3, 0]]; // biome-ignore format: a list of pairs

/** Every choice of a value for each setting. @param bases settings that belong together, one choice each */
function choices(settings: Record<string, readonly (number | boolean)[]>, bases: readonly object[] = [{}]): Cases {
  const made = product(bases, choicesOf(settings)).map(([base, chosen]) => ({ ...base, ...chosen }));
  return Object.fromEntries(made.map((settings) => [namesOf(settings), { settings }]));
}

const everything = (settings: object): Cases => ({
  everything: { settings },
  "everything, float64": { settings, dtype },
});

const momenta = [{}, { dampening: 0.5 }, { momentum: 0.9 }, { momentum: 0.9, dampening: 0.5 }, { momentum: 0.9, nesterov: true }]; // biome-ignore format: a list
const sgd = { lr: 0.05, momentum: 0.8, weightDecay: 0.1, nesterov: true };
const rmsprop = { lr: 0.1, alpha: 0.5, eps: 0.01, weightDecay: 0.2, momentum: 0.5, centered: true };
const adagrad = { lr: 0.1, lrDecay: 0.2, weightDecay: 0.2, initialAccumulatorValue: 0.5, eps: 0.01 };

const ofAdam = { lr: 0.1, betas: [0.5, 0.8], eps: 0.01, weightDecay: 0.2 };
const rprop = { lr: 0.1, etas: [0.3, 1.5], stepSizes: [0.01, 0.2] };

/** What is tried of every optimizer with these settings. */
const usual = (everything_: object, ...lists: Record<string, readonly (number | boolean)[]>[]): Cases => ({
  ...defaults,
  ...Object.assign({}, ...lists.map((list) => choices(list))),
  ...everything(everything_),
  "more steps": { settings: everything_, steps: 12 },
  "lr changed": { settings: everything_, changes: [[2, 0, { lr: 0.3 }], [4, 0, { lr: 0.01 }]] }, // biome-ignore format: two changes
  "two groups": { settings: everything_, groups: [[[2, 0], { lr: 0.2 }], [[1], {}]] }, // biome-ignore format: two groups
  "a parameter without gradient at times": { settings: everything_, skipped },
});

const adam: Cases = {
  ...defaults,
  ...choices({ lr: [0.05], weightDecay: [0, 0.1], amsgrad: [false, true], maximize: [false, true] }),
  ...everything({ lr: 0.1, betas: [0.5, 0.8], eps: 0.01, weightDecay: 0.2, amsgrad: true }),
  "betas 0": { settings: { lr: 0.1, betas: [0, 0], eps: 1 } },
  "to 0 at once, but for rounding": { settings: { lr: 1, betas: [0, 0] } },
  "lr 0": { settings: { lr: 0 } },
  "lr changed before steps 2 and 4": { settings: {}, changes: [[2, 0, { lr: 0.1 }], [4, 0, { lr: 0.01 }]] }, // biome-ignore format: two changes
  "gradients that shrink and grow": { settings: { lr: 0.5, amsgrad: true }, steps: 10 },
  "two groups": {
    settings: { lr: 0.1 },
    groups: [[[2, 0], { lr: 0.2, weightDecay: 0.3 }], [[1], { betas: [0.8, 0.9] }]], // biome-ignore format: a list of groups
  },
  "a parameter without gradient at times": { settings: { lr: 0.1 }, skipped },
};

const cases: Record<OptimizerName, Cases> = {
  SGD: {
    ...choices({ lr: [0.1], weightDecay: [0, 0.01], maximize: [false, true] }, momenta),
    "lr 0.1, float64": { settings: { lr: 0.1 }, dtype },
    "everything, float64": { settings: sgd, dtype },
    "dampening, float64": { settings: { lr: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.01 }, dtype },
    "momentum 1, dampening 1": { settings: { lr: 0.1, momentum: 1, dampening: 1 } },
    "lr 0": { settings: { lr: 0, momentum: 0.9 } },
    "lr changed before steps 2 and 4": {
      settings: { lr: 0.1, momentum: 0.9 },
      changes: [[2, 0, { lr: 0.01 }], [4, 0, { lr: 0.2 }]], // biome-ignore format: a list of changes
    },
    "momentum switched on before step 2": {
      settings: { lr: 0.1 },
      changes: [[2, 0, { momentum: 0.5, weightDecay: 0.1 }]],
    },
    "momentum switched off before step 2": { settings: { lr: 0.1, momentum: 0.9 }, changes: [[2, 0, { momentum: 0 }]] },
    "three groups": {
      settings: { lr: 0.1, momentum: 0.9 },
      groups: [[[1], { lr: 0.01 }], [[0], { momentum: 0.5, weightDecay: 0.1 }], [[2], { maximize: true }]], // biome-ignore format: a list of groups
    },
    "two groups, one changed before step 3": {
      settings: { lr: 0.1, momentum: 0.9 },
      groups: [[[2, 0], { lr: 0.2, nesterov: true }], [[1], {}]], // biome-ignore format: a list of groups
      changes: [[3, 1, { lr: 0.5 }]],
    },
    "a parameter without gradient at first": {
      settings: { lr: 0.1, momentum: 0.9, dampening: 0.5 },
      skipped: [[0, 1], [1, 1]], // biome-ignore format: a list of pairs
    },
    "a parameter without gradient in between": { settings: sgd, skipped: [[2, 0], [3, 0]] }, // biome-ignore format: a list of pairs
    "a parameter that never has a gradient": { settings: sgd, skipped: [0, 1, 2, 3, 4, 5].map((step) => [step, 2]) },
  },
  Adam: adam,
  AdamW: adam,
  RMSprop: {
    ...defaults,
    ...choices({ lr: [0.05], weightDecay: [0, 0.1], momentum: [0, 0.9], centered: [false, true] }),
    ...everything(rmsprop),
    maximize: { settings: { ...rmsprop, maximize: true } },
    "lr changed": { settings: {}, changes: [[2, 0, { lr: 0.1 }], [4, 0, { alpha: 0.5 }]] }, // biome-ignore format: two changes
    "two groups": { settings: { lr: 0.1 }, groups: [[[2, 0], { momentum: 0.5 }], [[1], { centered: true }]] }, // biome-ignore format: two groups
    "a parameter without gradient at times": { settings: rmsprop, skipped },
  },
  Adamax: usual({ ...ofAdam, maximize: true }, { weightDecay: [0, 0.1], maximize: [false, true] }),
  NAdam: usual({ ...ofAdam, momentumDecay: 0.1 }, { lr: [0.05], weightDecay: [0, 0.1] }),
  RAdam: usual(ofAdam, { lr: [0.05], weightDecay: [0, 0.1] }),
  Adadelta: usual(
    { lr: 0.5, rho: 0.5, eps: 0.01, weightDecay: 0.1, maximize: true },
    { rho: [0, 1], maximize: [false, true] },
  ),
  Rprop: usual(rprop, { lr: [0.05], maximize: [false, true] }),
  ASGD: usual({ lr: 0.1, lambd: 0.1, alpha: 0.5, t0: 2, weightDecay: 0.1 }, { t0: [0, 3], maximize: [false, true] }),
  Adagrad: {
    ...defaults,
    ...choices({ lr: [0.05], weightDecay: [0, 0.1], lrDecay: [0, 0.3], maximize: [false, true] }),
    ...everything(adagrad),
    "two groups": { settings: { lr: 0.1 }, groups: [[[2, 0], { lr: 0.2 }], [[1], { lrDecay: 1 }]] }, // biome-ignore format: two groups
    "a parameter without gradient at times": { settings: adagrad, skipped },
  },
};

/** SGD and Adam have every bit of PyTorch's, but in float64 PyTorch rounds a · b + c once; in float32 RMSprop's v - m² cancels. */
function toleranceFor(optimizer: OptimizerName, { dtype }: Minimising) {
  if (/^(SGD|Adam|AdamW)$/.test(optimizer)) return dtype ? { rtol: 1e-15, atol: 1e-15 } : { rtol: 0, atol: 0 };
  return dtype ? { rtol: 1e-13, atol: 1e-14 } : { rtol: 1e-6, atol: 1e-6 };
}

for (const [optimizer, own] of Object.entries(cases) as [OptimizerName, Cases][]) {
  describe.each(Object.entries(own))(`${optimizer}, %s`, (name, minimising) => {
    it("PyTorch's parameters after every step, and its state dict at the end", () => {
      const tolerance = toleranceFor(optimizer, minimising);
      answers.check(`${optimizer}, ${name}`, () => minimise(optimizer, minimising), tolerance);
    });

    it("the same with a new optimizer, which loads the old one's state dict, at every step", () => {
      const expected = minimise(optimizer, minimising).values.flat();
      const { values } = minimise(optimizer, minimising, { reloaded: true });
      for (const [i, p] of values.flat().entries()) expectExact(p, expected[i]);
    });
  });
}

describe("parameters of hundreds of elements, which WebAssembly updates, have every bit of PyTorch's, too:", () => {
  const settings: Partial<Record<OptimizerName, object>> = {
    SGD: { ...sgd, momentum: 0.9 },
    Adam: { lr: 0.05, betas: [0.5, 0.8], weightDecay: 0.1, amsgrad: true },
    AdamW: { lr: 0.1, weightDecay: 0.1, maximize: true },
  };
  for (const [optimizer, own] of Object.entries(settings) as [OptimizerName, object][]) {
    const trained = () => {
      manualSeed(0);
      const x = rand([300]).sub(0.5).detach().requiresGrad_();
      const made = new optim[optimizer]([x], own);
      for (let step = 0; step < 4; step++) {
        made.zeroGrad();
        x.mul(x).sum().backward();
        made.step();
      }
      return x.detach();
    };
    answers.it(`${optimizer} of 300 elements`, trained, { rtol: 0, atol: 0 });
  }
});

describe("the state of a parameter of another dtype gets that of the parameter, as in PyTorch:", () => {
  for (const [optimizer, own] of Object.entries(cases) as [OptimizerName, Cases][]) {
    if (optimizer === "NAdam" || optimizer === "ASGD") continue; // docs/differences.md: their numbers stay float32
    for (const [from, to] of [
      ["float64", "float32"],
      ["float32", "float64"],
    ] as const)
      answers.it(`${optimizer}, ${from} to ${to}`, () => {
        const { settings } = own.everything ?? own["everything, float64"];
        const [p, q] = [from, to].map((dtype) => ones(2, { dtype, requiresGrad: true }));
        const [trained, loaded] = [p, q].map((param) => new optim[optimizer]([param], settings));
        p.mul(0.3).sum().backward();
        trained.step();
        loaded.loadStateDict(trained.stateDict() as never);
        q.mul(0.3).sum().backward();
        loaded.step();
        return [torch.stateOf(loaded), q];
      });
  }
});

describe("what the constructors refuse, for all parameters or a group of them, in PyTorch's words:", () => {
  const refused: Record<OptimizerName, object[]> = {
    SGD: [
      { lr: -1 },
      { lr: 0.1, momentum: -0.5 },
      { lr: 0.1, weightDecay: -0.01 },
      { lr: 0.1, nesterov: true },
      { lr: 0.1, momentum: 0.9, dampening: 0.1, nesterov: true },
    ],
    Adam: [{ lr: -1 }, { eps: -1 }, { betas: [1, 0.9] }, { betas: [0.9, -0.1] }, { betas: [0.9, 1.5] }, { weightDecay: -1 }], // biome-ignore format: a list
    AdamW: [],
    Adamax: [{ lr: -1 }, { eps: -1 }, { betas: [1, 0.9] }, { betas: [0.9, 1] }, { weightDecay: -1 }],
    NAdam: [{ lr: -1 }, { betas: [0.9, 1] }, { momentumDecay: -1 }],
    RAdam: [{ eps: -1 }, { betas: [-1, 0.9] }],
    Adadelta: [{ lr: -1 }, { rho: 1.5 }, { eps: -1 }, { weightDecay: -1 }],
    Rprop: [{ lr: -1 }, { etas: [0.5, 0.9] }, { etas: [0, 1.2] }],
    ASGD: [{ lr: -1 }, { weightDecay: -1 }],
    RMSprop: [{ lr: -1 }, { eps: -1 }, { momentum: -1 }, { weightDecay: -1 }, { alpha: -1 }],
    Adagrad: [{ lr: -1 }, { eps: -1 }, { lrDecay: -1 }, { weightDecay: -1 }, { initialAccumulatorValue: -1 }],
  };
  const all = Object.entries(refused).flatMap(([name, list]) => list.map((settings) => [name, settings] as const));

  it.each(all.map(([name, settings]) => [`${name} of ${JSON.stringify(settings)}`, name, settings] as const))(
    "%s",
    (title, name, settings) => {
      const Optimizer = optim[name as OptimizerName];
      const leaf = ones(2, { requiresGrad: true });
      const refuse = () => error(() => new Optimizer([leaf], settings));
      answers.check(title, refuse);
      expect(error(() => new Optimizer([{ params: [leaf], ...settings }]))).toBe(refuse());
    },
  );
});

describe("SGD trains a Linear layer: PyTorch's losses and parameters after 20 steps, within 1e-6", () => {
  const trainedWith = (settings: object) => () => {
    manualSeed(3);
    const model = new nn.Linear(4, 3);
    const x = rand([8, 4]);
    const optimizer = new optim.SGD(model.parameters(), settings);
    const losses = trainOn(optimizer, Array(20).keys(), () => model.forward(x).pow(2).mean());
    return { losses, parameters: model.parameters() };
  };
  answers.each(
    {
      plain: trainedWith({ lr: 0.1 }),
      "momentum 0.9": trainedWith({ lr: 0.1, momentum: 0.9 }),
      "momentum, weight decay and nesterov": trainedWith({ lr: 0.2, momentum: 0.8, weightDecay: 0.01, nesterov: true }),
      "dampening 0.5": trainedWith({ lr: 0.2, momentum: 0.9, dampening: 0.5 }),
    },
    { of: { losses: { rtol: 1e-6, atol: 1e-8 }, parameters: { rtol: 0, atol: 1e-6 } } },
  );
});
