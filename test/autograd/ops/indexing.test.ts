/** Reading and writing at positions and under masks gives PyTorch's values, gradients and errors. */
import { describe, expect, it } from "vitest";
import { Slice, type Tensor } from "../../../src/index.ts";
import { torch } from "../../support/index.ts";
import { at, bools, callsOf, everyOther, f64, i32, inf, layoutsOf, nan, shifted, transposed } from "./calls.ts";

const { arange, ones, stack, tensor, zeros } = torch;

const { series, across, views, values } = callsOf("indexing", {
  wording: {
    // Indices are int32 here.
    "gather(): Expected dtype int64 for index": "gather(): Expected dtype int32 for index",
    "index_select(): Expected dtype int32 or int64 for index": "index_select(): Expected dtype int32 for index",
    "index_fill_(): Expected dtype int64 for index.": "index_fill_(): Expected dtype int32 for index",
    "scatter(): Expected dtype int64 for index": "scatter(): Expected dtype int32 for index",
    // PyTorch moves the indexed dimension to the front first, and then names that.
    "index -4 is out of bounds for dimension 0 with size 3": "index -4 is out of bounds for dimension 1 with size 3",
    "index 4 is out of bounds for dimension 0 with size 4": "index 4 is out of bounds for dimension 2 with size 4",
    "Dimension out of range (expected to be in range of [-1, 0], but got 1)":
      "Index tensor must have the same number of dimensions as src tensor",
    "index_add_(): Index is supposed to be a vector, but got dim: 2 with type: Long and size: [1, 1]":
      "index_add_(): Index is supposed to be a vector, but got dim: 2",
    // Here the mask comes first, as it does in PyTorch when not in place.
    "The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 1":
      "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1",
    // PyTorch adds slice by slice, and names the sizes of one.
    "The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 0":
      "index_add_(): source of shape [1, 3] does not fit: expected [1, 4]",
  },
});

const cube = arange(24).view(2, 3, 4);
const matrix = arange(12).view(3, 4);
const mask = tensor(Array.from({ length: 12 }, (_, k) => k % 5 < 2)).view(3, 4);
const src = matrix.div(4).add(20);
const [all, half, odd] = [new Slice(), new Slice(0, 2), new Slice(1, 3)];
const [five, nowhere, first] = [tensor(5), zeros(0, i32), tensor(0, i32)];
const [column, zeroAndTwo] = [at(0, 1).view(2, 1), at(0, 2)];

// Numbers, ranges, None and ... give views.
views("index", cube, [0], [-1], [1, 2], [0, 1, 3], [all, 1], ["...", 1], [0, "..."], [0, "...", 2], [1, 2, 3, "..."]);
views("index", cube, ["..."], [null], [null, 0], [all, null], ["...", null], [0, null, 1], [null, "...", null]);
views("index", cube, [new Slice(1)], [half, odd], [all, new Slice(undefined, undefined, 2)], [new Slice(5, 9)]);
views("index", cube, [new Slice(-1), all, new Slice(1, 4, 2)], [new Slice(2, 1)], [0, all, -1]);
views("index", transposed(cube), [1, half]);
views("index", shifted(cube), [1]);
views("index", five, ["..."], [null]);

// A number in a tensor of no dimension is a number, a truth takes all or nothing.
const [zeroth, last] = [tensor(0, i32), tensor(-1, i32)];
views("index", cube, [last], [zeroth, all, at(0, 1)], [at(0, 1), all, last], [zeroth, at(0, 1)], [all, zeroth, null]);
series("index", cube, [tensor(true)], [tensor(false)], [all, tensor(true)], [tensor(true), at(1, 0)]);
series("index", five, [tensor(true)], [tensor(false)]);
series("index", matrix, [tensor(9, i32)], [zeroth, zeroth, zeroth]);

