/**
 * The graph on the page: drawn, stepped through backward, its leaves changed. It knows no engine: what it shows is a snapshot, and for
 * other numbers it asks for another one.
 *
 *     new GraphView(host, snapshot, { language: "en", scrub: (leaf, element, value) => askTheWorker(…) })
 *
 * Read next: drawing.ts, the picture; words.ts, what is said of a step; leaves.ts and terms.ts.
 */
import { Drawing } from "./drawing.ts";
import { make } from "./elements.ts";
import { derivative, rowsText, shapeText, shortNumber } from "./format.ts";
import { LeavesView } from "./leaves.ts";
import { type Progress, progressAt } from "./progress.ts";
import { TermsView } from "./terms.ts";
import { type Language, texts } from "./texts.ts";
import type { GraphSnapshot, Inside, Numbers } from "./types.ts";
import { coloured, together } from "./ways.ts";
import { equationOf, formulasAt, wordsOf } from "./words.ts";

export interface GraphOptions {
  readonly language: Language;
  /** Computes it again with another number; a graph within a node has no leaves of its own. */
  readonly scrub?: (leaf: number, element: number, value: number) => Promise<GraphSnapshot>;
  /** Is told of each step. */
  readonly stepped?: (progress: Progress) => void;
}

const SECONDS_A_STEP = 1.2;
let graphs = 0;

export class GraphView {
  readonly #options: GraphOptions;
  readonly #words: (typeof texts)[Language];
  readonly #drawing: Drawing;
  readonly #leaves: LeavesView | null;
  readonly #root: HTMLElement;
  readonly #frame: HTMLElement;
  readonly #back: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #play: HTMLButtonElement;
  readonly #all: HTMLButtonElement;
  readonly #slider: HTMLInputElement;
  readonly #count = make("output");
  readonly #said = make("p", { class: "said", "aria-live": "polite" });
  readonly #formulas = make("div", { class: "formulas" });
  readonly #detail = make("div", { class: "detail" });
  readonly #opening: HTMLButtonElement;
  readonly #within = make("div", { class: "within" });
  readonly #note = make("p", { class: "differs", role: "status" });
  #graph: GraphSnapshot;
  #position = 0;
  #chosen: number;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** The node that is open, and what shows it. */
  #open: { readonly node: number; readonly graph: GraphView; readonly terms: TermsView | null } | null = null;
  /** What was last asked for, while an earlier answer is awaited. */
  readonly #wanted = new Map<string, [leaf: number, element: number, value: number]>();
  #isComputing = false;

