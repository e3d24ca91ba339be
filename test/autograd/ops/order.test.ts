/** Running sums, sorting, norms and logic give PyTorch's values, gradients and errors. */
import { expect, it } from "vitest";
import { torch } from "../../support/torch.ts";
import { callsOf, everyOther, shifted, transposed } from "./calls.ts";

const { tensor, zeros } = torch;

const check = callsOf("order");

const [nan, inf] = [Number.NaN, Infinity];
const i32 = { dtype: "int32" } as const;

const mixed = tensor([
  [3, -1, 2, 0.5],
  [0, 7, -2.5, 1],
  [4, 6, -3, 5],
]);
const cube = tensor([5, -2, 8, 1, 0.5, -7, 3, 9, -4, 2, 6, -1]).view(2, 3, 2);
const edges = tensor([1, nan, -inf, 3, inf, nan, -0.5]);
const layouts = {
  transposed: transposed(mixed),
  "every other": everyOther(mixed),
  shifted: shifted(mixed),
  expanded: tensor([[3], [1]]).expand(2, 3),
};
const ties = tensor([2, 1, 2, 0, -0, 1, 2]);
const whole = tensor(
  [
    [3, -1, 2],
    [0, 3, -5],
  ],
  i32,
);
const bools = tensor([
  [true, false, true],
  [false, false, true],
]);
const empty = zeros([0, 3]);
const one = tensor(2);

// Running sums and products
for (const op of ["cumsum", "cumprod"]) {
  for (const dim of [0, 1, 2, -1]) {
    check(`dim ${dim}`, op, [cube, dim]);
  }
  for (const [name, x] of Object.entries(layouts)) {
    check(name, op, [x, 1]);
  }
  check("edges", op, [edges, 0]);
  check("float64", op, [mixed.to("float64"), 0]);
  check("int32", op, [whole, 1]);
  check("bool", op, [bools, 0]);
  check("0-dim", op, [one, 0]);
  check("empty", op, [empty, 0]);
  check("no such dim", op, [mixed, 2]);
  check("in place", `${op}_`, [mixed, 1], { grads: false });
}
const withZeros = tensor([
  [2, 0, 3, 4, 5],
  [0, 2, 0, 3, 1],
  [0.5, 2, -3, 1, 4],
]);
check("with zeros", "cumprod", [withZeros, 1]);
for (const [name, x] of Object.entries({
  cube: cube,
  "with zeros": withZeros,
  int32: whole,
  bool: bools,
  ...layouts,
})) {
  check(name, "prod", [x]);
  check(`${name}, dim 1`, "prod", [x, 1]);
  check(`${name}, dim -2, kept`, "prod", [x, -2, { keepdim: true }]);
}
check("edges", "prod", [edges]);
check("0-dim", "prod", [one]);
check("0-dim, dim 0", "prod", [one, 0]);
check("empty", "prod", [empty], { grads: false });
check("empty, dim 0", "prod", [empty, 0], { grads: false });
check("no such dim", "prod", [mixed, 2]);

// Sorting
for (const op of ["sort", "argsort"]) {
  for (const descending of [false, true]) {
    const name = descending ? "descending, " : "";
    for (const dim of [0, 1, 2, -2]) {
      check(`${name}dim ${dim}`, op, [cube, dim, { descending }]);
    }
    check(`${name}edges`, op, [edges, -1, { descending }]);
    check(`${name}ties`, op, [ties, -1, { descending }]);
    check(`${name}int32`, op, [whole, -1, { descending }]);
    check(`${name}bool`, op, [bools, 0, { descending }]);
    check(`${name}0-dim`, op, [one, -1, { descending }]);
    check(`${name}empty`, op, [empty, 0, { descending }]);
  }
  for (const [name, x] of Object.entries(layouts)) {
    check(name, op, [x]);
  }
  check("float64", op, [mixed.to("float64"), 0]);
  check("no such dim", op, [mixed, 2]);
}
for (const largest of [true, false]) {
  const name = largest ? "" : "smallest, ";
  for (const k of [0, 1, 2, 4]) {
    check(`${name}${k}`, "topk", [mixed, k, -1, { largest }]);
  }
  for (const dim of [0, 1, -1]) {
    check(`${name}dim ${dim}`, "topk", [cube, 2, dim, { largest }]);
  }
  check(`${name}edges`, "topk", [tensor([1, nan, -inf, 3, inf]), 3, -1, { largest }]);
  check(`${name}0-dim`, "topk", [one, 1, -1, { largest }]);
}
for (const [name, x] of Object.entries(layouts)) {
  if (name !== "expanded") {
    check(name, "topk", [x, 2, 0]);
  }
}
check("int32", "topk", [tensor([3, -1, 2], i32), 2]);
check("float64", "topk", [mixed.to("float64"), 2, 0]);
check("too many", "topk", [mixed, 5]);
check("negative", "topk", [mixed, -1]);
check("no such dim", "topk", [mixed, 1, 2]);

