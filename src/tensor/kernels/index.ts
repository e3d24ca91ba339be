/**
 * The table of kernels that operations call. Kernels are free functions on typed arrays and sizes; they know no Tensor.
 * These are the plain loops, complete and for every dtype. A faster implementation replaces entries of this table, never
 * an operation.
 */
import * as batchNorm from "./batch-norm.ts";
import * as elementwise from "./elementwise.ts";
import * as indexing from "./indexing.ts";
import { matmul } from "./matmul.ts";
import * as reduction from "./reduction.ts";

export const kernels = { ...elementwise, ...reduction, ...batchNorm, ...indexing, matmul };
