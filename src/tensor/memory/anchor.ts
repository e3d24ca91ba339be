/** What hangs on an array in memory, and on each part of it, as long as somebody has it. Nobody sees it who prints the array. */
import type { Block } from "./blocks.ts";
import { Survivor } from "./survivors.ts";

/** A block from when it is taken until it is given back. */
export interface Taken {
  readonly block: Block;
  /** How many collections it has outlived. */
  age: number;
}

export class Anchor extends Survivor {
  readonly taken: Taken;

  constructor(taken: Taken) {
    super();
    this.taken = taken;
  }
}

/** `new Itself(array)` is the array: a class that extends this one adds its private fields to it. */
class Itself {
  constructor(array: object) {
    // biome-ignore lint/correctness/noConstructorReturn: it is what this class is for
    return array;
  }
}

class Anchored extends Itself {
  readonly #anchor: Anchor;

  constructor(array: object, anchor: Anchor) {
    super(array);
    this.#anchor = anchor;
  }

  static anchorOf(array: object): Anchor | null {
    return #anchor in array ? array.#anchor : null;
  }
}

/** @returns the array */
export function hang<T extends object>(anchor: Anchor, array: T): T {
  new Anchored(array, anchor);
  return array;
}

/** Null for an ordinary array. */
export const anchorOf = Anchored.anchorOf;
