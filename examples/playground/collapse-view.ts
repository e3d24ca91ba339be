/**
 * The layers of both networks at any moment of the run: distributions, spread over the digits, gradients, dead units; and the
 * loss, along which one goes back in time.
 */
import { decadesOf } from "./axes.ts";
import { layersCaption } from "./captions.ts";
import { type LayerStatistics, RANGE } from "./collapse-statistics.ts";
import { byId, colour, context, make, NETWORKS } from "./elements.ts";
import { onLanguage, say } from "./language.ts";
import { dashOf, drawProfiles, drawRidges, drawShares } from "./layer-pictures.ts";
import type { Report } from "./messages.ts";
import { Moments } from "./moments.ts";
import { namesOf } from "./names.ts";
import { short, wholeNumber } from "./numbers.ts";
import type { Session, Watcher } from "./session.ts";
import type { Each } from "./trainer.ts";

interface Moment {
  readonly step: number;
  readonly losses: Each<number>;
  readonly layers: Each<LayerStatistics[]>;
}

const TIMELINE = 64;
/** The middle of a slider's thumb is so far from its end. */
const THUMB = 8;

export class CollapseView implements Watcher {
  readonly #session: Session;
  #moments = new Moments<Moment>();
  /** The step that is shown; null for the last. */
  #step: number | null = null;
  /** What nobody sees is not drawn. */
  #isVisible = false;
  readonly #time = byId("collapse-time", HTMLInputElement);
  readonly #now = byId("collapse-now", HTMLButtonElement);
  readonly #timeline = byId("collapse-loss", HTMLCanvasElement);
  readonly #table = byId("collapse-table", HTMLDetailsElement);
  readonly #canvas = (name: string) => byId(`collapse-${name}`, HTMLCanvasElement);

