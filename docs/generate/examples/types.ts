/** What the tables of examples have to hold: a name without an example, or an example without a name, does not compile. */
import type { Tensor } from "lucidgrad";

/** What an expression gives is printed; a block prints for itself. */
export type Example = () => unknown;

type FunctionOrClass = ((...args: never[]) => unknown) | { readonly prototype: object };

type Class = abstract new (...args: never[]) => unknown;

/** What a page of layers shows of `nn`, which also has their functions. */
export type ClassesOf<Namespace> = {
  [Name in keyof Namespace as Namespace[Name] extends Class ? Name : never]: Namespace[Name];
};

/** What a page of functions shows of a namespace that also has their layers. */
export type FunctionsOf<Namespace> = Omit<Namespace, keyof ClassesOf<Namespace>>;

/** An example for every function and class of a namespace. */
export type ExamplesOf<Namespace> = {
  [Name in keyof Namespace as Namespace[Name] extends FunctionOrClass ? Name : never]: Example;
};

/** What only the engine uses. */
type Internal = "viewOf" | "historyVersion";

/** `exp_` is explained with `exp`. */
type WithTwin<Name> = Name extends `${infer Base}_` ? (Base extends keyof Tensor ? Name : never) : never;

/** An example for every member of Tensor, and for what makes one. */
export type ExamplesOfTensor = {
  [Name in Exclude<keyof Tensor, Internal | WithTwin<keyof Tensor> | symbol> | "empty"]: Example;
};
