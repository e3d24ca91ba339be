/**
 * What values may be: the supports of distributions, and what their parameters have to satisfy. Each constraint is an object
 * that tells which values fit. Mirrors `torch.distributions.constraints`.
 */
import type { Operand } from "../autograd/ops/elementwise.ts";
import { eigvalsh } from "../autograd/ops/linalg/spectral.ts";
import { cat as concatenate, stack as stacked } from "../autograd/ops/parts.ts";
import { check } from "../tensor/check.ts";
import { full } from "../tensor/create.ts";
import { isFloatingPoint } from "../tensor/dtype.ts";
import { finfo } from "../tensor/limits.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { shown } from "./parameters.ts";
import { isPositiveDefinite } from "./triangular.ts";

/** Which values fit: bool, one for each event. */
export type ConstraintTest = (value: Tensor) => Tensor;

/** What is particular to a constraint. */
export interface ConstraintTraits {
  /** Whether values can be counted. Default: false. */
  readonly isDiscrete?: boolean;
  /** How many dimensions at the end of a value are one event. Default: 0. */
  readonly eventDim?: Int;
  /** The least value. */
  readonly lowerBound?: Operand;
  /** The largest value. */
  readonly upperBound?: Operand;
  /** What stands between its parentheses. */
  readonly text?: string;
  /** What it is made of. */
  readonly madeOf?: MadeOf;
}

/** Constraints that another one is made of. */
export interface MadeOf {
  /** One for each part; or the one that events are made of. */
  readonly parts: readonly Constraint[];
  /** Along which dimension parts are; of events, how many dimensions of the batch belong to one. */
  readonly dim: Int;
  /** How long each part is. */
  readonly lengths: readonly Int[];
}

/**
 * A set of values. Mirrors `torch.distributions.constraints.Constraint`.
 * @example
 * const { support } = new distributions.Normal(0, 1);
 * console.log(String(support), support.isDiscrete, support.eventDim);
 */
export class Constraint {
  /** Whether they can be counted. */
  readonly isDiscrete: boolean;
  /** How many dimensions at the end of a value are one event. */
  readonly eventDim: Int;
  /** The least value, if there is one. */
  readonly lowerBound: Operand | null;
  /** The largest value, if there is one. */
  readonly upperBound: Operand | null;
  /** Its kind, such as GreaterThan. */
  readonly name: string;
  /** What it is made of, if it is made of others. */
  readonly madeOf: MadeOf | null;
  readonly #test: ConstraintTest;
  readonly #text: string;

  constructor(name: string, test: ConstraintTest, traits: ConstraintTraits = {}) {
    this.isDiscrete = traits.isDiscrete ?? false;
    this.eventDim = traits.eventDim ?? 0;
    this.lowerBound = traits.lowerBound ?? null;
    this.upperBound = traits.upperBound ?? null;
    this.name = name;
    this.madeOf = traits.madeOf ?? null;
    this.#test = test;
    this.#text = `${name}(${traits.text ?? ""})`;
  }

  /** Whether each event of a value fits: bool. @example distributions.constraints.positive.check(tensor([-1, 2])) */
  check(value: Tensor): Tensor {
    return this.#test(value);
  }

