/**
 * The library as one file, in processes that lack something: it trains to the same losses, says at most once why it is slow, and
 * ends. What a child process cannot show, a browser's pages do: see docs/performance.md.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { root } from "../../../support/tree.ts";

const folder = mkdtempSync(join(tmpdir(), "lucidgrad-hosts-"));
const bundle = join(folder, "lucidgrad.mjs");
const major = Number(process.versions.node.split(".")[0]);

beforeAll(async () => {
  const lib = { entry: join(root, "src/index.ts"), formats: ["es" as const], fileName: () => "lucidgrad.mjs" };
  await build({
    configFile: false,
    logLevel: "warn",
    build: { lib, outDir: folder, emptyOutDir: false, minify: true },
  });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

interface Host {
  /** Runs before the library is imported. */
  readonly before?: string;
  readonly flags?: readonly string[];
  readonly env?: Record<string, string>;
  /** In kibibytes of addresses. */
  readonly limit?: number;
  /** Where the library is imported from. */
  readonly url?: string;
}

/** What a program prints, on the library `L`. */
function runOn(program: string, { before = "", flags = [], env = {}, limit, url = pathToFileURL(bundle).href }: Host) {
  const file = join(folder, `${crypto.randomUUID()}.mjs`);
  writeFileSync(file, `${before}\nconst L = await import(${JSON.stringify(url)});\n${program}`);
  const command = `${limit ? `ulimit -v ${limit}; ` : ""}exec "$0" "$@"`;
  const options = { timeout: 60_000, env: { ...process.env, LUCIDGRAD_THREADS: "2", NODE_NO_WARNINGS: "1", ...env } };
  return new Promise<{ stdout: string; stderr: string; failed: boolean }>((resolve) => {
    execFile("bash", ["-c", command, process.execPath, ...flags, file], options, (error, stdout, stderr) =>
      resolve({ stdout, stderr, failed: error !== null }),
    );
  });
}

/** Large enough for threads, small enough for an interpreter. */
const training = `
  L.manualSeed(5);
  const model = new L.nn.Sequential(new L.nn.Linear(256, 32), new L.nn.BatchNorm1d(32), new L.nn.ReLU(), new L.nn.Linear(32, 10));
  const optimizer = new L.optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
  const [images, labels, losses] = [L.rand([64, 256]), L.randint(0, 10, [64]), []];
  for (let step = 0; step < 3; step++) {
    optimizer.zeroGrad();
    const loss = new L.nn.CrossEntropyLoss().forward(model.forward(images), labels);
    loss.backward();
    optimizer.step();
    losses.push(loss.item());
    await new Promise((resolve) => setTimeout(resolve));
  }
  console.log(JSON.stringify([L.getBackend(), L.getNumThreads(), losses]));`;

type Rounding = "fused" | "unfused" | "plain";

async function train(host: Host) {
  const { stdout, stderr, failed } = await runOn(training, host);
  expect({ stderr, failed }).toEqual({ stderr, failed: false });
  const [backend, threads, losses]: [string, number, number[]] = JSON.parse(stdout);
  return { backend, threads, losses, lines: stderr.split("\n").filter((line) => line.startsWith("lucidgrad: ")) };
}

const noRelaxedSimd =
  "const { validate } = WebAssembly; let forms = 0; WebAssembly.validate = (form) => forms++ > 0 && validate(form);";
const losses: Partial<Record<Rounding, number[]>> = {};
beforeAll(async () => {
  const [fused, unfused, plain] = await Promise.all(
    [{}, { before: noRelaxedSimd }, { env: { LUCIDGRAD_BACKEND: "js" } }].map(train),
  );
  for (const { lines } of [fused, unfused, plain]) expect(lines).toEqual([]);
  expect([fused, unfused, plain].map(({ backend }) => backend)).toEqual(["wasm", "wasm", "js"]);
  for (const { losses } of [unfused, plain])
    for (const [step, loss] of losses.entries()) expect(loss).toBeCloseTo(fused.losses[step], 5);
  Object.assign(losses, { fused: fused.losses, unfused: unfused.losses, plain: plain.losses });
}, 60_000);

const refuse = 'function () { throw new Error("not allowed"); }';
const noWorkers = [major < 24 ? "--experimental-permission" : "--permission", "--allow-fs-read=*"];
const noQuestions = `
  process.env = new Proxy(process.env, { get: (env, name) => name.startsWith("LUCIDGRAD") ? (${refuse})() : env[name] });
  process.getBuiltinModule("node:os").availableParallelism = ${refuse};`;
const noLargeMemory = `
  const { Memory } = WebAssembly;
  WebAssembly.Memory = function (size) { return size.initial > 100 ? (${refuse})() : new Memory(size); };`;
const noFlags = `process.getBuiltinModule("node:v8").setFlagsFromString = ${refuse};`;

