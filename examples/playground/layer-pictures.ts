/** Pictures with a row for each layer: distributions as ridges, numbers on a log axis, shares as bars. Drawn on a canvas. */
import { BINS } from "./collapse-statistics.ts";
import { colour, context, NETWORKS } from "./elements.ts";
import { short, tenTo } from "./numbers.ts";

/** Above the first row: a ridge may be higher than its row. */
const TOP = 18;
/** Below the last row, for the scale. */
const SCALE = 24;
/** On the left of each picture, for the number of the layer. */
const NAMES = 22;
const RIGHT = 8;
/** On the left of a log axis that has a place for 0, which has no logarithm. */
const ZERO = 30;
/** On the right of a profile, for what is written beside its last point. */
const BESIDE = 44;

export const rowHeight = (layers: number): number => Math.min(56, Math.max(15, 270 / layers));

/** An empty canvas for so many rows. */
function begin(canvas: HTMLCanvasElement, layers: number): CanvasRenderingContext2D {
  const height = TOP + layers * rowHeight(layers) + SCALE;
  const scale = devicePixelRatio;
  Object.assign(canvas, { width: canvas.clientWidth * scale, height: height * scale }); // which clears it
  canvas.style.height = `${height}px`;
  const pen = context(canvas);
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.font = "12px system-ui, sans-serif";
  pen.textBaseline = "middle";
  return pen;
}

function line(pen: CanvasRenderingContext2D, points: readonly (readonly [x: number, y: number])[]): void {
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.stroke();
}

function write(pen: CanvasRenderingContext2D, text: string, x: number, y: number, align: CanvasTextAlign): void {
  pen.textAlign = align;
  pen.fillText(text, x, y);
}

/** The third network's lines are dashed, as in the charts, so that they are known without their colour. */
export const dashOf = (network: number): number[] => (network === 2 ? [5, 3] : []);

/** A circle, a square or a triangle. */
function mark(pen: CanvasRenderingContext2D, network: number, x: number, y: number): void {
  pen.beginPath();
  if (network === 0) pen.arc(x, y, 4, 0, 2 * Math.PI);
  else if (network === 1) pen.rect(x - 3.5, y - 3.5, 7, 7);
  else for (const [dx, dy] of [[0, -5], [5, 4], [-5, 4]]) pen.lineTo(x + dx, y + dy); // biome-ignore format: a triangle
  pen.fill();
}

/** The numbers of the layers, and what the horizontal axis is marked with. */
function frame(
  pen: CanvasRenderingContext2D,
  layers: number,
  ticks: readonly (readonly [x: number, text: string])[],
): void {
  const row = rowHeight(layers);
  const bottom = TOP + layers * row;
  pen.lineWidth = 1;
  pen.strokeStyle = colour("line");
  for (const [x] of ticks) line(pen, [[x, TOP - 8], [x, bottom]]); // biome-ignore format: a line
  pen.fillStyle = colour("muted");
  for (const [x, text] of ticks) write(pen, text, x, bottom + SCALE / 2 + 2, "center");
  for (let layer = 0; layer < layers; layer++) {
    if (layers <= 12 || layer % 2 === 0 || layer === layers - 1)
      write(pen, `${layer + 1}`, NAMES - 8, TOP + (layer + 0.6) * row, "right");
  }
}

/** Each as high as its highest bin, at the edges what is beyond them; faint left of 0, where ReLU lets nothing pass. Of what is no number "NaN" is written. */
export function drawRidges(
  canvas: HTMLCanvasElement,
  histograms: readonly Float32Array[],
  network: string,
  range: number,
): void {
  const layers = histograms.length;
  const pen = begin(canvas, layers);
  const width = canvas.clientWidth;
  const row = rowHeight(layers);
  const x = (bin: number) => NAMES + (bin / BINS) * (width - NAMES - RIGHT);
  frame(pen, layers, [[x(0), `−${range}`], [x(BINS / 2), "0"], [x(BINS), `${range}`]]); // biome-ignore format: a line
  const [ink, panel] = [colour(network), colour("panel")];
  histograms.forEach((histogram, layer) => {
    const floor = TOP + (layer + 1) * row - 2;
    const most = Math.max(...histogram.subarray(1, BINS - 1)) || 1; // what is beyond the edges may be higher
    if (histogram.every((share) => share === 0)) {
      pen.fillStyle = colour(`${network}-text`);
      write(pen, "NaN", x(BINS / 2), floor - row / 2, "center");
      return;
    }
    const height = Math.min(row * 1.5, row + TOP - 4);
    const outline = Array.from(
      histogram,
      (share, bin) => [x(bin + 0.5), floor - height * Math.min(1, share / most)] as const,
    );
    const area = (from: number, to: number, alpha: number) => {
      pen.beginPath();
      pen.moveTo(outline[from][0], floor);
      for (let bin = from; bin <= to; bin++) pen.lineTo(...outline[bin]);
      pen.lineTo(outline[to][0], floor);
      pen.globalAlpha = 0.8;
      pen.fillStyle = panel; // what is behind shines through a little
      pen.fill();
      pen.globalAlpha = alpha;
      pen.fillStyle = ink;
      pen.fill();
      pen.globalAlpha = 1;
    };
    const middle = (BINS - 1) / 2;
    area(0, middle, 0.15);
    area(middle, BINS - 1, 0.6);
    pen.strokeStyle = ink;
    pen.lineWidth = 1.5;
    line(pen, outline);
  });
}

