/** Samples of what finds, counts and orders elements, of statistics and of distances. samples.ts takes them in. */
import type { TensorFunction } from "../../src/autograd/gradcheck.ts";
import { torch } from "../support/index.ts";
import { along, at, atKink, mask, methods, numbers, on, over, reduction, unlike } from "./sampling.ts";

const { bucketize, cdist, isin, searchsorted, stdMean, varMean, trapezoid, cumulativeTrapezoid } = torch;

const weighed: TensorFunction = (x) =>
  x.cov({ correction: 0, fweights: torch.tensor([1, 2, 3], { dtype: "int32" }), aweights: torch.tensor([1, 0.5, 2]) });
const ties = numbers([2, 1, 2, 3, 1, 3]);

export const orderSamples = {
  // the same elements, and where they belong
  unique: [
    on((x) => x.detach().unique(), ["2x3"], [ties], [at([3, 1, 3, -2])]),
    unlike(on((x) => x.detach().unique({ dim: 1 }), ["2x3"])),
  ],
  uniqueConsecutive: on((x) => x.detach().uniqueConsecutive(), ["2x3"], [numbers([1, 1, 2, 2, 1])]),
  isin: on((x) => isin(x, torch.tensor([0, 1, 2])), ["2x3"], [ties]),
  histc: on((x) => x.detach().histc({ bins: 4, min: -1, max: 1 }), ["2x3"], [""]),
  histogramdd: unlike(on((x) => torch.histogramdd(x.detach(), 2).hist, ["3x2"])),
  histogram: on((x) => x.detach().histogram(4, { range: [-1, 1] }).hist, ["2x3"]),
  bincount: on((x) => x.bincount({ minlength: 5 }), [at([1, 3, 1])]),
  bucketize: on((x) => bucketize(x, torch.tensor([-0.5, 0, 0.5])), ["2x3"], [""]),
  searchsorted: on((x, values) => searchsorted(x.sort().values, values), ["2x3", "2x2"], ["3", "2x2"]),

  // places in an order
  ...methods(["median", "nanmedian"], (f) => [
    over((x, dim, options) => (f(x, dim, options) as unknown as { values: typeof x }).values, [""]),
    on((x) => f(x), ["2x3"]),
  ]),
  kthvalue: over((x, dim, options) => x.kthvalue(1, dim, options).values, [""]),
  mode: over((x, dim, options) => x.mode(dim, options).values, [""]),
  msort: on((x) => x.msort(), ["3x2"]),
  ...methods(["quantile", "nanquantile"], (f) => [
    over((x, dim, options) => f(x, 0.4, dim, options), [""]),
    (["lower", "higher", "midpoint", "nearest"] as const).flatMap((interpolation) =>
      on((x) => f(x, torch.tensor([0.2, 0.7], { dtype: x.dtype }), 1, { interpolation }), ["2x4"]),
    ),
    on((x) => f(x, torch.tensor([0, 0.5, 1], { dtype: x.dtype })), ["2x3"]),
  ]),
  ...methods(["cummax", "cummin"], (f) => [along((x, dim) => (f(x, dim) as unknown as { values: typeof x }).values)]),
  logcumsumexp: along((x, dim) => x.logcumsumexp(dim)),
  diff: [
    along((x, dim) => x.diff(1, dim), ["2x0"]),
    on((x) => x.diff(2, 0), ["4x2"]),
    on((x, y) => x.diff(1, -1, { prepend: y, append: y }), ["2x3", "2x1"]),
  ],
  trapezoid: [
    along((x, dim) => trapezoid(x, null, { dx: 0.5, dim }), []),
    on((y, x) => trapezoid(y, x), ["2x3", "3"], ["2x3", "2x3"]),
  ],
  cumulativeTrapezoid: [
    along((x, dim) => cumulativeTrapezoid(x, null, { dx: 0.5, dim }), ["2x0"]),
    on((y, x) => cumulativeTrapezoid(y, x, { dim: 0 }), ["3x2", "3"]),
  ],

  // statistics
  ...methods(["nansum", "nanmean"], (f) => reduction(f)),
  ...methods(["amax", "amin"], (f) => [reduction(f, [""]), atKink((x) => f(x), ties)]),
  aminmax: on(
    (x) => {
      const { min, max } = x.detach().aminmax({ dim: 0, keepdim: true });
      return [min, max];
    },
    ["2x3"],
  ),
  stdMean: on((x) => stdMean(x, 1, { correction: 0 }), ["2x3"]),
  varMean: on((x) => varMean(x, [0, 1], { keepdim: true }), ["2x3"]),
  cov: [on((x) => x.cov(), ["2x3"], ["3"]), on(weighed, ["2x3"])],
  corrcoef: on((x) => x.corrcoef(), ["2x4"]),
  dist: [2, 1, 3, Infinity].flatMap((p) => on((a, b) => a.dist(b, p), ["2x3", "3"])),
  cdist: [2, 1, 3, Infinity].flatMap((p) => unlike(on((a, b) => cdist(a, b, { p }), ["2x3", "4x3"]))),
  renorm: [on((x) => x.renorm(2, 0, 1.2), ["3x2"]), on((x) => x.renorm(1, -1, 0.5), ["2x3x2"])],

  // positions
  take: on((x, i) => x.take(i), ["2x3", at([5, 0, -2, 0], [2, 2])]),
  takeAlongDim: [
    on((x, i) => x.takeAlongDim(i, 1), ["2x3", at([2, 0], [1, 2])]),
    unlike(on((x, i) => x.takeAlongDim(i), ["2x3", at([5, 0, 0])])),
  ],
  put: [
    on((x, i, y) => x.put(i, y), ["2x3", at([1, -1]), "2"]),
    on((x, i, y) => x.put(i, y, { accumulate: true }), ["2x3", at([1, 1]), "2"]),
  ],
  indexCopy: on((x, i, y) => x.indexCopy(1, i, y), ["2x3", at([2, 0]), "2x2"]),
  maskedScatter: on((x, m, y) => x.maskedScatter(m, y), ["2x3", mask, "4"], ["3", mask, "4"]),
  argwhere: on((x) => x.argwhere(), ["2x3"], [""]),
};