/** What is missing, how, as what kernels round, and what is said. */
const hosts: [missing: string, host: Host, rounding: Rounding, line: RegExp | null][] = [
  ["WebAssembly", { before: "delete globalThis.WebAssembly;" }, "plain", /: there is no WebAssembly\./],
  ["a compiler", { flags: ["--jitless"] }, "plain", /: there is no WebAssembly\./],
  ["SIMD", { before: "WebAssembly.validate = () => false;" }, "plain", /: WebAssembly has no SIMD\./],
  ["leave to compile", { before: `WebAssembly.Module = ${refuse};` }, "plain", /: not allowed\./],
  ["memory", { before: noLargeMemory }, "plain", /: no memory can be reserved for it\./],
  ["SharedArrayBuffer", { before: "delete globalThis.SharedArrayBuffer;" }, "fused", null],
  ["leave to start threads", { flags: noWorkers }, "fused", /a thread failed .*restricted.* with the same results/],
  ["leave to ask for settings and cores", { before: noQuestions }, "fused", null],
  ["leave to set flags", { before: noFlags }, major === 20 ? "unfused" : "fused", null],
];

it.concurrent.each(hosts)(
  "works without %s",
  async (_, host, rounding, line) => {
    const found = await train(host);
    expect(found.backend).toBe(rounding === "plain" ? "js" : "wasm");
    expect(found.losses).toEqual(losses[rounding]);
    expect(found.lines).toEqual(line ? [expect.stringMatching(line)] : []);
  },
  30_000,
);

it.concurrent("works where addresses are few", async () => {
  const { backend, losses: found, lines } = await train({ limit: 8_000_000 });
  expect(found).toEqual(losses[backend === "js" ? "plain" : "fused"]);
  expect(lines).toHaveLength(backend === "js" ? 1 : 0);
});

it.concurrent.each([
  ["LUCIDGRAD_BACKEND", "gpu", '"js" or "wasm"'],
  ["LUCIDGRAD_THREADS", "many", "a whole number above 0"],
  ["LUCIDGRAD_MEMORY", "0", "a whole number above 0"],
  ["LUCIDGRAD_BUDGET", "-1", "a whole number above 0"],
  ["LUCIDGRAD_WIDE", "no", '"0" or "1"'],
  ["LUCIDGRAD_POISON", "yes", '"0" or "1"'],
])("%s = %s is an error that says what is allowed", async (name, value, allowed) => {
  const { stderr, failed } = await runOn("", { env: { [name]: value } });
  expect(failed).toBe(true);
  expect(stderr).toContain(`The environment variable ${name} must be ${allowed}, but is "${value}"`);
});

it.concurrent("works in several threads that import it at once, with a memory of its own in each", async () => {
  const start = `
    const { Worker, isMainThread } = process.getBuiltinModule("node:worker_threads");
    if (isMainThread) for (let thread = 0; thread < 2; thread++) new Worker(new URL(import.meta.url));`;
  const { stdout, stderr, failed } = await runOn(training, { before: start });
  const line = JSON.stringify(["wasm", 2, losses.fused]);
  expect({ stdout, stderr, failed }).toEqual({ stdout: `${line}\n`.repeat(3), stderr: "", failed: false });
}, 30_000);

it.concurrent("leaves V8's flags as the user has set them", async () => {
  const before = `
    const v8 = process.getBuiltinModule("node:v8");
    v8.setFlagsFromString("--expose-gc");
    const [{ setFlagsFromString }, set] = [{ ...v8 }, []];
    v8.setFlagsFromString = (flag) => { set.push(flag); setFlagsFromString(flag); };`;
  const program = `
    for (let k = 0; k < 20; k++) L.rand([1000, 1000]).neg();
    console.log(process.getBuiltinModule("node:vm").runInNewContext("typeof gc"));
    for (const flag of ["expose-gc", "parallel-scavenge", "liftoff", "wasm-lazy-compilation"])
      console.log(flag, set.filter((other) => other.endsWith("-" + flag)).map((other) => other.startsWith("--no-")).join());`;
  const { stdout, stderr } = await runOn(program, { before, flags: ["--no-parallel-scavenge", "--no_liftoff"] });
  const lines = ["function", "expose-gc ", "parallel-scavenge ", "liftoff ", "wasm-lazy-compilation true,false", ""];
  expect({ stdout, stderr }).toEqual({ stdout: lines.join("\n"), stderr: "" });
}, 30_000);

/** Ends when other threads take part: then this one does fewer blocks than at first. */
const waitForThreads = `
  let blocks = 0;
  const { add } = Atomics;
  Atomics.add = (...args) => { blocks++; return add(...args); };
  const x = L.rand([1024, 1024]);
  const blocksOf = () => { blocks = 0; void x.neg().storage.data; return blocks; };
  for (const all = blocksOf(); blocksOf() === all; ) await new Promise((resolve) => setTimeout(resolve, 1));`;

it.concurrent("has the threads' program in it: one file, at any address, is all that is needed", async () => {
  const url = `data:text/javascript;base64,${readFileSync(bundle).toString("base64")}`;
  expect(await runOn(waitForThreads, { url })).toEqual({ stdout: "", stderr: "", failed: false });
});