/**
 * A number of each layer on a log axis, joined to a line for each network; the ends of the first and the last layer are written
 * beside them. What is 0 has a place of its own at the foot of the axis, and the line a gap.
 */
export function drawProfiles(
  canvas: HTMLCanvasElement,
  networks: readonly (readonly (number | null)[])[],
  [low, high]: readonly [low: number, high: number],
): void {
  const layers = networks[0].length;
  const pen = begin(canvas, layers);
  const width = canvas.clientWidth;
  const row = rowHeight(layers);
  const hasZero = networks.some((values) => values.includes(0));
  const start = NAMES + 8 + (hasZero ? ZERO : 0);
  const x = (value: number) => {
    if (value === 0) return NAMES + 8;
    const exponent = Math.min(high, Math.max(low, Math.log10(value)));
    return start + ((exponent - low) / (high - low)) * (width - BESIDE - start);
  };
  const every = Math.ceil((high - low) / Math.max(1, Math.floor((x(10 ** high) - x(10 ** low)) / 42)));
  const ticks: [number, string][] = hasZero ? [[x(0), "0"]] : [];
  for (let exponent = high; exponent >= low; exponent -= every) {
    ticks.push([x(10 ** exponent), exponent === 0 ? "1" : tenTo(exponent)]);
  }
  frame(pen, layers, ticks);
  networks.forEach((values, network) => {
    const y = (layer: number) => TOP + (layer + 0.5 + (network - 0.5) * 0.08) * row;
    pen.strokeStyle = colour(NETWORKS[network]);
    pen.fillStyle = colour(NETWORKS[network]);
    pen.lineWidth = 2;
    pen.setLineDash(dashOf(network));
    pen.beginPath();
    let isGap = true;
    values.forEach((value, layer) => {
      const hasPlace = value !== null && Number.isFinite(value) && value > 0;
      if (hasPlace && isGap) pen.moveTo(x(value), y(layer));
      else if (hasPlace) pen.lineTo(x(value), y(layer));
      isGap = !hasPlace;
    });
    pen.stroke();
    pen.setLineDash([]);
    values.forEach((value, layer) => {
      if (value !== null && Number.isFinite(value)) mark(pen, network, x(value), y(layer));
    });
  });
  for (const layer of new Set([0, layers - 1])) {
    const y = TOP + (layer + 0.5) * row + (layer === 0 ? -11 : 11);
    writeEnds(pen, networks.map((values) => values[layer]), x, y, width - BESIDE); // biome-ignore format: a line
  }
}

/** Of one layer the least number on the left of its point, and the greatest on the right; what is no number at the edge. */
function writeEnds(
  pen: CanvasRenderingContext2D,
  values: readonly (number | null)[],
  x: (value: number) => number,
  y: number,
  edge: number,
): void {
  const finite = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  const [least, greatest] = [Math.min(...finite), Math.max(...finite)];
  pen.lineWidth = 3;
  pen.strokeStyle = colour("panel");
  values.forEach((value, network) => {
    if (value === null || (value !== least && value !== greatest && Number.isFinite(value))) return;
    const text = short(value);
    const at = Number.isFinite(value) ? x(value) : edge;
    const room = pen.measureText(text).width + 8;
    const isOnTheLeft = value === least && value !== greatest;
    if (isOnTheLeft && at - room < NAMES) return; // no room
    pen.textAlign = isOnTheLeft ? "right" : "left";
    const end = isOnTheLeft ? at - 8 : Math.min(at + 8, pen.canvas.clientWidth - room + 6);
    pen.strokeText(text, end, y);
    pen.fillStyle = colour(`${NETWORKS[network]}-text`);
    pen.fillText(text, end, y);
  });
}

/** A share of each layer, as a bar for each network; of what is no number the word `none` is written, once where rows are thin. */
export function drawShares(canvas: HTMLCanvasElement, networks: readonly (readonly number[])[], none: string): void {
  const layers = networks[0].length;
  const pen = begin(canvas, layers);
  const width = canvas.clientWidth;
  const row = rowHeight(layers);
  const x = (share: number) => NAMES + share * (width - NAMES - RIGHT - 34);
  frame(pen, layers, [[x(0), "0 %"], [x(1), "100 %"]]); // biome-ignore format: a line
  networks.forEach((shares, network) => {
    shares.forEach((share, layer) => {
      const thick = Math.min(10, (row * 0.72) / networks.length);
      const isThin = row < 12 * networks.length;
      const y = TOP + (layer + 0.5) * row + (network - networks.length / 2) * (thick + 1);
      if (Number.isNaN(share)) {
        if (isThin && shares.findIndex(Number.isNaN) !== layer) return;
        pen.fillStyle = colour(`${NETWORKS[network]}-text`);
        pen.font = "11px system-ui, sans-serif";
        pen.strokeStyle = colour("panel");
        pen.lineWidth = 3;
        pen.textAlign = "left";
        const place = [x(0) + 5, isThin ? y + network * row : y + thick / 2] as const;
        pen.strokeText(none, ...place); // a bar of another network may lie there
        pen.fillText(none, ...place);
        return;
      }
      pen.fillStyle = colour(NETWORKS[network]);
      pen.fillRect(x(0), y, Math.max(2, x(share) - x(0)), thick);
      if (isThin) return;
      pen.fillStyle = colour(`${NETWORKS[network]}-text`);
      pen.font = "11px system-ui, sans-serif";
      write(pen, `${Math.round(100 * share)} %`, x(share) + 5, y + thick / 2, "left");
    });
  });
}
