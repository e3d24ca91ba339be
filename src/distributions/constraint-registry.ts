/**
 * From all real numbers to those that a constraint allows: so that what has to be positive, or a factor of correlations, can be
 * trained as if it were anything.
 */
import { type Operand, sub } from "../autograd/ops/elementwise.ts";
import { check } from "../tensor/check.ts";
import type { Constraint, MadeOf } from "./constraints.ts";
import { CatTransform, IndependentTransform, StackTransform } from "./joined-transforms.ts";
import { ComposeTransform, identityTransform, type Transform } from "./transform.ts";
import { AffineTransform, ExpTransform, SigmoidTransform } from "./transforms.ts";
import {
  CorrCholeskyTransform,
  LowerCholeskyTransform,
  SoftmaxTransform,
  StickBreakingTransform,
} from "./vector-transforms.ts";

/** Makes the transform that a constraint needs. */
export type TransformFactory = (constraint: Constraint) => Transform;

/** By kinds of constraints. */
type Registry = Map<string, TransformFactory>;

/** x to a bound and e to the power of x from there on, up or down. */
const beyond = (bound: Operand, sign: 1 | -1): Transform =>
  new ComposeTransform([new ExpTransform(), new AffineTransform(bound, sign)]);

const above: TransformFactory = ({ lowerBound }) =>
  lowerBound === 0 ? new ExpTransform() : beyond(lowerBound as Operand, 1);

const between: TransformFactory = (constraint) => {
  const [low, high] = [constraint.lowerBound, constraint.upperBound] as [Operand, Operand];
  if (low === 0 && high === 1) return new SigmoidTransform();
  const range = typeof low === "number" && typeof high === "number" ? high - low : sub(high, low);
  return new ComposeTransform([new SigmoidTransform(), new AffineTransform(low, range)]);
};

/** Those of constraints that are made of others. */
const joined = (of: TransformFactory): [kind: string, factory: TransformFactory][] => {
  const made = ({ madeOf }: Constraint) => madeOf as MadeOf;
  return [
    [
      "IndependentConstraint",
      (constraint) => new IndependentTransform(of(made(constraint).parts[0]), made(constraint).dim),
    ],
    [
      "Cat",
      (constraint) => {
        const { parts, dim, lengths } = made(constraint);
        return new CatTransform(parts.map(of), { dim, lengths });
      },
    ],
    ["Stack", (constraint) => new StackTransform(made(constraint).parts.map(of), { dim: made(constraint).dim })],
  ];
};

const common: [kind: string, factory: TransformFactory][] = [
  ["Real", () => identityTransform],
  ["GreaterThan", above],
  ["GreaterThanEq", above],
  ["LessThan", ({ upperBound }) => beyond(upperBound as Operand, -1)],
  ["Interval", between],
  ["HalfOpenInterval", between],
  ["CorrCholesky", () => new CorrCholeskyTransform()],
];

const bijections: Registry = new Map([...common, ...joined(bijectTo), ["Simplex", () => new StickBreakingTransform()]]);

const transforms: Registry = new Map([
  ...common,
  ...joined(transformTo),
  ["Simplex", () => new SoftmaxTransform()],
  ["LowerCholesky", () => new LowerCholeskyTransform()],
]);

function found(registry: Registry, constraint: Constraint): Transform {
  const factory = registry.get(constraint.name);
  check(factory !== undefined, () => `Cannot transform ${constraint.name} constraints`);
  return factory(constraint);
}

/**
 * A bijective transform from real numbers to what a constraint allows, which knows how it stretches space: for samplers that move in
 * an unconstrained space. Mirrors `torch.distributions.biject_to`.
 * @throws if there is none for such a constraint
 * @example
 * const { support } = new distributions.Dirichlet(ones(3));
 * const f = distributions.bijectTo(support);
 * console.log(f.forward(zeros(2)), f.logAbsDetJacobian(zeros(2), f.forward(zeros(2))));
 */
export function bijectTo(constraint: Constraint): Transform {
  return found(bijections, constraint);
}

/**
 * A transform from real numbers to what a constraint allows, which need not be bijective: for parameters that are trained. Mirrors
 * `torch.distributions.transform_to`.
 * @throws if there is none for such a constraint
 * @example
 * const { scale } = new distributions.Normal(0, 1).argConstraints;
 * console.log(distributions.transformTo(scale).forward(tensor([-1, 0, 1])));
 */
export function transformTo(constraint: Constraint): Transform {
  return found(transforms, constraint);
}

/**
 * Says which transform bijectTo makes for all constraints of the kind of this one. Mirrors `torch.distributions.biject_to.register`.
 * @example
 * const even = new distributions.constraints.Constraint("Even", (x) => x.remainder(2).eq(0));
 * distributions.registerBijection(even, () => new distributions.transforms.AffineTransform(0, 2));
 * console.log(distributions.bijectTo(even).forward(tensor([1, 2])));
 */
export function registerBijection(constraint: Constraint, factory: TransformFactory): void {
  bijections.set(constraint.name, factory);
}

/**
 * Says which transform transformTo makes for all constraints of the kind of this one. Mirrors
 * `torch.distributions.transform_to.register`.
 * @example
 * const even = new distributions.constraints.Constraint("Even", (x) => x.remainder(2).eq(0));
 * distributions.registerTransform(even, () => new distributions.transforms.AffineTransform(0, 2));
 * console.log(distributions.transformTo(even).forward(tensor([1, 2])));
 */
export function registerTransform(constraint: Constraint, factory: TransformFactory): void {
  transforms.set(constraint.name, factory);
}
