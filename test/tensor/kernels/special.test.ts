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

/** All ranges, and their borders. Above 5, PyTorch's J and Y have six digits, here there are all. */
const far = cat([
  tensor([0, 1e-300, 1e-20, 1e-8, 1e-3, 2, 9, 25, 24.999, 25.001, 300, 1e4], { dtype }),
  linspace(0.05, 30, 80, { dtype }),
]);
const all = cat([far, far.neg(), tensor([Number.NaN], { dtype })]);
const { besselJ0, besselJ1, besselY0, besselY1, sphericalBesselJ0 } = torch;
for (const [name, f] of Object.entries({ besselJ0, besselJ1, besselY0, besselY1, sphericalBesselJ0 }))
  answers.it(`${name}: error < 1e-6`, () => f(all), { rtol: 1e-13, atol: 1e-6 });
const { modifiedBesselK0, modifiedBesselK1, scaledModifiedBesselK0, scaledModifiedBesselK1 } = torch;
for (const [name, f] of Object.entries({
  modifiedBesselK0,
  modifiedBesselK1,
  scaledModifiedBesselK0,
  scaledModifiedBesselK1,
}))
  answers.it(`${name}: relative error < 1e-13`, () => f(all), { rtol: 1e-13, atol: 0 });
answers.it("airyAi: error < 1e-5", () => torch.airyAi(cat([far.narrow(0, 0, 10), linspace(-40, 40, 161, { dtype })])), {
  rtol: 1e-11,
  atol: 1e-5,
});
it("Bessel functions have all digits: what Wronski's determinant says of J, Y, I and K", () => {
  const { i0, i1, noGrad } = lucidgrad;
  const at = lucidgrad.linspace(0.01, 60, 400, { dtype });
  noGrad(() => {
    const [j0, j1, y0, y1] = [besselJ0, besselJ1, besselY0, besselY1].map((f) => f(at));
    const ofWaves = j1
      .mul(y0)
      .sub(j0.mul(y1))
      .mul(at)
      .mul(Math.PI / 2);
    expect(ofWaves.sub(1).abs().max().item()).toBeLessThan(1e-12);
    const ofPowers = i0(at)
      .mul(modifiedBesselK1(at))
      .add(i1(at).mul(modifiedBesselK0(at)))
      .mul(at);
    expect(ofPowers.sub(1).abs().max().item()).toBeLessThan(1e-13);
  });
});
it("Airy's function has all digits, also where ranges meet: values of mpmath's", () => {
  const values = new Map([
    [-30.5, -0.004333637288742865],
    [-9.001, -0.021157959424631022],
    [-9, -0.022133721547341403],
    [-8.999, -0.023109284466869873],
    [-4.5, 0.2921527810559595],
    [-2, 0.22740742820168558],
    [2, 0.03492413042327438],
    [2.001, 0.03487107495109645],
    [5, 0.00010834442813607442],
    [20, 1.6916728686705404e-27],
  ]);
  const found = lucidgrad.airyAi(lucidgrad.tensor([...values.keys()], { dtype })).data;
  for (const [k, value] of [...values.values()].entries()) expect(Math.abs(found[k] / value - 1)).toBeLessThan(1e-12);
});
const infinite = tensor([Infinity, -Infinity], { dtype });
answers.it("Bessel functions at infinity", () => [
  besselJ0(infinite),
  besselJ1(infinite),
  besselY0(infinite),
  besselY1(infinite),
  modifiedBesselK0(infinite),
  modifiedBesselK1(infinite),
  scaledModifiedBesselK0(infinite),
  scaledModifiedBesselK1(infinite),
  sphericalBesselJ0(infinite),
  torch.airyAi(infinite),
]);
const polynomials = [
  "chebyshevPolynomialT",
  "chebyshevPolynomialU",
  "chebyshevPolynomialV",
  "chebyshevPolynomialW",
  "hermitePolynomialH",
  "hermitePolynomialHe",
  "laguerrePolynomialL",
  "legendrePolynomialP",
  "shiftedChebyshevPolynomialT",
  "shiftedChebyshevPolynomialU",
  "shiftedChebyshevPolynomialV",
  "shiftedChebyshevPolynomialW",
] as const;
const degrees = tensor([-1, 0, 1, 2, 3, 4.75, 7, 12, 30], { dtype }).view(-1, 1);
const places = tensor([-1, -0.7, 0, 0.3, 1, 1.5, -2, Infinity, Number.NaN], { dtype });
for (const name of polynomials)
  answers.it(`${name} of several degrees`, () => torch[name](places, degrees), { rtol: 1e-11, atol: 1e-13 });

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
