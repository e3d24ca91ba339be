/** The error functions are PyTorch's to the last digits, also where erfc is tiny. */
import { expect, it } from "vitest";
import * as lucidgrad from "../../../src/index.ts";
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

answers.it("erfcx: relative error < 1e-13", () => torch.erfcx(x), { rtol: 1e-13, atol: 0 });
answers.it("ndtr: relative error < 2e-14", () => torch.ndtr(positive), { rtol: 2e-14, atol: 0 });
answers.it("logNdtr: relative error < 1e-12", () => torch.logNdtr(x), { rtol: 1e-12, atol: 0 });

const share = cat([tensor([0, 1e-300, 1e-20, 0.25, 1, -1], { dtype }), linspace(0.001, 0.999, 50, { dtype })]);
answers.it("ndtri: relative error < 1e-13", () => torch.ndtri(share), { rtol: 1e-13, atol: 1e-15 });

const wide = cat([x, tensor([19.9, 20, 20.1, 40, 700, -700, -720], { dtype })]);
for (const name of ["i0", "i0e", "i1", "i1e"] as const)
  answers.it(`${name}: relative error < 3e-15`, () => torch[name](wide), { rtol: 3e-15, atol: 0 });

/** Every a with every x. Of an a above 20, PyTorch's expansion has nine digits, here there are all. */
const at = linspace(0.01, 200, 60, { dtype });
for (const [range, list, error] of [
  ["up to 20", [1e-3, 0.5, 1, 2.5, 9, 19.9], 1e-12],
  ["above 20", [20.1, 100, 1000], 1e-8],
] as const) {
  const a = tensor([...list], { dtype }).view(-1, 1);
  answers.it(`igamma of ${range}: error < ${error}`, () => torch.igamma(a, at), { rtol: 0, atol: error });
  answers.it(`igammac of ${range}: error < ${error}`, () => torch.igammac(a, at), { rtol: 0, atol: error });
}
const edge = tensor([-1, 0, 1, Infinity, Number.NaN], { dtype });
answers.it("igamma at the edges", () => [torch.igamma(edge.view(-1, 1), edge), torch.igammac(edge.view(-1, 1), edge)]);
const power = tensor([0.5, 1, 1.01, 2, 3, 7.5, 40, Number.NaN], { dtype }).view(-1, 1);
const q = tensor([-1.5, -1, 0, 0.3, 1, 2, 30, Number.NaN], { dtype });
answers.it("zeta: relative error < 1e-14", () => torch.zeta(power, q), { rtol: 1e-14, atol: 0 });

it("igamma of no numbers ends at once", () => {
  expect(lucidgrad.full([100_000], Number.NaN).igamma(lucidgrad.ones(1)).isnan().all().item()).toBe(1);
}, 1000);

it("erf is odd, and -0 at -0", () => {
  expect(erf(-0)).toBe(-0);
  for (const value of [0.3, 0.6, 5]) expect(erf(-value)).toBe(-erf(value));
});
