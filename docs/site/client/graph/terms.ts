/** Batch norm's gradient in three terms: where each comes from, and a table of one channel, whose columns add up. */
import { make } from "./elements.ts";
import { shortNumber } from "./format.ts";
import { placeText } from "./leaves.ts";
import { type Language, texts } from "./texts.ts";
import type { Terms, Way } from "./types.ts";
import { coloured, WAYS, waysText } from "./ways.ts";

const COLUMNS = ["dy", ...WAYS, "dx"] as const;

/** As many digits as the largest needs for three that count, so that the points stand below each other. */
function aligned(values: readonly number[]): (value: number) => string {
  const largest = Math.max(...values.map(Math.abs).filter(Number.isFinite), 0);
  const places = Math.min(12, Math.max(0, 3 - Math.floor(Math.log10(largest || 1))));
  // What rounds to zero has no sign.
  return (value) =>
    (Number.isFinite(value) ? (Number(value.toFixed(places)) + 0).toFixed(places) : `${value}`).replace(/-/g, "−");
}

export class TermsView {
  readonly root: HTMLElement;
  readonly #language: Language;
  readonly #body = make("tbody");
  readonly #foot = make("tfoot");
  readonly #taken = make("p", { class: "taken" });
  readonly #channel: HTMLSelectElement;
  readonly #heads: ReadonlyMap<string, HTMLElement>;
  #terms: Terms;

  constructor(terms: Terms, language: Language) {
    this.#language = language;
    this.#terms = terms;
    const { channel, terms: title, wayExplained } = texts[language];
    const channels = terms.meanOfDy.values.map((_, i) => make("option", { value: i }, `${i}`));
    this.#channel = make("select", {}, ...channels);
    this.#channel.addEventListener("change", () => this.#write());
    const named = (name: (typeof COLUMNS)[number]) =>
      isWay(name) ? coloured(waysText([name], language), language) : [name];
    this.#heads = new Map(COLUMNS.map((name) => [name, make("th", { scope: "col" }, ...named(name))]));
    const formulas: Record<Way, string> = {
      direct: `${terms.factor} · dy`,
      mean: `− ${terms.factor} · mean(dy)`,
      variance: `− ${terms.factor} · x̂ · mean(dy · x̂)`,
    };
    const origins = WAYS.flatMap((way) => [
      make("dt", {}, ...named(way)),
      make("dd", {}, make("span", { class: "formula" }, formulas[way]), wayExplained[way]),
    ]);
    const sum = `dx = ${WAYS.map((way) => waysText([way], language)).join(" + ")}`;
    const table = make(
      "table",
      {},
      make("thead", {}, make("tr", {}, make("td"), ...this.#heads.values())),
      this.#body,
      this.#foot,
    );
    this.root = make(
      "div",
      { class: "terms" },
      make("p", {}, title),
      make("p", { class: "formula" }, ...coloured(sum, language)),
      make("dl", {}, ...origins),
      make("label", {}, `${channel} `, this.#channel),
      make("div", { class: "table", tabindex: 0, role: "region", "aria-label": title }, table),
      this.#taken,
      make("p", {}, texts[language].termsExplained),
    );
    this.#write();
  }

  update(terms: Terms): void {
    this.#terms = terms;
    this.#write();
  }

  /** Marks the columns of what arrives now. */
  mark(ways: readonly Way[]): void {
    for (const [name, head] of this.#heads)
      head.toggleAttribute("data-now", isWay(name as Way) && ways.includes(name as Way));
  }

  #write(): void {
    const channel = Number(this.#channel.value);
    const { shape, values, count } = this.#terms.dy;
    const inner = shape.slice(2).reduce((product, size) => product * size, 1);
    const elements = [...values.keys()].filter((i) => Math.floor(i / inner) % shape[1] === channel);
    const columns = COLUMNS.map((name) => elements.map((i) => this.#terms[name].values[i]));
    const text = aligned(columns.flat());
    const row = (head: string, numbers: readonly string[]) =>
      make("tr", {}, make("th", { scope: "row" }, head), ...numbers.map((number) => make("td", {}, number)));
    const rows = elements.map((i, n) =>
      row(
        placeText(shape, i),
        columns.map((column) => text(column[n])),
      ),
    );
    if (values.length < count)
      rows.push(
        row(
          "…",
          COLUMNS.map(() => "…"),
        ),
      );
    this.#body.replaceChildren(...rows);
    const sums = COLUMNS.map((name) => this.#terms.sums[name].values[channel]);
    this.#foot.replaceChildren(row("Σ", sums.map(text)));
    const [mean, slope] = [this.#terms.meanOfDy, this.#terms.slope].map((numbers) =>
      shortNumber(numbers.values[channel]),
    );
    const total = this.#terms.sums.dx.values[channel];
    const isZero = Math.abs(total) <= 1e-12 * this.#terms.size.values[channel];
    this.#taken.textContent = texts[this.#language].taken(`${channel}`, mean, slope, shortNumber(total), isZero);
  }
}

const isWay = (name: (typeof COLUMNS)[number]): name is Way => name !== "dy" && name !== "dx";