  constructor(host: HTMLElement, graph: GraphSnapshot, options: GraphOptions) {
    const words = texts[options.language];
    this.#options = options;
    this.#words = words;
    this.#graph = graph;
    this.#chosen = graph.nodes.length - 1;
    this.#drawing = new Drawing(
      graph,
      options.language,
      `graph-${graphs++}`,
      (node) => this.#choose(node),
      (node) => this.#openAt(node),
    );
    this.#leaves = options.scrub ? new LeavesView(graph, options.language, (...change) => this.#want(change)) : null;
    const button = (name: string, press: () => void) => {
      const made = make("button", { type: "button" }, name);
      made.addEventListener("click", press);
      return made;
    };
    this.#back = button(words.back, () => this.#goTo(this.#position - 1));
    this.#next = button(words.step, () => this.#goTo(this.#position + 1));
    this.#play = button(words.play, () => (this.#timer === undefined ? this.#start() : this.#stop()));
    this.#all = button(words.all, () => this.#goTo(graph.steps.length));
    this.#slider = make("input", { type: "range", min: 0, max: graph.steps.length, "aria-label": words.steps });
    this.#slider.addEventListener("input", () => this.#goTo(this.#slider.valueAsNumber));
    this.#opening = button("", () => this.#toggle());
    this.#frame = make("div", { class: "frame" }, this.#drawing.svg);
    this.#root = make(
      "section",
      { class: "graph", "aria-label": words.graphOf(graph.nodes[graph.nodes.length - 1].name) },
      make("div", { class: "buttons" }, this.#back, this.#next, this.#play, this.#all, this.#slider, this.#count),
      make(
        "div",
        { class: this.#drawing.isNarrow ? "beside" : "below" },
        this.#frame,
        make(
          "div",
          {},
          this.#said,
          this.#formulas,
          make("div", { class: "chosen" }, this.#detail, this.#opening),
          ...(this.#leaves ? [this.#leaves.root] : []),
          this.#note,
        ),
      ),
      this.#within,
      ...(this.#leaves ? [make("p", { class: "hint" }, words.howTo)] : []),
    );
    this.#root.addEventListener("keydown", (event) => this.#press(event));
    host.append(this.#root);
    // What alone can be looked into is what a reader came for.
    const opening = graph.nodes.flatMap(({ inside }, node) => (inside ? [{ node, inside }] : []));
    if (opening.length === 1) this.#open = this.#openNode(opening[0].node, opening[0].inside);
    this.#show();
  }

  /** Shows other numbers in the same graph. */
  update(graph: GraphSnapshot): void {
    this.#graph = graph;
    this.#show();
  }

  #goTo(position: number): void {
    this.#position = Math.max(0, Math.min(this.#graph.steps.length, position));
    if (this.#position === this.#graph.steps.length) this.#stop();
    const active = progressAt(this.#graph, this.#position).active ?? this.#graph.nodes.length - 1;
    this.#choose(active);
    this.#drawing.reveal(active, this.#frame);
  }

  #choose(node: number): void {
    this.#chosen = node;
    this.#show();
  }

  #start(): void {
    if (this.#position === this.#graph.steps.length) this.#goTo(0);
    this.#timer = setInterval(() => this.#goTo(this.#position + 1), SECONDS_A_STEP * 1000);
    this.#play.textContent = this.#words.pause;
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#play.textContent = this.#words.play;
  }

  #press(event: KeyboardEvent): void {
    const { target, key } = event;
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement || event.defaultPrevented) return;
    const isOnNode = target instanceof SVGElement;
    const last = this.#graph.nodes.length - 1;
    if (key === "ArrowLeft") this.#goTo(this.#position - 1);
    else if (key === "ArrowRight") this.#goTo(this.#position + 1);
    else if (key === "Home") this.#goTo(0);
    else if (key === "End") this.#goTo(this.#graph.steps.length);
    else if (isOnNode && key === "ArrowUp") this.#choose(Math.max(0, this.#chosen - 1));
    else if (isOnNode && key === "ArrowDown") this.#choose(Math.min(last, this.#chosen + 1));
    else if (isOnNode && (key === "Enter" || key === " ")) this.#toggle();
    else return;
    event.preventDefault(); // a graph within a graph has heard it
    if (isOnNode) this.#drawing.focus(this.#chosen);
  }

  /** Asks for other numbers: of what is asked while an answer is awaited, the last of each element. */
  async #want(change: [leaf: number, element: number, value: number]): Promise<void> {
    const { scrub } = this.#options;
    this.#wanted.set(`${change[0]} ${change[1]}`, change);
    if (this.#isComputing || !scrub) return;
    this.#isComputing = true;
    try {
      for (const [key, wanted] of this.#wanted) {
        this.#wanted.delete(key);
        this.update(await scrub(...wanted));
      }
    } catch (error) {
      this.#wanted.clear();
      this.#note.textContent = this.#words.failed(error instanceof Error ? error.message : `${error}`);
    } finally {
      this.#isComputing = false;
    }
  }

  #show(): void {
    const [graph, words, { language, stepped }] = [this.#graph, this.#words, this.#options];
    const progress = progressAt(graph, this.#position);
    this.#drawing.update(graph, progress, this.#chosen);
    this.#leaves?.update(graph, this.#chosen);
    this.#back.disabled = this.#position === 0;
    this.#next.disabled = this.#all.disabled = this.#position === graph.steps.length;
    this.#slider.valueAsNumber = this.#position;
    const count = words.stepOf(this.#position, graph.steps.length);
    this.#count.textContent = count;
    this.#slider.setAttribute("aria-valuetext", count);
    const said = wordsOf(graph, progress, language);
    if (this.#said.textContent !== said) this.#said.replaceChildren(...coloured(said, language));
    this.#formulas.replaceChildren(
      ...formulasAt(graph, progress, language).map((line) =>
        make("p", { class: "formula" }, ...coloured(line, language)),
      ),
    );
    this.#showChosen(progress.gradients.get(this.#chosen));
    this.#note.textContent = graph.differs ? words.differs : "";
    stepped?.(progress);
  }

  #showChosen(gradient: Numbers | undefined): void {
    const [graph, words] = [this.#graph, this.#words];
    const { kind, name, operation, value, gradient: whole, inside } = graph.nodes[this.#chosen];
    const arrived = gradient ? this.#numbers(gradient) : whole ? words.notYet : words.noGradient;
    this.#detail.replaceChildren(
      make("p", { class: "formula" }, equationOf(graph, this.#chosen)),
      make(
        "dl",
        {},
        make("dt", {}, operation ? `${words.kinds[kind]} ${operation}` : words.kinds[kind]),
        make("dd", {}, value.shape.length > 0 ? `${name}: ${shapeText(value.shape)}` : name),
        make("dt", {}, words.value),
        make("dd", {}, this.#numbers(value)),
        make("dt", {}, `${words.gradient} ${derivative(graph, this.#chosen)}`),
        make("dd", {}, arrived),
      ),
    );
    if (this.#open) {
      const { node, graph: within, terms } = this.#open;
      const now = graph.nodes[node].inside;
      if (now) within.update(now.graph);
      if (now?.terms) terms?.update(now.terms);
    }
    const subject = this.#open ? graph.nodes[this.#open.node].operation : operation;
    this.#opening.hidden = !this.#open && inside === null;
    this.#opening.textContent = this.#open ? words.close(subject) : words.open(subject);
    this.#opening.setAttribute("aria-expanded", `${this.#open !== null}`);
  }

  /** As many as can be looked at. */
  #numbers(numbers: Numbers): string {
    const { count, summary } = numbers;
    if (!summary) return rowsText(numbers);
    const [mean, std, min, max] = [summary.mean, summary.std, summary.min, summary.max].map(shortNumber);
    return `${rowsText(numbers)}\n${this.#words.summary(`${count}`, mean, std, min, max)}`;
  }

  #openAt(node: number): void {
    if (this.#open) this.#toggle();
    this.#chosen = node;
    this.#toggle();
  }

  /** Opens the chosen node, or closes the one that is open. */
  #toggle(): void {
    const inside = this.#graph.nodes[this.#chosen].inside;
    if (this.#open) {
      this.#open = null;
      this.#within.replaceChildren();
    } else if (inside) this.#open = this.#openNode(this.#chosen, inside);
    this.#show();
    if (this.#open) this.#within.scrollIntoView({ block: "nearest" });
  }

  #openNode(node: number, inside: Inside) {
    const { language } = this.#options;
    this.#within.append(
      make("p", { class: "made-of" }, `${this.#words.insideOf}: ${this.#graph.nodes[node].operation}`),
    );
    const terms = inside.terms && new TermsView(inside.terms, language);
    const graph = new GraphView(this.#within, inside.graph, {
      language,
      stepped: ({ arrivals }) => terms?.mark(together(arrivals.map(({ arrow }) => inside.graph.arrows[arrow]))),
    });
    if (terms) this.#within.append(terms.root);
    return { node, graph, terms };
  }
}
