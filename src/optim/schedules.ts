/**
 * The `optim.lrScheduler` namespace: schedules that are one formula, here, and those that are more, each in its file.
 */
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import type { Int } from "../tensor/shape.ts";
import { forEachGroup, LRScheduler, type Scheduled } from "./lr-scheduler.ts";

export * from "./cosine-annealing-warm-restarts.ts";
export * from "./cyclic-lr.ts";
export { LRScheduler, type Scheduled, type SchedulerState } from "./lr-scheduler.ts";
export * from "./one-cycle-lr.ts";
export * from "./reduce-lr-on-plateau.ts";
export * from "./several-schedules.ts";

/** What the learning rate at the start is multiplied by in an epoch. */
type Factor = (epoch: number) => number;

/**
 * lr = base · factor(epoch), with one function for all groups or one each. Mirrors `torch.optim.lr_scheduler.LambdaLR`.
 * @example
 * const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
 * const schedule = new optim.lrScheduler.LambdaLR(optimizer, (epoch) => 1 / (1 + epoch));
 * for (let epoch = 0; epoch < 3; epoch++, schedule.step()) console.log(optimizer.paramGroups[0].lr);
 */
export class LambdaLR extends LRScheduler {
  /** @throws if there are several functions, but not as many as groups */
  constructor(optimizer: Scheduled, factor: Factor | readonly Factor[]) {
    const groups = optimizer.paramGroups.length;
    const factors = forEachGroup(factor, groups, (length) => `Expected ${groups} lr_lambdas, but got ${length}`);
    super(optimizer, (epoch, lr, base, group) => (base === undefined ? lr : base * factors[group](epoch)), null);
  }
}

/**
 * lr ← lr · factor(epoch), with one function for all groups or one each. Mirrors `torch.optim.lr_scheduler.MultiplicativeLR`.
 * @example
 * const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
 * const schedule = new optim.lrScheduler.MultiplicativeLR(optimizer, () => 0.5);
 * for (let epoch = 0; epoch < 3; epoch++, schedule.step()) console.log(optimizer.paramGroups[0].lr);
 */
export class MultiplicativeLR extends LRScheduler {
  /** @throws if there are several functions, but not as many as groups */
  constructor(optimizer: Scheduled, factor: Factor | readonly Factor[]) {
    const groups = optimizer.paramGroups.length;
    const factors = forEachGroup(factor, groups, (length) => `Expected ${groups} lr_lambdas, but got ${length}`);
    super(
      optimizer,
      (epoch, lr, base, group) => (epoch === 0 || base === undefined ? lr : lr * factors[group](epoch)),
      null,
    );
  }
}

/** What StepLR is told. */
export interface StepLROptions {
  /** How many epochs the learning rate stays the same. */
  stepSize: Int;
  /** What it is multiplied by then. Default: 0.1. */
  gamma?: number;
}

/**
 * lr ← lr · gamma every `stepSize` epochs. Mirrors `torch.optim.lr_scheduler.StepLR`.
 * @example
 * const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
 * const schedule = new optim.lrScheduler.StepLR(optimizer, { stepSize: 2, gamma: 0.5 });
 * for (let epoch = 0; epoch < 4; epoch++, schedule.step()) console.log(optimizer.paramGroups[0].lr);
 */
export class StepLR extends LRScheduler {
  constructor(optimizer: Scheduled, options: StepLROptions) {
    const { stepSize, gamma } = readOptions(options, { stepSize: options.stepSize, gamma: 0.1 });
    check(stepSize >= 1, () => `Expected positive integer step_size, but got ${stepSize}`);
    super(optimizer, (epoch, lr) => (epoch > 0 && epoch % stepSize === 0 ? lr * gamma : lr), options);
  }
}

/** What MultiStepLR is told. */
export interface MultiStepLROptions {
  /** The epochs at which the learning rate is multiplied. */
  milestones: readonly number[];
  /** What it is multiplied by. Default: 0.1. */
  gamma?: number;
}

