/**
 * For tests: who reads memory that is not theirs finds NaN in it. Small arrays are in memory too then, and garbage is collected
 * far more often. A collection takes longer than most tests, so it is not made at every allocation, but at the first on
 * each path of calls, and later at one in many, the fewer the more there is to look at: optimised code holds less than it says.
 */
import { settings } from "../host.ts";

export const isPoisoned = settings.poison === "1";

/** The innermost calls that make a path. */
const CALLS = 10;
/** One in so many is seldom. */
const SELDOM = 1024;

const paths = new Set<string>();
let random = 0;

/** Whether garbage is collected at this allocation, where so many arrays are held: in each run at the same. */
export function isCollectionDue(arrays: number): boolean {
  random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
  const path = callPath();
  if (paths.has(path)) return random < 2 ** 32 / (SELDOM + arrays);
  paths.add(path);
  return true;
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
