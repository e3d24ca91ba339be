/**
 * Small pieces of code whose outcomes are PyTorch's: test/fixtures/autograd_*.py have the same code under the same names.
 * A piece returns what is compared: tensors, their text, null, booleans, numbers, and errors as their text.
 */
import { expect, it } from "vitest";
import { type DType, type Tensor, tensor } from "../../src/index.ts";
import { expectClose, readFixture, type StoredTensor } from "../support/fixtures.ts";

type Outcome = Tensor | boolean | number | string | null;
export type Scenarios = Record<string, () => Outcome | readonly Outcome[]>;

interface Expected {
  name: string;
  outcome: (StoredTensor | boolean | number | string | null)[];
}

/** A test of every scenario of the file, and that both sides have the same ones. */
export function checkScenarios(file: string, scenarios: Scenarios): void {
  const expected = readFixture<Expected[]>(file);
  it("has the scenarios that PyTorch ran", () => {
    expect(Object.keys(scenarios)).toEqual(expected.map(({ name }) => name));
  });
  it.each(expected.filter(({ name }) => name in scenarios))("$name", ({ name, outcome }) => {
    const actual = [scenarios[name]()].flat();
    expect(actual).toHaveLength(outcome.length);
    outcome.forEach((value, i) => {
      if (typeof value === "string") expect(String(actual[i])).toContain(value);
      else if (value instanceof Object) expectClose(actual[i] as Tensor, value, { rtol: 1e-12, atol: 1e-12 });
      else expect(actual[i]).toBe(value);
    });
  });
}

/** A float64 tensor. */
export const constant = (...values: number[]): Tensor => tensor(values, { dtype: "float64" });

/** A float64 vector that requires a gradient. */
export const leaf = (...values: number[]): Tensor => constant(...values).requiresGrad_();

/** The same in another dtype. */
export const leafOf = (dtype: DType, ...values: number[]): Tensor => tensor(values, { dtype, requiresGrad: true });

/** A float64 0-dim tensor that requires a gradient. */
export const scalar = (value: number): Tensor => tensor(value, { dtype: "float64", requiresGrad: true });

/** The text of the error that a call ends in. */
export function error(run: () => unknown): string {
  try {
    run();
  } catch (problem) {
    return (problem as Error).message;
  }
  return "no error";
}
