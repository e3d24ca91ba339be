// @ts-check
/**
 * The last step of `npm run build`: layers, distributions and transforms are printed by the names of their classes, which a minifier shortens,
 * so each class in dist gets a name that stays. In the source that would be a line in every class, and a loop over them all would
 * keep those in a bundle that nobody uses.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

for (const folder of ["nn", "distributions", "vision", "vision/ops", "models"].map(
  (name) => new URL(`../../dist/${name}/`, import.meta.url),
)) {
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(".js")) continue;
    const file = new URL(name, folder);
    const source = readFileSync(file, "utf8");
    writeFileSync(file, source.replace(/^export class (\w+).*\{$/gm, '$& static name = "$1";'));
  }
}
