/**
 * A function of single examples, made one of batches. PyTorch runs it once, on tensors that hide a dimension; here it runs once for
 * each example, so that it may also branch on their values: the results are the same. Read next: func.ts.
 */
import { check } from "../tensor/check.ts";
import { zeros } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import { isPlain } from "../tensor/plain.ts";
import { defaultGenerator } from "../tensor/random/generator.ts";
import { type Int, normalizeDim } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { typeName } from "../tensor/type-name.ts";
import { narrow, select, stack } from "./ops/parts.ts";
import type { AnyFunction } from "./transforms.ts";
import { structureOf } from "./trees.ts";

/** A dimension for all tensors of a tree, or a tree of them; null for what is the same for every example. */
export type MappedDims = Int | null | readonly MappedDims[] | { readonly [name: string]: MappedDims };

/** Along which dimensions the examples lie. */
export interface VmapOptions {
  /** Of the arguments: one for all, or a list with one for each, which may be a tree as the argument is one. Default: 0. */
  inDims?: MappedDims;
  /** Of the results, likewise. Default: 0. */
  outDims?: MappedDims;
  /** What drawing numbers does: it is an error, or each example has numbers of its own, or all have the same. Default: "error". */
  randomness?: "error" | "different" | "same";
}

/**
 * The function that gives what f gives for each slice of its arguments, stacked: f(x[0]), f(x[1]), … Derivatives pass through, so that
 * `vmap(grad(f))` is the gradient of each example. Mirrors `torch.func.vmap`.
 * @throws, when it is called, if sizes along the mapped dimensions differ, or f returns what is no tensor
 * @example
 * const dot = (a: Tensor, b: Tensor) => a.mul(b).sum();
 * const [a, b] = [arange(6, { dtype: "float32" }).view(2, 3), tensor([1, 10, 100])];
 * console.log(func.vmap(dot, { inDims: [0, null] })(a, b), func.vmap(func.grad(dot), { inDims: [0, null] })(a, b));
 */
export function vmap(f: AnyFunction, options?: VmapOptions): AnyFunction {
  const { inDims, outDims, randomness } = readOptions<VmapOptions>(options, {
    inDims: 0,
    outDims: 0,
    randomness: "error",
  });
  const isKnown = ["error", "different", "same"].includes(randomness);
  check(isKnown, () => `Only allowed values for randomness are 'error', 'different', or 'same'. Got ${randomness}`);
  const name = f.name || "<lambda>";
  return (...args) => {
    const call = `vmap(${name}, inDims=${JSON.stringify(inDims)}, ...)(<inputs>)`;
    const noInputs =
      `vmap(${name})(<inputs>): got no inputs. Maybe you forgot to add inputs, or you are trying to vmap over a function ` +
      "with no inputs. The latter is unsupported.";
    check(args.length > 0, noInputs, RangeError);
    const isOneOrList = typeof inDims === "number" || Array.isArray(inDims);
    const notDims = () =>
      `${call}: expected \`inDims\` to be int or a (potentially nested) list matching the structure of inputs, got: ${typeName(inDims)}.`;
    check(isOneOrList, notDims, RangeError);
    const size = batchSize(args, inDims, call);
    const outputs = drawing(randomness, size, (example) => f(...(example(args, inDims) as unknown[])));
    return stacked(outputs, outDims, size, name);
  };
}

/** How many examples there are. @throws if the tensors do not agree, or `dims` do not fit them */
function batchSize(args: readonly unknown[], dims: MappedDims, call: string): number {
  const sizes: number[] = [];
  const otherStructure = () =>
    `${call}: inDims is not compatible with the structure of \`inputs\`. inDims has structure ${structureOf(dims)} but inputs ` +
    `has structure ${structureOf(args)}.`;
  const look = (leaf: unknown, dim: Int | null) => {
    if (dim === null) return;
    const noTensor = () =>
      `${call}: Got in_dim=${dim} for an input but the input is of type ${typeName(leaf)}. We cannot vmap over non-Tensor ` +
      "arguments, please use null as the respective in_dim";
    check(leaf instanceof Tensor, noTensor, RangeError);
    const { ndim } = leaf;
    const outside = () =>
      `${call}: Got in_dim=${dim} for some input, but that input is a Tensor of dimensionality ${ndim} so expected in_dim to ` +
      `satisfy -${ndim} <= in_dim < ${ndim}.`;
    check(dim >= -ndim && dim < ndim, outside, RangeError);
    sizes.push(leaf.shape[normalizeDim(dim, ndim)]);
  };
  withDims(args, dims, look, otherStructure);
  check(sizes.length > 0, "vmap: Expected at least one Tensor to vmap over", RangeError);
  const otherSizes = () =>
    `vmap: Expected all tensors to have the same size in the mapped dimension, got sizes [${sizes.join(", ")}] for the mapped dimension`;
  check(new Set(sizes).size === 1, otherSizes, RangeError);
  return sizes[0];
}

