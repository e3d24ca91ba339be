/** Checking gradients against finite differences: why this engine can be trusted, how to check your own operation. */
import { check } from "../tensor/check.ts";
import { rand, zeros } from "../tensor/create.ts";
import type { TypedArray } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { Generator } from "../tensor/random/generator.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { forEachRun } from "../tensor/strided.ts";
import { Tensor } from "../tensor/tensor.ts";
import { grad } from "./engine.ts";
import { noGrad } from "./grad-mode.ts";
import { add, mul } from "./ops/elementwise.ts";
import { sum } from "./ops/reduction.ts";

/** How closely gradients are compared. */
export interface GradcheckOptions {
  /** Half the distance between the two points of a difference. Default: 1e-6. */
  eps?: number;
  /** Allowed absolute difference. Default: 1e-5. */
  atol?: number;
  /** Allowed difference relative to the numerical gradient. Default: 1e-3. */
  rtol?: number;
}

/** A function of tensors, differentiable in those that require a gradient. */
export type TensorFunction = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

/**
 * Compares the gradients of `f` at `inputs` with central differences (f(x + eps) - f(x - eps)) / 2 eps, for every element
 * of every input that requires a gradient. Mirrors `torch.autograd.gradcheck`, with its defaults.
 *
 * The outputs are weighed by fixed random numbers before they are summed: a plain sum would not notice gradients that
 * arrive at the wrong places.
 *
 * @returns true
 * @throws with both numbers where they differ, if an input is not float64, or if none requires a gradient
 * @example
 * const x = randn([3], { dtype: "float64", requiresGrad: true });
 * console.log(gradcheck((x) => x.sigmoid().mul(x), [x]));
 */
export const gradcheck = (f: TensorFunction, inputs: readonly Tensor[], options?: GradcheckOptions): true =>
  compare(f, f, inputs, options);

/** @param values computes what `f` does: at all points but the first nothing more is asked for, and no graph of it */
function compare(
  f: TensorFunction,
  values: TensorFunction,
  inputs: readonly Tensor[],
  options: GradcheckOptions | undefined,
): true {
  const { eps, atol, rtol } = readOptions(options, { eps: 1e-6, atol: 1e-5, rtol: 1e-3 });
  const checked = inputs.filter((x) => x.requiresGrad);
  const noneRequired =
    "gradcheck expects at least one input tensor to require gradient, but none of them has requiresGrad.";
  check(checked.length > 0, noneRequired);
  for (const x of checked) {
    check(x.dtype === "float64", () => `gradcheck needs float64 inputs to be exact enough, but got ${x.dtype}`);
  }
  const weights: Tensor[] = [];
  const weighed = (of: TensorFunction): Tensor =>
    resultsOf(of, inputs)
      .map((y, i) => {
        weights[i] ??= weightsFor(y, i);
        return sum(mul(y, weights[i]));
      })
      .reduce((a, b) => add(a, b), zeros([]));
  const weighedWith = (data: TypedArray, at: number, value: number): number => {
    const before = data[at];
    data[at] = value;
    try {
      return weighed(values).item();
    } finally {
      data[at] = before;
    }
  };
  const output = weighed(f);
  const analytical = output.requiresGrad ? grad(output, checked, { allowUnused: true }) : checked.map(() => null);
  checked.forEach((x, i) => {
    const { shape, data: gradient } = analytical[i] ?? { shape: x.shape, data: null };
    const wrongShape = () =>
      `the gradient of input ${i} has shape ${formatShape(shape)}, but the input ${formatShape(x.shape)}`;
    check(sameShape(shape, x.shape), wrongShape);
    let k = 0;
    forEachElement(x, (data, at) => {
      const [above, below] = [data[at] + eps, data[at] - eps].map((value) => weighedWith(data, at, value));
      const numerical = (above - below) / (2 * eps);
      const found = gradient ? gradient[k] : 0;
      const mismatch = () =>
        `Jacobian mismatch for element ${k} of input ${i}, of shape ${formatShape(x.shape)}:\n` +
        `numerical:  ${numerical}\nanalytical: ${found}`;
      check(Math.abs(found - numerical) <= atol + rtol * Math.abs(numerical), mismatch);
      k++;
    });
  });
  return true;
}

/**
 * Checks second derivatives: that the gradients of `f`, which `createGraph` makes differentiable, have right gradients
 * themselves. Mirrors `torch.autograd.gradgradcheck`.
 * @example gradgradcheck((x) => x.tanh(), [randn([3], { dtype: "float64", requiresGrad: true })])
 */
export function gradgradcheck(f: TensorFunction, inputs: readonly Tensor[], options?: GradcheckOptions): true {
  const upstream = resultsOf(f, inputs).map((y, i) => weightsFor(y, i));
  for (const dy of upstream) dy.requiresGrad = true;
  const gradients =
    (createGraph: boolean) =>
    (...all: Tensor[]): Tensor[] => {
      const xs = all.slice(0, inputs.length);
      const outputs = resultsOf(f, xs);
      const wanted = xs.filter((x) => x.requiresGrad);
      const found = grad(outputs, wanted, { gradOutputs: all.slice(inputs.length), createGraph, allowUnused: true });
      return found.filter((gradient) => gradient !== null);
    };
  return compare(gradients(true), gradients(false), [...inputs, ...upstream], options);
}

/** One tensor or several, as a list. */
function resultsOf(f: TensorFunction, inputs: readonly Tensor[]): Tensor[] {
  const results = [f(...inputs)].flat();
  const areTensors = results.every((y) => y instanceof Tensor);
  check(areTensors, "gradcheck needs a function that returns a Tensor, or an array of them", TypeError);
  return results;
}

/** Random weights in [0.5, 1.5) for output number i. */
const weightsFor = (y: Tensor, i: number): Tensor =>
  noGrad(() => add(rand(y.shape, { dtype: "float64", generator: new Generator(i) }), 0.5));

/** Every element's place in the storage, in row-major order, whatever the strides. */
function forEachElement(x: Tensor, visit: (data: TypedArray, at: number) => void): void {
  forEachRun(x.shape, [x], (n, [start], [step]) => {
    for (let k = 0; k < n; k++) visit(x.storage.data, start + k * step);
  });
}
