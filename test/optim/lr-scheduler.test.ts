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

const leaf = () => ones(1, { requiresGrad: true });
const groups = () => [{ params: [leaf()], lr: 0.003 }, { params: [leaf()] }];
const twoGroups = () => new optim.SGD(groups(), { lr: 0.1 });
const ratesOf = ({ paramGroups }: Optim.Optimizer<{ lr: number }>) => paramGroups.map(({ lr }) => lr);

type Make = (optimizer: Optim.SGD) => Optim.lrScheduler.LRScheduler;

const inverse = formula("epoch", "1 / (1 + epoch)");
const shrinking = formula("epoch", "0.95 ** epoch");
const every4: Make = (optimizer) => new StepLR(optimizer, { stepSize: 4 });
const exponential: Make = (optimizer) => new ExponentialLR(optimizer, { gamma: 0.9 });

const cases: Record<string, Make[]> = {
  "StepLR, every 4": [every4],
  "StepLR, every 1, gamma 0.9": [(optimizer) => new StepLR(optimizer, { stepSize: 1, gamma: 0.9 })],
  "MultiStepLR, one milestone twice": [(optimizer) => new MultiStepLR(optimizer, { milestones: [3, 7, 7, 20] })],
  "MultiStepLR, at 0, gamma 0.5": [(optimizer) => new MultiStepLR(optimizer, { milestones: [0, 5], gamma: 0.5 })],
  ExponentialLR: [exponential],
  "CosineAnnealingLR, 10, down to 0.001": [
    (optimizer) => new CosineAnnealingLR(optimizer, { tMax: 10, etaMin: 0.001 }),
  ],
  "CosineAnnealingLR, 7": [(optimizer) => new CosineAnnealingLR(optimizer, { tMax: 7 })],
  "CosineAnnealingLR, 25": [(optimizer) => new CosineAnnealingLR(optimizer, { tMax: 25 })],
  "LambdaLR, one function": [(optimizer) => new LambdaLR(optimizer, inverse)],
  "LambdaLR, two functions": [(optimizer) => new LambdaLR(optimizer, [inverse, shrinking])],
  "StepLR and ExponentialLR": [every4, exponential],
  "ExponentialLR and CosineAnnealingLR": [exponential, (optimizer) => new CosineAnnealingLR(optimizer, { tMax: 30 })],
};

describe.each(Object.entries(cases))("%s", (name, schedules) => {
  function scheduled({ anew = false } = {}) {
    let optimizer = twoGroups();
    let made = schedules.map((make) => make(optimizer));
    const rates: number[][] = [];
    for (let epoch = 0; epoch <= 25; epoch++) {
      rates.push(ratesOf(optimizer));
      // As PyTorch's does not, it sees what other schedules have made of the learning rate.
      expect(unobserved(made[0].getLastLr())).toEqual(rates[epoch]);
      expect(made[0].lastEpoch).toBe(epoch);
      if (anew) {
        const saved = JSON.parse(
          JSON.stringify([optimizer.stateDict(), ...made.map((schedule) => schedule.stateDict())]),
        );
        optimizer = twoGroups();
        made = schedules.map((make) => make(optimizer));
        optimizer.loadStateDict(saved[0]);
        for (const [i, schedule] of made.entries()) schedule.loadStateDict(saved[i + 1]);
      }
      for (const schedule of made) schedule.step();
    }
    return rates;
  }

  it("PyTorch's learning rate at the start and after every epoch", () => {
    answers.check(name, () => {
      scheduled();
    });
  });

  it("the same when optimizer and schedules are made anew, and loaded, before every epoch", () => {
    expect(scheduled({ anew: true })).toEqual(scheduled());
  });
});

answers.it("LambdaLR refuses functions that are not as many as groups, in PyTorch's words", () =>
  error(() => new LambdaLR(twoGroups(), [inverse, inverse, inverse]), "\n"),
);

it("schedules any optimizer that has a learning rate", () => {
  const optimizer = new optim.AdamW([leaf()], { lr: 0.5 });
  const schedule = new ExponentialLR(optimizer, { gamma: 0.5 });
  schedule.step();
  expect(optimizer.paramGroups[0].lr).toBe(0.25);
});

const oneCycles: ["SGD" | "Adam" | "RMSprop", Optim.lrScheduler.OneCycleOptions][] = [
  ["SGD", { maxLr: 1, totalSteps: 10 }],
  ["SGD", { maxLr: [1, 0.5], epochs: 3, stepsPerEpoch: 7, annealStrategy: "linear" }],
  ["Adam", { maxLr: 1, totalSteps: 20, threePhase: true, baseMomentum: 0.7, maxMomentum: 0.99 }],
  ["SGD", { maxLr: 1, totalSteps: 20, pctStart: 0.5, divFactor: 10, finalDivFactor: 100 }],
  ["SGD", { maxLr: 1, totalSteps: 12, cycleMomentum: false, threePhase: true, annealStrategy: "linear" }],
  ["RMSprop", { maxLr: 1, totalSteps: 9 }],
];

