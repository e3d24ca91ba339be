/** What blocks can import: the package as users get it, and what the guide shows of its inner parts. */

const modules: Record<string, () => Promise<object>> = {
  lucidgrad: () => import("../../../../src/edge/index.ts"),
  "lucidgrad/core": () => import("../../../../src/core.ts"),
  "lucidgrad/nn": () => import("../../../../src/nn/index.ts"),
  "lucidgrad/optim": () => import("../../../../src/optim.ts"),
  "lucidgrad/datasets": () => import("../../../../src/edge/datasets.ts"),
  "lucidgrad/files": () => import("../../../../src/edge/files.ts"),
  "lucidgrad/image": () => import("../../../../src/edge/image.ts"),
  "lucidgrad/models": () => import("../../../../src/edge/models.ts"),
  "../src/tensor/strided.ts": () => import("../../../../src/tensor/strided.ts"),
};

/** The module, if it has such names. @throws a sentence that says what there is */
export async function loadModule(name: string, names: readonly string[] = []): Promise<object> {
  const load = modules[name.replace(/^(\.\.\/)+src\//, "../src/")];
  if (!load) {
    const packages = Object.keys(modules).filter((known) => known.startsWith("lucidgrad"));
    throw new Error(`Cannot find module '${name}': on this page there is ${packages.join(", ")}`);
  }
  const found = await load();
  const missing = names.find((wanted) => !(wanted in found));
  if (missing !== undefined)
    throw new SyntaxError(`The requested module '${name}' does not provide an export named '${missing}'`);
  return found;
}

/** What examples of the reference see: all that the package has, without an import. */
export async function allNames(): Promise<Record<string, unknown>> {
  const parts = ["lucidgrad", "lucidgrad/datasets", "lucidgrad/files", "lucidgrad/image", "lucidgrad/models"];
  const { var: _, ...names } = Object.assign({}, ...(await Promise.all(parts.map((part) => modules[part]()))));
  return names;
}
