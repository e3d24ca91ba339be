/**
 * An operation's type as that of a method: without its first operand, which is the tensor itself. The mapped types keep
 * the keys of what they map, so that a method has the documentation of its operation, and an editor finds that.
 */
import type { Tensor } from "../tensor/tensor.ts";
import type { Nonzero, NonzeroOptions } from "./ops/logical.ts";
import type { max, ReductionOptions, ValuesAndIndices } from "./ops/reduction.ts";
import type {
  CountedConsecutiveOptions,
  CountedOptions,
  UniqueConsecutiveOptions,
  UniqueOptions,
  unique,
  uniqueConsecutive,
} from "./ops/unique.ts";

export type Methods<Operations, Names extends keyof Operations> = {
  [Name in Names]: Method<Operations[Name]>;
};

/** Of those of the names that end in an underscore: in place. */
export type InPlaceMethods<Operations, Names> = Twins<Operations, Twinned<Names, keyof Operations>>;

type Twins<Operations, Names extends keyof Operations & string> = {
  [Name in Names as `${Name}_`]: InPlace<Operations[Name]>;
};

/** What is before the underscore. */
type Twinned<Name, Operation> = Name extends `${infer Base extends Operation & string}_` ? Base : never;

type Method<Operation> = Operation extends typeof max
  ? Extreme
  : Operation extends Nonzero
    ? Places
    : Operation extends typeof unique
      ? Distinct<UniqueOptions, CountedOptions>
      : Operation extends typeof uniqueConsecutive
        ? Distinct<UniqueConsecutiveOptions, CountedConsecutiveOptions>
        : Operation extends (...args: infer Args) => infer Result
          ? (...rest: Rest<Args>) => Result
          : never;

type InPlace<Operation> = Operation extends (...args: infer Args) => Tensor ? Changing<Rest<Args>> : never;

/** All arguments but the first. */
type Rest<Args extends unknown[]> = Args extends [unknown, ...infer Others] ? Others : never;

interface Changing<Args extends unknown[]> {
  /** In place: the tensor gets the operation's result as its new values, and is returned. */
  // biome-ignore lint/style/useShorthandFunctionType: at a call, editors show the comment of a signature
  (...args: Args): Tensor;
}

interface Extreme {
  /** The largest element for `max`, the smallest for `min`, the middle one for `median` and `nanmedian`. */
  (): Tensor;
  /** The larger of each pair of elements for `max`, the smaller for `min`. */
  (other: Tensor): Tensor;
  /** Those elements along dim, and where they are: `{ values, indices }`. */
  (dim: number, options?: ReductionOptions): ValuesAndIndices;
}

interface Places {
  /** A row of coordinates for each element that is not 0. */
  (options?: NonzeroOptions & { asTuple?: false }): Tensor;
  /** A vector of coordinates for each dimension. */
  (options: NonzeroOptions & { asTuple: true }): Tensor[];
}

interface Distinct<Options, CountedOptions> {
  /** The different elements, or slices along dim: of `uniqueConsecutive`, of each run of equal ones. */
  (options?: Options): Tensor;
  /** The different ones, where among them each element is, and how often each comes: what is asked for. */
  (options: CountedOptions): Tensor[];
}
