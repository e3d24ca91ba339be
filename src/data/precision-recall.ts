/** How precision and recall depend on the threshold from which on a probability counts as yes. */

import { check } from "../tensor/check.ts";

/** By row: true positives, false positives, true negatives, false negatives, precision, recall; a column for each threshold. */
export type PrecisionRecall = readonly (readonly number[])[];

/** Divisors are at least this. */
const LEAST = 1e-7;

/**
 * The curve of thresholds 0, 1/(n - 1), …, 1.
 * @param labels 0 or 1 @param predictions probabilities @param round to the dtype of these @param weights what each counts
 * @throws unless there is a threshold
 */
export function precisionRecall(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  round: (x: number) => number,
  thresholds: number,
  weights: ArrayLike<number> | null,
): PrecisionRecall {
  check(thresholds > 0, "`bins` must be positive, when an integer");
  const [yes, no] = [Array<number>(thresholds).fill(0), Array<number>(thresholds).fill(0)];
  for (let k = 0; k < predictions.length; k++) {
    const bucket = Math.floor(round(predictions[k] * (thresholds - 1)));
    if (!(bucket >= 0 && bucket < thresholds)) continue;
    const weight = weights ? weights[k] : 1;
    yes[bucket] += labels[k] * weight;
    no[bucket] += (1 - labels[k]) * weight;
  }
  for (let k = thresholds - 2; k >= 0; k--) {
    yes[k] += yes[k + 1];
    no[k] += no[k + 1];
  }
  const trueNegatives = no.map((value) => no[0] - value);
  const falseNegatives = yes.map((value) => yes[0] - value);
  const precision = yes.map((value, k) => value / Math.max(LEAST, value + no[k]));
  const recall = yes.map((value, k) => value / Math.max(LEAST, value + falseNegatives[k]));
  return [yes, no, trueNegatives, falseNegatives, precision, recall];
}
