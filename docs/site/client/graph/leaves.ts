/** Numbers of leaves and constants to change: a slider and a field for each, and for a tensor which of its elements is meant. */
import { make } from "./elements.ts";
import { shortNumber } from "./format.ts";
import { type Language, texts } from "./texts.ts";
import type { GraphNode, GraphSnapshot } from "./types.ts";

/** Is told of an element that is to have another value. */
export type Change = (leaf: number, element: number, value: number) => void;

/** So many can be seen at once; in a larger graph those of the node that is looked at. */
const MOST = 4;

interface Row {
  readonly leaf: number;
  readonly element: HTMLDivElement;
  readonly choice: HTMLSelectElement | null;
  readonly slider: HTMLInputElement;
  readonly field: HTMLInputElement;
}

export class LeavesView {
  readonly root: HTMLElement;
  readonly #rows: readonly Row[];
  readonly #original: GraphSnapshot;
  readonly #reset: HTMLButtonElement;
  #graph: GraphSnapshot;

  constructor(graph: GraphSnapshot, language: Language, change: Change) {
    const words = texts[language];
    this.#graph = graph;
    this.#original = graph;
    this.#rows = graph.nodes.flatMap((node, leaf) =>
      node.canChange ? [this.#makeRow(node, leaf, language, change)] : [],
    );
    this.#reset = make("button", { type: "button" }, words.reset);
    this.#reset.addEventListener("click", () => this.#putBack(change));
    const rows = this.#rows.map(({ element }) => element);
    this.root = make(
      "div",
      { class: "leaves", role: "group", "aria-label": words.changeLeaves },
      make("p", {}, words.changeLeaves),
      ...rows,
      this.#reset,
    );
    this.root.hidden = rows.length === 0;
  }

  /** Shows the numbers of now. */
  update(graph: GraphSnapshot, chosen: number): void {
    this.#graph = graph;
    const isChosen = (leaf: number) =>
      graph.arrows.some(({ from, to }) => from === leaf && to === chosen) || leaf === chosen;
    for (const row of this.#rows) {
      row.element.hidden = this.#rows.length > MOST && !isChosen(row.leaf);
      if (!row.element.contains(document.activeElement)) this.#write(row);
    }
    this.#reset.hidden = this.#changed().length === 0;
  }

  #makeRow(node: GraphNode, leaf: number, language: Language, change: Change): Row {
    const words = texts[language];
    const { name, value } = node;
    const places = value.values.map((_, i) => make("option", { value: i }, placeText(value.shape, i)));
    const choice = value.count > 1 ? make("select", { "aria-label": words.element(name) }, ...places) : null;
    const slider = make("input", { type: "range", step: "any", "aria-label": words.slider(name) });
    const field = make("input", { type: "number", step: "any", "aria-label": words.number(name) });
    const element = make("div", {}, make("span", { class: "name" }, name), ...(choice ? [choice] : []), slider, field);
    const row: Row = { leaf, element, choice, slider, field };
    choice?.addEventListener("change", () => this.#write(row));
    const apply = (input: HTMLInputElement, other: HTMLInputElement) => {
      if (Number.isNaN(input.valueAsNumber)) return;
      other.valueAsNumber = Number(input.valueAsNumber.toPrecision(4));
      change(leaf, elementOf(row), input.valueAsNumber);
    };
    slider.addEventListener("input", () => apply(slider, field));
    field.addEventListener("input", () => apply(field, slider));
    return row;
  }

  /** Twice as far to either side as the number was at first; around zero, if it was none. */
  #write(row: Row): void {
    const [i, { leaf }] = [elementOf(row), row];
    const original = this.#original.nodes[leaf].value.values[i];
    const first = Number.isFinite(original) ? original : 0;
    const reach = Math.max(1, 2 * Math.abs(first));
    Object.assign(row.slider, { min: `${first - reach}`, max: `${first + reach}` });
    const now = this.#graph.nodes[leaf].value.values[i];
    row.slider.value = `${now}`;
    row.slider.setAttribute("aria-valuetext", shortNumber(now));
    row.field.value = `${Number(now.toPrecision(4))}`;
  }

  #changed(): [leaf: number, element: number, first: number][] {
    return this.#rows.flatMap(({ leaf }) => {
      const [before, now] = [this.#original, this.#graph].map(({ nodes }) => nodes[leaf].value.values);
      return before.flatMap((first, i): [number, number, number][] =>
        Object.is(first, now[i]) ? [] : [[leaf, i, first]],
      );
    });
  }

  #putBack(change: Change): void {
    for (const [leaf, element, first] of this.#changed()) change(leaf, element, first);
  }
}

const elementOf = ({ choice }: Row): number => Number(choice?.value ?? 0);

/** `[1, 0]`, where an element is. */
export function placeText(shape: readonly number[], element: number): string {
  let rest = element;
  const place = shape.toReversed().map((size) => {
    const at = rest % size;
    rest = Math.floor(rest / size);
    return at;
  });
  return `[${place.reverse().join(", ")}]`;
}
