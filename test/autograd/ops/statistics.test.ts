/** What counts and orders elements, and what joins, parts and multiplies tensors: its other results, and its errors, are PyTorch's. */
import { expect, it } from "vitest";
import { torch } from "../../support/index.ts";
import { at, bools, callsOf, inf, kept, nan } from "./calls.ts";

const { bincount, histogram, isin, ones, searchsorted, tensor, zeros } = torch;
const { series, values, across } = callsOf("statistics");

const ties = tensor([3, 1, 3, 2, 3, 1]);
const grid = tensor([3, 1, 3, 2, 3, 1, 3, 1, 3]).view(3, 3);
const edges = tensor([1, nan, -inf, 3, inf, 3]);
const [one, whole, truths] = [tensor(2), at(3, 1, 3, -2), bools(1, 0, 1)];

// The different ones
const asked = { returnInverse: true, returnCounts: true };
for (const op of ["unique", "uniqueConsecutive"]) {
  for (const x of [ties, grid, one, whole, truths, zeros(0)]) values(op, x, [], [asked], [{ returnCounts: true }]);
  values(op, grid, [{ dim: 0, ...asked }], [{ dim: 1, returnInverse: true }], [{ dim: 2 }]);
  values(op, zeros([2, 0]), [{ dim: 0 }]);
}
const cube = tensor([1, 0, 1, 0, 0, 1, 0, 1]).view(2, 2, 2);
values("unique", cube, [{ dim: 2, ...asked }], [{ dim: 1, ...asked }], [{ dim: 0 }]);
values("uniqueConsecutive", edges, [asked]); // the order of NaN is nobody's in 1.13
values("isin", ties, [tensor([1, 7, nan])], [3], [whole, { invert: true }], [tensor([]), { assumeUnique: true }]);
values("isin", edges, [edges]);
it("two numbers are not looked for in each other", () => {
  expect(() => isin(1, 2)).toThrow("isin() needs a tensor among its operands");
});

// Places in an order
for (const op of ["median", "nanmedian"]) {
  across(op, [ties, grid, edges, one, whole, truths, tensor([nan, nan]), zeros(0)]);
  series(op, tensor([[1, 4, 2], [nan, 3, 5]]), [0], [1, kept], [2]); // biome-ignore format: a matrix
  series(op, one, [0], [-1, kept], [1]);
  series(op, zeros([0, 3]), [0], [1]);
}
across("amax", [ties, edges, one, whole, truths]);
series("amax", zeros([0, 3]), [], [0], [1]);
series("amin", grid, [[0, 1]], [0, kept], [[0, 0]]);
series("kthvalue", tensor([3, 1, 2, nan]), [1], [4], [5], [0], [2, 0, kept], [1, 1]);
series("kthvalue", truths, [1]);
series("mode", ties, [], [0, kept]);
series("mode", zeros([0, 3]), [0]);
series("quantile", edges, [0.5], [0.5, 0, kept]);
series("quantile", grid, [tensor([0.25, 0.75]), 0, kept], [tensor([0.25]), null, kept], [0.3, 1], [1.5], [0.5, 3]);
series(
  "quantile",
  grid,
  [tensor([[0.5]])],
  [tensor([0.5], { dtype: "float64" })],
  [0.5, 0, { interpolation: "other" as "lower" }],
);
series("nanquantile", tensor([1, nan, 3, nan, nan, nan]).view(3, 2), [0.5], [tensor([0.1, 1]), 0], [0.5, 1]);
across("quantile", [whole, zeros(0)], 0.5);

