/** What the programs' command lines have in common: values are checked, and an error says what was expected. */
import { mkdirSync } from "node:fs";

/** Ends the program: what is wrong with the arguments, the usage line, exit code 2. */
export function refuseArguments(problem: string, usage: string): never {
  process.stderr.write(`${problem}\n${usage}\n`);
  process.exit(2);
}

/** @throws if results cannot be written there */
export function makeFolder(flag: string, path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new Error(`${flag} must be a folder that can be written to, but is '${path}' (${(error as Error).message})`);
  }
}

export function oneOf<T extends string>(choices: readonly T[], flag: string, text: string): T {
  const choice = choices.find((name) => name === text);
  if (choice === undefined) throw new Error(`${flag} must be ${choices.join(" or ")}, but is '${text}'`);
  return choice;
}

export function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
    throw new Error(`${flag} must be a whole number of at least ${least}, but is '${text}'`);
  }
  return value;
}

export function share(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value < 1)) {
    throw new Error(`${flag} must be a number from 0 to below 1, but is '${text}'`);
  }
  return value;
}

export function positive(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0 && value < Infinity)) {
    throw new Error(`${flag} must be a number above 0, but is '${text}'`);
  }
  return value;
}