// Index tensors copy.
series("index", cube, [at(1, 0)], [at(1, -1, 0, 1)], [all, at(2, 0)], ["...", at(3, 3, -4)], [at(0, 1), at(2, 0)]);
series("index", cube, [all, at(0, 2), odd], [all, at(0, 2), at(1, 3)], [at(0, 1), all, at(1, 3)]);
series("index", cube, [at(0, 1), "...", at(1, 3)], [at(0, 1), at(2, 1), at(3, 0)], [column, at(2, 0, 1)]);
series("index", cube, [column, all, at(2, 0, 1)], [all, column, at(2, 0, 1)], [at(0, 1, 1, 0).view(2, 2)]);
series("index", cube, [tensor(1, i32)], [tensor(1, i32), at(0, 2)], [1, at(0, 2)], [at(0, 1), 1]);
series("index", cube, [at(0, 1), 1, at(2, 3)], [at(0, 1), half, at(2, 3)], [new Slice(0, 1), at(2, 0), odd]);
series("index", cube, [null, at(0, 1)], [at(0, 1), null, at(2, 1)], [at(0, 1), null, at(2, 1), at(0, 3)]);
series("index", cube, [all, at(0, 2), null, at(1, 3)], [null, at(0, 1), all, at(1, 3)], [all, at(0, 2), null]);
series("index", cube, [nowhere], [at(0, 1), zeros([1, 0, 1], i32)]);
series("index", zeros([0, 3]), [nowhere]);
series("index", zeros([2, 0]), [at(1, 1)]);
for (const x of [transposed(cube), everyOther(cube)]) series("index", x, [at(1, 0)], [all, at(0, 2), at(1, 3)]);
for (const x of [...layoutsOf(cube), shifted(cube).transpose(1, 2), five.expand(4, 5, 6)])
  series("index", x, [at(1), at(2), at(-1)], [all, at(0)], [at(1)]);
series("index", tensor([[1], [2]]).expand(2, 3), [at(0, 1, 1), at(2, 2, 0)]);
series("index", at(4, 5, 6), [at(2, 2)]);
series("index", bools(1, 0), [at(1, 1, 0)]);

// Masks.
series("index", matrix, [mask], [transposed(mask)], [bools(1, 0, 1)], [all, bools(1, 0, 1, 1)]);
series("index", matrix, [bools(1, 0, 1), at(1, 3)], [bools(0, 0, 0)], [bools(1, 0, 1), 1]);
series("index", transposed(matrix), [mask]);
series("index", cube, [bools(0, 1), all, bools(1, 0, 0, 1)], [bools(0, 1), bools(1, 0, 0)], [all, mask], ["...", mask]);
series("index", stack([matrix, matrix.neg()], 2), [mask]);

// What is refused.
series("index", cube, [2], [0, -4], [0, 0, 0, 0], [all, all, all, all], [at(0), at(0), at(0), at(0)]);
series("index", cube, ["...", 0, 0, 0, 0], [at(0, 2)], [all, at(-4)], [all, all, at(0, 4)], [at(0, 1), at(0, 1, 2)]);
series("index", cube, [tensor([0, 1])], [bools(1, 0, 1)], [all, bools(1, 0)], [all, all, mask]);
series("index", cube, [new Slice(undefined, undefined, -1)], [new Slice(0, 2, 0)]);
series("index", matrix, [ones([3, 3]).to("bool")]);
series("index", five, [0], [all]);

// gather and indexSelect
const [byRow, byColumn] = [at(0, 2, 1, 1, 2, 0, 0, 2).view(2, 4), at(3, 0, 0, 1, 2, 2).view(3, 2)];
series("gather", matrix, [0, byRow], [1, byColumn], [-1, at(3, 3, 3, 3, 3).view(1, 5)], [0, transposed(byRow)]);
for (const x of [cube, transposed(cube)]) series("gather", x, [1, at(2, 0, 1, 1).view(2, 2, 1)]);
series("gather", tensor([5, 6]), [0, at(1, 1, 0)]);
series("gather", five, [0, first]);
series("gather", at(7, 8), [0, at(1, 0)]);
series("gather", matrix, [0, zeros([0, 4], i32)], [0, at(3).view(1, 1)], [0, at(-1).view(1, 1)], [0, at(1)]);
series("gather", matrix, [0, zeros([1, 5], i32)], [2, at(0).view(1, 1)]);
series("gather", cube, [0, zeros([1, 1, 1])]);
series("gather", tensor(5), [0, at(0, 0)], [-1, at(0).view([])], [0, at(1)], [0, at(0).view(1, 1)]);
series("indexSelect", cube, ...[0, 1, 2, -1].map((dim) => [dim, at(1, 0, 1)]), [0, zeros(1)]);
series("indexSelect", transposed(cube), [1, at(2, 2)]);
series("indexSelect", matrix, [1, nowhere], [1, tensor(2, i32)], [0, at(3)], [0, at(-1)], [0, at(0).view(1, 1)]);
series("indexSelect", matrix, [2, at(0)]);

