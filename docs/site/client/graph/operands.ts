/** What a call was given that a reader wants to see, and how it is made again: for most, their arguments as they are. */

import * as operations from "../../../../src/autograd/ops/index.ts";
import { type BatchStatistics, batchStatistics } from "../../../../src/autograd/ops/layers/batch-norm.ts";
import { statisticsOfRuns } from "../../../../src/nn/affine.ts";
import { applyAlong } from "../../../../src/tensor/apply.ts";
import { check } from "../../../../src/tensor/check.ts";
import { isFloatingPoint } from "../../../../src/tensor/dtype.ts";
import { kernels } from "../../../../src/tensor/kernels/index.ts";
import { elementsOf, Tensor } from "../../../../src/tensor/tensor.ts";
import { type Call, tensorsIn } from "./recording.ts";

/** An input, a number that is part of the formula, or null for an input that was left out. */
export type Operand = Tensor | number | null;

type Args = readonly unknown[];

/** A call whose weights stand among its options, or which is given what was computed of x, which is no input of its own. */
interface Special {
  operands(args: Args): Args;
  /** With what is computed of the new x, and without moving anybody's running averages. */
  anew?(args: Args): Args;
}

interface Options {
  readonly weight?: Tensor;
  readonly bias?: Tensor;
  readonly training?: boolean;
  readonly useInputStats?: boolean;
}

const special: Readonly<Record<string, Special>> = {
  batchNorm: {
    operands: (args) => args.slice(0, 3),
    anew: ([x, weight, bias, eps]) => [x, weight, bias, eps, batchStatistics(x as Tensor)],
  },
  groupNorm: {
    operands: (args) => args.slice(0, 3),
    anew: ([x, weight, bias, eps, statistics]) => {
      const groups = (statistics as BatchStatistics).mean.numel;
      return [x, weight, bias, eps, statisticsOfRuns(x as Tensor, groups)];
    },
  },
  softmax: {
    operands: ([x]) => [x],
    anew: ([x, dim]) => [x, dim, applyAlong(kernels.softmax, x as Tensor, dim as number)],
  },
  layerNorm: { operands: ([x, , weight, bias]) => [x, weight, bias] },
  linear: { operands: (args) => args.slice(0, 3) },
  "F.linear": { operands: ([x, weight, bias]) => [x, weight, bias] },
  "F.batchNorm": {
    operands: ([x, mean, variance, options]) => {
      const { weight, bias, training } = (options ?? {}) as Options;
      return [x, weight, bias, ...(training ? [] : [mean, variance])];
    },
    anew: ([x, mean, variance, options]) =>
      (options as Options | undefined)?.training ? [x, null, null, options] : [x, mean, variance, options],
  },
  "F.instanceNorm": {
    operands: (args) => args,
    anew: ([x, mean, variance, options]) =>
      (options as Options | undefined)?.useInputStats === false
        ? [x, mean, variance, options]
        : [x, null, null, options],
  },
};

const isOperand = (value: unknown): value is Operand =>
  value instanceof Tensor || typeof value === "number" || value === null;

/** The inputs of a call and the numbers among its arguments, in order. */
export function operandsOf({ name, args }: Call): Operand[] {
  const own = special[name];
  if (own) return own.operands(args).map((operand) => (isOperand(operand) ? operand : null));
  return args.flatMap((arg) => (isOperand(arg) ? [arg] : tensorsIn(arg)));
}

/** The inputs of a call. */
export const inputsOf = (call: Call): Tensor[] => operandsOf(call).filter((operand) => operand instanceof Tensor);

/** Whether a target is of classes, of which none is left out. */
export const areClasses = (target: Tensor): boolean =>
  !isFloatingPoint(target.dtype) && elementsOf(target).every((value) => value >= 0);

/** What users call by the name under which it is seen. */
const byName: Readonly<Record<string, unknown>> = { ...operations };

/** What a call gives for other tensors in its arguments. */
export function callAnew({ name, called }: Call, args: Args): unknown {
  const run = called ?? byName[name];
  check(typeof run === "function", () => `${name} cannot be computed again`);
  return run(...(special[name]?.anew?.(args) ?? args));
}
