/** The reference in docs/api is what the source says, and complete. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeEdge } from "../docs/generate/arguments.ts";
import { makeLeftOut } from "../docs/generate/compatibility/left-out.ts";
import { allNames } from "../docs/generate/examples.ts";
import { exportsOf, readTensor } from "../docs/generate/read.ts";
import { makePages } from "../docs/generate/write.ts";
import * as datasets from "../src/edge/datasets.ts";
import * as files from "../src/edge/files.ts";
import * as image from "../src/edge/image.ts";
import * as lucidgrad from "../src/edge/index.ts";
import * as models from "../src/edge/models.ts";
import { runIn, webAssembly } from "./support/clone.ts";
import { temporaryFolder } from "./support/folder.ts";
import { Answers, torch } from "./support/index.ts";
import { read, root } from "./support/tree.ts";

/** As users get it: the examples, which are run anew, print the same behind the checks of the edge as without them. */
const behindTheEdge = { ...lucidgrad, ...datasets, ...files, ...image, ...models };
const made = await makePages({ ...allNames, ...behindTheEdge }); // what is new, and not yet in the edge, is looked at below

it("the edge is what `npm run docs` writes: run it", () => {
  for (const [path, text] of makeEdge().set("src/edge/left-out.ts", makeLeftOut()))
    expect(read(path), `${path}: npm run docs`).toBe(text);
});

describe("the pages", () => {
  it("are what `npm run docs` writes: run it", () => {
    expect(readdirSync(join(root, "docs/api")).sort()).toEqual([...made.keys()].sort());
    for (const [file, text] of made) expect(read(`docs/api/${file}`), `${file}: npm run docs`).toBe(text);
  });

  it("have every public name exactly once", () => {
    const entries = Object.entries({
      "": ["src/index.ts", "src/data/datasets.ts", "src/files.ts", "src/data/image.ts", "src/models/index.ts"],
      "ops.": ["src/vision/ops/index.ts"],
      "nn.": ["src/nn/index.ts"],
      "nn.functional.": ["src/nn/functional.ts"],
      "nn.init.": ["src/nn/init.ts"],
      "nn.utils.": ["src/nn/utils.ts"],
      "nn.utils.parametrizations.": ["src/nn/parametrizations.ts"],
      "nn.utils.parametrize.": ["src/nn/parametrize.ts"],
      "nn.utils.prune.": ["src/nn/prune.ts"],
      "nn.utils.rnn.": ["src/nn/packed-sequence.ts"],
      "optim.": ["src/optim.ts"],
      "optim.lrScheduler.": ["src/optim/schedules.ts"],
      "optim.swaUtils.": ["src/swa-utils.ts"],
      "distributions.": ["src/distributions/index.ts"],
      "distributions.transforms.": ["src/distributions/transform-names.ts"],
      "distributions.constraints.": ["src/distributions/constraints.ts"],
      "linalg.": ["src/autograd/ops/linalg/index.ts"],
      "func.": ["src/nn/func.ts"],
      "transforms.": ["src/vision/index.ts"],
      "transforms.functional.": ["src/vision/functional/index.ts"],
      "safetensors.": ["src/data/formats/safetensors.ts"],
    });
    const namespaces = ["Tensor", ...entries.flatMap(([prefix]) => (prefix ? prefix.slice(0, -1) : []))];
    const names = entries.flatMap(([prefix, files]) =>
      files.flatMap((file) => [...exportsOf(file).keys()].map((name) => prefix + name)),
    );
    const headings = [...made.values()].flatMap((text) => [...text.matchAll(/^### (.*)$/gm)].map(([, name]) => name));
    const functions = headings.filter((heading) => !heading.startsWith("Tensor."));
    expect(functions.sort()).toEqual(names.filter((name) => !namespaces.includes(name)).sort());
  });

  it("have every member of Tensor", () => {
    const text = `${made.get("tensor.md")}${made.get("operations.md")}`;
    const missing = readTensor().filter(({ signatures }) => !text.includes(`\n${signatures[0]}\n`));
    expect(missing.map(({ name }) => name)).toEqual(["viewOf", "historyVersion"]); // the engine's own
  });
});

it("every example is TypeScript that compiles", async () => {
  const places = {
    lucidgrad: "index",
    "lucidgrad/datasets": "data/datasets",
    "lucidgrad/files": "files",
    "lucidgrad/image": "data/image",
    "lucidgrad/models": "models/index",
  };
  const imports = Object.entries(places).map(([from, file]) => {
    const names = [...exportsOf(`src/${file}.ts`).keys()].filter((name) => name !== "var"); // a word of the language
    return `import { ${names.join(", ")} } from "${from}";`;
  });
  const pages = [...made.values()].join("");
  const examples = [...pages.matchAll(/^```ts\n((?:(?!^```)[\s\S])*)^```\n\n```text/gm)].map(([, code]) => code);
  expect(examples.length).toBeGreaterThan(300);
  const program = examples.map((code) => `{\n${code}}`).join("\n");
  const folder = temporaryFolder();
  const file = `${imports.join("\n")}\ndeclare const path: string;\n${program}\nexport {};`;
  writeFileSync(join(folder, "examples.mts"), file);
  const compilerOptions = { noUnusedLocals: false, typeRoots: [join(root, "node_modules/@types")] };
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions,
    files: ["examples.mts", join(root, webAssembly)],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  expect(await runIn(folder, "tsc", "--singleThreaded").catch(({ stdout }) => stdout)).toBe("");
});

describe("the names that the pages say PyTorch has", () => {
  const answers = new Answers("names");
  const mirrored = [...made.values()].flatMap((text) => text.match(/^PyTorch: .*$/gm) ?? []);
  const names = mirrored.flatMap((line) => [...line.matchAll(/`(torch\.[\w.]+)`/g)].map(([, name]) => name));

  it("are many", () => expect(names.length).toBeGreaterThan(300));

  /** What came after PyTorch 1.13, or is in a module that has to be imported, or needs another package. */
  const elsewhere =
    /^torch\.(func\.|utils\.(checkpoint|tensorboard)\.|nn\.(RMSNorm|functional\.(rms_norm|scaled_dot)))/;
  for (const name of new Set(names)) if (!elsewhere.test(name)) answers.it(name, () => torch.isTorchName(name));
  answers.it("a name that it has not", () => torch.isTorchName("torch.Tensor.masked_fil", false));
});
