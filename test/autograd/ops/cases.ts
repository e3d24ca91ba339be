/**
 * Runs the cases of test/fixtures/tensor_ops_*.json: one call of one operation each, with what PyTorch makes of it.
 * The writing side is test/fixtures/tensor_ops_case.py.
 */
import { describe, expect, it } from "vitest";
import * as lucidgrad from "../../../src/index.ts";
import { nn, Slice, Tensor } from "../../../src/index.ts";
import { isFloatingPoint } from "../../../src/tensor/dtype.ts";
import type { Storage } from "../../../src/tensor/tensor.ts";
import { expectClose, expectExact, readFixture, type StoredTensor, toTensor } from "../../support/fixtures.ts";

/** With strides, the data are the whole storage. */
interface LaidOutTensor extends StoredTensor {
  strides?: number[];
  offset?: number;
}

export interface OpCase {
  name: string;
  op: string;
  args: unknown[];
  y?: LaidOutTensor;
  /** What `max`, `min`, `sort` and `topk` give beside the values. */
  indices?: StoredTensor;
  /** What `split` and `chunk` give. */
  parts?: StoredTensor[];
  /** The gradients of the floating point tensors among the arguments. */
  grads?: (StoredTensor | null)[];
  error?: string;
}

export interface Reading {
  /** Relative to each expected number, and to 1. Default: 2e-6 for float32, 1e-12 for float64. */
  rtol?: number;
  /** Messages that differ from PyTorch's, by PyTorch's. */
  wording?: Record<string, string | RegExp>;
}

/** Reads the cases of one file, and makes a test of each, grouped by operation. */
export function checkCases(file: string, { wording = {}, ...options }: Reading = {}): void {
  const cases = readFixture<OpCase[]>(file);
  describe.each([...new Set(cases.map(({ op }) => op))])("%s", (op) => {
    it.each(cases.filter((opCase) => opCase.op === op))("$name", (opCase) => {
      const { error } = opCase;
      if (error === undefined) checkResult(opCase, options);
      else expect(() => call(op, opCase.args.map(decode))).toThrow(wording[error] ?? error);
    });
  });
}

function checkResult(opCase: OpCase, { rtol }: Reading): void {
  const { y: expected, indices, parts, grads } = opCase;
  const args = opCase.args.map(decode);
  const inputs = tensorsIn(args).filter((x) => isFloatingPoint(x.dtype));
  if (grads) for (const x of inputs) x.requiresGrad = true;
  const result = call(opCase.op, args);
  const results = tensorsOf(result);
  const [y] = results;
  expect(results).toHaveLength(parts?.length ?? 1);
  results.forEach((part, k) => {
    compare(part, parts?.[k] ?? expected!, rtol);
  });
  if (expected?.strides) expect([stepsOf(y), y.offset]).toEqual([stepsOf(expected), expected.offset]);
  if ("indices" in result) expectExact(result.indices, indices!);
  if (!grads) return;
  for (const part of results) part.backward(upstream(part));
  inputs.forEach((x, i) => {
    const dx = grads[i];
    if (dx) compare(x.grad!, dx, rtol);
    else expect(x.grad).toBeNull();
  });
}

function compare(actual: Tensor, expected: StoredTensor, rtol = expected.dtype === "float64" ? 1e-12 : 2e-6): void {
  if (isFloatingPoint(actual.dtype)) expectClose(actual, expected, { rtol, atol: rtol });
  else expectExact(actual, expected);
}

/** The strides that are ever taken: those of dimensions of size 1 mean nothing. */
function stepsOf({ shape, strides }: { shape: readonly number[]; strides?: readonly number[] }): number[] | undefined {
  return strides?.map((stride, d) => (shape[d] > 1 ? stride : 0));
}

/** The gradient with respect to y: 1, 1.125, … 1.75, 1, … in row-major order. */
export function upstream(y: Tensor): Tensor {
  const ramp = Array.from({ length: y.numel }, (_, k) => 1 + (k % 7) / 8);
  return toTensor({ shape: [...y.shape], data: ramp, dtype: y.dtype });
}

type Method = (...args: unknown[]) => Tensor | Tensor[] | { values: Tensor; indices: Tensor };

/** The tensors that carry a gradient. */
export function tensorsOf(result: ReturnType<Method>): Tensor[] {
  if (Array.isArray(result)) return result;
  return [result instanceof Tensor ? result : result.values];
}

/** Calls the function of that name or, if there is none, the method or the function of nn.functional. */
export function call(op: string, args: unknown[]): ReturnType<Method> {
  if (op in lucidgrad) return (lucidgrad as unknown as Record<string, Method>)[op](...args);
  const [x, ...rest] = args;
  if (!(op in Tensor.prototype)) return (nn.functional as unknown as Record<string, Method>)[op](...args);
  return (x as Record<string, Method>)[op](...rest);
}

/** An argument as the JSON holds it: a tensor, a range, a list of these, or a plain value. */
export function decode(arg: unknown): unknown {
  if (Array.isArray(arg)) return arg.map(decode);
  if (typeof arg !== "object" || arg === null) return arg;
  if ("data" in arg) return decodeTensor(arg as LaidOutTensor);
  if ("slice" in arg) return new Slice(...(arg.slice as number[]).map((bound) => bound ?? undefined));
  return arg;
}

function decodeTensor(stored: LaidOutTensor): Tensor {
  const { data, strides, offset, dtype, shape } = stored;
  if (!strides) return toTensor(stored);
  const storage: Storage = toTensor({ shape: [data.length], data, ...(dtype && { dtype }) }).storage;
  return new Tensor(storage, dtype ?? "float32", shape, strides, offset);
}

function tensorsIn(args: unknown[]): Tensor[] {
  return args.flat().filter((arg): arg is Tensor => arg instanceof Tensor);
}
