/** Runs programs as if they were pasted into files of this folder. */
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

/** What each of several prints: they run one after the other in one process, which loads the engine once. */
export async function runPrograms(programs: readonly string[], folder: string): Promise<string[]> {
  const printed = await runProgram(programs.map(inItself).join(`\nconsole.log(${JSON.stringify(BORDER)});\n`), folder);
  return printed.split(`${BORDER}\n`);
}

const BORDER = "--- next program ---";

/** A program as a block of statements, whose names are its own: several fit into one file. */
const inItself = (program: string): string =>
  `{\n${program.replace(/^import \{([^}]*)\} from ("[^"]*");/gm, (_, names: string, module: string) => {
    const values = names.split(",").filter((name) => name.trim() && !/^\s*type /.test(name));
    return `const {${values.join(",")} } = await import(${module});`;
  })}}`;
