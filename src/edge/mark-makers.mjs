// @ts-check
/**
 * A step of `npm run build`: most operations, kernels and layers are made by a call, `export const relu = defineOp(…)`, which a bundler
 * has to keep, unless it is told that such a call does nothing but make. So in dist each is marked. In the source that would be a
 * comment at each.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const maker = /^((?:export )?(?:const [^=\n]+ = |(?:abstract )?class \w+ extends ))(?=[\w.]+\()/gm;

for (const folder of ["autograd/ops", "tensor/kernels", "nn"].map(
  (name) => new URL(`../../dist/${name}/`, import.meta.url),
)) {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".js")) continue;
    const file = new URL(name, folder);
    writeFileSync(file, readFileSync(file, "utf8").replace(maker, "$1/* @__PURE__ */ "));
  }
}
