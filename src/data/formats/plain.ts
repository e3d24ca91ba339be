/** What kind of value a caller gave. */

/** Whether it is a plain object: `{}`, also of another realm, whose `Object` is not this one. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** How an error calls it. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return `${value}`;
  if (Array.isArray(value)) return "a list";
  return `a ${typeof value === "object" ? value.constructor?.name : typeof value}`;
}
