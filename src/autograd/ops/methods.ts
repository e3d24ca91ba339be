/**
 * The families with operations that are methods: whoever has a tensor of "lucidgrad" has these, whoever has one of "lucidgrad/core"
 * those of everyday.ts. The others a bundler leaves out of a program that does not use them.
 */
export * from "./bessel.ts";
export * from "./binary-numbers.ts";
export * from "./bins.ts";
export * from "./closeness.ts";
export * from "./compare.ts";
export * from "./cumulative.ts";
export * from "./distance.ts";
export * from "./division.ts";
export * from "./elementwise.ts";
export * from "./functions.ts";
export * from "./gamma.ts";
export * from "./indexing.ts";
export * from "./integers.ts";
export type { LUUnpackOptions } from "./linalg/lu.ts";
export * from "./linalg/reflections.ts";
export * from "./linalg/second-names.ts";
export {
  /** log det A: NaN where that is negative. Mirrors `torch.logdet`. @example tensor([[2, 0], [0, 3]]).logdet() */
  logdet,
} from "./linalg/solving.ts";
export * from "./logical.ts";
export * from "./masks.ts";
export * from "./matmul.ts";
export * from "./mixing.ts";
export * from "./order-statistics.ts";
export * from "./parts.ts";
export * from "./picking.ts";
export * from "./products.ts";
export * from "./questions.ts";
export * from "./rearrange.ts";
export * from "./reduction.ts";
export * from "./rounding.ts";
export * from "./running.ts";
export * from "./scatter.ts";
export * from "./scatter-reduce.ts";
export * from "./second-names.ts";
export * from "./shape.ts";
export type { FillDiagonalOptions } from "./shared/filled-diagonal.ts";
export * from "./signs.ts";
export * from "./softmax.ts";
export * from "./sorting.ts";
export * from "./special.ts";
export * from "./stacking.ts";
export * from "./statistics.ts";
export * from "./strided.ts";
export * from "./turning.ts";
export * from "./unique.ts";
export * from "./windows.ts";
