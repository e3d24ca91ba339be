/** The `optim` namespace. */
export { Adagrad, type AdagradSettings } from "./adagrad.ts";
export { Adam, type AdamSettings, AdamW } from "./adam.ts";
export { Optimizer, type OptimizerState, type ParamGroup, type ParamState, type Params } from "./optimizer.ts";
export { RMSprop, type RMSpropSettings } from "./rmsprop.ts";
export * as lrScheduler from "./schedules.ts";
export { SGD, type SGDSettings } from "./sgd.ts";
