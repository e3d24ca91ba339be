/** The compiled kernels as a WebAssembly module, for what this engine has. */
import { builtin, setting } from "../../host.ts";
import { agree } from "./agreement.ts";
import { fused, unfused } from "./compiled.ts";

const majorVersion = Number(globalThis.process?.versions?.node?.split(".")[0] ?? 0);

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** A custom section with a name of one letter, and nothing in it. */
const EMPTY_SECTION = [0, 2, 1, 0x77];

/** The module, and whether its vectors were joined. */
export interface Compiled {
  readonly module: WebAssembly.Module;
  readonly isWide: boolean;
}

/**
 * The module, compiled at once by V8's optimizing compiler: as fast in the first call as later. Where a · b + c can be
 * rounded once, it is. V8 from Node 24 on is asked to join vectors of four into vectors of eight, which makes a product
 * twice as fast: an experiment of V8's, so for this module alone, checked, and not with LUCIDGRAD_WIDE=0.
 * @returns null where there is no WebAssembly with SIMD, or it may not be compiled
 */
export function compileModule(): Compiled | null {
  if (typeof WebAssembly === "undefined") return null;
  try {
    // Node 20 has relaxed SIMD behind a flag, which counts from the next module on, for workers too: it stays set.
    if (majorVersion === 20) setFlags(["--experimental-wasm-relaxed-simd"]);
    const bytes = [fused, unfused].map(bytesOf).find((form) => WebAssembly.validate(form));
    if (!bytes) return null;
    const module = compiledWith([], bytes);
    if (!builtin || majorVersion < 24 || setting("LUCIDGRAD_WIDE") === "0") return { module, isWide: false };
    // V8 knows bytes again that it has compiled: an empty section of its own makes them others.
    const wide = compiledWith(["--experimental-wasm-revectorize"], new Uint8Array([...bytes, ...EMPTY_SECTION]));
    return agree(wide, module) ? { module: wide, isWide: true } : { module, isWide: false };
  } catch {
    return null;
  }
}

/** Compiles with flags of V8 that are set back at once: nobody else's modules are compiled with them. */
function compiledWith(flags: string[], bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  const all = [...flags, "--no-liftoff", "--no-wasm-lazy-compilation", "--no-wasm-dynamic-tiering"];
  // Without the baseline compiler nothing counts calls, which V8's inlining from Node 26 on relies on.
  if (majorVersion >= 24) all.push("--no-wasm-inlining");
  setFlags(all);
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    setFlags(all.map((flag) => (flag.startsWith("--no-") ? flag.replace("--no-", "--") : flag.replace("--", "--no-"))));
  }
}

function setFlags(flags: readonly string[]): void {
  if (!builtin) return;
  const { setFlagsFromString } = builtin("node:v8");
  for (const flag of flags) setFlagsFromString(flag);
}
