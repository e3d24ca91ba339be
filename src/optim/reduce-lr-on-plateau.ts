/** A schedule that listens: the learning rate falls when a measure of success no longer gets better. */
import type { Optimizer, ParamGroup } from "./optimizer.ts";

export interface ReduceLROnPlateauOptions {
  /** Whether a lower or a higher measure is better. Default: "min". */
  mode?: "min" | "max";
  /** What the learning rate is multiplied by, below 1. Default: 0.1. */
  factor?: number;
  /** How many epochs in a row may be no better. Default: 10. */
  patience?: number;
  /** By how much a measure must be better to count. Default: 1e-4. */
  threshold?: number;
  /** Whether that is a share of the best measure, or a difference. Default: "rel". */
  thresholdMode?: "rel" | "abs";
  /** For how many epochs after a reduction bad ones do not count. Default: 0. */
  cooldown?: number;
  /** The lowest learning rate, for all groups or for each. Default: 0. */
  minLr?: number | readonly number[];
  /** A reduction by no more than this is not made. Default: 1e-8. */
  eps?: number;
}

/** What it remembers. */
export interface PlateauState {
  best: number;
  numBadEpochs: number;
  cooldownCounter: number;
  lastEpoch: number;
}

/** lr ← max(lr · factor, minLr) after more than `patience` bad epochs. Mirrors `torch.optim.lr_scheduler.ReduceLROnPlateau`. */
export class ReduceLROnPlateau {
  readonly #groups: readonly ParamGroup<{ lr: number }>[];
  readonly #options: Required<ReduceLROnPlateauOptions> & { minLr: readonly number[] };
  #state: PlateauState;

  /** @throws if factor is not below 1, a mode is unknown, or there are not as many minLr as groups */
  constructor({ paramGroups }: Pick<Optimizer<{ lr: number }>, "paramGroups">, options: ReduceLROnPlateauOptions = {}) {
    const { mode = "min", factor = 0.1, thresholdMode = "rel", minLr = 0 } = options;
    if (factor >= 1) throw new Error("Factor should be < 1.0.");
    if (mode !== "min" && mode !== "max") throw new Error(`mode ${mode} is unknown!`);
    if (thresholdMode !== "rel" && thresholdMode !== "abs") {
      throw new Error(`threshold mode ${thresholdMode} is unknown!`);
    }
    const minLrs = typeof minLr === "number" ? paramGroups.map(() => minLr) : minLr;
    if (minLrs.length !== paramGroups.length) {
      throw new Error(`expected ${paramGroups.length} min_lrs, got ${minLrs.length}`);
    }
    this.#groups = paramGroups;
    const defaults = { patience: 10, threshold: 1e-4, cooldown: 0, eps: 1e-8 };
    this.#options = { ...defaults, ...options, mode, factor, thresholdMode, minLr: minLrs };
    this.#state = { best: mode === "min" ? Infinity : -Infinity, numBadEpochs: 0, cooldownCounter: 0, lastEpoch: 0 };
  }

  /** How often `step` was called. */
  get lastEpoch(): number {
    return this.#state.lastEpoch;
  }

  /** The learning rate of each group. */
  getLastLr(): number[] {
    return this.#groups.map(({ lr }) => lr);
  }

  /** Ends an epoch. @param metric its measure, such as the loss of a validation set */
  step(metric: number): void {
    const state = this.#state;
    const { patience, cooldown } = this.#options;
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
    this.#reduce();
    state.cooldownCounter = cooldown;
    state.numBadEpochs = 0;
  }

  #isBetter(metric: number): boolean {
    const { best } = this.#state;
    const { mode, threshold, thresholdMode } = this.#options;
    const sign = mode === "min" ? -1 : 1;
    const bound = thresholdMode === "rel" ? best * (1 + sign * threshold) : best + sign * threshold;
    return mode === "min" ? metric < bound : metric > bound;
  }

  #reduce(): void {
    const { factor, minLr, eps } = this.#options;
    for (const [g, group] of this.#groups.entries()) {
      const reduced = Math.max(group.lr * factor, minLr[g]);
      if (group.lr - reduced > eps) group.lr = reduced;
    }
  }

  stateDict(): PlateauState {
    return { ...this.#state };
  }

  loadStateDict(state: PlateauState): void {
    this.#state = { ...state };
  }
}
