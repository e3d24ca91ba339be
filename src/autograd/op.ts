/**
 * defineOp: how a differentiable operation is written. What is noted of each result, history.ts says.
 * Read next: ops/elementwise.ts for the operations, engine.ts for what backward does with them.
 */
import { Tensor } from "../tensor/tensor.ts";
import { isWatched, seen } from "../tensor/watch.ts";
import { isGradEnabled } from "./grad-mode.ts";
import { type Applied, historyOf, record } from "./history.ts";

export type { Applied } from "./history.ts";

/** The name of every operation; test/autograd/samples.test.ts checks the gradient of each. */
export const registry = new Set<string>();

/**
 * Makes an operation of its forward: `(inputs…) => { y, grads, saves }`.
 *
 * `mul`, for example, returns y = a·b and has the grads `[a, (dy) => dy·b, [b]]` and `[b, (dy) => dy·a, [a]]`.
 */
export function defineOp<Args extends unknown[]>(name: string, forward: (...args: Args) => Applied) {
  registry.add(name);
  return function operation(...args: Args): Tensor {
    if (isWatched()) return seen(name, args, () => operation(...args), operation);
    const applied = forward(...args);
    const { grads } = applied;
    const y = record(name, applied);
    if (grads.length === 1 && grads[0][0].storage === y.storage) {
      const [parent] = grads[0];
      const { base, recorded } = parent.viewOf ?? { base: parent, recorded: true };
      y.viewOf = { base, recorded: recorded && isGradEnabled(), refresh: historyOf };
      y.historyVersion = y.storage.version;
    }
    return y;
  };
}

/** The same values in the same memory, without history. */
export const detach = (x: Tensor): Tensor => new Tensor(x.storage, x.dtype, x.shape, x.strides, x.offset);

/** y, a view of a tensor that nobody else will see: in-place changes need not tell that one. PyTorch's `_unsafe_view`. */
export function owned(y: Tensor): Tensor {
  y.viewOf = null;
  return y;
}
