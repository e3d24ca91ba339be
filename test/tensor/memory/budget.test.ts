/** As much may be taken as is in use, and more where looking for garbage is dear. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Budget } from "../../../src/tensor/memory/budget.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Spends so much, works for 100 ms, and looks for garbage. @returns which share of it had been spent */
function use(budget: Budget, { spent = 0, milliseconds = 1, inUse = 0 }): number {
  budget.spent += spent;
  const { share } = budget;
  vi.advanceTimersByTime(100);
  const start = performance.now();
  vi.advanceTimersByTime(milliseconds);
  budget.renew(start, inUse);
  return share;
}

it("is what is in use, within bounds", () => {
  const budget = new Budget(100, 1000);
  expect(use(budget, { spent: 50, inUse: 400 })).toBe(0.5);
  expect(use(budget, { spent: 400, inUse: 5000 })).toBe(1);
  expect(use(budget, { spent: 1000, inUse: 10 })).toBe(1);
  expect(use(budget, { spent: 100 })).toBe(1);
});

it("doubles as long as it takes more than a quarter of the time", () => {
  const budget = new Budget(100, 1000);
  use(budget, { milliseconds: 50 });
  expect(use(budget, { spent: 200, milliseconds: 50 })).toBe(1);
  expect(use(budget, { spent: 400, milliseconds: 10 })).toBe(1);
  expect(use(budget, { spent: 100 })).toBe(1);
});