  /** The text that PyTorch prints. @example String(distributions.constraints.unitInterval) */
  toString(): string {
    return this.#text;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

const lowerText = (bound: string): string => `lower_bound=${bound}`;
const upperText = (bound: string): string => `upper_bound=${bound}`;

/** Bounds of whole numbers are printed as such; those of tensors as they are. */
const whole = (bound: Operand): string => (typeof bound === "number" ? String(bound) : shown(bound));

const isWhole: ConstraintTest = (value) =>
  isFloatingPoint(value.dtype) ? value.sub(value.floor()).eq(0) : value.eq(value);
const between = (value: Tensor, low: Operand, high: Operand): Tensor => value.ge(low).logicalAnd(value.le(high));

/** What depends on other values, and cannot be told. @example distributions.constraints.isDependent(distributions.constraints.dependent) */
export const dependent = new Constraint("Dependent", () => {
  throw new Error("Cannot determine validity of dependent constraint");
});

/** Whether it cannot be told which values fit. @example distributions.constraints.isDependent(distributions.constraints.real) */
export const isDependent = (constraint: Constraint): boolean => constraint === dependent;

/**
 * The last dimensions of a value are one event, which fits if all of it does.
 * @example distributions.constraints.independent(distributions.constraints.positive, 1).check(tensor([[1, 2], [-1, 2]]))
 */
export function independent(base: Constraint, reinterpretedBatchNdims: Int): Constraint {
  const eventDim = base.eventDim + reinterpretedBatchNdims;
  const test: ConstraintTest = (value) => {
    const each = base.check(value);
    const tooFew = () => `Expected value.dim() >= ${eventDim} but got ${value.ndim}`;
    check(each.ndim >= reinterpretedBatchNdims, tooFew);
    return reinterpretedBatchNdims === 0 ? each : each.flatten(each.ndim - reinterpretedBatchNdims).all(-1);
  };
  const { isDiscrete } = base;
  return new Constraint("IndependentConstraint", test, {
    isDiscrete,
    eventDim,
    text: `${base}, ${reinterpretedBatchNdims}`,
    madeOf: { parts: [base], dim: reinterpretedBatchNdims, lengths: [] },
  });
}

/** 0 or 1. @example distributions.constraints.boolean.check(tensor([0, 0.5, 1])) */
export const boolean = new Constraint("Boolean", (value) => value.eq(0).logicalOr(value.eq(1)), { isDiscrete: true });

/** Vectors with a 1 among zeros. @example distributions.constraints.oneHot.check(tensor([[0, 1], [1, 1]])) */
export const oneHot = new Constraint(
  "OneHot",
  (value) => boolean.check(value).all(-1).logicalAnd(value.sum(-1).eq(1)),
  { isDiscrete: true, eventDim: 1 },
);

/** Whole numbers from one to another. @example String(distributions.constraints.integerInterval(0, 9)) */
export const integerInterval = (lowerBound: Operand, upperBound: Operand): Constraint =>
  new Constraint("IntegerInterval", (value) => isWhole(value).logicalAnd(between(value, lowerBound, upperBound)), {
    isDiscrete: true,
    lowerBound,
    upperBound,
    text: `${lowerText(whole(lowerBound))}, ${upperText(whole(upperBound))}`,
  });

/** Whole numbers from one on. */
const integerGreaterThan = (lowerBound: Int): Constraint =>
  new Constraint("IntegerGreaterThan", (value) => isWhole(value).logicalAnd(value.ge(lowerBound)), {
    isDiscrete: true,
    lowerBound,
    text: lowerText(whole(lowerBound)),
  });

/** 0, 1, 2, … @example distributions.constraints.nonnegativeInteger.check(tensor([-1, 0, 1.5])) */
export const nonnegativeInteger = integerGreaterThan(0);

/** 1, 2, 3, … @example distributions.constraints.positiveInteger.check(tensor([0, 1, 1.5])) */
export const positiveInteger = integerGreaterThan(1);

/** All but NaN. @example distributions.constraints.real.check(tensor([0, Number.NaN])) */
export const real = new Constraint("Real", (value) => value.eq(value));

/** Vectors of real numbers. @example distributions.constraints.realVector.check(tensor([[0, 1], [Number.NaN, 1]])) */
export const realVector = independent(real, 1);

/** Above a bound. @example distributions.constraints.greaterThan(2).check(tensor([2, 3])) */
export const greaterThan = (lowerBound: Operand): Constraint =>
  new Constraint("GreaterThan", (value) => value.gt(lowerBound), { lowerBound, text: lowerText(shown(lowerBound)) });

/** From a bound on. @example distributions.constraints.greaterThanEq(2).check(tensor([2, 3])) */
export const greaterThanEq = (lowerBound: Operand): Constraint =>
  new Constraint("GreaterThanEq", (value) => value.ge(lowerBound), { lowerBound, text: lowerText(shown(lowerBound)) });

/** Below a bound. @example distributions.constraints.lessThan(2).check(tensor([2, 1])) */
export const lessThan = (upperBound: Operand): Constraint =>
  new Constraint("LessThan", (value) => value.lt(upperBound), { upperBound, text: upperText(shown(upperBound)) });

/** Above 0. @example distributions.constraints.positive.check(tensor([0, 1])) */
export const positive = greaterThan(0);

/** From 0 on. @example distributions.constraints.nonnegative.check(tensor([-1, 0])) */
export const nonnegative = greaterThanEq(0);

/** From one bound to another. @example distributions.constraints.interval(0, 2).check(tensor([2, 3])) */
export const interval = (lowerBound: Operand, upperBound: Operand): Constraint =>
  new Constraint("Interval", (value) => between(value, lowerBound, upperBound), {
    lowerBound,
    upperBound,
    text: `${lowerText(shown(lowerBound))}, ${upperText(shown(upperBound))}`,
  });

/** From one bound to below another. @example distributions.constraints.halfOpenInterval(0, 2).check(tensor([0, 2])) */
export const halfOpenInterval = (lowerBound: Operand, upperBound: Operand): Constraint =>
  new Constraint("HalfOpenInterval", (value) => value.ge(lowerBound).logicalAnd(value.lt(upperBound)), {
    lowerBound,
    upperBound,
    text: `${lowerText(shown(lowerBound))}, ${upperText(shown(upperBound))}`,
  });

/** From 0 to 1. @example distributions.constraints.unitInterval.check(tensor([0.5, 2])) */
export const unitInterval = interval(0, 1);

/** Vectors of probabilities: not negative, with the sum 1. @example distributions.constraints.simplex.check(tensor([[0.5, 0.5], [0.5, 1]])) */
export const simplex = new Constraint(
  "Simplex",
  (value) => value.ge(0).all(-1).logicalAnd(value.sum(-1).sub(1).abs().lt(1e-6)),
  { eventDim: 1 },
);

/** Vectors of counts, up to so many together. @example distributions.constraints.multinomial(3).check(tensor([1, 3])) */
export const multinomial = (upperBound: Int): Constraint =>
  new Constraint("Multinomial", (value) => value.ge(0).all(-1).logicalAnd(value.sum(-1).le(upperBound)), {
    isDiscrete: true,
    eventDim: 1,
    upperBound,
  });

const isLowerTriangular: ConstraintTest = (value) => value.tril().eq(value).flatten(-2).all(-1);
const matrix = { eventDim: 2 };

/** Matrices with zeros above the diagonal. @example distributions.constraints.lowerTriangular.check(tensor([[1, 0], [2, 3]])) */
export const lowerTriangular = new Constraint("LowerTriangular", isLowerTriangular, matrix);

/** The same with positive numbers on the diagonal. @example distributions.constraints.lowerCholesky.check(tensor([[1, 0], [2, -3]])) */
export const lowerCholesky = new Constraint(
  "LowerCholesky",
  (value) => isLowerTriangular(value).logicalAnd(value.diagonal(0, -2, -1).gt(0).all(-1)),
  matrix,
);

/** The same, with rows of length 1. @example distributions.constraints.corrCholesky.check(tensor([[1, 0], [0.6, 0.8]])) */
export const corrCholesky = new Constraint(
  "CorrCholesky",
  (value) => {
    const tolerance = finfo(value.dtype).eps * value.shape[value.ndim - 1] * 10;
    const isUnit = value.detach().norm(2, -1).sub(1).abs().le(tolerance).all(-1);
    return lowerCholesky.check(value).logicalAnd(isUnit);
  },
  matrix,
);

const isSquare: ConstraintTest = ({ shape }) =>
  full(shape.slice(0, -2), Number(shape.at(-1) === shape.at(-2)), { dtype: "bool" });

/** Matrices with as many rows as columns. @example distributions.constraints.square.check(zeros([2, 3])) */
export const square = new Constraint("Square", isSquare, matrix);

/** A test of square matrices, which those that are not do not pass. */
const ofSquare =
  (test: ConstraintTest): ConstraintTest =>
  (value) =>
    value.shape.at(-1) === value.shape.at(-2) ? test(value) : isSquare(value);

const isSymmetric: ConstraintTest = ofSquare((value) => {
  const mirrored = value.transpose(-2, -1);
  const tolerance = mirrored.abs().mul(1e-5).add(1e-6);
  return value.sub(mirrored).abs().le(tolerance).flatten(-2).all(-1);
});

/** Matrices that are their own transpose. @example distributions.constraints.symmetric.check(tensor([[1, 2], [2, 1]])) */
export const symmetric = new Constraint("Symmetric", isSymmetric, matrix);

/** Symmetric matrices A with xᵀAx ≥ 0 for every x. @example distributions.constraints.positiveSemidefinite.check(tensor([[1, 1], [1, 1]])) */
export const positiveSemidefinite = new Constraint(
  "PositiveSemidefinite",
  (value) => {
    const fits = isSymmetric(value);
    return fits.all().item() ? eigvalsh(value).ge(0).all(-1) : fits;
  },
  matrix,
);

/** Symmetric matrices A with xᵀAx > 0 for every x ≠ 0. @example distributions.constraints.positiveDefinite.check(tensor([[1, 2], [2, 1]])) */
export const positiveDefinite = new Constraint(
  "PositiveDefinite",
  (value) => {
    const fits = isSymmetric(value);
    return fits.all().item() ? isPositiveDefinite(value) : fits;
  },
  matrix,
);

/** How parts of a value are joined. */
export interface JoinOptions {
  /** Along which dimension. Default: 0. */
  dim?: Int;
  /** How long each part is. Default: 1 each. */
  lengths?: readonly Int[];
}

/**
 * Parts of a value, one after the other, each with a constraint of its own.
 * @example
 * const { cat, positive, real } = distributions.constraints;
 * console.log(cat([positive, real], { lengths: [1, 2] }).check(tensor([-1, -2, 3])));
 */
export function cat(constraints: readonly Constraint[], options: JoinOptions = {}): Constraint {
  const { dim = 0, lengths = constraints.map(() => 1) } = options;
  const test: ConstraintTest = (value) => {
    const parts = value.split(lengths, dim);
    return concatenate(
      parts.map((part, i) => constraints[i].check(part)),
      dim,
    );
  };
  const isDiscrete = constraints.some((constraint) => constraint.isDiscrete);
  return new Constraint("Cat", test, {
    isDiscrete,
    eventDim: Math.max(...constraints.map(({ eventDim }) => eventDim)),
    madeOf: { parts: constraints, dim, lengths },
  });
}

/**
 * The slices of a value along a dimension, each with a constraint of its own.
 * @example
 * const { positive, real, stack } = distributions.constraints;
 * console.log(stack([positive, real]).check(tensor([[-1, 2], [-1, 2]])));
 */
export function stack(constraints: readonly Constraint[], dim: Int = 0): Constraint {
  const test: ConstraintTest = (value) =>
    stacked(
      constraints.map((constraint, i) => constraint.check(value.select(dim, i))),
      dim,
    );
  const isDiscrete = constraints.some((constraint) => constraint.isDiscrete);
  const largest = Math.max(...constraints.map(({ eventDim }) => eventDim));
  return new Constraint("Stack", test, {
    isDiscrete,
    eventDim: dim + largest < 0 ? largest + 1 : largest,
    madeOf: { parts: constraints, dim, lengths: [] },
  });
}
