/**
 * Where the labels of arrows stand: each on its arrow, between two layers of boxes, and no two upon each other. As many rows are made
 * as that takes; a label goes into the first in which there is room.
 */

interface Point {
  readonly x: number;
  readonly y: number;
}

/** An arrow's way from one layer to the next, and how wide its label may become. */
export interface Labelled {
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

export interface Placed {
  /** How many rows there are. */
  readonly rows: number;
  /** The middle of each label: x, and the share of the way down. */
  readonly places: readonly Point[];
}

const GAP = 6; // pixels between neighbours

/** @param width of the drawing, which no label leaves */
export function placeLabels(arrows: readonly Labelled[], width: number): Placed {
  for (let rows = 1; ; rows++) {
    const places = inRows(arrows, rows, width);
    if (places) return { rows, places };
  }
}

function inRows(arrows: readonly Labelled[], rows: number, width: number): Point[] | null {
  const places: Point[] = new Array(arrows.length);
  const taken: [left: number, right: number][][] = Array.from({ length: rows }, () => []);
  const fromLeft = [...arrows.keys()].sort((a, b) => arrows[a].from + arrows[a].to - arrows[b].from - arrows[b].to);
  for (const i of fromLeft) {
    const half = arrows[i].width / 2;
    const at = (row: number) => {
      const y = (row + 1) / (rows + 1);
      return { x: Math.max(half, Math.min(width - half, onCurve(arrows[i], y))), y };
    };
    const row = taken.findIndex((others, n) => {
      const { x } = at(n);
      return others.every(([left, right]) => x + half + GAP <= left || right + GAP <= x - half);
    });
    if (row < 0) return null;
    places[i] = at(row);
    taken[row].push([places[i].x - half, places[i].x + half]);
  }
  return places;
}

/** Where an arrow is at a share y of the way down: a cubic Bézier curve, upright at both ends (drawing.ts). */
function onCurve({ from, to }: Labelled, y: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 20; i++) {
    const t = (low + high) / 2;
    if (1.5 * t * (1 - t) + t ** 3 < y) low = t;
    else high = t;
  }
  return from + (to - from) * low ** 2 * (3 - 2 * low);
}
