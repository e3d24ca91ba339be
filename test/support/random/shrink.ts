/** Smaller programs: what a program that disagrees with PyTorch is made of, one thing less at a time. */
import type { Program, Step } from "../torch.ts";
import type { Body, Literal } from "./replay.ts";

const isReference = (x: unknown): x is { $: number } => typeof x === "object" && x !== null && "$" in x;

/** The values that something written down refers to. */
function references(x: unknown): number[] {
  if (isReference(x)) return [x.$];
  return typeof x === "object" && x !== null ? Object.values(x).flatMap(references) : [];
}

function replaced(x: unknown, value: number, by: unknown): unknown {
  if (isReference(x)) return x.$ === value ? by : x;
  if (Array.isArray(x)) return x.map((item) => replaced(item, value, by));
  if (typeof x !== "object" || x === null) return x;
  return Object.fromEntries(Object.entries(x).map(([key, item]) => [key, replaced(item, value, by)]));
}

/** What a step needs: a method, a get and a set name a value, too. */
const needs = ([, kind, of, ...rest]: Step): number[] => [
  ...(kind === "call" || kind === "literal" ? [] : [of as number]),
  ...references(kind === "call" ? rest : kind === "literal" ? [] : rest),
];

/** A list without what refers to a lost value. */
const without = (result: unknown, lost: ReadonlySet<number>): unknown =>
  Array.isArray(result)
    ? result.map((item) => without(item, lost)).filter((item) => item !== undefined)
    : references(result).some((value) => lost.has(value))
      ? undefined
      : result;

/** The program without a step and all that needs it. */
function dropped({ steps, observe, result }: Program, at: number): Program {
  const lost = new Set([steps[at][0]]);
  const kept = steps.filter((step, i) => {
    const isLost = i === at || needs(step).some((value) => lost.has(value));
    if (isLost) lost.add(step[0]);
    return !isLost;
  });
  return { steps: kept, observe: observe.filter((value) => !lost.has(value)), result: without(result, lost) ?? null };
}

/** The program with an operand in place of a step's value. */
function skipped({ steps, observe, result }: Program, at: number, operand: number): Program {
  const [value] = steps[at];
  const by = { $: operand };
  const kept = steps.flatMap((step, i): Step[] => {
    if (i === at) return [];
    const [own, kind, of, ...rest] = step;
    const target = kind !== "call" && kind !== "literal" && of === value ? operand : of;
    return [[own, kind, target, ...(replaced(rest, value, by) as unknown[])]];
  });
  return { steps: kept, observe: observe.filter((seen) => seen !== value), result: replaced(result, value, by) };
}

/** The program with the body of a function in place of the call that it is given to. */
function inlined(program: Program, at: number, { steps, result }: Body): Program {
  const [value] = program.steps[at];
  const whole = { ...program, steps: [...program.steps.slice(0, at), ...steps, ...program.steps.slice(at + 1)] };
  return {
    steps: whole.steps.map((step) => replaced(step, value, result) as Step),
    observe: whole.observe.filter((seen) => seen !== value),
    result: replaced(whole.result, value, result),
  };
}

const changed = (program: Program, at: number, ...rest: unknown[]): Program => ({
  ...program,
  steps: program.steps.map((step, i): Step => (i === at ? [step[0], step[1], ...rest] : step)),
});

/** Without one of the settings in the options at the end. The dtype stays: how closely to compare depends on it. */
function withFewerOptions(program: Program, at: number): Program[] {
  const [, kind, ...rest] = program.steps[at];
  const args = rest.at(-1);
  const options = Array.isArray(args) ? args.at(-1) : undefined;
  if (kind === "literal" || typeof options !== "object" || options === null || Array.isArray(options)) return [];
  const keys = Object.keys(options).filter((key) => !key.startsWith("$") && key !== "dtype");
  return keys.map((key) => {
    const { [key]: _, ...others } = options as Record<string, unknown>;
    const left = Object.keys(others).length > 0 ? [others] : [];
    return changed(program, at, ...rest.slice(0, -1), [...(args as unknown[]).slice(0, -1), ...left]);
  });
}

const roundings = [() => 1, Math.round, (x: number) => Math.round(x * 10) / 10];

/** With rounder numbers in a tensor. */
function withRounderNumbers(program: Program, at: number): Program[] {
  const [, kind, of, args] = program.steps[at];
  const literal = kind === "literal" ? (of as Literal) : undefined;
  const data: unknown = literal?.data ?? (of === "tensor" && Array.isArray(args) ? args[0] : undefined);
  if (!Array.isArray(data)) return [];
  return roundings.flatMap((round) => {
    const rounder = data.map((x) => (typeof x === "number" ? round(x) || 0 : x));
    if (String(rounder) === String(data)) return [];
    if (literal) return [changed(program, at, { ...literal, data: rounder })];
    return [changed(program, at, of, [rounder, ...(args as unknown[]).slice(1)])];
  });
}

function bodyOf([, kind, , args]: Step): Body | undefined {
  const [given] = kind === "call" && Array.isArray(args) ? args : [];
  const body = given?.$function as Body | undefined;
  return body?.params.length === 0 ? body : undefined;
}

/** One thing less: the smallest first. */
export function smaller(program: Program): Program[] {
  const { steps, observe, result } = program;
  const parts = Array.isArray(result) ? result : [];
  const found = [
    ...parts.map((part) => ({ ...program, result: part })),
    ...observe.map((seen) => ({ ...program, observe: observe.filter((other) => other !== seen) })),
    ...steps.flatMap((step, at): Program[] => {
      if (step[2] === "manualSeed") return []; // without it, random numbers would differ
      const body = bodyOf(step);
      const operands = [...new Set(needs(step))];
      return [
        dropped(program, at),
        ...operands.map((operand) => skipped(program, at, operand)),
        ...(body ? [inlined(program, at, body)] : []),
        ...withFewerOptions(program, at),
        ...withRounderNumbers(program, at),
      ];
    }),
  ];
  const sizes = new Map(found.map((one) => [one, JSON.stringify(one).length]));
  return found
    .filter((one) => one.observe.length > 0 || references(one.result).length > 0)
    .sort((a, b) => (sizes.get(a) ?? 0) - (sizes.get(b) ?? 0));
}
