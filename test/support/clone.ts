/** A clone of the repository in a folder of its own, for tests that write into it or run what a user would. */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** What a command prints in a folder: one of node_modules, or of the machine. */
export async function runIn(folder: string, command: string, ...args: string[]): Promise<string> {
  const path = join(root, "node_modules/.bin") + delimiter + process.env.PATH;
  const env = { ...process.env, PATH: path, FORCE_COLOR: undefined, NO_COLOR: "1" };
  return (await promisify(execFile)(command, args, { cwd: folder, env })).stdout;
}

/** The files as they are now, and what `npm ci` adds. Returns the folder, which is the caller's to remove. */
export async function makeClone(): Promise<string> {
  const clone = mkdtempSync(join(tmpdir(), "lucidgrad-clone-"));
  const files = await runIn(root, "git", "ls-files", "--cached", "--others", "--exclude-standard");
  for (const file of files.trim().split("\n")) {
    if (existsSync(join(root, file))) cpSync(join(root, file), join(clone, file)); // or it was deleted
  }
  symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
  await runIn(clone, "npm", "run", "prepare");
  return clone;
}
