/** Schedules give PyTorch's learning rates. */
import { describe, expect, it } from "vitest";
import type { optim as Optim } from "../../src/index.ts";
import { Answers } from "../support/answers.ts";
import { namesOf } from "../support/minimise.ts";
import { formula, torch, unobserved } from "../support/torch.ts";

const { error, ones, optim } = torch;
const { LambdaLR, StepLR, MultiStepLR, ExponentialLR, CosineAnnealingLR, OneCycleLR, ReduceLROnPlateau } =
  optim.lrScheduler;

const answers = new Answers("schedules");

type Optimizer = Optim.SGD | Optim.Adam | Optim.RMSprop;
type Schedule = Optim.lrScheduler.LRScheduler | Optim.lrScheduler.ReduceLROnPlateau;

const leaf = () => ones(1, { requiresGrad: true });
const twoGroups = () => [{ params: [leaf()], lr: 0.003 }, { params: [leaf()] }];
const plain = () => new optim.SGD(twoGroups(), { lr: 0.1 });
const ratesOf = ({ paramGroups }: Optimizer) => paramGroups.map(({ lr }) => lr);
const momentaOf = ({ paramGroups }: Optimizer) =>
  paramGroups.map((group) => ("betas" in group ? group.betas[0] : group.momentum));

interface Scheduling {
  optimizer: () => Optimizer;
  schedules: ((optimizer: Optimizer) => Schedule)[];
  /** What the schedules are told at each step: nothing, or the measure of an epoch to those that listen. */
  measures: (number | undefined)[];
  /** What another step says. */
  end?: string;
}

const stepped = (...schedules: Scheduling["schedules"]): Scheduling => ({
  optimizer: plain,
  schedules,
  measures: Array(25).fill(undefined),
});

const inverse = formula("epoch", "1 / (1 + epoch)");
const shrinking = formula("epoch", "0.95 ** epoch");
const every4 = (optimizer: Optimizer) => new StepLR(optimizer, { stepSize: 4 });
const exponential = (optimizer: Optimizer) => new ExponentialLR(optimizer, { gamma: 0.9 });
const cosine = (options: Optim.lrScheduler.CosineAnnealingLROptions) => (optimizer: Optimizer) =>
  new CosineAnnealingLR(optimizer, options);

function oneCycle(name: "SGD" | "Adam" | "RMSprop", options: Optim.lrScheduler.OneCycleOptions) {
  const steps = options.totalSteps ?? (options.epochs ?? 0) * (options.stepsPerEpoch ?? 0);
  const momentum = name === "SGD" ? { momentum: 0.5 } : {};
  const scheduling: Scheduling = {
    optimizer: () => new optim[name](twoGroups(), { lr: 0.1, ...momentum }),
    schedules: [(optimizer) => new OneCycleLR(optimizer, options)],
    measures: Array(steps).fill(undefined),
    end: `The specified number of total steps is ${steps}`,
  };
  return [`OneCycleLR of ${name}, ${namesOf(options)}`, scheduling] as const;
}

const losses = [5, 4, 3, 3.0001, 2.9999, 2.9999, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.6, 2.4, 2.4, 2.4, 2.4, 2.4, 2.4, 1, 1, 1, 1, 1, 1, 1]; // biome-ignore format: a list

function plateau(options: Optim.lrScheduler.ReduceLROnPlateauOptions) {
  const scheduling: Scheduling = {
    optimizer: plain,
    schedules: [(optimizer) => new ReduceLROnPlateau(optimizer, options)],
    measures: losses.map((loss) => (options.mode === "max" ? -loss : loss)),
  };
  return [`ReduceLROnPlateau, ${JSON.stringify(options)}`, scheduling] as const;
}

