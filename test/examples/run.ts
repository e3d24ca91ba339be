/** Examples as a user runs them: each a program of its own, bundled. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { inject } from "vitest";
import { root } from "../support/tree.ts";

/** Starts examples/`program`. */
export const start = (program: string, args: readonly string[]) =>
  spawn(process.execPath, [join(inject("programs"), program.replace(/ts$/, "js")), ...args], { cwd: root });

/** Runs it. @param watch may read along, and send signals */
export async function run(program: string, args: readonly string[], watch?: (child: ChildProcess) => void) {
  const child = start(program, args);
  watch?.(child);
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, stdout, stderr };
}
