/** Random numbers of the gamma and of Dirichlet's distribution, as differentiable functions of their parameters. */
import { defineFunction } from "../autograd/function.ts";
import { finfo } from "../tensor/limits.ts";
import { defaultGenerator } from "../tensor/random/generator.ts";
import { nextGamma } from "../tensor/random/rejection.ts";
import { elementsOf, Tensor } from "../tensor/tensor.ts";
import { betaSlope, gammaSlope } from "./implicit.ts";

/** A derivative that has none itself: second derivatives through it are refused. */
const slopesOf = (name: string, slope: (parameter: number, i: number) => number) =>
  defineFunction(name, (parameters: Tensor) => {
    const y = Tensor.empty(parameters.shape, parameters.dtype);
    const { data } = y.storage;
    const elements = elementsOf(parameters);
    for (let i = 0; i < data.length; i++) data[i] = slope(elements[i], i);
    const refuse = (): never => {
      throw new Error(`derivative for aten::${name} is not implemented: samples have first derivatives only`);
    };
    return { y, grads: [[parameters, refuse]] };
  });

/** Gamma numbers with these shapes α and rate 1; dα = dy · dx/dα, as implicit.ts has it. */
export const standardGamma = defineFunction("_StandardGamma", (alpha: Tensor) => {
  const y = Tensor.empty(alpha.shape, alpha.dtype);
  const { data } = y.storage;
  const { tiny } = finfo(alpha.dtype);
  const round = alpha.dtype === "float32" ? Math.fround : Number;
  const shapes = elementsOf(alpha);
  for (let i = 0; i < data.length; i++) data[i] = Math.max(nextGamma(shapes[i], round, defaultGenerator), tiny);
  const slopes = slopesOf("_standard_gamma_grad", (a, i) => gammaSlope(a, data[i]));
  return { y, saves: [y, alpha], grads: [[alpha, (dy) => dy.mul(slopes(alpha))]] };
});

/**
 * x = g / Σ g, g gamma numbers with these shapes. Each x is a beta number of αᵢ and of the sum of the others, and what it grows by the
 * others lose in proportion: dxⱼ/dαᵢ = sᵢ (δᵢⱼ - xⱼ) with sᵢ = dxᵢ/dαᵢ / (1 - xᵢ), so dαᵢ = sᵢ (dyᵢ - Σ x dy).
 */
export const dirichlet = defineFunction("_Dirichlet", (alpha: Tensor) => {
  const y = Tensor.empty(alpha.shape, alpha.dtype);
  const { data } = y.storage;
  const shapes = elementsOf(alpha);
  const k = alpha.shape[alpha.ndim - 1];
  const gammas = Float64Array.from(shapes, (a) => nextGamma(a, Number, defaultGenerator));
  const totals = new Float64Array(shapes.length);
  for (let row = 0; row < data.length; row += k) {
    let [sum, total] = [0, 0];
    for (let i = row; i < row + k; i++) {
      sum += gammas[i];
      total += shapes[i];
    }
    for (let i = row; i < row + k; i++) data[i] = gammas[i] / sum;
    totals.fill(total, row, row + k);
  }
  const slopes = slopesOf("_dirichlet_grad", (a, i) => betaSlope(a, totals[i] - a, data[i]) / (1 - data[i]));
  const pullBack = (dy: Tensor) => slopes(alpha).mul(dy.sub(y.mul(dy).sum(-1, { keepdim: true })));
  return { y, saves: [y, alpha], grads: [[alpha, pullBack]] };
});
