/** Schedules give PyTorch's learning rates, and momenta, at the start and after every step. */
import { describe, expect, it } from "vitest";
import type { optim as Optim, Tensor } from "../../src/index.ts";
import { Answers, formula, torch, unobserved } from "../support/index.ts";

const { error, ones, optim } = torch;
const { lrScheduler } = optim;

const answers = new Answers("schedules");

type ScheduleName = Exclude<keyof typeof lrScheduler, "LRScheduler" | "SequentialLR" | "ChainedScheduler">;
type Schedule = Optim.lrScheduler.LRScheduler | Optim.lrScheduler.ReduceLROnPlateau;
type Optimizer = Optim.SGD | Optim.Adam | Optim.RMSprop;

/** A schedule and what it is told. */
type Told = { [Name in ScheduleName]: [Name, ConstructorParameters<(typeof lrScheduler)[Name]>[1]] }[ScheduleName];

const inverse = formula("epoch", "1 / (1 + epoch)");
const shrinking = formula("epoch", "0.95 ** epoch");
const every4: Told = ["StepLR", { stepSize: 4 }];
const exponential: Told = ["ExponentialLR", { gamma: 0.9 }];

/** Schedules together on one optimizer. */
const cases: [optimizer: "SGD" | "Adam" | "RMSprop", ...Told[]][] = [
  ["SGD", every4],
  ["SGD", ["StepLR", { stepSize: 1, gamma: 0.9 }]],
  ["SGD", ["MultiStepLR", { milestones: [3, 7, 7, 20] }]],
  ["SGD", ["MultiStepLR", { milestones: [0, 5], gamma: 0.5 }]],
  ["SGD", exponential],
  ["SGD", ["CosineAnnealingLR", { tMax: 10, etaMin: 0.001 }]],
  ["SGD", ["CosineAnnealingLR", { tMax: 7 }]],
  ["SGD", ["CosineAnnealingLR", { tMax: 25 }]],
  ["SGD", ["LambdaLR", inverse]],
  ["SGD", ["LambdaLR", [inverse, shrinking]]],
  ["SGD", ["MultiplicativeLR", shrinking]],
  ["SGD", ["MultiplicativeLR", [inverse, shrinking]]],
  ["SGD", ["ConstantLR", {}]],
  ["SGD", ["ConstantLR", { factor: 0.1, totalIters: 3 }]],
  ["SGD", ["LinearLR", {}]],
  ["SGD", ["LinearLR", { startFactor: 1, endFactor: 0.2, totalIters: 8 }]],
  ["SGD", ["PolynomialLR", {}]],
  ["SGD", ["PolynomialLR", { totalIters: 9, power: 2.5 }]],
  ["SGD", ["CosineAnnealingWarmRestarts", { t0: 4 }]],
  ["SGD", ["CosineAnnealingWarmRestarts", { t0: 3, tMult: 2, etaMin: 0.01 }]],
  ["SGD", ["CyclicLR", { baseLr: 0.01, maxLr: 0.1, stepSizeUp: 4 }]],
  ["SGD", ["CyclicLR", { baseLr: [0.01, 0], maxLr: [0.1, 1], stepSizeUp: 3, stepSizeDown: 5, mode: "triangular2" }]],
  ["RMSprop", ["CyclicLR", { baseLr: 0.01, maxLr: 0.1, stepSizeUp: 4, mode: "exp_range", gamma: 0.9 }]],
  [
    "SGD",
    ["CyclicLR", { baseLr: 0.01, maxLr: 0.1, stepSizeUp: 4, scaleFn: inverse, baseMomentum: 0.6, maxMomentum: 0.7 }],
  ],
  [
    "SGD",
    [
      "CyclicLR",
      { baseLr: 0, maxLr: 1, stepSizeUp: 4, scaleFn: shrinking, scaleMode: "iterations", cycleMomentum: false },
    ],
  ],
  ["SGD", every4, exponential],
  ["SGD", exponential, ["CosineAnnealingLR", { tMax: 30 }]],
  ["SGD", ["OneCycleLR", { maxLr: 1, totalSteps: 10 }]],
  ["SGD", ["OneCycleLR", { maxLr: [1, 0.5], epochs: 3, stepsPerEpoch: 7, annealStrategy: "linear" }]],
  ["Adam", ["OneCycleLR", { maxLr: 1, totalSteps: 20, threePhase: true, baseMomentum: 0.7, maxMomentum: 0.99 }]],
  ["SGD", ["OneCycleLR", { maxLr: 1, totalSteps: 20, pctStart: 0.5, divFactor: 10, finalDivFactor: 100 }]],
  [
    "SGD",
    ["OneCycleLR", { maxLr: 1, totalSteps: 12, cycleMomentum: false, threePhase: true, annealStrategy: "linear" }],
  ],
  ["RMSprop", ["OneCycleLR", { maxLr: 1, totalSteps: 9 }]],
  ["SGD", ["ReduceLROnPlateau", { patience: 2 }]],
  ["SGD", ["ReduceLROnPlateau", { mode: "max", patience: 1, factor: 0.5 }]],
  ["SGD", ["ReduceLROnPlateau", { patience: 0, threshold: 0.1, thresholdMode: "abs", cooldown: 2 }]],
  [
    "SGD",
    ["ReduceLROnPlateau", { mode: "max", patience: 1, threshold: 0.1, thresholdMode: "abs", minLr: [0.001, 0.02] }],
  ],
  ["SGD", ["ReduceLROnPlateau", { patience: 1, threshold: 0.2, eps: 0.002 }]],
  ["SGD", ["ReduceLROnPlateau", { patience: 0, cooldown: 1, minLr: 0.0005 }]],
];

