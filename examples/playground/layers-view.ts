/** What enters each ReLU: a table for each network with a row for each layer, and in it a histogram. */
import { layersCaption } from "./captions.ts";
import { byId, colour, context, make, NETWORKS } from "./elements.ts";
import { onLanguage } from "./language.ts";
import type { Report } from "./messages.ts";
import { spreadText } from "./numbers.ts";
import type { Session, Watcher } from "./session.ts";
import { BINS, type LayerStatistics, RANGE } from "./statistics.ts";
import type { Each } from "./trainer.ts";

interface Row {
  readonly canvas: HTMLCanvasElement;
  readonly spread: HTMLElement;
  readonly dead: HTMLElement;
}

export class LayersView implements Watcher {
  readonly #session: Session;
  readonly #bodies: readonly HTMLElement[];
  #rows: Row[][] = [];
  #shown: Each<LayerStatistics[]> = [];

  constructor(host: HTMLElement, session: Session) {
    this.#session = session;
    this.#bodies = NETWORKS.map((network) => {
      const heading = (text: string) => make("th", { scope: "col", "data-text": text });
      const head = make("tr", {}, ...["layer", "distribution", "spread", "dead"].map(heading));
      const body = make("tbody");
      const scale = make("tfoot", {}, make("tr", {}, make("td"), make("td", {}, ticks()), make("td"), make("td")));
      const caption = make("caption", {}, make("span", { "data-name": network }));
      host.append(make("table", { class: `layers ${network}` }, caption, make("thead", {}, head), body, scale));
      return body;
    });
    new ResizeObserver(() => this.redraw()).observe(host);
    onLanguage(() => this.#writeCaption());
  }

  reported({ layers }: Report): void {
    this.#shown = layers;
    if (this.#rows.length !== layers.length || this.#rows[0]?.length !== layers[0].length) this.#makeRows(layers);
    layers.forEach((statistics, network) => {
      statistics.forEach(({ std, dead }, layer) => {
        const row = this.#rows[network][layer];
        row.spread.textContent = spreadText(std);
        row.dead.textContent = `${Math.round(100 * dead)} %`;
      });
    });
    this.redraw();
    this.#writeCaption();
  }

  redraw(): void {
    this.#shown.forEach((statistics, network) => {
      const ink = colour(NETWORKS[network]);
      statistics.forEach(({ histogram }, layer) => {
        drawHistogram(this.#rows[network][layer].canvas, histogram, ink);
      });
    });
  }

  #writeCaption(): void {
    if (this.#shown.length > 0) byId("layers-caption").textContent = layersCaption(this.#session, this.#shown);
  }

  #makeRows(layers: Each<LayerStatistics[]>): void {
    this.#rows = layers.map(({ length: depth }, network) => {
      const body = this.#bodies[network];
      body.style.setProperty("--layers", `${depth}`); // which share a height
      body.replaceChildren();
      return Array.from({ length: depth }, (_, layer) => {
        const canvas = make("canvas", { "aria-hidden": "true" });
        const [spread, dead] = [make("td"), make("td")];
        body.append(make("tr", {}, make("th", { scope: "row" }, `${layer + 1}`), make("td", {}, canvas), spread, dead));
        return { canvas, spread, dead };
      });
    });
  }
}

/** The numbers below the histograms. */
function ticks(): HTMLElement {
  const numbers = [`−${RANGE}`, "0", `${RANGE}`].map((text) => make("span", {}, text));
  return make("div", { class: "ticks" }, ...numbers);
}

/** As high as its highest bin; faint left of 0, where ReLU lets nothing pass. */
function drawHistogram(canvas: HTMLCanvasElement, histogram: Float32Array, ink: string): void {
  const scale = devicePixelRatio;
  const [width, height] = [canvas.clientWidth * scale, canvas.clientHeight * scale];
  if (width === 0) return;
  Object.assign(canvas, { width, height }); // which clears it
  const pen = context(canvas);
  const most = Math.max(...histogram, 1e-9);
  const place = (bin: number) => Math.round((bin * width) / BINS);
  pen.fillStyle = colour("line");
  pen.fillRect(Math.round(width / 2), 0, Math.max(1, Math.round(scale)), height);
  pen.fillRect(0, height - scale, width, scale);
  pen.fillStyle = ink;
  for (let bin = 0; bin < BINS; bin++) {
    pen.globalAlpha = bin < BINS / 2 - 0.5 ? 0.35 : 1;
    const top = Math.round((height - 2) * (histogram[bin] / most));
    pen.fillRect(place(bin), height - top, place(bin + 1) - place(bin), top);
  }
}
