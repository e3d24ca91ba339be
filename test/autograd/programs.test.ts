/**
 * Random programs of views, arithmetic, reductions and in-place changes, recorded or not, give PyTorch's numbers.
 * test/fixtures/programs.py makes them, says what their steps mean, and can make others: its arguments are a first seed, a
 * number of programs and a file, which this test reads instead if PROGRAMS names it.
 */
import { describe, expect, it } from "vitest";
import { grad, noGrad, type Tensor, zerosLike } from "../../src/index.ts";
import { expectClose, readFixture, toTensor } from "../support/fixtures.ts";
import { torch } from "../support/torch.ts";
import { call, decode, tensorsOf, upstream } from "./ops/cases.ts";

const { error } = torch;

interface Leaf {
  shape: number[];
  data: number[];
  requiresGrad: boolean;
}

/** ["mul", "#0", 2] or ["noGrad", step] */
type Step = [op: string, ...args: unknown[]];

interface Program {
  seed: number;
  leaves: Leaf[];
  steps: Step[];
  /** Which value retains its gradient, and the gradient. */
  retains: number;
  retained?: number[];
  loss: number;
  grads: (number[] | null)[];
  requiresGrad?: boolean[];
  /** The gradients of the sum of the squares of the gradients, 0 where there are none. */
  second?: number[][];
  /** PyTorch finds a saved tensor changed in place, and gives no gradients. */
  raises?: boolean;
  /** PyTorch refuses the last step, or to read a value. */
  error?: string;
}

const changedInPlace = "one of the variables needed for gradient computation has been modified by an inplace operation";
const tolerance = { rtol: 1e-9, atol: 1e-9 };

function run({ leaves, steps }: Program): { leaves: Tensor[]; values: Tensor[]; loss: Tensor } {
  const values = leaves.map(({ requiresGrad, ...stored }) =>
    toTensor({ ...stored, dtype: "float64" }, { requiresGrad }),
  );
  for (const step of steps) values.push(runStep(step, values));
  const loss = values.map((x) => x.mul(upstream(x)).sum()).reduce((a, b) => a.add(b));
  return { leaves: values.slice(0, leaves.length), values, loss };
}

function runStep([op, ...args]: Step, values: Tensor[]): Tensor {
  if (op === "noGrad") return noGrad(() => runStep(args[0] as Step, values));
  const resolve = (arg: unknown): unknown => {
    if (typeof arg === "string" && arg.startsWith("#")) return values[Number(arg.slice(1))];
    return Array.isArray(arg) ? arg.map(resolve) : decode(arg);
  };
  return tensorsOf(call(op, args.map(resolve)))[0];
}

function expectGradients(actual: (Tensor | null)[], expected: (number[] | null)[]): void {
  expected.forEach((numbers, i) => {
    if (numbers) expectClose(actual[i]?.data, numbers, tolerance);
    else expect(actual[i] ?? null).toBeNull();
  });
}

function check(program: Program): void {
  const { retains, retained, loss: expected, grads, requiresGrad, raises, second } = program;
  const { leaves, values, loss } = run(program);
  expectClose(loss.item(), expected, tolerance);
  if (requiresGrad) expect(values.map((x) => x.requiresGrad)).toEqual(requiresGrad);
  if (retained) values[retains].retainGrad();
  const message = error(() => loss.backward());
  if (raises && message !== "no error") {
    expect(message).toContain(changedInPlace);
    return;
  }
  expect(message).toBe("no error");
  expectGradients(
    leaves.map((x) => x.grad),
    grads,
  );
  if (retained) expectClose(values[retains].grad?.data, retained, tolerance);
  if (second) expectGradients(secondDerivatives(program), second);
}

function secondDerivatives(program: Program): Tensor[] {
  const { leaves, loss } = run(program);
  const inputs = leaves.filter((_, i) => program.leaves[i].requiresGrad);
  const first = grad(loss, inputs, { createGraph: true, allowUnused: true }).filter((dx) => dx !== null);
  const penalty = first.map((dx) => dx.mul(dx).sum()).reduce((a, b) => a.add(b));
  const second = penalty.requiresGrad ? grad(penalty, inputs, { allowUnused: true }) : [];
  return inputs.map((x, i) => second[i] ?? zerosLike(x));
}

const programs = readFixture<Program[]>(process.env.PROGRAMS ?? "programs.json");

describe("random programs", () => {
  it.each(programs)("seed $seed", (program) => {
    if (program.error) expect(() => run(program)).toThrow(program.error);
    else check(program);
  });
});