const leaf = () => ones(1, { requiresGrad: true });
const twoGroups = () => [{ params: [leaf()], lr: 0.003 }, { params: [leaf()] }];
const ratesOf = ({ paramGroups }: Optimizer) => paramGroups.map(({ lr }) => lr);
const momentaOf = ({ paramGroups }: Optimizer) =>
  paramGroups.map((group) => ("betas" in group ? group.betas[0] : group.momentum));

const newSchedule = (optimizer: Optim.Optimizer<{ lr: number }>, [name, options]: [ScheduleName, unknown]) =>
  new (lrScheduler[name] as new (...given: unknown[]) => Schedule)(optimizer, options);

/** `StepLR {stepSize:4}` */
const titleOf = ([name, options]: Told): string =>
  `${name} ${JSON.stringify(options, (_, value) => value?.text?.[1] ?? value).replaceAll('"', "")}`;

const losses = [5, 4, 3, 3.0001, 2.9999, 2.9999, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.6, 2.4, 2.4, 2.4, 2.4, 2.4, 2.4, 1, 1, 1, 1, 1, 1, 1]; // biome-ignore format: a list

/** What a schedule is told at each step: the measure of an epoch, if it listens to that. */
function measuresFor([name, options]: Told): (number | undefined)[] {
  if (name === "ReduceLROnPlateau") return losses.map((loss) => (options?.mode === "max" ? -loss : loss));
  if (name !== "OneCycleLR") return Array(25).fill(undefined);
  const { totalSteps, epochs, stepsPerEpoch } = options;
  return Array(totalSteps ?? (epochs ?? 0) * (stepsPerEpoch ?? 0)).fill(undefined);
}

for (const [name, ...schedules] of cases) {
  const title = `${name}, ${schedules.map(titleOf).join(", ")}`;
  const measures = measuresFor(schedules[0]);
  const isCycle = schedules[0][0] === "OneCycleLR" || schedules[0][0] === "CyclicLR";
  const isLimited = schedules[0][0] === "OneCycleLR";

  function make() {
    const momentum = isCycle && name === "SGD" ? { momentum: 0.5 } : {};
    const optimizer = new optim[name](twoGroups(), { lr: 0.1, ...momentum });
    return { optimizer, made: schedules.map((told) => newSchedule(optimizer, told)) };
  }

  function scheduled({ anew = false } = {}) {
    let { optimizer, made } = make();
    const values: number[][] = [];
    const see = (step: number) => {
      const rates = ratesOf(optimizer);
      values.push(rates, isCycle ? momentaOf(optimizer) : []);
      // As PyTorch's does not, it sees what other schedules have made of the learning rate.
      expect(unobserved(made[0]).getLastLr()).toEqual(rates);
      expect(made[0].lastEpoch).toBe(step);
    };
    for (const [step, measure] of measures.entries()) {
      see(step);
      if (anew) {
        const saved = [optimizer, ...made].map((one) => structuredClone(unobserved(one).stateDict()));
        ({ optimizer, made } = make());
        for (const [i, one] of [optimizer, ...made].entries()) one.loadStateDict(saved[i] as never);
      }
      for (const schedule of made) schedule.step(measure as number);
    }
    see(measures.length);
    if (isLimited) expect(() => unobserved(made[0]).step(0)).toThrow(`total steps is ${measures.length}`);
    return values;
  }

  answers.it(`${title}: as PyTorch`, () => {
    scheduled();
  });

  it(`${title}: the same when optimizer and schedules are made anew, and loaded, before every step`, () => {
    expect(scheduled({ anew: true })).toEqual(scheduled());
  });
}

