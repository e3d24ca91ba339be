/** The settings: what to learn from, which networks, a slider for each number, and the seed. */
import { make, NETWORKS } from "./elements.ts";
import { onLanguage, say } from "./language.ts";
import {
  ARCHITECTURES,
  CHOICES,
  type Choice,
  type Contestant,
  choices,
  contestant,
  DATA,
  defaults,
  defaultsOf,
  MOST_SEED,
  NORMS,
  type Settings,
  WEIGHTS,
} from "./settings.ts";

/** How long no setting must change until networks start with them: a drag of a slider, or a key that is held, is one change. */
const REST = 150;

/** A control: puts in what the settings say. */
type Show = (settings: Settings) => void;

export class Controls {
  settings: Settings = defaults;
  readonly #shows: Show[] = [];
  readonly #fields = make("fieldset", { class: "settings" });
  readonly #changed: (settings: Settings) => void;
  #focused: HTMLElement | null = null;
  #soon: ReturnType<typeof setTimeout> | undefined;

  /** @param changed is told of other settings, when the user has done with changing them */
  constructor(host: HTMLElement, changed: (settings: Settings) => void) {
    this.#changed = changed;
    const rows = [
      this.#select(
        "data",
        DATA,
        ({ data }) => data,
        (data) => this.#change({ data }),
      ),
      this.#select(
        "architectures",
        ARCHITECTURES,
        ({ network }) => network,
        (network) => this.#change({ network, width: defaultsOf(network).width }),
      ),
      ...NETWORKS.map((_, i) => this.#contestant(i)),
      ...CHOICES.map((name) => this.#slider(name)),
      this.#seed(),
    ];
    this.#fields.append(...rows);
    host.append(this.#fields);
    this.show(defaults);
  }

  /** Puts in other settings, and forgets what was being changed. */
  show(settings: Settings): void {
    clearTimeout(this.#soon);
    this.settings = settings;
    for (const show of this.#shows) show(settings);
  }

  /** While there is nothing that could follow them, they cannot be changed. */
  set isEnabled(enabled: boolean) {
    if (enabled !== this.#fields.disabled) return; // it is so already
    if (!enabled) this.#focused = this.#fields.querySelector(":focus"); // which it loses
    this.#fields.disabled = !enabled;
    if (enabled) this.#focused?.focus();
  }

  #change(settings: Partial<Settings>): void {
    this.show({ ...this.settings, ...settings });
    this.#soon = setTimeout(() => this.#changed(this.settings), REST);
  }

  #select<T extends string>(
    what: "data" | "architectures",
    values: readonly T[],
    of: (settings: Settings) => T,
    chosen: (value: T) => void,
  ): HTMLElement {
    const select = makeSelect(what, values, (value) => (say()[what] as Record<T, string>)[value], chosen);
    this.#shows.push((settings) => {
      select.value = of(settings);
    });
    const label = make("label", { for: what, "data-text": `${what}Label` });
    return make("div", { class: "row" }, label, select);
  }

  /** A network: its norm, its weights, its own learning rate. The third may be none at all. */
  #contestant(i: number): HTMLElement {
    const network = NETWORKS[i];
    const isThird = i === 2;
    const set = (change: Partial<Contestant> | null) => {
      const all = [...this.settings.contestants];
      if (change) all[i] = { ...(all[i] ?? contestant("none")), ...change };
      else all.splice(i);
      this.#change({ contestants: all });
    };
    const norm = makeSelect(
      `norm-${network}`,
      isThird ? ["nobody", ...NORMS] : NORMS,
      (value) => (value === "nobody" ? say().nobody : say().norms[value]),
      (value) => set(value === "nobody" ? null : { norm: value }),
    );
    const weights = makeSelect(
      `weights-${network}`,
      WEIGHTS,
      (value) => say().weights[value],
      (value) => set({ weights: value }),
    );
    const rate = makeSelect(
      `rate-${network}`,
      ["", ...choices.learningRate.map(String)],
      (value) => (value === "" ? say().commonRate : say().ownRate(value)),
      (value) => set({ learningRate: value === "" ? null : Number(value) }),
    );
    norm.dataset.label = "normLabel";
    weights.dataset.label = "weightsLabel";
    rate.dataset.label = "rateLabel";
    this.#shows.push(({ contestants }) => {
      const own = contestants[i];
      norm.value = own?.norm ?? "nobody";
      weights.value = own?.weights ?? "default";
      rate.value = `${own?.learningRate ?? ""}`;
      for (const select of [weights, rate]) select.hidden = !own;
    });
    const legend = make(
      "legend",
      {},
      make("span", { class: "swatch" }),
      make("span", { "data-text": `${network}Network` }),
    );
    return make("fieldset", { class: `contestant ${network} always` }, legend, norm, weights, rate);
  }

  /** The slider's positions are the places in the list of choices: equal steps for the hand, whatever the numbers. */
  #slider(name: Choice): HTMLElement {
    const values: readonly number[] = choices[name];
    const slider = make("input", { type: "range", id: name, min: "0", max: `${values.length - 1}`, step: "1" });
    const label = make("label", { for: name });
    const value = make("output", { for: name });
    const chosen = () => values[Number(slider.value)];
    const write = () => {
      value.textContent = `${chosen()}`;
      slider.setAttribute("aria-valuetext", `${chosen()}`);
    };
    slider.addEventListener("input", write);
    slider.addEventListener("change", () => this.#change({ [name]: chosen() }));
    onLanguage(() => {
      label.textContent = say().choices[name];
    });
    this.#shows.push((settings) => {
      slider.value = `${values.indexOf(settings[name])}`;
      write();
    });
    return make("div", { class: "slider" }, label, value, slider);
  }

  #seed(): HTMLElement {
    const input = make("input", { type: "number", id: "seed", min: "0", max: `${MOST_SEED}`, step: "1" });
    input.addEventListener("change", () => {
      const isSeed = input.validity.valid && input.value !== "";
      this.#change({ seed: isSeed ? Number(input.value) : this.settings.seed });
    });
    this.#shows.push(({ seed }) => {
      input.value = `${seed}`;
    });
    return make("div", { class: "row" }, make("label", { for: "seed", "data-text": "seed" }), input);
  }
}

function makeSelect<T extends string>(
  id: string,
  values: readonly T[],
  textOf: (value: T) => string,
  chosen: (value: T) => void,
): HTMLSelectElement {
  const options = values.map((value) => make("option", { value }));
  const select = make("select", { id }, ...options);
  select.addEventListener("change", () => chosen(select.value as T));
  onLanguage(() => {
    options.forEach((option, i) => {
      option.textContent = textOf(values[i]);
    });
  });
  return select;
}
