/** Values as Python prints them, for the text of modules and of distributions. */

/** `1e-05`, where JavaScript prints `0.00001`, `1.0`, where it prints `1`, and `inf`. */
export function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return String(value).replace("Infinity", "inf").replace("NaN", "nan");
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** `[1.0, 0.5]`. */
export const pythonFloats = (values: readonly number[]): string => `[${values.map(pythonFloat).join(", ")}]`;

/** `True` or `False`. */
export const pythonBool = (value: boolean): string => (value ? "True" : "False");

/** `3`, or `(3, 3)`. */
export const pythonSize = (size: number | readonly number[]): string =>
  typeof size === "number" ? `${size}` : pythonTuple(size);

/** `(3, 3)`, or `(3,)`. */
export const pythonTuple = (items: readonly (number | null)[]): string =>
  `(${items.map((item) => item ?? "None").join(", ")}${items.length === 1 ? "," : ""})`;
