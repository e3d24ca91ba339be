/**
 * Schedules of the learning rate, one formula each: `scheduler.step()` after the optimizer's steps of an epoch.
 * The next learning rate is computed from the present one, so several schedules of one optimizer multiply.
 */
import type { Optimizer, ParamGroup } from "./optimizer.ts";

/** Any optimizer that has a learning rate. */
type Scheduled = Pick<Optimizer<{ lr: number }>, "paramGroups">;

/** A group's learning rate at `epoch` ≥ 0, given that before, `lr`, and that at the start, `base`. */
type Formula = (epoch: number, lr: number, base: number, group: number) => number;

/** What a schedule remembers; the learning rates themselves are in the optimizer's state dict. */
export interface SchedulerState {
  lastEpoch: number;
  /** Each group's learning rate at the start. */
  baseLrs: number[];
}

/** The base of all schedules. Mirrors `torch.optim.lr_scheduler.LRScheduler`. */
export abstract class LRScheduler {
  readonly #groups: readonly ParamGroup<{ lr: number }>[];
  readonly #next: Formula;
  #state: SchedulerState;

  protected constructor({ paramGroups }: Scheduled, next: Formula) {
    this.#groups = paramGroups;
    this.#next = next;
    const baseLrs = paramGroups.map((group) => {
      group.initialLr ??= group.lr;
      return group.initialLr;
    });
    this.#state = { lastEpoch: 0, baseLrs };
    this.#apply();
  }

  /** How often `step` was called. */
  get lastEpoch(): number {
    return this.#state.lastEpoch;
  }

  /** Goes on to the next epoch. */
  step(): void {
    this.#state.lastEpoch++;
    this.#apply();
  }

  /** The learning rate of each group. */
  getLastLr(): number[] {
    return this.#groups.map(({ lr }) => lr);
  }

  /** What is needed to go on later, beside the optimizer's state dict. */
  stateDict(): SchedulerState {
    return structuredClone(this.#state);
  }

  /** Goes on from a state dict. */
  loadStateDict(state: SchedulerState): void {
    this.#state = structuredClone(state);
  }

  #apply(): void {
    const { lastEpoch, baseLrs } = this.#state;
    for (const [i, group] of this.#groups.entries()) {
      group.lr = this.#next(lastEpoch, group.lr, baseLrs[i], i);
    }
  }
}

/** lr = base · factor(epoch), with one function for all groups or one each. Mirrors `lr_scheduler.LambdaLR`. */
export class LambdaLR extends LRScheduler {
  /** @throws if there are several functions, but not as many as groups */
  constructor(optimizer: Scheduled, factor: ((epoch: number) => number) | readonly ((epoch: number) => number)[]) {
    const groups = optimizer.paramGroups.length;
    const factors = typeof factor === "function" ? Array(groups).fill(factor) : factor;
    if (factors.length !== groups) throw new Error(`Expected ${groups} lr_lambdas, but got ${factors.length}`);
    super(optimizer, (epoch, _, base, group) => base * factors[group](epoch));
  }
}

/** lr ← lr · gamma every `stepSize` epochs. Mirrors `lr_scheduler.StepLR`. */
export class StepLR extends LRScheduler {
  constructor(optimizer: Scheduled, { stepSize, gamma = 0.1 }: { stepSize: number; gamma?: number }) {
    super(optimizer, (epoch, lr) => (epoch > 0 && epoch % stepSize === 0 ? lr * gamma : lr));
  }
}

/** lr ← lr · gamma at each of the epochs `milestones`, twice at one that is there twice. Mirrors `lr_scheduler.MultiStepLR`. */
export class MultiStepLR extends LRScheduler {
  constructor(optimizer: Scheduled, { milestones, gamma = 0.1 }: { milestones: readonly number[]; gamma?: number }) {
    const count = (epoch: number) => milestones.filter((milestone) => milestone === epoch).length;
    super(optimizer, (epoch, lr) => lr * gamma ** count(epoch));
  }
}

/** lr ← lr · gamma every epoch. Mirrors `lr_scheduler.ExponentialLR`. */
export class ExponentialLR extends LRScheduler {
  constructor(optimizer: Scheduled, { gamma }: { gamma: number }) {
    super(optimizer, (epoch, lr) => (epoch > 0 ? lr * gamma : lr));
  }
}

/**
 * lr = etaMin + (base - etaMin) · (1 + cos(π · epoch / tMax)) / 2: from base to etaMin in tMax epochs, and back in the next.
 * Computed from the lr before, which reaches etaMin exactly. Mirrors `lr_scheduler.CosineAnnealingLR` (Loshchilov & Hutter
 * 2016, https://arxiv.org/abs/1608.03983).
 */
export class CosineAnnealingLR extends LRScheduler {
  constructor(optimizer: Scheduled, { tMax, etaMin = 0 }: { tMax: number; etaMin?: number }) {
    const height = (epoch: number) => 1 + Math.cos((Math.PI * epoch) / tMax);
    super(optimizer, (epoch, lr, base) => {
      if (epoch === 0) return lr;
      // From the lowest point no factor leads up.
      if ((epoch - 1 - tMax) % (2 * tMax) === 0) return lr + ((base - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2;
      return (height(epoch) / height(epoch - 1)) * (lr - etaMin) + etaMin;
    });
  }
}
