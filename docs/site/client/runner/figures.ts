/** Charts and pictures that a block shows, drawn on the page. */
import type { Shown } from "./messages.ts";
import type { Text } from "./texts.ts";

type Say = (text: Text) => string;
type Plot = Extract<Shown, { kind: "plot" }>;
type Picture = Extract<Shown, { kind: "image" }>;

const [WIDTH, HEIGHT] = [480, 180];
const MARGIN = { left: 56, right: 12, top: 26, bottom: 24 };
/** About, in the legend. */
const WIDTH_OF_LETTER = 6.5;
const COLOURS = ["var(--first, #2563a8)", "var(--second, #c2571a)", "var(--accent, #2b7a4b)", "var(--ink, #333)"];
const DASHES = ["", "7 4", "2 3", "9 3 2 3"];

function svg(name: string, attributes: Readonly<Record<string, string | number>>, text?: string): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

/** Lines over the number of each value; a gap where one is not finite. */
export function plotElement({ lines }: Plot, say: Say): SVGElement {
  const all = Object.values(lines).flatMap((values) => [...values].filter(Number.isFinite));
  const ticks = ticksBetween(Math.min(...all), Math.max(...all));
  const [low, high] = [ticks[0], ticks[ticks.length - 1]];
  const longest = Math.max(2, ...Object.values(lines).map((values) => values.length));
  const x = (i: number) => MARGIN.left + (i / (longest - 1)) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (value: number) =>
    HEIGHT - MARGIN.bottom - ((value - low) / (high - low)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const picture = svg("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    class: "plot",
    role: "img",
    "aria-label": words(lines, say),
  });
  for (const tick of ticks) {
    picture.append(svg("line", { x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: y(tick), y2: y(tick), class: "grid" }));
    picture.append(svg("text", { x: MARGIN.left - 6, y: y(tick) + 4, "text-anchor": "end" }, short(tick)));
  }
  for (const at of [0, longest - 1])
    picture.append(svg("text", { x: x(at), y: HEIGHT - 6, "text-anchor": at ? "end" : "start" }, String(at)));
  let legend = MARGIN.left;
  for (const [i, [name, values]] of Object.entries(lines).entries()) {
    const stroke = { stroke: COLOURS[i % COLOURS.length], "stroke-dasharray": DASHES[i % DASHES.length] };
    let isDown = false;
    const path = Array.from(values, (value, k) => {
      const command = isDown ? "L" : "M";
      isDown = Number.isFinite(value);
      return isDown ? `${command}${x(k).toFixed(1)} ${y(value).toFixed(1)}` : "";
    });
    picture.append(svg("path", { d: path.join(""), fill: "none", "stroke-width": 1.8, ...stroke }));
    if (!name) continue;
    picture.append(svg("line", { x1: legend, x2: legend + 24, y1: 9, y2: 9, "stroke-width": 1.8, ...stroke }));
    picture.append(svg("text", { x: legend + 30, y: 13 }, name));
    legend += 46 + WIDTH_OF_LETTER * name.length;
  }
  return picture;
}

/** Three to six round numbers, from below the lowest to above the highest. */
export function ticksBetween(low: number, high: number): number[] {
  if (!(low <= high)) return [0, 1];
  const span = high - low || Math.abs(high) || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const [first, last] = [Math.floor(low / step), Math.ceil((high === low ? low + span : high) / step)];
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

/** What a chart shows, for those who do not see it. */
const words = (lines: Plot["lines"], say: Say): string =>
  Object.entries(lines)
    .map(([name, values]) => {
      const finite = [...values].filter(Number.isFinite);
      const [first, last] = [finite[0] ?? Number.NaN, finite.at(-1) ?? Number.NaN].map(short);
      return `${say("plot")} ${name} ${values.length} ${say("plotRange")} ${first} ${say("to")} ${last}`;
    })
    .join("; ");

/** A picture of few pixels, enlarged so that each is seen. */
export function pictureElement({ width, height, rgba }: Picture, say: Say): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.className = "picture";
  const scale = Math.max(1, Math.min(8, Math.floor(448 / width)));
  canvas.style.width = `${width * scale}px`;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${say("picture")} ${width} × ${height}`);
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, width, height), 0, 0);
  return canvas;
}
