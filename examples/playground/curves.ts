/** The two charts, training loss and test accuracy: their curves, their legends, and the runs before this one. */
import { accuracyCaption, lossCaption, MOST_LOSS } from "./captions.ts";
import { Chart, type Curve } from "./charts.ts";
import { byId, NETWORKS } from "./elements.ts";
import type { LossHistory } from "./history.ts";
import { onLanguage, say } from "./language.ts";
import { namesOf } from "./names.ts";
import { lossText, percent, wholeNumber } from "./numbers.ts";
import type { Run } from "./runs.ts";
import type { Session, Watcher } from "./session.ts";
import type { Each } from "./trainer.ts";

const look = (network: number, alpha: number, width: number) => ({
  colour: NETWORKS[network],
  alpha,
  width,
  isDashed: network === 2, // so that it is known without its colour
});

const HEIGHT = 220;

/** How the axes of the two charts go. */
export const lossAxis = {
  range: (high: number): [number, number] => [0, Math.min(Math.max(high, 2.5), MOST_LOSS)], // what is beyond leaves through the top
  format: (loss: number) => loss.toFixed(1),
};
export const accuracyAxis = {
  range: (): [number, number] => [0, 1],
  format: (share: number) => `${Math.round(100 * share)} %`,
};

/** What the charts show of a run. */
export interface Measured {
  readonly losses: Pick<LossHistory, "steps" | "raw" | "smooth">;
  readonly accuracies: Run["accuracies"];
}

export const lossCurves = ({ losses: { steps, raw, smooth } }: Measured): Curve[] => [
  ...raw.map((values, i) => ({ steps, values, ...look(i, 0.25, 1), isDashed: false })),
  ...smooth.map((values, i) => ({ steps, values, ...look(i, 1, 2) })),
];
export const accuracyCurves = ({ accuracies: { steps, values: all } }: Measured): Curve[] =>
  all.map((values, i) => ({ steps, values, ...look(i, 1, 2) }));

export class Curves implements Watcher {
  readonly #session: Session;
  readonly #earlier: () => readonly Run[];
  readonly loss: Chart;
  readonly accuracy: Chart;
  /** What is pointed at in a chart. */
  #lossStep: number | null = null;
  #accuracyStep: number | null = null;

  /** @param earlier the runs that are drawn faintly behind this one */
  constructor(session: Session, earlier: () => readonly Run[]) {
    this.#session = session;
    this.#earlier = earlier;
    this.loss = new Chart({
      ...lossAxis,
      host: byId("loss-chart"),
      height: HEIGHT,
      hover: (step) => {
        this.#lossStep = step;
        this.#writeLosses();
      },
    });
    this.accuracy = new Chart({
      ...accuracyAxis,
      host: byId("accuracy-chart"),
      height: HEIGHT,
      hover: (step) => {
        this.#accuracyStep = step;
        this.#writeAccuracies();
      },
    });
    onLanguage(() => this.reported());
  }

  started(): void {
    this.reported();
  }

  reported(): void {
    const earlier = this.#earlier();
    const before = (part: (run: Run) => { steps: readonly number[]; values: Each<readonly number[]> }): Curve[] =>
      earlier.flatMap((run) => {
        const { steps, values } = part(run);
        return values.map((ys, i) => ({ steps, values: ys, ...look(i, 0.55, 1.25), label: `${run.number}` }));
      });
    this.loss.show([
      ...before(({ losses }) => ({ steps: losses.steps, values: losses.smooth })),
      ...lossCurves(this.#session),
    ]);
    this.accuracy.show([...before(({ accuracies }) => accuracies), ...accuracyCurves(this.#session)]);
    this.#writeLosses();
    this.#writeAccuracies();
    byId("loss-caption").textContent = lossCaption(this.#session);
    byId("accuracy-caption").textContent = accuracyCaption(this.#session);
  }

  redraw(): void {
    this.loss.redraw();
    this.accuracy.redraw();
  }

  /** The average, and in small print what it is an average of. */
  #writeLosses(): void {
    const { losses, settings, steps } = this.#session;
    const at = this.#lossStep === null ? losses.steps.length - 1 : indexOf(losses.steps, this.#lossStep);
    const texts = settings.contestants.map((_, i) => {
      const average = lossText(this.#lossStep === null && steps > 0 ? losses.smoothed[i] : losses.smooth[i]?.[at]);
      const own = lossText(this.#lossStep === null ? losses.last[i] : losses.raw[i]?.[at], 4);
      return { average, own };
    });
    texts.forEach(({ average, own }, i) => {
      byId(`loss-${NETWORKS[i]}`).textContent = average;
      byId(`last-${NETWORKS[i]}`).textContent = own;
    });
    byId("loss-step").textContent = say().atStep(wholeNumber(this.#lossStep ?? steps));
    byId("loss-chart").setAttribute(
      "aria-label",
      say().lossChart(wholeNumber(steps), this.#listed(texts.map(({ average }) => average))),
    );
  }

  #writeAccuracies(): void {
    const { accuracies } = this.#session;
    const at =
      this.#accuracyStep === null ? accuracies.steps.length - 1 : indexOf(accuracies.steps, this.#accuracyStep);
    const texts = accuracies.values.map((values) => percent(values[at]));
    texts.forEach((text, i) => {
      byId(`accuracy-${NETWORKS[i]}`).textContent = text;
    });
    const step = wholeNumber(accuracies.steps[at] ?? 0);
    byId("accuracy-step").textContent = say().atStep(step);
    byId("accuracy-chart").setAttribute("aria-label", say().accuracyChart(step, this.#listed(texts)));
  }

  #listed(texts: readonly string[]): string {
    const names = namesOf(this.#session.settings);
    return texts.map((text, i) => say().nameAndNumber(names[i], text)).join(say().semicolon);
  }
}

/** The last step that is not later. */
export const indexOf = (steps: readonly number[], step: number): number =>
  Math.max(
    0,
    steps.findLastIndex((own) => own <= step),
  );
