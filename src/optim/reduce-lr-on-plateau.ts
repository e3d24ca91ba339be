/** A schedule that listens: the learning rate falls when a measure of success no longer gets better. */
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import type { Int } from "../tensor/shape.ts";
import { forEachGroup, Schedule, type Scheduled } from "./lr-scheduler.ts";

/** What ReduceLROnPlateau may be told. */
export interface ReduceLROnPlateauOptions {
  /** Whether a lower or a higher measure is better. Default: "min". */
  mode?: "min" | "max";
  /** What the learning rate is multiplied by, below 1. Default: 0.1. */
  factor?: number;
  /** How many epochs in a row may be no better. Default: 10. */
  patience?: Int;
  /** By how much a measure must be better to count. Default: 1e-4. */
  threshold?: number;
  /** Whether that is a share of the best measure, or a difference. Default: "rel". */
  thresholdMode?: "rel" | "abs";
  /** For how many epochs after a reduction bad ones do not count. Default: 0. */
  cooldown?: Int;
  /** The lowest learning rate, for all groups or for each. Default: 0. */
  minLr?: number | readonly number[];
  /** A reduction by no more than this is not made. Default: 1e-8. */
  eps?: number;
}

/** What ReduceLROnPlateau remembers. */
export interface PlateauState {
  /** The best measure so far. */
  best: number;
  /** How many epochs in a row were no better. */
  numBadEpochs: number;
  /** For how many more epochs bad ones do not count. */
  cooldownCounter: number;
  /** How often `step` was called. */
  lastEpoch: number;
}

/**
 * lr ← max(lr · factor, minLr) after more than `patience` bad epochs. Mirrors `torch.optim.lr_scheduler.ReduceLROnPlateau`.
 * @example
 * const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
 * const schedule = new optim.lrScheduler.ReduceLROnPlateau(optimizer, { patience: 1 });
 * for (const loss of [3, 2, 2, 2, 2]) {
 *   schedule.step(loss);
 *   console.log(loss, optimizer.paramGroups[0].lr);
 * }
 */
export class ReduceLROnPlateau extends Schedule<PlateauState> {
  /** The options that it was given, by which it can be made again. */
  protected readonly settings: Required<ReduceLROnPlateauOptions>;

  /** @throws if factor is not below 1, a mode is unknown, or there are not as many minLr as groups */
  constructor(optimizer: Scheduled, options?: ReduceLROnPlateauOptions) {
    const settings = readOptions(options, {
      mode: "min",
      factor: 0.1,
      patience: 10,
      threshold: 1e-4,
      thresholdMode: "rel",
      cooldown: 0,
      minLr: 0,
      eps: 1e-8,
    });
    const { mode, factor, thresholdMode } = settings;
    check(factor < 1, () => `Factor should be < 1.0. It is ${factor}`);
    check(mode === "min" || mode === "max", () => `mode ${mode} is unknown! It is "min" or "max"`);
    const otherThreshold = () => `threshold mode ${thresholdMode} is unknown! It is "rel" or "abs"`;
    check(thresholdMode === "rel" || thresholdMode === "abs", otherThreshold);
    const best = mode === "min" ? Infinity : -Infinity;
    super(optimizer, { best, numBadEpochs: 0, cooldownCounter: 0, lastEpoch: 0 });
    this.settings = settings;
    this.#minLrs();
  }

  /**
   * Ends an epoch.
   * @param metric its measure, such as the loss of a validation set
   * @throws if there are more groups by now than a list of minLr has room for
   */
  step(metric: number): void {
    const { state } = this;
    const { patience, cooldown, factor, eps } = this.settings;
    const minLrs = this.#minLrs();
    state.lastEpoch++;
    if (this.#isBetter(metric)) {
      state.best = metric;
      state.numBadEpochs = 0;
    } else state.numBadEpochs++;
    if (state.cooldownCounter > 0) {
      state.cooldownCounter--;
      state.numBadEpochs = 0;
    }
    if (state.numBadEpochs <= patience) return;
    for (const [g, group] of this.groups.entries()) {
      const reduced = Math.max(group.lr * factor, minLrs[g]);
      if (group.lr - reduced > eps) group.lr = reduced;
    }
    state.cooldownCounter = cooldown;
    state.numBadEpochs = 0;
  }

  /** Of each group that there is now. */
  #minLrs(): readonly number[] {
    const groups = this.groups.length;
    return forEachGroup(this.settings.minLr, groups, (length) => `expected ${groups} min_lrs, got ${length}`);
  }

  #isBetter(metric: number): boolean {
    const { best } = this.state;
    const { mode, threshold, thresholdMode } = this.settings;
    const sign = mode === "min" ? -1 : 1;
    const bound = thresholdMode === "rel" ? best * (1 + sign * threshold) : best + sign * threshold;
    return mode === "min" ? metric < bound : metric > bound;
  }
}
