/** The normal distribution of vectors. */
import { check } from "../tensor/check.ts";
import { eye, randn } from "../tensor/create.ts";
import { broadcastShapes, type Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { lowerCholesky, positiveDefinite, realVector } from "./constraints.ts";
import { Distribution } from "./distribution.ts";
import { type DistributionOptions, define, lazily } from "./parameters.ts";
import { cholesky, solveLower } from "./triangular.ts";

/** How the numbers of a vector depend on each other: exactly one of the three. */
export interface MultivariateNormalOptions extends DistributionOptions {
  /** Σ, positive definite. */
  covarianceMatrix?: Tensor;
  /** Σ⁻¹, positive definite. */
  precisionMatrix?: Tensor;
  /** L with Σ = L Lᵀ, lower triangular with a positive diagonal. */
  scaleTril?: Tensor;
}

/** The three matrices, of which one is given. */
export const matrixNames = ["covarianceMatrix", "precisionMatrix", "scaleTril"] as const;
const pythonNames = {
  covarianceMatrix: "covariance_matrix",
  precisionMatrix: "precision_matrix",
  scaleTril: "scale_tril",
};

/** L Lᵀ = P⁻¹: with the rows and columns of P in reverse order, its factor is the inverse of L, transposed. */
export function scaleOfPrecision(precision: Tensor): Tensor {
  const factor = cholesky(precision.flip(-2, -1));
  const inverse = factor.flip(-2, -1).transpose(-2, -1);
  const n = precision.shape[precision.ndim - 1];
  return solveLower(inverse, eye(n, { dtype: precision.dtype }));
}

/**
 * p(x) = exp(-½ (x - loc)ᵀ Σ⁻¹ (x - loc)) / √((2π)ⁿ det Σ). Mirrors `torch.distributions.MultivariateNormal`.
 * @example
 * const cloud = new distributions.MultivariateNormal(zeros(2), tensor([[2, 1], [1, 1]]));
 * console.log(cloud.sample([2]), cloud.logProb(ones(2)), cloud.entropy());
 */
export class MultivariateNormal extends Distribution {
  /** The mean. */
  readonly loc: Tensor;
  /** L, as it was given or computed. */
  protected readonly lower: Tensor;

  /** Takes one of the three. @param loc (…, n) @param covariance Σ, (…, n, n); or one of the three as an option */
  constructor(loc: Tensor, covariance: Tensor | MultivariateNormalOptions, options?: DistributionOptions) {
    check(loc.ndim >= 1, "loc must be at least one-dimensional.");
    const given: MultivariateNormalOptions =
      covariance instanceof Tensor ? { ...options, covarianceMatrix: covariance } : { ...covariance };
    const [name, ...others] = matrixNames.filter((own) => given[own] !== undefined);
    const matrix = given[name];
    const notOne = "Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified.";
    check(matrix !== undefined && others.length === 0, notOne);
    const noMatrix = () =>
      `${pythonNames[name]}${name === "scaleTril" ? " matrix" : ""} must be at least two-dimensional, with optional leading batch dimensions`;
    check(matrix.ndim >= 2, noMatrix);
    const batchShape = broadcastShapes(matrix.shape.slice(0, -2), loc.shape.slice(0, -1), "broadcast_shapes");
    super(batchShape, loc.shape.slice(-1), given);
    this.loc = loc.expand(...batchShape, -1);
    define(this, { [name]: matrix.expand(...batchShape, -1, -1) });
    this.checkParameters();
    this.lower =
      name === "scaleTril" ? matrix : name === "covarianceMatrix" ? cholesky(matrix) : scaleOfPrecision(matrix);
  }

  /** L with Σ = L Lᵀ, lower triangular. */
  get scaleTril(): Tensor {
    return lazily(this, "scaleTril", () => this.lower.expand(this.matrixShape));
  }

  /** Σ. */
  get covarianceMatrix(): Tensor {
    const product = () => this.lower.matmul(this.lower.transpose(-2, -1));
    return lazily(this, "covarianceMatrix", () => product().expand(this.matrixShape));
  }

  /** Σ⁻¹. */
  get precisionMatrix(): Tensor {
    const inverse = () => {
      const [n] = this.eventShape;
      const ofLower = solveLower(this.lower, eye(n, { dtype: this.loc.dtype }).expand(this.lower.shape));
      return ofLower.transpose(-2, -1).matmul(ofLower);
    };
    return lazily(this, "precisionMatrix", () => inverse().expand(this.matrixShape));
  }

  protected get matrixShape(): Shape {
    return [...this.batchShape, ...this.eventShape, ...this.eventShape];
  }

  protected override get derived(): readonly string[] {
    return matrixNames;
  }

  override get argConstraints() {
    return {
      loc: realVector,
      covarianceMatrix: positiveDefinite,
      precisionMatrix: positiveDefinite,
      scaleTril: lowerCholesky,
    };
  }

  override get support() {
    return realVector;
  }

  override get hasRsample(): boolean {
    return true;
  }

  override get mean(): Tensor {
    return this.loc;
  }

  override get mode(): Tensor {
    return this.loc;
  }

  override get variance(): Tensor {
    return this.lower
      .square()
      .sum(-1)
      .expand(...this.batchShape, ...this.eventShape);
  }

  protected override get unbatched(): readonly string[] {
    return ["lower"];
  }

  /** loc + L ε, ε standard normal numbers */
  override rsample(sampleShape: Shape = []): Tensor {
    const noise = randn(this.extendedShape(sampleShape), { dtype: this.loc.dtype });
    return this.loc.add(this.lower.matmul(noise.unsqueeze(-1)).squeeze(-1));
  }

  /** log √det Σ */
  protected get halfLogDet(): Tensor {
    return this.lower.diagonal(0, -2, -1).log().sum(-1);
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const [n] = this.eventShape;
    const distance = solveLower(this.lower, value.sub(this.loc).unsqueeze(-1)).square().sum([-2, -1]);
    return distance
      .add(n * Math.log(2 * Math.PI))
      .mul(-0.5)
      .sub(this.halfLogDet);
  }

  override entropy(): Tensor {
    const [n] = this.eventShape;
    return this.halfLogDet.add(0.5 * n * (1 + Math.log(2 * Math.PI))).expand(this.batchShape);
  }
}
