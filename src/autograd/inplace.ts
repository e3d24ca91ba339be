/**
 * In-place operations: the values change where they lie, and the history of the tensor, of the tensors it is a view of,
 * and of their other views changes with them.
 */
import { addScaledInto, copyInto, copyOf } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { zerosLike } from "../tensor/create.ts";
import { category, isFloatingPoint, scalarName } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import {
  broadcastShapes,
  checkSizes,
  contiguousStrides,
  formatShape,
  numelOf,
  type Shape,
  sameShape,
} from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { overlaps } from "../tensor/view-strides.ts";
import { BECOMES, isWatched, seen } from "../tensor/watch.ts";
import { isGradEnabled } from "./grad-mode.ts";
import { type Edge, Node, type PullBack, type Target } from "./graph.ts";
import { historyOf, partAt, placeIn, setNode, withoutPart } from "./history.ts";
import { detach } from "./op.ts";
import { type AddOptions, add, type Operand, sub } from "./ops/elementwise.ts";
import { expand, to } from "./ops/shape.ts";

/**
 * x becomes compute(x), which is recorded on a copy of x's old values: pull-backs may still need them.
 * @throws for a leaf that requires a gradient, while recording; and if the result has another shape or a wider dtype
 */
export function inplace(x: Tensor, compute: (old: Tensor) => Tensor): Tensor {
  checkWritable(x);
  const recording = isGradEnabled();
  const y = compute(recording ? withHistory(copyOf(x), historyOf(x)) : x);
  checkKeepsShape(x, y.shape);
  const otherType = () =>
    `result type ${scalarName[y.dtype]} can't be cast to the desired output type ${scalarName[x.dtype]}: ` +
    `convert first, with x.to("${y.dtype}")`;
  check(category(y.dtype) <= category(x.dtype), otherType);
  return seen(BECOMES, [x, y], () => change(x, recording ? historyOf(to(y, x.dtype)) : null, () => copyInto(x, y)));
}

/** x gets the values that `write` writes, those of `source` if there is one. The old values get the gradient 0. */
export function overwrite(x: Tensor, write: () => void, source: Tensor | null = null): Tensor {
  checkWritable(x);
  return change(x, isGradEnabled() ? overwriting(x, source) : null, write);
}

/**
 * x becomes look(x), a view of it: its elements stay where they are, and are read in another way. PyTorch's `squeeze_`.
 * That counts as a change, since what saved x would read it in the new way.
 */
export function lookAnew(x: Tensor, look: (old: Tensor) => Tensor): Tensor {
  const recording = isGradEnabled();
  if (recording) checkHistoryCanChange(x);
  const lost =
    "a computed tensor keeps the record of its shape: change it where operations are recorded, outside noGrad";
  check(recording || x.isLeaf, lost);
  const y = look(recording ? withHistory(detach(x), historyOf(x)) : detach(x));
  const source = historyOf(y);
  if (source) checkViewIsRecorded(x);
  Object.assign(x, { shape: y.shape, strides: y.strides, offset: y.offset });
  x.storage.version++;
  if (source) setHistory(x, source);
  return x;
}

/**
 * x gets that shape, row by row from its first element on, whatever was where; views of its memory stay where they are.
 * @throws if x needs a gradient, which would have another shape
 */
export function resize(x: Tensor, shape: Shape): Tensor {
  check(historyOf(x) === null, "cannot resize variables that require grad");
  checkSizes(shape);
  x.storage.reserve(x.offset + numelOf(shape), x.dtype);
  const { viewOf } = x;
  // What is larger than the base is no view of it any more, which could get a gradient.
  const isWithin = viewOf !== null && x.offset + numelOf(shape) <= viewOf.base.offset + viewOf.base.numel;
  Object.assign(x, { shape: [...shape], strides: contiguousStrides(shape), viewOf: isWithin ? viewOf : null });
  x.storage.version++;
  return x;
}

/** The node that x gets, if it needs one. */
function overwriting(x: Tensor, source: Tensor | null): Node | null {
  const edges = source ? edgesTo(source, (dy) => dy) : [];
  if (!x.viewOf) edges.push(...edgesTo(x, zerosLike)); // of a view, setHistory sees to it
  return edges.length > 0 ? new Node("copy", x.shape, edges) : null;
}

/** The edge to where x came from, if it needs a gradient. */
function edgesTo(x: Tensor, pullBack: PullBack): Edge[] {
  const target = historyOf(x);
  return target ? [{ target, pullBack }] : [];
}

