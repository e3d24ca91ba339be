/**
 * What the forward of a class of one's own does, seen while it runs: which modules it calls, and which operations, on what. How several
 * runs become one text, forward.ts says.
 */
import { OWN_FUNCTION } from "../autograd/function.ts";
import { noGrad } from "../autograd/grad-mode.ts";
import { detach } from "../autograd/op.ts";
import type { Module } from "../nn/module.ts";
import { PackedSequence } from "../nn/packed-sequence.ts";
import { Parameter } from "../nn/parameter.ts";
import { copyInto } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { isPlain } from "../tensor/plain.ts";
import { getRngState, setRngState } from "../tensor/random/generator.ts";
import { Storage, Tensor } from "../tensor/tensor.ts";
import { BECOMES, watchCalls } from "../tensor/watch.ts";
import { argument, callOf, type Expression, listed, parts } from "./expressions.ts";
import { Frame, type Line, type Trace, where } from "./frame.ts";
import { layerName } from "./layers.ts";
import { expressionOf } from "./operations.ts";

/** One run of a model. */
export interface Traced {
  readonly traces: ReadonlyMap<Module, Trace>;
  /** What the model gave. */
  readonly output: unknown;
}

/**
 * Runs a model once, and what each module did that is to be traced.
 * @param training whether modules that are traced run as in training; layers run as in evaluation, since nobody looks into them
 */
export function trace(
  model: Module,
  inputs: readonly unknown[],
  isTraced: (module: Module) => boolean,
  training: boolean,
): Traced {
  const traces = new Map<Module, Trace>();
  const frames: (Frame | null)[] = [];
  const current = (): Frame | null => frames.at(-1) ?? null;

  const handles = model.namedModules().flatMap(([, module]) => [
    module.registerForwardPreHook((_, given) => {
      frames.push(isTraced(module) ? new Frame(module, given) : null);
    }),
    module.registerForwardHook((_, given, output) => {
      const frame = frames.pop() ?? null;
      if (frame) noteTrace(traces, module, frame.finish(output));
      const caller = current();
      if (!caller) return undefined;
      // A layer that gives back its input, as Dropout in evaluation, has an output of its own nevertheless.
      const fresh = renewed(output);
      const target = caller.pathOf(module);
      const isPool = layerName(module)?.includes("MaxPool"); // which may give { values, indices }
      caller.noteCall(
        target,
        () => (frame ? plainCall(target, given) : callOf(target, given)),
        isPool ? valuesOf(fresh) : fresh,
      );
      return typeof fresh === "object" && fresh !== null ? fresh : undefined;
    }),
  ]);
  const modes = model.modules().map((module) => [module, module.training] as const);
  const random = getRngState();
  const restore = keeping(model);
  const inPlace = model.modules().filter((module) => "inplace" in module && module.inplace === true);
  try {
    for (const [module] of modes) module.training = training && isTraced(module);
    for (const module of inPlace) Object.assign(module, { inplace: false }); // which gives the same
    const tell = (name: string, args: readonly unknown[], y: unknown) => {
      const frame = current();
      if (!frame) return;
      if (name === BECOMES) return frame.noteBecomes(args[0] as Tensor, args[1] as Tensor);
      if (changing.has(name)) frame.noteChanged(args[1], args[2]);
      if (frame.needs(args, name)) frame.noteCall(name, () => expression(frame, name, args), valuesOf(y));
      else frame.noteConstant(() => expressionOf(name, args), y);
    };
    const output: unknown = noGrad(() => watchCalls(tell, () => model.forward(...inputs)));
    return { traces, output };
  } finally {
    for (const handle of handles) handle.remove();
    for (const [module, mode] of modes) module.training = mode;
    for (const module of inPlace) Object.assign(module, { inplace: true });
    setRngState(random);
    restore();
  }
}

/** Functions that change their second and third argument: running averages. */
const changing = new Set(["F.batchNorm", "F.instanceNorm"]);

/** Gives the tensors in a model's fields that are not trained back what they have now. */
function keeping(model: Module): () => void {
  const fields = model
    .modules()
    .flatMap((module) =>
      Object.entries(module).flatMap(([field, x]) =>
        x instanceof Tensor && !(x instanceof Parameter) ? [{ module, field, x, data: x.data.slice() }] : [],
      ),
    );
  return () => {
    for (const { module, field, x, data } of fields) {
      if (Reflect.get(module, field) !== x) Object.assign(module, { [field]: x });
      if (x.data.some((value, i) => !Object.is(value, data[i])))
        copyInto(x, new Tensor(new Storage(data), x.dtype, x.shape));
    }
  };
}

/** A module of one's own takes what it is given by place. */
const plainCall = (target: string, given: readonly unknown[]): Expression =>
  parts(`${target}(`, listed(given.map(argument)), ")");

function expression({ module }: Frame, name: string, args: readonly unknown[]): Expression {
  const own = () =>
    `${where(module)}: "${name.slice(OWN_FUNCTION.length)}" has a gradient of its own, which is not seen: in model.py, write it as a ` +
    "torch.autograd.Function";
  check(!name.startsWith(OWN_FUNCTION), own);
  const value = expressionOf(name, args);
  const untraced = () =>
    `${where(module)}: "${name}" cannot be traced: put it into a layer of nn, or write that line in model.py`;
  check(value !== undefined, untraced);
  return value;
}

/** `{ values, indices }` is a tuple in Python. */
const valuesOf = (y: unknown): unknown => (isPlain(y) ? Object.values(y) : y);

function noteTrace(traces: Map<Module, Trace>, module: Module, found: Trace): void {
  const before = traces.get(module);
  check(!before || isSameTrace(before, found), () => `${where(module)} is called twice, and does not do the same`);
  traces.set(module, found);
}

/** Whether both do the same, on the same sizes. */
function isSameTrace(a: Trace, b: Trace): boolean {
  const isSameExpression = (x: Expression, y: Expression) =>
    x.length === y.length &&
    x.every((part, i) => {
      const other = y[i];
      return part instanceof Tensor && other instanceof Tensor ? isSame(part, other) : part === other;
    });
  const isSameLine = (line: Line, i: number) =>
    line.target === b.lines[i].target && isSameExpression(line.value, b.lines[i].value);
  return a.lines.length === b.lines.length && a.lines.every(isSameLine) && isSameExpression(a.output, b.output);
}

/** Whether they have the same elements. */
export function isSame(a: Tensor, b: Tensor): boolean {
  const isSameKind = a.dtype === b.dtype && a.ndim === b.ndim && a.shape.every((size, d) => size === b.shape[d]);
  return isSameKind && a.data.every((value, i) => Object.is(value, b.data[i]));
}

/** The same values as tensors of their own. */
function renewed(value: unknown): unknown {
  if (value instanceof Tensor) return detach(value);
  if (Array.isArray(value)) return value.map(renewed);
  if (value instanceof PackedSequence) {
    const { data, batchSizes, sortedIndices, unsortedIndices } = value;
    return new PackedSequence(detach(data), batchSizes, sortedIndices, unsortedIndices);
  }
  return isPlain(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renewed(item)])) : value;
}
