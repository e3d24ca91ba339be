/** Ten probabilities as bars, for each network. */
import { make, NETWORKS } from "./elements.ts";
import { onLanguage } from "./language.ts";
import { percent } from "./numbers.ts";
import type { Each } from "./trainer.ts";

interface Row {
  readonly row: HTMLElement;
  readonly label: HTMLElement;
  readonly bar: HTMLElement;
  readonly percent: HTMLElement;
}

export class ProbabilitiesView {
  readonly #networks: readonly Row[][];
  readonly #classes: () => readonly string[];

  /** @param classes what the ten are called, in the language that is spoken */
  constructor(host: HTMLElement, classes: () => readonly string[]) {
    this.#classes = classes;
    this.#networks = NETWORKS.map((network) => {
      const list = make("ol", { class: `bars ${network}` });
      host.append(make("div", { class: network }, make("p", {}, make("span", { "data-name": network })), list));
      return Array.from({ length: 10 }, () => {
        const [label, bar, percent] = [make("b"), make("i"), make("span")];
        const row = make("li", {}, label, make("span", { class: "track" }, bar), percent);
        list.append(row);
        return { row, label, bar, percent };
      });
    });
    onLanguage(() => this.writeClasses());
  }

  writeClasses(): void {
    const names = this.#classes();
    for (const rows of this.#networks) {
      rows.forEach(({ label }, i) => {
        label.textContent = names[i];
      });
    }
  }

  /** @param probabilities of each network; null for no picture */
  show(probabilities: Each<Float32Array> | null): void {
    this.#networks.forEach((rows, network) => {
      const values = probabilities?.[network];
      const most = values ? Math.max(...values) : Number.NaN;
      rows.forEach(({ row, bar, percent: text }, i) => {
        const value = values?.[i] ?? Number.NaN;
        row.dataset.probability = `${value}`;
        row.classList.toggle("best", value === most);
        bar.style.transform = `scaleX(${value || 0})`;
        text.textContent = percent(value);
      });
    });
  }
}
