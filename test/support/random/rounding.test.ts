/** Rounding is told from other differences by what PyTorch's own numbers are without it. */
import { expect, it } from "vitest";
import { tensor } from "../../../src/index.ts";
import { isAsNear } from "./rounding.ts";

const stored = (...data: number[]) => ({ shape: [data.length], data });
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** 1000 · (1 - sigmoid(14)), of which float32 has two digits, beside numbers that it has all digits of. */
const theirs = [stored(8.345e-4, 2, inf), stored(2), "text"];
const exact = [stored(8.315e-4, 2, inf), stored(2), "text"];
const near = (...mine: unknown[]) => isAsNear(mine, theirs, exact, { atol: 1e-6, rtol: 1e-6 });

it("numbers may be nearly as far from those in float64 as PyTorch's are", () => {
  expect(near(tensor([8.345e-4, 2, inf]), tensor([2]), "text")).toBe(true);
  expect(near(tensor([8.265e-4, 2, inf]), tensor([2]), "text")).toBe(true);
  expect(near(tensor([8.245e-4, 2, inf]), tensor([2]), "text")).toBe(false);
});

it("what PyTorch has all digits of, has them: other numbers, other tensors, infinities", () => {
  expect(near(tensor([8.345e-4, 2.1, inf]), tensor([2]), "text")).toBe(false);
  expect(near(tensor([8.345e-4, 2, inf]), tensor([2.00001]), "text")).toBe(false);
  for (const wrong of [nan, -inf, 2]) expect(near(tensor([8.345e-4, 2, wrong]), tensor([2]), "text")).toBe(false);
});

it("shapes and texts are the same", () => {
  expect(near(tensor([[8.345e-4, 2, inf]]), tensor([2]), "text")).toBe(false);
  expect(near(tensor([8.345e-4, 2, inf]), tensor([2]), "other")).toBe(false);
  expect(near(tensor([8.345e-4, 2, inf]), tensor([2]))).toBe(false);
});
