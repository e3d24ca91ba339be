/** The settings: a slider for each choice, a switch for batch norm, and the seed. */
import { make } from "./elements.ts";
import { onLanguage, say } from "./language.ts";
import { type Choice, choices, type Settings } from "./settings.ts";

export class Controls {
  settings: Settings;
  readonly #sliders: readonly { show(): void }[];
  readonly #batchNorm = make("input", { type: "checkbox", role: "switch", id: "batch-norm" });
  readonly #seed = make("input", { type: "number", id: "seed", min: "0", max: "999999", step: "1" });

  /** @param changed is told which setting the user has changed */
  constructor(host: HTMLElement, initial: Settings, changed: (name: keyof Settings) => void) {
    this.settings = { ...initial };
    const change = (settings: Partial<Settings>) => {
      Object.assign(this.settings, settings);
      changed(Object.keys(settings)[0] as keyof Settings);
    };
    this.#sliders = (Object.keys(choices) as Choice[]).map((name) => this.#makeSlider(host, name, change));
    this.#batchNorm.addEventListener("change", () => change({ batchNorm: this.#batchNorm.checked }));
    this.#seed.addEventListener("change", () => {
      if (this.#seed.validity.valid && this.#seed.value !== "") change({ seed: Number(this.#seed.value) });
      this.#seed.value = `${this.settings.seed}`;
    });
    host.append(
      make("label", { class: "row", for: "seed" }, make("span", { "data-text": "seed" }), this.#seed),
      make("label", { class: "row", for: "batch-norm" }, make("span", { "data-text": "batchNorm" }), this.#batchNorm),
      make("p", { class: "note", "data-text": "settingsNote" }),
    );
    this.show(this.settings);
  }

  show(settings: Settings): void {
    this.settings = { ...settings };
    for (const slider of this.#sliders) slider.show();
    this.#batchNorm.checked = settings.batchNorm;
    this.#seed.value = `${settings.seed}`;
  }

  /** The slider's positions are the places in the list of choices: equal steps for the hand, whatever the numbers. */
  #makeSlider(host: HTMLElement, name: Choice, change: (settings: Partial<Settings>) => void): { show(): void } {
    const values: readonly number[] = choices[name];
    const slider = make("input", { type: "range", id: name, min: "0", max: `${values.length - 1}`, step: "1" });
    const label = make("span");
    const value = make("output", { for: name });
    const chosen = () => values[Number(slider.value)];
    const write = () => {
      value.textContent = `${chosen()}`;
      slider.setAttribute("aria-valuetext", `${chosen()}`);
    };
    slider.addEventListener("input", () => {
      write();
      change({ [name]: chosen() });
    });
    onLanguage(() => {
      label.textContent = say().choices[name];
    });
    host.append(make("div", { class: "slider" }, make("label", { for: name }, label), value, slider));
    return {
      show: () => {
        slider.value = `${values.indexOf(this.settings[name])}`;
        write();
      },
    };
  }
}
