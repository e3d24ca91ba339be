/** One block on the page: its code, the bar below it, and what it prints. It knows nothing of workers: notebook.ts connects the two. */

import type { GraphSnapshot } from "../graph/types.ts";
import { caretIn } from "./caret.ts";
import type { Editor } from "./editor.ts";
import { pictureElement, plotElement } from "./figures.ts";
import type { Scrub, Shown } from "./messages.ts";
import { composed, standIn, standInOf } from "./stand-in.ts";
import { type Language, type Text, textsIn } from "./texts.ts";

export interface BlockListener {
  run(fromTheFirst: boolean): void;
  stop(): void;
  changed(): void;
  reset(): void;
  copyLink(): void;
  /** What changes the leaves of a graph that was just shown. */
  scrubber(graph: number): (scrub: Scrub) => Promise<GraphSnapshot>;
}

export class BlockView {
  readonly figure: HTMLElement;
  /** The guide's own text. */
  readonly original: string;
  /** Whether it shares nothing with the others. */
  readonly isAlone: boolean;
  readonly #say: (text: Text) => string;
  readonly #language: Language;
  readonly #listener: BlockListener;
  readonly #code: HTMLElement;
  readonly #printed: HTMLElement;
  readonly #printedOriginal: string;
  /** Graphs to step through, which are no part of the text. */
  readonly #graphs = element("div", "graphs");
  readonly #bar = element("div", "bar");
  readonly #status = element("span", "status");
  readonly #mark = element("span", "mark");
  readonly #buttons: Record<"run" | "runToHere" | "stop" | "edit" | "reset" | "copyLink", HTMLButtonElement>;
  #editor: Promise<Editor> | null = null;
  #opened: Editor | null = null;
  #source: string;
  /** Whether what is shown is from before this run. */
  #isOld = false;

