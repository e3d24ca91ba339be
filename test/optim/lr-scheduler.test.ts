/** Schedules give PyTorch's learning rates, which test/fixtures/lr_scheduler.py wrote. */
import { describe, expect, it } from "vitest";
import { ones, optim } from "../../src/index.ts";
import { expectClose, readFixture } from "../support/fixtures.ts";

const { LambdaLR, StepLR, MultiStepLR, ExponentialLR, CosineAnnealingLR, OneCycleLR, ReduceLROnPlateau } =
  optim.lrScheduler;

interface Schedule {
  name: "LambdaLR" | "StepLR" | "MultiStepLR" | "ExponentialLR" | "CosineAnnealingLR";
  settings: Record<string, unknown> | string[];
}

const fixture = readFixture<{
  cases: { schedules: Schedule[]; lrs: [number, number][] }[];
  oneCycles: {
    optimizer: "SGD" | "Adam" | "RMSprop";
    settings: optim.lrScheduler.OneCycleOptions;
    lrs: number[][];
    momenta: number[][];
  }[];
  plateaus: { settings: optim.lrScheduler.ReduceLROnPlateauOptions; lrs: number[][] }[];
  measures: number[];
  errors: { schedule: "OneCycleLR" | "ReduceLROnPlateau"; settings: object; error: string }[];
  error: string;
}>("lr_scheduler.json");

const lambdas: Record<string, (epoch: number) => number> = {
  "1 / (1 + epoch)": (epoch) => 1 / (1 + epoch),
  "0.95 ** epoch": (epoch) => 0.95 ** epoch,
};

const leaf = () => ones(1, { requiresGrad: true });
const twoGroups = () => new optim.SGD([{ params: [leaf()], lr: 0.003 }, { params: [leaf()] }], { lr: 0.1 });

function newSchedule(optimizer: optim.SGD, { name, settings }: Schedule): optim.lrScheduler.LRScheduler {
  if (name === "LambdaLR") {
    const functions = (settings as string[]).map((key) => lambdas[key]);
    return new LambdaLR(optimizer, functions.length > 1 ? functions : functions[0]);
  }
  const Schedule = { StepLR, MultiStepLR, ExponentialLR, CosineAnnealingLR }[name] as unknown as new (
    optimizer: optim.SGD,
    settings: unknown,
  ) => optim.lrScheduler.LRScheduler;
  return new Schedule(optimizer, settings);
}

const titled = fixture.cases.map((scheduleCase) => ({
  ...scheduleCase,
  title: scheduleCase.schedules.map(({ name, settings }) => `${name} ${JSON.stringify(settings)}`).join(", "),
}));

describe.each(titled)("$title", ({ schedules, lrs }) => {
  it("PyTorch's learning rate at the start and after every epoch", () => {
    const optimizer = twoGroups();
    const made = schedules.map((schedule) => newSchedule(optimizer, schedule));
    for (const [epoch, expected] of lrs.entries()) {
      expectClose(
        optimizer.paramGroups.map(({ lr }) => lr),
        expected,
        { rtol: 1e-12 },
      );
      expect(made[0].getLastLr()).toEqual(optimizer.paramGroups.map(({ lr }) => lr));
      expect(made[0].lastEpoch).toBe(epoch);
      for (const schedule of made) schedule.step();
    }
  });

  it("the same when optimizer and schedules are made anew, and loaded, before every epoch", () => {
    let optimizer = twoGroups();
    let made = schedules.map((schedule) => newSchedule(optimizer, schedule));
    for (const expected of lrs) {
      expectClose(
        optimizer.paramGroups.map(({ lr }) => lr),
        expected,
        { rtol: 1e-12 },
      );
      const saved = JSON.parse(
        JSON.stringify([optimizer.stateDict(), ...made.map((schedule) => schedule.stateDict())]),
      );
      optimizer = twoGroups();
      made = schedules.map((schedule) => newSchedule(optimizer, schedule));
      optimizer.loadStateDict(saved[0]);
      for (const [i, schedule] of made.entries()) schedule.loadStateDict(saved[i + 1]);
      for (const schedule of made) schedule.step();
    }
  });
});

