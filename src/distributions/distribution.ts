/**
 * What all distributions share: shapes, checks, and what follows from what a subclass defines. Read next: normal.ts for a
 * distribution that defines everything, transformed.ts for one that is made of another, kl.ts for distances between two.
 */
import { noGrad } from "../autograd/grad-mode.ts";
import { check } from "../tensor/check.ts";
import { pythonTuple } from "../tensor/python-text.ts";
import { formatShape, type Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type Constraint, isDependent } from "./constraints.ts";
import { type DistributionOptions, define, shown, shownBriefly } from "./parameters.ts";

/** How `enumerateSupport` lays values out. */
export interface EnumerateOptions {
  /** Whether they are repeated for each distribution of the batch. Default: true. */
  expand?: boolean;
}

let checksByDefault = true;

/**
 * A random variable, or a batch of them. Samples have the shape `[...sampleShape, ...batchShape, ...eventShape]`: events of one
 * sample depend on each other, distributions of a batch do not. Mirrors `torch.distributions.Distribution`.
 * @example
 * const batch = new distributions.Normal(tensor([0, 10]), 1);
 * console.log(batch.batchShape, batch.sample([3]).shape, batch.expand([4, 2]).batchShape, batch.perplexity());
 * console.log(batch.hasRsample, String(batch.support), String(batch.argConstraints.scale));
 */
export abstract class Distribution {
  /** The shape of the batch: one distribution for each set of parameters. */
  readonly batchShape: Shape;
  /** The shape of one sample of one distribution. */
  readonly eventShape: Shape;
  /** Whether parameters and values are checked. */
  protected readonly checks: boolean;

  /** For classes that extend it. @param options whether parameters and values are checked */
  constructor(batchShape: Shape = [], eventShape: Shape = [], options?: DistributionOptions) {
    this.batchShape = batchShape;
    this.eventShape = eventShape;
    this.checks = options?.validateArgs ?? checksByDefault;
  }

  /**
   * Whether distributions made from now on check parameters and values.
   * Mirrors `torch.distributions.Distribution.set_default_validate_args`.
   */
  static setDefaultValidateArgs(value: boolean): void {
    checksByDefault = value;
  }

  /** What each parameter has to satisfy, by name. */
  abstract get argConstraints(): Readonly<Record<string, Constraint>>;

  /** Which values there may be. */
  abstract get support(): Constraint;

  /** Whether gradients pass through `rsample` to the parameters. */
  get hasRsample(): boolean {
    return false;
  }

  /** Whether `enumerateSupport` can list all values. */
  get hasEnumerateSupport(): boolean {
    return false;
  }

  /** The expected value. */
  get mean(): Tensor {
    return this.lacks("mean");
  }

  /** The most probable value. */
  get mode(): Tensor {
    return this.lacks("mode");
  }

  /** The expected square of the distance from the mean. */
  get variance(): Tensor {
    return this.lacks("variance");
  }

  /** √variance. */
  get stddev(): Tensor {
    return this.variance.sqrt();
  }

  /** Random values, `sampleShape` for each distribution of the batch, without gradient. */
  sample(sampleShape: Shape = []): Tensor {
    return noGrad(() => this.rsample(sampleShape));
  }

  /** Random values as a function of the parameters, which therefore get gradients. @throws where there is no such function */
  rsample(sampleShape: Shape = []): Tensor {
    return this.lacks("rsample", sampleShape);
  }

  /** log p(value): of densities, and of the probabilities of discrete values. */
  logProb(value: Tensor): Tensor {
    return this.lacks("logProb", value);
  }

  /** The probability of values up to this one. */
  cdf(value: Tensor): Tensor {
    return this.lacks("cdf", value);
  }

  /** The value up to which the probability is this: the inverse of `cdf`. */
  icdf(value: Tensor): Tensor {
    return this.lacks("icdf", value);
  }

  /** All values of a discrete distribution, along a new first dimension. */
  enumerateSupport(options?: EnumerateOptions): Tensor {
    return this.lacks("enumerateSupport", options);
  }

  /** How uncertain a value is: the mean of -log p. */
  entropy(): Tensor {
    return this.lacks("entropy");
  }

  /** e to the power of the entropy: of equally probable values, how many there are. */
  perplexity(): Tensor {
    return this.entropy().exp();
  }

