/**
 * What schedules of the learning rate share: `scheduler.step()` after the optimizer's steps of an epoch. The next learning
 * rate is computed from the present one, so several schedules of one optimizer multiply. Read next: schedules.ts.
 */
import { check } from "../tensor/check.ts";
import type { Optimizer, ParamGroup } from "./optimizer.ts";

/** Any optimizer that has a learning rate. */
export type Scheduled = Pick<Optimizer<{ lr: number }>, "paramGroups">;

/** Its state is plain values: the learning rates themselves are in the optimizer's state dict. */
export abstract class Schedule<State extends { lastEpoch: number }> {
  /** Whose learning rates these are. */
  readonly optimizer: Scheduled;
  protected state: State;

  constructor(optimizer: Scheduled, state: State) {
    this.optimizer = optimizer;
    this.state = state;
  }

  protected get groups(): readonly ParamGroup<{ lr: number }>[] {
    return this.optimizer.paramGroups;
  }

  /** How often `step` was called. */
  get lastEpoch(): number {
    return this.state.lastEpoch;
  }

  /** The learning rate of each group. */
  getLastLr(): number[] {
    return this.groups.map(({ lr }) => lr);
  }

  /** What is needed to go on later, beside the optimizer's state dict. */
  stateDict(): State {
    return structuredClone(this.state);
  }

  /** Goes on from a state dict. */
  loadStateDict(state: State): void {
    this.state = structuredClone(state);
  }
}

/** What a schedule remembers. */
export interface SchedulerState {
  /** How often `step` was called. */
  lastEpoch: number;
  /** Each group's learning rate at the start. */
  baseLrs: number[];
}

/**
 * A group's learning rate at `epoch` ≥ 0, given that before, `lr`, and that at the start of the schedule, `base`: a group that was
 * added later has none, and keeps its learning rate where a formula needs it.
 */
type Formula = (epoch: number, lr: number, base: number | undefined, group: number) => number;

/**
 * The base of all schedules. Mirrors `torch.optim.lr_scheduler.LRScheduler`.
 * @example
 * const optimizer = new optim.SGD(new nn.Linear(2, 2).parameters(), { lr: 1 });
 * const schedule = new optim.lrScheduler.StepLR(optimizer, { stepSize: 2 });
 * schedule.step(); // after each epoch
 * schedule.step();
 * console.log(schedule.lastEpoch, schedule.getLastLr(), optimizer.paramGroups[0].lr);
 */
export abstract class LRScheduler extends Schedule<SchedulerState> {
  readonly #next: Formula;
  /** The options that it was given, by which it can be made again; null if they are functions. */
  protected readonly settings: Readonly<Record<string, unknown>> | null;

  protected constructor(optimizer: Scheduled, next: Formula, options: object | null | undefined) {
    const baseLrs = optimizer.paramGroups.map((group) => {
      group.initialLr ??= group.lr;
      return group.initialLr;
    });
    super(optimizer, { lastEpoch: 0, baseLrs });
    this.#next = next;
    this.settings = options === null ? null : { ...options };
    this.apply();
  }

  /** Goes on to the next epoch. */
  step(): void {
    this.state.lastEpoch++;
    this.apply();
  }

  /** Begins anew, with the learning rates of the start. */
  restart(): void {
    this.state.lastEpoch = 0;
    for (const [i, group] of this.groups.entries()) group.lr = this.state.baseLrs[i] ?? group.lr;
    this.apply();
  }

  /** Sets the learning rates of this epoch. */
  protected apply(): void {
    const { lastEpoch, baseLrs } = this.state;
    for (const [i, group] of this.groups.entries()) {
      group.lr = this.#next(lastEpoch, group.lr, baseLrs[i], i);
    }
  }
}

/** What is given once for all groups, or for each. @throws with PyTorch's words for a list of another length */
export function forEachGroup<T>(given: T | readonly T[], groups: number, message: (length: number) => string) {
  const list = Array.isArray(given) ? (given as readonly T[]) : Array<T>(groups).fill(given as T);
  check(list.length === groups, () => message(list.length));
  return list;
}
