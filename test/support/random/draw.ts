/** Random choices that are the same for the same text. */
import { Generator } from "../../../src/index.ts";

export class Draw {
  readonly #generator: Generator;

  constructor(text: string) {
    const seed = [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 2 ** 31, 0);
    this.#generator = new Generator(seed);
  }

  /** A whole number below n. */
  below(n: number): number {
    return this.#generator.random32() % n;
  }

  oneOf<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }

  isOneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  /** A list of so many, each drawn by itself. */
  several<T>(count: number, draw: () => T): T[] {
    return Array.from({ length: count }, draw);
  }

  /** About half of the settings, each with one of its values. */
  settings(choices: Readonly<Record<string, readonly unknown[]>>): Record<string, unknown> {
    const chosen = Object.entries(choices).filter(() => this.isOneIn(2));
    return Object.fromEntries(chosen.map(([name, values]) => [name, this.oneOf(values)]));
  }
}
