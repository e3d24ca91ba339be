/** The command line of any program: its options, all with a value, and --language and --help. */
import { parseArgs } from "node:util";
import { oneOf } from "./flags.ts";
import { language, languages } from "./language.ts";
import { say } from "./texts.ts";

/** Ends the program: what is wrong with the arguments, the usage line, exit code 2. */
export function refuseArguments(problem: string, usage: string): never {
  process.stderr.write(`${problem}\n${usage}\n`);
  process.exit(2);
}

/** What was wrong. Node speaks English alone, and names the argument: "Option '--seed <value>' argument missing". */
function problemOf({ code = "", message }: NodeJS.ErrnoException): string {
  const [, argument = ""] = /'(.+?)( <value>)?'/.exec(message) ?? [];
  return say.refused[code]?.(argument) ?? message;
}

interface Program<Name extends string> {
  readonly usage: string;
  readonly help: string;
  readonly options: readonly Name[];
  /** Whether it takes arguments without a name. Default: none. */
  readonly allowPositionals?: boolean;
}

/** What `read` makes of the options that are given. Ends the program after --help, and with exit code 2 where it or Node throws. */
export function readArguments<Name extends string, T>(
  { usage, help, options, allowPositionals = false }: Program<Name>,
  read: (given: { readonly [K in Name]?: string }, positionals: string[]) => T,
): T {
  const all: Record<string, { type: "string" | "boolean" }> = { help: { type: "boolean" } };
  for (const name of [...options, "language"]) all[name] = { type: "string" };
  try {
    const { values, positionals } = parseArgs({ options: all, allowPositionals });
    oneOf(languages, "--language", `${values.language ?? language}`);
    if (values.help) {
      console.log(`${usage}\n\n${help}`);
      process.exit(0);
    }
    return read(values as { [K in Name]?: string }, positionals);
  } catch (error) {
    return refuseArguments(problemOf(error as Error), usage);
  }
}
