/** The command line of a program with few options: each has a default and a line of help; what makes no sense is refused. */
import { readArguments } from "./arguments.ts";
import { makeFolder, oneOf, positive, wholeNumber } from "./flags.ts";
import { say } from "./texts.ts";

/** Its default; of choices that is the first. */
type Option = number | string | readonly string[] | { readonly fallback: number; readonly least: number };
type Value<T> = T extends string ? string : T extends readonly (infer Choice)[] ? Choice : number;
type Values<T> = { -readonly [K in keyof T]: Value<T[K]> };

/** What its help says. */
interface Texts<Name extends string> {
  readonly about: string;
  readonly options: Readonly<Record<Name, string>>;
}

/** Its value in the usage line, without one given, in the help, and as it is read. */
interface Meaning {
  readonly kind: string;
  readonly fallback: string;
  readonly shown: string;
  readonly read: (flag: string, text: string) => number | string;
}

/** A number is read as its default is: as a whole one, from `least` on (1, or 0 where that is the default), or as one above 0. */
function meaningOf(option: Option): Meaning {
  if (typeof option === "string") {
    return { kind: "TEXT", fallback: option, shown: option || say.none, read: (_, text) => text };
  }
  if (typeof option === "object" && !("least" in option)) {
    const read = (flag: string, text: string) => oneOf(option, flag, text);
    return { kind: "TEXT", fallback: option[0], shown: say.oneOf(option), read };
  }
  const { fallback, least } = typeof option === "object" ? option : { fallback: option, least: Math.min(option, 1) };
  const shown = `${fallback}`;
  if (!Number.isInteger(fallback)) return { kind: "X", fallback: shown, shown, read: positive };
  return { kind: "N", fallback: shown, shown, read: (flag, text) => wholeNumber(flag, text, least) };
}

/** The options' values; the folder `out` is made. Ends the program after --help, and with exit code 2 for what makes no sense. */
export function readOptions<T extends Record<string, Option>>(
  command: string,
  { about, options: help }: Texts<keyof T & string>,
  options: T,
): Values<T> {
  const all = Object.keys(options).map((name) => ({ name, ...meaningOf(options[name]) }));
  const flags = all.map(({ name, kind }) => `--${name} ${kind}`);
  const texts = all.map(({ name, shown }) => say.option(help[name], shown));
  const language = "--language NAME";
  const width = Math.max(...[...flags, language].map((flag) => flag.length));
  const line = (flag: string, text: string) => `  ${flag.padEnd(width)}  ${text}`;
  const lines = [...flags.map((flag, i) => line(flag, texts[i])), line(language, say.option(say.language, "en"))];
  const program = {
    usage: say.usage(command, flags.map((flag) => `[${flag}]`).join(" ")),
    help: `${about}\n\n${lines.join("\n")}`,
    options: Object.keys(options),
  };
  return readArguments(program, (given) => {
    const values = all.map(({ name, fallback, read }) => [name, read(`--${name}`, given[name] ?? fallback)]);
    const result = Object.fromEntries(values);
    if (result.out) makeFolder("--out", result.out); // better refused now than when all is computed
    return result;
  });
}
