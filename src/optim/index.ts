/** The `optim` namespace. */
export { Adam, type AdamSettings, AdamW } from "./adam.ts";
export * as lrScheduler from "./lr-scheduler.ts";
export { Optimizer, type OptimizerState, type ParamGroup, type ParamState, type Params } from "./optimizer.ts";
export { SGD, type SGDSettings } from "./sgd.ts";