it("LambdaLR refuses functions that are not as many as groups, in PyTorch's words", () => {
  expect(() => new LambdaLR(twoGroups(), [() => 1, () => 1, () => 1])).toThrow(fixture.error);
});

it("schedules any optimizer that has a learning rate", () => {
  const optimizer = new optim.AdamW([leaf()], { lr: 0.5 });
  const schedule = new ExponentialLR(optimizer, { gamma: 0.5 });
  schedule.step();
  expect(optimizer.paramGroups[0].lr).toBe(0.25);
});

describe.each(fixture.oneCycles)(
  "OneCycleLR of $optimizer, $settings",
  ({ optimizer: name, settings, lrs, momenta }) => {
    const make = () => {
      const groups = [{ params: [leaf()], lr: 0.003 }, { params: [leaf()] }];
      if (name === "Adam") return new optim.Adam(groups, { lr: 0.1 });
      return name === "SGD"
        ? new optim.SGD(groups, { lr: 0.1, momentum: 0.5 })
        : new optim.RMSprop(groups, { lr: 0.1 });
    };
    const values = (optimizer: ReturnType<typeof make>) => ({
      lrs: optimizer.paramGroups.map(({ lr }) => lr),
      momenta: optimizer.paramGroups.map((group) => ("betas" in group ? group.betas[0] : group.momentum)),
    });

    it.each([false, true])(
      "PyTorch's learning rates and momenta; made anew and loaded before every step: %s",
      (anew) => {
        let optimizer = make();
        let schedule = new OneCycleLR(optimizer, settings);
        for (const [step, expected] of lrs.entries()) {
          expectClose(values(optimizer).lrs, expected, { rtol: 1e-12 });
          expectClose(values(optimizer).momenta, momenta[step], { rtol: 1e-12 });
          if (anew) {
            const saved = JSON.parse(JSON.stringify([optimizer.stateDict(), schedule.stateDict()]));
            optimizer = make();
            schedule = new OneCycleLR(optimizer, settings);
            optimizer.loadStateDict(saved[0]);
            schedule.loadStateDict(saved[1]);
          }
          schedule.step();
        }
        expect(() => schedule.step()).toThrow(`The specified number of total steps is ${lrs.length}`);
      },
    );
  },
);

describe.each(fixture.plateaus)("ReduceLROnPlateau, $settings", ({ settings, lrs }) => {
  it.each([false, true])("PyTorch's learning rates; made anew and loaded before every step: %s", (anew) => {
    let optimizer = twoGroups();
    let schedule = new ReduceLROnPlateau(optimizer, settings);
    for (const [epoch, expected] of lrs.entries()) {
      if (anew) {
        const saved = structuredClone([optimizer.stateDict(), schedule.stateDict()] as const);
        optimizer = twoGroups();
        schedule = new ReduceLROnPlateau(optimizer, settings);
        optimizer.loadStateDict(saved[0]);
        schedule.loadStateDict(saved[1]);
      }
      const measure = fixture.measures[epoch];
      schedule.step(settings.mode === "max" ? -measure : measure);
      expectClose(schedule.getLastLr(), expected, { rtol: 1e-12 });
    }
    expect(schedule.lastEpoch).toBe(lrs.length);
  });
});

it.each(fixture.errors)("$schedule of $settings is refused: $error", ({ schedule, settings, error }) => {
  const make = { OneCycleLR, ReduceLROnPlateau }[schedule] as unknown as new (
    optimizer: unknown,
    options: object,
  ) => object;
  const optimizer = schedule === "OneCycleLR" ? new optim.SGD([leaf()], { lr: 0.1, momentum: 0.9 }) : twoGroups();
  expect(() => new make(optimizer, settings)).toThrow(error);
});

it("OneCycleLR needs an optimizer with momentum, unless told not to move it", () => {
  const optimizer = new optim.Adagrad([leaf()]);
  const options = { maxLr: 1, totalSteps: 5 };
  expect(() => new OneCycleLR(optimizer, options)).toThrow("optimizer must support momentum");
  expect(new OneCycleLR(optimizer, { ...options, cycleMomentum: false }).getLastLr()[0]).toBeCloseTo(0.04);
});
