/**
 * How far one distribution is from another: the divergence of Kullback and Leibler, KL(p ‖ q) = ∫ p log (p / q). There is a formula
 * for each pair of classes in a register: kl-same.ts and kl-mixed.ts fill it, and users may add theirs.
 */
import { check } from "../tensor/check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Distribution } from "./distribution.ts";

/** A class of distributions. */
export type DistributionClass<Of extends Distribution = Distribution> = abstract new (...args: never[]) => Of;

/** KL(p ‖ q) for p and q of these classes. */
export type Divergence<P extends Distribution = Distribution, Q extends Distribution = Distribution> = (
  p: P,
  q: Q,
) => Tensor;

interface Entry {
  readonly p: DistributionClass;
  readonly q: DistributionClass;
  readonly divergence: Divergence;
}

const register: Entry[] = [];

const isDistribution = (Class: unknown): boolean =>
  typeof Class === "function" && (Class === Distribution || Class.prototype instanceof Distribution);

/**
 * Says how KL(p ‖ q) is computed for p and q of two classes, or of classes that extend them.
 * Mirrors `torch.distributions.register_kl`.
 * @example
 * class Coin extends distributions.Bernoulli {}
 * distributions.registerKl(Coin, distributions.Poisson, (p) => p.probs);
 * console.log(distributions.klDivergence(new Coin(0.5), new distributions.Poisson(1)));
 */
export function registerKl<P extends Distribution, Q extends Distribution>(
  typeP: DistributionClass<P>,
  typeQ: DistributionClass<Q>,
  divergence: Divergence<P, Q>,
): void {
  for (const [name, Class] of Object.entries({ type_p: typeP, type_q: typeQ })) {
    check(
      isDistribution(Class),
      () => `Expected ${name} to be a Distribution subclass but got ${String(Class)}`,
      TypeError,
    );
  }
  const known = register.findIndex(({ p, q }) => p.prototype === typeP.prototype && q.prototype === typeQ.prototype);
  if (known >= 0) register.splice(known, 1);
  register.push({ p: typeP, q: typeQ, divergence: divergence as Divergence });
}

/** The prototypes of a class, of what it extends, of what that extends, …: the first that fits is the nearest. */
function lineOf(x: Distribution): object[] {
  const line: object[] = [];
  for (let proto = Object.getPrototypeOf(x); proto !== null; proto = Object.getPrototypeOf(proto)) line.push(proto);
  return line;
}

/** The entry whose class for p is nearest, and among those the one whose class for q is. */
function formulaFor(p: Distribution, q: Distribution): Divergence | undefined {
  const [lineP, lineQ] = [lineOf(p), lineOf(q)];
  const distance = (entry: Entry): number =>
    lineP.indexOf(entry.p.prototype) * lineQ.length + lineQ.indexOf(entry.q.prototype);
  const fitting = register.filter((entry) => p instanceof entry.p && q instanceof entry.q);
  return fitting.sort((a, b) => distance(a) - distance(b))[0]?.divergence;
}

/**
 * KL(p ‖ q) = ∫ p log (p / q), for each distribution of the batch: 0 if they are the same, else positive.
 * Mirrors `torch.distributions.kl_divergence`.
 * @throws where there is no formula for the two classes
 * @example
 * const [p, q] = [new distributions.Normal(0, 1), new distributions.Normal(tensor([0, 1]), 2)];
 * console.log(distributions.klDivergence(p, q));
 */
export function klDivergence(p: Distribution, q: Distribution): Tensor {
  const divergence = formulaFor(p, q);
  const none = () =>
    `No KL(p || q) is implemented for p type ${p.constructor.name} and q type ${q.constructor.name}. Give a formula with registerKl`;
  check(divergence !== undefined, none);
  return divergence(p, q);
}
