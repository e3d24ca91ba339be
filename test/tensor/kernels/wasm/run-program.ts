/** Programs in a process of their own, in which the library is imported anew. */
import { spawnSync } from "node:child_process";

const url = JSON.stringify(new URL("../../../../src/index.ts", import.meta.url).href);

/** Runs a program on the library, with `before` in front of its import. */
export function runProgram(
  program: string,
  { env = {}, before = "" }: { env?: Record<string, string>; before?: string } = {},
) {
  const names = "getBackend, getNumThreads, rand, setBackend, setNumThreads";
  const source = `${before}; const { ${names} } = await import(${url}); ${program}`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", source];
  return spawnSync(process.execPath, args, { encoding: "utf8", timeout: 20_000, env: { ...process.env, ...env } });
}