/**
 * lr ← lr · gamma at each of the epochs `milestones`, twice at one that is there twice.
 * Mirrors `torch.optim.lr_scheduler.MultiStepLR`.
 * @example
 * const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
 * const schedule = new optim.lrScheduler.MultiStepLR(optimizer, { milestones: [1, 3], gamma: 0.5 });
 * for (let epoch = 0; epoch < 4; epoch++, schedule.step()) console.log(optimizer.paramGroups[0].lr);
 */
export class MultiStepLR extends LRScheduler {
  constructor(optimizer: Scheduled, options: MultiStepLROptions) {
    const { milestones, gamma } = readOptions(options, { milestones: options.milestones, gamma: 0.1 });
    const count = (epoch: number) => milestones.filter((milestone) => milestone === epoch).length;
    super(optimizer, (epoch, lr) => lr * gamma ** count(epoch), options);
  }
}

/** What ExponentialLR is told. */
export interface ExponentialLROptions {
  /** What the learning rate is multiplied by. */
  gamma: number;
}

/**
 * lr ← lr · gamma every epoch. Mirrors `torch.optim.lr_scheduler.ExponentialLR`.
 * @example
 * const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
 * const schedule = new optim.lrScheduler.ExponentialLR(optimizer, { gamma: 0.5 });
 * for (let epoch = 0; epoch < 3; epoch++, schedule.step()) console.log(optimizer.paramGroups[0].lr);
 */
export class ExponentialLR extends LRScheduler {
  constructor(optimizer: Scheduled, { gamma }: ExponentialLROptions) {
    super(optimizer, (epoch, lr) => (epoch > 0 ? lr * gamma : lr), { gamma });
  }
}

/** What ConstantLR may be told. */
export interface ConstantLROptions {
  /** What the learning rate is multiplied by at first, in [0, 1]. Default: 1/3. */
  factor?: number;
  /** For how many epochs. Default: 5. */
  totalIters?: number;
}

/**
 * lr = base · factor up to epoch `totalIters`, and base from then on. Mirrors `torch.optim.lr_scheduler.ConstantLR`.
 * @throws unless factor is in [0, 1]
 * @example
 * const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
 * const schedule = new optim.lrScheduler.ConstantLR(optimizer, { factor: 0.25, totalIters: 2 });
 * for (let epoch = 0; epoch < 4; epoch++, schedule.step()) console.log(optimizer.paramGroups[0].lr);
 */
export class ConstantLR extends LRScheduler {
  constructor(optimizer: Scheduled, options?: ConstantLROptions) {
    const { factor, totalIters } = readOptions(options, { factor: 1 / 3, totalIters: 5 });
    checkFactor("Constant", factor);
    super(
      optimizer,
      (epoch, lr) => {
        if (epoch === 0) return lr * factor;
        return epoch === totalIters ? lr * (1 / factor) : lr;
      },
      options,
    );
  }
}

function checkFactor(name: string, factor: number): void {
  const outside = () => `${name} multiplicative factor expected to be between 0 and 1. It is ${factor}`;
  check(factor >= 0 && factor <= 1, outside);
}

/** What LinearLR may be told. */
export interface LinearLROptions {
  /** What the learning rate is multiplied by at first, in [0, 1]. Default: 1/3. */
  startFactor?: number;
  /** And at last, in [0, 1]. Default: 1. */
  endFactor?: number;
  /** How many epochs it takes from the one to the other. Default: 5. */
  totalIters?: number;
}

/**
 * lr = base · (startFactor + (endFactor - startFactor) · epoch / totalIters), up to epoch `totalIters`: a warm-up. Mirrors
 * `torch.optim.lr_scheduler.LinearLR`.
 * @throws unless both factors are in [0, 1]
 * @example
 * const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
 * const schedule = new optim.lrScheduler.LinearLR(optimizer, { startFactor: 0.5, totalIters: 2 });
 * for (let epoch = 0; epoch < 4; epoch++, schedule.step()) console.log(optimizer.paramGroups[0].lr);
 */
