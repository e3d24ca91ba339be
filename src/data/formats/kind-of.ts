/** What an error calls a value that a caller gave. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return `${value}`;
  if (Array.isArray(value)) return "a list";
  return `a ${typeof value === "object" ? value.constructor?.name : typeof value}`;
}
