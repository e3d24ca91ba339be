/**
 * The graph as SVG. Boxes and arrows are drawn once; what the numbers are, and what has arrived at a step, is written into them
 * again and again.
 */
import { layOut } from "../../../../src/seeing/layout.ts";
import { draw } from "./elements.ts";
import { gradientText, inNames, normOf, numbersText, shapeText, shortNumber } from "./format.ts";
import { placeLabels } from "./labels.ts";
import type { Progress } from "./progress.ts";
import { type Language, texts } from "./texts.ts";
import type { GraphNode, GraphSnapshot, Numbers } from "./types.ts";
import { coloured, waysText } from "./ways.ts";

const [FONT, LINE, PADDING, MARGIN] = [14, 19, 8, 10]; // pixels
const LONGEST = 24; // letters of what stands in its box
const NUMBER = 9; // letters of the longest number: −1.23e−10

interface Box {
  readonly group: SVGGElement;
  readonly lines: readonly SVGTextElement[];
}

interface Line {
  readonly group: SVGGElement;
  readonly label: SVGTextElement;
}

/** About how wide a text is; Chinese characters are twice as wide as letters. */
const widthOf = (text: string): number => (text.length + (text.match(/[\u3000-\u9fff]/g)?.length ?? 0)) * FONT * 0.58;

const cut = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);

interface Point {
  readonly x: number;
  readonly y: number;
}

/** `c = a · b`, if it is short. */
function equation(graph: GraphSnapshot, { name, formula }: GraphNode): string {
  const text = `${name} = ${inNames(graph, formula)}`;
  return text.length <= LONGEST ? text : name;
}

const valueText = ({ value }: GraphNode): string => (value.count <= 2 ? numbersText(value) : shapeText(value.shape));

/** What stands in a box: what it is, its value, and its gradient, if that has arrived. */
const linesOf = (graph: GraphSnapshot, node: GraphNode, gradient: Numbers | null | undefined): string[] =>
  [
    ...(node.operation ? [node.operation, equation(graph, node)] : [node.name]),
    valueText(node),
    gradient ? gradientText(gradient) : "",
  ].map(cut);

export class Drawing {
  readonly svg: SVGSVGElement;
  /** Whether there is room beside it. */
  readonly isNarrow: boolean;
  readonly #boxes: readonly Box[];
  readonly #lines: readonly Line[];

