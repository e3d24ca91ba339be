/** The `optim` namespace. */
export { Optimizer, type OptimizerState, type ParamGroup, type ParamState, type Params } from "./optimizer.ts";
export { SGD, type SGDSettings } from "./sgd.ts";