// Norms
for (const p of [2, 1, 0, 3, 0.5, 1.5, 2.5, -1, -2, inf, -inf]) {
  const grads = p !== 0; // ours is 0; PyTorch gives none
  check(`${p}`, "norm", [cube, p], { grads });
  check(`${p}, along 1`, "norm", [cube, p, 1], { grads });
  check(`${p}, along 0 and 2, kept`, "norm", [cube, p, [0, 2], { keepdim: true }], { grads });
  check(`${p}, float64`, "norm", [mixed.to("float64"), p, -1], { grads });
  check(`${p}, a NaN`, "norm", [tensor([1, nan, 2]), p], { grads });
  check(`${p}, ties`, "norm", [tensor([3, -3, 1, -1]), p], { grads });
  if (p >= 0) {
    check(
      `${p}, with zeros`,
      "norm",
      [
        tensor([
          [0, 3, -4],
          [0, 0, 2],
        ]),
        p,
        1,
      ],
      { grads },
    );
    check(`${p}, of zeros`, "norm", [zeros(3), p], { grads });
  }
  if (0 <= p && p < inf) {
    check(`${p}, of nothing`, "norm", [zeros(0), p], { grads });
  }
}
for (const [name, x] of Object.entries(layouts)) {
  check(name, "norm", [x, 2, 0]);
  check(`${name}, all`, "norm", [x, 3]);
}
check("default", "norm", [mixed]);
check("0-dim", "norm", [one]);
check("0-dim along 0", "norm", [one, 2, 0]);
check("int32", "norm", [whole]);
check("no such dim", "norm", [mixed, 2, 2]);
check("large", "norm", [tensor([1e15, 2e15]), 2]);

// Questions
const a = tensor([nan, inf, 0, -0, 2, 0]);
const b = tensor([1, 0, 0, 1, 0, nan]);
for (const op of ["logicalAnd", "logicalOr", "logicalXor"]) {
  check("floats", op, [a, b]);
  check("bools", op, [bools, bools.flip(1)]);
  check("float and bool", op, [a.slice(0, 0, 3), bools]);
  check("int32 and float", op, [whole, a.slice(0, 2, 5)]);
  check("column and row", op, [bools.slice(1, 0, 1), bools.select(0, 1)]);
  check("transposed", op, [transposed(bools), everyOther(bools)]);
  check("sizes 2 and 3", op, [tensor([true, false]), bools]);
}
for (const op of ["logicalNot", "isinf", "isfinite"]) {
  for (const [name, x] of Object.entries({
    floats: a,
    float64: a.to("float64"),
    int32: whole,
    bool: bools,
    empty: empty,
    "0-dim": one,
  })) {
    check(name, op, [x]);
  }
  check("edges", op, [edges]);
  check("transposed", op, [transposed(bools)]);
}
const rows = tensor([
  [0, nan, 1],
  [0, 0, 0],
  [2, -1, inf],
]);
for (const op of ["any", "all"]) {
  for (const [name, x] of Object.entries({ floats: rows, int32: whole, bool: bools, transposed: transposed(bools) })) {
    check(name, op, [x]);
    check(`${name}, dim 1`, op, [x, 1]);
    check(`${name}, dim -2, kept`, op, [x, -2, { keepdim: true }]);
  }
  check("empty", op, [empty]);
  check("empty, dim 0", op, [empty, 0]);
  check("0-dim", op, [one]);
  check("no such dim", op, [bools, 2]);
}
for (const [name, x] of Object.entries({
  floats: rows,
  int32: whole,
  bool: bools,
  transposed: transposed(bools),
  empty: empty,
})) {
  check(name, "countNonzero", [x]);
  check(`${name}, dim 0`, "countNonzero", [x, 0]);
  check(name, "nonzero", [x]);
}
check("both dims", "countNonzero", [rows, [0, 1]]);
check("cube", "nonzero", [cube.clamp(0, 3)]);
check("vector", "nonzero", [ties]);
check("0-dim", "nonzero", [one]);
check("0-dim zero", "nonzero", [tensor(0)]);
check("none", "nonzero", [zeros([2, 2])]);
it.each([-1, Infinity, -Infinity])("the %d-norm of nothing does not exist", (p) => {
  // So say newer versions of PyTorch; 1.13 has a number for some.
  expect(() => zeros([2, 0]).norm(p, 1)).toThrow("because the operation does not have an identity");
});
