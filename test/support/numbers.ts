/** What the sentences with numbers in the pages are made of: numbers of the source, and how people write them. */
import { describe, expect, it } from "vitest";
import { read } from "./tree.ts";

/** A page, and what it has to say word for word, in which the numbers are computed. */
export type Saying = readonly [page: string, sentence: string];

/** Tests that each page says its sentence; where its lines end does not matter. */
export function describeSayings(title: string, sayings: readonly Saying[]): void {
  const inOneLine = (text: string) => text.replaceAll(/\s+/g, " ");
  describe(title, () => {
    it.each(sayings)("%s: %s", (page, sentence) => expect(inOneLine(read(page))).toContain(inOneLine(sentence)));
  });
}

export const lines = (file: string): number => read(file).trimEnd().split("\n").length;
export const rounded = (value: number, digits: number): number => Number(value.toPrecision(digits));
export const grouped = (value: number): string => value.toLocaleString("en-US");

const toTen = "no one two three four five six seven eight nine ten";
const toTwenty = "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty";
const english = `${toTen} ${toTwenty}`.split(" ");
const tens = ["", "ten", "twenty", "thirty", "forty", "fifty"];
/** "seven", and "Seven" at the beginning of a sentence. */
export const inWords = (value: number): string => english[value] ?? tens[value / 10] ?? `${value}`;
export const inWordsAtStart = (value: number): string => inWords(value).replace(/^./, (letter) => letter.toUpperCase());

const chinese = [..."零一二三四五六七八九"];
/** "七", "十五"; of things there are 两, not 二. */
export function inChinese(value: number): string {
  if (value === 2) return "两";
  const [ten, one] = [Math.floor(value / 10), value % 10];
  if (ten === 0) return chinese[one];
  return `${ten > 1 ? chinese[ten] : ""}十${one > 0 ? chinese[one] : ""}`;
}

/** The number that a file of the source gives a name: 16384 of `const BLOCK = 16_384;`. */
export function constant(file: string, name: string): number {
  const [, digits] = new RegExp(`\\b${name}(?:: i32)? = ([\\d_.]+)`).exec(read(file)) ?? [];
  return Number(digits?.replaceAll("_", ""));
}

/** The text between two others, of which the second is the first after the first. */
export function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start) + start.length;
  return text.slice(from, text.indexOf(end, from));
}

/** Lines of code of the files of the reader's path, which README lists in their order; to two digits. */
export function readersPath(): number {
  const [paragraph] = /The reader's path[\s\S]*?\n\n/.exec(read("README.md")) ?? [""];
  const files = [...paragraph.matchAll(/\]\((src\/[^)#]+)/g)].map(([, file]) => file);
  const withoutComments = (file: string) =>
    read(file)
      .replaceAll(/\/\*[\s\S]*?\*\//g, "")
      .split("\n")
      .filter((line) => line.trim() && !line.trim().startsWith("//")).length;
  return rounded(
    files.reduce((sum, file) => sum + withoutComments(file), 0),
    2,
  );
}

interface Run {
  readonly epochLosses: readonly number[];
}

/** How many epochs the network without batch norm needs for the loss that batch norm has after one, whole or not. */
export function epochsToCatchUp(batchNorm: Run, plain: Run): number {
  const goal = batchNorm.epochLosses[0];
  const after = plain.epochLosses.findIndex((loss) => loss < goal);
  const [above = Number.POSITIVE_INFINITY, below] = plain.epochLosses.slice(after - 1, after + 1);
  return after + (above - goal) / (above - below);
}
