/**
 * Functions that make functions: the gradient of f, its Jacobian, its Hessian. They can be nested, and what they take and give may be trees,
 * such as a model's parameters by name.
 * Read next: transforms.ts, what they share.
 */
import { check } from "../tensor/check.ts";
import { onesLike, zerosLike } from "../tensor/create.ts";
import { isFloatingPoint, scalarName } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { isPlain } from "../tensor/plain.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { typeName } from "../tensor/type-name.ts";
import { enableGrad, isGradEnabled } from "./grad-mode.ts";
import { detach } from "./op.ts";
import { add, mul } from "./ops/elementwise.ts";
import { select, stack } from "./ops/parts.ts";
import { sum } from "./ops/reduction.ts";
import { reshape } from "./ops/shape.ts";
import {
  type AnyFunction,
  type AuxOptions,
  chosenOf,
  evaluated,
  likeArguments,
  pulledBack,
  type TransformOptions,
  transformDefaults,
} from "./transforms.ts";
import { mapTree, structureOf, tensorsOf, treeOf } from "./trees.ts";

export type { AnyFunction, AuxOptions, TransformOptions } from "./transforms.ts";

/**
 * The function that computes f's gradient and its value: [gradient, value], with `hasAux` [gradient, [value, aux]].
 * Mirrors `torch.func.grad_and_value`.
 * @throws, when it is called, unless f returns a scalar
 * @example
 * const [slope, value] = func.gradAndValue((x: Tensor) => x.pow(2).sum())(tensor([1, 2]));
 * console.log(slope, value);
 */
export function gradAndValue(f: AnyFunction, options?: TransformOptions): AnyFunction {
  const { argnums, hasAux } = readOptions<TransformOptions>(options, transformDefaults);
  const name = "grad_and_value(f)(*args)";
  return (...args) => {
    const chosen = chosenOf(argnums, args.length);
    const { xs, output, aux, isTracked } = evaluated(f, args, chosen, hasAux, name);
    const notTensor = () => `${name}: Expected f(*args) to return a Tensor, got ${typeName(output)}`;
    check(output instanceof Tensor, notTensor, TypeError);
    const notScalar = () =>
      `${name}: Expected f(*args) to return a scalar Tensor, got tensor with ${output.ndim} dims. ` +
      "Maybe you wanted to use the vjp or jacrev APIs instead?";
    check(output.ndim === 0, notScalar);
    const gradient = likeArguments(args, argnums, chosen, pulledBack([output], [onesLike(output)], xs, isTracked));
    const value = isTracked ? output : detach(output);
    return [gradient, hasAux ? [value, aux] : value];
  };
}

/**
 * The function that computes f's gradient: a tree as the argument is one, with `hasAux` [gradient, aux]. Mirrors `torch.func.grad`.
 * @throws, when it is called, unless f returns a scalar
 * @example
 * const cube = (x: Tensor) => x.pow(3);
 * console.log(func.grad(cube)(tensor(2)), func.grad(func.grad(cube))(tensor(2)));
 * const loss = ({ w, b }: { w: Tensor; b: Tensor }, x: Tensor) => x.mul(w).add(b).sum();
 * console.log(func.grad(loss)({ w: tensor(2), b: tensor(1) }, tensor([1, 2])));
 */
export function grad(f: AnyFunction, options?: TransformOptions): AnyFunction {
  const both = gradAndValue(f, options);
  return (...args) => {
    const [gradient, value] = both(...args);
    return options?.hasAux ? [gradient, value[1]] : gradient;
  };
}

const isAuxOptions = (value: unknown): value is AuxOptions =>
  isPlain(value) && Object.entries(value).every(([key, item]) => key === "hasAux" && typeof item === "boolean");

/**
 * f's output at the primals, and a function that takes v, built as the output, to vᵀ J: a list of gradients, one for each primal.
 * Options come last: with `hasAux` the third result is aux. Mirrors `torch.func.vjp`.
 * @example
 * const [y, pullBack] = func.vjp((x: Tensor) => x.pow(2), tensor([1, 2]));
 * console.log(y, pullBack(tensor([1, 10])));
 */
export function vjp(
  f: AnyFunction,
  ...primals: unknown[]
  // biome-ignore lint/suspicious/noExplicitAny: as f gives it
): [output: any, pullBack: AnyFunction, aux?: unknown];
// biome-ignore lint/suspicious/noExplicitAny: as f gives it
export function vjp(f: AnyFunction, ...primals: any[]): any[] {
  const { hasAux } = readOptions(primals.length > 1 && isAuxOptions(primals.at(-1)) ? primals.pop() : undefined, {
    hasAux: false,
  });
  const all = [...primals.keys()];
  const { xs, output, aux, isTracked } = evaluated(f, primals, all, hasAux, "vjp(f, *primals)");
  const ys = tensorsOf(output, "vjp(f, *primals)");
  checkFloating(ys, "vjp(f, ...)");
  const pullBack = (cotangents: unknown) => {
    const otherStructure = () =>
      "Expected pytree structure of cotangents to be the same as pytree structure of outputs to the function. " +
      `cotangents: ${structureOf(cotangents)}, primal output: ${structureOf(output)}`;
    check(structureOf(cotangents) === structureOf(output), otherStructure);
    const dys = tensorsOf(cotangents, "vjp(f, *primals)");
    const isTrackedNow = isGradEnabled() && (isTracked || dys.some((dy) => dy.requiresGrad));
    const dxs = pulledBack(ys, dys, xs, isTrackedNow).map((dx) => (isTrackedNow ? dx : detach(dx)));
    return likeArguments(primals, all, all, dxs);
  };
  const values = isTracked ? output : mapTree(output, detach);
  return hasAux ? [values, pullBack, aux] : [values, pullBack];
}

