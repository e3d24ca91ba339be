/** What is said where a file cannot be read or written: its path as the caller gave it, and why. The system's error is the cause. */
import type { Stats } from "node:fs";
import { check } from "../../tensor/check.ts";

/** @param done what was to be done @returns what `work` returns @throws what `work` throws, with the path */
export function naming<T>(path: string, done: "read" | "written", work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new Error(`${shown(path)}: cannot be ${done} (${reason(cause as Error)})`, { cause });
  }
}

/** A path for an error; one that is empty or cannot be printed in quotation marks. */
export const shown = (path: string): string => (/^\P{Cc}+$/u.test(path) ? path : JSON.stringify(path));

/** The system's words without its code, call and paths: "ENOSPC: no space left on device, write". */
function reason({ message }: Error): string {
  if (message.startsWith("EISDIR")) return "it is a folder";
  return /^E[A-Z0-9]+: ([^,]+), /.exec(message)?.[1] ?? message;
}

/** @throws if it is a pipe, a socket or a device: they may keep the program waiting, or never end */
export function checkIsFile(stats: Stats | undefined): void {
  const isFile = !stats || stats.isFile() || stats.isDirectory(); // the system says what it does not do with a folder
  check(isFile, () => `it is ${stats?.isFIFO() ? "a pipe" : stats?.isSocket() ? "a socket" : "a device"}, not a file`);
}
