/**
 * Jacobians, Hessians and their products with vectors, made of `grad`. Mirrors `torch.autograd.functional`.
 * A function of one tensor is given one, and gives one result; of several, an array gives arrays.
 */
import { check } from "../tensor/check.ts";
import { zerosLike } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { grad } from "./engine.ts";
import { enableGrad } from "./grad-mode.ts";
import { detach } from "./op.ts";
import { mul } from "./ops/elementwise.ts";
import { select, stack } from "./ops/parts.ts";
import { sum } from "./ops/reduction.ts";
import { reshape, view } from "./ops/shape.ts";

type Tensors = Tensor | readonly Tensor[];
/** One for one, several for several. */
type Like<Inputs extends Tensors, One> = Inputs extends Tensor ? One : One[];

/** How a derivative is computed. */
export interface DerivativeOptions {
  /** Make the result differentiable itself. Default: false. */
  createGraph?: boolean;
}

const listOf = (x: Tensors): readonly Tensor[] => [x].flat();

/** The inputs as tensors of their own that need a gradient, and f of them. */
function evaluated(f: (...inputs: Tensor[]) => Tensor, inputs: Tensors, options?: DerivativeOptions) {
  const { createGraph } = readOptions(options, { createGraph: false });
  const given = listOf(inputs);
  check(given.length > 0, "a derivative needs at least one input tensor");
  const xs = given.map((x) => {
    const own = enableGrad(() => (createGraph && x.requiresGrad ? view(x, x.shape) : detach(x)));
    own.requiresGrad = true;
    return own;
  });
  const y = enableGrad(() => f(...xs));
  check(y instanceof Tensor, "the function to be differentiated must return a Tensor", TypeError);
  return { xs, y, createGraph };
}

/** The gradients of y, and zeros for inputs that it does not depend on. */
function gradients(y: Tensor, xs: readonly Tensor[], gradOutput: Tensor | null, createGraph: boolean): Tensor[] {
  if (!y.requiresGrad) return xs.map((x) => zerosLike(x));
  const gradOutputs = gradOutput ? [gradOutput] : [];
  const found = grad(y, xs, { gradOutputs, createGraph, retainGraph: true, allowUnused: true });
  return found.map((dx, i) => dx ?? zerosLike(xs[i]));
}

/** One result, or all of them. */
const like = <Inputs extends Tensors, One>(inputs: Inputs, results: One[]) =>
  (Array.isArray(inputs) ? results : results[0]) as Like<Inputs, One>;

const checkScalar = (y: Tensor, name: string): void =>
  check(
    y.numel === 1,
    () =>
      `The Tensor returned by the function given to ${name} should contain a single element, ` +
      `but has shape ${formatShape(y.shape)}: return its sum`,
  );

/** @throws in PyTorch's words, unless there is a v for each x, of its shape */
function checkVectors(vs: readonly Tensor[], xs: readonly Tensor[]): void {
  const otherLength = () => `v is a tuple of invalid length: should be ${xs.length} but got ${vs.length}.`;
  check(vs.length === xs.length, otherLength);
  for (const [i, { shape }] of vs.entries()) {
    const otherShape = () =>
      `${xs.length > 1 ? `Entry ${i} in ` : ""}v has invalid size: should be torch.Size(${formatShape(xs[i].shape)}) ` +
      `but got torch.Size(${formatShape(shape)}).`;
    check(sameShape(shape, xs[i].shape), otherShape);
  }
}

/**
 * All first derivatives of f: J[i…, j…] = ∂y[i…] / ∂x[j…], one backward pass for each element of y.
 * Mirrors `torch.autograd.functional.jacobian`.
 *
 * @returns of y's shape followed by x's; for several inputs, an array
 * @example jacobian((x) => x.pow(2), tensor([1, 2, 3]))
 */
export function jacobian<Inputs extends Tensors>(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: Inputs,
  options?: DerivativeOptions,
): Like<Inputs, Tensor> {
  const { xs, y, createGraph } = evaluated(f, inputs, options);
  return enableGrad(() => {
    const flat = reshape(y, [-1]);
    const rows = Array.from({ length: flat.numel }, (_, i) => gradients(select(flat, 0, i), xs, null, createGraph));
    const results = xs.map((x, k) => {
      const shape = [...y.shape, ...x.shape];
      return rows.length === 0 ? zerosLike(reshape(y, shape)) : reshape(stack(rows.map((row) => row[k])), shape);
    });
    return like(inputs, results);
  });
}

