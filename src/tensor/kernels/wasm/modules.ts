/** All kernels, assembled for what this engine has. */
import { type Functions, f32x4, ModuleBuilder, v128 } from "./assembler.ts";
import { defineBatchNorm } from "./batch-norm.ts";
import { defineElementwise } from "./elementwise.ts";
import { switchOnRelaxedSimd } from "./host.ts";
import { fastestTile, multiplyAdd } from "./micro-kernel.ts";
import { defineMaxPositions } from "./pooling.ts";
import { defineProduct } from "./product.ts";
import { defineReduction } from "./reduction.ts";
import { scratchWith } from "./scratch.ts";
import { defineConvolution } from "./windowed-product.ts";

/** Whether the engine takes a module with this instruction. */
function isKnown(instruction: ReturnType<typeof f32x4.add>): boolean {
  const module = new ModuleBuilder();
  const probe = module.define([], () => v128.store(0, instruction));
  return WebAssembly.validate(module.toBytes({ probe }, { maximum: 1, shared: false }));
}

const one = f32x4.const(1);

export const hasSimd = (): boolean => typeof WebAssembly !== "undefined" && isKnown(one);

const hasRelaxedSimd = (): boolean => isKnown(f32x4.relaxed_madd(one, one, one));

/** Whether a · b + c can be rounded once. To be asked before the first module is compiled, as Node 20 has to be told. */
export function hasFusedMultiplyAdd(): boolean {
  if (!hasRelaxedSimd()) switchOnRelaxedSimd();
  return hasRelaxedSimd();
}

/** The matrix product and the convolutions alone. */
function defineForThreads(module: ModuleBuilder, fused: boolean) {
  const product = defineProduct(module, fastestTile(fused), multiplyAdd(fused));
  return { product, ...defineConvolution(module, product) };
}

export type ThreadFunctions = Functions<ReturnType<typeof defineForThreads>>;

/** What threads need, in memory that they share. */
export const scratchForThreads = (fused: boolean) => scratchWith((module) => defineForThreads(module, fused), true);

/** All kernels, for one thread. */
export function scratchForKernels(fused: boolean) {
  const madd = multiplyAdd(fused);
  return scratchWith((module) => ({
    ...defineElementwise(module, madd),
    ...defineReduction(module, madd),
    ...defineBatchNorm(module, madd),
    maxPositions: defineMaxPositions(module),
    ...defineForThreads(module, fused),
  }));
}