  constructor(figure: HTMLElement, number: number, language: Language, listener: BlockListener) {
    this.figure = figure;
    this.#language = language;
    this.isAlone = figure.hasAttribute("data-alone");
    this.#say = textsIn(language);
    this.#listener = listener;
    this.#code = figure.querySelector<HTMLElement>("pre.code")!;
    figure.id = `block-${number}`;
    this.original = this.#code.textContent.replace(/\n?$/, "\n");
    this.#source = this.original;
    this.#printed = figure.querySelector<HTMLElement>("pre.printed") ?? element("pre", "printed");
    this.#printedOriginal = this.#printed.textContent;
    this.#printed.hidden = this.#printedOriginal === "";
    this.#printed.setAttribute("role", "log");
    this.#printed.setAttribute("aria-live", "polite");
    this.#printed.setAttribute("aria-label", `${this.#say("output")} ${number}`);
    this.#status.setAttribute("role", "status");
    const isGraph = figure.hasAttribute("data-graph");
    this.#buttons = {
      run: this.#button("run", () => listener.run(false)),
      runToHere: this.#button("runToHere", () => listener.run(true)),
      stop: this.#button("stop", () => listener.stop()),
      edit: this.#button("edit", () => void this.edit()),
      reset: this.#button("reset", () => listener.reset()),
      copyLink: this.#button("copyLink", () => listener.copyLink()),
    };
    if (isGraph) this.#buttons.run.textContent = this.#say("stepThrough");
    this.#bar.setAttribute("role", "group");
    this.#bar.setAttribute("aria-label", `${this.#say("bar")} ${number}`);
    this.#bar.append(...Object.values(this.#buttons), this.#mark, this.#status);
    const before = figure.querySelector(":scope > .bar"); // what stood here until now
    const hadFocus = before?.contains(document.activeElement);
    before?.remove();
    this.#code.after(this.#bar, this.#printed, this.#graphs);
    if (hadFocus) this.#buttons.run.focus();
    this.#code.addEventListener("click", () => {
      const caret = caretIn(this.#code);
      if (caret !== null) void this.edit(caret);
    });
    const field = standInOf(figure); // somebody began to type before this was here
    if (field) {
      this.#source = `${field.value}\n`;
      this.#listenTo(field);
    }
    this.setBusy(false);
    this.#showChanged();
  }

  #button(text: Text, act: () => void): HTMLButtonElement {
    const button = element("button", text);
    button.type = "button";
    button.textContent = this.#say(text);
    button.addEventListener("click", act);
    return button;
  }

  get source(): string {
    return this.#source;
  }

  /** Code that comes from elsewhere: a link, what was kept, or the guide. */
  setSource(source: string): void {
    this.#source = source;
    const field = standInOf(this.figure);
    if (this.#opened) this.#opened.setText(source);
    else if (field) field.value = source.replace(/\n$/, "");
    else if (source === this.original) this.#code.hidden = false;
    else void this.#open();
    this.#showChanged();
  }

  get isChanged(): boolean {
    return this.#source !== this.original;
  }

  /** Opens the editor, with the caret behind so many characters, or where it was. Until it is there, one types into a plain field. */
  async edit(caret?: number): Promise<void> {
    if (this.#opened) {
      this.#opened.focus(caret);
      return;
    }
    this.#listenTo(standIn(this.figure, { text: this.#source, caret: caret ?? 0, label: this.#label }));
    try {
      await this.#open();
    } catch {
      this.#editor = null; // the plain field stays, and the next time it is tried again
    }
  }

  get #label(): string {
    return `${this.#say("editor")} ${Number(this.figure.dataset.block) + 1}. ${this.#say("hint")}`;
  }

  #listenTo(field: HTMLTextAreaElement): void {
    field.oninput = () => this.#change(`${field.value}\n`);
    field.onkeydown = ({ key, ctrlKey, metaKey }) => {
      if (key === "Enter" && (ctrlKey || metaKey)) this.#listener.run(false);
    };
  }

  /** The editor, whose code is loaded now. */
  #open(): Promise<Editor> {
    this.#editor ??= this.#load();
    return this.#editor;
  }

  async #load(): Promise<Editor> {
    const { openEditor } = await import("./editor.ts");
    const field = standInOf(this.figure);
    if (field) await composed(field);
    const place = element("div", "editor");
    this.#code.after(place);
    this.#code.hidden = true;
    const editor = openEditor(place, this.#source, {
      label: this.#label,
      language: this.#language,
      changed: (source) => this.#change(source),
      run: () => this.#listener.run(false),
    });
    if (field === document.activeElement) editor.focus(field?.selectionStart, field?.selectionEnd);
    field?.remove();
    this.#opened = editor;
    return editor;
  }

  #change(source: string): void {
    if (source === this.#source) return;
    this.#source = source;
    this.#showChanged();
    this.#listener.changed();
  }

  #showChanged(): void {
    this.figure.toggleAttribute("data-changed", this.isChanged);
    this.#mark.textContent = this.isChanged ? this.#say("changed") : "";
  }

  /** Marks lines in which an error was. */
  async mark(lines: readonly number[]): Promise<void> {
    if (lines.length > 0 || this.#opened) (await this.#open()).mark(lines);
  }

  setBusy(isRunning: boolean): void {
    const { run, runToHere, stop } = this.#buttons;
    const hasFocus = [run, runToHere, stop].some((button) => button === document.activeElement);
    run.hidden = isRunning;
    runToHere.hidden = isRunning || this.isAlone;
    stop.hidden = !isRunning;
    if (hasFocus) (isRunning ? stop : run).focus(); // what has gone had it
  }

  /** @param block that the text speaks of: a link leads there */
  status(text: string, block?: number): void {
    this.#status.textContent = text;
    if (block === undefined) return;
    const number = `${block + 1}`;
    this.#status.append(" ", Object.assign(element("a", ""), { href: `#block-${number}`, textContent: number }));
  }

  /** Whether what is shown here was printed by other code than is above it now. */
  setStale(isStale: boolean): void {
    this.figure.toggleAttribute("data-stale", isStale);
    this.#printed.title = isStale ? this.#say("stale") : "";
  }

  /** From now on what is shown is new: the old is taken away when there is something in its place. */
  begin(): void {
    this.#isOld = true;
    this.figure.setAttribute("aria-busy", "true");
    void this.mark([]);
  }

  end(): void {
    this.#clearOld();
    this.#printed.hidden = this.#printed.childNodes.length === 0;
    this.figure.removeAttribute("aria-busy");
    this.#letKeysScroll();
  }

  /** What is wider or higher than its place is scrolled with the keyboard, too. */
  #letKeysScroll(): void {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = this.#printed;
    if (scrollWidth > clientWidth || scrollHeight > clientHeight) this.#printed.tabIndex = 0;
    else this.#printed.removeAttribute("tabindex");
  }

  #clearOld(): void {
    if (this.#isOld) {
      this.#printed.replaceChildren();
      this.#graphs.replaceChildren();
    }
    this.#isOld = false;
  }

  show(shown: Exclude<Shown, { kind: "problem" }>): void {
    this.#clearOld();
    this.#printed.hidden &&= shown.kind === "graph";
    if (shown.kind === "text") this.#write(shown.stream, shown.text);
    else if (shown.kind === "plot") this.#printed.append(plotElement(shown, this.#say));
    else if (shown.kind === "image") this.#printed.append(pictureElement(shown, this.#say));
    else if (shown.kind === "graph") void this.#showGraph(shown.graph, this.#listener.scrubber(shown.id));
    else if (shown.kind === "note") this.#note(`${this.#say(shown.note)}\n`);
    else if (shown.kind === "cut") this.#cut(shown.lines);
  }

  /** Below what is printed; what draws it is loaded now. */
  async #showGraph(graph: GraphSnapshot, scrub: (scrub: Scrub) => Promise<GraphSnapshot>): Promise<void> {
    const host = element("div", "graph-host");
    this.#graphs.append(host);
    const { GraphView } = await import("../graph/view.ts");
    new GraphView(host, graph, {
      language: this.#language,
      scrub: (leaf, element, value) => scrub({ leaf, element, value }),
    });
  }

  #write(kind: string, text: string): void {
    const last = this.#printed.lastElementChild;
    if (last?.className === kind) last.append(text);
    else this.#printed.append(Object.assign(element("span", kind), { textContent: text }));
  }

  problem(text: string): void {
    this.#clearOld();
    this.#printed.hidden = false;
    this.#write("err problem", `${text}\n`);
  }

  /** Below a problem: what to write instead, and where there is more of it. */
  advice(text: string, href: string): void {
    const link = Object.assign(element("a", ""), { href, textContent: this.#say("forPython") });
    this.#note(`${text} `).append(link, "\n");
  }

  #cut(lines: number): void {
    this.#printed.querySelector(".cut")?.remove();
    const count = lines.toLocaleString(this.#language);
    this.#note(`${lines > 0 ? `… ${count} ${this.#say("cut")}` : this.#say("cutNow")}\n`).classList.add("cut");
  }

  #note(text: string): HTMLElement {
    const note = Object.assign(element("span", "note"), { textContent: text });
    this.#printed.append(note);
    return note;
  }

  /** As the guide has it, code and output. */
  reset(): void {
    this.setSource(this.original);
    void this.mark([]);
    this.#isOld = false;
    this.#printed.textContent = this.#printedOriginal;
    this.#printed.hidden = this.#printedOriginal === "";
    this.#graphs.replaceChildren();
    this.figure.removeAttribute("aria-busy");
    this.status(this.#say("isReset"));
  }
}

function element<Name extends keyof HTMLElementTagNameMap>(name: Name, className: string): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.className = className;
  return made;
}
