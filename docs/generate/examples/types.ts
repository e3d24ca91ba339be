/** What the tables of examples may hold: an example without a name does not compile. */

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

/** Examples for functions and classes of a namespace. What is not there has its example in its comment. */
export type ExamplesOf<Namespace> = {
  [Name in keyof Namespace as Namespace[Name] extends FunctionOrClass ? Name : never]?: Example;
};
