/**
 * Blocks that share their names in order, as in a notebook.
 *
 * Each block is evaluated inside of the one before it: its last expression is a function that evaluates a text where it stands, and sees all
 * that the block has declared. So a later block sees the names of the earlier ones, may change a variable of theirs, and may
 * declare one of the same name for itself and those below.
 *
 * What blocks do to the values behind the names, to weights and random numbers, cannot be taken back: to run a block once more from the state
 * before it, the blocks above run again in a new worker (session.ts).
 */
import { IMPORT, javaScriptOf } from "./program.ts";

type Evaluate = (code: string) => unknown;

/** What blocks see beside the global names. */
export type Given = Readonly<Record<string, unknown>>;

/** The name of a block in the stack of an error; problems.ts reads it. Its first line is the second of what is evaluated. */
const nameOf = (block: number): string => `block-${block}`;

export class Scope {
  #evaluate: Evaluate;

  /** @param load gives a module's names; @throws a sentence if there is no such module or name */
  constructor(given: Given, load: (module: string, names: readonly string[]) => Promise<object>) {
    const all = { ...given, [IMPORT]: load };
    // A function that is made of text sees global names alone, not those of this file.
    const make = new Function(...Object.keys(all), `"use strict"; return (code) => eval(code);`);
    this.#evaluate = make(...Object.values(all));
  }

  /** Runs a block to its end. @throws what it throws; then the names are those from before */
  async run(block: number, source: string): Promise<void> {
    const code = javaScriptOf(source);
    const run = this.#evaluate(
      `(async () => {\n${code}\n; return (code) => eval(code); })\n//# sourceURL=${nameOf(block)}`,
    ) as () => Promise<unknown>;
    const inside = await run();
    if (typeof inside !== "function") throw new SyntaxError("Illegal return statement");
    this.#evaluate = inside as Evaluate;
  }
}
