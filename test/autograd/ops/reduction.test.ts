/** Reductions, softmaxes and positions of extremes give PyTorch's values, gradients and errors. */
import { torch } from "../../support/torch.ts";
import { callsOf, everyOther, listed, shifted, transposed } from "./calls.ts";

const { manualSeed, randn, tensor, zeros } = torch;

const check = callsOf("reduction");

const [nan, inf] = [Number.NaN, Infinity];
const f64 = { dtype: "float64" } as const;
const i32 = { dtype: "int32" } as const;

manualSeed(0);
const cube = randn([2, 3, 4]);
const [wide, narrow] = [randn([3, 4], f64), randn([2, 1])];
const rows = tensor([
  [nan, 1, 2],
  [inf, 1, -inf],
  [-inf, 2, 0],
  [inf, 5, 1],
  [-inf, -inf, -inf],
  [0, -0, 0],
]);
const ties = tensor([
  [1, 3, 3],
  [2, 2, 2],
  [3, -1, 3],
]);
const column = tensor([[1], [2.5]]).expand(2, 3);
const layouts = { transposed: transposed(cube), "every other": everyOther(cube), shifted: shifted(cube) };
const kept = { keepdim: true };

for (const op of ["sum", "mean", "var", "std"]) {
  check("over all", op, [cube]);
  for (const dims of [0, 1, -1, [0, 1], [1, 2], [0, 2], [2, 0], [-1, -3], [0, 1, 2]]) {
    check(`over ${listed([dims])}`, op, [cube, dims]);
  }
  for (const dims of [0, [0, 2], [2, 1]]) check(`over ${listed([dims])}, kept`, op, [cube, dims, kept]);
  check("float64", op, [wide, 1]);
  check("edges", op, [rows, 1]);
  check("edges, all", op, [rows]);
  for (const [name, x] of Object.entries(layouts)) {
    check(name, op, [x, 1]);
    check(`${name}, two dims`, op, [x, [0, 2]]);
  }
  check("expanded", op, [column, 1]);
  const grads = op !== "var"; // PyTorch says inf for the gradient of a NaN
  check("0-dim", op, [tensor(2.5)], { grads });
  check("0-dim over 0", op, [tensor(2.5), 0], { grads });
  check("0-dim over -1, kept", op, [tensor(2.5), -1, kept], { grads });
  check("size 1", op, [narrow, 1]);
  check("empty", op, [zeros(0)]);
  check("empty rows", op, [zeros([2, 0]), 1]);
  check("no rows", op, [zeros([0, 3]), 0]);
  check("no rows, over the columns", op, [zeros([0, 3]), 1]);
  check("large mean", op, [tensor([10001, 10002, 10004, 10003])]);
  check("dim twice", op, [cube, [0, -3]]);
  check("no such dim", op, [cube, 3]);
  check("no such dim", op, [cube, [0, -4]]);
}
check("int32", "sum", [tensor([1, 2, 3, 4], i32).view(2, 2), 0]);
check("bool", "sum", [tensor([true, false, true, true]).view(2, 2), 1]);
check("bool, all", "sum", [tensor([true, true, false])]);
check("int32", "mean", [tensor([1, 2], i32)]);
check("bool", "mean", [tensor([true, false])]);
check("int32", "var", [tensor([1, 2], i32)]);
for (const op of ["var", "std"]) {
  const x = tensor([1, 2, 4, 5, 5, 5]).view(2, 3);
  for (const correction of [0, 1, 2, 3]) check(`of 3 with correction ${correction}`, op, [x, 1, { correction }]);
  check("of 3 with correction 4", op, [x, 1, { correction: 4 }], { grads: false });
}
check("of all with correction 0, kept", "var", [cube, [0, 1, 2], { correction: 0, keepdim: true }]);

for (const op of ["max", "min"]) {
  check("all", op, [cube]);
  check("all of transposed", op, [layouts.transposed]);
  check("ties", op, [ties]);
  check("0-dim", op, [tensor(2)]);
  check("with NaN", op, [rows]);
  check("with infinities", op, [rows.narrow(0, 1, 5)]);
  check("empty", op, [zeros([0, 2])]);
  check("int32", op, [tensor([3, -5, 9], i32)]);
  check("bool", op, [tensor([false, true])]);
  for (const dim of [0, 1, -1]) {
    check(`along ${dim}`, op, [cube, dim]);
    check(`ties along ${dim}`, op, [ties, dim]);
  }
  check("along 1, kept", op, [cube, 1, kept]);
  check("transposed along 1", op, [layouts.transposed, 1]);
  check("edges", op, [rows, 1]);
  check("0-dim along 0", op, [tensor(2), 0]);
  check("int32 along 0", op, [tensor([3, -5, 9, -7], i32).view(2, 2), 0]);
  check("nothing along 0", op, [zeros([0, 3]), 0]);
  check("no rows along 1", op, [zeros([0, 3]), 1]);
  check("no such dim", op, [cube, 3]);
}
for (const op of ["argmax", "argmin"]) {
  check("all", op, [cube]);
  check("all of transposed", op, [layouts.transposed]);
  check("ties", op, [ties]);
  for (const dim of [0, 1, -1]) check(`ties along ${dim}`, op, [ties, dim]);
  check("along 1, kept", op, [cube, 1, kept]);
  check("edges", op, [rows, 1]);
  check("with NaN", op, [rows]);
  check("0-dim", op, [tensor(2)]);
  check("0-dim along -1", op, [tensor(2), -1]);
  check("int32", op, [tensor([3, -5, 9], i32)]);
  check("empty", op, [zeros([0, 2])]);
  check("nothing along 0", op, [zeros([0, 3]), 0]);
  check("no rows along 1", op, [zeros([0, 3]), 1]);
  check("no such dim", op, [cube, -4]);
}

const far = tensor([1000, 999, 0, -1000, -1001, -1000.5, 88, 89, 90]).view(3, 3);
for (const op of ["softmax", "logSoftmax", "logsumexp"]) {
  for (const dim of [0, 1, 2, -1]) check(`along ${dim}`, op, [cube, dim]);
  check("float64", op, [wide, 1]);
  check("edges", op, [rows, 1]);
  check("far from 0", op, [far, 1]);
  check("transposed", op, [layouts.transposed, 1]);
  check("every other", op, [layouts["every other"], 0]);
  check("expanded", op, [column, 1]);
  check("size 1", op, [narrow, 1]);
  check("0-dim", op, [tensor(2.5), 0]);
  check("no rows", op, [zeros([0, 3]), 1]);
  check("empty rows", op, [zeros([3, 0]), 1]);
  check("no such dim", op, [cube, 3]);
}
check("over two dims", "logsumexp", [cube, [0, 2]]);
check("over two dims, kept", "logsumexp", [cube, [1, 2], kept]);
