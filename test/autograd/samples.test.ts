/**
 * What holds for every operation at its sample inputs (samples.ts): its first and second derivatives are those of finite
 * differences, in float64 and at PyTorch's default tolerances; values, gradients and errors are PyTorch's, for every dtype
 * and layout; and a change in place between forward and backward is noticed: backward raises PyTorch's error, or it gives
 * the gradient of what was computed.
 */
import { describe, expect, it } from "vitest";
import { gradcheck, gradgradcheck } from "../../src/autograd/gradcheck.ts";
import { Node } from "../../src/autograd/graph.ts";
import { registry } from "../../src/autograd/op.ts";
import * as ops from "../../src/autograd/ops/index.ts";
import { type DType, noGrad, ones, type Tensor } from "../../src/index.ts";
import { isFloatingPoint } from "../../src/tensor/dtype.ts";
import { numelOf } from "../../src/tensor/shape.ts";
import { Answers, type Comparing, expectClose, torch, unobserved, unwatched } from "../support/index.ts";
import { copyOf, everyOther, freshLeaf, resultsOf, shifted, tensorsOf, transposed, upstream } from "./ops/calls.ts";
import { samples, widened } from "./samples.ts";
import { leaf, type Sample } from "./sampling.ts";

const { error } = torch;
const answers = new Answers("samples");

const notForBool = (name: string): string => `"${name}" not implemented for 'Bool'`;
const noDivision =
  "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a true division of tensor1 and tensor2.";
const changedInPlace = "one of the variables needed for gradient computation has been modified by an inplace operation";
const wording = {
  // Ours gives the right gradient where PyTorch raises: it keeps positions, not the index or mask that they came from.
  [changedInPlace]: new RegExp(`${changedInPlace}|no error`),
  // PyTorch takes a state apart into views that may not be changed.
  ["Output 0 of UnbindBackward0 is a view and its base or another view of its base has been modified inplace. This view is " +
    "the output of a function that returns multiple views. Such functions do not allow the output views to be modified " +
    "inplace. You should replace the inplace operation by an out-of-place one."]: changedInPlace,
  // PyTorch goes on to advise an operator that there is none of here.
  "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.":
    "Subtraction, the `-` operator, with two bool tensors is not supported.",
  [`${noDivision} The historic addcdiv behavior can be implemented as (input + value * torch.trunc(tensor1 / tensor2)).to(input.dtype) for integer inputs and as (input + value * tensor1 / tensor2) for float inputs. The future addcdiv behavior is just the latter implementation: (input + value * tensor1 / tensor2), for all dtypes.`]:
    noDivision,
  // PyTorch has a name for each kernel.
  ...Object.fromEntries(
    ["bmm", "baddbmm", "addmv_impl_cpu", "dot"].map((name) => [notForBool(name), notForBool("addmm_impl_cpu_")]),
  ),
};

const mapped = (sample: Sample, change: (x: Tensor) => Tensor): Sample => ({
  ...sample,
  inputs: sample.inputs.map((x) => leaf(change(x.detach()))),
});

/** A sample with its inputs in other layouts: those that have dimensions. */
const inLayouts = (sample: Sample): Sample[] =>
  Object.entries({ transposed, "every other": everyOther, shifted }).map(([name, layout]) => ({
    ...mapped(sample, (x) => (x.ndim > 0 ? layout(x) : x)),
    name,
  }));

/** A sample with its numbers in another dtype. */
const inDtype = (sample: Sample, dtype: DType): Sample =>
  mapped(sample, (x) => {
    if (!isFloatingPoint(x.dtype)) return x;
    return dtype === "bool" ? x.gt(0.2) : (dtype === "int32" ? x.mul(3) : x).to(dtype);
  });

/** All nodes that the gradients of these pass. */
function graphOf(outputs: readonly Tensor[]): Node[] {
  const nodes = new Set(outputs.flatMap(({ gradFn }) => (gradFn instanceof Node ? [gradFn] : [])));
  for (const node of nodes) for (const { target } of node.edges ?? []) if (target instanceof Node) nodes.add(target);
  return [...nodes];
}

/** What lets a leaf keep its gradient: a pull-back gives dy, whole or in part, or memory that nobody else has. */
function expectOwnMemory({ shape, edges }: Node, others: readonly Tensor[]): void {
  const dy = ones(shape, { dtype: "float64" });
  const taken = new Set(others.map(({ storage }) => storage));
  for (const { pullBack } of [...(edges ?? []), ...(edges ?? [])]) {
    const storage = noGrad(() => pullBack(dy))?.storage;
    if (!storage) continue;
    expect(taken.has(storage)).toBe(false);
    if (storage !== dy.storage) taken.add(storage);
  }
}

const outputsOf = ({ f, inputs }: Sample): Tensor[] => tensorsOf(f(...inputs)).map(unobserved);

