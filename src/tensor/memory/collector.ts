/**
 * The way to the garbage collector, which alone knows what can no longer be reached. Node, Deno and Bun can be asked inside
 * running code; a browser cannot.
 */
import { builtin, permitted, withFlags } from "../host.ts";
import { tellsSurvivors } from "./survivors.ts";

export interface Collector {
  /** Collects all garbage, in some milliseconds; a WeakRef to what nobody can reach gives undefined afterwards. */
  readonly all: () => void;
  /** What was made lately, often in a tenth of a millisecond. Null where nobody tells what is left of it. */
  readonly young: (() => void) | null;
}

/** Null where garbage cannot be asked for. */
export const openCollector = (): Collector | null =>
  permitted(() => (globalThis.process?.versions.bun ? doorOfBun() : doorOfV8())) ?? null;

/** What a WeakRef has ever referred to lives until the running job ends, or `releaseWeakRefs` says that it has. */
function doorOfBun(): Collector | undefined {
  const jsc = builtin?.("bun:jsc") as Record<"releaseWeakRefs" | "fullGC", () => void> | undefined;
  if (!jsc) return undefined;
  const all = () => {
    jsc.releaseWeakRefs();
    jsc.fullGC();
  };
  return { all, young: null };
}

/** Here a script ends the running job, in the middle of it, if its context has microtasks of its own. */
function doorOfV8(): Collector | undefined {
  if (!builtin) return undefined;
  const vm = builtin("node:vm");
  const newContext = () => vm.createContext({}, { microtaskMode: "afterEvaluate" });
  const collectorIn = (context: object): unknown => vm.runInContext("globalThis.gc", context);
  let context = newContext();
  if (!collectorIn(context)) context = withFlags(["--expose-gc"], newContext); // or the user has set it
  const collect = collectorIn(context);
  if (typeof collect !== "function") return undefined;
  const endJob = new vm.Script("0");
  const after = (...options: object[]) => {
    const run = () => {
      endJob.runInContext(context);
      collect(...options);
    };
    return run;
  };
  const minor = after({ type: "minor" });
  // Little is left of it: helpers would take longer to wake than to help.
  const young = () => withFlags(["--no-parallel-scavenge"], minor);
  return { all: after(), young: tellsSurvivors(young) ? young : null };
}
