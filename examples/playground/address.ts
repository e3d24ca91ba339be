/**
 * An experiment as the part of an address after #, and back: what differs from the defaults, and how many steps have been made.
 * `network=cnn&networks=batch,none-he-0.5&rate=0.2&step=300`
 */
import {
  ARCHITECTURES,
  type Architecture,
  CHOICES,
  type Choice,
  type Contestant,
  choices,
  contestant,
  DATA,
  defaultsOf,
  MOST_CONTESTANTS,
  MOST_SEED,
  NORMS,
  type Settings,
  WEIGHTS,
} from "./settings.ts";

const NAMES: Record<Choice, string> = {
  learningRate: "rate",
  momentum: "momentum",
  batchSize: "batch",
  width: "width",
  depth: "depth",
  batchNormMomentum: "bn-momentum",
};

export function addressOf(settings: Settings, step = 0): string {
  const usual = defaultsOf(settings.network);
  const words = new URLSearchParams();
  if (settings.data !== usual.data) words.set("data", settings.data);
  if (settings.network !== defaultsOf("mlp").network) words.set("network", settings.network);
  const networks = settings.contestants.map(wordOf).join(",");
  if (networks !== usual.contestants.map(wordOf).join(",")) words.set("networks", networks);
  for (const name of CHOICES) if (settings[name] !== usual[name]) words.set(NAMES[name], `${settings[name]}`);
  if (settings.seed !== usual.seed) words.set("seed", `${settings.seed}`);
  if (step > 0) words.set("step", `${step}`);
  return words.toString().replaceAll("%2C", ",");
}

/** What the address says; the default where it says nothing, or nothing that can be set. */
export function readAddress(address: string): { settings: Settings; step: number } {
  const words = new URLSearchParams(address);
  const network = oneOf(ARCHITECTURES, words.get("network")) ?? "mlp";
  const usual = defaultsOf(network as Architecture);
  const numbers = Object.fromEntries(
    CHOICES.map((name) => [name, oneOf<number>(choices[name], numberOf(words.get(NAMES[name]))) ?? usual[name]]),
  );
  return {
    settings: {
      ...usual,
      ...numbers,
      data: oneOf(DATA, words.get("data")) ?? usual.data,
      contestants: contestantsOf(words.get("networks")) ?? usual.contestants,
      seed: wholeNumber(words.get("seed"), MOST_SEED) ?? usual.seed,
    },
    step: wholeNumber(words.get("step"), Number.MAX_SAFE_INTEGER) ?? 0,
  };
}

/** batch, none-he, none-he-0.5, none-default-0.5 */
function wordOf({ norm, weights, learningRate }: Contestant): string {
  if (learningRate !== null) return `${norm}-${weights}-${learningRate}`;
  return weights === "default" ? norm : `${norm}-${weights}`;
}

function contestantsOf(text: string | null): readonly Contestant[] | null {
  const all = text?.split(",").map((word) => {
    const [normWord, weightsWord = "default", rateWord = null] = word.split("-");
    const [norm, weights] = [oneOf(NORMS, normWord), oneOf(WEIGHTS, weightsWord)];
    const rate = oneOf<number>(choices.learningRate, numberOf(rateWord)) ?? null;
    return norm && weights && contestant(norm, weights, rate);
  });
  const isWhole = all && all.length >= 2 && all.length <= MOST_CONTESTANTS && all.every((one) => one !== undefined);
  return isWhole ? (all as Contestant[]) : null;
}

const oneOf = <T>(values: readonly T[], value: unknown): T | undefined => values.find((one) => one === value);
const numberOf = (text: string | null): number => (text ? Number(text) : Number.NaN);
function wholeNumber(text: string | null, most: number): number | undefined {
  const value = numberOf(text);
  return Number.isInteger(value) && value >= 0 && value <= most ? value : undefined;
}
