/** Samples of special functions, and of what is computed of a number's bits or of neighbours. samples.ts takes them in. */
import type { TensorFunction } from "../../src/autograd/gradcheck.ts";
import type { Tensor } from "../../src/index.ts";
import { torch } from "../support/index.ts";
import {
  alone,
  arithmetic,
  at,
  between,
  binary,
  fraction,
  general,
  methods,
  normal,
  numbers,
  on,
  positive,
  unary,
  unlike,
} from "./sampling.ts";

const { entr, erfcx, gammainc, gammaincc, gradient, i0e, i1, i1e, logNdtr, multigammaln, ndtr, ndtri, normExceptDim } =
  torch;
const { pdist, xlog1py, zeta } = torch;
const {
  airyAi,
  besselJ0,
  besselJ1,
  besselY0,
  besselY1,
  modifiedBesselK0,
  modifiedBesselK1,
  scaledModifiedBesselK0,
  scaledModifiedBesselK1,
  sphericalBesselJ0,
} = torch;
const {
  chebyshevPolynomialT,
  chebyshevPolynomialU,
  chebyshevPolynomialV,
  chebyshevPolynomialW,
  hermitePolynomialH,
  hermitePolynomialHe,
  laguerrePolynomialL,
  legendrePolynomialP,
  shiftedChebyshevPolynomialT,
  shiftedChebyshevPolynomialU,
  shiftedChebyshevPolynomialV,
  shiftedChebyshevPolynomialW,
} = torch;

const ofNumbers = (samples: ReturnType<typeof on>) => samples.map((sample) => ({ ...sample, isOfNumbers: true }));
const unlikeUnary = (f: TensorFunction) => unlike(unary(f)); // after a subtraction, digits differ
/** Of which there is no derivative. */
const parameter = (x: Tensor): Tensor => torch.full([1], 1.5, { dtype: x.dtype });
const apart = between(1.5, 3);
/** PyTorch has no gradient of these: they are compared at many numbers in test/tensor/kernels/special.test.ts. */
const valuesAlone = (f: (x: Tensor) => Tensor, make = normal) => ofNumbers(unlike(on((x) => f(x), [make("2x3")])));
/** Of degrees for each element, and of one. */
const polynomials = (f: (x: Tensor, n: Tensor | number) => Tensor) =>
  ofNumbers(unlike([...on((x, n) => f(x, n), ["2x3", at([4, 0, 3])]), ...on((x) => f(x, 3), [fraction("2")])]));

export const specialSamples = {
  entr: unary((x) => entr(x), positive),
  erfcx: unary((x) => erfcx(x)),
  ndtr: unary((x) => ndtr(x)),
  logNdtr: unlikeUnary((x) => logNdtr(x)),
  ndtri: unary((x) => ndtri(x), between(0.05, 0.95)),
  ...methods(["i0"], (f) => unary(f)),
  i0e: unary((x) => i0e(x)),
  i1: unary((x) => i1(x)),
  i1e: unary((x) => i1e(x)),
  besselJ0: valuesAlone(besselJ0),
  besselJ1: valuesAlone(besselJ1),
  besselY0: valuesAlone(besselY0, positive),
  besselY1: valuesAlone(besselY1, positive),
  modifiedBesselK0: valuesAlone(modifiedBesselK0, positive),
  modifiedBesselK1: valuesAlone(modifiedBesselK1, positive),
  scaledModifiedBesselK0: valuesAlone(scaledModifiedBesselK0, positive),
  scaledModifiedBesselK1: valuesAlone(scaledModifiedBesselK1, positive),
  sphericalBesselJ0: valuesAlone(sphericalBesselJ0),
  airyAi: valuesAlone(airyAi, positive),
  slopeOfAiry: alone(on((x) => torch.grad(airyAi(x).sum(), [x], { createGraph: true })[0], ["2x3"])),
  chebyshevPolynomialT: polynomials(chebyshevPolynomialT),
  chebyshevPolynomialU: polynomials(chebyshevPolynomialU),
  chebyshevPolynomialV: polynomials(chebyshevPolynomialV),
  chebyshevPolynomialW: polynomials(chebyshevPolynomialW),
  shiftedChebyshevPolynomialT: polynomials(shiftedChebyshevPolynomialT),
  shiftedChebyshevPolynomialU: polynomials(shiftedChebyshevPolynomialU),
  shiftedChebyshevPolynomialV: polynomials(shiftedChebyshevPolynomialV),
  shiftedChebyshevPolynomialW: polynomials(shiftedChebyshevPolynomialW),
  hermitePolynomialH: polynomials(hermitePolynomialH),
  hermitePolynomialHe: polynomials(hermitePolynomialHe),
  laguerrePolynomialL: polynomials(laguerrePolynomialL),
  legendrePolynomialP: polynomials(legendrePolynomialP),
  xlog1py: [arithmetic((a, b) => xlog1py(a, b), positive), on((a) => xlog1py(2, a), [positive("2x3")])],
  ...methods(["igamma", "igammac"], (f) => ofNumbers(general((x) => f(parameter(x), x), positive))),
  gammainc: ofNumbers(on((x) => gammainc(parameter(x), x), [positive("2x3")])),
  gammaincc: ofNumbers(on((x) => gammaincc(parameter(x), x), [positive("2x3")])),
  mvlgamma: unlike(unary((x) => x.mvlgamma(3), apart)), // the gradient of lgamma is that of digamma
  multigammaln: ofNumbers(unlike(on((x) => multigammaln(x, 2), [apart("2x3")]))),
  zeta: unlike([
    ...on((q) => zeta(parameter(q).add(1), q), [positive("2x3")]),
    ...on((q) => zeta(2, q), [positive("2")]),
  ]),

  // how numbers are made
  frexp: [
    on((x) => x.frexp().mantissa, ["2x3"], [numbers([7, -3, 0.3])]),
    on((x) => x.frexp().exponent, ["2x3"]),
  ].flat(),
  ldexp: [on((x, b) => x.ldexp(b), ["2x3", at([3, -2, 0])]), on((x, b) => x.ldexp(b), ["2x3", "3"])].flat(),
  nextafter: binary((a, b) => a.detach().nextafter(b.detach())),
  floatPower: [
    on((a, b) => a.floatPower(b), [positive("2x3"), normal("3")]),
    on((a) => a.floatPower(2), ["2x3"]),
    on((a) => torch.floatPower(2, a), ["2x3"]),
  ].flat(),

  // differences
  gradient: ofNumbers([
    ...on((x) => gradient(x), ["3x4"]),
    ...on((x) => gradient(x, { spacing: 0.5, edgeOrder: 2, dim: 1 }), ["3x4"]),
    ...on((x) => gradient(x, { spacing: [2, 3], dim: [1, 0] }), ["3x4"]),
    ...on((x, c) => gradient(x, { spacing: [c], dim: 0, edgeOrder: 2 }), ["4x2", numbers([1, 2, 4, 8])]),
    ...on((x, c) => gradient(x, { spacing: [c], dim: 0 }), ["4x2", numbers([1, 2, 4, 8])]),
  ]),
  pdist: ofNumbers([2, 1, 3, Infinity].flatMap((p) => unlike(on((x) => pdist(x, p), ["4x3"])))),
  normExceptDim: [
    on((x) => normExceptDim(x), ["2x3"]),
    unlike(on((x) => normExceptDim(x, 2, 1), ["2x3x2"])), // PyTorch saves a copy of it
    on((x) => normExceptDim(x, 2, -1), ["2x3"]),
  ].flat(),
};
