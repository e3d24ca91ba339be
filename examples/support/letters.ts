/** Texts as numbers, one for each letter: its place in an alphabet. */
import { type Tensor, tensor } from "lucidgrad";
import { refuseArguments } from "./arguments.ts";
import { say } from "./texts.ts";

type Alphabet = string | readonly string[];

export const int32 = (values: number[]): Tensor => tensor(values, { dtype: "int32" });

/** (letters), int32 */
export const encode = (text: string, alphabet: Alphabet): Tensor =>
  int32(Array.from(text, (letter) => alphabet.indexOf(letter)));

/** Ends the program, with exit code 2, if the network would not know a letter of a text. */
export function checkLetters(option: string, text: string, alphabet: Alphabet): void {
  if (text !== "" && [...text].every((letter) => alphabet.includes(letter))) return;
  refuseArguments(say.notOfLetters(`--${option}`, JSON.stringify([...alphabet].join("")), text), say.seeHelp);
}
