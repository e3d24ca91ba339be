/**
 * What the kernels ask of where they run, Node or a browser: settings, cores, threads, V8's flags. No other file knows which
 * it is.
 * Node's own modules are asked for at run time: an `import` of them would not load in a browser.
 */
import { check } from "./check.ts";

/** Undefined in a browser, and in Node before 20.16. */
export const builtin: NodeJS.Process["getBuiltinModule"] | undefined = globalThis.process?.getBuiltinModule;

/** What only a browser has. */
const browser = globalThis as { navigator?: { hardwareConcurrency: number }; crossOriginIsolated?: boolean };

/** What `ask` gives; undefined where the host refuses it, as Deno does what it was not allowed on the command line. */
export function permitted<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

/** An environment variable; an empty one is as good as none. */
function setting<T>(name: string, allowed: string, read: (text: string) => T | undefined): T | undefined {
  const text = permitted(() => globalThis.process?.env?.[name]);
  if (!text) return undefined;
  const value = read(text);
  check(value !== undefined, () => `The environment variable ${name} must be ${allowed}, but is "${text}"`);
  return value;
}

const wholeNumber = (name: string) =>
  setting(name, "a whole number above 0", (text) => (/^[1-9]\d*$/.test(text) ? Number(text) : undefined));

const oneOf = <T extends string>(name: string, ...values: readonly T[]) =>
  setting(name, values.map((value) => `"${value}"`).join(" or "), (text) => values.find((value) => value === text));

/** What the environment says; undefined where it says nothing. */
export const settings = {
  backend: oneOf("LUCIDGRAD_BACKEND", "js", "wasm"),
  threads: wholeNumber("LUCIDGRAD_THREADS"),
  /** Of the memory, and how much of it is taken before garbage is collected. Mebibytes. */
  memory: wholeNumber("LUCIDGRAD_MEMORY"),
  budget: wholeNumber("LUCIDGRAD_BUDGET"),
  wide: oneOf("LUCIDGRAD_WIDE", "0", "1"),
  poison: oneOf("LUCIDGRAD_POISON", "0", "1"),
};

/** How many threads can run at the same time. */
export const cores = (): number =>
  permitted(() => builtin?.("node:os").availableParallelism()) ?? browser.navigator?.hardwareConcurrency ?? 1;

/** Whether threads can be started on memory that they share. A browser wants the page cross-origin isolated for that. */
export const hasThreads = (): boolean =>
  typeof SharedArrayBuffer !== "undefined" && (builtin !== undefined || browser.crossOriginIsolated === true);

/** Whether this thread may sleep until another wakes it. A page's main thread may not. */
export const maySleep = !("document" in globalThis);

const nameOf = (flag: string): string => flag.replaceAll("_", "-").replace(/^--(no-?)?/, "");

/** Flags of V8's that the user has set on the command line. */
const usersFlags = new Set(permitted(() => globalThis.process?.execArgv)?.map(nameOf));

/** What `run` gives with flags of V8's set, which are set back at once. The user's own stay as they are. */
export function withFlags<T>(flags: readonly string[], run: () => T): T {
  const ours = flags.filter((flag) => !usersFlags.has(nameOf(flag)));
  setFlags(ours);
  try {
    return run();
  } finally {
    setFlags(
      ours.map((flag) => (flag.startsWith("--no-") ? flag.replace("--no-", "--") : flag.replace("--", "--no-"))),
    );
  }
}

/** Sets flags of V8's where the host can. */
export function setFlags(flags: readonly string[]): void {
  for (const flag of flags) permitted(() => builtin?.("node:v8").setFlagsFromString(flag));
}
