/** Whether engines computed the same: nobody is to be timed doing less work. */
import type { NamedArray } from "./engine.ts";

/** What a contender computed. Several contenders may be of one project, which is then one opinion. */
export interface Result {
  readonly name: string;
  readonly project: string;
  readonly arrays: readonly NamedArray[];
}

export interface Verdict {
  /** Those who came to another result than most, which is why they are not timed. */
  readonly dissenters: readonly { name: string; reason: string }[];
  /** How many projects agree, and how closely. */
  readonly agreeing: number;
  readonly largestDifference: number;
}

/** Holds for right what most projects computed. If no two agree, nobody is right. */
export function judge(results: readonly Result[], tolerance: number): Verdict {
  const camps = results.map((accepted) => {
    const distances = results.map((result) => ({ ...result, distance: difference(result, accepted) }));
    const inside = distances.filter(({ distance }) => distance <= tolerance);
    return { distances, inside, agreeing: countProjects(inside) };
  });
  const largest = camps.toSorted((a, b) => b.agreeing - a.agreeing).at(0);
  if (!largest) return { dissenters: [], agreeing: 0, largestDifference: 0 };
  const { distances, inside, agreeing } = largest;
  if (agreeing === 1 && countProjects(results) > 1) {
    const reason = "no two engines agree on the result";
    return { dissenters: results.map(({ name }) => ({ name, reason })), agreeing: 0, largestDifference: 0 };
  }
  const dissenters = distances
    .filter(({ distance }) => !(distance <= tolerance))
    .map(({ name, distance }) => ({
      name,
      reason: `its result is ${distance.toExponential(1)} away from what ${agreeing} others agree on`,
    }));
  return { dissenters, agreeing, largestDifference: Math.max(...inside.map(({ distance }) => distance)) };
}

const countProjects = (results: readonly Result[]) => new Set(results.map(({ project }) => project)).size;

/** The largest difference of arrays of the same name, relative to the largest number in them. */
function difference(a: Result, b: Result): number {
  const others = new Map(b.arrays.map(({ name, data }) => [name, data]));
  if (a.arrays.length !== others.size) return Infinity;
  return Math.max(...a.arrays.map(({ name, data }) => relativeDifference(data, others.get(name) ?? [])));
}

/** Infinite for arrays of other lengths, and for what is not a number. */
function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let apart = 0;
  let largest = Number.MIN_VALUE;
  for (let i = 0; i < a.length; i++) {
    const distance = Math.abs(a[i] - b[i]);
    if (!Number.isFinite(distance)) return Infinity;
    apart = Math.max(apart, distance);
    largest = Math.max(largest, Math.abs(a[i]), Math.abs(b[i]));
  }
  return apart / largest;
}
