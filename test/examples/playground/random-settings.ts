/** Settings of the playground, any of them, of a size that trains in no time. */
import {
  ARCHITECTURES,
  choices,
  contestant,
  NORMS,
  type Settings,
  WEIGHTS,
} from "../../../examples/playground/settings.ts";

/** The same ones for the same seed. */
export function randomSettings(count: number, seed: number): Settings[] {
  let state = seed;
  const below = (end: number) => {
    state = (state * 48271) % 2147483647; // Lehmer's generator
    return state % end;
  };
  const one = <T>(values: readonly T[]): T => values[below(values.length)];
  return Array.from({ length: count }, () => ({
    data: one(["digits", "digits", "shapes"] as const), // shapes take longer to make
    network: one(ARCHITECTURES),
    contestants: Array.from({ length: 2 + below(2) }, () =>
      contestant(one(NORMS), one(WEIGHTS), one([null, one(choices.learningRate)])),
    ),
    learningRate: one(choices.learningRate),
    momentum: one(choices.momentum),
    batchSize: one(choices.batchSize.slice(0, 5)),
    width: one(choices.width.slice(0, 4)),
    depth: one(choices.depth.slice(0, 4)),
    batchNormMomentum: one(choices.batchNormMomentum),
    seed: below(1_000_000),
  }));
}
