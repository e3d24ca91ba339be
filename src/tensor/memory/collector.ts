/**
 * The way to the garbage collector, which alone knows what can no longer be reached. Node can be asked inside running code;
 * a browser cannot.
 */
import { builtin } from "../host.ts";

/** Collects garbage, after which a WeakRef to what nobody can reach gives undefined. */
export interface Collector {
  /** All garbage: some milliseconds. */
  readonly all: () => void;
  /** What was made lately: a tenth of a millisecond. Null where that does not empty WeakRefs, as before Node 26. */
  readonly young: (() => void) | null;
}

/**
 * Null where garbage cannot be asked for.
 *
 * What a WeakRef has ever referred to lives until the running job ends. A script in a context with microtasks of its own
 * ends one, in the middle of ours.
 */
export const collector: Collector | null = openDoor();

function openDoor(): Collector | null {
  if (!builtin) return null;
  const { setFlagsFromString } = builtin("node:v8");
  const vm = builtin("node:vm");
  setFlagsFromString("--expose-gc"); // read when the context is made
  try {
    const context = vm.createContext({}, { microtaskMode: "afterEvaluate" });
    const collect: unknown = vm.runInContext("globalThis.gc", context);
    if (typeof collect !== "function") return null;
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
    setFlagsFromString("--no-expose-gc");
  }
}

function emptiesWeakRefs(collect: () => void): boolean {
  const refs = Array.from({ length: 10 }, () => new WeakRef(new Float32Array(1)));
  collect();
  return refs.every((ref) => ref.deref() === undefined);
}
