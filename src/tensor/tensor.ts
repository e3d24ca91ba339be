/**
 * What an n-d array is: a flat storage, and a shape, strides and offset that say how to read it.
 *
 * Views share a storage, so changing one changes all. Arithmetic is not here: src/autograd/everyday-methods.ts and methods.ts
 * give Tensor its operations. Of gradients this file knows only the slots in which src/autograd keeps them.
 * Read next: strided.ts and kernels/, then src/autograd/op.ts.
 */
import { check } from "./check.ts";
import { type DType, isFloatingPoint, type TypedArray } from "./dtype.ts";
import { kernels } from "./kernels/index.ts";
import { emptyArray, isInMemory, partOf, release, zeroArray } from "./memory/memory.ts";
import { settle } from "./memory/pending.ts";
import { formatTensor } from "./print.ts";
import { contiguousStrides, formatShape, numelOf, type Shape, sameShape } from "./shape.ts";
import { forEachPlane } from "./strided.ts";

/** The memory behind one or more tensors. The garbage collector frees it, or whoever knows to be the only one that has it. */
export class Storage {
  #data: TypedArray;
  /** Counts in-place changes, so that backward can tell when a value it needs was overwritten. */
  version = 0;

  constructor(data: TypedArray) {
    this.#data = data;
  }