describe.each(oneCycles)("OneCycleLR of %s, %o", (name, settings) => {
  const { totalSteps, epochs = 0, stepsPerEpoch = 0 } = settings;
  const steps = totalSteps ?? epochs * stepsPerEpoch;
  const make = () => {
    if (name === "Adam") return new optim.Adam(groups(), { lr: 0.1 });
    return name === "SGD"
      ? new optim.SGD(groups(), { lr: 0.1, momentum: 0.5 })
      : new optim.RMSprop(groups(), { lr: 0.1 });
  };
  const momentaOf = ({ paramGroups }: ReturnType<typeof make>) =>
    paramGroups.map((group) => ("betas" in group ? group.betas[0] : group.momentum));

  function cycled({ anew = false } = {}) {
    let optimizer = make();
    let schedule = new OneCycleLR(optimizer, settings);
    const values: number[][] = [];
    for (let step = 0; step < steps; step++) {
      values.push(ratesOf(optimizer), momentaOf(optimizer));
      if (anew) {
        const saved = JSON.parse(JSON.stringify([optimizer.stateDict(), schedule.stateDict()]));
        optimizer = make();
        schedule = new OneCycleLR(optimizer, settings);
        optimizer.loadStateDict(saved[0]);
        schedule.loadStateDict(saved[1]);
      }
      schedule.step();
    }
    return { values, schedule };
  }

  it("PyTorch's learning rates and momenta", () => {
    answers.check(`OneCycleLR of ${name}, ${namesOf(settings)}`, () => {
      cycled();
    });
    expectEnd(cycled().schedule);
  });

  it("the same when made anew and loaded before every step", () => {
    const { values, schedule } = cycled({ anew: true });
    expect(values).toEqual(cycled().values);
    expectEnd(schedule);
  });

  const expectEnd = (schedule: Optim.lrScheduler.OneCycleLR) =>
    expect(() => schedule.step()).toThrow(`The specified number of total steps is ${steps}`);
});

const measures = [5, 4, 3, 3.0001, 2.9999, 2.9999, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.6, 2.4, 2.4, 2.4, 2.4, 2.4, 2.4, 1, 1, 1, 1, 1, 1, 1]; // biome-ignore format: a list

const plateaus: Optim.lrScheduler.ReduceLROnPlateauOptions[] = [
  { patience: 2 },
  { mode: "max", patience: 1, factor: 0.5 },
  { patience: 0, threshold: 0.1, thresholdMode: "abs", cooldown: 2 },
  { mode: "max", patience: 1, threshold: 0.1, thresholdMode: "abs", minLr: [0.001, 0.02] },
  { patience: 1, threshold: 0.2, eps: 0.002 },
  { patience: 0, cooldown: 1, minLr: 0.0005 },
];

describe.each(plateaus)("ReduceLROnPlateau, %o", (settings) => {
  function reduced({ anew = false } = {}) {
    let optimizer = twoGroups();
    let schedule = new ReduceLROnPlateau(optimizer, settings);
    const rates = measures.map((measure) => {
      if (anew) {
        const saved = [unobserved(optimizer.stateDict()), unobserved(schedule.stateDict())] as const;
        optimizer = twoGroups();
        schedule = new ReduceLROnPlateau(optimizer, settings);
        const [own, ofSchedule] = structuredClone(saved);
        optimizer.loadStateDict(own);
        schedule.loadStateDict(ofSchedule);
      }
      schedule.step(settings.mode === "max" ? -measure : measure);
      if (anew) expect(schedule.getLastLr()).toEqual(ratesOf(optimizer)); // PyTorch 1.13 has none
      return ratesOf(optimizer);
    });
    expect(schedule.lastEpoch).toBe(measures.length);
    return rates;
  }

  it("PyTorch's learning rates", () => {
    answers.check(`ReduceLROnPlateau, ${JSON.stringify(settings)}`, () => {
      reduced();
    });
  });

  it("the same when made anew and loaded before every step", () => {
    expect(reduced({ anew: true })).toEqual(reduced());
  });
});

const refused: ["OneCycleLR" | "ReduceLROnPlateau", object][] = [
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
    const isOneCycle = name === "OneCycleLR";
    const optimizer = isOneCycle ? new optim.SGD([leaf()], { lr: 0.1, momentum: 0.9 }) : twoGroups();
    const Schedule = optim.lrScheduler[name] as new (optimizer: Optim.SGD, options: object) => object;
    return error(() => new Schedule(optimizer, settings), "\n");
  });
}

it("OneCycleLR needs an optimizer with momentum, unless told not to move it", () => {
  const optimizer = new optim.Adagrad([leaf()]);
  const options = { maxLr: 1, totalSteps: 5 };
  expect(() => new OneCycleLR(optimizer, options)).toThrow("optimizer must support momentum");
  expect(new OneCycleLR(optimizer, { ...options, cycleMomentum: false }).getLastLr()[0]).toBeCloseTo(0.04);
});
