/** Choosing a backend, by call and by environment variable. */
import { afterEach, expect, it } from "vitest";
import { type Backend, getBackend, setBackend } from "../../../../src/index.ts";
import { kernels } from "../../../../src/tensor/kernels/index.ts";
import { matmul } from "../../../../src/tensor/kernels/matmul.ts";
import { runProgram } from "./run-program.ts";

afterEach(() => setBackend("wasm"));

it("is wasm where there is SIMD, and can be changed at any time", () => {
  expect(getBackend()).toBe("wasm");
  expect(kernels.matmul).not.toBe(matmul);
  setBackend("js");
  expect(getBackend()).toBe("js");
  expect(kernels.matmul).toBe(matmul);
});

it("another name is an error, and changes nothing", () => {
  expect(() => setBackend("gpu" as Backend)).toThrow('There is no backend "gpu": it is "js" or "wasm"');
  expect(getBackend()).toBe("wasm");
});

const eightCores = 'process.getBuiltinModule("node:os").availableParallelism = () => 8';
const show = "console.log(getBackend(), getNumThreads());";

it.each([
  [{ LUCIDGRAD_BACKEND: "js", LUCIDGRAD_THREADS: "5" }, "js 5\n"],
  [{ LUCIDGRAD_BACKEND: "wasm", LUCIDGRAD_THREADS: "1" }, "wasm 1\n"],
])("%o", (env, expected) => {
  expect(runProgram(show, { env, before: eightCores }).stdout).toBe(expected);
});

// As it is in an engine without SIMD, and in a page that is not cross-origin isolated.
it.each([
  [
    "SIMD",
    "WebAssembly.validate = () => false",
    'try { setBackend("wasm"); } catch (error) { console.log(error.message); }',
    'js 2\nThe backend "wasm" cannot be had: WebAssembly has no SIMD\n',
  ],
  [
    "shared memory",
    "delete globalThis.SharedArrayBuffer",
    "console.log(rand([300, 300]).matmul(rand([300, 300])).shape.join());",
    "wasm 1\n300,300\n",
  ],
])("falls back by itself without %s", (_, before, program, expected) => {
  expect(
    runProgram(show + program, { env: { LUCIDGRAD_THREADS: "2" }, before: `${eightCores}; ${before}` }).stdout,
  ).toBe(expected);
});
