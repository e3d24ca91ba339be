/** What stands below the pictures, computed from what they show: a caption that fits some settings alone would lie about others. */
import type { Misread } from "./address.ts";
import type { LayerStatistics } from "./collapse-statistics.ts";
import { TEST } from "./file.ts";
import type { LossHistory } from "./history.ts";
import { say } from "./language.ts";
import { namesOf } from "./names.ts";
import { lossText, short, wholeNumber } from "./numbers.ts";
import { type Choice, type Contestant, rateOf, type Settings, WEIGHTS } from "./settings.ts";

/** Of a session: what captions are made of. */
export interface State {
  readonly settings: Settings;
  readonly steps: number;
  readonly losses: Pick<LossHistory, "smoothed" | "stride">;
}

/** The loss of guessing one of ten, and up to where a loss is no better than that. */
export const GUESSING = Math.log(10);
export const isGuessing = (loss: number): boolean => loss > 0.95 * GUESSING && loss < 1.2 * GUESSING;
/** The chart ends here. */
export const MOST_LOSS = 5;

export function lossCaption({ settings, steps, losses }: State): string {
  const names = namesOf(settings);
  const smoothed = steps > 0 ? losses.smoothed : [];
  const of = (test: (loss: number) => boolean) => names.filter((_, i) => smoothed.length > 0 && test(smoothed[i]));
  const sentences = [say().lossNote(losses.stride)];
  const guessing = of(isGuessing);
  const diverged = of((loss) => !Number.isFinite(loss));
  if (guessing.length > 0) sentences.push(say().stillGuessing(guessing.join(say().and)));
  if (diverged.length > 0) sentences.push(say().diverged(diverged.join(say().and)));
  smoothed.forEach((loss, i) => {
    if (loss > MOST_LOSS && Number.isFinite(loss)) sentences.push(say().beyond(names[i], lossText(loss)));
  });
  return sentences.join(say().space);
}

export const accuracyCaption = ({ settings }: Pick<State, "settings">): string =>
  say().accuracyNote(wholeNumber(TEST[settings.data]));

/**
 * Learning rates at which such networks learned digits in 300 steps, by docs/experiments.md#learning-rate: a test compares them
 * with that page.
 */
export const USABLE_RATES = {
  batch: [0.022, 2.2],
  none: [0.1, 0.46],
  "none-he": [0.046, 0.46],
} as const;

/** What the weights are, and whom the learning rate flatters, as far as that has been measured. */
export function settingsCaption(settings: Settings): string {
  const names = namesOf(settings);
  const isMeasured = settings.network === "mlp" && settings.data === "digits";
  const outside = settings.contestants.flatMap((contestant, i) => {
    const range = isMeasured && usableRates(contestant);
    if (!range) return [];
    const rate = rateOf(settings, contestant);
    return rate < range[0] || rate > range[1] ? [say().outside(names[i], rate, range[0], range[1])] : [];
  });
  const weights = WEIGHTS.filter((kind) => settings.contestants.some((contestant) => contestant.weights === kind));
  const notes = weights.map((kind) => say().weightsNote[kind]).filter((note) => note !== "");
  return [say().settingsNote, ...notes, ...outside].join(say().space);
}

/** What a network's layers look like, in words. */
export function layersCaption(layers: readonly LayerStatistics[]): string {
  const texts = say();
  const [first, last] = [layers[0], layers[layers.length - 1]];
  if (layers.some(({ spread }) => !Number.isFinite(spread))) return texts.collapseDiverged;
  const dead = layers.reduce((sum, layer) => sum + layer.dead, 0) / layers.length;
  const gradients =
    first.gradient === null || last.gradient === null
      ? ""
      : texts.collapseSaysGradients(short(first.gradient), short(last.gradient), layers.length);
  const stopped = layers.filter(({ gradient }) => gradient === 0).length;
  return [
    texts.collapseSays([short(first.spread), short(last.spread)], layers.length),
    gradients,
    stopped > 0 ? texts.collapseSaysNoGradient(stopped, layers.length) : "",
    texts.collapseSaysDead(`${Math.round(100 * dead)} %`),
  ].join("");
}

/** Which parts of an address were not understood, and what is shown instead; nothing if there are none. */
export function misreadCaption(misread: readonly Misread[], settings: Settings): string {
  const texts = say();
  const shown = (setting: keyof Settings | "step"): string => {
    if (setting === "data") return texts.data[settings.data];
    if (setting === "network") return texts.architectures[settings.network];
    if (setting === "contestants") return namesOf(settings).join(" / ");
    if (setting === "seed") return `${texts.seed} ${settings.seed}`;
    if (setting === "step") return texts.atStep("0");
    return `${texts.choices[setting as Choice]} ${settings[setting]}`;
  };
  const sentences = misread.map(({ part, setting }) =>
    setting === null ? texts.misreadName(part) : texts.misreadValue(part, shown(setting)),
  );
  return sentences.join(texts.space);
}

function usableRates({ norm, weights }: Contestant): readonly [number, number] | undefined {
  const word = weights === "default" ? norm : `${norm}-${weights}`;
  return (USABLE_RATES as Record<string, readonly [number, number]>)[word];
}
