/** Programs in a process of their own, in which the library, bundled once, is imported anew. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll } from "vitest";
import { bundle } from "../../../support/bundle.ts";
import { root } from "../../../support/tree.ts";

const folder = await bundle({ lucidgrad: join(root, "src/index.ts") });
afterAll(() => rmSync(folder, { recursive: true }));
const url = JSON.stringify(pathToFileURL(join(folder, "lucidgrad.js")).href);

/** Runs a program on the library, with `before` in front of its import. */
export function runProgram(
  program: string,
  { env = {}, before = "" }: { env?: Record<string, string>; before?: string } = {},
) {
  const names = "getBackend, getNumThreads, rand, setBackend, setNumThreads";
  const source = `${before}; const { ${names} } = await import(${url}); ${program}`;
  const args = ["--input-type=module", "--eval", source];
  return spawnSync(process.execPath, args, { encoding: "utf8", timeout: 20_000, env: { ...process.env, ...env } });
}
