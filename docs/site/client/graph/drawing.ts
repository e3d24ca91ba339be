/** The graph as SVG: boxes and arrows, which are drawn once, and what has arrived at a step, which is written into them. */
import { layOut } from "../../../../src/seeing/layout.ts";
import { draw } from "./elements.ts";
import { gradientText, inNames, numbersText, shapeText, shortNumber } from "./format.ts";
import { arrivedAt, type Position } from "./progress.ts";
import { type Language, texts } from "./texts.ts";
import type { GraphNode, GraphSnapshot } from "./types.ts";

const [FONT, LINE, PADDING, MARGIN] = [14, 18, 8, 12]; // pixels
const PITCH = 44; // from box to box of the next layer
const LONGEST = 26; // letters of a formula in a box

interface Box {
  readonly group: SVGGElement;
  readonly value: SVGTextElement;
  readonly gradient: SVGTextElement;
}

interface Line {
  readonly path: SVGPathElement;
  readonly label: SVGTextElement;
}

/** `c = a · b`, if it is short. */
function equation(graph: GraphSnapshot, { name, formula }: GraphNode): string {
  const text = `${name} = ${inNames(graph, formula)}`;
  return text.length <= LONGEST ? text : name;
}

const valueText = ({ value }: GraphNode): string =>
  value.count <= 2 ? numbersText(value) : shapeText(value.shape);

/** A line a box: what it is, what it computes, its value, its gradient. */
const linesOf = (graph: GraphSnapshot, node: GraphNode): string[] => {
  const title = node.operation ? [node.operation, equation(graph, node)] : [node.name];
  return [...title, valueText(node), node.gradient ? gradientText(node.gradient) : ""];
};

export class Drawing {
  readonly svg: SVGSVGElement;
  readonly #boxes: Box[] = [];
  readonly #lines: Line[] = [];

  /** @param choose is told of the node that somebody wants to see */
  constructor(graph: GraphSnapshot, language: Language, choose: (node: number) => void) {
    const { nodes, arrows } = graph;
    const lines = nodes.map((node) => linesOf(graph, node));
    const height = (Math.max(...lines.map(({ length }) => length)) * LINE) + 2 * PADDING;
    // A number that is scrubbed may become longer than it is.
    const widths = lines.map((texts) => Math.max(56, ...texts.map((text) => (text.length + 1) * FONT * 0.58)) + 2 * PADDING);
    const picture = { boxes: nodes.map(({ kind }) => ({ kind, lines: [] })), arrows: arrows.map(({ from, to }) => [from, to] as const) };
    const layout = layOut(picture as never, widths);
    const middle = (layer: number) => MARGIN + height / 2 + layer * (height + PITCH);
    const [width, whole] = [layout.width + 2 * MARGIN, middle(layout.layers - 1) + height / 2 + MARGIN];
    this.svg = draw("svg", { width, height: whole, viewBox: `0 0 ${width} ${whole}`, role: "group", "aria-label": texts[language].graphOf(nodes[nodes.length - 1].name) });
  }
}
