/** Texts below each other in a terminal, where a Chinese character is as wide as two letters. */

/** How many columns a text takes. */
export const widthOf = (text: string): number => [...text].reduce((sum, letter) => sum + (isWide(letter) ? 2 : 1), 0);

/** CJK characters and their punctuation. */
const isWide = (letter: string): boolean => /[\u3000-\u9fff\uff00-\uff60]/.test(letter);

const spaces = (text: string, columns: number): string => " ".repeat(Math.max(0, columns - widthOf(text)));
export const padEnd = (text: string, columns: number): string => text + spaces(text, columns);
const padStart = (text: string, columns: number): string => spaces(text, columns) + text;

/** A table, its first column at the left, the others at the right. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => widthOf(row[i]))));
  return rows
    .map(
      ([first, ...others]) =>
        padEnd(first, widths[0]) + others.map((text, i) => padStart(text, widths[i + 1] + 3)).join(""),
    )
    .join("\n");
}
