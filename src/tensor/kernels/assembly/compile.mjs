// @ts-check
/**
 * Compiles the kernels here, in AssemblyScript, to WebAssembly: with the fused multiply-add of relaxed SIMD and without. The
 * result goes to ../wasm/compiled.ts, as text that any bundler takes, and with it what other threads run; unless it is up to date.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";
import { editsOf } from "./edits.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
const target = join(folder, "../wasm/compiled.ts");
/** The kernels' own numbers lie below this address; see src/tensor/memory/memory.ts. */
const MEMORY_BASE = 4096;

const files = readdirSync(folder).sort();
const sources = new Map(files.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
const worker = readFileSync(join(folder, "../wasm/worker.mjs"), "utf8");
const hash = createHash("sha256").update(JSON.stringify([worker, ...sources])).digest("hex");

/** @param {string} features */
async function compile(features) {
  /** @type {Uint8Array | undefined} */
  let bytes;
  const options = ["index.ts", "--outFile", "kernels.wasm", "-O3", "--converge", "--runtime", "stub", "--noAssert"];
  options.push("--enable", features, "--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536");
  options.push("--memoryBase", `${MEMORY_BASE}`);
  const { error, stderr } = await main(options, {
    readFile: (name) => sources.get(name) ?? null,
    writeFile: (_name, contents) => {
      bytes = /** @type {Uint8Array} */ (contents);
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`${error.message}\n${stderr}`);
  return bytes ?? new Uint8Array(0);
}

/** @param {Uint8Array} bytes */
const base64 = (bytes) => Buffer.from(bytes).toString("base64");

/** @returns whether there was anything to do */
export async function compileKernels() {
  try {
    if (readFileSync(target, "utf8").includes(hash)) return false;
  } catch {} // never compiled
  const [fused, unfused] = [await compile("simd,threads,relaxed-simd"), await compile("simd,threads")];
  const text = `/** Made by src/tensor/kernels/assembly/compile.mjs of ${hash}. */
export const fused = "${base64(fused)}";
/** How the module without the fused multiply-add is made of that one. */
export const edits = "${base64(editsOf(fused, unfused))}";
export const worker = ${JSON.stringify(worker)};
`;
  writeFileSync(`${target}.tmp`, text);
  renameSync(`${target}.tmp`, target);
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const start = performance.now();
  console.log((await compileKernels()) ? `kernels compiled in ${Math.round(performance.now() - start)} ms` : "up to date");
}
