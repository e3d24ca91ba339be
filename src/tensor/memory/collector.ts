/**
 * The way to the garbage collector, which alone knows what can no longer be reached. Node, Deno and Bun can be asked inside
 * running code; a browser cannot.
 */
import { builtin, permitted } from "../host.ts";

/** Collects garbage, after which a WeakRef to what nobody can reach gives undefined. */
export interface Collector {
  /** All garbage: some milliseconds. */
  readonly all: () => void;
  /** What was made lately: often a tenth of a millisecond. Null where that does not empty WeakRefs, as before Node 26. */
  readonly young: (() => void) | null;
}

/** Null where garbage cannot be asked for. */
export const collector: Collector | null =
  permitted(() => (globalThis.process?.versions.bun ? doorOfBun() : doorOfV8())) ?? null;

/** What a WeakRef has ever referred to lives until the running job ends, or `releaseWeakRefs` says that it has. */
function doorOfBun(): Collector | undefined {
  const jsc = builtin?.("bun:jsc") as Record<"releaseWeakRefs" | "fullGC" | "edenGC", () => void> | undefined;
  const after = (collect: () => void) => () => {
    jsc?.releaseWeakRefs();
    collect();
  };
  return jsc && { all: after(jsc.fullGC), young: after(jsc.edenGC) };
}

/** Here a script ends the running job, in the middle of it, if its context has microtasks of its own. */
function doorOfV8(): Collector | undefined {
  if (!builtin) return undefined;
  const { setFlagsFromString } = builtin("node:v8");
  const vm = builtin("node:vm");
  const isOpen = "gc" in globalThis; // --expose-gc, on the command line
  if (!isOpen) setFlagsFromString("--expose-gc"); // read when the context is made
  try {
    const context = vm.createContext({}, { microtaskMode: "afterEvaluate" });
    const collect: unknown = vm.runInContext("globalThis.gc", context);
    if (typeof collect !== "function") return undefined;
    const endJob = new vm.Script("0");
    const after = (...options: object[]) => {
      const run = () => {
        endJob.runInContext(context);
        collect(...options);
      };
      return run;
    };
    const young = after({ type: "minor" });
    return { all: after(), young: emptiesWeakRefs(young) ? young : null };
  } finally {
    if (!isOpen) setFlagsFromString("--no-expose-gc");
  }
}

function emptiesWeakRefs(collect: () => void): boolean {
  const refs = Array.from({ length: 10 }, () => new WeakRef(new Float32Array(1)));
  collect();
  return refs.every((ref) => ref.deref() === undefined);
}
