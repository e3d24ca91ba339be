/** How Tensor gets methods. */
import { Tensor } from "../tensor/tensor.ts";
import { inplace } from "./inplace.ts";

type Operation = (x: Tensor, ...rest: unknown[]) => Tensor;

/**
 * Gives Tensor methods.
 * @param names of operations, as methods; with an underscore behind it, the method changes its tensor in place
 * @param methods functions that are methods as they are
 */
export function install(operations: object, names: readonly string[], methods: object): void {
  const listed = names.map((name) => [
    name,
    methodOf((operations as Record<string, Operation>)[name.replace(/_$/, "")], name),
  ]);
  Object.assign(Tensor.prototype, Object.fromEntries(listed), methods);
}

const methodOf = (operation: Operation, name: string) =>
  name.endsWith("_")
    ? function (this: Tensor, ...rest: unknown[]) {
        return inplace(this, (x) => operation(x, ...rest));
      }
    : function (this: Tensor, ...rest: unknown[]) {
        return operation(this, ...rest);
      };
