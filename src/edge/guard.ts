/**
 * The edge of the package: every function that users call, behind a check of its arguments. Inside, the engine calls its
 * functions as they are.
 */
import * as engine from "../index.ts";
import { Signatures } from "./arguments.ts";
import { leftOut } from "./left-out.ts";
import { settings, signatures } from "./signatures.ts";

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type AnyClass = (abstract new (...args: never[]) => object) & AnyFunction;

const isFunction = (value: unknown): value is AnyFunction => typeof value === "function";
const isClass = (value: unknown): value is AnyClass =>
  isFunction(value) && Object.getOwnPropertyDescriptor(value, "prototype")?.writable === false;
/** `nn`, and `nn.functional`, which is an object. */
const isNamespace = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.values(value).some(isFunction);

const parser = new Signatures(settings, classesIn(engine));

/** What a module exports, as users get it. */
export const guarded = <Names extends object>(module: Names): Names => guardNames(module, "") as Names;

const guardNames = (names: object, prefix: string): object =>
  Object.fromEntries(Object.entries(names).map(([name, value]) => [name, guard(prefix + name, value)]));

/** @param path such as `nn.Linear` */
function guard(path: string, value: unknown): unknown {
  if (isClass(value)) return guardClass(path, value);
  if (isFunction(value)) return guardFunction(path, value, signatures.get(path));
  return isNamespace(value) ? Object.freeze(leaveOut(path, guardNames(value, `${path}.`))) : value;
}

/** What `owner` has not, on purpose, says so when it is called. A user's class may have methods and fields of such names. */
function leaveOut(path: string, owner: object): object {
  for (const [why, names] of leftOut) {
    for (const full of names.split(" ").filter((full) => full === `${path}.${lastName(full)}`)) {
      const value = refusal(`${full} is left out on purpose. ${why}`);
      Object.defineProperty(owner, lastName(full), { value, configurable: true, writable: true });
    }
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
const lastName = (path: string): string => path.slice(path.lastIndexOf(".") + 1);

/** The class, whose methods are guarded from now on, behind a guard of its constructor. */
function guardClass(path: string, Class: AnyClass): AnyClass {
  leaveOut(path, Class.prototype);
  for (const [name, texts] of methodsOf(path)) {
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
function methodsOf(path: string): [name: string, texts: readonly string[]][] {
  const own = [...signatures].flatMap(([name, texts]): [string, readonly string[]][] =>
    name.startsWith(`${path}.`) ? [[name.slice(path.length + 1), texts]] : [],
  );
  return path === "Tensor" ? [...operations(), ...own] : own;
}

/** Operations are methods of their first argument, unless they say otherwise. */
function operations(): [name: string, texts: readonly string[]][] {
  const members = Object.entries(Object.getOwnPropertyDescriptors(engine.Tensor.prototype));
  return members.flatMap(([name, { value }]): [string, readonly string[]][] => {
    const isOperation = isFunction(value) && !signatures.has(`Tensor.${name}`);
    const texts = isOperation ? signatures.get(name.replace(/_$/, "")) : undefined;
    return texts ? [[name, texts.map((text) => text.replace(/^.*?(, |$)/, ""))]] : [];
  });
}

/** All classes among the names of a module, and below. */
function classesIn(names: object): Map<string, AnyClass> {
  const found = new Map<string, AnyClass>();
  for (const [name, value] of Object.entries(names)) {
    if (isClass(value)) found.set(name, value);
    else if (isNamespace(value)) for (const [own, Class] of classesIn(value)) found.set(own, Class);
  }
  return found;
}
