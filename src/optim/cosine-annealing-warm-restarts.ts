/** Cosine annealing that begins again and again. */
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import type { Int } from "../tensor/shape.ts";
import { LRScheduler, type Scheduled } from "./lr-scheduler.ts";

/** What CosineAnnealingWarmRestarts is told. */
export interface CosineAnnealingWarmRestartsOptions {
  /** How many epochs the first descent takes. */
  t0: Int;
  /** How many times as long each takes as the one before. Default: 1. */
  tMult?: Int;
  /** The lowest learning rate. Default: 0. */
  etaMin?: number;
}

/**
 * lr = etaMin + (base - etaMin) · (1 + cos(π · epoch / t)) / 2, where the epochs are counted anew after t = t0 of them, after
 * t · tMult, and so on. Mirrors `torch.optim.lr_scheduler.CosineAnnealingWarmRestarts` (Loshchilov & Hutter 2016,
 * https://arxiv.org/abs/1608.03983).
 * @throws unless t0 and tMult are whole numbers from 1 on
 * @example
 * const optimizer = new optim.SGD([tensor([1])], { lr: 1 });
 * const schedule = new optim.lrScheduler.CosineAnnealingWarmRestarts(optimizer, { t0: 2 });
 * for (let epoch = 0; epoch < 5; epoch++, schedule.step()) console.log(optimizer.paramGroups[0].lr.toFixed(2));
 */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  constructor(optimizer: Scheduled, options: CosineAnnealingWarmRestartsOptions) {
    const { t0, tMult, etaMin } = readOptions(options, { t0: options.t0, tMult: 1, etaMin: 0 });
    check(Number.isInteger(t0) && t0 > 0, () => `Expected positive integer T_0, but got ${t0}`);
    check(Number.isInteger(tMult) && tMult >= 1, () => `Expected integer T_mult >= 1, but got ${tMult}`);
    super(
      optimizer,
      (epoch, lr, base) => {
        if (base === undefined) return lr;
        let [passed, length] = [tMult === 1 ? epoch % t0 : epoch, t0];
        while (passed >= length) {
          passed -= length;
          length *= tMult;
        }
        return etaMin + ((base - etaMin) * (1 + Math.cos((Math.PI * passed) / length))) / 2;
      },
      options,
    );
  }

  /**
   * Goes on to the next epoch, or to one that is said: `step(epoch + batch / batches)` moves with every batch.
   * @throws for a negative epoch
   */
  override step(epoch: number = this.state.lastEpoch + 1): void {
    check(epoch >= 0 && epoch < Infinity, () => `Expected non-negative epoch, but got ${epoch}`);
    this.state.lastEpoch = epoch;
    this.apply();
  }

  /** The epoch, without the fraction that `step` may have been told. */
  override get lastEpoch(): number {
    return Math.floor(this.state.lastEpoch);
  }
}
