/** The error functions are PyTorch's to the last digits, also where erfc is tiny. */
import { expect, it } from "vitest";
import { erf, erfc } from "../../../src/tensor/kernels/special.ts";
import { expectClose, readFixture, type StoredTensor } from "../../support/fixtures.ts";

const { x, ...expected } = readFixture<Record<"x" | "erf" | "erfc", StoredTensor>>("special.json");

it("erf: relative error < 1e-15", () => {
  expectClose(Float64Array.from(x.data, erf), expected.erf, { rtol: 1e-15 });
});

it("erfc: relative error < 2e-15", () => {
  expectClose(Float64Array.from(x.data, erfc), expected.erfc, { rtol: 2e-15 });
});

it("erf is odd, and -0 at -0", () => {
  expect(erf(-0)).toBe(-0);
  for (const value of [0.3, 0.6, 5]) expect(erf(-value)).toBe(-erf(value));
});
