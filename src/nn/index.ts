/** The `nn` namespace. */
import "./hooks.ts";

export { ModuleDict, ModuleList, Sequential } from "./container.ts";
export * from "./functional.ts";
export * as functional from "./functional.ts";
export type { BackwardHook, ForwardHook, ForwardPreHook } from "./hooks.ts";
export * as init from "./init.ts";
export { type LoadStateDictOptions, Module, type StateDict } from "./module.ts";
export { Parameter } from "./parameter.ts";
export * as utils from "./utils.ts";
