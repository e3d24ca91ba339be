/** Which of the names that there are was meant by one that is not. */

/** Undefined if none is like it. */
export function meantBy(given: string, names: readonly string[]): string | undefined {
  const word = camelCase(given);
  const lower = word.toLowerCase();
  return (
    names.find((name) => name.toLowerCase() === lower) ??
    names.find((name) => name === initials(word) || word === initials(name)) ??
    names.find((name) => distance(name.toLowerCase(), lower) <= Math.min(2, lower.length / 3)) ??
    names.find((name) => name.toLowerCase().endsWith(lower) || lower.endsWith(name.toLowerCase()))
  );
}

/** `weight_decay` as `weightDecay`. */
const camelCase = (name: string): string => name.replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());

/** `lr` of `learningRate`. */
const initials = (name: string): string => (name[0] + name.replace(/[^A-Z]/g, "")).toLowerCase();

/** How many letters have to be added, left out or replaced (Levenshtein 1966). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1]));
    }
    row = next;
  }
  return row[b.length];
}