const cases: Record<string, Scheduling> = {
  "StepLR, every 4": stepped(every4),
  "StepLR, every 1, gamma 0.9": stepped((optimizer) => new StepLR(optimizer, { stepSize: 1, gamma: 0.9 })),
  "MultiStepLR, one milestone twice": stepped((optimizer) => new MultiStepLR(optimizer, { milestones: [3, 7, 7, 20] })),
  "MultiStepLR, at 0, gamma 0.5": stepped(
    (optimizer) => new MultiStepLR(optimizer, { milestones: [0, 5], gamma: 0.5 }),
  ),
  ExponentialLR: stepped(exponential),
  "CosineAnnealingLR, 10, down to 0.001": stepped(cosine({ tMax: 10, etaMin: 0.001 })),
  "CosineAnnealingLR, 7": stepped(cosine({ tMax: 7 })),
  "CosineAnnealingLR, 25": stepped(cosine({ tMax: 25 })),
  "LambdaLR, one function": stepped((optimizer) => new LambdaLR(optimizer, inverse)),
  "LambdaLR, two functions": stepped((optimizer) => new LambdaLR(optimizer, [inverse, shrinking])),
  "StepLR and ExponentialLR": stepped(every4, exponential),
  "ExponentialLR and CosineAnnealingLR": stepped(exponential, cosine({ tMax: 30 })),
  ...Object.fromEntries([
    oneCycle("SGD", { maxLr: 1, totalSteps: 10 }),
    oneCycle("SGD", { maxLr: [1, 0.5], epochs: 3, stepsPerEpoch: 7, annealStrategy: "linear" }),
    oneCycle("Adam", { maxLr: 1, totalSteps: 20, threePhase: true, baseMomentum: 0.7, maxMomentum: 0.99 }),
    oneCycle("SGD", { maxLr: 1, totalSteps: 20, pctStart: 0.5, divFactor: 10, finalDivFactor: 100 }),
    oneCycle("SGD", { maxLr: 1, totalSteps: 12, cycleMomentum: false, threePhase: true, annealStrategy: "linear" }),
    oneCycle("RMSprop", { maxLr: 1, totalSteps: 9 }),
    plateau({ patience: 2 }),
    plateau({ mode: "max", patience: 1, factor: 0.5 }),
    plateau({ patience: 0, threshold: 0.1, thresholdMode: "abs", cooldown: 2 }),
    plateau({ mode: "max", patience: 1, threshold: 0.1, thresholdMode: "abs", minLr: [0.001, 0.02] }),
    plateau({ patience: 1, threshold: 0.2, eps: 0.002 }),
    plateau({ patience: 0, cooldown: 1, minLr: 0.0005 }),
  ]),
};

describe.each(Object.entries(cases))("%s", (name, { optimizer: newOptimizer, schedules, measures, end }) => {
  function make() {
    const optimizer = newOptimizer();
    return { optimizer, made: schedules.map((schedule) => schedule(optimizer)) };
  }

  function scheduled({ anew = false } = {}) {
    let { optimizer, made } = make();
    const values: number[][] = [];
    const see = (step: number) => {
      const rates = ratesOf(optimizer);
      values.push(rates, end ? momentaOf(optimizer) : []);
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
    return { values, made };
  }

  it("PyTorch's learning rates, and momenta, at the start and after every step", () => {
    answers.check(name, () => {
      scheduled();
    });
  });

  it("the same when optimizer and schedules are made anew, and loaded, before every step", () => {
    const { values, made } = scheduled({ anew: true });
    expect(values).toEqual(scheduled().values);
    if (end) expect(() => made[0].step(0)).toThrow(end);
  });
});

it("schedules any optimizer that has a learning rate", () => {
  const optimizer = new optim.AdamW([leaf()], { lr: 0.5 });
  new ExponentialLR(optimizer, { gamma: 0.5 }).step();
  expect(optimizer.paramGroups[0].lr).toBe(0.25);
});

const refused: ["LambdaLR" | "OneCycleLR" | "ReduceLROnPlateau", unknown][] = [
  ["LambdaLR", [inverse, inverse, inverse]],
  ["ReduceLROnPlateau", { factor: 1 }],
  ["ReduceLROnPlateau", { mode: "least" }],
  ["ReduceLROnPlateau", { thresholdMode: "none" }],
  ["ReduceLROnPlateau", { minLr: [0, 0, 0] }],
  ["OneCycleLR", { maxLr: 1 }],
  ["OneCycleLR", { maxLr: 1, totalSteps: 10, pctStart: 2 }],
  ["OneCycleLR", { maxLr: 1, totalSteps: 10, annealStrategy: "steps" }],
  ["OneCycleLR", { maxLr: [1, 2], totalSteps: 10 }],
];
for (const [name, settings] of refused) {
  answers.it(`${name} of ${JSON.stringify(settings)} is refused`, () => {
    const optimizer = name === "OneCycleLR" ? new optim.SGD([leaf()], { lr: 0.1, momentum: 0.9 }) : plain();
    const Schedule = optim.lrScheduler[name] as new (optimizer: Optim.SGD, options: unknown) => object;
    return error(() => new Schedule(optimizer, settings), "\n");
  });
}

it("OneCycleLR needs an optimizer with momentum, unless told not to move it", () => {
  const optimizer = new optim.Adagrad([leaf()]);
  const options = { maxLr: 1, totalSteps: 5 };
  expect(() => new OneCycleLR(optimizer, options)).toThrow("optimizer must support momentum");
  expect(new OneCycleLR(optimizer, { ...options, cycleMomentum: false }).getLastLr()[0]).toBeCloseTo(0.04);
});
