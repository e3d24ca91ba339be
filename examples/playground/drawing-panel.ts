/** A picture that all networks read as it is drawn, and again while they train: one's own, or one of the test set. */
import { DrawingBoard } from "./drawing.ts";
import { byId } from "./elements.ts";
import { onLanguage, say } from "./language.ts";
import type { Report, Seen } from "./messages.ts";
import { ProbabilitiesView } from "./probabilities-view.ts";
import type { Session, Watcher } from "./session.ts";

export class DrawingPanel implements Watcher {
  readonly #session: Session;
  readonly #probabilities: ProbabilitiesView;
  readonly #board: DrawingBoard;
  /** What is shown; of a test picture its label. */
  #drawn: { label: number | null } | null = null;

  constructor(session: Session) {
    this.#session = session;
    this.#probabilities = new ProbabilitiesView(byId("probabilities"), () => say().classes[session.settings.data]);
    this.#board = new DrawingBoard((drawing) => session.draw(drawing));
    byId("sample").addEventListener("click", () => session.sample());
    byId("clear").addEventListener("click", () => this.#clear());
    onLanguage(() => this.#write());
    this.#clear();
  }

  /** Of other pictures the drawing says nothing; the first that is seen is one of them. */
  started(): void {
    this.#probabilities.writeClasses();
    if (this.#data === this.#session.settings.data) return;
    this.#data = this.#session.settings.data;
    this.#session.sample();
  }
  #data: string | null = null;

  reported({ probabilities }: Report): void {
    if (this.#drawn) this.#probabilities.show(probabilities);
  }

  seen({ picture, label, probabilities }: Seen): void {
    this.#drawn = { label };
    this.#board.showSeen(picture, label !== null);
    this.#write();
    this.#probabilities.show(probabilities);
  }

  #clear(): void {
    this.#drawn = null;
    this.#session.draw(null);
    this.#board.clear();
    this.#write();
    this.#probabilities.show(null);
  }

  #write(): void {
    const { data, contestants } = this.#session.settings;
    const label = this.#drawn?.label ?? null;
    byId("seen-caption").textContent = label === null ? say().seen : say().seenLabel(say().classes[data][label]);
    byId("draw-note").textContent = say().drawNote[data];
    byId("eval-note").textContent = contestants.some(({ norm }) => norm === "batch") ? say().evalNote : "";
  }
}
