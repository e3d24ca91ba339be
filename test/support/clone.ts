/** A clone of the repository in a folder of its own, for tests that write into it or run what a user would. */
import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { temporaryFolder, type WhenOver } from "./folder.ts";
import { root } from "./tree.ts";

/** The types that the source has from nowhere else: beside a file that is compiled by itself. */
export const webAssembly = "src/tensor/kernels/wasm/webassembly.d.ts";

/** What a command prints in a folder: one of node_modules, or of the machine. */
export async function runIn(folder: string, command: string, ...args: string[]): Promise<string> {
  const path = join(root, "node_modules/.bin") + delimiter + process.env.PATH;
  const env = { ...process.env, PATH: path, FORCE_COLOR: undefined, NO_COLOR: "1" };
  return (await promisify(execFile)(command, args, { cwd: folder, env })).stdout;
}

/** The files as they are now, with the packages that they need: the folder. */
export function copyTree(whenOver: WhenOver): string {
  const copy = temporaryFolder(whenOver);
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root });
  for (const file of listed.toString().trim().split("\n")) {
    if (existsSync(join(root, file))) cpSync(join(root, file), join(copy, file)); // or it was deleted
  }
  const kernels = "src/tensor/kernels/wasm/compiled.ts"; // which `npm ci` has made
  cpSync(join(root, kernels), join(copy, kernels));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** Adds what else `npm ci` does: the build. */
export const build = (clone: string): Promise<string> => runIn(clone, "npm", "run", "prepare");

/** What `npm pack` makes of a clone, installed for a user of it beside what it needs. Returns the user's folder. */
export async function installPackage(clone: string, whenOver: WhenOver): Promise<string> {
  const user = temporaryFolder(whenOver);
  await runIn(clone, "npm", "pack", "--ignore-scripts", "--pack-destination", user);
  mkdirSync(join(user, "node_modules/lucidgrad"), { recursive: true });
  await runIn(user, "sh", "-c", "tar -xzf lucidgrad-*.tgz --strip-components 1 -C node_modules/lucidgrad");
  for (const name of ["pngjs", "@jsquash", "@types"])
    symlinkSync(join(root, "node_modules", name), join(user, "node_modules", name));
  return user;
}
