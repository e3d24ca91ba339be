import { check } from "../tensor/check.ts";

/**
 * What `run` returns, which has to be done by then.
 * @throws if it returned a promise: what it does later would run in another mode than `where` says
 */
export function synchronously<T>(where: string, run: () => T): T {
  const result = run();
  const isPromise = typeof (result as { then?: unknown } | null | undefined)?.then === "function";
  check(!isPromise, () => `${where} a synchronous function, but this one returned a promise`, TypeError);
  return result;
}
