/** A call of PyTorch's as one of lucidgrad: where each argument belongs, how it is written, and what it gives. Read next: ask.ts. */

import type { Tensor } from "../../../src/index.ts";
import * as lucidgrad from "../../../src/index.ts";
import { kindOf, valueFrom, valueText, type Written } from "./literals.ts";
import { type Parameter, signatures } from "./signatures.ts";

export interface TorchCall {
  /** `nn.functional.gelu`, `add_`, `nn.Linear` */
  readonly name: string;
  /** The names of the parameters, in order. */
  readonly places: readonly string[];
  readonly arguments: readonly {
    readonly name: string;
    readonly place: number | null;
    readonly value: Written;
    readonly isDefault: boolean;
  }[];
}

export interface Call {
  /** `nn.functional.gelu`, `Tensor.add_`, `nn.Linear` */
  readonly path: string;
  readonly args: readonly (Written | undefined)[];
  readonly options: Readonly<Record<string, Written>>;
}

const camelCase = (name: string): string => name.replaceAll(/(?<=\w)_(\w)/g, (_, letter) => letter.toUpperCase());

/** What PyTorch has as a function, a method or in nn.functional may be another of them here. */
function pathOf(name: string): string | undefined {
  const path = camelCase(name);
  const last = path.replace("nn.functional.", "");
  return [path, last, `Tensor.${last}`].find((found) => signatures.has(found));
}

const isMethod = (path: string): boolean => path.startsWith("Tensor.");
const isClass = (path: string): boolean => /^nn\.[A-Z]/.test(path);
const lastOf = (path: string): string => path.slice(path.lastIndexOf(".") + 1);

/** What they take one by one, PyTorch takes as a list. */
const variadic: Readonly<Record<string, number>> = {
  ...{ index: 1, einsum: 1 },
  ...{ blockDiag: 0, broadcastTensors: 0, cartesianProd: 0, chainMatmul: 0 },
};

/**
 * The same call: a parameter is PyTorch's of the same name, or else of the same place.
 * @returns why there is none, where lucidgrad does not have the function, an option, or an argument of that kind
 */
export function placed({ name, places, arguments: given }: TorchCall): Call | string {
  const path = pathOf(name);
  const signature = path && signatures.get(path);
  if (!signature) return `there is no ${name}`;
  const self: readonly Parameter[] = isMethod(path) ? [{ name: "self", kinds: ["tensor"] }] : [];
  const parameters = [...self, ...signature.parameters];
  const names = places.map(camelCase);

  const args: (Written | undefined)[] = [];
  const options: Record<string, Written> = {};
  for (const { name, place, value, isDefault } of given) {
    const own = camelCase(name);
    const option = signature.options.find((parameter) => parameter.name === own);
    const isOfOtherName = (at: number) => at < parameters.length && !names.includes(parameters[at].name);
    const named = parameters.findIndex((parameter) => parameter.name === own);
    const at = named < 0 && !option && place !== null && isOfOtherName(place) ? place : named;
    const parameter = parameters[at] ?? option;
    if (!parameter && isDefault) continue;
    if (!parameter) return `${path} has no ${name}`;
    const isLeftOut = value === null && !parameter.kinds.includes("null");
    if (!isLeftOut && !parameter.kinds.includes(kindOf(value))) return `${path} takes no ${kindOf(value)} as ${name}`;
    if (at >= 0) args[at] = isLeftOut ? undefined : value;
    else if (!isLeftOut) options[own] = value;
  }
  if (Object.keys(options).length > 0) args.length = parameters.length;
  const list = args[variadic[path]];
  if (Array.isArray(list)) args.splice(variadic[path], 1, ...list);
  return { path, args: Array.from(args), options };
}

export function callText({ path, args, options }: Call): string {
  const settings = Object.entries(options).map(([name, value]) => `${name}: ${valueText(value)}`);
  const given = [...args.map(valueText), ...(settings.length > 0 ? [`{ ${settings.join(", ")} }`] : [])];
  if (isMethod(path)) return `${given[0]}.clone().${lastOf(path)}(${given.slice(1).join(", ")})`;
  return `${isClass(path) ? "new " : ""}${path}(${given.join(", ")})`;
}

/** What it gives; a method is called on a copy, so that a leaf can be changed in place. `known` gets the tensors. */
export function runCall({ path, args, options }: Call, known = new Map<number, Tensor>()): unknown {
  const values = args.map((arg) => valueFrom(arg, known));
  const settings = Object.entries(options).map(([name, value]) => [name, valueFrom(value, known)]);
  if (settings.length > 0) values.push(Object.fromEntries(settings));
  const self = isMethod(path) ? (values.shift() as Tensor).clone() : lucidgrad;
  const f = path
    .replace("Tensor.", "")
    .split(".")
    .reduce<unknown>((of, name) => Reflect.get(of as object, name), self);
  if (isClass(path)) return Reflect.construct(f as new () => unknown, values);
  return Reflect.apply(f as () => unknown, self, values);
}
