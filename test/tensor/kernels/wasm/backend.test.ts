/** Choosing a backend, by call and by environment variable. */
import { spawnSync } from "node:child_process";
import { afterEach, expect, it } from "vitest";
import { type Backend, getBackend, setBackend } from "../../../../src/index.ts";
import { kernels, plainKernels } from "../../../../src/tensor/kernels/index.ts";

afterEach(() => setBackend("wasm"));

it("is wasm where there is SIMD, and can be changed at any time", () => {
  expect(getBackend()).toBe("wasm");
  expect(kernels.matmul).not.toBe(plainKernels.matmul);
  setBackend("js");
  expect(getBackend()).toBe("js");
  expect(kernels).toEqual(plainKernels);
});

it("another name is an error, and changes nothing", () => {
  expect(() => setBackend("gpu" as Backend)).toThrow('There is no backend "gpu": it is "js" or "wasm"');
  expect(getBackend()).toBe("wasm");
});

/** Runs a program, with `before` in front of the import of the library. */
function run(program: string, env: Record<string, string>, before = "") {
  const url = JSON.stringify(new URL("../../../../src/index.ts", import.meta.url).href);
  const source = `${before}; const { getBackend, getNumThreads, setBackend, rand } = await import(${url}); ${program}`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", source];
  return spawnSync(process.execPath, args, { encoding: "utf8", env: { ...process.env, ...env } });
}

const show = "console.log(getBackend(), getNumThreads());";

it.each([
  [{ LUCIDGRAD_BACKEND: "js", LUCIDGRAD_THREADS: "5" }, "js 5\n"],
  [{ LUCIDGRAD_BACKEND: "wasm", LUCIDGRAD_THREADS: "1" }, "wasm 1\n"],
])("%o", (env, expected) => {
  expect(run(show, env).stdout).toBe(expected);
});

it.each([
  [{ LUCIDGRAD_BACKEND: "gpu" }, 'There is no backend "gpu"'],
  [{ LUCIDGRAD_THREADS: "many" }, "set_num_threads expects a positive integer, but got NaN"],
])("%o is an error at the start", (env, expected) => {
  const { stderr, status } = run(show, env);
  expect(stderr).toContain(expected);
  expect(status).not.toBe(0);
});

// As it is in an engine without SIMD, and in a page that is not cross-origin isolated.
it("falls back by itself without SIMD", () => {
  const program = `${show} try { setBackend("wasm"); } catch (error) { console.log(error.message); }`;
  expect(run(program, { LUCIDGRAD_THREADS: "2" }, "WebAssembly.validate = () => false").stdout).toBe(
    'js 2\nThe backend "wasm" needs WebAssembly with SIMD, which is not there: choose "js"\n',
  );
});

it("falls back by itself without shared memory", () => {
  const program = `${show} console.log(rand([300, 300]).matmul(rand([300, 300])).shape.join());`;
  expect(run(program, { LUCIDGRAD_THREADS: "2" }, "delete globalThis.SharedArrayBuffer").stdout).toBe(
    "wasm 1\n300,300\n",
  );
});
