/** The Wishart distribution: random covariances, Gamma's distribution of matrices. */
import { noGrad } from "../autograd/grad-mode.ts";
import { neg, type Operand, where } from "../autograd/ops/elementwise.ts";
import { slogdet } from "../autograd/ops/linalg/solving.ts";
import { indexCopy } from "../autograd/ops/picking.ts";
import { check } from "../tensor/check.ts";
import { arange, eye, full, randn, tensor } from "../tensor/create.ts";
import { finfo } from "../tensor/limits.ts";
import { broadcastShapes, type Int, numelOf, type Shape } from "../tensor/shape.ts";
import { elementsOf, Tensor } from "../tensor/tensor.ts";
import { greaterThan, lowerCholesky, positiveDefinite } from "./constraints.ts";
import { ExponentialFamily } from "./exponential-family.ts";
import { Chi2 } from "./gamma.ts";
import { type MultivariateNormalOptions, matrixNames, scaleOfPrecision } from "./multivariate-normal.ts";
import { type DistributionOptions, define, lazily, shown } from "./parameters.ts";
import { cholesky, lowerOf, solveLower } from "./triangular.ts";

/** How often a matrix that is not positive definite is drawn again. */
const RETRIES = 10;

/**
 * X = Σᵢ zᵢ zᵢᵀ of df vectors z of a normal distribution with covariance Σ: p(X) is in proportion to
 * det(X)^((df - p - 1) / 2) · exp(-½ tr Σ⁻¹ X), X being p x p. Mirrors `torch.distributions.Wishart`.
 * @throws unless exactly one of the three matrices is given, and df > p - 1
 * @example
 * const spread = new distributions.Wishart(4, eye(2));
 * console.log(spread.sample(), spread.logProb(eye(2)), spread.mean, spread.entropy());
 */
export class Wishart extends ExponentialFamily {
  /** Degrees of freedom, > p - 1. */
  readonly df: Tensor;
  /** L, as it was given or computed. */
  protected readonly lower: Tensor;
  /** The squares of the diagonal of a random factor. */
  protected readonly chi2: Chi2;

  /** Takes one of three matrices. @param df > p - 1 @param covariance Σ, (…, p, p); or one of the three as an option */
  constructor(df: Operand, covariance: Tensor | MultivariateNormalOptions, options?: DistributionOptions) {
    const given: MultivariateNormalOptions =
      covariance instanceof Tensor ? { ...options, covarianceMatrix: covariance } : { ...covariance };
    const [name, ...others] = matrixNames.filter((own) => given[own] !== undefined);
    const matrix = given[name];
    const notOne = "Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified.";
    check(matrix !== undefined && others.length === 0, notOne);
    check(matrix.ndim >= 2, "scale_tril must be at least two-dimensional, with optional leading batch dimensions");
    const { dtype } = matrix;
    const freedom = typeof df === "number" ? full([], df, { dtype }) : df;
    const batchShape = broadcastShapes(matrix.shape.slice(0, -2), freedom.shape, "broadcast_shapes");
    const p = matrix.shape[matrix.ndim - 1];
    const tooFew = () =>
      `Value of df=${typeof df === "number" ? df : shown(df)} expected to be greater than ndim - 1 = ${p - 1}.`;
    check(
      !freedom
        .le(p - 1)
        .any()
        .item(),
      tooFew,
    );
    super(batchShape, matrix.shape.slice(-2), given);
    this.df = freedom.expand(batchShape);
    define(this, { [name]: matrix.expand(...batchShape, -1, -1) });
    this.checkParameters();
    this.lower =
      name === "scaleTril" ? matrix : name === "covarianceMatrix" ? cholesky(matrix) : scaleOfPrecision(matrix);
    this.chi2 = new Chi2(this.df.unsqueeze(-1).sub(arange(p, { dtype })));
  }

  /** L with Σ = L Lᵀ, lower triangular. */
  get scaleTril(): Tensor {
    return lazily(this, "scaleTril", () => this.lower.expand(this.matrixShape));
  }

  /** Σ. */
  get covarianceMatrix(): Tensor {
    return lazily(this, "covarianceMatrix", () => this.lower.matmul(this.lower.mT).expand(this.matrixShape));
  }

  /** Σ⁻¹. */
  get precisionMatrix(): Tensor {
    return lazily(this, "precisionMatrix", () => this.inverse().expand(this.matrixShape));
  }

  protected inverse(): Tensor {
    const ofLower = solveLower(this.lower, eye(this.rows, { dtype: this.lower.dtype }).expand(this.lower.shape));
    return ofLower.mT.matmul(ofLower);
  }

  /** How many rows a matrix has. */
  protected get rows(): Int {
    return this.eventShape[0];
  }

  protected get matrixShape(): Shape {
    return [...this.batchShape, ...this.eventShape];
  }