function checkFloating(ys: readonly Tensor[], name: string): void {
  for (const { dtype } of ys) {
    const whole = () =>
      `${name}: All outputs of f must be floating-point or complex Tensors, got Tensor with dtype ${scalarName[dtype]}`;
    check(isFloatingPoint(dtype), whole);
  }
}

/**
 * f's output at the primals, and J v, built as the output: how fast it changes in direction of the tangents. With `hasAux` the
 * third result is aux. By two backward passes.
 * Mirrors `torch.func.jvp`.
 * @param primals a list of f's arguments
 * @param tangents built as the primals
 * @example func.jvp((x: Tensor) => x.pow(2), [tensor([1, 2])], [tensor([1, 0])])
 */
export function jvp(
  f: AnyFunction,
  primals: readonly unknown[],
  tangents: readonly unknown[],
  options?: AuxOptions,
  // biome-ignore lint/suspicious/noExplicitAny: as f gives it
): any[] {
  const { hasAux } = readOptions(options, { hasAux: false });
  const name = "jvp(f, primals, tangents)";
  check(Array.isArray(primals), `${name}: Expected primals to be a list: it should be valid to call f(...primals)`);
  const otherStructure = () =>
    `${name}: Expected primals and tangents to have the same structure. For example, if primals is a list of 3 tensors, ` +
    `tangents also must be. Got primals with structure ${structureOf(primals)} and tangents with structure ${structureOf(tangents)}`;
  check(structureOf(primals) === structureOf(tangents), otherStructure);
  const vs = tensorsOf(tangents, name);
  check(vs.length > 0, `${name}: Expected primals to contain at least one Tensor.`);
  const { xs, output, aux, isTracked } = evaluated(f, primals, [...primals.keys()], hasAux, name);
  for (const [i, { shape }] of vs.entries()) {
    const otherShape = () =>
      `${name}: Expected tangent ${i} to have the shape of its primal, torch.Size(${formatShape(xs[i].shape)}), ` +
      `but got torch.Size(${formatShape(shape)})`;
    check(sameShape(shape, xs[i].shape), otherShape);
  }
  const ys = tensorsOf(output, name);
  const isTrackedOutside = isTracked || (isGradEnabled() && vs.some((v) => v.requiresGrad));
  const dys = linearIn(ys, xs)(vs, isTrackedOutside);
  const tangent = treeOf(output, isTrackedOutside ? dys : dys.map(detach));
  const values = isTracked ? output : mapTree(output, detach);
  return hasAux ? [values, tangent, aux] : [values, tangent];
}

/**
 * f's output at the primals, and a function of tangents, one for each primal, that gives J v: as jvp, but f runs once, however many
 * tangents there are. Mirrors `torch.func.linearize`.
 * @throws, when that function is called, unless tangents are built as the primals, with their shapes and dtypes
 * @example
 * const [y, along] = func.linearize((x: Tensor) => x.pow(3), tensor([1, 2]));
 * console.log(y, along(tensor([1, 0])), along(tensor([0, 1])));
 */
export function linearize(
  f: AnyFunction,
  ...primals: unknown[]
  // biome-ignore lint/suspicious/noExplicitAny: as f gives it
): [output: any, jvp: AnyFunction] {
  const name = "linearize(f, *primals)";
  const { xs, output, isTracked } = evaluated(f, primals, [...primals.keys()], false, name);
  const ys = tensorsOf(output, name);
  checkFloating(ys, name);
  const along = linearIn(ys, xs);
  const pushForward = (...tangents: unknown[]) => {
    const otherStructure = () =>
      `Expected the tangents ${structureOf(tangents)} to have the same argspec as the primals ${structureOf(primals)}`;
    check(structureOf(tangents) === structureOf(primals), otherStructure);
    const vs = tensorsOf(tangents, name);
    for (const [i, { shape, dtype }] of vs.entries()) {
      const ofPrimal = "in flattened pytree doesn't match the";
      const otherShape = () =>
        `tangent:${i} with shape torch.Size(${formatShape(shape)}) ${ofPrimal} shape torch.Size(${formatShape(xs[i].shape)}) ` +
        "of the corresponding primal.";
      check(sameShape(shape, xs[i].shape), otherShape);
      const otherType = () =>
        `tangent:${i} with dtype torch.${dtype} ${ofPrimal} dtype torch.${xs[i].dtype} of the corresponding primal.`;
      check(dtype === xs[i].dtype, otherType);
    }
    const isTrackedNow = isGradEnabled() && (isTracked || vs.some((v) => v.requiresGrad));
    const dys = along(vs, isTrackedNow);
    return treeOf(output, isTrackedNow ? dys : dys.map(detach));
  };
  return [isTracked ? output : mapTree(output, detach), pushForward];
}

