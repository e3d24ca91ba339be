/** Running sums, sorting, norms and logic give PyTorch's values, gradients and errors. */
import { expect, it } from "vitest";
import { torch } from "../../support/index.ts";
import { at, bools, callsOf, everyOther, inf, kept, layoutsOf, nan, transposed } from "./calls.ts";

const { tensor, zeros } = torch;

const { series, across, values } = callsOf("order");

const mixed = tensor([3, -1, 2, 0.5, 0, 7, -2.5, 1, 4, 6, -3, 5]).view(3, 4);
const cube = tensor([5, -2, 8, 1, 0.5, -7, 3, 9, -4, 2, 6, -1]).view(2, 3, 2);
const edges = tensor([1, nan, -inf, 3, inf, nan, -0.5]);
const layouts = layoutsOf(mixed);
const expanded = tensor([[3], [1]]).expand(2, 3);
const ties = tensor([2, 1, 2, 0, -0, 1, 2]);
const whole = at(3, -1, 2, 0, 3, -5).view(2, 3);
const masks = bools(1, 0, 1, 0, 0, 1).view(2, 3);
const withZeros = tensor([2, 0, 3, 4, 5, 0, 2, 0, 3, 1, 0.5, 2, -3, 1, 4]).view(3, 5);
const [empty, one, double] = [zeros([0, 3]), tensor(2), mixed.to("float64")];

// Running sums and products
for (const op of ["cumsum", "cumprod"]) {
  series(op, cube, [0], [1], [2], [-1]);
  across(op, [...layouts, expanded, whole, withZeros], 1);
  across(op, [edges, double, masks, one, empty], 0);
  series(op, mixed, [2]);
  values(`${op}_`, mixed, [1]);
}
values("cumprod", tensor([1e30, 1e30, 1e-30, 1e-30, 0]), [0]);
across("cumprod", [tensor([1e-30, 1e30, 1e30]), tensor([-1, 0, 2, -0, 3])], 0);
across(
  "cumprod",
  [tensor([3, 2, 0.5, -1]), tensor([0, 2, 3, 5]), tensor([2, 0, 3, 0])].map((x) => x.to("float64")),
  0,
);
it("products of int32 wrap in all 32 bits; PyTorch's are int64", () => {
  const [most, other] = [2 ** 31 - 1, 987654321];
  expect(at(most, most, other).prod().item()).toBe(other);
  const wrapped = (...factors: number[]) =>
    Number(
      BigInt.asIntN(
        32,
        factors.map(BigInt).reduce((a, b) => a * b),
      ),
    );
  const expected = [most, wrapped(most, other), wrapped(most, other, other)];
  expect(at(most, other, other).cumprod(0).toArray()).toEqual(expected);
});
for (const x of [cube, withZeros, whole, masks, ...layouts, expanded]) series("prod", x, [], [1], [-2, kept]);
series("prod", edges);
series("prod", one, [], [0]);
values("prod", empty, [], [0]);
series("prod", mixed, [2]);

// Sorting
for (const op of ["sort", "argsort"]) {
  for (const descending of [false, true]) {
    series(op, cube, [0, { descending }], [1, { descending }], [2, { descending }], [-2, { descending }]);
    across(op, [edges, ties, whole, one], -1, { descending });
    across(op, [masks, empty], 0, { descending });
  }
  across(op, [...layouts, expanded]);
  series(op, double, [0]);
  series(op, mixed, [2]);
}
for (const largest of [true, false]) {
  series("topk", mixed, ...[0, 1, 2, 4].map((k) => [k, -1, { largest }]));
  series("topk", cube, [2, 0, { largest }], [2, 1, { largest }], [2, -1, { largest }]);
  series("topk", tensor([1, nan, -inf, 3, inf]), [3, -1, { largest }]);
  series("topk", one, [1, -1, { largest }]);
}
across("topk", [...layouts, double], 2, 0);
series("topk", at(3, -1, 2), [2]);
series("topk", mixed, [5], [-1], [1, 2]);

// Norms
for (const p of [2, 1, 0, 3, 0.5, 1.5, 2.5, -1, -2, inf, -inf]) {
  const of = p === 0 ? values : series; // ours is 0; PyTorch gives none
  of("norm", cube, [p, [0, 2], kept]);
  of("norm", double, [p, -1]);
  for (const x of [tensor([1, nan, 2]), tensor([3, -3, 1, -1])]) of("norm", x, [p]);
  if (p >= 0) of("norm", tensor([0, 3, -4, 0, 0, 2]).view(2, 3), [p, 1]);
  if (p >= 0) of("norm", zeros(3), [p]);
  if (0 <= p && p < inf) of("norm", zeros(0), [p]);
}
for (const x of [...layouts, expanded]) series("norm", x, [2, 0], [3]);
across("norm", [mixed, one, whole]);
series("norm", one, [2, 0]);
series("norm", mixed, [2, 2]);
series("norm", tensor([1e15, 2e15]), [2]);
it.each([-1, Infinity, -Infinity])("the %d-norm of nothing does not exist", (p) => {
  // So say newer versions of PyTorch; 1.13 has a number for some.
  expect(() => zeros([2, 0]).norm(p, 1)).toThrow("because the operation does not have an identity");
});

// Questions
const [a, b] = [tensor([nan, inf, 0, -0, 2, 0]), tensor([1, 0, 0, 1, 0, nan])];
for (const op of ["logicalAnd", "logicalOr", "logicalXor"]) {
  series(op, a, [b]);
  series(op, masks, [masks.flip(1)], [bools(1, 0)], [a.slice(0, 0, 3)]);
  series(op, whole, [a.slice(0, 2, 5)]);
  series(op, masks.slice(1, 0, 1), [masks.select(0, 1)]);
  series(op, transposed(masks), [everyOther(masks)]);
}
for (const op of ["logicalNot", "isinf", "isfinite"]) {
  across(op, [a, a.to("float64"), whole, masks, empty, one, edges, transposed(masks)]);
}
const rows = tensor([0, nan, 1, 0, 0, 0, 2, -1, inf]).view(3, 3);
for (const op of ["any", "all"]) {
  for (const x of [rows, whole, masks, transposed(masks)]) series(op, x, [], [1], [-2, kept]);
  series(op, empty, [], [0]);
  series(op, one);
  series(op, masks, [2]);
}
for (const x of [rows, whole, masks, transposed(masks), empty]) {
  series("countNonzero", x, [], [0]);
  series("nonzero", x);
}
series("countNonzero", rows, [[0, 1]]);
across("nonzero", [cube.clamp(0, 3), ties, one, tensor(0), zeros([2, 2])]);