// Counts
values("histc", ties, [{ bins: 3 }], [{ bins: 2, min: 1, max: 2 }], [{ bins: 0 }], [{ min: 3, max: 1 }]);
values("histc", tensor([2, 2]), [{ bins: 4 }]);
values("histc", zeros(0), [{ bins: 2 }]);
values("bincount", at(1, 3, 1), [], [{ minlength: 6 }], [{ minlength: -1 }], [{ weights: tensor([1, 2, 4]) }]);
values("bincount", at(1, 3), [{ weights: at(1, 2) }], [{ weights: tensor([1]) }]);
across("bincount", [at(1, -1), at(1, 1).view(1, 2), tensor([1]), truths, at()]);
it("a histogram weighs, and has the area 1 as a density", () => {
  const { hist, binEdges } = histogram(tensor([1, 2, 1, 5]), tensor([0, 2, 3]), {
    weight: tensor([1, 2, 4, 8]),
    density: true,
  });
  expect(binEdges.toArray()).toEqual([0, 2, 3]);
  expect(hist.mul(binEdges.diff()).sum().item()).toBeCloseTo(1);
  expect(histogram(tensor([2, 2]), 2).binEdges.toArray()).toEqual([1.5, 2, 2.5]);
});
values(
  "searchsorted",
  tensor([1, 3, 3, 5]),
  [3],
  [tensor([0, 3, 9, nan]), { right: true }],
  [ones(2), { side: "right" }],
);
values("searchsorted", grid, [ones(2)], [1], [ones([3, 1])]);
values("bucketize", 4, [tensor([1, 3, 5])], [grid]);
it("a sorter says in which order the sequence ascends, and a side cannot be both", () => {
  const [sequence, sorter] = [tensor([5, 1, 3]), at(1, 2, 0)];
  expect(searchsorted(sequence, tensor([2, 4, 9]), { sorter }).toArray()).toEqual([1, 2, 3]);
  expect(() => searchsorted(sequence, 1, { sorter: at(1, 2) })).toThrow("boundary and sorter must have the same size");
  expect(() => searchsorted(ties, 1, { right: true, side: "left" })).toThrow("can't be set to opposites");
  expect(bincount(at(2)).toArray()).toEqual([0, 0, 1]);
});

// Running
series("cummax", ties, [0], [1]);
series("cummin", edges, [0]);
series("logcumsumexp", tensor([1000, -inf, 1000, inf, nan]), [0]);
across("logcumsumexp", [whole, one], 0);
series("diff", ties, [0], [9], [1, 0, { prepend: ones(2), append: zeros(1) }], [1, 0, { prepend: ones([1, 1]) }]);
series("diff", truths, [1]);
series("diff", grid, [2, 0], [1, 1, { append: ones([2, 1]) }]);
series("diff", one);
series("trapezoid", grid, [], [null, { dx: 2, dim: 0 }], [ties], [tensor([0, 1, 3])], [ones([3, 3])]);
series("trapezoid", tensor([1, 2, 4]), [grid]); // points of more dimensions than y
series("trapezoid", one, [], [grid]);
across("trapezoid", [truths, zeros([0, 2]), whole]);

// Statistics
series(
  "cov",
  grid,
  [{ correction: 5 }],
  [{ fweights: at(1, 2) }],
  [{ fweights: at(1, -2, 1) }],
  [{ fweights: ones(3) }],
);
series(
  "cov",
  grid,
  [{ aweights: at(1, 2, 1) }],
  [{ aweights: zeros(3) }],
  [{ fweights: at(1, 2, 3), aweights: tensor([1, 0.5, 2]) }],
);
across("cov", [one, whole, truths, zeros([1, 1, 1])]);
across("corrcoef", [ties, grid, zeros([1, 1, 1])]);
series("renorm", grid, [2, 0, 3], [0, 0, 1], [2, 0, -1], [1, 1, 5]);
series("cdist", grid, [ones([2, 2])], [ones(3)], [ones([2, 3]), { p: -1 }], [zeros([4, 1, 2, 3])]);

values("cdist", grid, [ones([2, 3]), { p: 0 }]);

// Positions
series("take", grid, [at(0, -1, 8)], [at(9)]);
series("put", grid, [at(0, 0), tensor([5, 6])], [at(0), tensor([5, 6])], [at(-10), tensor([5])], [at(1), at(2)]);
series(
  "indexCopy",
  grid,
  [0, at(2), ones([1, 3])],
  [0, at(2, 0), ones([1, 3])],
  [1, at(3), ones([3, 1])],
  [0, at(1), ones([1, 2])],
);
series("maskedScatter", grid, [bools(1, 0, 1), ones(2)], [truths, at(1, 1, 1)]);
series("takeAlongDim", grid, [at(0, 1), 0], [at(2, 0).view(1, 2), 1]);
values("oneHot", at(0, 2), [], [4], [2]);
across("oneHot", [at(1, -1), tensor([1]), at(), at(0, 1).view(2, 1)]);
