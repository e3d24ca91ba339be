/** The `optim` namespace: optimizers and schedules, which know nothing of modules, and what averages the modules that they train. */
import "./autograd/everyday-methods.ts";

export * from "./optim/index.ts";
export * as swaUtils from "./swa-utils.ts";
