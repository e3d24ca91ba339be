/** Numbers, shapes and formulas as text. */
import type { Formula, GraphSnapshot, Numbers } from "./types.ts";

/** Three digits, and an exponent only where a number would be long. */
export function shortNumber(value: number): string {
  const text = Number.isInteger(value) && Math.abs(value) < 1e6 ? `${value}` : `${Number(value.toPrecision(3))}`;
  return text.replace(/-/g, "−");
}

/** `64 × 256`, and nothing for a scalar. */
export const shapeText = (shape: readonly number[]): string => shape.join(" × ");

/** A number, a few of them, or how many there are. */
export function numbersText({ shape, values, count }: Numbers, most = 3): string {
  if (count === 1) return shortNumber(values[0]);
  if (count <= most) return `[${values.map(shortNumber).join(", ")}]`;
  return shapeText(shape);
}

/** All that are known, a row of the last dimension a line. */
export function rowsText({ shape, values, count, summary }: Numbers): string {
  const width = shape.at(-1) ?? 1;
  if (count === 1 || summary) return values.map(shortNumber).join(", ") + (summary ? ", …" : "");
  const rows = Array.from({ length: count / width }, (_, row) => values.slice(row * width, (row + 1) * width));
  return rows.map((row) => `[${row.map(shortNumber).join(", ")}]`).join("\n");
}

/** Euclid's norm. */
export function normOf({ values, count, summary }: Numbers): number {
  if (summary) return Math.sqrt(count * (summary.std ** 2 + summary.mean ** 2));
  return Math.hypot(...values);
}

/** A gradient: a number or how large it is. */
export const gradientText = (numbers: Numbers): string =>
  numbers.count === 1 ? `∇ ${shortNumber(numbers.values[0])}` : `‖∇‖ ${shortNumber(normOf(numbers))}`;

/** The derivative by a node: `∂L/∂a`. */
export const derivative = ({ of, nodes }: GraphSnapshot, node: number): string => `∂${of}/∂${nodes[node].name}`;

/** A formula with the names of the variables. */
export const inNames = (graph: GraphSnapshot, formula: Formula): string =>
  formula
    .map((part) => {
      if (typeof part === "string") return part;
      return part.of === "value" ? graph.nodes[part.node].name : derivative(graph, part.node);
    })
    .join("");

/** The same with their numbers; null if one of them has too many. A negative one in a formula stands in brackets. */
export function inNumbers(graph: GraphSnapshot, formula: Formula): string | null {
  const numbersOf = (part: Exclude<Formula[number], string>) =>
    part.of === "value" ? graph.nodes[part.node].value : graph.nodes[part.node].gradient;
  const named = formula.filter((part) => typeof part !== "string").map(numbersOf);
  if (named.length === 0 || named.some((numbers) => numbers === null || numbers.count > 3)) return null;
  return formula
    .map((part) => {
      if (typeof part === "string") return part;
      const text = numbersText(numbersOf(part) as Numbers);
      return formula.length > 1 && text.startsWith("−") ? `(${text})` : text;
    })
    .join("");
}
