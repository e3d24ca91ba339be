/** The layers of src and their imports: down only, no cycles, and `node:` only where files are read. */
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";

const root = new URL("../", import.meta.url);

/** Every module of src, with what it imports. */
function readModules(): Map<string, string[]> {
  const files = readdirSync(new URL("src", root), { recursive: true, encoding: "utf8" });
  const modules = files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => posix.join("src", file.replaceAll("\\", "/")));
  return new Map(modules.map((file) => [file, importsOf(file, readFileSync(new URL(file, root), "utf8"))]));
}

/** The specifiers that a source imports or re-exports, relative ones as paths from the root. */
function importsOf(file: string, source: string): string[] {
  const specifiers = source.matchAll(/^(?:import\s+|(?:import|export)\s[^;"'=(]*?\sfrom\s+)"([^"]+)"/gm);
  return [...specifiers].map(([, to]) => (to.startsWith(".") ? posix.join(posix.dirname(file), to) : to));
}

/**
 * What the modules of a layer may import, beside their own layer. What lets one see a computation, the drawing of a graph and
 * the summary of a network, is in nn/seeing: the summary knows the layers, and nothing below nn draws.
 */
const below: Record<string, string[]> = {
  tensor: [],
  autograd: ["tensor"],
  nn: ["autograd", "tensor"],
  optim: ["autograd", "tensor"],
  data: ["tensor"],
};

const layerOf = (file: string): string | undefined => /^src\/(\w+)\//.exec(file)?.[1];

function violations(modules: Map<string, string[]>): string[] {
  const found: string[] = [];
  for (const [file, imports] of modules) {
    const layer = layerOf(file);
    for (const to of imports) {
      const target = layerOf(to);
      const allowed = !layer || !target || target === layer || below[layer].includes(target);
      if (!allowed || to === "src/index.ts") found.push(`${file} imports ${to}`);
      if (to.startsWith("node:") && layer !== "data") found.push(`${file} imports ${to}`);
      const isPackage = !to.startsWith("src/") && !to.startsWith("node:");
      if (isPackage && !(to === "pngjs" && file === "src/data/formats/png.ts"))
        found.push(`${file} imports the package ${to}`);
    }
  }
  return found;
}

/** One cycle of imports, or none. */
function findCycle(modules: Map<string, string[]>): string[] | null {
  const done = new Set<string>();
  const visit = (file: string, trail: string[]): string[] | null => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const to of modules.get(file) ?? []) {
      const cycle = visit(to, [...trail, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return null;
  };
  for (const file of modules.keys()) {
    const cycle = visit(file, []);
    if (cycle) return cycle;
  }
  return null;
}

describe("src", () => {
  const modules = readModules();

  it("imports only downward, and only what its layer may", () => {
    expect(modules.size).toBeGreaterThan(30);
    expect(violations(modules)).toEqual([]);
  });

  it("has no import cycle, of types neither", () => {
    expect(findCycle(modules)).toBeNull();
  });

  it("runs in a browser: nothing that src/index.ts reaches imports a package or node:", () => {
    const reached = new Set(["src/index.ts"]);
    for (const file of reached) for (const to of modules.get(file) ?? []) reached.add(to);
    expect([...reached].filter((to) => !to.startsWith("src/"))).toEqual([]);
  });

  it("tells bundlers of every module that is imported for what it does, not for a name", () => {
    const imported = [...modules.keys()].flatMap((file) => {
      const source = readFileSync(new URL(file, root), "utf8");
      return [...source.matchAll(/^import "(\.[^"]+)\.ts";/gm)].map(([, to]) => posix.join(posix.dirname(file), to));
    });
    const { sideEffects } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as {
      sideEffects: string[];
    };
    const listed = imported.map((file) => file.replace("src/", "./dist/").concat(".js"));
    expect(sideEffects).toEqual(expect.arrayContaining(listed));
    expect(listed.length).toBeGreaterThan(1);
  });

  it("has no file over 400 lines", () => {
    const long = [...modules.keys()].filter(
      (file) => readFileSync(new URL(file, root), "utf8").split("\n").length > 400,
    );
    expect(long).toEqual([]);
  });
});

describe("this test", () => {
  it("notices an import that points up, a package, and a node: import", () => {
    const bad = new Map([
      ["src/tensor/a.ts", importsOf("src/tensor/a.ts", 'import type { Node } from "../autograd/graph.ts";')],
      ["src/nn/b.ts", importsOf("src/nn/b.ts", 'import {\n  x,\n} from "lodash";\nexport * from "node:fs";')],
    ]);
    expect(violations(bad)).toEqual([
      "src/tensor/a.ts imports src/autograd/graph.ts",
      "src/nn/b.ts imports the package lodash",
      "src/nn/b.ts imports node:fs",
    ]);
  });

  it("notices a cycle", () => {
    const cyclic = new Map([
      ["a", ["b"]],
      ["b", ["c"]],
      ["c", ["b"]],
    ]);
    expect(findCycle(cyclic)).toEqual(["b", "c", "b"]);
  });
});