function checkDerivatives(sample: Sample): void {
  const { inputs, eps = 1e-6, atKink } = sample;
  const outputs = outputsOf(sample);
  for (const node of graphOf(outputs)) expectOwnMemory(node, [...inputs, ...outputs]);
  const plain = (...xs: Tensor[]) => unwatched(() => outputsOf({ ...sample, inputs: xs }));
  gradcheck(plain, inputs, { eps });
  if (!atKink) gradgradcheck(plain, inputs, { eps });
}

/** The result, and the operands it was made of: copies of leaves, since those must not be changed. */
function compute({ f, inputs }: Sample) {
  const leaves = inputs.map(freshLeaf);
  const operands = leaves.map((x) => x.clone());
  return { leaves, operands, y: tensorsOf(f(...operands))[0] };
}

function gradientsOf(sample: Sample): (Tensor | null)[] {
  const { leaves, y } = compute(sample);
  y.backward(upstream(y));
  return leaves.map(({ grad }) => grad);
}

/** What backward says when an operand, or the result if there is none of that number, was changed before. */
function disturbed(sample: Sample, k: number) {
  const { leaves, operands, y } = compute(sample);
  const message = error(() => {
    change(operands[k] ?? y);
    y.backward(upstream(y));
  }, ": ");
  return { leaves, message };
}

function change(x: Tensor): void {
  if (isFloatingPoint(x.dtype)) x.add_(1);
  else x.zero_();
}

const canBeChanged = (sample: Sample): boolean =>
  !sample.isUnlike && sample.inputs.every(({ numel }) => numel > 0) && outputsOf(sample)[0].requiresGrad;

function checkVersions(operation: string, sample: Sample): void {
  const targets = [...sample.inputs.keys(), sample.inputs.length];
  const title = `${operation}: ${sample.name}, changed in place`;
  answers.check(title, () => void targets.map((k) => disturbed(sample, k)), { wording });
  for (const { leaves, message } of targets.map((k) => disturbed(sample, k))) {
    if (message !== "no error") continue;
    for (const [i, dx] of gradientsOf(sample).entries()) if (dx) expectClose(leaves[i].grad, dx, { rtol: 1e-6 });
  }
}

/** Pull-backs know the shapes that there were: after a change of shape in place, the gradient is right, or backward refuses. */
function checkShapes(sample: Sample): void {
  for (const k of sample.inputs.keys()) {
    const { leaves, operands, y } = compute(sample);
    operands[k].unsqueeze_(0);
    if (error(() => y.backward(upstream(y)), ": ") !== "no error") continue;
    for (const [i, dx] of gradientsOf(sample).entries()) if (dx) expectClose(leaves[i].grad, dx, { rtol: 1e-6 });
  }
}

const inf = Infinity;
const numbers = [1, inf, -0, -1, 0, -inf, 0.5, 20, -20, 2, -2, 0.125, 300, 0.25];

/** A sample with special numbers: all of them where its shape does not matter, else others with each `offset`. */
const special = (sample: Sample, numbers: readonly number[], offset: number): Tensor[] =>
  sample.inputs.map((x, k) => {
    if (!isFloatingPoint(x.dtype)) return copyOf(x);
    const shape = sample.isOfNumbers ? [numbers.length] : x.shape;
    const values = Array.from(
      { length: numelOf(shape) },
      (_, i) => numbers[(i * (k + 1) + offset + k) % numbers.length],
    );
    return torch.tensor(values, { dtype: "float64" }).view(shape).clone().requiresGrad_();
  });

/** The result and its gradients, of numbers and NaN. */
function firstAtSpecial(sample: Sample, offset: number) {
  const inputs = special(sample, [Number.NaN, ...numbers], offset);
  return resultsOf(() => sample.f(...inputs), inputs);
}

/** The gradients of the weighed sum of the gradients. */
function secondAtSpecial(sample: Sample, offset: number): Tensor[] {
  const inputs = special(sample, numbers, offset);
  const leaves = inputs.filter((x) => x.requiresGrad);
  const [y] = tensorsOf(sample.f(...inputs));
  const options = { gradOutputs: [upstream(y)], createGraph: true, allowUnused: true };
  const first = torch.grad(y, leaves, options).filter((dx) => dx !== null);
  return torch.gradients(
    first.map((dx) => dx.mul(upstream(dx)).sum()).reduce((a, b) => a.add(b)),
    leaves,
  );
}

/** PyTorch has NaN there: it divides a product by factors that are 0 or infinite. So has pow, of log 0, and group norm, of an
 * infinite weight; batchNorm has ∞. */
