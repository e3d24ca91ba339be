/**
 * A clone is usable as it stands: what the README prints, pasted into a file in it, works right after `npm ci`. And so is the
 * package that is made of it.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ts } from "ts-morph";
import { build as bundle, type Rolldown } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build, copyTree, installPackage, runIn, webAssembly } from "./support/clone.ts";
import { pointEverywhere } from "./support/editor.ts";
import { read } from "./support/tree.ts";

const [, program, printed] = /```ts\n([\s\S]*?)```[\s\S]*?```text\n([\s\S]*?)```/.exec(read("README.md")) ?? [];
const mistaken = program.replace("x.t()", "x.tt()");
const mistake = /^mistaken.m?ts\(5,15\): error TS2339: Property 'tt' does not exist on type 'Tensor'.\n$/;
const exported: Record<string, { types: string }> = JSON.parse(read("package.json")).exports;
const folders = [".", "examples"];
const clone = copyTree(afterAll);
/** After gzip. */
const kilobytes = (code: string): number => gzipSync(code).length / 1000;
const run = (command: string, ...args: string[]) => runIn(clone, command, ...args);

beforeAll(async () => {
  await build(clone);
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
    writeFileSync(join(clone, "mistaken.ts"), mistaken);
    const config = { extends: "./tsconfig.json", files: ["pasted.ts", "mistaken.ts", webAssembly] };
    writeFileSync(join(clone, "pasted.json"), JSON.stringify(config));
    await expect(run("tsc", "--singleThreaded", "-p", "pasted.json")).rejects.toMatchObject({
      stdout: expect.stringMatching(mistake),
    });
  });
});

it("what lucidgrad/core reaches calls everyday methods alone", async () => {
  const config = { extends: "./tsconfig.json", files: ["src/core.ts", webAssembly] };
  writeFileSync(join(clone, "core.json"), JSON.stringify(config));
  await run("tsc", "-p", "core.json");
});

