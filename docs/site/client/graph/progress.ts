/** How far backward has come: what has arrived where. */
import type { Arrival, GraphSnapshot, Numbers } from "./types.ts";

export interface Progress {
  /** The node that passes its gradient on at this step; null at the start. */
  readonly active: number | null;
  /** What it passes on. */
  readonly arrivals: readonly Arrival[];
  /** What each node has so far. */
  readonly gradients: ReadonlyMap<number, Numbers>;
  /** What has come along each arrow. */
  readonly passed: ReadonlyMap<number, Numbers>;
  /** The nodes that have passed their gradients on. */
  readonly done: ReadonlySet<number>;
}

/** @param position 0 at the start, where only the result has a gradient; then after so many steps */
export function progressAt({ nodes, arrows, steps }: GraphSnapshot, position: number): Progress {
  const last = nodes.length - 1;
  const gradients = new Map<number, Numbers>();
  const start = nodes[last].gradient;
  if (start) gradients.set(last, start);
  const passed = new Map<number, Numbers>();
  const taken = steps.slice(0, position);
  for (const { arrow, term, sum } of taken.flatMap(({ arrivals }) => arrivals)) {
    passed.set(arrow, term);
    gradients.set(arrows[arrow].from, sum);
  }
  const now = taken.at(-1);
  return {
    active: now?.node ?? null,
    arrivals: now?.arrivals ?? [],
    gradients,
    passed,
    done: new Set(taken.map(({ node }) => node)),
  };
}
