/**
 * The way to the garbage collector, which alone knows what can no longer be reached. Node can be asked inside running code;
 * a browser cannot.
 */
import { builtin } from "../host.ts";

/**
 * Collects garbage, after which a WeakRef to what nobody can reach gives undefined; null where that cannot be asked for.
 *
 * What a WeakRef has ever referred to lives until the running job ends. A script in a context with microtasks of its own
 * ends one, in the middle of ours.
 */
export const collectGarbage: (() => void) | null = openDoor();

function openDoor(): (() => void) | null {
  if (!builtin) return null;
  const { setFlagsFromString } = builtin("node:v8");
  const vm = builtin("node:vm");
  setFlagsFromString("--expose-gc"); // read when the context is made
  try {
    const context = vm.createContext({}, { microtaskMode: "afterEvaluate" });
    const collect: unknown = vm.runInContext("globalThis.gc", context);
    const endJob = new vm.Script("0");
    if (typeof collect !== "function") return null;
    return () => {
      endJob.runInContext(context);
      collect();
    };
  } finally {
    setFlagsFromString("--no-expose-gc");
  }
}
