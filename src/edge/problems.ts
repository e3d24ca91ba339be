/**
 * What is wrong with arguments, in PyTorch's words where it has some: which function, which argument, what it was, and what was
 * meant.
 */
import { isPlain } from "../tensor/plain.ts";
import { meantBy } from "./spelling.ts";

/** Whether a value is of a kind. */
export type Test = (value: unknown) => boolean;

/** A parameter of a function, or a setting among options. */
export interface Parameter {
  readonly name: string;
  readonly isOptional: boolean;
  readonly isRest: boolean;
  /** As the signature says it: `Tensor | number`. */
  readonly type: string;
  /** `undefined` is as good as nothing. */
  readonly accepts: Test;
  /** Of an options object, its settings; else null. */
  readonly settings: readonly Parameter[] | null;
}

/** What is wrong; null for nothing. */
export type Problem = string | null;

export function problemWith(name: string, parameters: readonly Parameter[], args: readonly unknown[]): Problem {
  const last = parameters.length - 1;
  const takesMore = last >= 0 && parameters[last].isRest;
  const count = takesMore ? args.length : Math.min(last + 1, args.length);
  for (let i = 0; i < count; i++) {
    if (!parameters[Math.min(i, last)].accepts(args[i])) return wrongArgument(name, parameters, args, i);
  }
  // What is not given is hardly ever wrong, and every call passes here: an optional parameter is not asked.
  for (let i = count; i <= last; i++) {
    const { isOptional, isRest, accepts } = parameters[i];
    if (!isOptional && !isRest && !accepts(undefined)) return wrongArgument(name, parameters, args, i);
  }
  if (args.length <= count) return null;
  return `${name}() takes ${count} positional arguments but ${args.length} were given`;
}

export function problemWithOptions(name: string, settings: readonly Parameter[], given: object): Problem {
  const isKnown = (key: string) => settings.some((setting) => setting.name === key);
  const names = () => settings.map((setting) => setting.name);
  // An object of a class may hold more: a layer, for example, that is its own options.
  const isHolder = isPlain(given) || settings.some((setting) => setting.name in given);
  if (!isHolder) return `${name}(): options (${names().join(", ")}) cannot be ${described(given)}`;
  const unknown = isPlain(given) ? Object.keys(given).find((key) => !isKnown(key)) : undefined;
  if (unknown !== undefined) {
    const meant = meantBy(unknown, names());
    return `${name} has no option "${unknown}": ${meant ? `did you mean ${meant}?` : `there are ${names().join(", ")}`}`;
  }
  for (const setting of settings) {
    const value: unknown = Reflect.get(given, setting.name);
    if (!setting.accepts(value)) return `${name}(): option '${setting.name}' must be ${wanted(setting, value)}`;
  }
  return null;
}

function missing(name: string, parameters: readonly Parameter[], args: readonly unknown[]): string {
  const names = parameters.filter(({ isOptional, isRest }, i) => !isOptional && !isRest && args[i] === undefined);
  const quoted = names.map((parameter) => `"${parameter.name}"`).join(", ");
  return `${name}() missing ${names.length} required positional arguments: ${quoted}. ${usage(name, parameters)}`;
}

function wrongArgument(name: string, parameters: readonly Parameter[], args: readonly unknown[], i: number): string {
  const parameter = parameters[Math.min(i, parameters.length - 1)];
  const { settings } = parameter;
  const value = args[i];
  if (value === undefined) return missing(name, parameters, args);
  if (settings && isOptions(value)) return problemWithOptions(name, settings, value) ?? "";
  const start = `${name}(): argument '${parameter.name}' (position ${i + 1}) must be`;
  if (parameter.isRest && Array.isArray(value)) {
    return `${start} ${wanted(parameter, value)}. Did you mean ${name}(...list), one by one?`;
  }
  if (!settings) return `${start} ${wanted(parameter, value)}${isPlain(value) ? `. ${usage(name, parameters)}` : ""}`;
  const meant = settings.find(({ accepts }) => accepts(value));
  if (meant) return `${start} an object such as { ${meant.name}: ${described(value)} }, not ${described(value)}`;
  const names = settings.map((setting) => setting.name).join(", ");
  const list = parameters[0].accepts(args) ? `. Did you mean ${name}([${args.join(", ")}])?` : "";
  return `${start} an object of options (${names}), not ${described(value)}${list}`;
}

/** `x.sum(dim?, options?)` without the x. */
function usage(name: string, parameters: readonly Parameter[]): string {
  const names = parameters.map((own) => `${own.isRest ? "..." : ""}${own.name}${own.isOptional ? "?" : ""}`);
  return `It is called as ${name}(${names.join(", ")})`;
}

/** What is expected, what it is instead, and how to make one of the other. */
function wanted({ type, accepts }: Parameter, value: unknown): string {
  const expected = type.replaceAll(" | ", " or ");
  const isList = Array.isArray(value);
  if ((isList || isPlain(value)) && accepts(isList ? [] : {})) {
    const [key, part] = Object.entries(value).find(([key, own]) => !accepts(isList ? [own] : { [key]: own })) ?? [];
    return `${expected}, but its "${key}" is ${described(part)}`;
  }
  return `${expected}, not ${described(value)}${advice(type, value)}`;
}

function advice(type: string, value: unknown): string {
  if (isObject(value) && "item" in value && type === "int[]") return ": its shape is such a list";
  if (isObject(value) && "item" in value && /\b(number|int)\b/.test(type)) return ": its item() is a number";
  if (value instanceof Map && type.startsWith("Record")) return ": Object.fromEntries(…) makes one";
  if (isObject(value) && "stateDict" in value && type.startsWith("Record")) return ": take its stateDict()";
  if (isObject(value) && "parameters" in value) return ": take its parameters()";
  if (type.includes("function") && isClass(value)) return `: (…) => new ${value.name}(…) is one`;
  if (/\bTensor\b/.test(type) && (typeof value === "number" || Array.isArray(value))) return ": tensor(…) makes one";
  return "";
}

function described(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (isClass(value)) return `the class ${value.name}`;
  if (typeof value === "function") return "a function";
  if (!isObject(value)) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return isPlain(value) ? `{ ${Object.keys(value).join(", ")} }` : `a ${classOf(value)}`;
}

const classOf = (value: object): string => value.constructor.name;

/** Whether it can only be constructed. */
export const isClass = (value: unknown): value is abstract new (...args: never[]) => object =>
  typeof value === "function" && Object.getOwnPropertyDescriptor(value, "prototype")?.writable === false;

export const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
/** What holds options; objects of a class may, too. */
export const isOptions = (value: unknown): value is object =>
  isObject(value) && !Array.isArray(value) && !ArrayBuffer.isView(value);
