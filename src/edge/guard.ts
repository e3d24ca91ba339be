/**
 * The edge of the package: every function that users call, behind a check of its arguments. Inside, the engine calls its
 * functions as they are.
 */
import * as engine from "../index.ts";
import { Signatures } from "./arguments.ts";
import { leftOut } from "./left-out.ts";
import { isClass as isAnyClass } from "./problems.ts";
import { settings, signatures } from "./signatures.ts";

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type AnyClass = (abstract new (...args: never[]) => object) & AnyFunction;

const isFunction = (value: unknown): value is AnyFunction => typeof value === "function";
const isClass = (value: unknown): value is AnyClass => isAnyClass(value);
/** What a function takes, by its path. */
type Signed = readonly [path: string, texts: readonly string[]];

/** The functions and methods of a module or class, and what is left out of it on purpose, by its path. */
const members = byOwner(signatures);
const missing = byOwner(leftOut.flatMap(([why, names]) => names.split(" ").map((path) => [path, why] as const)));

/** `nn`, and `nn.functional`, which is an object: what has members with signatures. To read all of its names would take long. */
const isNamespace = (path: string, value: unknown): value is object => members.has(path) && !isFunction(value);

function byOwner<Said>(entries: Iterable<readonly [path: string, said: Said]>) {
  const owners = new Map<string, (readonly [path: string, said: Said])[]>();
  for (const entry of entries) {
    const owner = entry[0].slice(0, -lastName(entry[0]).length - 1);
    const others = owners.get(owner);
    if (others) others.push(entry);
    else owners.set(owner, [entry]);
  }
  return owners;
}

const parser = new Signatures(settings, () => classesIn(engine, ""));

/** What a module exports, as users get it. */
export const guarded = <Names extends object>(module: Names): Names => guardNames(module, "") as Names;

const guardNames = (names: object, prefix: string): object =>
  Object.fromEntries(Object.entries(names).map(([name, value]) => [name, guard(prefix + name, value)]));

/** @param path such as `nn.Linear` */
function guard(path: string, value: unknown): unknown {
  if (isClass(value)) return guardClass(path, value);
  if (isFunction(value)) return guardFunction(path, value, signatures.get(path));
  return isNamespace(path, value) ? Object.freeze(leaveOut(path, guardNames(value, `${path}.`))) : value;
}

/** What `owner` has not, on purpose, says so when it is called. A user's class may have methods and fields of such names. */
function leaveOut(path: string, owner: object): object {
  for (const [name, why] of missing.get(path) ?? []) {
    const value = refusal(`${name} is left out on purpose. ${why}`);
    Object.defineProperty(owner, lastName(name), { value, configurable: true, writable: true });
  }
  return owner;
}

/** What throws when it is called, and when it is constructed. */
function refusal(message: string): AnyFunction {
  function refuse(): never {
    throw new Error(message);
  }
  return refuse;
}

function guardFunction(path: string, f: AnyFunction, texts: readonly string[] | undefined): AnyFunction {
  if (!texts) return f;
  const name = lastName(path);
  const checkArguments = parser.checkFor(name, texts);
  const guarding = function (this: unknown, ...args: unknown[]) {
    checkArguments(args);
    return f.apply(this, args);
  };
  return Object.defineProperty(guarding, "name", { value: name });
}

/** `Linear` of `nn.Linear`. */
function lastName(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

/** The class, whose methods are guarded from now on, behind a guard of its constructor. */
function guardClass(path: string, Class: AnyClass): AnyClass {
  leaveOut(path, Class.prototype);
  for (const [methodPath, texts] of methodsOf(path)) {
    const name = lastName(methodPath);
    const owner: object = name in Class.prototype ? Class.prototype : Class;
    const method = Reflect.get(owner, name) as AnyFunction;
    const value = guardFunction(name, method, texts);
    Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  }
  const texts = signatures.get(path);
  if (!texts) return Class;
  const checkArguments = parser.checkFor(lastName(path), texts);
  const guarding = new Proxy(Class, {
    construct(target, args, newTarget) {
      checkArguments(args);
      return Reflect.construct(target, args, newTarget) as object;
    },
  });
  Class.prototype.constructor = guarding; // an instance is of the class that users have
  return guarding;
}

/** What the methods of a class take. */
const methodsOf = (path: string): Signed[] =>
  path === "Tensor" ? [...operations(), ...(members.get(path) ?? [])] : (members.get(path) ?? []);

/** Operations are methods of their first argument, unless they say otherwise. */
function operations(): Signed[] {
  const methods = Object.entries(Object.getOwnPropertyDescriptors(engine.Tensor.prototype));
  return methods.flatMap(([name, { value }]): Signed[] => {
    const isOperation = isFunction(value) && !signatures.has(`Tensor.${name}`);
    const texts = isOperation ? signatures.get(name.replace(/_$/, "")) : undefined;
    return texts ? [[name, texts.map((text) => text.replace(/^.*?(, |$)/, ""))]] : [];
  });
}

/** All classes among the names of a module, and below. */
function classesIn(names: object, prefix: string): Map<string, AnyClass> {
  const found = new Map<string, AnyClass>();
  for (const [name, value] of Object.entries(names)) {
    const path = prefix + name;
    if (isClass(value)) found.set(name, value);
    else if (isNamespace(path, value)) for (const [own, Class] of classesIn(value, `${path}.`)) found.set(own, Class);
  }
  return found;
}
