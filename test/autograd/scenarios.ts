/** Small tensors for the cases of backward and of changes in place. */
import type { DType, Tensor } from "../../src/index.ts";
import { torch } from "../support/index.ts";
import { methods } from "./sampling.ts";

/** A float64 tensor. */
export const constant = (...values: number[]): Tensor => torch.tensor(values, { dtype: "float64" });

/** A float64 vector that requires a gradient. */
export const leaf = (...values: number[]): Tensor => leafOf("float64", ...values);

/** The same in another dtype. */
export const leafOf = (dtype: DType, ...values: number[]): Tensor =>
  torch.tensor(values, { dtype, requiresGrad: true });

/** A float64 0-dim tensor that requires a gradient. */
export const scalar = (value: number): Tensor => torch.tensor(value, { dtype: "float64", requiresGrad: true });

/** Cases for PyTorch, by name. */
export type Cases = Record<string, () => unknown>;

/** A case about the leaf [1, 2]. */
export const ofLeaf = (run: (x: Tensor) => unknown) => () => run(leaf(1, 2));

/** A case for each of these methods, as a function of the tensor alone. */
export const ofEach = (names: (keyof Tensor)[], run: (f: (x: Tensor) => Tensor) => () => unknown, title = ""): Cases =>
  Object.fromEntries(Object.entries(methods(names, run)).map(([name, caseOf]) => [title + name, caseOf]));
