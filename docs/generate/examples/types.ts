/** What the tables of examples have to hold: a name without an example, or an example without a name, does not compile. */
import type { Tensor } from "lucidgrad";

/** What an expression gives is printed; a block prints for itself. */
export type Example = () => unknown;

type FunctionOrClass = ((...args: never[]) => unknown) | { readonly prototype: object };

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
