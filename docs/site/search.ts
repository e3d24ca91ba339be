/** What the search looks in: one index a language, made with the pages and read by client/search-box.ts. */
import type { Options } from "minisearch";

/** A passage of a page, from its heading to the next. */
export interface Entry {
  /** Where it is, from the site's folder, with the heading. */
  readonly id: string;
  readonly heading: string;
  readonly page: string;
  readonly text: string;
}

const CHINESE = /\p{Script=Han}+/gu;

/**
 * The words of a text. Chinese has no spaces: of its characters each two neighbours count as a word, and one that stands alone, so
 * that 批归一化 is found by 归一 as well.
 */
export function words(text: string): string[] {
  const chinese = (text.match(CHINESE) ?? []).flatMap((run) =>
    run.length === 1 ? [run] : Array.from({ length: run.length - 1 }, (_, i) => run.slice(i, i + 2)),
  );
  const others = text.replaceAll(CHINESE, " ").match(/[\p{L}\p{N}_]+/gu) ?? [];
  return [...others, ...chinese];
}

export const options: Options<Entry> = {
  fields: ["heading", "page", "text"],
  storeFields: ["heading", "page"],
  tokenize: words,
  searchOptions: {
    boost: { heading: 6, page: 2 },
    combineWith: "AND",
    prefix: (word) => word.length > 1,
    fuzzy: (word) => (word.length > 4 ? 0.2 : false),
  },
};