// Masks
for (const op of ["maskedFill", "maskedFill_"]) {
  const fill = op === "maskedFill" ? series : values;
  fill(op, matrix, [mask, -1], [mask, tensor(2.5)], [mask.select(0, 0), inf], [mask, tensor(0.1, f64)]);
  fill(op, matrix, [mask, tensor([1])], [bools(1, 1, 1), 1]);
  fill(op, matrix.select(0, 0), [mask, 7]);
  series(op, at(1, 2, 3), [bools(1, 0, 1), 9]);
  series(op, bools(1, 1), [bools(1, 0), 0]);
}
across("maskedFill", layoutsOf(matrix), transposed(mask), -1);
series("maskedFill", tensor([nan, 1]), [bools(1, 0), 0]);
series("maskedFill", at(1, 2), [bools(1, 0), 0.5]);
series("maskedFill", tensor(1), [tensor(true), 3]);
series("maskedFill", zeros([0, 3]), [bools(0, 0, 0), 3]);
across("maskedSelect", layoutsOf(matrix), mask);
series("maskedSelect", matrix, [mask.select(0, 1)], [zeros([3, 4]).to("bool")], [bools(1, 1, 1)], [matrix]);
series("maskedSelect", tensor([1, 2, 3, 4]), [mask]);
series("maskedSelect", tensor(1), [tensor(true)]);
series("maskedSelect", at(5, 6), [bools(0, 1)]);
it("a mask is bool", () => {
  // PyTorch 1.13 changes nothing and says nothing; newer versions say this.
  const message = "masked_fill_ only supports boolean masks, but got mask with dtype float";
  expect(() => ones(2).maskedFill(ones(2), 1)).toThrow(message);
});

// Writing
const [upper, left] = [src.slice(0, 0, 2), src.slice(1, 0, 2)];
for (const op of ["scatter", "scatterAdd"]) {
  const everywhere = at(3, 0, 1, 2, 2, 1, 0, 3, 0, 1, 2, 3).view(3, 4);
  series(op, matrix, [0, byRow, upper], [1, byColumn, left], [-1, byColumn, left], [1, everywhere, src]);
  series(op, matrix.slice(1, 0, 2), [1, zeros([3, 3], i32), src.slice(1, 0, 3)]);
  values(op, matrix, [0, at(2, 1).view(1, 2), src]);
  series(op, cube, [1, at(2, 0, 1, 1).view(2, 1, 2), ones([2, 1, 2])]);
  series(op, transposed(matrix), [0, transposed(byRow), everyOther(src).slice(0, 0, 2)]);
  series(op, tensor([5, 6]), [0, at(1), tensor([9])]);
  series(op, five, [0, first, tensor(9)]);
  series(op, at(7, 8), [0, at(1, 0), at(1, 2)]);
  series(op, matrix, [0, at(1), src], [0, at(1).view(1, 1), src.select(0, 0)]);
  series(op, matrix, [0, at(3).view(1, 1), src], [0, at(-1).view(1, 1), src]);
  series(op, matrix, [0, zeros([0, 4], i32), zeros([0, 4])], [0, zeros([1, 5], i32), zeros([1, 5])]);
  series(op, matrix, [0, zeros([2, 4], i32), src.slice(0, 0, 1)], [0, at(1).view(1, 1), src.to("float64")]);
  series(op, matrix, [2, at(1).view(1, 1), src], [0, zeros([1, 1]), src]);
  values(`${op}_`, matrix, [0, byRow, upper]);
}
series("scatterAdd", matrix, [0, at(1, 1, 1, 1, 1, 0, 1, 2).view(2, 4), upper]);
series("scatterAdd", bools(1, 0, 0), [0, at(1, 1, 2), bools(1, 1, 0)]);
series("scatter", matrix, [0, byRow, 5], [0, zeros([1, 5], i32), 5]);
series("scatter", at(7, 8), [0, at(1), 5]);
series("scatter", tensor(5), [0, at(0), 2], [0, at(1), 2], [0, at(1).view([]), 2]);

