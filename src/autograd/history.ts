/**
 * Where a tensor's values come from: `record` notes it for the result of an operation, `historyOf` tells it, also of a view
 * whose base was changed in place since.
 *
 * However long a chain of views is, each has a place of its own in the tensor at its beginning, the base. So a change needs to
 * know nothing of the views in between, and nobody keeps them.
 */
import { addScaledInto, copyInto } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import type { DType } from "../tensor/dtype.ts";
import { type Shape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { overlaps } from "../tensor/view-strides.ts";
import { isGradEnabled } from "./grad-mode.ts";
import { Node, type PullBack, type Target } from "./graph.ts";

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

/**
 * Where x's gradient goes, or null if none is needed.
 *
 * A view made before its base was changed in place gets a new node here: its values changed, so its history did too.
 */
export function historyOf(x: Tensor): Target | null {
  const { viewOf } = x;
  if (viewOf && x.historyVersion !== x.storage.version) {
    const target = historyOf(viewOf.base);
    const otherMode =
      "A view was created in no_grad mode and its base or another view of its base has been modified inplace with grad " +
      "mode enabled. Make both the view and the change inside noGrad, or both outside.";
    check(target === null || viewOf.recorded, otherMode);
    x.historyVersion = x.storage.version;
    if (target) {
      const place = placeIn(viewOf.base, x);
      setNode(x, new Node("asStrided", x.shape, [{ target, pullBack: (dy) => embedded(dy, place) }]));
    }
  }
  if (!x.requiresGrad) return null;
  return (x.gradFn as Node | null) ?? x;
}

/** From now on x comes from this operation; a gradient that x retains is from now on that of the new values. */
export function setNode(x: Tensor, node: Node): void {
  const old = x.gradFn as Node | null;
  if (old?.retainedBy === x) {
    old.retainedBy = null;
    node.retainedBy = x;
  }
  x.gradFn = node;
  x.requiresGrad = true;
}

/** What `x.retainGrad()` does. */
export function retainGrad(x: Tensor): void {
  const target = historyOf(x);
  check(
    target !== null,
    "can't retain_grad on Tensor that has requires_grad=False: make what it is computed from with { requiresGrad: true }",
  );
  if (target instanceof Node) target.retainedBy = x;
}

interface Layout {
  readonly shape: Shape;
  readonly strides: Shape;
}

/** Where the elements of a view are among those of its base. */
export interface Place extends Layout {
  readonly base: Layout;
  /** From the base's first element to the view's. */
  readonly start: number;
}

const layoutOf = ({ shape, strides }: Tensor): Layout => ({ shape, strides });

export const placeIn = (base: Tensor, view: Tensor): Place => ({
  ...layoutOf(view),
  base: layoutOf(base),
  start: view.offset - base.offset,
});

/** The part of x, which has the base's shape, that is in a view's place. PyTorch's `as_strided`. */
export function partAt(x: Tensor, place: Place): Tensor {
  const laid = sameShape(x.strides, place.base.strides) ? x : laidOut(x, place.base);
  return record("asStrided", { y: viewAt(laid, place), grads: [[x, (dy) => embedded(dy, place)]] });
}

/** The reverse: x in a view's place, among zeros. Where elements of the view are one in the base, they are added up. */
function embedded(x: Tensor, place: Place): Tensor {
  const y = inNewMemory(place.base, Tensor.zeros, x.dtype);
  if (overlaps(place.shape, place.strides)) addScaledInto(viewAt(y, place), x, 1);
  else copyInto(viewAt(y, place), x);
  return record("asStridedBackward", { y, grads: [[x, (dy) => partAt(dy, place)]] });
}

/** x, which has the base's shape, with zeros in a view's place. */
export function withoutPart(x: Tensor, place: Place): Tensor {
  const y = laidOut(x, place.base);
  copyInto(viewAt(y, place), Tensor.zeros([], x.dtype));
  return record("copySlicesBackward", { y, grads: [[x, (dy) => withoutPart(dy, place)]] });
}

const viewAt = ({ storage, dtype, offset }: Tensor, { shape, strides, start }: Place): Tensor =>
  new Tensor(storage, dtype, shape, strides, offset + start);

/** A copy of x with those strides. */
function laidOut(x: Tensor, layout: Layout): Tensor {
  const y = inNewMemory(layout, Tensor.empty, x.dtype);
  copyInto(y, x);
  return y;
}

function inNewMemory({ shape, strides }: Layout, make: typeof Tensor.zeros, dtype: DType): Tensor {
  const extent = shape.includes(0) ? 0 : shape.reduce((end, size, d) => end + (size - 1) * strides[d], 1);
  return new Tensor(make([extent], dtype).storage, dtype, shape, strides);
}
