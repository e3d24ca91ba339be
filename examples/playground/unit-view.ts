/**
 * One unit, and the digits of a batch: forward as dots on a number line, backward as gradients over x̂, each with a slider between
 * the stages and the formula with the numbers of the chosen digit. All numbers come from the worker.
 */
import { byId, context, make, NETWORKS } from "./elements.ts";
import { GradientPicture } from "./gradient-picture.ts";
import { onLanguage, say } from "./language.ts";
import { NumberLine, stagesOf } from "./number-line.ts";
import { beside, short } from "./numbers.ts";
import { type Card, StageSlider } from "./stage-slider.ts";
import type { NormValues, UnitChoice, UnitValues } from "./unit-statistics.ts";
import type { UnitReport, WatchedDigits } from "./unit-watch.ts";

export class UnitView {
  #choice: UnitChoice = { layer: 0, unit: 0, statistics: "batch", only: null };
  #digits: WatchedDigits | null = null;
  #networks: readonly UnitValues[] = [];
  #chosen = 0;
  /** Whether the worker has been asked, and has not answered. */
  #isAsking = false;
  #isChanged = false;
  readonly #ask: (choice: UnitChoice) => void;

  readonly #layer = byId("unit-layer", HTMLSelectElement);
  readonly #unit = byId("unit-unit", HTMLInputElement);
  readonly #batch = byId("unit-batch", HTMLSelectElement);
  readonly #forward: StageSlider;
  readonly #line: NumberLine;
  readonly #backward: StageSlider;
  readonly #gradient: GradientPicture;
  readonly #picture = context(byId("unit-picture", HTMLCanvasElement));

  /** @param ask asks the worker for a unit */
  constructor(ask: (choice: UnitChoice) => void) {
    this.#ask = ask;
    const choose = (dot: number) => {
      this.#chosen = dot;
      this.#show();
    };
    this.#forward = new StageSlider(
      byId("unit-forward"),
      "unit-stage",
      "unitStage",
      () => say().unitStages,
      () => this.#show(),
    );
    this.#line = new NumberLine(byId("unit-forward"), choose);
    const stages = () => say().unitBackwardStages;
    this.#backward = new StageSlider(byId("unit-backward"), "unit-backward-stage", "unitStage", stages, () =>
      this.#show(),
    );
    this.#gradient = new GradientPicture(byId("unit-backward"), choose);
    this.#layer.addEventListener("change", () => this.#change({ layer: Number(this.#layer.value) }));
    this.#unit.addEventListener("input", () => this.#change({ unit: Number(this.#unit.value) }));
    this.#batch.addEventListener("change", () => {
      const { value } = this.#batch;
      const only = /^\d$/.test(value) ? Number(value) : null;
      this.#change({ only, statistics: only === null ? (value as UnitChoice["statistics"]) : "batch" });
    });
    onLanguage(() => {
      const { unitStatistics, unitOnly } = say();
      const options = Object.entries(unitStatistics);
      for (let digit = 0; digit < 10; digit++) options.push([`${digit}`, unitOnly(digit)]);
      const { value } = this.#batch;
      this.#batch.replaceChildren(...options.map(([name, text]) => make("option", { value: name }, text)));
      this.#batch.value = value || "batch";
      this.#show();
    });
  }

  /** A report, or the answer to a question. */
  show({ choice, digits, networks, layers, units }: UnitReport): void {
    if (digits) this.#digits = digits;
    this.#networks = networks;
    this.#chosen = Math.min(this.#chosen, networks[0].raw.length - 1);
    if (this.#layer.length !== layers) {
      this.#layer.replaceChildren(
        ...Array.from({ length: layers }, (_, i) => make("option", { value: `${i}` }, `${i + 1}`)),
      );
    }
    this.#unit.max = `${units - 1}`;
    if (!this.#isChanged) {
      this.#choice = choice;
      this.#layer.value = `${choice.layer}`;
      this.#unit.value = `${choice.unit}`;
    }
    this.#show();
  }

  /** The worker has answered the question: now it may be asked the next. */
  answered(): void {
    this.#isAsking = false;
    if (this.#isChanged) this.#change({});
  }

  /** Draws anew, after the colours have changed. */
  redraw(): void {
    this.#show();
  }

  /** While the worker is at it, only the last of many changes is kept. */
  #change(choice: Partial<UnitChoice>): void {
    this.#choice = { ...this.#choice, ...choice };
    byId("unit-number").textContent = `${this.#choice.unit + 1}`;
    this.#isChanged = this.#isAsking;
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#ask(this.#choice);
  }

  #show(): void {
    if (!this.#digits || this.#networks.length === 0) return;
    const { labels } = this.#digits;
    const [networks, chosen, texts] = [this.#networks, this.#chosen, say()];
    const place = placeOf(networks[0], chosen);
    byId("unit-title").textContent = texts.unitTitle(labels.length);
    byId("unit-number").textContent = `${this.#choice.unit + 1}`;
    byId("unit-digit").textContent = texts.unitDigit(labels[chosen], place && texts.unitPlace(...place));
    this.#drawPicture();
    this.#forward.show(forwardCards(networks.find(({ norm }) => norm) ?? networks[0], chosen));
    this.#line.show({ networks, labels, stage: this.#forward.value, chosen });
    byId("unit-says").textContent = this.#says();
    networks.forEach((values, i) => {
      const passed = Array.from(values.relu).filter((value) => value > 0).length;
      const text = `${texts.unitPassed(passed, labels.length)}, ${texts.unitRight(values.right, labels.length)}`;
      byId(`unit-${NETWORKS[i]}`).textContent = text;
    });
    const normed = networks.findIndex(({ norm }) => norm);
    byId("unit-backward-part").hidden = normed < 0;
    if (normed < 0) return;
    const norm = networks[normed].norm!;
    this.#backward.show(backwardCards(norm, chosen));
    this.#gradient.show({ norm, network: NETWORKS[normed], labels, stage: this.#backward.value, chosen });
    this.#showShares(norm, NETWORKS[normed]);
    this.#showSums(norm);
  }

  #says(): string {
    const { statistics, only } = this.#choice;
    const { unitSays, unitPlaces, unitLayerNorm } = say();
    const { places, norm } = this.#networks[0];
    if (norm?.kind === "layer") return unitLayerNorm;
    const key = only !== null ? "only" : statistics === "alone" && places > 1 ? "aloneImages" : statistics;
    return places > 1 ? `${unitSays[key]} ${unitPlaces(places)}` : unitSays[key];
  }

  /** A bar whose parts are as long as their share of the gradient, and what they are. */
  #showShares({ shares }: NormValues, network: string): void {
    const { unitAsMean, unitAsCorrelation, unitLeft } = say();
    const names = [unitAsMean, unitAsCorrelation, unitLeft];
    const kinds = ["mean", "correlation", network];
    const part = (kind: string, i: number) => make("i", { class: kind, style: `flex-grow: ${shares[i] || 0}` });
    const name = (kind: string, i: number) =>
      make("span", { class: kind }, `${names[i]} ${Number.isFinite(shares[i]) ? (100 * shares[i]).toFixed(1) : "–"} %`);
    const bar = make("div", { class: "bar", "aria-hidden": "true" }, ...kinds.map(part));
    byId("unit-shares").replaceChildren(bar, ...kinds.map(name));
  }

  #showSums({ sums, arrived }: NormValues): void {
    const { statistics } = this.#choice;
    const scale = Math.max(...Array.from(arrived, Math.abs)) * 10;
    const [before, after, beforeXHat, afterXHat] = [sums.arrived, sums.left, sums.arrivedXHat, sums.leftXHat].map(
      (sum) => beside(sum[this.#chosen], scale),
    );
    const note = { batch: "", running: say().unitNothingTaken, alone: say().unitAllTaken }[statistics];
    byId("unit-sums").textContent = `${say().unitSumsSay(before, after, beforeXHat, afterXHat)} ${note}`;
  }

  #drawPicture(): void {
    const image = new ImageData(28, 28);
    const { images } = this.#digits!;
    for (let i = 0; i < 784; i++) {
      const ink = images[784 * this.#chosen + i];
      image.data.set([ink, ink, ink, 255], 4 * i);
    }
    this.#picture.putImageData(image, 0, 0);
  }
}

