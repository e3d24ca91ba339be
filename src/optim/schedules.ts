/** The `optim.lrScheduler` namespace. */
export * from "./lr-scheduler.ts";
export { OneCycleLR, type OneCycleOptions } from "./one-cycle-lr.ts";
export { type PlateauState, ReduceLROnPlateau, type ReduceLROnPlateauOptions } from "./reduce-lr-on-plateau.ts";
