/** Where PyTorch's answers are kept: a file of test/fixtures for each test that has cases for it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./tree.ts";

const fixtures = join(root, "test/fixtures");

/** Cases that PyTorch has not been asked about yet, one line each: .ci/run accepts none. */
export const PENDING = join(fixtures, "pending.json");

export interface Answer {
  name: string;
  /** Of the program that was answered. */
  hash: string;
  /** What the program saw on its way, and what it returned. */
  outcome: unknown[];
}

export const pathOf = (name: string): string => join(fixtures, `${name}.json`);

/** The answers of a file by the names of their cases, each value as `revive` has it; none if there is no file yet. */
export function readAnswers(name: string, revive?: (key: string, value: unknown) => unknown): Map<string, Answer> {
  const path = pathOf(name);
  const answers: Answer[] = existsSync(path) ? JSON.parse(readFileSync(path, "utf8"), revive) : [];
  return new Map(answers.map((answer) => [answer.name, answer]));
}

/** How a case stands in the list of those that wait. */
export const pendingLine = (file: string, { name, hash }: Pick<Answer, "name" | "hash">): string =>
  `${file}: ${name}: ${hash}`;

export const readPending = (): Set<string> =>
  new Set(existsSync(PENDING) ? (JSON.parse(readFileSync(PENDING, "utf8")) as string[]) : []);
