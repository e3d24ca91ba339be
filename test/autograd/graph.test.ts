/**
 * A tensor that an operation has saved for its gradient, and that is changed in place before backward, is noticed: backward
 * raises PyTorch's error, or it gives the gradient of what was computed.
 */
import { describe, expect, it } from "vitest";
import type { Node } from "../../src/autograd/graph.ts";
import { registry } from "../../src/autograd/op.ts";
import { Tensor } from "../../src/index.ts";
import { isFloatingPoint } from "../../src/tensor/dtype.ts";
import { Answers } from "../support/answers.ts";
import { expectClose } from "../support/fixtures.ts";
import { torch } from "../support/torch.ts";
import { call, tensorsOf, upstream } from "./ops/calls.ts";

const { arange, error, tensor } = torch;

const dtype = "float64";
const matrix = tensor([[0.5, 1, 2], [3, 0.25, 1.5]], { dtype }); // biome-ignore format: a matrix
const other = tensor([[1.5, 0.5, 1], [2, 3, 0.75]], { dtype }); // biome-ignore format: a matrix
const row = other.select(0, 0);
const square = other.slice(1, 0, 2);
const images = arange(0, 24, 1, { dtype }).view(2, 2, 2, 3);
const kernels = arange(0, 12, 1, { dtype }).view(3, 2, 1, 2);
const mask = tensor([[true, false, true], [false, true, true]]); // biome-ignore format: a matrix
const indices = tensor([[0, 2], [1, 1]], { dtype: "int32" }); // biome-ignore format: a matrix

type Case = [op: string, ...args: unknown[]];

const cases: Case[] = [
  ...["add", "sub", "mul", "div", "pow", "maximum", "minimum"].map((op): Case => [op, matrix, other]),
  ...["add", "sub", "mul", "div", "pow"].map((op): Case => [op, matrix, 2]),
  ...["neg", "abs", "exp", "log", "sqrt", "tanh", "sigmoid", "relu"].map((op): Case => [op, matrix]),
  ...["sin", "cos", "tan", "asin", "acos", "atan"].map((op): Case => [op, matrix.div(4)]),
  ...["sinh", "cosh", "asinh", "atanh"].map((op): Case => [op, matrix.div(4)]),
  ["acosh", matrix.add(1)],
  ["atan2", matrix, other],
  ...["erf", "erfc", "expm1", "log1p", "log2", "log10", "rsqrt", "reciprocal"].map((op): Case => [op, matrix]),
  ...["floor", "ceil", "trunc", "round"].map((op): Case => [op, matrix]),
  ...["sum", "mean", "var", "std", "max", "min"].map((op): Case => [op, matrix]),
  ["clamp", matrix, 0.4, 1.2],
  ["where", mask, matrix, other],
  ["max", matrix, 1],
  ["min", matrix, 0],
  ["logsumexp", matrix, 1],
  ["softmax", matrix, 1],
  ["logSoftmax", matrix, 0],
  ["view", matrix, 3, 2],
  ["permute", matrix, 1, 0],
  ["slice", matrix, 1, 1, 3],
  ["select", matrix, 0, 1],
  ["clone", matrix],
  ["to", matrix, "float32"],
  ["cat", [matrix, other], 0],
  ["index", matrix, indices.select(1, 0)],
  ["index", matrix, mask],
  ["gather", matrix, 1, indices],
  ["indexSelect", matrix, 1, indices.select(0, 0)],
  ["scatter", matrix, 1, indices, square],
  ["scatterAdd", matrix, 1, indices, square],
  ["indexPut", matrix, [indices.select(0, 1)], row],
  ["cumsum", matrix, 1],
  ["norm", matrix, 2, 1],
  ["norm", matrix, 3],
  ["flip", matrix, 1],
  ["diagonal", matrix],
  ["diag", row],
  ["unfold", matrix, 1, 1, 2],
  ["matmul", square, other],
  ["matmul", row, row],
  ["linear", matrix, other, square.select(0, 0)],
  ["batchNorm", matrix, null, null, { weight: row, bias: row, training: true }],
  ["binaryCrossEntropy", matrix.div(4), other.div(4)],
  ["conv2d", images, kernels, row],
  ["convTranspose2d", images.slice(1, 0, 1), kernels.slice(0, 0, 1)],
];

