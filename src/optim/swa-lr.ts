/** SWALR: from whatever the learning rate is to a fixed one, at which weights are averaged. */
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import type { Int } from "../tensor/shape.ts";
import { forEachGroup, LRScheduler, type Scheduled } from "./lr-scheduler.ts";

/** What SWALR is told. */
export interface SWALROptions {
  /** The learning rate to come to, for all groups or for each. */
  swaLr: number | readonly number[];
  /** How many epochs it takes. Default: 10. */
  annealEpochs?: Int;
  /** Along a cosine, or a straight line. Default: "cos". */
  annealStrategy?: "cos" | "linear";
}

/** How much of the way is gone at a share of the epochs. */
const strategies = { cos: (t: number) => (1 - Math.cos(Math.PI * t)) / 2, linear: (t: number) => t };

/**
 * lr = (1 - a) · start + a · swaLr, where a goes from 0 to 1 in `annealEpochs`, and swaLr from then on. `start` is computed from the lr
 * before, so that another schedule may have moved it. Mirrors `torch.optim.swa_utils.SWALR` (Izmailov et al. 2018,
 * https://arxiv.org/abs/1803.05407).
 * @throws unless there are as many swaLr as groups, and annealEpochs is a whole number from 0 on
 * @example
 * const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
 * const schedule = new optim.swaUtils.SWALR(optimizer, { swaLr: 0.2, annealEpochs: 4, annealStrategy: "linear" });
 * for (let epoch = 0; epoch < 6; epoch++, schedule.step()) console.log(optimizer.paramGroups[0].lr.toFixed(2));
 */
export class SWALR extends LRScheduler {
  constructor(optimizer: Scheduled, options: SWALROptions) {
    const defaults = { swaLr: options.swaLr, annealEpochs: 10, annealStrategy: "cos" } as const;
    const { swaLr, annealEpochs, annealStrategy } = readOptions<SWALROptions>(options, defaults);
    const groups = optimizer.paramGroups.length;
    const otherCount = (length: number) =>
      "swa_lr must have the same length as optimizer.param_groups: " +
      `swa_lr has ${length}, optimizer.param_groups has ${groups}`;
    const swaLrs = forEachGroup(swaLr, groups, otherCount);
    const otherStrategy = () => `anneal_strategy must by one of 'cos' or 'linear', instead got ${annealStrategy}`;
    check(Object.hasOwn(strategies, annealStrategy), otherStrategy);
    const negative = () => `anneal_epochs must be equal or greater than 0, got ${annealEpochs}`;
    check(Number.isInteger(annealEpochs) && annealEpochs >= 0, negative);
    const shareAt = (step: number) =>
      strategies[annealStrategy](Math.max(0, Math.min(1, step / Math.max(1, annealEpochs))));
    super(
      optimizer,
      (epoch, lr, _, group) => {
        const target = swaLrs[group];
        if (target === undefined) return lr; // of a group that was added later
        const step = annealEpochs === 0 ? Math.max(1, epoch) : epoch;
        const [before, now] = [shareAt(step - 1), shareAt(step)];
        const start = before === 1 ? target : (lr - before * target) / (1 - before);
        return target * now + start * (1 - now);
      },
      options,
    );
  }
}
