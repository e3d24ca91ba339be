/** Runs a program as if it were pasted into a file of this folder. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const tsx = fileURLToPath(import.meta.resolve("tsx/cli"));
const root = new URL("../../", import.meta.url);

/** What it prints. @param folder in which it is, seen from the root */
export async function runProgram(code: string, folder = "."): Promise<string> {
  const options = { cwd: fileURLToPath(new URL(folder, root)) };
  const { stdout } = await promisify(execFile)(process.execPath, [tsx, "--input-type=module", "--eval", code], options);
  return stdout;
}
