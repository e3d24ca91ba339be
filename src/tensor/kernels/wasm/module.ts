/** The compiled kernels as a WebAssembly module, for what this engine has. */
import { builtin, setting } from "../../host.ts";
import { fused, unfused } from "./compiled.ts";

/** A kernel does elements, rows or tiles `from` up to `to` of the job whose description is at an address. */
export type Kernel = (job: number, from: number, to: number) => void;

const majorVersion = Number(globalThis.process?.versions?.node?.split(".")[0] ?? 0);

/**
 * Whether V8 is asked to join vectors of four into vectors of eight: it is twice as fast then. An experiment of V8's, so
 * for our module alone, and not with LUCIDGRAD_WIDE=0.
 */
export const isWide = builtin !== undefined && majorVersion >= 24 && setting("LUCIDGRAD_WIDE") !== "0";

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/**
 * The module, compiled at once by V8's optimizing compiler: as fast in the first call as later. Where a · b + c can be
 * rounded once, it is.
 * @returns null where there is no WebAssembly with SIMD, or it may not be compiled
 */
export function compileModule(): WebAssembly.Module | null {
  if (typeof WebAssembly === "undefined") return null;
  const flags = ["--no-liftoff", "--no-wasm-lazy-compilation", "--no-wasm-dynamic-tiering"];
  if (isWide) flags.push("--experimental-wasm-revectorize");
  try {
    return withFlags(flags, () => {
      const bytes = [fused, unfused].map(bytesOf).find((bytes) => WebAssembly.validate(bytes));
      return bytes ? new WebAssembly.Module(bytes) : null;
    });
  } catch {
    return null;
  }
}

/** Runs `compile` with V8's flags set, which are set back at once: nobody else's modules are compiled with them. */
function withFlags<T>(flags: string[], compile: () => T): T {
  if (!builtin) return compile();
  const { setFlagsFromString } = builtin("node:v8");
  if (majorVersion === 20) setFlagsFromString("--experimental-wasm-relaxed-simd"); // stays: the module is also run by workers
  for (const flag of flags) setFlagsFromString(flag);
  try {
    return compile();
  } finally {
    for (const flag of flags) setFlagsFromString(flag.startsWith("--no-") ? `--${flag.slice(5)}` : `--no-${flag.slice(2)}`);
  }
}
