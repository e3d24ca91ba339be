/** Batch norm's gradient in three terms, as a table of one channel. */
import { make } from "./elements.ts";
import { shortNumber } from "./format.ts";
import { placeText } from "./leaves.ts";
import { type Language, texts } from "./texts.ts";
import type { Inside, TermName } from "./types.ts";

const COLUMNS = ["dy", "mean", "correlation", "rest", "dx"] as const;

export class TermsView {
  readonly root: HTMLElement;
  readonly #words: (typeof texts)[Language];
  readonly #body = make("tbody");
  readonly #foot = make("p", { class: "factor" });
  readonly #channel: HTMLSelectElement;
  #terms: Inside["terms"];

  constructor(terms: Inside["terms"], language: Language) {
    this.#words = texts[language];
    this.#terms = terms;
    const { channel, terms: title, termNames, termsExplained } = this.#words;
    const channels = this.#of("factor").values.map((_, i) => make("option", { value: i }, `${i}`));
    this.#channel = make("select", {}, ...channels);
    this.#channel.addEventListener("change", () => this.#write());
    const heads = COLUMNS.map((name) => make("th", { scope: "col" }, name === "dx" ? "dx" : termNames[name]));
    const table = make("table", {}, make("thead", {}, make("tr", {}, make("td"), ...heads)), this.#body);
    this.root = make(
      "div",
      { class: "terms" },
      make("p", { class: "formula" }, title),
      make("label", {}, `${channel} `, this.#channel),
      make("div", { class: "table", tabindex: 0, role: "region", "aria-label": title }, table),
      this.#foot,
      make("p", {}, termsExplained),
    );
    this.#write();
  }

  update(terms: Inside["terms"]): void {
    this.#terms = terms;
    this.#write();
  }

  #of(name: TermName) {
    const term = this.#terms.find((one) => one.name === name);
    if (!term) throw new Error(`there is no term ${name}`);
    return term.numbers;
  }

  #write(): void {
    const channel = Number(this.#channel.value);
    const { shape, values } = this.#of("dy");
    const inner = shape.slice(2).reduce((product, size) => product * size, 1);
    const elements = [...values.keys()].filter((i) => Math.floor(i / inner) % shape[1] === channel);
    const rows = elements.map((i) => {
      const numbers = COLUMNS.map((name) => {
        const value = this.#of(name).values[name === "mean" ? channel : i];
        return name === "mean" || name === "correlation" ? -value : value;
      });
      return make(
        "tr",
        {},
        make("th", { scope: "row" }, placeText(shape, i)),
        ...numbers.map((value) => make("td", {}, shortNumber(value))),
      );
    });
    this.#body.replaceChildren(...rows);
    const [mean, slope, factor] = (["mean", "slope", "factor"] as const).map((name) =>
      shortNumber(this.#of(name).values[channel]),
    );
    this.#foot.textContent = `mean(dy) = ${mean}, mean(dy · x̂) = ${slope}, γ/σ = ${factor}`;
  }
}
