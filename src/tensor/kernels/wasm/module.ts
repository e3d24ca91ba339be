/** The compiled kernels as a WebAssembly module, for what this engine has. */
import { check } from "../../check.ts";
import { builtin, setFlags, settings, withFlags } from "../../host.ts";
import { agree } from "./agreement.ts";
import { edits, fused } from "./compiled.ts";
import { edited } from "./edits.ts";

/** Node's; 0 in a browser, in Bun, which has no V8, and in Deno, whose V8 does not join vectors. */
const { node = "0", bun, deno } = globalThis.process?.versions ?? {};
const majorVersion = bun || deno ? 0 : Number(node.split(".")[0]);

/** Flags are the whole process's: two threads that set them back would meet in each other's compilation. */
const isFirstThread = builtin?.("node:worker_threads").isMainThread === true;

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The kernels with the fused multiply-add of relaxed SIMD. */
export const fusedForm = () => bytesOf(fused);
/** The kernels without it. */
export const unfusedForm = () => edited(fusedForm(), bytesOf(edits));

/** The module, and whether its vectors were joined. */
export interface Compiled {
  readonly module: WebAssembly.Module;
  readonly isWide: boolean;
}

/**
 * The module, compiled at once by V8's optimizing compiler: as fast in the first call as later. Where a · b + c can be
 * rounded once, it is. V8 from Node 24 on is asked to join vectors of four into vectors of eight, which makes a product
 * twice as fast: an experiment of V8's, so for this module alone, checked, and not with LUCIDGRAD_WIDE=0.
 * @throws where there is no WebAssembly with SIMD, or it may not be compiled
 */
export function compileModule(): Compiled {
  check(typeof WebAssembly !== "undefined", "there is no WebAssembly");
  // Node 20 has relaxed SIMD behind a flag, which counts from the next module on, for workers too: it stays set.
  if (majorVersion === 20) setFlags(["--experimental-wasm-relaxed-simd"]);
  const relaxed = fusedForm();
  const bytes = WebAssembly.validate(relaxed) ? relaxed : unfusedForm();
  check(WebAssembly.validate(bytes), "WebAssembly has no SIMD");
  if (isFirstThread && majorVersion >= 24 && settings.wide !== "0") {
    const module = compiledWith(["--experimental-wasm-revectorize"], bytes);
    if (agree(module, new WebAssembly.Module(bytes))) return { module, isWide: true };
  }
  return { module: compiledWith([], bytes), isWide: false };
}

/** Compiles with flags of V8 that are set back at once: nobody else's modules are compiled with them. */
function compiledWith(flags: readonly string[], bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  if (!isFirstThread) return new WebAssembly.Module(bytes);
  const all = [...flags, "--no-liftoff", "--no-wasm-lazy-compilation", "--no-wasm-dynamic-tiering"];
  // Without the baseline compiler nothing counts calls, which V8's inlining from Node 26 on relies on.
  if (majorVersion >= 24) all.push("--no-wasm-inlining");
  return withFlags(all, () => {
    // V8 knows bytes again that it has compiled with other flags. An empty section, named by one letter, makes them others.
    const named = new Uint8Array(bytes.length + 4);
    named.set(bytes);
    named.set([0, 2, 1, 0x61 + flags.length], bytes.length);
    return new WebAssembly.Module(named);
  });
}
