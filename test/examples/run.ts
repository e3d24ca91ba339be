/** Examples as a user runs them: each a program of its own, writing into a folder that is removed after the tests. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll } from "vitest";
import { root } from "../support/tree.ts";

/** A new folder, for the tests of a file or of a `describe`. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lucidgrad-example-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Runs examples/`program`. @param watch may read along, and send signals */
export async function run(program: string, args: readonly string[], watch?: (child: ChildProcess) => void) {
  const child = spawn(process.execPath, ["--import", "tsx", join("examples", program), ...args], { cwd: root });
  watch?.(child);
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, stdout, stderr };
}
