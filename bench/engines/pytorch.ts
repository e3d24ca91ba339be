/** Finds PyTorch: pytorch.py is the engine. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The first python3, as the shell would find them, that has torch. @throws if none has */
export async function findPython(): Promise<string> {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin"];
  const candidates = [...new Set(folders.map((folder) => join(folder, "python3")))].filter((path) => existsSync(path));
  for (const python of candidates) {
    const imported = run(python, ["-c", "import torch"]);
    if (await imported.then(() => true).catch(() => false)) return python;
  }
  throw new Error(candidates.length === 0 ? "there is no python3" : "no python3 here has torch");
}
