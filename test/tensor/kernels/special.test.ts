/** The error functions are PyTorch's to the last digits, also where erfc is tiny. */
import { expect, it } from "vitest";
import { erf } from "../../../src/tensor/kernels/special.ts";
import { Answers } from "../../support/answers.ts";
import { torch } from "../../support/torch.ts";

const { cat, linspace, tensor } = torch;

const answers = new Answers("special");
const dtype = "float64";

/** Over all ranges in which they are computed in different ways, and the neighbours of their borders. */
const positive = cat([
  tensor([0, 1e-300, 1e-20, 1e-8, 0.46875, 0.46875 + 2 ** -54, 4, 4 + 2 ** -50, 27, Infinity], { dtype }),
  linspace(0.01, 5, 60, { dtype }),
  linspace(5.1, 26.5, 30, { dtype }),
]);
const x = cat([positive, positive.neg(), tensor([Number.NaN], { dtype })]);

answers.it("erf: relative error < 1e-15", () => x.erf(), { rtol: 1e-15, atol: 0 });
answers.it("erfc: relative error < 2e-15", () => x.erfc(), { rtol: 2e-15, atol: 0 });

it("erf is odd, and -0 at -0", () => {
  expect(erf(-0)).toBe(-0);
  for (const value of [0.3, 0.6, 5]) expect(erf(-value)).toBe(-erf(value));
});
