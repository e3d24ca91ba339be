/** Every kernel of the module is tried in both forms before the wide one is used. */
import { expect, it } from "vitest";
import { agree, triedKernels } from "../../../../src/tensor/kernels/wasm/agreement.ts";
import { fused, unfused } from "../../../../src/tensor/kernels/wasm/compiled.ts";
import { compileModule } from "../../../../src/tensor/kernels/wasm/module.ts";

const module = compileModule().module;

it("all kernels are tried", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const names = Object.keys(exports).filter((name) => typeof exports[name] === "function" && name !== "becomeThread");
  expect([...triedKernels].sort()).toEqual(names.sort());
});

it("a module agrees with itself, and not with one that rounds otherwise", () => {
  expect(agree(module, module)).toBe(true);
  const [one, other] = [fused, unfused].map((base64) => new WebAssembly.Module(Buffer.from(base64, "base64")));
  expect(agree(one, other)).toBe(false);
});
