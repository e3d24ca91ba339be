/**
 * Reads signatures, and checks arguments against them, as PyTorch's argument parser does: for who calls from plain JavaScript,
 * or past the types.
 * Read next: problems.ts, what is said; guard.ts, which puts this before every public function.
 */
import { check } from "../tensor/check.ts";
import { isPlain } from "../tensor/plain.ts";
import { Tensor } from "../tensor/tensor.ts";
import {
  isClass,
  isObject,
  isOptions,
  type Parameter,
  type Problem,
  problemWith,
  problemWithOptions,
  type Test,
} from "./problems.ts";

/** Public classes, by name. */
export type Classes = ReadonlyMap<string, abstract new (...args: never[]) => object>;

/** The language that signatures are written in. */
export class Signatures {
  readonly #options: ReadonlyMap<string, string>;
  readonly #listClasses: () => Classes;
  #classes: Classes | undefined;

  /**
   * @param options the settings of each kind of options object
   * @param listClasses called when the first signature is read
   */
  constructor(options: ReadonlyMap<string, string>, listClasses: () => Classes) {
    this.#options = options;
    this.#listClasses = listClasses;
  }

  /** A check of what a function is called with, which has one signature or several; they are read at the first call. */
  checkFor(name: string, texts: readonly string[]): (args: readonly unknown[]) => void {
    let signatures: (readonly Parameter[])[] | undefined;
    return (args) => {
      signatures ??= texts.map((text) => this.#parameters(text));
      let problem: Problem = null;
      for (let i = 0; i < signatures.length; i++) {
        problem = problemWith(name, signatures[i], args);
        if (problem === null) return;
      }
      check(problem === null, problem ?? "", TypeError);
    };
  }

  /** `x: Tensor, dim?: number | number[]` */
  #parameters(text: string): readonly Parameter[] {
    return text === "" ? [] : text.split(", ").map((parameter) => this.#parameter(parameter));
  }

  #parameter(text: string): Parameter {
    const [, dots, name, mark, type] = /^(\.\.\.)?(\w+)(\?)?: (.*)$/.exec(text) ?? [];
    const [isOptional, isRest] = [mark !== undefined, dots !== undefined];
    const settings = this.#settings(type);
    const isOfKind = this.#kinds(type);
    const fits: Test = settings
      ? (value) => isOptions(value) && problemWithOptions("", settings, value) === null
      : isOfKind;
    const accepts: Test = isOptional ? (value) => value === undefined || fits(value) : fits;
    return { name, isOptional, isRest, type, accepts, settings };
  }

  /** Of `Partial<…>` all are optional. */
  #settings(type: string): readonly Parameter[] | null {
    const [, partial, whole] = /^Partial<(.*)>$|^(.*)$/.exec(type) ?? [];
    const text = this.#options.get(partial ?? whole);
    if (text === undefined) return null;
    return this.#parameters(partial ? text.replaceAll(/\b(\w+): /g, "$1?: ") : text);
  }

  /** `Tensor | (number | null)[] | Record<number | Tensor>` */
  #kinds(type: string): Test {
    const tests = type.split(/ \| (?![^(]*\)|[^<]*>)/).map((kind) => this.#kind(kind));
    const [first, second] = tests;
    if (tests.length === 1) return first;
    if (tests.length === 2) return (value) => first(value) || second(value);
    return (value) => tests.some((test) => test(value));
  }

  /** What has at least the settings that have to be there. */
  #holder(kind: string): Test {
    let needed: readonly Parameter[] | undefined; // read later: an object may hold another of its kind
    return (value) => {
      needed ??= this.#settings(kind)?.filter(({ isOptional }) => !isOptional) ?? [];
      return isOptions(value) && needed.every(({ name, accepts }) => accepts(Reflect.get(value, name)));
    };
  }

  #kind(kind: string): Test {
    const [, element, length] = /^\(?(.*?)\)?\[(\d*)\]$/.exec(kind) ?? [];
    if (element !== undefined) {
      const accepts = this.#kinds(element);
      const hasLength: (list: unknown[]) => boolean = length ? (list) => list.length === Number(length) : () => true;
      return (value) => Array.isArray(value) && hasLength(value) && value.every(accepts);
    }
    const [, entry] = /^Record<(.*)>$/.exec(kind) ?? [];
    if (entry !== undefined) {
      const accepts = this.#kinds(entry);
      return (value) => isPlain(value) && Object.values(value).every(accepts);
    }
    const [, methods] = /^object with (.*)$/.exec(kind) ?? [];
    if (methods !== undefined) {
      const names = methods.split(" and ");
      return (value) => isObject(value) && names.every((name) => typeof Reflect.get(value, name) === "function");
    }
    if (kind in tests) return tests[kind];
    this.#classes ??= this.#listClasses();
    const Class = this.#classes.get(kind);
    if (Class) return (value) => value instanceof Class;
    if (this.#settings(kind)) return this.#holder(kind);
    const literal: unknown = JSON.parse(kind);
    return (value) => value === literal;
  }
}

const tests: Readonly<Record<string, Test>> = {
  Tensor: (value) => value instanceof Tensor,
  number: (value) => typeof value === "number",
  int: (value) => Number.isInteger(value),
  bigint: (value) => typeof value === "bigint",
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  // Number and its kin, which have the marks of classes, can be called.
  function: (value) =>
    typeof value === "function" && (!isClass(value) || Reflect.get(globalThis, value.name) === value),
  iterable: (value) => isObject(value) && Symbol.iterator in value,
  // also of another realm
  Uint8Array: (value) => ArrayBuffer.isView(value) && Reflect.get(value, Symbol.toStringTag) === "Uint8Array",
  object: isObject,
  unknown: () => true,
};