  protected override get derived(): readonly string[] {
    return matrixNames;
  }

  protected override get unbatched(): readonly string[] {
    return ["lower"];
  }

  override get argConstraints() {
    return {
      covarianceMatrix: positiveDefinite,
      precisionMatrix: positiveDefinite,
      scaleTril: lowerCholesky,
      df: greaterThan(this.rows - 1),
    };
  }

  override get support() {
    return positiveDefinite;
  }

  override get hasRsample(): boolean {
    return true;
  }

  override get mean(): Tensor {
    return ofMatrices(this.df).mul(this.covarianceMatrix);
  }

  /** NaN where df ≤ p + 1, which has none. */
  override get mode(): Tensor {
    const factor = this.df.sub(this.rows).sub(1);
    return ofMatrices(where(factor.le(0), Number.NaN, factor)).mul(this.covarianceMatrix);
  }

  override get variance(): Tensor {
    const covariance = this.covarianceMatrix;
    const diagonal = covariance.diagonal(0, -2, -1);
    const products = diagonal.unsqueeze(-1).mul(diagonal.unsqueeze(-2));
    return ofMatrices(this.df).mul(covariance.square().add(products));
  }

  /**
   * L A Aᵀ Lᵀ, A lower triangular: the roots of chi-squared numbers on the diagonal, below it normal ones (Bartlett). As in PyTorch,
   * a matrix that is positive definite is drawn once more, and then again while one is not.
   */
  override rsample(sampleShape: Shape = []): Tensor {
    const sample = this.draw(sampleShape);
    let flat = sample.reshape(numelOf(sampleShape), ...this.matrixShape);
    let rows = rowsOf(flat, true);
    for (let i = 0; i < RETRIES && rows.length > 0; i++) {
      const again = this.draw([rows.length]);
      flat = indexCopy(flat, 0, tensor(rows, { dtype: "int32" }), again);
      const wrong = rowsOf(again, false);
      rows = wrong.map((k) => rows[k]);
    }
    return flat.reshape(sample.shape);
  }

  protected draw(sampleShape: Shape): Tensor {
    const p = this.rows;
    const { dtype } = this.lower;
    const roots = this.chi2.rsample(sampleShape).sqrt().clamp(finfo(dtype).eps);
    const below = randn([...sampleShape, ...this.batchShape, (p * (p - 1)) / 2], { dtype });
    const factor = this.lower.matmul(roots.diagEmbed().add(lowerOf(below, -1)));
    return factor.matmul(factor.mT);
  }

  /** log √det Σ */
  protected get halfLogDet(): Tensor {
    return this.lower.diagonal(0, -2, -1).log().sum(-1);
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const p = this.rows;
    const { df } = this;
    return neg(df.mul(this.halfLogDet.add((p * Math.LN2) / 2)))
      .sub(df.div(2).mvlgamma(p))
      .add(
        df
          .sub(p + 1)
          .div(2)
          .mul(slogdet(value).logabsdet),
      )
      .sub(this.inverse().mul(value).sum([-2, -1]).div(2));
  }

  override entropy(): Tensor {
    const p = this.rows;
    const { df } = this;
    const half = df.div(2);
    const slopes = half
      .unsqueeze(-1)
      .sub(arange(p, { dtype: df.dtype }).div(2))
      .digamma()
      .sum(-1);
    return this.halfLogDet
      .add((p * Math.LN2) / 2)
      .mul(p + 1)
      .add(half.mvlgamma(p))
      .sub(
        df
          .sub(p + 1)
          .div(2)
          .mul(slopes),
      )
      .add(df.mul(p / 2));
  }

  override get meanCarrierMeasure(): number {
    return 0;
  }

  override get naturalParams(): readonly Tensor[] {
    return [this.precisionMatrix.div(-2), this.df.sub(this.rows + 1).div(2)];
  }

  override logNormalizer(x: Tensor, y: Tensor): Tensor {
    const p = this.rows;
    const half = y.add((p + 1) / 2);
    return half.mul(neg(slogdet(x.mul(-2)).logabsdet).add(p * Math.LN2)).add(half.mvlgamma(p));
  }
}

/** A number of each distribution, to multiply matrices by. */
const ofMatrices = (x: Tensor): Tensor => x.unsqueeze(-1).unsqueeze(-1);

/** The samples of which a distribution of the batch is, or is not, positive definite. */
function rowsOf(flat: Tensor, isDefinite: boolean): number[] {
  const fits = noGrad(() => positiveDefinite.check(flat)).reshape(flat.shape[0], -1);
  const found = isDefinite ? fits.any(1) : fits.logicalNot().any(1);
  return [...elementsOf(found).entries()].flatMap(([k, isFound]) => (isFound ? k : []));
}
