/**
 * For tests: who reads memory that is not theirs finds NaN in it. Small arrays are in memory too then, and garbage is collected
 * far more often. A collection takes longer than most tests, so it is not made at every allocation, but at the first two
 * on each path of calls, and at the n-th with a chance of 2/n: whatever comes by there, and what the compiler makes of it later.
 */
import { settings } from "../host.ts";

export const isPoisoned = settings.poison === "1";

/** The innermost calls that make a path. */
const CALLS = 6;

/** How many allocations there were, by path. */
const allocations = new Map<string, number>();
let random = 0;

/** Whether garbage is collected at this allocation: in each run at the same. */
export function isCollectionDue(): boolean {
  const path = callPath();
  const n = (allocations.get(path) ?? 0) + 1;
  allocations.set(path, n);
  random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
  return n * random < 2 * 2 ** 32;
}

/** Where each of the innermost calls is in its file. */
function callPath(): string {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.prepareStackTrace = (_, calls) => calls.map((call) => call.getPosition()).join();
  Error.stackTraceLimit = CALLS;
  const path = String(new Error().stack);
  Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  return path;
}
