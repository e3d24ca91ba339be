/** The one-cycle schedule: up to a high learning rate and down to a tiny one, momentum the other way round. */
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import type { Int } from "../tensor/shape.ts";
import { forEachGroup, LRScheduler } from "./lr-scheduler.ts";
import type { Optimizer } from "./optimizer.ts";

/** What is moved through the cycle beside the learning rate: SGD's momentum or Adam's first beta. */
interface Cycled {
  lr: number;
  momentum?: number;
  betas?: readonly [number, number];
}

/** What OneCycleLR is told. */
export interface OneCycleOptions {
  /** The highest learning rate, for all groups or for each. */
  maxLr: number | readonly number[];
  /** How often `step` will be called; or null for `epochs` times `stepsPerEpoch`. Default: null. */
  totalSteps?: Int | null;
  /** How many epochs there will be, if `totalSteps` is not given. Default: null. */
  epochs?: Int | null;
  /** How many steps each of them has. Default: null. */
  stepsPerEpoch?: Int | null;
  /** The share of the steps in which the learning rate rises, in [0, 1]. Default: 0.3. */
  pctStart?: number;
  /** Along a cosine, or a straight line. Default: "cos". */
  annealStrategy?: "cos" | "linear";
  /** Whether momentum moves too: from maxMomentum to baseMomentum and back. Default: true. */
  cycleMomentum?: boolean;
  /** The lowest momentum, where the learning rate is highest. Default: 0.85. */
  baseMomentum?: number;
  /** The highest momentum, at the start and at the end. Default: 0.95. */
  maxMomentum?: number;
  /** The first learning rate is maxLr / divFactor. Default: 25. */
  divFactor?: number;
  /** The last one is the first / finalDivFactor. Default: 1e4. */
  finalDivFactor?: number;
  /** Down to the first learning rate as fast as up, and then to the last. Default: false. */
  threePhase?: boolean;
}

/** What stands at the turning points of a cycle: a group's learning rates, or the momenta. */
type Levels = Record<"first" | "top" | "last", number>;

/** Up to step `end`, from one turning point to another. */
type Phase = [end: number, from: keyof Levels, to: keyof Levels];

/**
 * To be stepped after every batch, not every epoch. Mirrors `torch.optim.lr_scheduler.OneCycleLR` (Smith & Topin 2017,
 * https://arxiv.org/abs/1708.07120).
 *
 * @throws if the number of steps is not given or not positive, pctStart is not in [0, 1], there are not as many maxLr as
 *   groups, or momentum is to move and there is none; in `step`, if called more often than was said
 * @example
 * const optimizer = new optim.SGD([tensor([1])], { lr: 1, momentum: 0.9 });
 * const schedule = new optim.lrScheduler.OneCycleLR(optimizer, { maxLr: 1, totalSteps: 10 });
 * const rates = Array.from({ length: 9 }, () => {
 *   schedule.step();
 *   return optimizer.paramGroups[0].lr;
 * });
 * console.log(tensor(rates));
 */
export class OneCycleLR extends LRScheduler {
  constructor(optimizer: Pick<Optimizer<Cycled>, "paramGroups">, options: OneCycleOptions) {
    const settings = readOptions(options, {
      maxLr: options.maxLr,
      totalSteps: null,
      epochs: null,
      stepsPerEpoch: null,
      pctStart: 0.3,
      annealStrategy: "cos",
      cycleMomentum: true,
      baseMomentum: 0.85,
      maxMomentum: 0.95,
      divFactor: 25,
      finalDivFactor: 1e4,
      threePhase: false,
    });
    const { pctStart, annealStrategy, cycleMomentum, baseMomentum, maxMomentum, divFactor, finalDivFactor } = settings;
    const groups = optimizer.paramGroups;
    const total = totalStepsOf(settings);
    check(pctStart >= 0 && pctStart <= 1, () => `Expected float between 0 and 1 pct_start, but got ${pctStart}`);
    const otherStrategy = () => `anneal_strategy must by one of 'cos' or 'linear', instead got ${annealStrategy}`;
    check(annealStrategy === "cos" || annealStrategy === "linear", otherStrategy);
    const mismatch = (length: number) => `expected ${groups.length} values for max_lr, got ${length}`;
    const maxLrs = forEachGroup(settings.maxLr, groups.length, mismatch);
    const hasMomentum = groups.every(({ momentum, betas }) => momentum !== undefined || betas !== undefined);
    check(!cycleMomentum || hasMomentum, "optimizer must support momentum with `cycle_momentum` option enabled");
    const phases: Phase[] = [[pctStart * total - 1, "first", "top"]];
    if (settings.threePhase) phases.push([2 * pctStart * total - 2, "top", "first"], [total - 1, "first", "last"]);
    else phases.push([total - 1, "top", "last"]);
    const at = (step: number, levels: Levels): number => {
      check(step <= total, () => `Tried to step ${step} times. The specified number of total steps is ${total}`);
      const i = phases.findIndex(([end], phase) => step <= end || phase === phases.length - 1);
      const start = i === 0 ? 0 : phases[i - 1][0];
      const [end, from, to] = [phases[i][0], levels[phases[i][1]], levels[phases[i][2]]];
      const passed = (step - start) / (end - start);
      if (annealStrategy === "linear") return (to - from) * passed + from;
      return to + ((from - to) / 2) * (1 + Math.cos(Math.PI * passed));
    };
    for (const [g, group] of groups.entries()) group.initialLr = maxLrs[g] / divFactor;
    super(
      optimizer,
      (step, before, first, g) => {
        if (first === undefined) return before;
        const lr = at(step, { first, top: maxLrs[g], last: first / finalDivFactor });
        if (cycleMomentum)
          setMomentum(groups[g], at(step, { first: maxMomentum, top: baseMomentum, last: maxMomentum }));
        return lr;
      },
      options,
    );
  }
}

function setMomentum(group: Cycled, momentum: number): void {
  if (group.betas) group.betas = [momentum, group.betas[1]];
  else group.momentum = momentum;
}

function totalStepsOf({ totalSteps, epochs, stepsPerEpoch }: Required<OneCycleOptions>): number {
  if (totalSteps !== null) return positive("totalSteps", totalSteps);
  const notGiven = "You must define either total_steps OR (epochs AND steps_per_epoch)";
  check(epochs !== null && stepsPerEpoch !== null, notGiven);
  return positive("epochs", epochs) * positive("stepsPerEpoch", stepsPerEpoch);
}

function positive(name: string, value: number): number {
  check(Number.isInteger(value) && value > 0, () => `Expected positive integer ${name}, but got ${value}`);
  return value;
}