/** Writes x's new values, which come from `source`, or from no tensor that needs a gradient. */
function change(x: Tensor, source: Target | null, write: () => void): Tensor {
  const changesHistory = isGradEnabled() && (source !== null || historyOf(x) !== null);
  if (changesHistory) checkViewIsRecorded(x);
  write();
  if (changesHistory) setHistory(x, source ?? new Node("fill", x.shape, []));
  return x;
}

/** x += alpha · y, or x -= alpha · y. Without recording, it needs no new array: this is the update of every optimizer. */
function additionInPlace(operation: typeof add, x: Tensor, y: Operand, options?: AddOptions): Tensor {
  const isPlain = typeof y !== "number" && y.dtype === x.dtype && isFloatingPoint(x.dtype);
  if (isGradEnabled() || isWatched() || !isPlain) return inplace(x, (old) => operation(old, y, options));
  const { alpha } = readOptions(options, { alpha: 1 });
  checkWritable(x);
  checkKeepsShape(x, broadcastShapes(x.shape, y.shape, "add_"));
  addScaledInto(x, y, operation === add ? alpha : -alpha);
  return x;
}

/** x += alpha · y */
export const addInPlace = (x: Tensor, y: Operand, options?: AddOptions): Tensor => additionInPlace(add, x, y, options);

/** x -= alpha · y */
export const subInPlace = (x: Tensor, y: Operand, options?: AddOptions): Tensor => additionInPlace(sub, x, y, options);

/** x = source, broadcast to x's shape and converted to its dtype. */
export function copyInPlace(x: Tensor, source: Tensor): Tensor {
  checkKeepsShape(x, broadcastShapes(x.shape, source.shape, "copy_"));
  const y = expand(to(source, x.dtype), x.shape);
  return overwrite(x, () => copyInto(x, y), y);
}

function checkKeepsShape(x: Tensor, shape: Shape): void {
  const otherShape = () =>
    `output with shape ${formatShape(x.shape)} doesn't match the broadcast shape ${formatShape(shape)}`;
  check(sameShape(shape, x.shape), otherShape);
}

function withHistory(copy: Tensor, target: Target | null): Tensor {
  copy.requiresGrad = target !== null;
  copy.gradFn = target instanceof Node ? target : null;
  return copy;
}

/** @throws if memory is shared within x, or x is a leaf whose gradient would be lost */
function checkWritable(x: Tensor): void {
  if (isGradEnabled()) checkHistoryCanChange(x);
  check(
    x.isContiguous || !overlaps(x.shape, x.strides),
    "unsupported operation: more than one element of the written-to tensor refers to a single memory location. " +
      "Please clone() the tensor before performing the operation.",
  );
}

function checkHistoryCanChange(x: Tensor): void {
  const { viewOf } = x;
  if (viewOf?.base.requiresGrad) checkViewIsRecorded(x);
  check(!(viewOf?.base.isLeaf && x.requiresGrad), () => refusal("a view of a leaf Variable"));
  check(!(x.isLeaf && x.requiresGrad), () => refusal("a leaf Variable"));
}

const refusal = (what: string): string =>
  `${what} that requires grad is being used in an in-place operation. ` +
  "To change a parameter without recording it, do so inside noGrad(() => …).";

/** @throws if x was made as a view without recording: then its base could not learn of the change */
function checkViewIsRecorded(x: Tensor): void {
  const otherMode =
    "A view was created in no_grad mode and is being modified inplace with grad mode enabled. " +
    "Make both the view and the change inside noGrad, or both outside.";
  check(x.viewOf?.recorded !== false, otherMode);
}

/**
 * From now on x's values come from `target`. For a view, so do those of its base where the view looks, and all views of
 * that memory find out when they are next used (historyOf).
 */
function setHistory(x: Tensor, target: Target): void {
  if (x.viewOf) {
    const { base } = x.viewOf;
    const place = placeIn(base, x);
    const edges = [{ target, pullBack: (dy: Tensor) => partAt(dy, place) }];
    // Outside the view, the base's values are the old ones.
    const before = historyOf(base);
    if (before) edges.push({ target: before, pullBack: (dy) => withoutPart(dy, place) });
    setHistory(base, new Node("copySlices", base.shape, edges));
    historyOf(x);
    return;
  }
  setNode(x, target instanceof Node ? target : new Node("copy", x.shape, [{ target, pullBack: (dy) => dy }]));
}