const changedInPlace = "one of the variables needed for gradient computation has been modified by an inplace operation";

const isTensor = (arg: unknown): arg is Tensor => arg instanceof Tensor;

/** The result, and the operands it was made of: copies of leaves, since those must not be changed. */
function compute([op, ...args]: Case) {
  const leaves: Tensor[] = [];
  const operands: Tensor[] = [];
  const copied = (arg: unknown): unknown => {
    if (Array.isArray(arg)) return arg.map(copied);
    if (isTensor(arg)) {
      const leaf = arg.clone();
      leaves.push(isFloatingPoint(arg.dtype) ? leaf.requiresGrad_() : leaf);
      operands.push(leaf.clone());
      return operands.at(-1);
    }
    if (typeof arg !== "object" || arg === null) return arg;
    return Object.fromEntries(Object.entries(arg).map(([key, value]) => [key, copied(value)]));
  };
  const result = call(op, args.map(copied));
  return { leaves, operands, y: tensorsOf(result)[0] };
}

function gradientsOf(given: Case): (Tensor | null)[] {
  const { leaves, y } = compute(given);
  y.backward(upstream(y));
  return leaves.map(({ grad }) => grad);
}

function change(x: Tensor): void {
  if (isFloatingPoint(x.dtype)) x.add_(1);
  else x.zero_();
}

const nameOf = ([op, ...args]: Case): string => {
  const words = (arg: unknown): unknown => (isTensor(arg) ? `${arg.dtype} ${arg.shape.join("x")}` : arg);
  return `${op}(${args.flat().map(words).join(", ").replace("[object Object]", "{…}")})`;
};

describe("a change in place between forward and backward", () => {
  const answers = new Answers("versions");
  // Ours gives the right gradient where PyTorch raises: it keeps positions, not the index or mask that they came from.
  const wording = { [changedInPlace]: new RegExp(`${changedInPlace}|no error`) };

  describe.each(cases.map((given) => ({ name: nameOf(given), given })))("$name", ({ name, given }) => {
    answers.it(name, () => gradientsOf(given), { rtol: 1e-6, atol: 0 });

    const { operands } = compute(given);
    const targets = [...operands.map((_, k) => `operand ${k}`), "the result"];
    it.each(targets)("%s", (target) => {
      const disturbed = () => {
        const { leaves, operands, y } = compute(given);
        change(operands[targets.indexOf(target)] ?? y);
        const message = error(() => y.backward(upstream(y)), ": ");
        return { leaves, message };
      };
      answers.check(
        `${name}: ${target}`,
        () => {
          disturbed();
        },
        { wording },
      );
      const { leaves, message } = disturbed();
      if (message !== "no error") return;
      for (const [i, dx] of gradientsOf(given).entries()) if (dx) expectClose(leaves[i].grad, dx, { rtol: 1e-6 });
    });
  });
});

describe("the error", () => {
  const { operands, y } = compute(["exp", matrix]);

  it("says which tensor, who made it, and what reads it", () => {
    change(y);
    expect(error(() => y.sum().backward())).toMatch(
      `${changedInPlace}: [torch.DoubleTensor [2, 3]], which is output 0 of ExpBackward0, is at version 1; ` +
        "expected version 0 instead. Hint: ExpBackward0 reads it",
    );
    expect(operands[0].storage.version).toBe(0);
  });
});

describe("the table of cases", () => {
  /** These are only met backward. */
  const gradientsOnly = ["conv2dWeight", "reluBackward", "sliceBackward", "sumTo", "unfoldBackward"];

  it("has every operation of the registry", () => {
    const names = new Set(cases.flatMap((given) => namesIn(compute(given).y)));
    const missing = [...registry].filter((operation) => !names.has(nodeName(operation)));
    expect(missing.sort()).toEqual(gradientsOnly);
  });

  const nodeName = (operation: string) => `${operation[0].toUpperCase()}${operation.slice(1)}Backward0`;

  function namesIn(y: Tensor): string[] {
    const stack = [y.gradFn as Node];
    const names: string[] = [];
    while (stack.length > 0) {
      const node = stack.pop()!;
      names.push(node.name);
      for (const { target } of node.edges ?? []) if (!isTensor(target)) stack.push(target);
    }
    return names;
  }
});
