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

/** A part of an address that says nothing that can be set, and what it should have set; null if there is no such setting. */
export interface Misread {
  readonly part: string;
  readonly setting: keyof Settings | "step" | null;
}

/** What the address says; the default where it says nothing, or nothing that can be set. */
export function readAddress(address: string): { settings: Settings; step: number; misread: readonly Misread[] } {
  const words = new URLSearchParams(address);
  const misread: Misread[] = [];
  const take = <T>(
    name: string,
    setting: keyof Settings | "step",
    read: (text: string) => T | undefined,
    usual: T,
  ): T => {
    const text = words.get(name);
    words.delete(name);
    const value = text === null ? usual : read(text);
    if (value === undefined) misread.push({ part: `${name}=${text}`, setting });
    return value ?? usual;
  };
  const network = take<Architecture>("network", "network", (text) => oneOf(ARCHITECTURES, text), "mlp");
  const usual = defaultsOf(network);
  const numbers = CHOICES.map((name) => {
    const read = (text: string) => oneOf<number>(choices[name], numberOf(text));
    return [name, take(NAMES[name], name, read, usual[name])];
  });
  const settings: Settings = {
    ...usual,
    ...Object.fromEntries(numbers),
    data: take("data", "data", (text) => oneOf(DATA, text), usual.data),
    contestants: take("networks", "contestants", contestantsOf, usual.contestants),
    seed: take("seed", "seed", (text) => wholeNumber(text, MOST_SEED), usual.seed),
  };
  const step = take("step", "step", (text) => wholeNumber(text, Number.MAX_SAFE_INTEGER), 0);
  for (const [name, text] of words) if (name) misread.push({ part: text ? `${name}=${text}` : name, setting: null });
  return { settings, step, misread };
}

/** batch, none-he, none-he-0.5, none-default-0.5 */
function wordOf({ norm, weights, learningRate }: Contestant): string {
  if (learningRate !== null) return `${norm}-${weights}-${learningRate}`;
  return weights === "default" ? norm : `${norm}-${weights}`;
}

function contestantsOf(text: string): readonly Contestant[] | undefined {
  const all = text.split(",").map((word) => {
    const [normWord, weightsWord = "default", rateWord] = word.split("-");
    const [norm, weights] = [oneOf(NORMS, normWord), oneOf(WEIGHTS, weightsWord)];
    const rate = rateWord === undefined ? null : oneOf<number>(choices.learningRate, numberOf(rateWord));
    return norm && weights && rate !== undefined ? contestant(norm, weights, rate) : undefined;
  });
  const isWhole = all.length >= 2 && all.length <= MOST_CONTESTANTS && all.every((one) => one !== undefined);
  return isWhole ? (all as Contestant[]) : undefined;
}

const oneOf = <T>(values: readonly T[], value: unknown): T | undefined => values.find((one) => one === value);
const numberOf = (text: string): number => (text ? Number(text) : Number.NaN);
function wholeNumber(text: string, most: number): number | undefined {
  const value = numberOf(text);
  return Number.isInteger(value) && value >= 0 && value <= most ? value : undefined;
}
