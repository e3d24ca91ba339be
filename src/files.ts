/**
 * What "lucidgrad/files" gives, an entry point of its own, because it reads and writes files. This file names things and defines
 * none.
 */
import "./autograd/methods.ts";

export * from "./data/files.ts";
export * from "./python/files.ts";