export class LinearLR extends LRScheduler {
  constructor(optimizer: Scheduled, options?: LinearLROptions) {
    const defaults = { startFactor: 1 / 3, endFactor: 1, totalIters: 5 };
    const { startFactor, endFactor, totalIters } = readOptions(options, defaults);
    checkFactor("Starting", startFactor);
    checkFactor("Ending", endFactor);
    const rise = endFactor - startFactor;
    super(
      optimizer,
      (epoch, lr) => {
        if (epoch === 0) return lr * startFactor;
        if (epoch > totalIters) return lr;
        return lr * (1 + rise / (totalIters * startFactor + (epoch - 1) * rise));
      },
      options,
    );
  }
}

/** What PolynomialLR may be told. */
export interface PolynomialLROptions {
  /** After how many epochs the learning rate is 0. Default: 5. */
  totalIters?: number;
  /** Of the polynomial. Default: 1, a straight line. */
  power?: number;
}

/**
 * lr = base · (1 - epoch / totalIters)^power, up to epoch `totalIters`. Mirrors `torch.optim.lr_scheduler.PolynomialLR`.
 * @example
 * const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
 * const schedule = new optim.lrScheduler.PolynomialLR(optimizer, { totalIters: 4, power: 2 });
 * for (let epoch = 0; epoch < 5; epoch++, schedule.step()) console.log(optimizer.paramGroups[0].lr);
 */
export class PolynomialLR extends LRScheduler {
  constructor(optimizer: Scheduled, options?: PolynomialLROptions) {
    const { totalIters, power } = readOptions(options, { totalIters: 5, power: 1 });
    const left = (epoch: number) => 1 - epoch / totalIters;
    super(
      optimizer,
      (epoch, lr) => (epoch === 0 || epoch > totalIters ? lr : lr * (left(epoch) / left(epoch - 1)) ** power),
      options,
    );
  }
}

/** What CosineAnnealingLR is told. */
export interface CosineAnnealingLROptions {
  /** How many epochs it takes to come down. */
  tMax: number;
  /** The lowest learning rate. Default: 0. */
  etaMin?: number;
}

/**
 * lr = etaMin + (base - etaMin) · (1 + cos(π · epoch / tMax)) / 2: from base to etaMin in tMax epochs, and back in the next.
 * Computed from the lr before, which reaches etaMin exactly. Mirrors `torch.optim.lr_scheduler.CosineAnnealingLR`
 * (Loshchilov & Hutter 2016, https://arxiv.org/abs/1608.03983).
 * @example
 * const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
 * const schedule = new optim.lrScheduler.CosineAnnealingLR(optimizer, { tMax: 4 });
 * for (let epoch = 0; epoch <= 4; epoch++, schedule.step()) console.log(optimizer.paramGroups[0].lr.toFixed(4));
 */
export class CosineAnnealingLR extends LRScheduler {
  constructor(optimizer: Scheduled, options: CosineAnnealingLROptions) {
    const { tMax, etaMin } = readOptions(options, { tMax: options.tMax, etaMin: 0 });
    check(Math.abs(tMax) > 0, () => `T_max is a number of epochs other than 0, but got ${tMax}`);
    const height = (epoch: number) => 1 + Math.cos((Math.PI * epoch) / tMax);
    super(
      optimizer,
      (epoch, lr, base) => {
        if (epoch === 0) return lr;
        // From the lowest point no factor leads up.
        const isLowest = (epoch - 1 - tMax) % (2 * tMax) === 0;
        if (isLowest) return base === undefined ? lr : lr + ((base - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2;
        return (height(epoch) / height(epoch - 1)) * (lr - etaMin) + etaMin;
      },
      options,
    );
  }
}