const undefinedThere: Record<string, readonly (typeof firstAtSpecial)[]> = {
  prod: [firstAtSpecial, secondAtSpecial],
  cumprod: [firstAtSpecial, secondAtSpecial],
  pow: [secondAtSpecial],
  batchNorm: [secondAtSpecial],
  groupNorm: [firstAtSpecial],
  // Derivatives of the gamma function are infinite at its poles, and 0 at ∞: PyTorch has large numbers there, and NaN.
  lgamma: [secondAtSpecial],
  digamma: [firstAtSpecial, secondAtSpecial],
  polygamma: [firstAtSpecial, secondAtSpecial],
  // In PyTorch's comparisons NaN is as it comes.
  histc: [firstAtSpecial],
  histogram: [firstAtSpecial],
  mode: [firstAtSpecial],
};

/** PyTorch's trigamma has nine digits. */
const precision: Record<string, Comparing> = {
  lgamma: { rtol: 1e-8 },
  digamma: { rtol: 1e-8 },
  polygamma: { rtol: 1e-8 },
};

function declareSpecial(operation: string, sample: Sample): void {
  for (const at of [firstAtSpecial, secondAtSpecial]) {
    if (undefinedThere[operation]?.includes(at)) continue;
    const isRefused = error(() => sample.f(...special(sample, numbers, 0))) !== "no error";
    if (at === secondAtSpecial && (isRefused || !outputsOf(sample)[0].requiresGrad)) continue;
    const derivatives = at === firstAtSpecial ? "values and gradients" : "second derivatives";
    for (const offset of sample.inputs.length > 1 ? [0, 4, 8] : [0])
      answers.it(
        `${operation}: ${sample.name}, ${derivatives} at special numbers from ${offset}`,
        () => at(sample, offset),
        precision[operation],
      );
  }
}

it("the error says which tensor was changed, who made it, and what reads it", () => {
  const { operands, y } = compute(samples.exp[0]);
  change(y);
  expect(error(() => y.sum().backward())).toMatch(
    `${changedInPlace}: [torch.DoubleTensor [2, 3]], which is output 0 of ExpBackward0, is at version 1; ` +
      "expected version 0 instead. Hint: ExpBackward0 reads it",
  );
  expect(operands[0].storage.version).toBe(0);
});

it("the table of samples reaches everything that has a gradient, each from its own line if it has one", () => {
  const reachedBy = (list: readonly Sample[]) => new Set(graphOf(list.flatMap(outputsOf)).map(({ name }) => name));
  const byLine = new Map(Object.entries(samples).map(([operation, list]) => [operation, reachedBy(list)]));
  const byAny = new Set([...byLine.values()].flatMap((names) => [...names]));
  const isReached = (operation: string) =>
    (byLine.get(operation) ?? byAny).has(`${operation[0].toUpperCase()}${operation.slice(1)}Backward0`);
  expect([...registry].filter((operation) => !isReached(operation))).toEqual([]);
});

it("a result in new memory is nobody's view, so that it may be changed in place in another mode than it was made in", () => {
  const isView = (sample: Sample) => {
    const storages = new Set(sample.inputs.map(({ storage }) => storage));
    return outputsOf(sample).some(({ storage, viewOf }) => viewOf !== null && !storages.has(storage));
  };
  const operations = Object.entries(samples).filter(([, list]) => list.some(isView));
  expect(operations.map(([operation]) => operation)).toEqual(["einsum"]); // of which PyTorch gives a view, too
});

describe.each(Object.entries(samples))("%s", (operation, list) => {
  function declare({ name, f, inputs, isUnlike, isAlone }: Sample): void {
    if (isAlone) return;
    const run = () => {
      const operands = inputs.map(copyOf);
      return resultsOf(() => f(...operands), operands, { grads: !isUnlike });
    };
    answers.it(`${operation}: ${name}`, run, { wording, ...precision[operation] });
  }

  for (const sample of [...list, ...inLayouts(list[0])]) {
    if (outputsOf(sample)[0].requiresGrad) it(`${sample.name}: derivatives`, () => checkDerivatives(sample));
  }
  for (const sample of list.filter(canBeChanged)) {
    it(`${sample.name}: changed in place`, () => checkVersions(operation, sample));
    it(`${sample.name}: of another shape`, () => checkShapes(sample));
  }
  for (const sample of list.filter(({ isUnlike, isOfNumbers }, k) => !isUnlike && (k === 0 || !isOfNumbers))) {
    if (sample.inputs.every(({ numel }) => numel > 0)) declareSpecial(operation, sample);
  }
  for (const sample of list) declare(inDtype(sample, "float32"));
  for (const sample of inLayouts(inDtype(list[0], "float32"))) declare(sample);
  const dtypes = operation in ops ? (["float64", "int32", "bool"] as const) : [];
  for (const dtype of dtypes.filter((dtype) => dtype !== "bool" || !list[0].isOfNumbers)) {
    if (!widened[dtype]?.includes(operation)) declare({ ...inDtype(list[0], dtype), name: dtype });
  }
});
