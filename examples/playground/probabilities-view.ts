/** Ten probabilities as bars, for each network. */
import { make, NETWORKS } from "./elements.ts";
import type { Pair } from "./trainer.ts";

interface Row {
  readonly row: HTMLElement;
  readonly bar: HTMLElement;
  readonly percent: HTMLElement;
}

export class ProbabilitiesView {
  readonly #networks: readonly Row[][];

  constructor(host: HTMLElement) {
    this.#networks = NETWORKS.map((network) => {
      const list = make("ol", { class: `bars ${network}` });
      host.append(make("div", {}, make("p", { class: network }, make("span", { "data-name": network })), list));
      return Array.from({ length: 10 }, (_, digit) => {
        const [bar, percent] = [make("i"), make("span")];
        const row = make("li", {}, make("b", {}, `${digit}`), make("span", { class: "track" }, bar), percent);
        list.append(row);
        return { row, bar, percent };
      });
    });
  }

  /** @param probabilities of each network; null for no digit */
  show(probabilities: Pair<Float32Array> | null): void {
    this.#networks.forEach((rows, network) => {
      const values = probabilities?.[network];
      const most = values ? Math.max(...values) : Number.NaN;
      rows.forEach(({ row, bar, percent }, digit) => {
        const value = values?.[digit] ?? Number.NaN;
        row.dataset.probability = `${value}`;
        row.classList.toggle("best", value === most);
        bar.style.transform = `scaleX(${value || 0})`;
        percent.textContent = Number.isNaN(value) ? "–" : `${(100 * value).toFixed(1)} %`;
      });
    });
  }
}