for (const accumulate of [false, true]) {
  for (const op of ["indexPut", "indexPut_"]) {
    const put = (x: Tensor, ...lists: [indices: Tensor[], values: Tensor][]) =>
      (op === "indexPut" ? series : values)(op, x, ...lists.map((list) => [...list, { accumulate }]));
    put(matrix, [[zeroAndTwo], upper], [[at(-1, 0)], upper], [[at(0, 2, 1), at(3, 1, -1)], tensor([1, 2, 3])]);
    put(matrix, [[zeroAndTwo.view(2, 1), at(3, 1)], arange(4).view(2, 2)], [[zeroAndTwo], tensor(9)]);
    put(matrix, [[zeroAndTwo], tensor([1, 2, 3, 4])], [[mask], tensor(9)], [[mask], arange(5)]);
    put(matrix, [[zeroAndTwo], ones([1, 1, 2, 4])], [[nowhere], ones(4)]);
    put(matrix, [[at(3)], src.slice(0, 0, 1)], [[at(0), at(0), at(0)], tensor(1)], [[at(0)], tensor(1, f64)]);
    put(matrix, [[at(0, 1)], ones([3, 4])], [[ones([2, 4]).to("bool")], tensor(1)]);
    put(cube, [[bools(1, 0), at(1)], ones(4)]);
    put(at(1, 2, 3), [[at(0, 1)], at(5, 6)]);
    if (accumulate) put(matrix, [[at(1, 1)], upper]);
  }
}

across("indexAdd", [matrix, ...layoutsOf(matrix)], 0, at(0, 2, 0), everyOther(src));
series("indexAdd", matrix, [1, at(3, 1), left], [-1, at(3, 1), left, { alpha: 0.5 }], [0, nowhere, zeros([0, 4])]);
series("indexAdd", cube, [1, at(0, 0), ones([2, 2, 4])]);
values("indexAdd_", matrix, [0, at(0, 2, 0), src]);
series("indexAdd", tensor(1), [0, first, tensor(2)]);
series("indexAdd", at(1, 2), [0, at(1, 1), at(5, 6)]);
const top = src.slice(0, 0, 1);
series("indexAdd", matrix, [0, at(3), top], [0, at(-1), top], [0, at(0, 1), src], [0, at(0).view(1, 1), top]);
series("indexAdd", matrix, [0, at(0), top.to("float64")], [0, at(0), ones([1, 3])]);

describe("a view that repeats its elements beyond 2 ** 31 of them is read where they are", () => {
  const far = 2 ** 30 + 3;
  const rows = at(0, 1)
    .view(2, 1)
    .eq(1)
    .expand(2, far + 5);
  const columns = arange(4).expand(2 ** 29 + 5, 4);
  it.each<[string, Tensor, number[] | number[][] | boolean[] | boolean[][]]>([
    ["index", rows.index(at(1, 0), at(far, far)), [true, false]],
    ["gather", rows.gather(1, at(far, 0).view(2, 1)), [[false], [true]]],
    ["indexSelect", rows.indexSelect(1, at(far)), [[false], [true]]],
    ["index of rows", columns.index(at(2 ** 29, -1)), [0, 1].map(() => [0, 1, 2, 3])],
  ])("%s", (_, read, values) => expect(read.toArray()).toEqual(values));
});

for (const value of [7, 2.5, tensor(-1), tensor(-1, f64)]) {
  series("indexFill", matrix, [0, at(0, 2), value], [-1, at(3, 1, 1), value], [1, nowhere, value], [0, first, value]);
  values("indexFill", matrix, [-1, at(-1, 1, 1), value]); // of which PyTorch's gradient fails
  values("indexFill", at(1, 2, 3), [0, at(1), value]);
}
values("indexFill", five, [0, at(0), 1], [0, at(-1), 1], [0, at(1), 1]);
series("indexFill", matrix, [1, at(4), 1], [1, at(-5), 1], [2, at(0), 1], [0, column, 1], [0, at(0), ones(1)]);
series("indexFill", matrix, [0, ones(1), 1]);
values("indexFill_", matrix, [1, at(0, 3), 9], [1, at(0, 3), tensor(9)]);
for (const reduce of ["add", "multiply", "mean"]) {
  const twice = at(0, 1, 0, 0).view(1, 4);
  values(
    "scatter",
    matrix,
    [0, twice, src, { reduce }],
    [0, twice, 2.5, { reduce }],
    [1, at(3, 3).view(2, 1), src, { reduce }],
  );
  values("scatter_", matrix, [0, twice, src, { reduce }]);
  values("scatter", at(1, 2, 2 ** 30), [0, at(2, 2, 0), at(3, 4, 5), { reduce }]);
  values("scatter", bools(1, 0, 0), [0, at(2, 2, 0), bools(0, 1, 0), { reduce }]);
}
views("narrow", matrix, [0, tensor(1, i32), 2], [1, tensor(-2, i32), 1]);
series("narrow", matrix, [0, at(1), 2], [0, tensor(1), 2], [0, tensor(true), 2]);
