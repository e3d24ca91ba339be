/**
 * The normal distribution of vectors that depend on each other through a few numbers: Σ = W Wᵀ + D. All that is asked needs only
 * matrices of as many rows as W has columns, since (W Wᵀ + D)⁻¹ = D⁻¹ - D⁻¹ W C⁻¹ Wᵀ D⁻¹ and det Σ = det C · det D, with the
 * capacitance C = I + Wᵀ D⁻¹ W.
 */
import { check } from "../tensor/check.ts";
import { eye, randn } from "../tensor/create.ts";
import { broadcastShapes, formatShape, type Shape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { independent, positive, real, realVector } from "./constraints.ts";
import { Distribution } from "./distribution.ts";
import { type DistributionOptions, lazily } from "./parameters.ts";
import { cholesky, solveLower } from "./triangular.ts";

/** A with Aᵀ A = D⁻¹ W C⁻¹ Wᵀ D⁻¹, (…, rank, n) */
const reduced = ({ factor, diagonal, capacitance }: LowRank): Tensor =>
  solveLower(capacitance, factor.mT.div(diagonal.unsqueeze(-2)));

/** W, D and the factor of C, as they were given or computed. */
export interface LowRank {
  readonly factor: Tensor;
  readonly diagonal: Tensor;
  readonly capacitance: Tensor;
}

/** W and D, and what is computed of them once. */
export function lowRankOf({ covFactor, covDiag }: { covFactor: Tensor; covDiag: Tensor }): LowRank {
  const rank = covFactor.shape[covFactor.ndim - 1];
  const capacitance = covFactor.mT.div(covDiag.unsqueeze(-2)).matmul(covFactor);
  const unit = eye(rank, { dtype: covFactor.dtype });
  return { factor: covFactor, diagonal: covDiag, capacitance: cholesky(capacitance.add(unit)) };
}

/** log det Σ */
export const lowRankLogDet = ({ diagonal, capacitance }: LowRank): Tensor =>
  capacitance.diagonal(0, -2, -1).log().sum(-1).mul(2).add(diagonal.log().sum(-1));

/** xᵀ Σ⁻¹ x */
export function lowRankDistance(of: LowRank, x: Tensor): Tensor {
  const near = solveLower(of.capacitance, of.factor.mT.div(of.diagonal.unsqueeze(-2)).matmul(x.unsqueeze(-1)));
  return x
    .square()
    .div(of.diagonal)
    .sum(-1)
    .sub(near.square().sum([-2, -1]));
}

/** The trace of Σ⁻¹ M Mᵀ. */
export function lowRankTrace(of: LowRank, matrix: Tensor): Tensor {
  const direct = matrix.mul(of.diagonal.rsqrt().unsqueeze(-1)).square().sum([-2, -1]);
  return direct.sub(reduced(of).matmul(matrix).square().sum([-2, -1]));
}

/** The trace of Σ⁻¹ times a diagonal matrix. */
export function lowRankTraceOfDiagonal(of: LowRank, diagonal: Tensor): Tensor {
  const direct = diagonal.div(of.diagonal).sum(-1);
  return direct.sub(reduced(of).mul(diagonal.sqrt().unsqueeze(-2)).square().sum([-2, -1]));
}

/**
 * A normal distribution of vectors with Σ = W Wᵀ + D, D diagonal. Mirrors `torch.distributions.LowRankMultivariateNormal`.
 * @example
 * const cloud = new distributions.LowRankMultivariateNormal(zeros(3), tensor([[1], [2], [0]]), ones(3));
 * console.log(cloud.sample([2]), cloud.logProb(ones(3)), cloud.covarianceMatrix);
 */
export class LowRankMultivariateNormal extends Distribution {
  /** The mean. */
  readonly loc: Tensor;
  /** W. */
  readonly covFactor: Tensor;
  /** The diagonal of D. */
  readonly covDiag: Tensor;
  /** W, D and C's factor, without dimensions that were only broadcast. */
  protected readonly parts: LowRank;

  /** Of shapes that broadcast. @param loc (…, n) @param covFactor W, (…, n, rank) @param covDiag the diagonal of D, (…, n), above 0 */
  constructor(loc: Tensor, covFactor: Tensor, covDiag: Tensor, options?: DistributionOptions) {
    check(loc.ndim >= 1, "loc must be at least one-dimensional.");
    const n = loc.shape[loc.ndim - 1];
    check(covFactor.ndim >= 2, "cov_factor must be at least two-dimensional, with optional leading batch dimensions");
    const otherRows = () => `cov_factor must be a batch of matrices with shape ${n} x m`;
    check(covFactor.shape.at(-2) === n, otherRows);
    const otherLength = () => `cov_diag must be a batch of vectors with shape torch.Size([${n}])`;
    check(covDiag.shape.at(-1) === n, otherLength);
    const batchShape = batchOf(loc, covFactor, covDiag);
    super(batchShape, [n], options);
    this.loc = loc.expand(...batchShape, -1);
    this.covFactor = covFactor.expand(...batchShape, -1, -1);
    this.covDiag = covDiag.expand(...batchShape, -1);
    this.checkParameters();
    this.parts = lowRankOf({ covFactor, covDiag });
  }

  override get argConstraints() {
    return { loc: realVector, covFactor: independent(real, 2), covDiag: independent(positive, 1) };
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
    const { factor, diagonal } = this.parts;
    return lazily(this, "variance", () => {
      return factor
        .square()
        .sum(-1)
        .add(diagonal)
        .expand(...this.batchShape, -1);
    });
  }

  /** L with Σ = L Lᵀ: √D times the factor of I + D^(-½) W Wᵀ D^(-½). */
  get scaleTril(): Tensor {
    return lazily(this, "scaleTril", () => {
      const { factor, diagonal } = this.parts;
      const roots = diagonal.sqrt().unsqueeze(-1);
      const scaled = factor.div(roots);
      const inner = scaled.matmul(scaled.mT).add(eye(this.eventShape[0], { dtype: factor.dtype }));
      return roots.mul(cholesky(inner)).expand(this.matrixShape);
    });
  }

  /** Σ = W Wᵀ + D. */
  get covarianceMatrix(): Tensor {
    return lazily(this, "covarianceMatrix", () => {
      const { factor, diagonal } = this.parts;
      return factor.matmul(factor.mT).add(diagonal.diagEmbed()).expand(this.matrixShape);
    });
  }

  /** Σ⁻¹. */
  get precisionMatrix(): Tensor {
    return lazily(this, "precisionMatrix", () => {
      const less = reduced(this.parts);
      return this.parts.diagonal.reciprocal().diagEmbed().sub(less.mT.matmul(less)).expand(this.matrixShape);
    });
  }

  protected get matrixShape(): Shape {
    return [...this.batchShape, ...this.eventShape, ...this.eventShape];
  }

  /** loc + W ε + √D δ, ε and δ standard normal numbers */
  override rsample(sampleShape: Shape = []): Tensor {
    const { factor, diagonal } = this.parts;
    const { dtype } = this.loc;
    const shape = this.extendedShape(sampleShape);
    const rank = factor.shape[factor.ndim - 1];
    const common = randn([...shape.slice(0, -1), rank], { dtype });
    const own = randn(shape, { dtype });
    return this.loc.add(factor.matmul(common.unsqueeze(-1)).squeeze(-1)).add(diagonal.sqrt().mul(own));
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const [n] = this.eventShape;
    const distance = lowRankDistance(this.parts, value.sub(this.loc));
    return lowRankLogDet(this.parts)
      .add(n * Math.log(2 * Math.PI))
      .add(distance)
      .mul(-0.5);
  }

  override entropy(): Tensor {
    const [n] = this.eventShape;
    return lowRankLogDet(this.parts)
      .add(n * (1 + Math.log(2 * Math.PI)))
      .mul(0.5)
      .expand(this.batchShape);
  }
}

/** The batch that all three broadcast to. @throws in PyTorch's words, if they do not */
function batchOf(loc: Tensor, covFactor: Tensor, covDiag: Tensor): Shape {
  const shapes = [loc.shape.slice(0, -1), covFactor.shape.slice(0, -2), covDiag.shape.slice(0, -1)];
  try {
    return shapes.reduce((sizes, shape) => broadcastShapes(sizes, shape, "broadcast_tensors"));
  } catch {
    const [a, b, c] = [loc, covFactor, covDiag].map(({ shape }) => `torch.Size(${formatShape(shape)})`);
    throw new Error(`Incompatible batch shapes: loc ${a}, cov_factor ${b}, cov_diag ${c}`);
  }
}

/** @throws in PyTorch's words, if vectors of p and q differ in size */
export function checkSameEvents(p: Distribution, q: Distribution, which: string): void {
  const otherSize = () =>
    `KL-divergence between two ${which} Multivariate Normals with                          different event shapes cannot be computed`;
  check(sameShape(p.eventShape, q.eventShape), otherSize);
}
