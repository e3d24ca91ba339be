/** The von Mises distribution: random angles, the normal distribution of the circle. */
import { noGrad } from "../autograd/grad-mode.ts";
import { mul, type Operand, sub, where } from "../autograd/ops/elementwise.ts";
import { empty, rand, zeros } from "../tensor/create.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { positive, real } from "./constraints.ts";
import { Distribution } from "./distribution.ts";
import { broadcastAll, type DistributionOptions, lazily } from "./parameters.ts";

/** Polynomials for the modified Bessel functions I₀ and I₁, of (x / 3.75)² below 3.75 and of 3.75 / x above (Abramowitz & Stegun 9.8). */
const polynomials = [
  {
    small: [1, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.360768e-1, 0.45813e-2],
    large: [
      0.39894228, 0.1328592e-1, 0.225319e-2, -0.157565e-2, 0.916281e-2, -0.2057706e-1, 0.2635537e-1, -0.1647633e-1,
      0.392377e-2,
    ],
  },
  {
    small: [0.5, 0.87890594, 0.51498869, 0.15084934, 0.2658733e-1, 0.301532e-2, 0.32411e-3],
    large: [
      0.39894228, -0.3988024e-1, -0.362018e-2, 0.163801e-2, -0.1031555e-1, 0.2282967e-1, -0.2895312e-1, 0.1787654e-1,
      -0.420059e-2,
    ],
  },
] as const;

/** c₀ + c₁ y + c₂ y² + … */
function polynomial(y: Tensor, coefficients: readonly number[]): Tensor {
  const [last, ...others] = coefficients.toReversed();
  const [first, ...rest] = others;
  return rest.reduce((sum, c) => y.mul(sum).add(c), y.mul(last).add(first));
}

/** log I₀(x) or log I₁(x), for x > 0 */
function logBessel(x: Tensor, order: 0 | 1): Tensor {
  const ofSmall = polynomial(x.div(3.75).square(), polynomials[order].small);
  const small = (order === 1 ? x.abs().mul(ofSmall) : ofSmall).log();
  const large = x.sub(x.log().mul(0.5)).add(polynomial(x.reciprocal().mul(3.75), polynomials[order].large).log());
  return where(x.lt(3.75), small, large);
}

/**
 * p(x) = e^(concentration · cos(x - loc)) / (2π I₀(concentration)), x an angle in radians. Samples are from -π to π; mean and
 * variance are those of the circle, loc and 1 - I₁ / I₀. Mirrors `torch.distributions.VonMises`.
 * @example
 * const direction = new distributions.VonMises(tensor([0, 1]), 4);
 * console.log(direction.sample([2]), direction.logProb(tensor(0.5)), direction.variance);
 */
export class VonMises extends Distribution {
  /** The angle of the mean. */
  readonly loc: Tensor;
  /** How near angles are to it, > 0: 1 / variance, where that is small. */
  readonly concentration: Tensor;
  /** The parameter of the wrapped Cauchy distribution that samples are chosen from. */
  protected readonly proposal: Tensor;

  constructor(loc: Operand, concentration: Operand, options?: DistributionOptions) {
    const [place, power] = broadcastAll(loc, concentration);
    super(place.shape, [], options);
    [this.loc, this.concentration] = [place, power];
    const tau = power.square().mul(4).add(1).sqrt().add(1);
    const rho = tau.sub(tau.mul(2).sqrt()).div(power.mul(2));
    this.proposal = rho.square().add(1).div(rho.mul(2));
    this.checkParameters();
  }

  override get argConstraints() {
    return { loc: real, concentration: positive };
  }

  override get support() {
    return real;
  }

  override get mean(): Tensor {
    return this.loc;
  }

  override get mode(): Tensor {
    return this.loc;
  }

  override get variance(): Tensor {
    return lazily(this, "variance", () => {
      return sub(1, logBessel(this.concentration, 1).sub(logBessel(this.concentration, 0)).exp());
    });
  }

  /** Angles of a wrapped Cauchy distribution, of which some are refused and drawn again (Best & Fisher 1979). */
  override sample(sampleShape: Shape = []): Tensor {
    return noGrad(() => {
      const shape = this.extendedShape(sampleShape);
      const { dtype } = this.loc;
      const { proposal, concentration } = this;
      const isEndless = proposal.isnan();
      let x = empty(shape, { dtype });
      let done = zeros(shape, { dtype: "bool" });
      while (!done.all().item()) {
        const [u1, u2, u3] = rand([3, ...shape], { dtype }).unbind();
        const z = u1.mul(Math.PI).cos();
        const f = proposal.mul(z).add(1).div(proposal.add(z));
        const c = concentration.mul(proposal.sub(f));
        const isBelow = mul(c, sub(2, c)).sub(u2).gt(0);
        const isNear = isBelow.logicalOr(sub(c.div(u2).log().add(1), c).ge(0));
        const accepted = isNear.logicalOr(isEndless); // which would be refused for ever
        x = where(accepted, u3.sub(0.5).sign().mul(f.acos()), x);
        done = done.logicalOr(accepted);
      }
      return x
        .add(Math.PI)
        .add(this.loc)
        .remainder(2 * Math.PI)
        .sub(Math.PI);
    });
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const height = this.concentration.mul(value.sub(this.loc).cos());
    return height.sub(Math.log(2 * Math.PI)).sub(logBessel(this.concentration, 0));
  }
}
