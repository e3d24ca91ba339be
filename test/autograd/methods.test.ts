/** Every operation is a function that users import and, but for a few, a method; also with several numbers or a list of them. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as ops from "../../src/autograd/ops/index.ts";
import * as lucidgrad from "../../src/index.ts";
import { arange, Tensor, tensor, zeros } from "../../src/index.ts";
import { expectExact } from "../support/index.ts";

const families = readdirSync(new URL("../../src/autograd/ops", import.meta.url)).filter(
  (file) => file.endsWith(".ts") && file !== "index.ts",
);

describe("an operation", () => {
  it.each(families)("of %s is public", async (file) => {
    const family: Record<string, unknown> = await import(`../../src/autograd/ops/${file}`);
    expect(lucidgrad).toMatchObject(family);
  });

  it("has its line in the table of methods, unless it is a function alone in PyTorch", () => {
    const missing = Object.keys(ops).filter((name) => !(name in Tensor.prototype));
    const functions =
      "Slice airyAi atleast1d atleast2d atleast3d besselJ0 besselJ1 besselY0 besselY1 blockDiag broadcastShapes " +
      "broadcastTensors bucketize canCast cartesianProd cat cdist chainMatmul chebyshevPolynomialT " +
      "chebyshevPolynomialU chebyshevPolynomialV chebyshevPolynomialW columnStack combinations concat " +
      "concatenate cumulativeTrapezoid dstack einsum entr erfcx gammainc gammaincc gradient hermitePolynomialH " +
      "hermitePolynomialHe histogramdd hstack i0e i1 i1e isin laguerrePolynomialL legendrePolynomialP logNdtr luUnpack " +
      "meshgrid modifiedBesselK0 modifiedBesselK1 multigammaln ndtr ndtri normExceptDim pcaLowrank pdist " +
      "promoteTypes resultType rsub scaledModifiedBesselK0 scaledModifiedBesselK1 searchsorted " +
      "shiftedChebyshevPolynomialT shiftedChebyshevPolynomialU shiftedChebyshevPolynomialV " +
      "shiftedChebyshevPolynomialW sphericalBesselJ0 stack stdMean svdLowrank tensordot trapezoid trilIndices " +
      "triuIndices vander varMean vstack xlog1py zeta";
    expect(missing.sort()).toEqual(functions.split(" "));
  });

  it("computes the same as function, as method, and in place", () => {
    const x = tensor([-1, 2]);
    expectExact(lucidgrad.relu(x), [0, 2]);
    expectExact(x.relu(), [0, 2]);
    expect(x.relu_()).toBe(x);
    expectExact(x, [0, 2]);
    expectExact(lucidgrad.sub(x, x, { alpha: 2 }), [0, -2]);
    expectExact(lucidgrad.var(x), [2]);
    const { values, indices } = lucidgrad.max(x, 0);
    expectExact(values, [2]);
    expectExact(indices, [1]);
  });

  it("with nothing to do gives its operand itself, also under noGrad, as PyTorch's does", () => {
    const x = zeros([4], { requiresGrad: true }).mul(1);
    const same = lucidgrad.noGrad(() => [
      ...[x.contiguous(), x.to("float32"), x.typeAs(x), x.positive(), x.flatten(), x.sumToSize(4)],
      ...[lucidgrad.atleast1d(x), ...lucidgrad.broadcastTensors(x, x)],
    ]);
    for (const y of same) expect(y).toBe(x);
  });

  it("takes sizes and dimensions one by one, or as a list", () => {
    const { expand, flip, permute, repeat, reshape, tile, view } = lucidgrad;
    const x = arange(6);
    expect([view(x, 2, 3), view(x, [2, 3]), x.view(2, 3), x.view([2, 3])].map(({ shape }) => shape)).toEqual(
      Array(4).fill([2, 3]),
    );
    expect([view(tensor([1])).shape, view(tensor([1]), []).shape, reshape(x, -1, 2).shape]).toEqual([[], [], [3, 2]]);
    const y = zeros([1, 2]);
    expect([expand(y, 3, -1).shape, expand(y, [3, -1]).shape]).toEqual(Array(2).fill([3, 2]));
    expect([permute(y, 1, 0).shape, permute(y, [1, 0]).shape]).toEqual(Array(2).fill([2, 1]));
    expect([repeat(y, 2, 2).shape, tile(y, [2, 2]).shape]).toEqual(Array(2).fill([2, 4]));
    expectExact(flip(x, 0), [5, 4, 3, 2, 1, 0]);
    expectExact(flip(x, [0]), [5, 4, 3, 2, 1, 0]);
  });
});
