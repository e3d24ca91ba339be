/** All kernels, whichever table they are in: the plain loops, and what operations call where there is WebAssembly. */
import * as tables from "../../src/tensor/kernels/index.ts";
import { setBackend } from "../../src/tensor/kernels/wasm/backend.ts";

type Tables = typeof tables;
type Intersection<Union> = (Union extends unknown ? (x: Union) => void : never) extends (x: infer X) => void
  ? X
  : never;
export type Kernels = Intersection<Tables[keyof Tables]>;

const all = (): Kernels => Object.assign({}, ...Object.values(tables));

setBackend("js");
export const plainKernels = all();
setBackend("wasm");
export const kernels = all();

/** The table with a kernel. */
export const tableOf = (name: keyof Kernels): Partial<Kernels> =>
  Object.values(tables).find((table) => name in table) as Partial<Kernels>;
