/**
 * A tensor that an operation has saved for its gradient, and that is changed in place before backward, is noticed: backward
 * raises PyTorch's error, or it gives the gradient of what was computed. test/fixtures/autograd_versions.py has the cases.
 */
import { describe, expect, it } from "vitest";
import type { Node } from "../../src/autograd/graph.ts";
import { registry } from "../../src/autograd/op.ts";
import { nn, Tensor } from "../../src/index.ts";
import { isFloatingPoint } from "../../src/tensor/dtype.ts";
import { expectClose, readFixture, type StoredTensor } from "../support/fixtures.ts";
import { torch } from "../support/torch.ts";
import { call, decode, tensorsOf, upstream } from "./ops/cases.ts";

const { error } = torch;

interface VersionCase {
  op: string;
  args: unknown[];
  /** The gradients of the undisturbed operation, null for operands of whole numbers. */
  grads: (StoredTensor | null)[];
  /** Whether PyTorch raises when that operand is changed, and last when the result is. */
  raises: boolean[];
}

const cases = readFixture<VersionCase[]>("autograd_versions.json");
const changedInPlace = "one of the variables needed for gradient computation has been modified by an inplace operation";

const isTensor = (arg: unknown): arg is Tensor => arg instanceof Tensor;

/** The result, and the operands it was made of: copies of leaves, since those must not be changed. */
function compute({ op, args }: VersionCase) {
  const leaves: Tensor[] = [];
  const operands: Tensor[] = [];
  const copied = (arg: unknown): unknown => {
    if (Array.isArray(arg)) return arg.map(copied);
    if (!isTensor(arg)) return arg;
    leaves.push(isFloatingPoint(arg.dtype) ? arg.requiresGrad_() : arg);
    operands.push(arg.clone());
    return operands.at(-1);
  };
  const result = apply(
    op,
    args.map((arg) => copied(decode(arg))),
  );
  return { leaves, operands, y: tensorsOf(result)[0] };
}

function apply(op: string, args: unknown[]) {
  const [x, weight, bias] = args as Tensor[];
  if (op === "binaryCrossEntropy") return nn.functional.binaryCrossEntropy(x, weight);
  if (op === "conv2d") return nn.functional.conv2d(x, weight, bias);
  if (op === "convTranspose2d") return nn.functional.convTranspose2d(x, weight);
  if (op === "linear") return nn.functional.linear(x, weight, bias);
  if (op === "batchNorm") return nn.functional.batchNorm(x, null, null, { weight, bias, training: true });
  return call(op, args);
}

function change(x: Tensor): void {
  if (isFloatingPoint(x.dtype)) x.add_(1);
  else x.zero_();
}

/** Every operand that there is to change, and the result. */
const disturbances = cases.flatMap((versionCase) =>
  versionCase.raises.map((raises, k) => {
    const isResult = k === versionCase.raises.length - 1;
    const operands = versionCase.args.map((arg) => (typeof arg === "number" ? arg : "tensor")).join(", ");
    return {
      name: `${versionCase.op}(${operands}): ${isResult ? "the result" : `operand ${k}`}`,
      versionCase,
      raises,
      k,
    };
  }),
);

/** Ours gives the right gradient where PyTorch raises: it keeps positions, not the index or mask that they came from. */
describe("a change in place between forward and backward", () => {
  it.each(disturbances)("$name", ({ versionCase, raises, k }) => {
    const { leaves, operands, y } = compute(versionCase);
    change(operands[k] ?? y);
    const message = error(() => y.backward(upstream(y)));
    if (raises && message !== "no error") expect(message).toContain(changedInPlace);
    else {
      expect(message).toBe("no error");
      versionCase.grads.forEach((dx, i) => {
        if (dx) expectClose(leaves[i].grad, dx, { rtol: 1e-6 });
      });
    }
  });
});

describe("the error", () => {
  const { operands, y } = compute(cases.find(({ op }) => op === "exp")!);

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
    const names = new Set(cases.flatMap((versionCase) => namesIn(compute(versionCase).y)));
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