it("every schedule has a case", () => {
  const names = new Set(cases.flatMap(([, ...schedules]) => schedules.map(([name]) => name)));
  expect([...names, "LRScheduler", "SequentialLR", "ChainedScheduler"].sort()).toEqual(Object.keys(lrScheduler).sort());
});

describe("schedules of schedules", () => {
  type Several = Optim.lrScheduler.SequentialLR | Optim.lrScheduler.ChainedScheduler;
  const warmUp: Told = ["LinearLR", { startFactor: 0.1, totalIters: 3 }];
  const several: Record<string, (optimizer: Optimizer, make: (told: Told) => Schedule) => Several> = {
    "a warm-up, then a cosine": (optimizer, make) =>
      new lrScheduler.SequentialLR(optimizer, {
        schedulers: [warmUp, ["CosineAnnealingLR", { tMax: 6 }] as Told].map(make) as never,
        milestones: [3],
      }),
    "four in a row": (optimizer, make) =>
      new lrScheduler.SequentialLR(optimizer, {
        schedulers: ([["ConstantLR", {}], exponential, every4, ["LambdaLR", shrinking]] as Told[]).map(make) as never,
        milestones: [2, 5, 9],
      }),
    "a warm-up, and a decay at once": (_, make) =>
      new lrScheduler.ChainedScheduler([warmUp, exponential].map(make) as never),
  };

  for (const [name, make] of Object.entries(several)) {
    const begin = () => {
      const optimizer = new optim.SGD(twoGroups(), { lr: 0.1 });
      return { optimizer, schedule: make(optimizer, (told) => newSchedule(optimizer, told)) };
    };
    const scheduled = ({ anew = false } = {}) => {
      let { optimizer, schedule } = begin();
      const values = [ratesOf(optimizer)];
      for (let step = 0; step < 14; step++) {
        if (anew) {
          const saved = [optimizer, schedule].map((one) => structuredClone(unobserved(one).stateDict()));
          ({ optimizer, schedule } = begin());
          optimizer.loadStateDict(saved[0] as never);
          schedule.loadStateDict(saved[1] as never);
        }
        schedule.step();
        values.push(ratesOf(optimizer));
      }
      return values;
    };
    answers.it(`${name}: as PyTorch`, () => scheduled());
    it(`${name}: the same when made anew, and loaded, before every step`, () => {
      expect(scheduled({ anew: true })).toEqual(scheduled());
    });
  }

  const [one, other] = [0, 1].map(() => new optim.SGD([leaf()], { lr: 0.1 }));
  const of = (optimizer: Optimizer) => newSchedule(optimizer, exponential) as Optim.lrScheduler.LRScheduler;
  const refusals = {
    "a schedule of another optimizer in a row": () =>
      new lrScheduler.SequentialLR(one, { schedulers: [of(other)], milestones: [] }),
    "too few milestones": () => new lrScheduler.SequentialLR(one, { schedulers: [of(one), of(one)], milestones: [] }),
    "schedules of two optimizers at once": () => new lrScheduler.ChainedScheduler([of(one), of(other)]),
  };
  for (const [name, run] of Object.entries(refusals)) {
    it(`refuse ${name}`, () => {
      expect(run).toThrow(/(Sequential Schedulers|ChainedScheduler) expects/);
    });
  }
});

it("warm restarts go to an epoch that is said, also in between", () => {
  const optimizer = new optim.SGD([leaf()], { lr: 1 });
  const schedule = new lrScheduler.CosineAnnealingWarmRestarts(optimizer, { t0: 2, tMult: 2 });
  schedule.step(2.5);
  expect([ratesOf(optimizer)[0], schedule.lastEpoch]).toEqual([(1 + Math.cos(Math.PI / 8)) / 2, 2]);
  expect(() => schedule.step(-1)).toThrow("Expected non-negative epoch, but got -1");
});

it("schedules any optimizer that has a learning rate", () => {
  const optimizer = new optim.AdamW([leaf()], { lr: 0.5 });
  new lrScheduler.ExponentialLR(optimizer, { gamma: 0.5 }).step();
  expect(optimizer.paramGroups[0].lr).toBe(0.25);
});

