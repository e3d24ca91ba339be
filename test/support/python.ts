/** PyTorch: a python3 of this machine that has it, run on a program of test/support. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./tree.ts";

/** @throws with what to do if there is none */
function findPython(): string {
  const found = spawnSync("which", ["-a", "python3"], { encoding: "utf8" }).stdout.trim().split("\n");
  const python = found.find((path) => spawnSync(path, ["-c", "import torch"]).status === 0);
  if (python) return python;
  throw new Error(
    "This needs a python3 that can import torch (PyTorch 1.13, for example Debian's python3-torch). " +
      "Without one, `npm run answers -- --pending` lists the missing answers, and somebody else can ask for them.",
  );
}

/** Runs test/support/`script`, on one thread: sums are then made in the same order everywhere. @returns what it complains of */
export function runPyTorch(script: string, ...args: string[]): string {
  const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  const path = join(root, "test/support", script);
  const { status, stderr } = spawnSync(findPython(), [path, ...args], { env, encoding: "utf8", maxBuffer: 2 ** 28 });
  return status === 0 ? "" : stderr.trim();
}