/**
 * All second derivatives of a scalar function: H[i…, j…] = ∂²y / ∂x[i…] ∂x[j…]. Mirrors `torch.autograd.functional.hessian`.
 *
 * @returns of x's shape twice; for several inputs, an array of arrays, the first index being that of the first derivative
 * @throws if f gives more than one number
 * @example hessian((x) => x.pow(3).sum(), tensor([1, 2]))
 */
export function hessian<Inputs extends Tensors>(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: Inputs,
  options?: DerivativeOptions,
): Like<Inputs, Like<Inputs, Tensor>> {
  const gradientOf =
    (k: number) =>
    (...xs: Tensor[]): Tensor => {
      const y = f(...xs);
      checkScalar(y, "hessian");
      return gradients(reshape(y, []), xs, null, true)[k];
    };
  return like(
    inputs,
    listOf(inputs).map((_, k) => jacobian(gradientOf(k), inputs, options)),
  );
}

/**
 * y and vᵀ J, one backward pass. Mirrors `torch.autograd.functional.vjp`.
 * @param v of y's shape; may be left out if y is a scalar
 * @example vjp((x) => x.pow(2), tensor([1, 2]), tensor([1, 10]))
 */
export function vjp<Inputs extends Tensors>(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: Inputs,
  v: Tensor | null = null,
  options?: DerivativeOptions,
): [y: Tensor, vjp: Like<Inputs, Tensor>] {
  const { xs, y, createGraph } = evaluated(f, inputs, options);
  if (v) checkVectors([v], [y]);
  const results = gradients(y, xs, v, createGraph);
  return [createGraph ? y : detach(y), like(inputs, results)];
}

/**
 * y and J v, by two backward passes: uᵀ J is linear in u, and its derivative by u in direction v is J v.
 * Mirrors `torch.autograd.functional.jvp`.
 * @param v one for each input, of its shape
 * @throws if v has other shapes
 * @example jvp((x) => x.pow(2), tensor([1, 2]), tensor([1, 0]))
 */
export function jvp<Inputs extends Tensors>(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: Inputs,
  v: Inputs,
  options?: DerivativeOptions,
): [y: Tensor, jvp: Tensor] {
  const { xs, y, createGraph } = evaluated(f, inputs, options);
  checkVectors(listOf(v), xs);
  const [result] = enableGrad(() => {
    const u = zerosLike(y);
    u.requiresGrad = true;
    return gradients(along(gradients(y, xs, u, true), listOf(v)), [u], null, createGraph);
  });
  return [createGraph ? y : detach(y), result];
}

/**
 * y and H v for a scalar function: the derivative of its gradient in direction v, at the price of two backward passes.
 * Mirrors `torch.autograd.functional.hvp`.
 * @param v one for each input, of its shape
 * @throws if f gives more than one number, or v has other shapes
 * @example hvp((x) => x.pow(3).sum(), tensor([1, 2]), tensor([1, 1]))
 */
export function hvp<Inputs extends Tensors>(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: Inputs,
  v: Inputs,
  options?: DerivativeOptions,
): [y: Tensor, hvp: Like<Inputs, Tensor>] {
  return hessianTimes("hvp", f, inputs, v, options);
}

/**
 * y and vᵀ H for a scalar function: since H is symmetric, the same as `hvp`. Mirrors `torch.autograd.functional.vhp`.
 * @param v one for each input, of its shape
 * @throws if f gives more than one number, or v has other shapes
 * @example vhp((x) => x.pow(3).sum(), tensor([1, 2]), tensor([1, 1]))
 */
export function vhp<Inputs extends Tensors>(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: Inputs,
  v: Inputs,
  options?: DerivativeOptions,
): [y: Tensor, vhp: Like<Inputs, Tensor>] {
  return hessianTimes("vhp", f, inputs, v, options);
}

function hessianTimes<Inputs extends Tensors>(
  name: "hvp" | "vhp",
  f: (...inputs: Tensor[]) => Tensor,
  inputs: Inputs,
  v: Inputs,
  options?: DerivativeOptions,
): [y: Tensor, product: Like<Inputs, Tensor>] {
  const { xs, y, createGraph } = evaluated(f, inputs, options);
  checkScalar(y, name);
  checkVectors(listOf(v), xs);
  const results = enableGrad(() => {
    const first = gradients(reshape(y, []), xs, null, true);
    return gradients(along(first, listOf(v)), xs, null, createGraph);
  });
  return [createGraph ? y : detach(y), like(inputs, results)];
}

/** Σ g · v over all of them */
const along = (gs: readonly Tensor[], vs: readonly Tensor[]): Tensor =>
  sum(stack(gs.map((g, i) => sum(mul(g, vs[i])))));
