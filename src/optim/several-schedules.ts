/** Schedules made of others: one after another, and all at once. */
import { check } from "../tensor/check.ts";
import { type LRScheduler, Schedule, type Scheduled, type SchedulerState } from "./lr-scheduler.ts";

/** What schedules of schedules remember. */
export interface SeveralSchedulesState {
  /** How often `step` was called. */
  lastEpoch: number;
  /** The states of the schedules that it is made of. */
  schedulers: SchedulerState[];
}

abstract class SeveralSchedules extends Schedule<SeveralSchedulesState> {
  protected readonly schedulers: readonly LRScheduler[];

  constructor(optimizer: Scheduled, schedulers: readonly LRScheduler[]) {
    super(optimizer, { lastEpoch: 0, schedulers: [] });
    this.schedulers = schedulers;
  }

  override stateDict(): SeveralSchedulesState {
    return { ...super.stateDict(), schedulers: this.schedulers.map((schedule) => schedule.stateDict()) };
  }

  override loadStateDict(state: SeveralSchedulesState): void {
    const count = this.schedulers.length;
    const misfit = () => `the state is of ${state.schedulers.length} schedules, but there are ${count}`;
    check(state.schedulers.length === count, misfit);
    super.loadStateDict(state);
    for (const [i, schedule] of this.schedulers.entries()) schedule.loadStateDict(state.schedulers[i]);
  }
}

/** What SequentialLR is told. */
export interface SequentialLROptions {
  /** The schedules, in their order. */
  schedulers: readonly LRScheduler[];
  /** The epochs at which the next one takes over: one fewer. */
  milestones: readonly number[];
}

/**
 * One schedule after another: each begins at a milestone, with the learning rate of the start. Mirrors
 * `torch.optim.lr_scheduler.SequentialLR`.
 * @throws unless there is a milestone between each two schedules, and they are of this optimizer
 * @example
 * const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
 * const warmUp = new optim.lrScheduler.LinearLR(optimizer, { startFactor: 0.5, totalIters: 2 });
 * const decay = new optim.lrScheduler.ExponentialLR(optimizer, { gamma: 0.9 });
 * const schedule = new optim.lrScheduler.SequentialLR(optimizer, { schedulers: [warmUp, decay], milestones: [2] });
 * for (let epoch = 0; epoch < 5; epoch++, schedule.step()) console.log(optimizer.paramGroups[0].lr.toFixed(2));
 */
export class SequentialLR extends SeveralSchedules {
  readonly #milestones: readonly number[];

  constructor(optimizer: Scheduled, { schedulers, milestones }: SequentialLROptions) {
    check(schedulers.length > 0, "Sequential Schedulers expects at least one scheduler, but got no scheduler.");
    const others = schedulers.findIndex((schedule) => schedule.optimizer !== optimizer);
    const notOurs = () =>
      "Sequential Schedulers expects all schedulers to belong to the same optimizer, but " +
      `got schedulers at index ${others} to be different than the optimizer passed in.`;
    check(others < 0, notOurs);
    const otherCount = () =>
      "Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone points, " +
      `but got number of schedulers ${schedulers.length} and the number of milestones to be equal to ${milestones.length}`;
    check(milestones.length === schedulers.length - 1, otherCount);
    super(optimizer, schedulers);
    this.#milestones = milestones;
    schedulers[0].restart();
  }

  /** Goes on to the next epoch. */
  step(): void {
    this.state.lastEpoch++;
    const { lastEpoch } = this.state;
    const i = this.#milestones.filter((milestone) => milestone <= lastEpoch).length;
    if (this.#milestones[i - 1] === lastEpoch) this.schedulers[i].restart();
    else this.schedulers[i].step();
  }
}

/**
 * All schedules at once: what they do to the learning rate is done one after another. Mirrors
 * `torch.optim.lr_scheduler.ChainedScheduler`.
 * @throws unless they are of one optimizer
 * @example
 * const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
 * const hold = new optim.lrScheduler.ConstantLR(optimizer, { factor: 0.1, totalIters: 2 });
 * const decay = new optim.lrScheduler.ExponentialLR(optimizer, { gamma: 0.9 });
 * const schedule = new optim.lrScheduler.ChainedScheduler([hold, decay]);
 * for (let epoch = 0; epoch < 4; epoch++, schedule.step()) console.log(optimizer.paramGroups[0].lr.toFixed(3));
 */
export class ChainedScheduler extends SeveralSchedules {
  constructor(schedulers: readonly LRScheduler[]) {
    check(
      schedulers.length > 0,
      "ChainedScheduler expects at least one scheduler to be chained, but got no scheduler.",
    );
    const others = schedulers.findIndex((schedule) => schedule.optimizer !== schedulers[0].optimizer);
    const notOne = () =>
      "ChainedScheduler expects all schedulers to belong to the same optimizer, but " +
      `got schedulers at index 0 and ${others} to be different`;
    check(others < 0, notOne);
    super(schedulers[0].optimizer, schedulers);
  }

  /** Goes on to the next epoch. */
  step(): void {
    this.state.lastEpoch++;
    for (const schedule of this.schedulers) schedule.step();
  }
}
