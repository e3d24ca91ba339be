/**
 * defineOp: how a differentiable operation is written. What is noted of each result, history.ts says.
 * Read next: ops/elementwise.ts for the operations, engine.ts for what backward does with them.
 */
import { Tensor } from "../tensor/tensor.ts";
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
    if (watcher !== null) return watched(name, operation, args);
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

/** Is told of an operation: its name, its arguments and its result. */
export type OperationWatcher = (name: string, args: readonly unknown[], y: Tensor) => void;

/** Of what a watcher is told: of what has a gradient of its own, or of what a program calls. */
type Watched = "operations" | "functions";

let watcher: OperationWatcher | null = null;
let watches: Watched = "operations";

/** Runs `work`, and tells the watcher of each operation in it, or function, that is not part of another. */
export function watchOperations<T>(tell: OperationWatcher, work: () => T, what: Watched = "operations"): T {
  const outer = [watcher, watches] as const;
  watcher = tell;
  watches = what;
  try {
    return work();
  } finally {
    [watcher, watches] = outer;
  }
}

/** A function that is made of operations: who watches functions is told of it by its name. */
export function watchable<Args extends unknown[]>(name: string, f: (...args: Args) => Tensor) {
  return function operation(...args: Args): Tensor {
    return watcher !== null && watches === "functions" ? watched(name, f, args) : f(...args);
  };
}

function watched<Args extends unknown[]>(name: string, operation: (...args: Args) => Tensor, args: Args): Tensor {
  const tell = watcher;
  watcher = null; // what it is made of, nobody asks
  try {
    const y = operation(...args);
    tell?.(name, args, y);
    return y;
  } finally {
    watcher = tell;
  }
}

/** The same values in the same memory, without history. */
export const detach = (x: Tensor): Tensor => new Tensor(x.storage, x.dtype, x.shape, x.strides, x.offset);

/** y, a view of a tensor that nobody else will see: in-place changes need not tell that one. PyTorch's `_unsafe_view`. */
export function owned(y: Tensor): Tensor {
  y.viewOf = null;
  return y;
}
