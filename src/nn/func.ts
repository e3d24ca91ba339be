/** The `func` namespace: functions that are made of functions, and modules as functions. Mirrors `torch.func`. */
export * from "../autograd/func.ts";
export { type MappedDims, type VmapOptions, vmap } from "../autograd/vmap.ts";
export * from "./functional-call.ts";
export { stackModuleState } from "./stack-module-state.ts";
