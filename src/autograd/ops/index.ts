/**
 * All operations, family by family. Each has a function form, `relu(x)`, under the name that it has here; which are methods
 * too, `x.relu()`, ../methods.ts says. Not here are those that only layers use, in layers/, and what operations share, in
 * shared/.
 */
export * from "./compare.ts";
export * from "./cumulative.ts";
export * from "./einsum.ts";
export * from "./elementwise.ts";
export * from "./functions.ts";
export * from "./indexing.ts";
export * from "./logical.ts";
export * from "./masks.ts";
export * from "./matmul.ts";
export * from "./parts.ts";
export * from "./rearrange.ts";
export * from "./reduction.ts";
export * from "./scatter.ts";
export * from "./shape.ts";
export * from "./softmax.ts";
export * from "./sorting.ts";
export * from "./special.ts";
export * from "./windows.ts";
