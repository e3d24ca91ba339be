/**
 * Random programs of views, arithmetic, reductions and in-place changes, recorded or not, give PyTorch's numbers.
 *
 * A program has leaves, and steps that each make one more value of earlier ones: ["mul", "#0", "#3"] is the product of the
 * values number 0 and 3, where the leaves are the first. What is compared in the end: the loss, a weighted sum of all values;
 * its gradients with respect to the leaves; which values require a gradient; the gradient of one value that retains it; of
 * some programs, second derivatives.
 */
import { readFileSync } from "node:fs";
import { describe } from "vitest";
import { Slice, type Tensor } from "../../src/index.ts";
import { Answers } from "../support/answers.ts";
import { type StoredTensor, toTensor } from "../support/fixtures.ts";
import { observed, torch } from "../support/torch.ts";
import { call, tensorsOf, upstream } from "./ops/calls.ts";

const { error, grad, noGrad, withCopies } = torch;

/** ["mul", "#0", 2] or ["noGrad", step] */
type Step = [op: string, ...args: unknown[]];

interface Program {
  seed: number;
  leaves: (StoredTensor & { requiresGrad: boolean })[];
  steps: Step[];
  /** Which value retains its gradient. Of views that were changed in place PyTorch 1.13 crashes when asked to. */
  retains?: number;
  /** Whether to ask which values require a gradient: of a view that was not recorded, PyTorch says yes and means no. */
  asks?: boolean;
  /** Whether to compare second derivatives. */
  second?: boolean;
  /** Whether PyTorch finds that a saved tensor was changed in place, where no pull-back here reads it: it is given copies. */
  copies?: boolean;
  /** Whether the last step, or reading a value after it, is an error. */
  refused?: boolean;
}

function valuesOf({ leaves, steps }: Program): Tensor[] {
  const values = leaves.map(({ requiresGrad, ...stored }) =>
    observed(toTensor({ ...stored, dtype: "float64" }, { requiresGrad })),
  );
  for (const step of steps) values.push(runStep(step, values));
  return values;
}

function runStep([op, ...args]: Step, values: Tensor[]): Tensor {
  if (op === "noGrad") return noGrad(() => runStep(args[0] as Step, values));
  const resolve = (arg: unknown): unknown => {
    if (typeof arg === "string" && arg.startsWith("#")) return values[Number(arg.slice(1))];
    if (Array.isArray(arg)) return arg.map(resolve);
    if (typeof arg !== "object" || arg === null) return arg;
    if ("data" in arg) return toTensor(arg as StoredTensor);
    return "slice" in arg ? new Slice(...(arg.slice as number[]).map((bound) => bound ?? undefined)) : arg;
  };
  return tensorsOf(call(op, args.map(resolve)))[0];
}

const lossOf = (values: readonly Tensor[]): Tensor =>
  values.map((x) => x.mul(upstream(x)).sum()).reduce((a, b) => a.add(b));

function outcomeOf(program: Program): unknown {
  const values = valuesOf(program);
  const retaining = program.retains === undefined ? null : values[program.retains];
  retaining?.retainGrad();
  const loss = lossOf(values);
  if (program.asks) for (const x of values) void x.requiresGrad;
  if (error(() => loss.backward(), ": ") !== "no error") return loss.detach();
  const gradients = program.leaves.map((_, i) => values[i].grad);
  return [loss.detach(), gradients, retaining?.grad ?? null, program.second ? secondDerivatives(program) : null];
}

/** Of the sum of the squares of the gradients. */
function secondDerivatives(program: Program): Tensor[] {
  const values = valuesOf(program);
  const inputs = values.filter((_, i) => program.leaves[i]?.requiresGrad);
  const first = grad(lossOf(values), inputs, { createGraph: true, allowUnused: true }).filter((dx) => dx !== null);
  const penalty = first.map((dx) => dx.mul(dx).sum()).reduce((a, b) => a.add(b));
  return torch.gradients(penalty, inputs);
}

const programs: Program[] = JSON.parse(readFileSync(new URL("programs.json", import.meta.url), "utf8"));

describe("random programs", () => {
  const answers = new Answers("programs");
  for (const program of programs) {
    const run = () =>
      program.refused
        ? void error(() => lossOf(valuesOf(program)), " Given that")
        : program.copies
          ? withCopies(() => outcomeOf(program))
          : outcomeOf(program);
    answers.it(`seed ${program.seed}`, run, { rtol: 1e-9, atol: 1e-9 });
  }
});
