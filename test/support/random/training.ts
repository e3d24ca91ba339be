/** Random optimizers, with all settings, and schedules on them. */
import type { optim } from "../../../src/index.ts";
import { minimise, type OptimizerName } from "../minimise.ts";
import { formula, torch } from "../torch.ts";
import type { RandomCase } from "./disagreements.ts";
import type { Draw } from "./draw.ts";

const common = { lr: [0.1, 0.01, 1, 0], weightDecay: [0.1, 0.01], maximize: [true, false] };
const adam = { ...common, betas: [[0.9, 0.99], [0.5, 0.8], [0, 0]], eps: [1e-8, 0.01], amsgrad: [true, false] }; // biome-ignore format: a line
const settings: Record<OptimizerName, Readonly<Record<string, readonly unknown[]>>> = {
  SGD: { ...common, momentum: [0.9, 0.5, 1], dampening: [0.5, 0, 1], nesterov: [true, false] },
  Adam: adam,
  AdamW: adam,
  RMSprop: { ...common, alpha: [0.9, 0.5], eps: [1e-8, 0.01], momentum: [0.9, 0.5], centered: [true, false] },
  Adamax: { ...common, betas: adam.betas, eps: [1e-8, 0.01] },
  NAdam: {
    lr: common.lr,
    weightDecay: common.weightDecay,
    betas: adam.betas.slice(0, 2),
    eps: adam.eps,
    momentumDecay: [0.1],
  },
  RAdam: { lr: common.lr, weightDecay: common.weightDecay, betas: adam.betas.slice(0, 2), eps: adam.eps },
  Adadelta: { ...common, rho: [0.5, 1, 0], eps: [1e-6, 0.01] },
  Rprop: { lr: [0.1, 0.01], maximize: common.maximize, etas: [[0.5, 1.2], [0.3, 2]], stepSizes: [[1e-3, 0.5], [1e-6, 50]] }, // biome-ignore format: a line
  ASGD: { ...common, lambd: [0.1, 1e-4], alpha: [0.5, 1], t0: [0, 2, 4] },
  Adagrad: { ...common, lrDecay: [0.1, 1], initialAccumulatorValue: [0.5, 0], eps: [1e-10, 0.01] },
};
const names = Object.keys(settings) as OptimizerName[];

export function randomOptimizer(draw: Draw): Pick<RandomCase, "run" | "comparing"> {
  const name = draw.oneOf(names);
  const { nesterov, dampening, initialAccumulatorValue, ...ofGroups } = settings[name]; // PyTorch does not look at a group's
  const steps = 3 + draw.below(6);
  const groups = draw
    .oneOf([[[0, 1, 2]], [[2, 0], [1]], [[1], [0], [2]]])
    .map((ids): [number[], object] => [ids, draw.isOneIn(2) ? draw.settings(ofGroups) : {}]);
  const float64 = draw.isOneIn(2) ? { dtype: "float64" as const } : {};
  const chosen = draw.settings(settings[name]);
  /** docs/differences.md: each group is checked here, and in PyTorch only what they all are given. So that has a momentum, too. */
  const isCheckedElsewhere = chosen.nesterov === true && groups.every(([, own]) => "momentum" in own);
  const minimising = {
    settings: { lr: 0.05, ...(isCheckedElsewhere && { momentum: 0.5 }), ...chosen },
    groups,
    steps,
    changes: draw.several(draw.below(3), (): [number, number, object] => [
      draw.below(steps),
      draw.below(groups.length),
      draw.settings({ lr: [0.2, 0.02], weightDecay: [0, 0.3] }),
    ]),
    skipped: draw.several(draw.below(4), (): [number, number] => [draw.below(steps), draw.below(3)]),
    ...float64,
  };
  const comparing = float64.dtype ? { rtol: 1e-11, atol: 1e-12 } : { rtol: 2e-5, atol: 2e-5 };
  return { run: () => minimise(name, minimising), comparing };
}

const { lrScheduler } = torch.optim;
type Schedule = optim.lrScheduler.LRScheduler | optim.lrScheduler.ReduceLROnPlateau;
type Schedules = Record<string, new (optimizer: object, options: unknown) => Schedule>;

