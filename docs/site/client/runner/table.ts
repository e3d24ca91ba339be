/** console.table as Node prints it. */
import { inspect } from "node-inspect-extracted";

const shown = (value: unknown): string =>
  inspect(value, { maxArrayLength: 3, breakLength: Number.POSITIVE_INFINITY, depth: depthOf(value) });

/** Node shows of a cell what fits: an object of objects only by name. */
const depthOf = (value: unknown): number =>
  typeof value === "object" && value !== null && Object.keys(value).length > 2 ? -1 : 0;

/** @param columns those that are wanted; all if none are named */
export function tableText(data: object, columns?: readonly string[]): string {
  const isMap = data instanceof Map;
  const isSet = data instanceof Set;
  const rows: [index: string, value: unknown][] = isMap
    ? [...data].map(([key, value], i) => [String(i), { Key: key, Values: value }])
    : isSet
      ? [...data].map((value, i) => [String(i), value])
      : Object.entries(data);
  const header = new Set<string>(columns);
  let hasValues = false;
  for (const [, value] of rows) {
    if (!isRecord(value)) hasValues = true;
    else if (!columns) for (const key of Object.keys(value)) header.add(key);
  }
  const names = [...header];
  const index = isMap || isSet ? "(iteration index)" : "(index)";
  const lines = rows.map(([name, value]) => [
    name,
    ...names.map((key) => (isRecord(value) && Object.hasOwn(value, key) ? shown(value[key]) : "")),
    ...(hasValues ? [isRecord(value) ? "" : shown(value)] : []),
  ]);
  return drawn([index, ...names, ...(hasValues ? ["Values"] : [])], lines);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  (typeof value === "object" && value !== null) || typeof value === "function";

function drawn(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, i) => Math.max(...[name, ...rows.map((row) => row[i])].map(widthOf)) + 2);
  const line = (left: string, middle: string, right: string) =>
    `${left}${widths.map((width) => "─".repeat(width)).join(middle)}${right}`;
  const cells = (row: readonly string[]) =>
    `│${row.map((text, i) => ` ${text}${" ".repeat(widths[i] - widthOf(text) - 1)}`).join("│")}│`;
  return [line("┌", "┬", "┐"), cells(head), line("├", "┼", "┤"), ...rows.map(cells), line("└", "┴", "┘")].join("\n");
}

/** In columns of a terminal: Chinese characters take two. */
const widthOf = (text: string): number =>
  [...text].reduce(
    (sum, letter) =>
      sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(letter) ? 2 : 1),
    0,
  );