/** Of a layer of images the row and the column that a dot is, from 1. */
function placeOf({ places, place }: UnitValues, dot: number): readonly [row: number, column: number] | "" {
  if (places === 1) return "";
  const side = Math.sqrt(places);
  return [Math.floor(place[dot] / side) + 1, (place[dot] % side) + 1];
}

function forwardCards(values: UnitValues, dot: number): Card[] {
  const numbers = stagesOf(values).map((stage) => short(stage[dot]));
  const [x, centred, xHat, y, relu] = numbers;
  const { norm } = values;
  if (!norm) {
    const none = { formula: "", numbers: "–" };
    return [{ formula: "x", numbers: x }, none, none, none, { formula: "max(0, x)", numbers: relu }];
  }
  const [mean, variance, gamma, beta] = [norm.mean, norm.variance, norm.gamma, norm.beta].map((each) =>
    short(each[dot]),
  );
  return [
    { formula: "x", numbers: x },
    { formula: "x − μ", numbers: `${x} − ${signed(mean)} = ${centred}` },
    { formula: "x̂ = (x − μ) / √(σ² + ε)", numbers: `${centred} / √(${variance} + ${short(norm.eps)}) = ${xHat}` },
    { formula: "y = γ · x̂ + β", numbers: `${gamma} · ${signed(xHat)} + ${signed(beta)} = ${y}` },
    { formula: "max(0, y)", numbers: relu },
  ];
}

function backwardCards(norm: NormValues, dot: number): Card[] {
  const scale = Math.max(...Array.from(norm.arrived, Math.abs));
  const write = (value: number) => beside(value, scale);
  const [dy, mean, correlation, left] = [norm.arrived, norm.asMean, norm.asCorrelation, norm.left].map(
    (each) => each[dot],
  );
  const name = norm.kind === "layer" ? "γ·dy" : "dy";
  return [
    { formula: name, numbers: write(dy) },
    { formula: `${name} − mean(${name})`, numbers: `${write(dy)} − ${signed(write(mean))} = ${write(dy - mean)}` },
    {
      formula: `… − x̂ · mean(${name} · x̂)`,
      numbers: `${write(dy - mean)} − ${signed(write(correlation))} = ${write(left)}`,
    },
  ];
}

/** A negative number behind an operator stands in brackets. */
const signed = (text: string): string => (text.startsWith("−") ? `(${text})` : text);
