/** A slider between stages, and below it a card for each, which says what is done there, and leads there. */
import { make } from "./elements.ts";
import { onLanguage } from "./language.ts";

/** What a card says. */
export interface Card {
  readonly formula: string;
  readonly numbers: string;
}

export class StageSlider {
  /** From 0 to the last stage; between two stages while the slider is dragged. */
  value = 0;
  readonly #slider: HTMLInputElement;
  /** The name of the stage, where the cards are far away: on a phone. */
  readonly #name = make("p", { class: "stage-name", "aria-hidden": "true" });
  readonly #cards: readonly { button: HTMLElement; formula: HTMLElement; numbers: HTMLElement }[];
  readonly #names: () => readonly string[];
  readonly #moved: () => void;

  /** @param names of the stages, in the reader's language @param moved is told when the value changes */
  constructor(host: HTMLElement, id: string, label: string, names: () => readonly string[], moved: () => void) {
    this.#names = names;
    this.#moved = moved;
    const last = names().length - 1;
    const attributes = { type: "range", id, min: "0", max: `${last}`, step: "0.01", value: "0", "data-label": label };
    this.#slider = make("input", attributes);
    this.#slider.addEventListener("input", () => this.#show(Number(this.#slider.value)));
    this.#slider.addEventListener("change", () => this.#goTo(Math.round(this.value)));
    this.#slider.addEventListener("keydown", (event) => {
      const next = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, Home: -last, End: last }[event.key];
      if (next === undefined) return;
      event.preventDefault(); // from stage to stage, not by hundredths
      this.#goTo(Math.min(last, Math.max(0, Math.round(this.value) + next)));
    });
    this.#cards = names().map((_, stage) => {
      const button = make("button", { type: "button", id: `${id}-${stage}` });
      button.addEventListener("click", () => this.#goTo(stage));
      return { button, formula: make("span", { class: "formula" }), numbers: make("span", { class: "numbers" }) };
    });
    const items = this.#cards.map(({ button, formula, numbers }) => make("li", {}, button, formula, numbers));
    host.append(make("div", { class: "stages" }, this.#name, this.#slider, make("ol", {}, ...items)));
    host.style.setProperty("--stages", `${last + 1}`);
    onLanguage(() => this.#write());
  }

  show(cards: readonly Card[]): void {
    cards.forEach(({ formula, numbers }, stage) => {
      this.#cards[stage].formula.textContent = formula;
      this.#cards[stage].numbers.textContent = numbers;
    });
  }

  #goTo(stage: number): void {
    this.#slider.value = `${stage}`;
    this.#show(stage);
  }

  #show(value: number): void {
    this.value = value;
    this.#write();
    this.#moved();
  }

  #write(): void {
    const stage = Math.round(this.value);
    this.#slider.setAttribute("aria-valuetext", this.#names()[stage]);
    this.#name.textContent = this.#names()[stage];
    this.#cards.forEach(({ button }, i) => {
      button.textContent = this.#names()[i];
      button.setAttribute("aria-pressed", `${i === stage}`);
    });
  }
}
