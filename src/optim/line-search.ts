/**
 * How far to go in a direction: a step that satisfies the strong Wolfe conditions, by bracketing and zoom with cubic interpolation
 * (Nocedal & Wright 2006, Numerical Optimization, algorithms 3.5 and 3.6).
 */
import type { Tensor } from "../tensor/tensor.ts";

/** What is known of a step of length t along the direction d. */
export interface Point {
  readonly t: number;
  readonly loss: number;
  /** Of the loss by all parameters, there. */
  readonly gradient: Tensor;
  /** The derivative of the loss by t: gradient · d. */
  readonly slope: number;
}

/** The loss falls by at least this part of what the slope at the start promises… */
const SUFFICIENT_DECREASE = 1e-4;
/** …and the slope has become at least this flat. */
const CURVATURE = 0.9;
const MOST_STEPS = 25;

/**
 * @param at what is to be known at a step
 * @param start the point at t = 0
 * @param toleranceChange an interval shorter than this, times `size`, the largest element of the direction, is not divided further
 */
export function strongWolfe(
  at: (t: number) => Point,
  start: Point,
  firstStep: number,
  size: number,
  toleranceChange: number,
): Point {
  const isTooHigh = (point: Point) => point.loss > start.loss + SUFFICIENT_DECREASE * point.t * start.slope;
  const isFlat = (point: Point) => Math.abs(point.slope) <= -CURVATURE * start.slope;

  // Bracketing: longer and longer steps, until there is a good one between the last two.
  let [previous, point] = [start, at(firstStep)];
  let steps = 0;
  for (; steps < MOST_STEPS; steps++) {
    if (isTooHigh(point) || (steps > 1 && point.loss >= previous.loss)) break;
    if (isFlat(point)) return point;
    if (point.slope >= 0) break;
    const [least, most] = [point.t + 0.01 * (point.t - previous.t), point.t * 10];
    const next = at(lowest(previous, point, least, most));
    [previous, point] = [point, next];
  }
  const ends: [Point, Point] = [steps < MOST_STEPS ? previous : start, point];

  // Zoom: the interval becomes shorter, its lower end is the best step so far.
  const lower = () => (ends[0].loss <= ends[1].loss ? 0 : 1);
  let low: 0 | 1 = lower();
  let wasNearEnd = false;
  for (; steps < MOST_STEPS; steps++) {
    if (Math.abs(ends[1].t - ends[0].t) * size < toleranceChange) break;
    const [least, most] = [Math.min(ends[0].t, ends[1].t), Math.max(ends[0].t, ends[1].t)];
    let t = lowest(ends[0], ends[1], least, most);
    const margin = 0.1 * (most - least);
    const isNearEnd = Math.min(most - t, t - least) < margin;
    const isStuck: boolean = isNearEnd && (wasNearEnd || t >= most || t <= least);
    if (isStuck) t = Math.abs(t - most) < Math.abs(t - least) ? most - margin : least + margin;
    wasNearEnd = isNearEnd && !isStuck;
    const found = at(t);
    const high: 0 | 1 = low === 0 ? 1 : 0;
    if (isTooHigh(found) || found.loss >= ends[low].loss) {
      ends[high] = found;
      low = lower();
    } else {
      if (isFlat(found)) return found;
      if (found.slope * (ends[high].t - ends[low].t) >= 0) ends[high] = ends[low];
      ends[low] = found;
    }
  }
  return ends[low];
}

/**
 * Where the cubic that has the losses and slopes of two points is lowest, within bounds; their middle if it has no lowest place
 * (Nocedal & Wright, equation 3.59).
 */
function lowest(a: Point, b: Point, least: number, most: number): number {
  const [left, right] = a.t <= b.t ? [a, b] : [b, a];
  const d1 = left.slope + right.slope - (3 * (left.loss - right.loss)) / (left.t - right.t);
  const square = d1 ** 2 - left.slope * right.slope;
  if (!(square >= 0)) return (least + most) / 2;
  const d2 = Math.sqrt(square);
  const part = (right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2);
  return Math.min(Math.max(right.t - (right.t - left.t) * part, least), most);
}
