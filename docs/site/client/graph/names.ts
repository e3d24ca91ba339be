/** What tensors are called: as the program calls them, or else by a letter and a number. */
import { Module } from "../../../../src/nn/module.ts";
import { Tensor } from "../../../../src/tensor/tensor.ts";

/**
 * Names for tensors: pairs such as `model.namedParameters()`, or an object such as `{ x, w, model }`, of which a model stands for
 * its parameters. What is no tensor does not matter: it may be all variables of a program.
 */
export type Names = Iterable<readonly [name: string, value: unknown]> | Readonly<Record<string, unknown>>;

/** @param names an earlier one goes before a later */
export function namesOf(...names: Names[]): Map<Tensor, string> {
  const found = new Map<Tensor, string>();
  for (const [name, value] of names.flatMap((some) => [...(Symbol.iterator in some ? some : Object.entries(some))])) {
    const named: [string, Tensor][] =
      value instanceof Tensor
        ? [[name, value]]
        : value instanceof Module
          ? value.namedParameters().map(([parameter, x]) => [`${name}.${parameter}`, x])
          : [];
    for (const [own, x] of named) if (!found.has(x)) found.set(x, own);
  }
  return found;
}

const digits = "₀₁₂₃₄₅₆₇₈₉";
const subscript = (n: number): string => [...`${n}`].map((digit) => digits[Number(digit)]).join("");

/** Gives t₁, t₂ … for the letter t, but for those that somebody has. */
export function numbered(taken: Iterable<string>): (letter: string) => string {
  const used = new Set(taken);
  return (letter) => {
    let n = 1;
    while (used.has(letter + subscript(n))) n++;
    used.add(letter + subscript(n));
    return letter + subscript(n);
  };
}
