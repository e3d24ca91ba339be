/** The story on the page: a step is chosen, a prediction is made, networks train, a verdict appears. */
import type { Measured } from "./curves.ts";
import { byId, make } from "./elements.ts";
import { onLanguage, say } from "./language.ts";
import { wholeNumber } from "./numbers.ts";
import type { Session, Watcher } from "./session.ts";
import type { Settings } from "./settings.ts";
import { isPartOfSite, pageOfSite } from "./site.ts";
import { CHAPTERS, type ChapterName, chapterOf, story, verdictOf } from "./story.ts";
import { StoryChart } from "./story-chart.ts";
import { type Progress, recall, remember } from "./story-progress.ts";

export class StoryPanel implements Watcher {
  readonly #session: Session;
  readonly #start: (settings: Settings, steps: number) => void;
  readonly #progress = new Map<ChapterName, Progress>(recall()?.progress);
  #shown: ChapterName = recall()?.shown ?? "faster";
  readonly #chart = new StoryChart();
  /** The step whose networks train now. */
  #running: ChapterName | null = null;

  /** @param start trains networks of these settings so many steps */
  constructor(session: Session, start: (settings: Settings, steps: number) => void) {
    this.#session = session;
    this.#start = start;
    byId("story-next").addEventListener("click", () => {
      this.#show(CHAPTERS[CHAPTERS.indexOf(this.#shown) + 1]);
      byId("story-question").focus();
    });
    byId("story-again").addEventListener("click", () => {
      this.#progress.delete(this.#shown);
      this.#write();
      byId("story-question").focus();
    });
    onLanguage(() => this.#write());
  }

  /** Networks of other settings, or the same ones without an end: whoever waited for a verdict waits no more. */
  started(): void {
    const running = this.#running;
    if (!running) return;
    if (chapterOf(this.#session.settings, this.#session.until) === running) return;
    this.#running = null;
    this.#set(running, { isLeft: true });
  }

  async statusChanged(): Promise<void> {
    const { status, steps } = this.#session;
    this.#enableAnswers();
    const running = this.#running;
    if (!running || status !== "paused" || steps < story[running].steps) return;
    this.#running = null;
    if (steps > story[running].steps) return this.#set(running, { isLeft: true }); // it went on
    const { losses, accuracies } = this.#session;
    const measured = structuredClone({ losses: { ...losses }, accuracies }); // the run may go on
    this.#set(running, { measured });
    const inTrainMode = await this.#session.accuraciesInTrainMode();
    const last = accuracies.values.map((values) => values[values.length - 1]);
    this.#set(running, { verdict: verdictOf(story[running], { losses, accuracies: last, inTrainMode }) });
  }

  reported(): void {
    if (this.#running === this.#shown) this.#writeProgress();
  }

  redraw(): void {
    this.#chart.redraw();
  }

  #show(name: ChapterName): void {
    this.#shown = name;
    this.#write();
    remember(this.#shown, this.#progress);
  }

  #predict(said: number): void {
    const name = this.#shown;
    this.#progress.set(name, { said, verdict: null, measured: null, isLeft: false });
    this.#running = null; // else the start of this one would be the end of another
    this.#start(story[name].settings, story[name].steps);
    this.#running = name;
    this.#write();
    byId("story-outcome").focus({ preventScroll: true });
    byId("story-seen").scrollIntoView({ block: "nearest" }); // what is to be watched
  }

  #set(name: ChapterName, change: Partial<Progress>): void {
    this.#progress.set(name, { ...this.#progress.get(name)!, ...change });
    this.#write();
    remember(this.#shown, this.#progress);
  }

  #write(): void {
    const texts = say().story;
    const { name, question, answers } = texts.chapters[this.#shown];
    const progress = this.#progress.get(this.#shown);
    byId("story-steps").replaceChildren(
      ...CHAPTERS.map((chapter, i) => {
        const button = make(
          "button",
          { type: "button", id: `story-${chapter}` },
          `${i + 1} ${texts.chapters[chapter].name}`,
        );
        if (chapter === this.#shown) button.setAttribute("aria-current", "step");
        if (this.#progress.get(chapter)?.verdict) button.classList.add("done");
        button.addEventListener("click", () => {
          this.#show(chapter);
          byId(button.id).focus(); // the new one in its place
        });
        return make("li", {}, button);
      }),
    );
    byId("story-title").textContent = texts.title;
    byId("story-hint").textContent = texts.hint;
    byId("story-predict").textContent = texts.predict;
    byId("story-again").textContent = texts.again;
    byId("story-next").textContent = texts.next;
    byId("story-name").textContent = name;
    byId("story-question").textContent = question;
    byId("story-answers").replaceChildren(
      ...answers.map((answer, i) => {
        const button = make("button", { type: "button", id: `answer-${i}` }, answer);
        if (progress?.said === i) button.classList.add("said");
        button.addEventListener("click", () => this.#predict(i));
        return button;
      }),
    );
    this.#enableAnswers();
    byId("story-again").hidden = !progress?.verdict && !progress?.isLeft;
    byId("story-next").hidden = !progress?.verdict || this.#shown === CHAPTERS[CHAPTERS.length - 1];
    const link = byId("story-link", HTMLAnchorElement);
    link.textContent = texts.measured;
    link.hidden = !(progress?.verdict && isPartOfSite);
    link.href = pageOfSite(`experiments.html#${texts.chapters[this.#shown].experiment}`);
    this.#writeProgress();
  }

  /** One prediction a run, when there is something that could run. */
  #enableAnswers(): void {
    const { status } = this.#session;
    for (const button of byId("story-answers").querySelectorAll("button")) {
      button.disabled = this.#progress.has(this.#shown) || status === "loading" || status === "failed";
    }
  }

  /** The run of the step that is shown: as it goes, or as it went. */
  get #measured(): Measured | null {
    return this.#running === this.#shown ? this.#session : (this.#progress.get(this.#shown)?.measured ?? null);
  }

  #writeProgress(): void {
    const texts = say().story;
    const { answers, verdict: textOf } = texts.chapters[this.#shown];
    const { steps } = story[this.#shown];
    const progress = this.#progress.get(this.#shown);
    this.#chart.show(story[this.#shown], this.#measured);
    const outcome = byId("story-outcome");
    const said = progress && answers[progress.said];
    if (!progress || said === undefined) outcome.textContent = "";
    else if (progress.isLeft) outcome.textContent = texts.left;
    else if (progress.verdict) {
      const { answer } = progress.verdict;
      const judged = answer === progress.said ? texts.right(said) : texts.wrong(said, answers[answer]);
      const numbers = textOf(progress.verdict, steps);
      outcome.replaceChildren(make("strong", {}, judged), say().space, numbers);
    }
    // A screen reader hears the verdict, not every step on the way to it.
    const isUnderWay = progress && !progress.verdict && !progress.isLeft;
    byId("story-progress").textContent = isUnderWay
      ? texts.running(wholeNumber(Math.min(this.#session.steps, steps)), wholeNumber(steps))
      : "";
  }
}
