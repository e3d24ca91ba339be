/** Refusing a file that is not what its format says. */
import { check } from "../../tensor/check.ts";

/** Refuses the file with what is wrong with it, unless the condition holds. */
export type Expect = (condition: boolean, problem: () => string) => asserts condition;

/** Whether what a file says is a size. */
export const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** @param name of the file @param kind what it should be: "safetensors file" */
export const expectationsOf =
  (name: string, kind: string): Expect =>
  (condition, problem) =>
    check(condition, () => `${name}: ${problem()}. The file is damaged, or is no ${kind}.`);
