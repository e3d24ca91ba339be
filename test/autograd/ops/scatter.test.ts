/** Writing at positions and under masks gives PyTorch's values, gradients and errors. */
import { expect, it } from "vitest";
import type { Tensor } from "../../../src/index.ts";
import { torch } from "../../support/torch.ts";
import { callsOf, everyOther, shifted, transposed } from "./calls.ts";

const { arange, ones, tensor, zeros } = torch;

const check = callsOf("scatter", {
  wording: {
    // Indices are int32 here.
    "scatter(): Expected dtype int64 for index": "scatter(): Expected dtype int32 for index",
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

const [nan, inf] = [Number.NaN, Infinity];
const i32 = { dtype: "int32" } as const;
const f64 = { dtype: "float64" } as const;
const at = (...values: number[]) => tensor(values, i32);

const matrix = arange(12).view(3, 4);
const cube = arange(24).view(2, 3, 4);
const mask = tensor(Array.from({ length: 12 }, (_, k) => k % 5 < 2)).view(3, 4);
const src = arange(12).view(3, 4).div(4).add(20);
const layouts = { transposed: transposed(matrix), "every other": everyOther(matrix), shifted: shifted(matrix) };

for (const op of ["maskedFill", "maskedFill_"]) {
  const grads = op === "maskedFill";
  check("number", op, [matrix, mask, -1], { grads });
  check("0-dim", op, [matrix, mask, tensor(2.5)], { grads });
  check("mask broadcasts", op, [matrix, mask.select(0, 0), inf], { grads });
  check("x broadcasts", op, [matrix.select(0, 0), mask, 7], { grads });
  check("float64 value", op, [matrix, mask, tensor(0.1, f64)], { grads });
  check("value of one dimension", op, [matrix, mask, tensor([1])], { grads });
  check("int32", op, [at(1, 2, 3), tensor([true, false, true]), 9]);
  check("bool", op, [tensor([true, true]), tensor([true, false]), 0]);
  check("sizes 3 and 4", op, [matrix, ones(3, { dtype: "bool" }), 1], { grads });
}
for (const [name, x] of Object.entries(layouts)) {
  check(name, "maskedFill", [x, transposed(mask), -1]);
  check(name, "maskedSelect", [x, mask]);
}
check("NaN is replaced", "maskedFill", [tensor([nan, 1]), tensor([true, false]), 0]);
check("int32 with a fraction", "maskedFill", [at(1, 2), tensor([true, false]), 0.5]);
check("0-dim x", "maskedFill", [tensor(1), tensor(true), 3]);
check("empty", "maskedFill", [zeros([0, 3]), zeros(3, { dtype: "bool" }), 3]);
check("mask broadcasts", "maskedSelect", [matrix, mask.select(0, 1)]);
check("x broadcasts", "maskedSelect", [tensor([1, 2, 3, 4]), mask]);
check("none", "maskedSelect", [matrix, zeros([3, 4], { dtype: "bool" })]);
check("0-dim", "maskedSelect", [tensor(1), tensor(true)]);
check("int32", "maskedSelect", [at(5, 6), tensor([false, true])]);
check("sizes 3 and 4", "maskedSelect", [matrix, ones(3, { dtype: "bool" })]);
check("mask that is not bool", "maskedSelect", [matrix, matrix]);

for (const op of ["scatter", "scatterAdd"]) {
  check("dim 0", op, [matrix, 0, at(0, 1, 2, 0, 2, 0, 1, 1).view(2, 4), src.slice(0, 0, 2)]);
  check("dim 1", op, [matrix, 1, at(3, 0, 1, 2, 2, 1).view(3, 2), src.slice(1, 0, 2)]);
  check("dim -1", op, [matrix, -1, at(3, 0, 1, 2, 2, 1).view(3, 2), src.slice(1, 0, 2)]);
  check("all of a size", op, [matrix, 1, at(3, 0, 1, 2, 2, 1, 0, 3, 0, 1, 2, 3).view(3, 4), src]);
  check("longer along dim", op, [matrix.slice(1, 0, 2), 1, zeros([3, 3], i32), src.slice(1, 0, 3)]);
  check("src is larger", op, [matrix, 0, at(2, 1).view(1, 2), src], { grads: false });
  check("3 dimensions", op, [cube, 1, at(2, 0, 1, 1).view(2, 1, 2), ones([2, 1, 2])]);
  check("layouts", op, [
    transposed(matrix),
    0,
    transposed(at(0, 1, 2, 0, 2, 0, 1, 1).view(2, 4)),
    everyOther(src).slice(0, 0, 2),
  ]);
  check("vector", op, [tensor([5, 6]), 0, at(1), tensor([9])]);
  check("0-dim", op, [tensor(5), 0, tensor(0, i32), tensor(9)]);
  check("empty index", op, [matrix, 0, zeros([0, 4], i32), zeros([0, 4])]);
  check("int32", op, [at(7, 8), 0, at(1, 0), at(1, 2)]);
  check("out of bounds", op, [matrix, 0, at(3).view(1, 1), src]);
  check("negative", op, [matrix, 0, at(-1).view(1, 1), src]);
  check("index of other dimensions", op, [matrix, 0, at(1), src]);
  check("src of other dimensions", op, [matrix, 0, at(1).view(1, 1), src.select(0, 0)]);
  check("larger than x", op, [matrix, 0, zeros([1, 5], i32), zeros([1, 5])]);
  check("larger than src", op, [matrix, 0, zeros([2, 4], i32), src.slice(0, 0, 1)]);
  check("float64 into float32", op, [matrix, 0, at(1).view(1, 1), src.to("float64")]);
  check("no such dim", op, [matrix, 2, at(1).view(1, 1), src]);
  check("float index", op, [matrix, 0, zeros([1, 1]), src]);
  check("in place", `${op}_`, [matrix, 0, at(0, 1, 2, 0, 2, 0, 1, 1).view(2, 4), src.slice(0, 0, 2)], { grads: false });
}
check("one place twice", "scatterAdd", [matrix, 0, at(1, 1, 1, 1, 1, 0, 1, 2).view(2, 4), src.slice(0, 0, 2)]);
check("bools, one place twice", "scatterAdd", [
  tensor([true, false, false]),
  0,
  at(1, 1, 2),
  tensor([true, true, false]),
]);
check("number", "scatter", [matrix, 0, at(0, 1, 2, 0, 2, 0, 1, 1).view(2, 4), 5]);
check("number into int32", "scatter", [at(7, 8), 0, at(1), 5]);
check("number, larger than x", "scatter", [matrix, 0, zeros([1, 5], i32), 5]);

for (const accumulate of [false, true]) {
  const name = accumulate ? "added: " : "";
  for (const op of ["indexPut", "indexPut_"]) {
    const grads = op === "indexPut";
    const put = (label: string, x: Tensor, indices: Tensor[], values: Tensor) =>
      check(`${name}${label}`, op, [x, indices, values, { accumulate }], { grads });

    put("rows", matrix, [at(0, 2)], src.slice(0, 0, 2));
    put("negative", matrix, [at(-1, 0)], src.slice(0, 0, 2));
    put("elements", matrix, [at(0, 2, 1), at(3, 1, -1)], tensor([1, 2, 3]));
    put(
      "broadcast indices",
      matrix,
      [at(0, 2).view(2, 1), at(3, 1)],
      tensor([
        [1, 2],
        [3, 4],
      ]),
    );
    put("one value", matrix, [at(0, 2)], tensor(9));
    put("a row for all", matrix, [at(0, 2)], tensor([1, 2, 3, 4]));
    put("mask", matrix, [mask], tensor(9));
    put("mask, values", matrix, [mask], arange(5));
    put("mask and index", cube, [tensor([true, false]), at(1)], ones(4));
    put("leading sizes of 1", matrix, [at(0, 2)], ones([1, 1, 2, 4]));
    put("nothing", matrix, [zeros(0, i32)], ones(4));
    put("int32", at(1, 2, 3), [at(0, 1)], at(5, 6));
    put("out of bounds", matrix, [at(3)], src.slice(0, 0, 1));
    put("too many", matrix, [at(0), at(0), at(0)], tensor(1));
    put("other dtype", matrix, [at(0)], tensor(1, f64));
    put("values do not fit", matrix, [at(0, 1)], ones([3, 4]));
    put("mask of another size", matrix, [ones([2, 4], { dtype: "bool" })], tensor(1));
  }
}
check("one place twice", "indexPut", [matrix, [at(1, 1)], src.slice(0, 0, 2), { accumulate: true }]);
check("one place twice, in place", "indexPut_", [matrix, [at(1, 1)], src.slice(0, 0, 2), { accumulate: true }], {
  grads: false,
});

for (const [name, x] of Object.entries({ matrix: matrix, ...layouts })) {
  check(name, "indexAdd", [x, 0, at(0, 2, 0), everyOther(src)]);
}
check("dim 1", "indexAdd", [matrix, 1, at(3, 1), src.slice(1, 0, 2)]);
check("dim -1, alpha", "indexAdd", [matrix, -1, at(3, 1), src.slice(1, 0, 2), { alpha: 0.5 }]);
check("3 dimensions", "indexAdd", [cube, 1, at(0, 0), ones([2, 2, 4])]);
check("in place", "indexAdd_", [matrix, 0, at(0, 2, 0), src], { grads: false });
check("nothing", "indexAdd", [matrix, 0, zeros(0, i32), zeros([0, 4])]);
check("0-dim", "indexAdd", [tensor(1), 0, tensor(0, i32), tensor(2)]);
check("int32", "indexAdd", [at(1, 2), 0, at(1, 1), at(5, 6)]);
check("out of bounds", "indexAdd", [matrix, 0, at(3), src.slice(0, 0, 1)]);
check("negative", "indexAdd", [matrix, 0, at(-1), src.slice(0, 0, 1)]);
check("lengths differ", "indexAdd", [matrix, 0, at(0, 1), src]);
check("matrix as index", "indexAdd", [matrix, 0, at(0).view(1, 1), src.slice(0, 0, 1)]);
check("other dtype", "indexAdd", [matrix, 0, at(0), src.slice(0, 0, 1).to("float64")]);
check("other sizes", "indexAdd", [matrix, 0, at(0), ones([1, 3])]);
it("a mask is bool", () => {
  // PyTorch 1.13 changes nothing and says nothing; newer versions say this.
  const message = "masked_fill_ only supports boolean masks, but got mask with dtype float";
  expect(() => ones(2).maskedFill(ones(2), 1)).toThrow(message);
});
