/** The values on programs' command lines are checked, and an error says what was expected. */
import { mkdirSync } from "node:fs";
import { say } from "./texts.ts";

/** @throws if results cannot be written there */
export function makeFolder(flag: string, path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new Error(say.notFolder(flag, path, error as Error));
  }
}

export function oneOf<T extends string>(choices: readonly T[], flag: string, text: string): T {
  const choice = choices.find((name) => name === text);
  if (choice === undefined) throw new Error(say.notOneOf(flag, choices, text));
  return choice;
}

export function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
    throw new Error(say.notWhole(flag, least, text));
  }
  return value;
}

export function share(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value < 1)) throw new Error(say.notShare(flag, text));
  return value;
}

export function positive(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0 && value < Infinity)) throw new Error(say.notPositive(flag, text));
  return value;
}