/** What each schedule is told; what it needs is given, the others in half of the cases. */
const told: Record<string, (draw: Draw) => unknown> = {
  LambdaLR: (draw) => formula("epoch", draw.oneOf(["0.95 ** epoch", "1 / (1 + epoch)"])),
  StepLR: (draw) => ({ stepSize: 1 + draw.below(5), ...draw.settings({ gamma: [0.5, 0.9, 2] }) }),
  MultiStepLR: (draw) => ({
    milestones: draw.several(draw.below(4), () => draw.below(9)).sort((a, b) => a - b),
    ...draw.settings({ gamma: [0.5, 0.9] }),
  }),
  ConstantLR: (draw) => draw.settings({ factor: [0.5, 0.1, 1], totalIters: [0, 2, 7] }),
  LinearLR: (draw) => draw.settings({ startFactor: [0.5, 1, 0.01], endFactor: [0.5, 0, 1], totalIters: [2, 7] }),
  PolynomialLR: (draw) => draw.settings({ totalIters: [3, 20], power: [0.5, 2] }),
  CosineAnnealingWarmRestarts: (draw) => ({
    t0: 1 + draw.below(6),
    ...draw.settings({ tMult: [1, 2, 3], etaMin: [0.01] }),
  }),
  MultiplicativeLR: () => formula("epoch", "0.95 ** epoch"),
  ExponentialLR: (draw) => ({ gamma: draw.oneOf([0.5, 0.9, 1.1]) }),
  CosineAnnealingLR: (draw) => ({ tMax: 1 + draw.below(9), ...draw.settings({ etaMin: [0.001, 0.5] }) }),
  OneCycleLR: (draw) => ({
    maxLr: draw.oneOf([1, 0.3, [1, 0.5]]),
    ...draw.oneOf([{ totalSteps: 12 + draw.below(20) }, { epochs: 3, stepsPerEpoch: 4 + draw.below(5) }]),
    ...draw.settings({
      pctStart: [0.3, 0.5, 0.1],
      annealStrategy: ["cos", "linear"],
      cycleMomentum: [true, false],
      baseMomentum: [0.8, 0.7],
      maxMomentum: [0.95, 0.99],
      divFactor: [10, 25],
      finalDivFactor: [100, 1e4],
      threePhase: [true, false],
    }),
  }),
  ReduceLROnPlateau: (draw) =>
    draw.settings({
      mode: ["min", "max"],
      factor: [0.5, 0.1],
      patience: [0, 1, 3],
      threshold: [0.1, 1e-4, 0],
      thresholdMode: ["rel", "abs"],
      cooldown: [0, 1, 2],
      minLr: [0, 0.01, [0.001, 0.02]],
      eps: [1e-8, 0.01],
    }),
};

export function randomSchedule(draw: Draw): Pick<RandomCase, "run" | "comparing"> {
  const run = () => {
    const momentum = draw.isOneIn(2) ? { momentum: 0.5 } : {};
    const leaf = () => torch.ones(1, { requiresGrad: true });
    const groups = [{ params: [leaf()], lr: 0.03 }, { params: [leaf()] }];
    const rate = { lr: draw.oneOf([0.1, 1]) };
    const optimizer = draw.isOneIn(3)
      ? new torch.optim.Adam(groups, rate)
      : new torch.optim.SGD(groups, { ...rate, ...momentum });
    const chosen = draw.several(draw.oneOf([1, 1, 2]), () => draw.oneOf(Object.keys(told)));
    const schedules = chosen.map(
      (name) => [name, new (lrScheduler as unknown as Schedules)[name](optimizer, told[name](draw))] as const,
    );
    /** What is read is compared. */
    const see = () => {
      for (const group of optimizer.paramGroups) void [group.lr, "betas" in group ? group.betas[0] : group.momentum];
    };
    see();
    const steps = chosen.includes("OneCycleLR") ? 11 : 14;
    for (let step = 0; step < steps; step++) {
      for (const [name, schedule] of schedules) {
        if (name === "ReduceLROnPlateau") (schedule as optim.lrScheduler.ReduceLROnPlateau).step(draw.below(30) / 10);
        else (schedule as optim.lrScheduler.LRScheduler).step();
      }
      see();
    }
  };
  return { run, comparing: { rtol: 1e-9, atol: 1e-12 } };
}
