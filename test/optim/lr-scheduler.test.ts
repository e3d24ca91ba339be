/** Schedules give PyTorch's learning rates, which test/fixtures/lr_scheduler.py wrote. */
import { describe, expect, it } from "vitest";
import { ones, optim } from "../../src/index.ts";
import { expectClose, readFixture } from "../support/fixtures.ts";

const { LambdaLR, StepLR, MultiStepLR, ExponentialLR, CosineAnnealingLR } = optim.lrScheduler;

interface Schedule {
  name: "LambdaLR" | "StepLR" | "MultiStepLR" | "ExponentialLR" | "CosineAnnealingLR";
  settings: Record<string, unknown> | string[];
}

const fixture = readFixture<{
  cases: { schedules: Schedule[]; lrs: [number, number][] }[];
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
