/**
 * One unit, and the pictures of a batch: forward as dots on a number line, backward as gradients over x̂, each with a slider between
 * the stages and the formula with the numbers of the chosen picture. All numbers come from the worker.
 */
import { byId, context, make, NETWORKS } from "./elements.ts";
import { GradientPicture } from "./gradient-picture.ts";
import { onLanguage, say } from "./language.ts";
import type { Report } from "./messages.ts";
import { namesOf } from "./names.ts";
import { NumberLine } from "./number-line.ts";
import { percent, short } from "./numbers.ts";
import type { Session, Watcher } from "./session.ts";
import { StageSlider } from "./stage-slider.ts";
import type { UnitWish } from "./trainer.ts";
import { backwardCards, forwardCards, sumsOf } from "./unit-formulas.ts";
import type { NormValues, UnitChoice, UnitValues } from "./unit-statistics.ts";
import type { UnitReport, WatchedPictures } from "./unit-watch.ts";

/** What is written into the dots, by label. */
const GLYPHS = { digits: "0123456789", shapes: "●○■□◆+×▲≡‖" };

export class UnitView implements Watcher {
  readonly #session: Session;
  #choice: UnitWish = { layer: 0, unit: null, statistics: "batch", only: null };
  /** By the reader: other networks then show the same unit; else one of their own with something to see. */
  #isUnitChosen = false;
  #pictures: WatchedPictures | null = null;
  #report: UnitReport | null = null;
  #chosen = 0;
  /** What nobody sees is not asked for. */
  #isVisible = false;
  /** Whether the worker has been asked, and has not answered. */
  #isAsking = false;
  #isChanged = false;

  readonly #layer = byId("unit-layer", HTMLSelectElement);
  readonly #unit = byId("unit-unit", HTMLInputElement);
  readonly #batch = byId("unit-batch", HTMLSelectElement);
  readonly #forward: StageSlider;
  readonly #line: NumberLine;
  readonly #backward: StageSlider;
  readonly #gradient: GradientPicture;
  readonly #table = byId("unit-table", HTMLDetailsElement);
  readonly #picture = context(byId("unit-picture", HTMLCanvasElement));