  /** The same distribution in a batch of that shape, without new memory. */
  expand(batchShape: Shape): this {
    return this.with({ ...this.expandedFields(batchShape), batchShape: [...batchShape] });
  }

  /** The text that PyTorch prints: the class and the parameters that are known. */
  toString(): string {
    const known = Object.keys(this.argConstraints).filter((name) => Object.hasOwn(this, name));
    const parameters = known.map((name) => `${spelled(name)}: ${shownBriefly(Reflect.get(this, name) as Tensor)}`);
    return `${this.constructor.name}(${parameters.join(", ")})`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** Parameters that need not be checked, since they are worked out from others. */
  protected get derived(): readonly string[] {
    return [];
  }

  /** Fields that are the same for every batch. */
  protected get unbatched(): readonly string[] {
    return [];
  }

  /** The fields of this distribution in a batch of another shape: tensors and distributions, which have this one's batch first. */
  protected expandedFields(batchShape: Shape): Record<string, unknown> {
    const rest = (shape: Shape) => [...batchShape, ...shape.slice(this.batchShape.length)];
    const expanded = (value: unknown): unknown => {
      if (value instanceof Tensor) return value.expand(rest(value.shape));
      return value instanceof Distribution ? value.expand(rest(value.batchShape)) : value;
    };
    const fields = Object.entries(this).filter(([name]) => !this.unbatched.includes(name));
    return Object.fromEntries(fields.map(([name, value]) => [name, expanded(value)]));
  }

  /** A copy with some fields changed. */
  protected with(fields: Readonly<Record<string, unknown>>): this {
    const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this)) as this;
    define(copy, fields);
    return copy;
  }

  /** The shape of samples. */
  protected extendedShape(sampleShape: Shape): number[] {
    return [...sampleShape, ...this.batchShape, ...this.eventShape];
  }

  /** What a constructor ends with, when all fields are there. @throws for a parameter that does not fit */
  protected checkParameters(): void {
    if (!this.checks) return;
    for (const [name, constraint] of Object.entries(this.argConstraints)) {
      const isWorkedOut = this.derived.includes(name) && !Object.hasOwn(this, name);
      if (isDependent(constraint) || isWorkedOut) continue;
      const value = Reflect.get(this, name) as Tensor;
      const unfit = () =>
        `Expected parameter ${spelled(name)} (${value.constructor.name} of shape ${pythonTuple(value.shape)}) of distribution ` +
        `${this} to satisfy the constraint ${constraint}, but found invalid values:\n${shown(value)}`;
      check(fits(constraint, value), unfit, RangeError);
    }
  }

  /** What is asked about a value begins with this. @throws for a value that is not in the support */
  protected checkValue(value: Tensor): void {
    if (!this.checks) return;
    check(value instanceof Tensor, "The value argument to log_prob must be a Tensor", TypeError);
    const { shape } = value;
    const { batchShape, eventShape, support } = this;
    const end = shape.slice(Math.max(shape.length - eventShape.length, 0));
    const otherEvent = () =>
      `The right-most size of value must match event_shape: ${sizes(shape)} vs ${sizes(eventShape)}.`;
    check(formatShape(end) === formatShape(eventShape), otherEvent);
    const expected = [...batchShape, ...eventShape];
    const broadcasts = shape.every((size, d) => {
      const other = expected[d - shape.length + expected.length] ?? 1;
      return size === other || size === 1 || other === 1;
    });
    const apart = () =>
      `Value is not broadcastable with batch_shape+event_shape: ${sizes(shape)} vs ${sizes(expected)}.`;
    check(broadcasts, apart);
    const outside = () =>
      `Expected value argument (${value.constructor.name} of shape ${pythonTuple(shape)}) to be within the support (${support}) ` +
      `of the distribution ${this}, but found invalid values:\n${shown(value)}`;
    check(fits(support, value), outside, RangeError);
  }

  /** @throws that this distribution has no such thing */
  protected lacks(name: string, ..._asked: unknown[]): never {
    throw new Error(`${this.constructor.name} does not implement ${name}`);
  }
}

const fits = (constraint: Constraint, value: Tensor): boolean =>
  noGrad(() => constraint.check(value).all().item() === 1);

const sizes = (shape: Shape): string => `torch.Size(${formatShape(shape)})`;

/** A parameter under PyTorch's name. */
const spelled = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
