/**
 * Which files of the site a reader gets after the first page, behind its back, for when there is no network: all that is read and run
 * in the language, and what is translated in the other. The rest is kept from when it is first asked for: code that pages link to,
 * MNIST's digits for blocks, and what the other language only repeats. Read next: service-worker.js.
 */
import { addressIn, book, isTranslated } from "./book.ts";
import { LANGUAGES, type Language } from "./texts.ts";

/** For whom a file is fetched ahead. */
type Ahead = Language | "both" | "none";

/** What is for the readers of one language alone. */
const ofLanguage = new Map<string, Language>(
  LANGUAGES.flatMap((language) => [
    [`assets/search-${language}.json`, language] as const,
    ...book
      .filter((page) => !isTranslated(page))
      .map(({ address }) => [addressIn(language, address), language] as const),
  ]),
);

const isLarge = (file: string): boolean => file.startsWith("source/") || /-idx\d-ubyte/.test(file);

const aheadFor = (file: string): Ahead => (isLarge(file) ? "none" : (ofLanguage.get(file) ?? "both"));

export function filesAhead(files: readonly string[]): Record<Ahead, string[]> {
  const sorted: Record<Ahead, string[]> = { both: [], en: [], zh: [], none: [] };
  for (const file of files) sorted[aheadFor(file)].push(file);
  return sorted;
}
