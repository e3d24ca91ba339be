/** The distribution of Lewandowski, Kurowicka and Joe: random correlations. */
import { noGrad } from "../autograd/grad-mode.ts";
import { mul, type Operand, sub } from "../autograd/ops/elementwise.ts";
import { cat } from "../autograd/ops/parts.ts";
import { check } from "../tensor/check.ts";
import { arange, randn, zeros } from "../tensor/create.ts";
import { finfo } from "../tensor/limits.ts";
import type { Int, Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Beta } from "./beta.ts";
import { corrCholesky, positive } from "./constraints.ts";
import { Distribution } from "./distribution.ts";
import { broadcastAll, type DistributionOptions } from "./parameters.ts";

/**
 * L, the lower triangular factor of a matrix of correlations M = L Lᵀ, with p(M) in proportion to det(M)^(concentration - 1): at 1, all
 * matrices of correlations are alike. Mirrors `torch.distributions.LKJCholesky` (Lewandowski et al. 2009).
 * @example
 * const factors = new distributions.LKJCholesky(3, 0.5);
 * const factor = factors.sample();
 * console.log(factor, factor.matmul(factor.mT), factors.logProb(factor));
 */
export class LKJCholesky extends Distribution {
  /** How many rows a matrix has. */
  readonly dim: Int;
  /** How near correlations are to 0, > 0. */
  readonly concentration: Tensor;
  /** The squares of the distances of rows from the diagonal. */
  protected readonly beta: Beta;

  /** Makes the distribution of factors. @param dim ≥ 2 @param concentration > 0 @throws for fewer than two rows */
  constructor(dim: Int, concentration: Operand = 1, options?: DistributionOptions) {
    const tooFew = () => `Expected dim to be an integer greater than or equal to 2. Found dim=${dim}.`;
    check(dim >= 2, tooFew);
    const [power] = broadcastAll(concentration);
    super(power.shape, [dim, dim], options);
    this.dim = dim;
    this.concentration = power;
    const { dtype } = power;
    const offsets = cat([zeros(1, { dtype }), arange(dim - 1, { dtype })]);
    const marginal = power.add(0.5 * (dim - 2)).unsqueeze(-1);
    this.beta = new Beta(offsets.add(0.5), marginal.sub(offsets.mul(0.5)));
    this.checkParameters();
  }

  override get argConstraints() {
    return { concentration: positive };
  }

  override get support() {
    return corrCholesky;
  }

  /** Rows of length 1: a random direction, of a random length, and what is left of 1 on the diagonal (the onion method). */
  override sample(sampleShape: Shape = []): Tensor {
    return noGrad(() => {
      const y = this.beta.sample(sampleShape).unsqueeze(-1);
      const directions = randn(this.extendedShape(sampleShape), { dtype: y.dtype }).tril(-1);
      const rows = directions.narrow(-2, 1, this.dim - 1);
      const unit = cat([zerosLikeRow(directions), rows.div(rows.norm(2, -1, { keepdim: true }))], -2);
      const w = y.sqrt().mul(unit);
      const rest = sub(1, w.square().sum(-1)).clamp(finfo(w.dtype).tiny).sqrt();
      return w.add(rest.diagEmbed());
    });
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const { dim, concentration } = this;
    const { dtype } = concentration;
    const diagonal = value.diagonal(0, -1, -2).narrow(-1, 1, dim - 1);
    const order = mul(concentration.sub(1), 2)
      .unsqueeze(-1)
      .add(dim)
      .sub(arange(2, dim + 1, 1, { dtype }));
    const unnormalized = order.mul(diagonal.log()).sum(-1);
    const alpha = concentration.add(0.5 * (dim - 1));
    const normalizer = alpha
      .sub(0.5)
      .mvlgamma(dim - 1)
      .sub(alpha.lgamma().mul(dim - 1))
      .add(0.5 * (dim - 1) * Math.log(Math.PI));
    return unnormalized.sub(normalizer);
  }
}

/** The first row of each matrix, of zeros. */
const zerosLikeRow = (x: Tensor): Tensor => x.narrow(-2, 0, 1).mul(0);
