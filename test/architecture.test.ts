/** The layers of src and their imports: down only, no cycles, and `node:` only where files are read. */
import { readdirSync } from "node:fs";
import { posix } from "node:path";
import { expect, it } from "vitest";
import { read, root } from "./support/tree.ts";

const files = readdirSync(posix.join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => posix.join("src", file.replaceAll("\\", "/")));

/** The specifiers that `pattern` finds in a source, relative ones as paths from the root. */
const specifiers = (file: string, source: string, pattern: RegExp) =>
  [...source.matchAll(pattern)].map(([, to]) => (to.startsWith(".") ? posix.join(posix.dirname(file), to) : to));
const importsOf = (file: string, source = read(file)) =>
  specifiers(file, source, /^(?:import\s+|(?:import|export)\s[^;"'=(]*?\sfrom\s+)"([^"]+)"/gm);

/** Every module of src, with what it imports. */
const modules = new Map(files.map((file) => [file, importsOf(file)]));

/**
 * What the modules of a layer may import, beside their own layer. Nothing but src/index.ts imports `seeing`; the edge imports
 * what it guards, and nothing imports it.
 */
const below: Record<string, string[]> = {
  tensor: [],
  autograd: ["tensor"],
  nn: ["distributions", "autograd", "tensor"],
  optim: ["autograd", "tensor"],
  distributions: ["autograd", "tensor"],
  data: ["autograd", "tensor"],
  vision: ["data", "nn", "distributions", "autograd", "tensor"], // pictures, as torchvision, which is beside PyTorch
  models: ["vision", "nn", "autograd", "tensor"], // torchvision's networks
  python: ["data", "nn", "autograd", "tensor"], // what PyTorch reads, and what it wrote
  edge: ["tensor", "autograd", "distributions", "nn", "optim", "data", "vision", "models", "python", "seeing"],
  seeing: ["nn", "autograd", "tensor"], // the graph behind a tensor, drawn, and a network as a table
};

const { exports }: { exports: Record<string, { default: string }> } = JSON.parse(read("package.json"));
const entryPoints = Object.values(exports).map((entry) => entry.default);

const layerOf = (file: string): string | undefined => /^src\/(\w+)\//.exec(file)?.[1];

/** Which file alone imports a package. */
const packages: Record<string, string> = {
  pngjs: "src/data/formats/png.ts",
  "@jsquash/jpeg/codec/dec/mozjpeg_dec.js": "src/data/formats/jpeg.ts",
};

function mayImport(file: string, to: string): boolean {
  const [layer, target] = [layerOf(file), layerOf(to)];
  if (to.startsWith("node:")) return layer === "data";
  if (!to.startsWith("src/")) return packages[to] === file;
  if (!target) return !layer || layer === "edge"; // the files that name what layers have
  if (target === "edge") return layer === "edge";
  return !layer || target === layer || below[layer].includes(target);
}

const violations = (imports: Map<string, string[]>): string[] =>
  [...imports].flatMap(([file, list]) =>
    list.filter((to) => !mayImport(file, to)).map((to) => `${file} imports ${to}`),
  );

/** All that a module imports, and what that imports, and so on. */
function reachedFrom(file: string, imports = modules): Set<string> {
  const reached = new Set(imports.get(file));
  for (const next of reached) for (const to of imports.get(next) ?? []) reached.add(to);
  return reached;
}
const inCycles = (imports: Map<string, string[]>) =>
  [...imports.keys()].filter((file) => reachedFrom(file, imports).has(file));

it("imports only downward, and only what a layer may", () => {
  expect(modules.size).toBeGreaterThan(30);
  expect(violations(modules)).toEqual([]);
});

it("has no import cycle, of types neither", () => expect(inCycles(modules)).toEqual([]));

it("runs in a browser: nothing that src/index.ts reaches imports a package or node:", () => {
  expect([...reachedFrom("src/index.ts")].filter((to) => !to.startsWith("src/"))).toEqual([]);
});

it("gives tensors with methods and fast kernels at every entry point, and all methods at every one but those of small bundles", () => {
  const entries = files.filter((file) => entryPoints.includes(file.replace("src/", "./dist/").replace(/ts$/, "js")));
  expect(entries).toHaveLength(entryPoints.length);
  const small = ["src/core.ts", "src/nn/index.ts", "src/optim.ts"];
  for (const file of entries) {
    const reached = reachedFrom(file);
    expect(reached).toContain("src/autograd/everyday-methods.ts");
    expect(reached).toContain("src/tensor/kernels/wasm/backend.ts");
    expect(reached.has("src/autograd/methods.ts"), file).toBe(!small.includes(file));
  }
});

it("tells bundlers of every module that is imported for what it does, not for a name", () => {
  const imported = files.flatMap((file) => specifiers(file, read(file), /^import "(\.[^"]+\.ts)";/gm));
  const built = imported.map((file) => file.replace("src/", "./dist/").replace(/ts$/, "js"));
  expect(JSON.parse(read("package.json")).sideEffects).toEqual(expect.arrayContaining(built));
  expect(built.length).toBeGreaterThan(1);
});

it("has no file over 400 lines, but what a program made", () => {
  const written = files.map(read).filter((text) => !text.includes("made by a program"));
  expect(written.filter((text) => text.split("\n").length > 400)).toEqual([]);
});

it("is told of an import that points up, a package, a node: import, and a cycle", () => {
  const sources = {
    "src/tensor/a.ts": 'import type { Node } from "../autograd/graph.ts";',
    "src/nn/b.ts": 'import {\n  x,\n} from "lodash";\nexport * from "node:fs";',
  };
  const bad = new Map(Object.entries(sources).map(([file, source]) => [file, importsOf(file, source)]));
  expect(violations(bad)).toEqual([
    "src/tensor/a.ts imports src/autograd/graph.ts",
    "src/nn/b.ts imports lodash",
    "src/nn/b.ts imports node:fs",
  ]);
  expect(inCycles(new Map(Object.entries({ a: ["b"], b: ["c"], c: ["b"] })))).toEqual(["b", "c"]);
});
