/** The `optim` namespace: what the files of optimizers export, and of optimizer.ts what users need. */
export * from "./adadelta.ts";
export * from "./adam-kin.ts";
export {
  Adagrad,
  type AdagradSettings,
  Adam,
  type AdamSettings,
  AdamW,
  RMSprop,
  type RMSpropSettings,
} from "./adaptive.ts";
export * from "./lbfgs.ts";
export {
  type DescentSettings,
  Optimizer,
  type OptimizerState,
  type ParamGroup,
  type ParamState,
  type Params,
  type ZeroGradOptions,
} from "./optimizer.ts";
export * from "./rprop.ts";
export * as lrScheduler from "./schedules.ts";
export * from "./sgd.ts";
