/** A clone is usable as it stands: what the README prints, pasted into a file in it, works right after `npm ci`. */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const [, program, printed] =
  /```ts\n([\s\S]*?)```[\s\S]*?```text\n([\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8")) ?? [];

const clone = mkdtempSync(join(tmpdir(), "lucidgrad-clone-"));
afterAll(() => rmSync(clone, { recursive: true }));

/** What a command prints in the clone. */
async function run(command: string, ...args: string[]): Promise<string> {
  const path = `${join(root, "node_modules/.bin")}:${process.env.PATH}`;
  const env = { ...process.env, PATH: path, FORCE_COLOR: undefined, NO_COLOR: "1" };
  return (await promisify(execFile)(command, args, { cwd: clone, env })).stdout;
}

const folders = [".", "examples"];

beforeAll(async () => {
  const { stdout } = await promisify(execFile)("git", ["ls-files"], { cwd: root });
  const files = stdout.split("\n").filter((file) => file && existsSync(join(root, file)));
  for (const file of files) cpSync(join(root, file), join(clone, file));
  symlinkSync(join(root, "node_modules"), join(clone, "node_modules")); // as npm ci fills it
  await run("npm", "run", "prepare"); // as npm ci does
  for (const folder of folders) {
    for (const name of ["pasted.ts", "pasted.mjs"]) writeFileSync(join(clone, folder, name), program);
    const test = `import { it } from "vitest";\n${program}\nit("has run", () => {});\n`;
    writeFileSync(join(clone, folder, "pasted.test.ts"), test);
  }
}, 60_000);

describe("the README's program, pasted into a file,", () => {
  it.each(folders)("runs under tsx, on the source, in %s", async (folder) => {
    expect(await run("tsx", `${folder}/pasted.ts`)).toBe(printed);
  });

  it.each(folders)("runs under plain node, on the build, in %s", async (folder) => {
    expect(await run("node", `${folder}/pasted.mjs`)).toBe(printed);
  });

  it("runs in a test", async () => {
    const output = await run("vitest", "run", "pasted");
    expect(output.split(printed)).toHaveLength(1 + folders.length);
    expect(output).toMatch(/Tests +2 passed/);
  });

  it("is right to the compiler, which finds a mistake in it", async () => {
    writeFileSync(join(clone, "mistaken.ts"), program.replace("x.t()", "x.tt()"));
    const stdout = "mistaken.ts(5,15): error TS2339: Property 'tt' does not exist on type 'Tensor'.\n";
    await expect(run("tsc")).rejects.toMatchObject({ stdout });
  });
}, 60_000);

it("finds every entry point in the source as in the build", () => {
  const read = (file: string) => JSON.parse(readFileSync(join(root, file), "utf8"));
  const built: Record<string, { default: string }> = read("package.json").exports;
  const inSource = Object.entries(built).map(([name, { default: file }]) => [
    join("lucidgrad", name),
    [file.replace("./dist/", "./src/").replace(/js$/, "ts")],
  ]);
  expect(read("tsconfig.json").compilerOptions.paths).toEqual(Object.fromEntries(inSource));
});
