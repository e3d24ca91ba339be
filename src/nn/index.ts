/** The `nn` namespace: the layers and what there is for all of them. Their functions are in `nn.functional`. */
import "./hooks.ts";
import * as layers from "./layers.ts";

export { functional } from "./functional.ts";
export type { BackwardHook, ForwardHook, ForwardPreHook } from "./hooks.ts";
export * as init from "./init.ts";
export * from "./layers.ts";
export { type BufferOptions, Module, type RecurseOptions } from "./module.ts";
export { Parameter } from "./parameter.ts";
export type { Size } from "./sizes.ts";
export type { IncompatibleKeys, LoadStateDictOptions, StateDict } from "./state-dict.ts";
export * as utils from "./utils.ts";

// A bundler may have shortened the classes' own names, by which layers are printed.
for (const [name, layer] of Object.entries(layers)) Object.defineProperty(layer, "name", { value: name });