describe("a group that is added later", () => {
  /** The learning rates after a step, another with the new group, and three more. */
  function withNewGroup(told: Told, measure?: number): number[][] {
    const optimizer = new optim.SGD([leaf()], { lr: 1, momentum: 0.9 });
    const schedule = newSchedule(optimizer, told);
    const step = () => {
      schedule.step(measure as number);
      return ratesOf(optimizer);
    };
    const first = step();
    optimizer.addParamGroup({ params: [leaf()], lr: 0.3 });
    return [first, step(), step(), step(), step()];
  }

  const relative: Told[] = [exponential, ["StepLR", { stepSize: 2 }], ["MultiStepLR", { milestones: [2, 4] }]];
  for (const told of relative) answers.it(`is scheduled by ${titleOf(told)}`, () => withNewGroup(told));

  const fromStart: Told[] = [
    ["LambdaLR", inverse],
    ["CosineAnnealingLR", { tMax: 2 }],
  ];
  for (const told of fromStart) {
    answers.it(`keeps its learning rate where ${titleOf(told)} needs that at the start`, () => withNewGroup(told));
  }

  it("keeps its learning rate and momentum beside a OneCycleLR", () => {
    const rates = unobserved(withNewGroup(["OneCycleLR", { maxLr: 1, totalSteps: 9 }]));
    expect(rates.slice(1).map(([, lr]) => lr)).toEqual([0.3, 0.3, 0.3, 0.3]);
    expect(rates.flat().some(Number.isNaN)).toBe(false);
  });

  it("is reduced by a ReduceLROnPlateau of one minLr; several have to be as many as groups", () => {
    const rates = withNewGroup(["ReduceLROnPlateau", { patience: 0, minLr: 0.1 }], 1);
    expect(rates).toEqual([[1], [0.1, 0.1], [0.1, 0.1], [0.1, 0.1], [0.1, 0.1]]);
    expect(() => withNewGroup(["ReduceLROnPlateau", { minLr: [0.1] }], 1)).toThrow("expected 2 min_lrs, got 1");
  });
});

const refused: [ScheduleName, unknown][] = [
  ["LambdaLR", [inverse, inverse, inverse]],
  ["MultiplicativeLR", [inverse, inverse, inverse]],
  ["ConstantLR", { factor: 2 }],
  ["LinearLR", { startFactor: -1 }],
  ["LinearLR", { endFactor: 1.5 }],
  ["CosineAnnealingWarmRestarts", { t0: 0 }],
  ["CosineAnnealingWarmRestarts", { t0: 2, tMult: 0 }],
  ["CyclicLR", { baseLr: [0, 0, 0], maxLr: 1 }],
  ["CyclicLR", { baseLr: 0, maxLr: 1, mode: "square" }],
  ["ReduceLROnPlateau", { factor: 1 }],
  ["ReduceLROnPlateau", { mode: "least" }],
  ["ReduceLROnPlateau", { thresholdMode: "none" }],
  ["ReduceLROnPlateau", { minLr: [0, 0, 0] }],
  ["OneCycleLR", { maxLr: 1 }],
  ["OneCycleLR", { maxLr: 1, totalSteps: 10, pctStart: 2 }],
  ["OneCycleLR", { maxLr: 1, totalSteps: 10, annealStrategy: "steps" }],
  ["OneCycleLR", { maxLr: [1, 2], totalSteps: 10 }],
];
for (const told of refused) {
  answers.it(`${titleOf(told as Told)} is refused`, () => {
    const groups = told[0] === "OneCycleLR" ? [leaf()] : twoGroups();
    const optimizer = new optim.SGD(groups as Tensor[], { lr: 0.1, momentum: 0.9 });
    return error(() => newSchedule(optimizer, told), "\n");
  });
}

it.each([0, Number.NaN])("CosineAnnealingLR refuses %f epochs: rates would be NaN", (tMax) => {
  const optimizer = new optim.SGD([ones(1)], { lr: 0.1 });
  expect(() => new lrScheduler.CosineAnnealingLR(optimizer, { tMax })).toThrow("other than 0, but got");
});

it("OneCycleLR needs an optimizer with momentum, unless told not to move it", () => {
  const optimizer = new optim.Adagrad([leaf()]);
  const options = { maxLr: 1, totalSteps: 5 };
  expect(() => newSchedule(optimizer, ["OneCycleLR", options])).toThrow("optimizer must support momentum");
  const still = newSchedule(optimizer, ["OneCycleLR", { ...options, cycleMomentum: false }]);
  expect(still.getLastLr()[0]).toBeCloseTo(0.04);
});
