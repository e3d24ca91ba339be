/** The command line of a program with few options: each has a default and a line of help; what makes no sense is refused. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { makeFolder, oneOf, positive, refuseArguments, wholeNumber } from "./flags.ts";

type Option = readonly [fallback: number | string | readonly string[], help: string, least?: number];
type Value<T> = T extends number ? number : T extends readonly (infer Choice)[] ? Choice : string;
type Values<T extends Record<string, Option>> = { -readonly [K in keyof T]: Value<T[K][0]> };

/**
 * A number is read as its default is: as a whole one, from `least` on (1, or 0 where that is the default), or as one above 0. Of a
 * list it must be one, by default the first. The folder `out` is made.
 */
function read(name: string, [fallback, , least]: Option, text: string): number | string {
  if (name === "out") makeFolder("--out", text); // better refused now than when all is computed
  if (typeof fallback === "string") return text;
  if (typeof fallback === "object") return oneOf(fallback, `--${name}`, text);
  if (Number.isInteger(fallback)) return wholeNumber(`--${name}`, text, least ?? Math.min(fallback, 1));
  return positive(`--${name}`, text);
}

/** The options' values. Ends the program after --help, and with exit code 2 for arguments that make no sense. */
export function readOptions<const T extends Record<string, Option>>(
  command: string,
  about: string,
  options: T,
): Values<T> {
  const all = Object.entries<Option>(options);
  const kind = ([fallback]: Option) => (typeof fallback !== "number" ? "TEXT" : Number.isInteger(fallback) ? "N" : "X");
  const flags = all.map(([name, option]) => `--${name} ${kind(option)}`);
  const usage = `usage: npm run ${command} -- ${flags.map((flag) => `[${flag}]`).join(" ")} [--help]`;
  const width = Math.max(...flags.map((flag) => flag.length));
  const shown = (fallback: Option[0]) =>
    typeof fallback === "object" ? `one of ${fallback.join(", ")}` : fallback === "" ? "none" : fallback;
  const lines = all.map(([, [fallback, help]], i) => `  ${flags[i].padEnd(width)}  ${help} (${shown(fallback)})`);
  const texts: ParseArgsConfig["options"] = Object.fromEntries(all.map(([name]) => [name, { type: "string" }]));
  try {
    const given: Record<string, unknown> = parseArgs({ options: { help: { type: "boolean" }, ...texts } }).values;
    if (given.help) {
      console.log(`${usage}\n\n${about}\n\n${lines.join("\n")}`);
      process.exit(0);
    }
    const values = all.map(([name, option]) => [name, read(name, option, `${given[name] ?? [option[0]].flat()[0]}`)]);
    return Object.fromEntries(values);
  } catch (error) {
    return refuseArguments((error as Error).message, usage);
  }
}