  constructor(session: Session) {
    this.#session = session;
    this.#time.addEventListener("input", () => {
      const value = Number(this.#time.value);
      this.#goTo(value === Number(this.#time.max) ? null : value);
    });
    this.#time.addEventListener("keydown", (event) => this.#goByKey(event));
    this.#now.addEventListener("click", () => this.#goTo(null));
    this.#table.addEventListener("toggle", () => this.#show());
    new ResizeObserver(() => this.#show()).observe(byId("collapse"));
    new IntersectionObserver((entries) => {
      this.#isVisible = entries[entries.length - 1].isIntersecting;
      this.#show();
    }).observe(byId("collapse"));
    onLanguage(() => this.#show());
  }

  started(): void {
    this.#moments = new Moments();
    this.#step = null;
  }

  reported({ steps, layers }: Report): void {
    this.#moments.add({ step: steps, losses: this.#session.losses.smoothed, layers });
    this.#show();
  }

  /** Arrow keys go from moment to moment, not from step to step. */
  #goByKey(event: KeyboardEvent): void {
    const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    const all = this.#moments.all;
    const next = Math.min(all.length - 1, Math.max(0, all.indexOf(this.#shown!) + way));
    this.#goTo(next === all.length - 1 ? null : all[next].step);
  }

  #goTo(step: number | null): void {
    this.#step = step;
    this.#show();
  }

  /** The last moment that is not after the step. */
  get #shown(): Moment | undefined {
    const all = this.#moments.all;
    return this.#step === null ? all.at(-1) : all.findLast(({ step }) => step <= this.#step!);
  }

  /** Seen or not: the colours have changed, perhaps for paper. */
  redraw(): void {
    if (this.#shown) this.#draw(this.#shown);
  }

  #show(): void {
    const shown = this.#shown;
    if (!shown) return;
    this.#showTime(shown);
    shown.layers.forEach((layers, i) => {
      byId(`collapse-${NETWORKS[i]}`).textContent = layersCaption(layers);
    });
    if (this.#table.open) this.#writeTable(shown);
    if (this.#isVisible) this.#draw(shown);
  }

  #draw(shown: Moment): void {
    const all = this.#moments.all;
    drawTimeline(this.#timeline, all, shown);
    shown.layers.forEach((layers, i) => {
      const histograms = layers.map(({ histogram }) => histogram);
      drawRidges(this.#canvas(`ridges-${NETWORKS[i]}`), histograms, NETWORKS[i], RANGE);
    });
    const numbers = (moment: Moment, name: "spread" | "gradient") =>
      moment.layers.map((layers) => layers.map((layer) => layer[name]));
    for (const name of ["spread", "gradient"] as const) {
      const decades = decadesOf(
        all.flatMap((moment) => numbers(moment, name).flat()).filter((value) => value !== null),
      );
      drawProfiles(this.#canvas(name), numbers(shown, name), decades);
    }
    const shares = shown.layers.map((layers) => layers.map(({ dead }) => dead));
    drawShares(this.#canvas("dead"), shares, say().collapseNoShare);
  }

  #showTime({ step, losses }: Moment): void {
    const { step: last } = this.#moments.all[this.#moments.all.length - 1];
    this.#time.max = `${Math.max(1, last)}`;
    this.#time.value = `${this.#step ?? last}`;
    const numbers = losses.map((loss) => (step > 0 ? short(loss) : "–")).join(say().semicolon);
    this.#time.setAttribute("aria-valuetext", say().collapseLoss(wholeNumber(step), numbers));
    byId("collapse-step").textContent = say().collapseAt(wholeNumber(step));
    this.#now.disabled = this.#step === null;
  }

  #writeTable({ layers }: Moment): void {
    const { collapseLayer, collapseSpread, collapseGradient, collapseDead } = say();
    const heads = [collapseSpread, collapseGradient, collapseDead];
    const cell = (tag: "th" | "td", text: string, scope = "col") => make(tag, tag === "th" ? { scope } : {}, text);
    const names = namesOf(this.#session.settings);
    const tables = layers.map((own, i) => {
      const caption = make("caption", {}, names[i]);
      const head = make("tr", {}, cell("th", collapseLayer), ...heads.map((text) => cell("th", text)));
      const rows = own.map(({ spread, gradient, dead }, layer) => {
        const share = Number.isNaN(dead) ? say().collapseNoShare : `${Math.round(100 * dead)} %`;
        const values = [short(spread), gradient === null ? "–" : short(gradient), share];
        return make("tr", {}, cell("th", `${layer + 1}`, "row"), ...values.map((text) => cell("td", text)));
      });
      return make("table", {}, caption, make("thead", {}, head), make("tbody", {}, ...rows));
    });
    this.#table.querySelector("div")!.replaceChildren(...tables);
  }
}

/** Both losses over the run, and a line at the moment that is shown: above the slider, whose thumb moves along it. */
function drawTimeline(canvas: HTMLCanvasElement, moments: readonly Moment[], shown: Moment): void {
  const scale = devicePixelRatio;
  const width = canvas.clientWidth;
  Object.assign(canvas, { width: width * scale, height: TIMELINE * scale });
  const pen = context(canvas);
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  const last = Math.max(1, moments[moments.length - 1].step);
  const x = (at: number) => THUMB + at * (width - 2 * THUMB);
  const most = Math.min(5, Math.max(2.5, ...moments.flatMap(({ losses }) => losses).filter(Number.isFinite)));
  const y = (loss: number) => TIMELINE - 2 - (Math.min(loss, most) / most) * (TIMELINE - 6);
  pen.lineWidth = 1;
  pen.strokeStyle = colour("line");
  pen.strokeRect(0.5, 0.5, width - 1, TIMELINE - 1);
  pen.fillStyle = colour("ink");
  pen.fillRect(x(shown.step / last) - 0.75, 0, 1.5, TIMELINE);
  shown.layers.forEach((_, i) => {
    pen.strokeStyle = colour(NETWORKS[i]);
    pen.lineWidth = 2;
    pen.setLineDash(dashOf(i));
    pen.beginPath();
    for (const { step, losses } of moments) if (Number.isFinite(losses[i])) pen.lineTo(x(step / last), y(losses[i]));
    pen.stroke();
    if (!Number.isFinite(shown.losses[i])) return;
    pen.fillStyle = colour(NETWORKS[i]);
    pen.beginPath();
    pen.arc(x(shown.step / last), y(shown.losses[i]), 4, 0, 2 * Math.PI);
    pen.fill();
  });
}
