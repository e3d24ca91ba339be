/**
 * Where the boxes of a graph go: the layered drawing of Sugiyama, Tagawa and Toda (1981). In four steps:
 *
 * 1. Layers: a box stands one layer above the highest of those that are computed from it, so every arrow points down.
 * 2. An arrow that passes layers gets a place in each, so that it goes between the boxes and not through them.
 * 3. Order: each layer is sorted by where the neighbours of its places are, down and up a few times; the order with the
 *    fewest crossings is kept.
 * 4. Positions: each place moves towards its neighbours, as near as the order and the widths allow.
 */
import type { Picture } from "./picture.ts";

/** A box, or a bend of an arrow that passes its layer. */
interface Place {
  readonly layer: number;
  readonly width: number;
  /** Where it stands in the order of its layer. */
  rank: number;
  /** The middle. */
  x: number;
  readonly above: Place[];
  readonly below: Place[];
}

export interface Layout {
  /** The middle of each box, and its layer, 0 at the top. */
  readonly boxes: readonly { x: number; layer: number }[];
  /** The points of each arrow from box to box, with a bend in each layer between. */
  readonly arrows: readonly (readonly { x: number; layer: number }[])[];
  readonly width: number;
  readonly layers: number;
}

const GAP = 24; // pixels between neighbours
const BEND = 8; // the width that an arrow wants for itself

/** @param widths of the boxes, in pixels */
export function layOut({ boxes, arrows }: Picture, widths: readonly number[]): Layout {
  const layerOf = layersOf(boxes.length, arrows);
  const place = (layer: number, width: number): Place => ({ layer, width, rank: 0, x: 0, above: [], below: [] });
  const boxPlaces = boxes.map((_, i) => place(layerOf[i], widths[i]));
  // Step 2.
  const paths = arrows.map(([from, to]) => {
    const bends = Array.from({ length: layerOf[to] - layerOf[from] - 1 }, (_, i) => place(layerOf[from] + 1 + i, BEND));
    return [boxPlaces[from], ...bends, boxPlaces[to]];
  });
  for (const path of paths) {
    for (let i = 1; i < path.length; i++) {
      path[i - 1].below.push(path[i]);
      path[i].above.push(path[i - 1]);
    }
  }
  const count = Math.max(...layerOf) + 1;
  const all = [...boxPlaces, ...paths.flatMap((path) => path.slice(1, -1))];
  const layers = Array.from({ length: count }, (_, layer) => all.filter((p) => p.layer === layer));
  position(orderWithFewCrossings(layers));
  const left = Math.min(...all.map((p) => p.x - p.width / 2));
  for (const p of all) p.x -= left;
  return { boxes: boxPlaces, arrows: paths, width: Math.max(...all.map((p) => p.x + p.width / 2)), layers: count };
}

/** Step 1. Arrows go to later boxes only, so from the last box on, what a box leads to has its layer already. */
function layersOf(count: number, arrows: Picture["arrows"]): number[] {
  const height = new Array<number>(count).fill(0);
  for (const [from, to] of arrows.toSorted((a, b) => b[1] - a[1]))
    height[from] = Math.max(height[from], height[to] + 1);
  const top = Math.max(...height);
  return height.map((h) => top - h);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Step 3. */
function orderWithFewCrossings(layers: Place[][]): Place[][] {
  let current = layers.map((layer) => ranked(layer));
  let [best, fewest] = [current, crossings(current)];
  for (let sweep = 0; sweep < 12 && fewest > 0; sweep++) {
    const towards = sweep % 2 === 0 ? "below" : "above";
    const wish = (p: Place) => (p[towards].length > 0 ? mean(p[towards].map(({ rank }) => rank)) : p.rank);
    const sorted = (layer: Place[]) => ranked(layer.toSorted((p, q) => wish(p) - wish(q)));
    current = towards === "above" ? current.map(sorted) : current.toReversed().map(sorted).reverse();
    const now = crossings(current);
    if (now < fewest) [best, fewest] = [current, now];
  }
  return best;
}

function ranked(layer: Place[]): Place[] {
  for (const [rank, p] of layer.entries()) p.rank = rank;
  return layer;
}

/** Two arrows between the same layers cross if their ends are in opposite order. */
function crossings(layers: readonly Place[][]): number {
  let count = 0;
  for (const layer of layers) {
    const ends = layer.map((p) => p.below.map(({ rank }) => rank));
    for (let p = 0; p < ends.length; p++) {
      for (let q = p + 1; q < ends.length; q++) {
        for (const a of ends[p]) for (const b of ends[q]) if (a > b) count++;
      }
    }
  }
  return count;
}

/** Step 4, down and up a few times, so that moves carry through. A place that has no neighbour on that side stays. */
function position(layers: readonly Place[][]): void {
  for (const layer of layers) settle(layer, "above");
  for (let sweep = 0; sweep < 8; sweep++) {
    for (const layer of layers.toReversed()) settle(layer, "below");
    for (const layer of layers) settle(layer, "above");
  }
  for (const layer of layers.toReversed()) settle(layer, "below");
}

/** Leaves give way, so that the path of the computation runs straight: any large number does that. */
const weightOf = (p: Place): number => (p.above.length === 0 ? 1 : 50);

/**
 * Moves the places of a layer as near to the middle of their neighbours as they fit side by side: the weighted sum of the
 * squared distances is least.
 *
 * Less the room that those to its left take, the middles must not decrease. So this is isotonic regression: places whose
 * wishes are in the wrong order form a block, which stands at the mean of their wishes (pool adjacent violators).
 */
function settle(layer: readonly Place[], side: "above" | "below"): void {
  const blocks: { members: [place: Place, room: number][]; weight: number; at: number }[] = [];
  let room = 0;
  for (const [i, p] of layer.entries()) {
    if (i > 0) room += (layer[i - 1].width + p.width) / 2 + GAP;
    const anchors = p[side].filter((q) => side === "below" || q.above.length > 0).map((q) => q.x);
    const wish = anchors.length > 0 ? mean(anchors) : p.x;
    let block: (typeof blocks)[0] = { members: [[p, room]], weight: weightOf(p), at: wish - room };
    for (let before = blocks.at(-1); before && before.at > block.at; before = blocks.at(-1)) {
      blocks.pop();
      const weight = before.weight + block.weight;
      const at = (before.at * before.weight + block.at * block.weight) / weight;
      block = { members: [...before.members, ...block.members], weight, at };
    }
    blocks.push(block);
  }
  for (const { members, at } of blocks) for (const [p, room] of members) p.x = at + room;
}