  /** @param choose is told of the node that somebody wants to see, @param open of the one that is to be opened */
  constructor(
    graph: GraphSnapshot,
    language: Language,
    id: string,
    choose: (node: number) => void,
    open: (node: number) => void,
  ) {
    const { nodes, arrows } = graph;
    const contents = nodes.map((node) => linesOf(graph, node, node.gradient));
    const height = Math.max(...contents.map(({ length }) => length)) * LINE + 2 * PADDING;
    // Somewhat wider than needed: numbers become longer when others are tried.
    const widest = (lines: string[]) => Math.max(64, ...lines.map((line) => widthOf(`${line}  `)));
    const widths = contents.map((lines, i) => widest(lines) + (nodes[i].inside ? 2 : 1) * 2 * PADDING);
    const boxes = nodes.map(() => ({ kind: "leaf" as const, lines: [] }));
    const layout = layOut({ boxes, arrows: arrows.map(({ from, to }) => [from, to]) }, widths);
    const width = layout.width + 2 * MARGIN;
    this.isNarrow = width < 360;

    const paths = layout.arrows.map((path, i) => {
      const xs = path.map(({ x }) => x + MARGIN);
      xs[0] += besides(arrows, i, "from", widths);
      xs[xs.length - 1] += besides(arrows, i, "to", widths);
      return { xs, layer: path[0].layer };
    });
    // Below each layer there is room for the labels of the arrows that begin there.
    const names = arrows.map(({ ways }) => waysText(ways, language));
    const tallest = (names.some(Boolean) ? 2 : 1) * LINE;
    const labels: Point[] = [];
    const tops = [MARGIN];
    for (let layer = 0; layer < layout.layers; layer++) {
      const here = [...paths.keys()].filter((i) => paths[i].layer === layer);
      const labelled = here.map((i) => {
        const [from, to] = paths[i].xs;
        return { from, to, width: Math.max(widthOf("0".repeat(NUMBER)), widthOf(names[i])) };
      });
      const { rows, places } = placeLabels(labelled, width);
      const between = (rows + 1) * (tallest + 6);
      for (const [n, i] of here.entries())
        labels[i] = { x: places[n].x, y: tops[layer] + height + between * places[n].y - tallest / 2 };
      tops.push(tops[layer] + height + between);
    }
    const middle = (layer: number) => tops[layer] + height / 2;
    const tall = tops[layout.layers - 1] + height + MARGIN;

    this.#lines = paths.map(({ xs, layer }, i) => {
      const { from, to, ways } = arrows[i];
      const points = xs.map((x, n) => ({ x, y: middle(layer + n) }));
      const { x, y } = labels[i];
      const name = coloured(names[i], language, (way, piece) => draw("tspan", { "data-way": way }, piece));
      const texts = names[i] ? [draw("text", { x, y: y + LINE * 0.75, class: "way" }, ...name)] : [];
      const label = draw("text", { x, y: y + tallest - LINE * 0.25, class: "term" });
      const line = draw("path", { d: curve(points, height / 2), "marker-end": `url(#${id}-tip)` });
      const way = ways.length === 1 ? { "data-way": ways[0] } : {};
      const group = draw("g", { class: "arrow", "data-from": from, "data-to": to, ...way }, line, ...texts, label);
      return { group, label };
    });
    this.#boxes = nodes.map((node, i) => {
      const { x, layer } = layout.boxes[i];
      const [cx, top] = [x + MARGIN, middle(layer) - height / 2];
      const rect = draw("rect", { x: cx - widths[i] / 2, y: top, width: widths[i], height, rx: 7 });
      const first = top + PADDING + LINE * 0.75 + ((height - 2 * PADDING) / LINE - contents[i].length) * (LINE / 2);
      const lines = contents[i].map((_, n) => draw("text", { x: cx, y: first + n * LINE }));
      lines[0].setAttribute("class", "title");
      lines[lines.length - 1].setAttribute("class", "gradient");
      const spaced = lines.flatMap((line) => [line, " "]); // for who hears the box read
      // A plus in the corner of what can be opened.
      const corner = { x: cx + widths[i] / 2 - 10, y: top + 16, class: "opens", "aria-hidden": "true" };
      const plus = node.inside ? [draw("text", corner, "+")] : [];
      const group = draw("g", { class: `node ${node.kind}`, role: "button" }, rect, ...spaced, ...plus);
      group.addEventListener("click", ({ target }) => (plus.some((one) => one === target) ? open : choose)(i));
      return { group, lines };
    });
    const tip = draw(
      "marker",
      {
        id: `${id}-tip`,
        viewBox: "0 0 8 8",
        refX: 7,
        refY: 4,
        markerWidth: 9,
        markerHeight: 9,
        markerUnits: "userSpaceOnUse",
        orient: "auto",
      },
      draw("path", { d: "M0 0.5 7.5 4 0 7.5z" }),
    );
    this.svg = draw(
      "svg",
      {
        // Larger letters make a larger drawing; one that is a little too wide is made to fit, another one scrolls.
        style: `width: ${width / 16}rem; min-width: ${(width / 16) * 0.75}rem`,
        viewBox: `0 0 ${width} ${tall}`,
        role: "group",
        "aria-label": texts[language].graphOf(nodes[nodes.length - 1].name),
      },
      draw("defs", {}, tip),
      ...this.#lines.map(({ group }) => group),
      ...this.#boxes.map(({ group }) => group),
    );
  }

  /** Writes the numbers of now. */
  update(graph: GraphSnapshot, { active, passed, arrivals, gradients, done }: Progress, chosen: number): void {
    const now = new Set(arrivals.map(({ arrow }) => arrow));
    for (const [i, { group, lines }] of this.#boxes.entries()) {
      const content = linesOf(graph, graph.nodes[i], gradients.get(i));
      for (const [n, line] of lines.entries()) line.textContent = content[n];
      group.setAttribute("aria-pressed", `${i === chosen}`);
      group.setAttribute("tabindex", i === chosen ? "0" : "-1");
      const gets = [...now].some((arrow) => graph.arrows[arrow].from === i);
      group.dataset.state = i === active ? "active" : gets ? "gets" : done.has(i) ? "done" : "";
    }
    for (const [i, { group, label }] of this.#lines.entries()) {
      const term = passed.get(i);
      label.textContent = term ? shortNumber(term.count === 1 ? term.values[0] : normOf(term)) : "";
      group.dataset.state = now.has(i) ? "now" : term ? "passed" : "";
    }
  }

  /** Puts the keyboard on a node. */
  focus(node: number): void {
    this.#boxes[node].group.focus();
  }

  /** Brings a node into view, where the drawing is larger than its frame. */
  reveal(node: number, frame: HTMLElement): void {
    const [box, around] = [this.#boxes[node].group.getBoundingClientRect(), frame.getBoundingClientRect()];
    frame.scrollBy({
      left: (box.left + box.right - around.left - around.right) / 2,
      top: (box.top + box.bottom - around.top - around.bottom) / 2,
    });
  }
}

/** Arrows that share an end stand beside each other there. */
function besides(arrows: GraphSnapshot["arrows"], i: number, end: "from" | "to", widths: readonly number[]): number {
  const sharing = [...arrows.keys()].filter((k) => arrows[k][end] === arrows[i][end]);
  const twins = sharing.filter((k) => arrows[k].from === arrows[i].from && arrows[k].to === arrows[i].to);
  if (twins.length < 2) return 0;
  return ((twins.indexOf(i) - (twins.length - 1) / 2) * widths[arrows[i][end]]) / (twins.length + 0.5);
}

/** From the lower edge of the first box to the upper edge of the last, straight down through each layer between. */
function curve(middles: readonly Point[], half: number): string {
  const parts = [`M${middles[0].x},${middles[0].y + half}`];
  for (const [i, { x, y }] of middles.entries()) {
    if (i === 0) continue;
    const from = { x: middles[i - 1].x, y: middles[i - 1].y + half };
    const bend = (y - half - from.y) / 2;
    parts.push(`C${from.x},${from.y + bend} ${x},${y - half - bend} ${x},${y - half}`);
    if (i < middles.length - 1) parts.push(`V${y + half}`);
  }
  return parts.join("");
}