  /** For JavaScript to read and write. */
  get data(): TypedArray {
    if (isInMemory(this.#data)) settle();
    return this.#data;
  }

  /** For a kernel, which need not wait for those before it. */
  get operand(): TypedArray {
    return this.#data;
  }

  /** Makes room for so many elements: those that are there stay, and nobody says what the others are. */
  reserve(length: number, dtype: DType): void {
    if (length <= this.#data.length) return;
    const larger = emptyArray(dtype, [length]);
    settle();
    larger.set(this.#data);
    this.#data = larger;
  }

  /** Frees the memory: no tensor may read it any more. */
  release(): void {
    release(this.#data);
    this.#data = nothing;
  }
}

const nothing = new Float32Array(0);

/** The record of the operation that made a tensor; what else is in it, Node in src/autograd/graph.ts says. */
export interface GradFn {
  /** `MulBackward0` for mul, PyTorch's style. */
  readonly name: string;
  /** The output, if `retainGrad()` was called on it. */
  readonly retainedBy: Tensor | null;
}

/** What a view knows of the tensor that it looks at, for changes in place; src/autograd/history.ts uses it. */
export interface ViewRecord {
  /** The tensor that it is a view of, or a view of a view of, and so on: that one is no view. */
  readonly base: Tensor;
  /** Whether it was made while operations were recorded. */
  readonly recorded: boolean;
  /** Gives the view the history that it has since its base was last changed in place. */
  readonly refresh: (view: Tensor) => void;
}

/** x.grad, for those who do not hand it on: its memory stays the engine's, and is freed when the gradient is forgotten. */
export let gradientOf: (x: Tensor) => Tensor | null;

/** Makes dx the gradient of x. Nobody else may have its memory. */
export let keepGradient: (x: Tensor, dx: Tensor) => void;

/** A number or a truth; or arrays of them, of any depth. */
export type NestedArray = number | boolean | NestedArray[];

/** An n-dimensional array. Mirrors `torch.Tensor`. */
export class Tensor {
  /** The memory, which views share. @example arange(4).select(0, 3).storage.data */
  readonly storage: Storage;
  /** What the elements are: "float32", "float64", "int32" or "bool". @example tensor([1, 2]).gt(1).dtype */
  readonly dtype: DType;
  /** The size of each dimension; none for a scalar. @example zeros([2, 3]).shape */
  readonly shape: Shape;
  /**
   * How many elements of the storage one step along each dimension skips. Mirrors `torch.Tensor.stride`.
   * @example zeros([2, 3]).t().strides
   */
  readonly strides: Shape;
  /**
   * Where in the storage element [0, …, 0] is. Mirrors `torch.Tensor.storage_offset`.
   * @example arange(6).view(2, 3).select(0, 1).offset
   */
  readonly offset: number;

  /** Set on a tensor that an operation made as a view of another. */
  viewOf: ViewRecord | null = null;
  /** For a view: the storage version at which its gradFn was right. */
  historyVersion = 0;
  #gradFn: GradFn | null = null;
  #requiresGrad = false;
  #grad: Tensor | null = null;
  /** Whether nobody but the engine has ever seen the gradient. */
  #isGradPrivate = false;
  #copy: { readonly version: number; readonly elements: TypedArray } | null = null;

  constructor(storage: Storage, dtype: DType, shape: Shape, strides: Shape = contiguousStrides(shape), offset = 0) {
    this.storage = storage;
    this.dtype = dtype;
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
  }

  /** A new tensor on a new storage, of whatever was in that memory. Mirrors `torch.empty`. @example Tensor.empty([2, 3], "float32").shape */
  static empty(shape: Shape, dtype: DType): Tensor {
    return new Tensor(new Storage(emptyArray(dtype, shape)), dtype, shape);
  }

  /** A new tensor on a new storage of zeros. Mirrors `torch.zeros`. @example Tensor.zeros([2], "float32") */
  static zeros(shape: Shape, dtype: DType): Tensor {
    return new Tensor(new Storage(zeroArray(dtype, shape)), dtype, shape);
  }

  static {
    gradientOf = (x) => x.#grad;
    keepGradient = (x, dx) => {
      x.#grad = dx;
      x.#isGradPrivate = true;
    };
  }

  /**
   * The accumulated gradient, of this tensor's shape and dtype; null before the first `backward()`.
   * @example
   * const x = tensor([1, 2], { requiresGrad: true });
   * console.log(x.grad);
   * x.mul(x).sum().backward();
   * console.log(x.grad);
   */
  get grad(): Tensor | null {
    this.#isGradPrivate = false;
    return this.#grad;
  }

  set grad(gradient: Tensor | null) {
    if (gradient !== null) checkGradient(this, gradient);
    if (this.#isGradPrivate) this.#grad?.storage.release();
    this.#isGradPrivate = false;
    this.#grad = gradient;
  }

  /** The operation that made this tensor, if recorded. @example tensor(1, { requiresGrad: true }).exp().gradFn?.name */
  get gradFn(): GradFn | null {
    this.#refresh();
    return this.#gradFn;
  }

  set gradFn(gradFn: GradFn | null) {
    this.#gradFn = gradFn;
  }

  #refresh(): void {
    const { viewOf } = this;
    if (viewOf?.recorded && this.historyVersion !== this.storage.version) viewOf.refresh(this);
  }

  /** The number of dimensions. @example zeros([2, 3]).ndim */
  get ndim(): number {
    return this.shape.length;
  }

  /** The number of elements. @example zeros([2, 3]).numel */
  get numel(): number {
    return numelOf(this.shape);
  }

  /**
   * Whether operations on this tensor are recorded so that `backward()` can reach it.
   * @example
   * const x = ones(2, { requiresGrad: true });
   * console.log(x.requiresGrad, x.mul(2).requiresGrad, ones(2).requiresGrad);
   * console.log(ones(2).requiresGrad_());
   */
  get requiresGrad(): boolean {
    this.#refresh();
    return this.#requiresGrad;
  }

  set requiresGrad(value: boolean) {
    check(
      !value || isFloatingPoint(this.dtype),
      () => `only Tensors of floating point dtype can require gradients, but this one is ${this.dtype}`,
    );
    const notLeaf =
      "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a " +
      "subgraph that doesn't require differentiation use detach().";
    check(value || this.isLeaf, notLeaf);
    this.#requiresGrad = value;
  }

  /**
   * A leaf was made by the user, not by a recorded operation: `backward()` leaves gradients here.
   * @example
   * const x = ones(2, { requiresGrad: true });
   * console.log(x.isLeaf, x.mul(2).isLeaf);
   */
  get isLeaf(): boolean {
    return this.gradFn === null;
  }

  /** Whether `retainGrad()` was called on this tensor, which is no leaf: backward leaves its gradient here, too. @example ones(2, { requiresGrad: true }).mul(2).retainsGrad */
  get retainsGrad(): boolean {
    return this.gradFn?.retainedBy === this;
  }

  /** Whether the elements lie in row-major order without gaps. @example zeros([2, 3]).t().isContiguous */
  get isContiguous(): boolean {
    let step = 1;
    for (let d = this.ndim - 1; d >= 0; d--) {
      if (this.shape[d] === 0) return true;
      if (this.shape[d] !== 1 && this.strides[d] !== step) return false;
      step *= this.shape[d];
    }
    return true;
  }

  /**
   * The elements in row-major order. Do not write to them; and ask again after a change in place, since they may be a copy.
   * @example arange(4).view(2, 2).t().data
   */
  get data(): TypedArray {
    const elements = elementsOf(this);
    if (!isInMemory(elements)) return elements;
    // Shared memory is not for all that users do with arrays: they get a copy, one for each state of the storage.
    const { version } = this.storage;
    if (this.#copy?.version !== version) this.#copy = { version, elements: elements.slice() };
    return this.#copy.elements;
  }

  /**
   * The value of a one-element tensor, of any shape; a bool gives 0 or 1.
   * @throws if there is not exactly one element
   * @example tensor([1, 2, 3]).sum().item()
   */
  item(): number {
    check(
      this.numel === 1,
      () => `only one element tensors can be converted to scalars, but this one has shape ${formatShape(this.shape)}`,
    );
    return this.storage.data[this.offset];
  }

  /** Nested arrays of this shape; a number for a scalar. Mirrors `torch.Tensor.tolist`. @example eye(2).toArray() */
  toArray(): NestedArray {
    const { data, dtype, shape } = this;
    let next = 0;
    const nest = (d: number): NestedArray => {
      if (d < shape.length) return Array.from({ length: shape[d] }, () => nest(d + 1));
      const value = data[next++];
      return dtype === "bool" ? value !== 0 : value;
    };
    return nest(0);
  }

  /** The text that PyTorch prints. Mirrors Python's `str(x)`. @example String(tensor([1, 2.5])) */
  toString(): string {
    const suffix = this.gradFn ? [`grad_fn=<${this.gradFn.name}>`] : this.requiresGrad ? ["requires_grad=True"] : [];
    return formatTensor(elementsOf(this), this.shape, this.dtype, suffix);
  }

  /**
   * Texts are what JavaScript would compare in `loss < best`.
   * @throws where it wants a number
   */
  [Symbol.toPrimitive](hint: string): string {
    const noNumber = "a Tensor is no number: take its item(), or its methods, such as add and lt";
    check(hint === "string", noNumber, TypeError);
    return this.toString();
  }

  /** So that Node's console.log prints a tensor as PyTorch does. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** @throws with PyTorch's words, unless this can be the gradient of x */
function checkGradient(x: Tensor, gradient: Tensor): void {
  const notTensor = () => `assigned grad expected to be a Tensor or None but got grad of type ${typeof gradient}`;
  check(gradient instanceof Tensor, notTensor, TypeError);
  check(gradient !== x, "can't assign Variable as its own grad");
  const otherType = () => `assigned grad has data of a different type: ${gradient.dtype}, not ${x.dtype}`;
  check(gradient.dtype === x.dtype, otherType);
  const otherSize = () =>
    `assigned grad has data of a different size: ${formatShape(gradient.shape)}, not ${formatShape(x.shape)}`;
  check(sameShape(gradient.shape, x.shape), otherSize);
}

/** The elements in row-major order, for JavaScript to read: where they are, if they lie so, else a copy. */
export function elementsOf(x: Tensor): TypedArray {
  const elements = operandOf(x);
  if (isInMemory(elements)) settle();
  return elements;
}

/** The same for a kernel, which need not wait for those before it. */
export function operandOf({ storage, dtype, shape, strides, offset, isContiguous, numel }: Tensor): TypedArray {
  const data = storage.operand;
  if (isContiguous) return numel === data.length ? data : partOf(data, offset, numel);
  const out = emptyArray(dtype, shape);
  let o = 0;
  forEachPlane(shape, [{ strides, offset }], (rows, n, [i], [ri], [di]) => {
    kernels.copy(rows, n, out, o, n, 1, data, i, ri, di);
    o += rows * n;
  });
  return out;
}
