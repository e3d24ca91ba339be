/** Expressions of Python's in parts, and arguments as such. What operations are there, operations.ts says. */
import { Slice } from "../autograd/ops/index.ts";
import { PackedSequence } from "../nn/packed-sequence.ts";
import { check } from "../tensor/check.ts";
import { isPlain } from "../tensor/plain.ts";
import { Tensor } from "../tensor/tensor.ts";
import { dtypeText, numberText, snakeCase } from "./literals.ts";

/** What may have a name in a forward: a tensor, a packed sequence, or a list that came as an input. */
export interface Named {
  readonly value: object;
  /** What it is made of, if it has no name. */
  readonly made: Expression;
}

/** Python's text in parts: a text, a whole number that may depend on the sizes of inputs, a tensor, or what may have a name. */
export type Part = string | number | Tensor | Named;
export type Expression = readonly Part[];

/** Parts in a row, where lists are put in. */
export const parts = (...items: (Part | Expression)[]): Expression => items.flat() as Part[];

/** Expressions with commas between. */
export const listed = (items: readonly (Part | Expression)[]): Expression =>
  items.flatMap((item, i) => (i === 0 ? parts(item) : parts(", ", item)));

/** Items of a tuple, one in the other in brackets. */
export const inBrackets = (items: readonly (Part | Expression)[]): Expression =>
  parts("(", listed(items), items.length === 1 ? ",)" : ")");

/** A number: a whole one is a size, and may be another one for other inputs. */
const numberPart = (value: number): Part => (Number.isSafeInteger(value) ? value : numberText(value));

/** A value that a function is given. @throws if Python has none that is the same */
export function argument(value: unknown): Expression {
  if (value === null || value === undefined) return ["None"];
  if (value instanceof Tensor) return [value];
  if (typeof value === "number") return [numberPart(value)];
  if (typeof value === "boolean") return [value ? "True" : "False"];
  if (typeof value === "string") return [JSON.stringify(value)];
  if (Array.isArray(value)) return [{ value, made: inBrackets(value.map(argument)) }];
  if (value instanceof PackedSequence) return [{ value, made: packed(value) }];
  const isDict = isPlain(value);
  check(isDict, () => `it is given a ${value.constructor?.name ?? typeof value}, which cannot be written in Python`);
  const items = Object.entries(value).map(([key, item]) => parts(`${JSON.stringify(key)}: `, argument(item)));
  return [{ value, made: parts("{", listed(items), "}") }];
}

const packed = ({ data, batchSizes, sortedIndices }: PackedSequence): Expression =>
  parts("nn.utils.rnn.PackedSequence(", listed([data, batchSizes, sortedIndices ?? "None"]), ")");

/** Arguments by place and, of a plain object at the end, by keyword. */
export function callOf(name: string, args: readonly unknown[]): Expression {
  const given = args.slice(0, args.findLastIndex((arg) => arg !== undefined) + 1);
  const options = isPlain(given.at(-1)) ? (given.pop() as Record<string, unknown>) : {};
  const keywords = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => parts(`${snakeCase(key)}=`, key === "dtype" ? dtypeText(value as string) : argument(value)));
  return parts(`${name}(`, listed([...given.map(argument), ...keywords]), ")");
}

/** What stands between square brackets. */
export function indexPart(index: unknown): Expression {
  if (index === "...") return ["..."];
  if (!(index instanceof Slice)) return argument(index);
  const bound = (value: number | undefined): Part => (value === undefined || value === Infinity ? "" : value);
  const step = index.step === undefined || index.step === 1 ? [] : [":", index.step];
  return parts(bound(index.start), ":", bound(index.end), step);
}
