/**
 * The three ways in which x changes batch norm's result. Each has a mark, a name and a colour, which are the same on the arrows, in
 * words, in formulas and in the table.
 */
import { make } from "./elements.ts";
import { type Language, texts } from "./texts.ts";
import type { Arrow, Way } from "./types.ts";

/** In the order of the guide. */
export const WAYS = ["direct", "mean", "variance"] as const satisfies readonly Way[];

const marks: Readonly<Record<Way, string>> = { direct: "①", mean: "②", variance: "③" };

/** `① direct`; of several that have met, `① + ③`. */
export function waysText(ways: readonly Way[], language: Language): string {
  if (ways.length === 1) return `${marks[ways[0]]} ${texts[language].ways[ways[0]]}`;
  return ways.map((way) => marks[way]).join(" + ");
}

/** What comes together at a node of what has come along these arrows. */
export const together = (arrows: readonly Arrow[]): Way[] =>
  WAYS.filter((way) => arrows.some(({ ways }) => ways.includes(way)));

/** A text, in which each mark has its colour, and so has the name behind it: in HTML, or in what else `wrap` makes. */
export function coloured(
  text: string,
  language: Language,
  wrap = (way: Way, piece: string): Element => make("span", { "data-way": way }, piece),
): (string | Element)[] {
  const names = WAYS.map((way) => texts[language].ways[way]).join("|");
  return text.split(new RegExp(`([①②③](?: (?:${names}))?)`)).map((piece) => {
    const way = WAYS.find((one) => piece.startsWith(marks[one]));
    return way ? wrap(way, piece) : piece;
  });
}