/** A tree of each example's slices. */
type Slices = (tree: unknown, dims: MappedDims) => unknown;

/** What `run` gives for each example, of none for zeros of an example's shape; random numbers are drawn as `randomness` says. */
function drawing(randomness: VmapOptions["randomness"], size: number, run: (example: Slices) => unknown): unknown[] {
  const start = defaultGenerator.getState();
  const outputs = Array.from({ length: Math.max(size, 1) }, (_, i) => {
    if (randomness === "same") defaultGenerator.setState(start);
    const slice = (leaf: unknown, dim: Int | null) => {
      if (dim === null) return leaf;
      const x = leaf as Tensor;
      return size > 0 ? select(x, dim, i) : zeros(x.shape.toSpliced(dim, 1), { dtype: x.dtype });
    };
    return run((tree, dims) => withDims(tree, dims, slice));
  });
  const hasDrawn = () => JSON.stringify(defaultGenerator.getState()) !== JSON.stringify(start);
  if (randomness === "error" && hasDrawn()) {
    defaultGenerator.setState(start);
    throw new Error(
      "vmap: called random operation while in randomness error mode. Please either use the 'same' or 'different' randomness " +
        "flags on vmap or perform the randomness operation out of vmap",
    );
  }
  return outputs;
}

/** One tree of the examples' trees. */
function stacked(outputs: readonly unknown[], dims: MappedDims, size: number, name: string): unknown {
  const [first] = outputs;
  const leaves = outputs.map((output) => {
    const found: Tensor[] = [];
    withDims(output, null, (leaf) => {
      const noTensor = () =>
        `vmap(${name}, ...): \`${name}\` must only return Tensors, got type ${typeName(leaf)} as a return.`;
      check(leaf instanceof Tensor, noTensor, RangeError);
      found.push(leaf);
    });
    return found;
  });
  const otherStructure = () =>
    `vmap(${name}, ..., outDims=${JSON.stringify(dims)})(<inputs>): outDims is not compatible with the structure of \`outputs\`. ` +
    `outDims has structure ${structureOf(dims)} but outputs has structure ${structureOf(first)}.`;
  const notDim = () =>
    `vmap(${name}, ..., outDims=${JSON.stringify(dims)}): \`outDims\` must be an int or a collection of ints representing ` +
    "where in the outputs the vmapped dimension should appear.";
  let k = 0;
  const join = (_: unknown, dim: Int | null) => {
    check(dim !== null, notDim, RangeError);
    const all = stack(
      leaves.map((own) => own[k]),
      dim,
    );
    k++;
    return size > 0 ? all : narrow(all, dim, 0, 0);
  };
  return withDims(first, dims, join, otherStructure);
}

/** The same tree with each leaf changed, for which `dims` has a dimension. @param unfit says that they are built otherwise */
function withDims(
  tree: unknown,
  dims: MappedDims,
  change: (leaf: unknown, dim: Int | null) => unknown,
  unfit: () => string = () => "The dimensions are not compatible with the structure of the tree.",
): unknown {
  const isShared = dims === null || typeof dims === "number";
  if (!Array.isArray(tree) && !isPlain(tree)) {
    check(isShared, unfit, RangeError);
    return change(tree, dims);
  }
  const keys = Object.keys(tree);
  const isAlike = () =>
    Array.isArray(dims) === Array.isArray(tree) && Object.keys(dims as object).join() === keys.join();
  check(isShared || isAlike(), unfit, RangeError);
  const part = (key: string) =>
    withDims(Reflect.get(tree, key), isShared ? dims : Reflect.get(dims, key), change, unfit);
  return Array.isArray(tree) ? keys.map(part) : Object.fromEntries(keys.map((key) => [key, part(key)]));
}
