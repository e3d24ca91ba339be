/**
 * What PyTorch makes of the cases of a test. A case is code on `torch` (torch.ts); its answer, in test/fixtures, is what
 * PyTorch 1.13 returned and showed when it ran the same calls. `npm run answers` asks PyTorch for those that are missing or
 * whose case has changed.
 */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { Tensor } from "../../src/index.ts";
import { isFloatingPoint } from "../../src/tensor/dtype.ts";
import { type Answer, pendingLine, readAnswers, readPending } from "./answer-files.ts";
import { expectClose, expectExact, type StoredTensor, type Tolerance } from "./fixtures.ts";
import { type Recorded, record } from "./torch.ts";

/** The folder that programs are collected in for PyTorch, instead of being compared. */
const collecting = process.env.ANSWERS;
const pending = readPending();

export interface Comparing extends Tolerance {
  /** Messages that differ from PyTorch's, by PyTorch's. */
  readonly wording?: Readonly<Record<string, string | RegExp>>;
  /** What the message says here, whatever PyTorch's is. */
  readonly ownWords?: string;
  /** Allowed difference, as a share of the largest number that is expected, or of `atLeast` if that is larger. */
  readonly share?: number;
  /** Default: 0. */
  readonly atLeast?: number;
  /** What is special about a result, by its name in what the case returns. */
  readonly of?: Readonly<Record<string, Omit<Comparing, "of">>>;
}

type Case = () => unknown;

/** JSON has no NaN and no infinities: they are written as strings. */
const numbers: Record<string, number> = { NaN: Number.NaN, Infinity: Infinity, "-Infinity": -Infinity };
export const withNumbers = (_: string, value: unknown) =>
  typeof value === "string" ? (numbers[value] ?? value) : value;

/** Two float32 computations, or two in float64, that differ in the order of their sums. */
const toleranceFor = (x: Tensor): Tolerance =>
  x.dtype === "float64" ? { rtol: 1e-12, atol: 1e-12 } : { rtol: 2e-6, atol: 2e-6 };

function toleranceOf(x: Tensor, { data }: StoredTensor, { share, atLeast = 0, ...comparing }: Comparing): Tolerance {
  if (share === undefined) return { ...toleranceFor(x), ...comparing };
  return { atol: share * data.reduce((largest, value) => Math.max(largest, Math.abs(value)), atLeast) };
}

export class Answers {
  readonly #file: string;
  readonly #comparing: Comparing;
  readonly #answers: Map<string, Answer>;
  readonly #collected = new Map<string, { name: string; hash: string; program: unknown }>();

  /**
   * @param name of the file in test/fixtures, without .json
   * @param comparing how, unless a case says otherwise
   */
  constructor(name: string, comparing: Comparing = {}) {
    this.#file = name;
    this.#comparing = comparing;
    this.#answers = readAnswers(name, withNumbers);
    afterAll(() => {
      if (!collecting) return;
      writeFileSync(join(collecting, `${name}.json`), JSON.stringify([...this.#collected.values()]));
    });
  }

  /** A test that the code sees and returns what PyTorch does. */
  it(name: string, run: Case, comparing: Comparing = {}, timeout?: number): void {
    it(name, () => this.check(name, run, comparing), timeout);
  }

  /** A test of each. */
  each(cases: Readonly<Record<string, Case>>, comparing: Comparing = {}): void {
    for (const [name, run] of Object.entries(cases)) this.it(name, run, comparing);
  }

  /** The same within a test. */
  check(name: string, run: Case, comparing: Comparing = {}): void {
    const recorded = record(run);
    const program = JSON.stringify(recorded.program);
    const hash = createHash("sha256").update(program).digest("base64url").slice(0, 12);
    if (collecting) {
      const before = this.#collected.get(name);
      if (before && before.hash !== hash) throw new Error(`${this.#file} has two cases "${name}"`);
      this.#collected.set(name, { name, hash, program: recorded.program });
      return;
    }
    if (pending.has(pendingLine(this.#file, { name, hash }))) return;
    const answer = this.#answers.get(name);
    if (!answer) expect.fail(`PyTorch has not answered this case yet: npm run answers ${this.#file}`);
    if (answer.hash !== hash)
      expect.fail(`The case has changed since PyTorch answered it: npm run answers ${this.#file}`);
    compare(recorded, answer.outcome, { ...this.#comparing, ...comparing });
  }
}

/** @throws where what the code saw or returned is not what PyTorch did */
export function compare({ observations, result }: Recorded, outcome: readonly unknown[], comparing: Comparing): void {
  for (const [i, { value, isError }] of observations.entries()) {
    const expected = outcome[i];
    if (isError) expectMessage(String(value), String(expected), comparing);
    else expectSame(value, expected, comparing);
  }
  expectSame(result, outcome[observations.length], comparing);
}

function expectMessage(message: string, expected: string, { wording = {}, ownWords }: Comparing): void {
  if (ownWords !== undefined) expect(expected, "PyTorch's message").not.toBe("no error");
  const words = ownWords ?? wording[expected] ?? expected;
  if (words instanceof RegExp) expect(message).toMatch(words);
  else expect(message).toContain(words);
}

/** Tensors within a tolerance, in dtype and shape; lists and objects item by item; all else the same. */
function expectSame(actual: unknown, expected: unknown, comparing: Comparing): void {
  if (actual instanceof Tensor) {
    if (isFloatingPoint(actual.dtype)) {
      expectClose(actual, expected as StoredTensor, toleranceOf(actual, expected as StoredTensor, comparing));
    } else expectExact(actual, expected as StoredTensor);
  } else if (typeof actual === "number" && typeof expected === "number") {
    expectClose(actual, expected, { rtol: 1e-12, ...comparing });
  } else if (typeof actual === "object" && actual !== null) {
    const [mine, theirs] = [Object.entries(actual), Object.entries(expected as object)];
    expect(mine.map(([key]) => key)).toEqual(theirs.map(([key]) => key));
    for (const [i, [key, value]] of mine.entries()) {
      expectSame(value, theirs[i][1], { ...comparing, ...comparing.of?.[key] });
    }
  } else if (typeof actual === "bigint") expect(actual).toBe(BigInt(expected as string | number));
  else expect(actual ?? null).toEqual(expected);
}
