/**
 * Blocks that share their names in order, as in a notebook.
 *
 * Each block is evaluated inside of the one before it: it begins by handing out a function that evaluates a text where it stands, and so sees
 * all that the block declares. So a later block sees the names of the earlier ones, may change a variable of theirs, and may
 * declare one of the same name for itself and those below.
 *
 * What blocks do to the values behind the names, to weights and random numbers, cannot be taken back: to run a block once more from the state
 * before it, the blocks above run again in a new worker (session.ts).
 */
import { IMPORT, javaScriptOf } from "./program.ts";

/** What a block hands that function to. */
const ENTER = "__enter";

type Evaluate = (code: string) => unknown;

/** What blocks see beside the global names. */
export type Given = Readonly<Record<string, unknown>>;

/** The name of a block in the stack of an error; problems.ts reads it. Its first line is the second of what is evaluated. */
const nameOf = (block: number): string => `block-${block}`;

export class Scope {
  #evaluate: Evaluate;
  readonly #declared = new Set<string>();

  /** @param load gives a module's names; @throws a sentence if there is no such module or name */
  constructor(given: Given, load: (module: string, names: readonly string[]) => Promise<object>) {
    const enter = (evaluate: Evaluate): void => {
      this.#evaluate = evaluate;
    };
    const all = { ...given, [IMPORT]: load, [ENTER]: enter };
    // A function that is made of text sees global names alone, not those of this file.
    const make = new Function(...Object.keys(all), `"use strict"; return (code) => eval(code);`);
    this.#evaluate = make(...Object.values(all));
  }

  /** Runs a block to its end. @throws what it throws; then nobody should run the next */
  async run(block: number, source: string): Promise<void> {
    const code = javaScriptOf(source);
    for (const [, name] of code.matchAll(/^(?:const|let|function|class) ([\w$]+)/gm)) this.#declared.add(name);
    const start = `(async () => { ${ENTER}((code) => eval(code));`;
    const run = this.#evaluate(`${start}\n${code}\n})\n//# sourceURL=${nameOf(block)}`) as () => Promise<void>;
    await run();
  }

  /** What the names stand for that blocks have declared so far. */
  *values(): Generator<[name: string, value: unknown]> {
    for (const name of this.#declared) {
      try {
        yield [name, this.#evaluate(name)];
      } catch {
        // It has not got that far.
      }
    }
  }
}