/** J v as a function of v. uᵀ J is linear in u, and its derivative by u in direction v is J v. */
function linearIn(ys: readonly Tensor[], xs: readonly Tensor[]) {
  return enableGrad(() => {
    const us = ys.map((y) => zerosLike(y));
    for (const u of us) u.requiresGrad = true;
    const products = pulledBack(ys, us, xs, true);
    return (vs: readonly Tensor[], createGraph: boolean): Tensor[] =>
      enableGrad(() => {
        const along = products.map((dx, i) => sum(mul(dx, vs[i]))).reduce((total, product) => add(total, product));
        return pulledBack([along], [onesLike(along)], us, createGraph);
      });
  });
}

/**
 * The function that computes all of f's first derivatives, one backward pass for each element of its output: for each of its
 * tensors, of the output's shape followed by the argument's, built as the argument. With `hasAux` [Jacobian, aux].
 * Mirrors `torch.func.jacrev`.
 * @example func.jacrev((x: Tensor) => x.pow(2))(tensor([1, 2, 3]))
 */
export function jacrev(f: AnyFunction, options?: TransformOptions): AnyFunction {
  return jacobianBy("jacrev(f, ...)(*args)", options, f, (ys, xs, isTracked) =>
    ys.map((y) => {
      const flat = reshape(y, [-1]);
      const rows = Array.from({ length: flat.numel }, (_, i) => {
        const element = select(flat, 0, i);
        return pulledBack([element], [onesLike(element)], xs, isTracked);
      });
      return xs.map((x, k) => {
        const shape = [...y.shape, ...x.shape];
        return rows.length > 0 ? reshape(stack(rows.map((row) => row[k])), shape) : Tensor.zeros(shape, x.dtype);
      });
    }),
  );
}

/**
 * The same as jacrev, one pass for each element of the arguments: cheaper where these are fewer than the output's. uᵀ J is linear
 * in u, and the derivative of its element j by u is column j of J. Mirrors `torch.func.jacfwd`.
 * @example func.jacfwd((x: Tensor) => x.pow(2))(tensor([1, 2, 3]))
 */
export function jacfwd(f: AnyFunction, options?: TransformOptions): AnyFunction {
  return jacobianBy("jacfwd(f, ...)(*args)", options, f, (ys, xs, isTracked) => {
    const us = ys.map((y) => zerosLike(y));
    for (const u of us) u.requiresGrad = true;
    const columns = pulledBack(ys, us, xs, true).map((product) => {
      const flat = reshape(product, [-1]);
      return Array.from({ length: flat.numel }, (_, j) => {
        const element = select(flat, 0, j);
        return pulledBack([element], [onesLike(element)], us, isTracked);
      });
    });
    return ys.map((y, i) =>
      xs.map((x, k) => {
        const shape = [...y.shape, ...x.shape];
        const own = columns[k].map((column) => column[i]);
        return own.length > 0 ? reshape(stack(own, y.ndim), shape) : Tensor.zeros(shape, y.dtype);
      }),
    );
  });
}

/** @param derivatives of each of ys by each of xs */
function jacobianBy(
  name: string,
  options: TransformOptions | undefined,
  f: AnyFunction,
  derivatives: (ys: readonly Tensor[], xs: readonly Tensor[], isTracked: boolean) => Tensor[][],
): AnyFunction {
  const { argnums, hasAux } = readOptions<TransformOptions>(options, transformDefaults);
  return (...args) => {
    const chosen = chosenOf(argnums, args.length);
    const { xs, output, aux, isTracked } = evaluated(f, args, chosen, hasAux, name);
    const ys = tensorsOf(output, name);
    checkFloating(ys, name);
    const all = enableGrad(() => derivatives(ys, xs, isTracked));
    const jacobians = all.map((ofOne) => likeArguments(args, argnums, chosen, isTracked ? ofOne : ofOne.map(detach)));
    const jacobian = treeOf(output, jacobians);
    return hasAux ? [jacobian, aux] : jacobian;
  };
}

/**
 * The function that computes all of f's second derivatives: jacfwd of jacrev. Mirrors `torch.func.hessian`.
 * @example func.hessian((x: Tensor) => x.pow(3).sum())(tensor([1, 2]))
 */
export function hessian(f: AnyFunction, options?: Pick<TransformOptions, "argnums">): AnyFunction {
  const { argnums } = readOptions<TransformOptions>(options, transformDefaults);
  return jacfwd(jacrev(f, { argnums }), { argnums });
}
