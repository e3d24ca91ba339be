/** Tensors in lists and plain objects, such as a model's parameters by name: a function of such a tree is one of its tensors. */
import { check } from "../tensor/check.ts";
import { isPlain } from "../tensor/plain.ts";
import { Tensor } from "../tensor/tensor.ts";
import { typeName } from "../tensor/type-name.ts";

/** The tensors of a tree, in order. @param what names it in an error @throws if there is anything else in it */
export function tensorsOf(tree: unknown, what: string): Tensor[] {
  if (tree instanceof Tensor) return [tree];
  if (Array.isArray(tree)) return tree.flatMap((part) => tensorsOf(part, what));
  check(isPlain(tree), () => `${what}: Expected tensors, got unsupported type ${typeName(tree)}`, TypeError);
  return Object.values(tree).flatMap((part) => tensorsOf(part, what));
}

/** The same tree with other tensors, in order; what is not a tensor stays. */
export function mapTree(tree: unknown, change: (tensor: Tensor) => unknown): unknown {
  if (tree instanceof Tensor) return change(tree);
  if (Array.isArray(tree)) return tree.map((part) => mapTree(part, change));
  if (!isPlain(tree)) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, part]) => [key, mapTree(part, change)]));
}

/** The same tree with these tensors. */
export function treeOf(tree: unknown, tensors: readonly unknown[]): unknown {
  const next = tensors.values();
  return mapTree(tree, () => next.next().value);
}

/** How a tree is built, as a text: `[*, {w: *}]`. */
export function structureOf(tree: unknown): string {
  if (Array.isArray(tree)) return `[${tree.map(structureOf).join(", ")}]`;
  if (!isPlain(tree)) return tree instanceof Tensor ? "*" : typeName(tree);
  const parts = Object.entries(tree).map(([key, part]) => `${key}: ${structureOf(part)}`);
  return `{${parts.join(", ")}}`;
}