describe("where the package is installed", () => {
  let user: string;
  beforeAll(async () => {
    user = await installPackage(clone, afterAll);
  }, 60_000);

  it("the same program compiles and runs, with all entry points; each by itself has whole tensors", async () => {
    const imports = Object.keys(exported).map((name) => `import "${join("lucidgrad", name)}";\n`);
    const save = `import { ones } from "lucidgrad";\nimport { saveTensors } from "lucidgrad/files";\nsaveTensors("w", { w: ones(2) });`;
    const load = `import { loadTensors } from "lucidgrad/files";\nconsole.log(String(loadTensors("w").w.add(1)));`;
    const files = {
      "program.mts": imports.join("") + program,
      "mistaken.mts": mistaken,
      "save.mts": save,
      "load.mts": load,
    };
    for (const [name, code] of Object.entries(files)) writeFileSync(join(user, name), code);
    const options = "--singleThreaded --strict --target es2022 --module nodenext --types node".split(" ");
    const compiled = runIn(user, "tsc", ...options, ...Object.keys(files));
    await expect(compiled).rejects.toMatchObject({ stdout: expect.stringMatching(mistake) });
    expect(await runIn(user, "node", "program.mjs")).toBe(printed);
    await runIn(user, "node", "save.mjs");
    expect(await runIn(user, "node", "load.mjs")).toBe("tensor([2., 2.])\n");
  });

  const whole = `import { nn, optim, tensor } from "lucidgrad";`;
  const parts = `import { tensor } from "lucidgrad/core";
import * as nn from "lucidgrad/nn";
import * as optim from "lucidgrad/optim";`;

  /** The file of a program that uses a little of what it imports. */
  function smallProgram(imports: string): string {
    const entry = join(user, "small.mjs");
    const code = `const net = new nn.Sequential(new nn.Linear(2, 1), new nn.ReLU());
console.log(net.forward(tensor([[1, 2]])).sum(), new optim.SGD(net.parameters(), { lr: 0.1 }));`;
    writeFileSync(entry, `${imports}\n${code}`);
    return entry;
  }

  it("a bundle of lucidgrad/core has no module that its program does not use", async () => {
    const lib = { entry: smallProgram(parts), formats: ["es" as const] };
    const options = { root: user, configFile: false, logLevel: "warn", build: { lib, write: false } } as const;
    const [{ output }] = (await bundle(options)) as Rolldown.RolldownOutput[];
    const modules = Object.entries(output[0].modules).filter(([, { renderedLength }]) => renderedLength > 0);
    const names = modules.map(([id]) => id.replace(/.*\/dist\//, ""));
    expect(names).toEqual(expect.arrayContaining(["nn/linear.js", "optim/sgd.js", "tensor/kernels/matmul.js"]));
    const unused =
      /^(data|distributions|models|seeing|vision)\/|autograd\/methods|linalg|statistics|convolution|norm|pool|recurrent|entropy|sampl/;
    expect(names.filter((name) => unused.test(name))).toEqual([]);
  });

  it.each([
    ["`lucidgrad`", whole],
    ["`lucidgrad/core`, `lucidgrad/nn`, `lucidgrad/optim`", parts],
  ])("a bundle of %s is about as large as docs/performance.md says", async (title, imports) => {
    const input = smallProgram(imports);
    const options = {
      root: user,
      configFile: false,
      logLevel: "warn",
      build: { rolldownOptions: { input }, write: false },
    } as const;
    const resolve = { conditions: ["module", "production"] };
    const { output } = (await bundle({ ...options, resolve })) as Rolldown.RolldownOutput;
    const flags = ["--bundle", "--minify", "--format=esm", `--conditions=${resolve.conditions}`, "--external:node:*"];
    const page = read("docs/performance.md");
    const [, kernels] = /gzip, and (\d+) kB of WebAssembly/.exec(page) ?? [];
    const [, ...sizes] = new RegExp(`^\\| ${title} \\| (\\d+) \\| (\\d+) \\|$`, "m").exec(page) ?? [];
    for (const [i, code] of [output[0].code, await runIn(user, "esbuild", input, ...flags)].entries()) {
      const withoutKernels = kilobytes(code.replaceAll(/[\w+/]{1000,}=*/g, ""));
      expect(Math.abs(withoutKernels / Number(sizes[i]) - 1)).toBeLessThan(0.05);
      expect(Math.abs((kilobytes(code) - withoutKernels) / Number(kernels) - 1)).toBeLessThan(0.05);
    }
  });

  it("a method that is not in lucidgrad/core is an error to the compiler", async () => {
    writeFileSync(join(user, "core.mts"), `import { ones } from "lucidgrad/core";\nones([2, 2]).relu().svd();\n`);
    const compiled = runIn(
      user,
      "tsc",
      ..."--strict --target es2022 --module nodenext --types node core.mts".split(" "),
    );
    const stdout = "core.mts(2,21): error TS2339: Property 'svd' does not exist on type 'Tensor'.\n";
    await expect(compiled).rejects.toMatchObject({ stdout });
  });

  it("layers are printed by their names in a minified bundle, too", async () => {
    const entry = join(user, "all.mjs");
    writeFileSync(entry, `export { nn } from "lucidgrad";`);
    const lib = { entry, formats: ["es" as const], fileName: () => "bundle.mjs" };
    await bundle({ root: user, configFile: false, logLevel: "warn", build: { lib, minify: true } });
    const { nn }: { nn: typeof import("../src/nn/index.ts") } = await import(join(user, "dist/bundle.mjs"));
    const isLayer = (value: unknown) => typeof value === "function" && value.prototype instanceof nn.Module;
    const layers = Object.entries<unknown>(nn).filter(([, value]) => isLayer(value)) as [string, typeof nn.Module][];
    expect(layers.length).toBeGreaterThan(30);
    expect(layers.map(([, layer]) => layer.name)).toEqual(layers.map(([name]) => name));
    expect(String(new nn.Sequential(new nn.ReLU()))).toBe("Sequential(\n  (0): ReLU()\n)");
  });

  // In quarters: on a busy machine all of them together come near the limit of time.
  const quarters = [0, 1, 2, 3];
  it.each(quarters)(
    "an editor shows the documentation of every public name, and finds its source: quarter %i",
    (quarter) => {
      const compilerOptions = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, strict: true };
      const { count, faults } = pointEverywhere(
        user,
        { compilerOptions },
        join(user, "node_modules/lucidgrad"),
        quarters.length,
        quarter,
      );
      expect(faults).toEqual([]);
      expect(count).toBeGreaterThan(1000);
    },
  );
}, 60_000);

it("finds the types of every entry point in the source as in the build", () => {
  const inSource = Object.entries(exported).map(([name, { types: file }]) => [
    join("lucidgrad", name),
    [file.replace("./dist/", "./src/").replace(/d\.ts$/, "ts")],
  ]);
  expect(JSON.parse(read("tsconfig.json")).compilerOptions.paths).toEqual(Object.fromEntries(inSource));
});
