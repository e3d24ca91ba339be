/** A mode that lasts as long as a function runs. */
import { check } from "../tensor/check.ts";

/**
 * Runs a synchronous function; then `restore` puts the mode back as it was, also after an error.
 * @param names of those who set the mode, for the error
 * @throws if the function returns a promise: what it does later would run in another mode than it says
 */
export function whileRunning<T>(run: () => T, restore: () => void, names: string): T {
  try {
    const result = run();
    const asynchronous = () => `${names} a synchronous function, but this one returned a promise`;
    check(!isPromise(result), asynchronous, TypeError);
    return result;
  } finally {
    restore();
  }
}

/** Also one of another realm or library: whatever can be awaited. */
const isPromise = (x: unknown): boolean => typeof (x as { then?: unknown } | null | undefined)?.then === "function";
