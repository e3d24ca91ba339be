/** Transforms made of others. */
import { multinomial } from "../autograd/random.ts";
import type { Transform } from "../data/transform.ts";
import { check } from "../tensor/check.ts";
import { randperm, tensor } from "../tensor/create.ts";
import { elementsOf, type Tensor } from "../tensor/tensor.ts";
import { uniform } from "./draws.ts";
import { RandomTransform } from "./random-transform.ts";

function checkTransforms(transforms: readonly Transform<never, unknown>[], name: string): void {
  const areTransforms = transforms.every(({ apply }) => typeof apply === "function");
  check(areTransforms, () => `${name} takes transforms, which have a method \`apply\``, TypeError);
}

/** Each on a line of its own. */
const listed = (transforms: readonly Transform<never, unknown>[]): string =>
  transforms.map((transform) => `\n    ${transform}`).join("");

const inOrder = (transforms: readonly Transform<Tensor, Tensor>[], x: Tensor): Tensor =>
  transforms.reduce((y, transform) => transform.apply(y), x);

/**
 * One transform after another, each taking what the one before gives. Mirrors `torchvision.transforms.Compose`.
 * @example
 * const transform = new transforms.Compose([new transforms.ToTensor(), new transforms.Normalize(0.1307, 0.3081)]);
 * console.log(String(transform));
 * console.log(transform.apply({ bytes: Uint8Array.of(0, 255), shape: [1, 1, 2] }));
 */
export class Compose<From, To> implements Transform<From, To> {
  readonly #transforms: readonly Transform<never, unknown>[];

  /** Of one. */
  constructor(transforms: readonly [Transform<From, To>]);
  /** The first takes a batch, the others tensors; all but the last give tensors. */
  constructor(transforms: readonly [Transform<From, Tensor>, ...Transform<Tensor, Tensor>[], Transform<Tensor, To>]);
  constructor(transforms: readonly Transform<never, unknown>[]) {
    checkTransforms(transforms, "Compose");
    this.#transforms = transforms;
  }

  apply(batch: From): To {
    return this.#transforms.reduce((x, transform) => transform.apply(x as never), batch as unknown) as To;
  }

  /** Whether one of them draws. */
  get isRandom(): boolean {
    return this.#transforms.some(({ isRandom }) => isRandom === true);
  }

  toString(): string {
    return `Compose(${listed(this.#transforms)}\n)`;
  }
}

/**
 * A function as a transform. Mirrors `torchvision.transforms.Lambda`.
 * @example new transforms.Lambda((x: Tensor) => x.mul(2)).apply(ones([1, 1, 2]))
 */
export class Lambda<From, To> implements Transform<From, To> {
  readonly #lambd: (batch: From) => To;

  constructor(lambd: (batch: From) => To) {
    const kind = () => `Argument lambd should be callable, got '${typeof lambd}'`;
    check(typeof lambd === "function", kind, TypeError);
    this.#lambd = lambd;
  }

  apply(batch: From): To {
    return this.#lambd(batch);
  }

  toString(): string {
    return "Lambda()";
  }
}

/**
 * All of some transforms with probability p, else none. Mirrors `torchvision.transforms.RandomApply`.
 * @example
 * manualSeed(0);
 * console.log(new transforms.RandomApply([new transforms.GaussianBlur(3)], 0.3).apply(eye(3).view(1, 3, 3)));
 */
export class RandomApply extends RandomTransform {
  /** What is applied, in its order. */
  readonly transforms: readonly Transform<Tensor, Tensor>[];
  /** How probable it is. */
  readonly p: number;

  constructor(transforms: readonly Transform<Tensor, Tensor>[], p: number = 0.5) {
    super();
    checkTransforms(transforms, "RandomApply");
    this.transforms = transforms;
    this.p = p;
  }

  override apply(x: Tensor): Tensor {
    const isLeft = Math.fround(this.p) < uniform(0, 1); // not `chance`: where both are the same, it is applied
    return isLeft ? x : inOrder(this.transforms, x);
  }

  override toString(): string {
    return `RandomApply(\n    p=${this.p}${listed(this.transforms)}\n)`;
  }
}

/**
 * All of some transforms, in an order that is drawn. Mirrors `torchvision.transforms.RandomOrder`. It draws
 * what that draws since torchvision 0.15: earlier draws are Python's.
 * @example String(new transforms.RandomOrder([new transforms.Pad(1), new transforms.CenterCrop(4)]))
 */
export class RandomOrder extends RandomTransform {
  /** What is applied. */
  readonly transforms: readonly Transform<Tensor, Tensor>[];

  constructor(transforms: readonly Transform<Tensor, Tensor>[]) {
    super();
    checkTransforms(transforms, "RandomOrder");
    this.transforms = transforms;
  }

  override apply(x: Tensor): Tensor {
    const order = Array.from(elementsOf(randperm(this.transforms.length)), Number);
    return inOrder(
      order.map((i) => this.transforms[i]),
      x,
    );
  }

  override toString(): string {
    return `RandomOrder(${listed(this.transforms)}\n)`;
  }
}

/**
 * One of some transforms, each as probable, or with the probabilities `p`, whose sum need not be 1.
 * Mirrors `torchvision.transforms.RandomChoice`. It draws what that draws since torchvision 0.15: earlier
 * draws are Python's.
 * @example
 * manualSeed(0);
 * const choice = new transforms.RandomChoice([new transforms.Pad(1), new transforms.Pad(2)], [0.9, 0.1]);
 * console.log(choice.apply(zeros([1, 4, 4])).shape);
 */
export class RandomChoice extends RandomTransform {
  /** One of which is applied. */
  readonly transforms: readonly Transform<Tensor, Tensor>[];
  /** How probable each is; null, if all are alike. */
  readonly p: readonly number[] | null;

  constructor(transforms: readonly Transform<Tensor, Tensor>[], p: readonly number[] | null = null) {
    super();
    checkTransforms(transforms, "RandomChoice");
    const otherCount = () => `Length of p doesn't match the number of transforms: ${p?.length} != ${transforms.length}`;
    check(p === null || p.length === transforms.length, otherCount);
    this.transforms = transforms;
    this.p = p;
  }

  override apply(x: Tensor): Tensor {
    const weights = this.p ?? this.transforms.map(() => 1);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const [i] = elementsOf(multinomial(tensor(weights.map((weight) => weight / total)), 1));
    return this.transforms[Number(i)].apply(x);
  }

  override toString(): string {
    const probabilities = this.p === null ? "None" : `[${this.p.join(", ")}]`;
    return `RandomChoice(${listed(this.transforms)}\n)(p=${probabilities})`;
  }
}