  constructor(session: Session) {
    this.#session = session;
    const choose = (dot: number) => {
      byId("unit-hint").classList.add("done"); // keeps its place, so that nothing moves below the finger
      this.#chosen = dot;
      this.#show();
    };
    this.#forward = new StageSlider(
      byId("unit-forward"),
      "unit-stage",
      "unitStage",
      () => say().unitStages,
      () => this.#drawForward(),
    );
    this.#line = new NumberLine(byId("unit-forward"), choose);
    const stages = () => say().unitBackwardStages;
    this.#backward = new StageSlider(byId("unit-backward"), "unit-backward-stage", "unitStage", stages, () =>
      this.#drawBackward(),
    );
    this.#gradient = new GradientPicture(byId("unit-backward"), choose);
    this.#table.addEventListener("toggle", () => this.#show());
    this.#layer.addEventListener("change", () => this.#change({ layer: Number(this.#layer.value) }));
    this.#unit.addEventListener("input", () => {
      this.#isUnitChosen = true;
      this.#change({ unit: Number(this.#unit.value) });
    });
    this.#batch.addEventListener("change", () => {
      const { value } = this.#batch;
      const only = /^\d$/.test(value) ? Number(value) : null;
      this.#change({ only, statistics: only === null ? (value as UnitChoice["statistics"]) : "batch" });
    });
    new IntersectionObserver((entries) => {
      this.#isVisible = entries[entries.length - 1].isIntersecting;
      this.#change({});
    }).observe(byId("unit-panel"));
    onLanguage(() => {
      this.#writeBatches();
      this.#show();
    });
  }

  started(): void {
    this.#writeBatches();
    if (!this.#isUnitChosen) this.#choice = { ...this.#choice, unit: null };
    this.#isAsking = true; // seen or not, so that there is something to see
    this.#session.watchUnit(this.#choice);
  }

  reported({ unit }: Report): void {
    if (unit) this.#take(unit);
  }

  /** The worker has answered: now it may be asked again. */
  unit(report: UnitReport): void {
    this.#isAsking = false;
    this.#take(report);
    if (this.#isChanged || !this.#isVisible) this.#change({});
  }

  #take(report: UnitReport): void {
    const { choice, pictures, networks, layers, units } = report;
    if (pictures) this.#pictures = pictures;
    this.#report = report;
    this.#chosen = Math.min(this.#chosen, networks[0].raw.length - 1);
    if (this.#layer.length !== layers) {
      this.#layer.replaceChildren(
        ...Array.from({ length: layers }, (_, i) => make("option", { value: `${i}` }, `${i + 1}`)),
      );
    }
    this.#unit.max = `${units - 1}`;
    if (!this.#isChanged) this.#choice = choice;
    else if (this.#choice.unit === null) this.#choice = { ...this.#choice, unit: choice.unit };
    if (!this.#isChanged) this.#layer.value = `${choice.layer}`;
    this.#unit.value = `${this.#choice.unit}`;
    this.#show();
  }

  /** Draws anew, after the colours have changed. */
  redraw(): void {
    this.#show();
  }

  #writeBatches(): void {
    const { unitStatistics, unitOnly, classes } = say();
    const names = classes[this.#session.settings.data].map((name, label) => [`${label}`, unitOnly(name)]);
    const options = [...Object.entries(unitStatistics), ...names];
    const { value } = this.#batch;
    this.#batch.replaceChildren(...options.map(([name, text]) => make("option", { value: name }, text)));
    this.#batch.value = value || "batch";
  }

  /** While the worker is at it, only the last of many changes is kept. */
  #change(choice: Partial<UnitChoice>): void {
    this.#choice = { ...this.#choice, ...choice };
    this.#writeUnit();
    this.#isChanged = this.#isAsking;
    if (this.#isAsking) return;
    this.#isAsking = this.#isVisible;
    this.#session.watchUnit(this.#isVisible ? this.#choice : null);
  }

  #writeUnit(): void {
    byId("unit-number").textContent = this.#choice.unit === null ? "–" : `${this.#choice.unit + 1}`;
  }

  #show(): void {
    if (!this.#pictures || !this.#report) return;
    const { labels } = this.#pictures;
    const { networks, choice } = this.#report;
    const [chosen, texts] = [this.#chosen, say()];
    byId("unit-title").textContent = texts.unitTitle[this.#session.settings.data](labels.length);
    this.#writeUnit();
    byId("unit-digit").textContent = this.#nameOf(chosen);
    this.#drawPicture();
    networks.forEach(({ raw, relu, right }, i) => {
      const passed = Array.from(relu).filter((value) => value > 0).length;
      const isDiverged = !Number.isFinite(raw[chosen]);
      byId(`unit-${NETWORKS[i]}`).textContent = isDiverged
        ? texts.unitDiverged
        : texts.unitPassed(passed, right, labels.length);
    });
    const normed = networks.findIndex(({ norm }) => norm);
    this.#forward.show(forwardCards(networks[Math.max(0, normed)], chosen));
    this.#drawForward();
    byId("unit-says").textContent = saysOf(choice, networks[normed]);
    byId("unit-backward-part").hidden = normed < 0;
    if (normed < 0) return;
    const norm = networks[normed].norm!;
    this.#backward.show(backwardCards(norm, chosen));
    this.#drawBackward();
    this.#showShares(norm, NETWORKS[normed]);
    const [before, after, beforeXHat, afterXHat] = sumsOf(norm, chosen);
    const sentences = [texts.unitSums(before, after, beforeXHat, afterXHat)];
    if (norm.kind === "batch") sentences.push(texts.unitThen(short(norm.factor[chosen]), short(norm.dx[chosen])));
    if (norm.kind === "batch" && choice.statistics === "running") sentences.push(texts.unitNothingTaken);
    byId("unit-sums").textContent = sentences.join(texts.space);
    if (this.#table.open) this.#writeTable(networks[normed]);
  }

  #drawForward(): void {
    if (!this.#pictures || !this.#report) return;
    const { networks } = this.#report;
    this.#line.show({
      ...this.#dots(),
      networks,
      names: namesOf(this.#session.settings),
      stage: this.#forward.value,
    });
  }

  #drawBackward(): void {
    const normed = this.#report?.networks.findIndex(({ norm }) => norm) ?? -1;
    if (normed < 0) return;
    const norm = this.#report!.networks[normed].norm!;
    this.#gradient.show({ ...this.#dots(), norm, network: NETWORKS[normed], stage: this.#backward.value });
  }

  /** What both pictures say of the dots. */
  #dots() {
    const chosen = this.#chosen;
    return {
      labels: this.#pictures!.labels,
      glyphs: GLYPHS[this.#session.settings.data],
      name: this.#nameOf(chosen),
      chosen,
    };
  }

  /** The class of the picture; of a layer of pictures also the place in it. */
  #nameOf(dot: number): string {
    const name = say().classes[this.#session.settings.data][this.#pictures!.labels[dot]];
    const { places, place } = this.#report!.networks[0];
    if (places === 1) return name;
    const side = Math.sqrt(places);
    return say().unitPlace(name, Math.floor(place[dot] / side) + 1, (place[dot] % side) + 1);
  }

  /** A bar whose parts are as long as their share of the gradient, and what they are. */
  #showShares({ shares }: NormValues, network: string): void {
    const { unitAsMean, unitAsCorrelation, unitLeft } = say();
    const names = [unitAsMean, unitAsCorrelation, unitLeft];
    const kinds = ["mean", "correlation", network];
    const part = (kind: string, i: number) => make("i", { class: kind, style: `flex-grow: ${shares[i] || 0}` });
    const name = (kind: string, i: number) => make("span", { class: kind }, `${names[i]} ${percent(shares[i])}`);
    const bar = make("div", { class: "bar", "aria-hidden": "true" }, ...kinds.map(part));
    byId("unit-shares").replaceChildren(bar, ...kinds.map(name));
  }

  #writeTable({ raw, relu, norm }: UnitValues): void {
    const { xHat, y, arrived, dx } = norm!;
    const columns = { x: raw, x̂: xHat, y, ReLU: relu, dy: arrived, dx };
    const heads = [say().unitPicture, ...Object.keys(columns)].map((text) => make("th", { scope: "col" }, text));
    const rows = Array.from(raw, (_, dot) => {
      const cells = Object.values(columns).map((values) => make("td", {}, short(values[dot])));
      return make("tr", {}, make("th", { scope: "row" }, this.#nameOf(dot)), ...cells);
    });
    const table = make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
    this.#table.querySelector("div")!.replaceChildren(table);
  }

  #drawPicture(): void {
    const image = new ImageData(28, 28);
    const { images } = this.#pictures!;
    for (let i = 0; i < 784; i++) {
      const ink = images[784 * this.#chosen + i];
      image.data.set([ink, ink, ink, 255], 4 * i);
    }
    this.#picture.putImageData(image, 0, 0);
  }
}

/** What the numbers are made of, in words. */
function saysOf({ statistics, only }: UnitChoice, normed: UnitValues | undefined): string {
  const { unitSays, unitPlaces, unitNoNorm, space } = say();
  if (!normed) return unitNoNorm;
  if (normed.norm?.kind === "layer") return unitSays.layer;
  const isOfPictures = normed.places > 1;
  const says = unitSays[only !== null ? "only" : statistics === "alone" && isOfPictures ? "aloneImages" : statistics];
  return isOfPictures ? `${says}${space}${unitPlaces(normed.places)}` : says;
}
