/**
 * defineOp: how a differentiable operation is written; and record, which gives its result a node in the graph.
 * Read next: ops/elementwise.ts for the operations, engine.ts for what backward does with them.
 */
import { Tensor } from "../tensor/tensor.ts";
import { isGradEnabled } from "./grad-mode.ts";
import { historyOf, Node, type PullBack } from "./graph.ts";

/** What an operation's forward returns. */
export interface Applied {
  /** The result. */
  readonly y: Tensor;
  /**
   * Each differentiable input with its pull-back, which is written in differentiable operations itself, and what that
   * pull-back alone saves. One that needs only a shape closes over the shape: the tensor itself is then free to go.
   */
  readonly grads: readonly (readonly [x: Tensor, pullBack: PullBack, saves?: readonly Tensor[]])[];
  /** The tensors whose values the pull-backs read: changing one in place before backward is then an error. */
  readonly saves?: readonly Tensor[];
}

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
    const applied = forward(...args);
    const { grads } = applied;
    const y = record(name, applied);
    if (grads.length === 1 && grads[0][0].storage === y.storage) {
      const [parent, pullBack] = grads[0];
      y.viewOf = {
        parent,
        replay: (other) => operation(...([other, ...args.slice(1)] as Args)),
        pullBack,
        name,
        recorded: isGradEnabled(),
        refresh: historyOf,
      };
      y.historyVersion = y.storage.version;
    }
    return y;
  };
}

/** y, with a node in the graph if it needs a gradient. */
export function record(name: string, { y, grads, saves = [] }: Applied): Tensor {
  if (!isGradEnabled()) return y;
  const edges = [];
  const saved = [...saves];
  for (const [x, pullBack, alsoSaved = []] of grads) {
    const target = historyOf(x);
    if (!target) continue;
    edges.push({ target, pullBack });
    saved.push(...alsoSaved);
  }
  if (edges.length > 0) {
    const node = new Node(name, y.shape, edges);
    y.requiresGrad = true;
    y.gradFn = node;
    node.save(saved);
  }
  return y;
}

/** The same values in the same memory, without history. */
export const detach = (x: Tensor): Tensor => new Tensor(x.storage, x.dtype, x.shape, x.strides, x.offset);

/** y, a view of a tensor that nobody else will see: in-place changes need not tell that one. PyTorch's `_unsafe_view`. */
export function owned(y: Tensor): Tensor {
  y.viewOf = null;
  return y;
}
