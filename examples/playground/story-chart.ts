/** The chart in the story's card, where the question and the verdict are: of what the verdict is made, loss or accuracy. */
import { Chart } from "./charts.ts";
import { accuracyAxis, accuracyCurves, indexOf, lossAxis, lossCurves, type Measured } from "./curves.ts";
import { byId, make, NETWORKS } from "./elements.ts";
import { say } from "./language.ts";
import { namesOf } from "./names.ts";
import { lossText, percent } from "./numbers.ts";
import type { Chapter } from "./story.ts";

export class StoryChart {
  readonly #chart: Chart;
  #chapter: Chapter | null = null;
  #measured: Measured | null = null;
  /** The step that is pointed at. */
  #step: number | null = null;

  constructor() {
    this.#chart = new Chart({
      host: byId("story-chart"),
      height: 170,
      range: (high) => this.#axis.range(high),
      format: (value) => this.#axis.format(value),
      hover: (step) => {
        this.#step = step;
        this.#write();
      },
    });
  }

  get #axis() {
    return this.#chapter?.decidedBy === "accuracy" ? accuracyAxis : lossAxis;
  }

  /** Null for nothing. */
  show(chapter: Chapter, measured: Measured | null): void {
    this.#chapter = chapter;
    this.#measured = measured;
    byId("story-seen").hidden = measured === null;
    if (!measured) return;
    this.#chart.show(chapter.decidedBy === "loss" ? lossCurves(measured) : accuracyCurves(measured));
    this.#write();
  }

  redraw(): void {
    this.#chart.redraw();
  }

  #write(): void {
    if (!this.#chapter || !this.#measured) return;
    const { losses, accuracies } = this.#measured;
    const isLoss = this.#chapter.decidedBy === "loss";
    const [steps, values] = isLoss ? [losses.steps, losses.smooth] : [accuracies.steps, accuracies.values];
    const at = this.#step === null ? steps.length - 1 : indexOf(steps, this.#step);
    const names = namesOf(this.#chapter.settings);
    const texts = values.map((own) => (isLoss ? lossText(own[at]) : percent(own[at])));
    const { lossTitle, accuracyTitle, average, nameAndNumber, semicolon, colon } = say();
    const measure = isLoss ? `${lossTitle} (${average})` : accuracyTitle;
    byId("story-measure").textContent = measure;
    byId("story-legend").replaceChildren(
      ...texts.map((text, i) =>
        make(
          "span",
          { class: `${NETWORKS[i]} always` },
          make("span", { class: "name" }, names[i]),
          " ",
          make("b", {}, text),
        ),
      ),
    );
    const listed = texts.map((text, i) => nameAndNumber(names[i], text)).join(semicolon);
    byId("story-chart").setAttribute("aria-label", `${measure}${colon}${listed}`);
  }
}
