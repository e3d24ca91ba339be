// @ts-check
/**
 * The last step of `npm run build`: the package for Node, which opens some 350 modules more slowly than it runs them, as a few
 * files. Bundlers get the modules, and leave out what is not used.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** @type {{ exports: Record<string, { node: Record<string, string>, module: Record<string, string> }> }} */
const { exports } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));

/** Each file that Node is given, and the module that bundlers are given under the same conditions. */
const files = Object.values(exports).flatMap(({ node, module }) =>
  Object.entries(node).map(([condition, file]) => [file.replace(/^\.\/dist\/node\/|\.js$/g, ""), module[condition]]),
);

await build({
  root,
  configFile: false,
  logLevel: "warn",
  build: {
    ssr: true, // for Node: packages and Node's own modules stay outside
    outDir: "dist/node",
    target: "node20",
    minify: false,
    rolldownOptions: {
      input: Object.fromEntries(files),
      output: {
        comments: false, // for editors they are in the declarations
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        codeSplitting: { groups: [{ name: "engine", test: /\/dist\/(tensor|autograd|nn|optim)\b/ }] },
      },
    },
  },
});
