/** Every kernel of the module is tried in both forms before the wide one is used. */
import { expect, it } from "vitest";
import { agree, triedKernels } from "../../../../src/tensor/kernels/wasm/agreement.ts";
import { compileModule, fusedForm, unfusedForm } from "../../../../src/tensor/kernels/wasm/module.ts";

const module = compileModule().module;

it("all kernels are tried", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const names = Object.keys(exports).filter((name) => typeof exports[name] === "function" && name !== "becomeThread");
  expect([...triedKernels].sort()).toEqual(names.sort());
});

it("a module agrees with itself, and not with one that rounds otherwise", () => {
  expect(agree(module, module)).toBe(true);
  const [one, other] = [fusedForm(), unfusedForm()].map((bytes) => new WebAssembly.Module(bytes));
  expect(agree(one, other)).toBe(false);
});
