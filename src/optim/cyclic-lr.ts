/** CyclicLR: up and down between two learning rates. */
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import type { Int } from "../tensor/shape.ts";
import { forEachGroup, LRScheduler } from "./lr-scheduler.ts";
import type { Optimizer } from "./optimizer.ts";

/** What CyclicLR is told. */
export interface CyclicLROptions {
  /** The lowest learning rate, of all groups or of each. */
  baseLr: number | readonly number[];
  /** The highest. */
  maxLr: number | readonly number[];
  /** How many steps it takes up. Default: 2000. */
  stepSizeUp?: Int;
  /** How many it takes down. Default: null, as many. */
  stepSizeDown?: Int | null;
  /** Cycles of one height, each of half the height of the one before, or lower by `gamma` every step. Default: "triangular". */
  mode?: "triangular" | "triangular2" | "exp_range";
  /** The base of "exp_range". Default: 1. */
  gamma?: number;
  /** The height as a function of the cycle, counted from 1, or of the step. Default: null, by `mode`. */
  scaleFn?: ((x: number) => number) | null;
  /** What `scaleFn` is told. Default: "cycle". */
  scaleMode?: "cycle" | "iterations";
  /** Whether momentum goes down when the learning rate goes up. Default: true. */
  cycleMomentum?: boolean;
  /** The lowest momentum, of all groups or of each. Default: 0.8. */
  baseMomentum?: number | readonly number[];
  /** The highest. Default: 0.9. */
  maxMomentum?: number | readonly number[];
}

/** Of which each cycle is a share, by the cycle or the step. */
function heightOf({ mode, gamma, scaleFn, scaleMode }: Required<CyclicLROptions>) {
  if (scaleFn) return (cycle: number, step: number) => scaleFn(scaleMode === "cycle" ? cycle : step);
  const heights = {
    triangular: () => 1,
    triangular2: (cycle: number) => 1 / 2 ** (cycle - 1),
    exp_range: (_: number, step: number) => gamma ** step,
  };
  check(
    mode in heights,
    () => `mode is invalid and scale_fn is None: "${mode}" is none of ${Object.keys(heights).join(", ")}`,
  );
  return heights[mode];
}

/**
 * To be stepped after every batch. Mirrors `torch.optim.lr_scheduler.CyclicLR` (Smith 2015, https://arxiv.org/abs/1506.01186).
 * @throws if there are not as many rates or momenta as groups, or momentum is to move and there is none
 * @example
 * const optimizer = new optim.SGD([tensor([1])], { lr: 1, momentum: 0.9 });
 * const schedule = new optim.lrScheduler.CyclicLR(optimizer, { baseLr: 0, maxLr: 1, stepSizeUp: 2 });
 * for (let step = 0; step < 5; step++, schedule.step()) console.log(optimizer.paramGroups[0].lr);
 */
export class CyclicLR extends LRScheduler {
  constructor(optimizer: Pick<Optimizer<{ lr: number; momentum?: number }>, "paramGroups">, options: CyclicLROptions) {
    const settings = readOptions(options, {
      baseLr: options.baseLr,
      maxLr: options.maxLr,
      stepSizeUp: 2000,
      stepSizeDown: null,
      mode: "triangular",
      gamma: 1,
      scaleFn: null,
      scaleMode: "cycle",
      cycleMomentum: true,
      baseMomentum: 0.8,
      maxMomentum: 0.9,
    });
    const { stepSizeUp, cycleMomentum } = settings;
    const groups = optimizer.paramGroups;
    const ofEach = (name: string, given: number | readonly number[]) =>
      forEachGroup(given, groups.length, (length) => `expected ${groups.length} values for ${name}, got ${length}`);
    const baseLrs = ofEach("base_lr", settings.baseLr);
    const maxLrs = ofEach("max_lr", settings.maxLr);
    const total = stepSizeUp + (settings.stepSizeDown ?? stepSizeUp);
    const up = stepSizeUp / total;
    const height = heightOf(settings);
    const hasMomentum = groups.every(({ momentum }) => momentum !== undefined);
    check(!cycleMomentum || hasMomentum, "optimizer must support momentum with `cycle_momentum` option enabled");
    const baseMomenta = ofEach("base_momentum", settings.baseMomentum);
    const maxMomenta = ofEach("max_momentum", settings.maxMomentum);
    for (const [g, group] of groups.entries()) group.lr = baseLrs[g];
    super(
      optimizer,
      (step, before, _, g) => {
        if (g >= baseLrs.length) return before;
        const cycle = Math.floor(1 + step / total);
        const passed = 1 + step / total - cycle;
        const scale = passed <= up ? passed / up : (passed - 1) / (up - 1);
        const between = (low: number, high: number) => (high - low) * scale * height(cycle, step);
        if (cycleMomentum) groups[g].momentum = maxMomenta[g] - between(baseMomenta[g], maxMomenta[g]);
        return baseLrs[g] + between(baseLrs[g], maxLrs[g]);
      },
      options,
    );
  }
}
