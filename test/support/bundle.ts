/** Programs of the source, each as a file that Node runs: modules by the hundred take longer to load than most programs run. */
import { mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { root } from "./tree.ts";

/**
 * A new folder with the bundles, and the packages that they need.
 * @param programs each file by the bundle's name, without .js
 */
export async function bundle(programs: Readonly<Record<string, string>>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "lucidgrad-"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    resolve: { tsconfigPaths: true },
    build: {
      ssr: true, // for Node: packages and Node's own modules stay outside
      outDir: folder,
      emptyOutDir: false,
      target: "node20",
      minify: false,
      rolldownOptions: { input: programs, output: { entryFileNames: "[name].js" } },
    },
  });
  return folder;
}
