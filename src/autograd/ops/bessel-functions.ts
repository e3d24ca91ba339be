/** Bessel functions of the first and second kind, modified ones of the second, and Airy's function. I₀ and I₁ are in bessel.ts. */
import { airyAi as ai, airyAiSlope } from "../../tensor/kernels/airy.ts";
import * as kernels from "../../tensor/kernels/bessel-functions.ts";
import { eq } from "./compare.ts";
import { add, div, mul, neg, sub, where } from "./elementwise.ts";
import { cos } from "./functions.ts";
import { functionOf } from "./shared/functions.ts";

/** The Bessel function J₀; J₀' = -J₁. Mirrors `torch.special.bessel_j0`. @example besselJ0(tensor([0, 1, 30])) */
export const besselJ0 = functionOf("besselJ0", kernels.besselJ0, (dy, x) => neg(mul(dy, besselJ1(x))));

/** The Bessel function J₁; J₁' = J₀ - J₁/x, ½ at 0. Mirrors `torch.special.bessel_j1`. @example besselJ1(tensor([0, 1, 30])) */
export const besselJ1 = functionOf("besselJ1", kernels.besselJ1, (dy, x) => {
  const isAt0 = eq(x, 0);
  const away = where(isAt0, 1, x);
  return mul(dy, where(isAt0, 0.5, sub(besselJ0(away), div(besselJ1(away), away))));
});

/** The Bessel function Y₀, -∞ at 0 and NaN below; Y₀' = -Y₁. Mirrors `torch.special.bessel_y0`. @example besselY0(tensor([0, 1, 30])) */
export const besselY0 = functionOf("besselY0", kernels.besselY0, (dy, x) => neg(mul(dy, besselY1(x))));

/** The Bessel function Y₁, -∞ at 0 and NaN below; Y₁' = Y₀ - Y₁/x. Mirrors `torch.special.bessel_y1`. @example besselY1(tensor([0, 1, 30])) */
export const besselY1 = functionOf("besselY1", kernels.besselY1, (dy, x) =>
  mul(dy, sub(besselY0(x), div(besselY1(x), x))),
);

/** The modified Bessel function K₀, ∞ at 0 and NaN below; K₀' = -K₁. Mirrors `torch.special.modified_bessel_k0`. @example modifiedBesselK0(tensor([0, 1, 30])) */
export const modifiedBesselK0 = functionOf(
  "modifiedBesselK0",
  (x) => Math.exp(-x) * kernels.scaledBesselK(0, x),
  (dy, x) => neg(mul(dy, modifiedBesselK1(x))),
);

/** The modified Bessel function K₁, ∞ at 0 and NaN below; K₁' = -K₀ - K₁/x. Mirrors `torch.special.modified_bessel_k1`. @example modifiedBesselK1(tensor([0, 1, 30])) */
export const modifiedBesselK1 = functionOf(
  "modifiedBesselK1",
  (x) => Math.exp(-x) * kernels.scaledBesselK(1, x),
  (dy, x) => neg(mul(dy, add(modifiedBesselK0(x), div(modifiedBesselK1(x), x)))),
);

/** eˣ K₀(x), which is not too small for a number. Mirrors `torch.special.scaled_modified_bessel_k0`. @example scaledModifiedBesselK0(tensor([1, 1000])) */
export const scaledModifiedBesselK0 = functionOf(
  "scaledModifiedBesselK0",
  (x) => kernels.scaledBesselK(0, x),
  (dy, x) => mul(dy, sub(scaledModifiedBesselK0(x), scaledModifiedBesselK1(x))),
);

/** eˣ K₁(x), likewise. Mirrors `torch.special.scaled_modified_bessel_k1`. @example scaledModifiedBesselK1(tensor([1, 1000])) */
export const scaledModifiedBesselK1 = functionOf(
  "scaledModifiedBesselK1",
  (x) => kernels.scaledBesselK(1, x),
  (dy, x) => {
    const k1 = scaledModifiedBesselK1(x);
    return mul(dy, sub(sub(k1, scaledModifiedBesselK0(x)), div(k1, x)));
  },
);

/** The spherical Bessel function j₀ = sin x / x; j₀' = (cos x - j₀) / x, 0 at 0. Mirrors `torch.special.spherical_bessel_j0`. @example sphericalBesselJ0(tensor([0, 1, 30])) */
export const sphericalBesselJ0 = functionOf("sphericalBesselJ0", kernels.sphericalBesselJ0, (dy, x) => {
  const isAt0 = eq(x, 0);
  const away = where(isAt0, 1, x);
  return mul(dy, where(isAt0, 0, div(sub(cos(away), sphericalBesselJ0(away)), away)));
});

/** Ai', of which the derivative is x Ai. */
const slopeOfAiry = functionOf("slopeOfAiry", airyAiSlope, (dy, x) => mul(dy, mul(x, airyAi(x))));

/** Airy's function Ai, a wave left of 0 that falls right of it: Ai'' = x Ai. Mirrors `torch.special.airy_ai`. @example airyAi(tensor([-2, 0, 2])) */
export const airyAi = functionOf("airyAi", ai, (dy, x) => mul(dy, slopeOfAiry(x)));
