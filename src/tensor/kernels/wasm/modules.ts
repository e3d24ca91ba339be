/** The modules of kernels, assembled for what this engine has. */
import { f32x4, i32, ModuleBuilder, v128 } from "./assembler.ts";
import { defineBatchNorm } from "./batch-norm.ts";
import { defineElementwise } from "./elementwise.ts";
import { switchOnRelaxedSimd } from "./host.ts";
import { fastestTile, multiplyAdd } from "./micro-kernel.ts";
import { defineMaxPositions } from "./pooling.ts";
import { defineProduct } from "./product.ts";
import { defineReduction } from "./reduction.ts";
import { MOST_PAGES } from "./scratch.ts";
import { defineConvolution } from "./windowed-product.ts";

/** Whether the engine takes a module with this instruction. */
function isKnown(instruction: ReturnType<typeof f32x4.add>): boolean {
  const module = new ModuleBuilder();
  module.define("probe", [], () => v128.store(i32.const(0), instruction));
  return WebAssembly.validate(module.toBytes({ maximum: 1, shared: false }));
}

const one = f32x4.const(1);

export const hasSimd = (): boolean => typeof WebAssembly !== "undefined" && isKnown(one);

const hasRelaxedSimd = (): boolean => isKnown(f32x4.relaxed_madd(one, one, one));

/** Whether a · b + c can be rounded once. To be asked before the first module is compiled, as Node 20 has to be told. */
export function hasFusedMultiplyAdd(): boolean {
  if (!hasRelaxedSimd()) switchOnRelaxedSimd();
  return hasRelaxedSimd();
}

/** All kernels, for one thread. */
export function assembleKernels(fused: boolean): WebAssembly.Module {
  const module = new ModuleBuilder();
  const madd = multiplyAdd(fused);
  defineElementwise(module, madd);
  defineReduction(module, madd);
  defineBatchNorm(module, madd);
  defineMaxPositions(module);
  defineConvolution(module, defineProduct(module, fastestTile(fused), madd));
  return new WebAssembly.Module(module.toBytes({ maximum: MOST_PAGES, shared: false }));
}

/** The matrix product and the convolutions alone, for threads that share their memory. */
export function assembleForThreads(fused: boolean): WebAssembly.Module {
  const module = new ModuleBuilder();
  defineConvolution(module, defineProduct(module, fastestTile(fused), multiplyAdd(fused)));
  return new WebAssembly.Module(module.toBytes({ maximum: MOST_PAGES, shared: true }));
}
