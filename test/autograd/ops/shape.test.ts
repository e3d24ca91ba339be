/** Views and copies lie in memory as PyTorch's do; their values, gradients and errors are PyTorch's. */
import { torch } from "../../support/torch.ts";
import { callsOf, everyOther, seriesOf, shifted, transposed } from "./calls.ts";

const { arange, ones, tensor, zeros } = torch;

const check = callsOf("shape", {
  wording: {
    // Of narrow: PyTorch reads a start out of range as a dimension.
    "Dimension out of range (expected to be in range of [-2, 1], but got 3)":
      /Dimension out of range|start \(3\) \+ length/,
    "Dimension out of range (expected to be in range of [-3, 2], but got -4)":
      /Dimension out of range|start \(-4\) \+ length/,
  },
});
const copies = seriesOf(check);
const views: typeof copies = (op, x, lists, options) => copies(op, x, lists, { ...options, view: true });

const [nan, inf] = [Number.NaN, Infinity];
const i32 = { dtype: "int32" } as const;
const f64 = { dtype: "float64" } as const;
const cube = arange(24).view(2, 3, 4);
const matrix = arange(6).view(2, 3);
const gaps = everyOther(arange(12).view(3, 4));
const thin = ones([1, 2, 1, 3]);
const [one, expanded] = [tensor(2), tensor([[1], [2]]).expand(2, 3)];
const outOfOrder = arange(12).view(1, 4, 3).transpose(0, 1).narrow(0, 1, 2);

for (const op of ["view", "reshape"]) {
  views(op, matrix, [[[6]], [[3, 2]], [[-1]], [[2, -1]], [[1, 2, 1, 3, 1]], [[2, 3, 1]]]);
  views(op, cube, [[[6, 4]], [[2, 12]], [[2, 3, 2, 2]], [[4, -1]]]);
  views(op, transposed(cube), [[[4, 3, 2]], [[1, 2, 3, 4]], [[2, 3, 2, 2]]], { name: "transposed " });
  views(op, gaps, [[[12]], [[3, 2, 2]], [[2, 6]]], { name: "with gaps " });
  views(op, cube.narrow(1, 0, 2), [[[2, 8]], [[2, 2, 2, 2]]], { name: "narrowed " });
  views(op, expanded, [[[2, 3, 1]], [[2, 1, 3]]], { name: "expanded " });
  views(op, one.expand(2, 3), [[[6]], [[3, 2]]], { name: "one number " });
  views(op, shifted(matrix), [[[3, 2]]], { name: "shifted " });
  views(op, outOfOrder, [[[6]], [[3, 2]]], { name: "size 1 out of order " });
  views(op, one, [[[]], [[1]], [[1, 1]]]);
  views(op, tensor([2]), [[[]]]);
  copies(op, zeros([0, 3]), [[[0]], [[3, 0]], [[-1, 3]], [[0, -1]], [[-1, 0]], [[2]]]);
  copies(op, matrix, [[[4]], [[-1, 4]], [[-1, -1]], [[-2, 3]], [[2, 3, 0]], [[]]]);
}
copies("view", transposed(matrix), [[[6]]], { name: "transposed " });
copies("reshape", transposed(matrix), [[[6]], [[3, 2]]], { name: "transposed " });
copies("reshape", cube.narrow(1, 0, 2), [[[4, 4]]], { name: "narrowed " });
copies("reshape", expanded, [[[6]]], { name: "expanded " });

views("permute", cube, [
  [0, 1, 2],
  [2, 0, 1],
  [-1, -3, -2],
]);
views("permute", one, [[[]]]);
copies("permute", cube, [
  [0, 1],
  [0, 1, 1],
  [0, 1, 3],
  [0, 1, -3],
]);
views("transpose", cube, [
  [0, 1],
  [0, -1],
  [1, 1],
  [-1, -2],
]);
views("transpose", one, [[0, -1]]);
copies("transpose", cube, [
  [0, 3],
  [-4, 0],
]);
for (const x of [matrix, arange(3), one]) views("t", x, [[]]);
copies("t", cube, [[]]);
views("expand", arange(3).view(3, 1), [
  [3, 2],
  [-1, 2],
  [3, 1],
  [2, 3, 4],
  [2, -1, 4],
  [0, 3, 1],
]);
views("expand", one, [[2, 3], [0], [[]]]);
views("expand", zeros([1, 0]), [
  [2, 0],
  [2, -1],
]);
copies("expand", matrix, [[2, 4], [3], [4, 2, 2], [-1, 2, 3]]);
views("flatten", cube, [[], [1], [0, 1], [1, -1], [1, 1], [-2, -1]]);
views("flatten", one, [[]]);
copies("flatten", transposed(cube), [[], [1], [0, 1]], { name: "transposed " });
copies("flatten", zeros([2, 0, 3]), [[], [1]]);
copies("flatten", cube, [
  [2, 1],
  [0, 3],
]);
views("squeeze", thin, [[], [0], [-2], [1]]);
views("squeeze", transposed(thin), [[], [0], [1]], { name: "transposed " });
views("squeeze", one, [[], [0]]);
copies("squeeze", thin, [[4], [-5]]);
views("unsqueeze", matrix, [[0], [1], [2], [-1], [-3]]);
views("unsqueeze", transposed(matrix), [[0], [1], [2]], { name: "transposed " });
views("unsqueeze", tensor([2]).expand(3), [[0], [1]], { name: "expanded " });
views("unsqueeze", one, [[0], [-1]]);
copies("unsqueeze", matrix, [[3], [-4]]);
views("narrow", cube, [
  [0, 1, 1],
  [1, 0, 2],
  [-1, 1, 3],
  [2, -2, 2],
  [0, 2, 0],
  [1, 0, 3],
]);
copies("narrow", cube, [
  [0, 1, 2],
  [0, 0, -1],
  [0, 3, 0],
  [3, 0, 1],
  [1, -4, 1],
]);
copies("narrow", one, [[0, 0, 1]]);
views("select", cube, [
  [0, 1],
  [1, -1],
  [2, 0],
  [-1, 3],
]);
views(
  "select",
  gaps,
  [
    [0, 1],
    [1, 2],
  ],
  { name: "with gaps " },
);
copies("select", cube, [
  [0, 2],
  [1, -4],
  [3, 0],
]);
copies("select", one, [[0, 0]]);
const ends = [
  [0, 2, 5],
  [0, -3],
  [0, 0, -3],
  [0, 1, 9, 3],
  [0, 5, 100],
  [0, -100, 2],
  [0, 7, 3],
  [0, 0, 10, 20],
];
views("slice", arange(10).view(10, 1), ends);
views("slice", cube, [[1, 1, 3], [2, 0, 4, 2], [-1, 3], [0]]);
copies("slice", cube, [
  [0, 0, 2, 0],
  [0, 2, 0, -1],
]);

for (const [name, x] of Object.entries({ matrix, transposed: transposed(cube), "with gaps": gaps, "0-dim": one })) {
  check(name, "clone", [x]);
  check(name, "contiguous", [x]);
}
check("expanded", "contiguous", [expanded]);

const everything = tensor([nan, inf, 0, -0, 0.5, -1.75, 2.5, 300]);
const whole = tensor([-2, 0, 1, 7, 2 ** 31 - 1], i32);
const bools = tensor([true, false]);
check("float64 from float32", "to", [everything, "float64"]);
check("float32 from float64", "to", [tensor([0.1, 1e-50, 1e300, nan], f64), "float32"]);
check("bool from float32", "to", [everything, "bool"], { grads: false });
check("int32 from float32: towards 0", "to", [tensor([0.5, -1.75, 2.5, 300, -0]), "int32"], { grads: false });
check("float32 from int32", "to", [whole, "float32"]);
check("bool from int32", "to", [whole, "bool"]);
check("int32 from bool", "to", [bools, "int32"]);
check("float64 from bool", "to", [bools, "float64"]);
check("float64 from transposed", "to", [transposed(cube), "float64"]);

const [row, column] = [arange(3).view(1, 3), arange(2).view(2, 1)];
check("first dim", "cat", [[matrix, row], 0]);
check("last dim", "cat", [[matrix, column], -1]);
check("one tensor", "cat", [[matrix], 1]);
check("transposed and with gaps", "cat", [[transposed(matrix), everyOther(matrix)], 0]);
check("an empty part", "cat", [[matrix, zeros([0, 3])], 0]);
check("expanded", "cat", [[row.expand(2, 3), matrix], 0]);
check("int32 and float32", "cat", [[tensor([[1, 2, 3]], i32), row]]);
check("bool and int32", "cat", [[bools, tensor([5], i32)]]);
check("float32 and float64", "cat", [[row, row.to("float64")], 1]);
check("nothing", "cat", [[]]);
check("other sizes differ", "cat", [[matrix, column], 0]);
check("third is different", "cat", [[matrix, matrix, ones([2, 4, 1])], 0]);
check("third has another size", "cat", [[matrix, matrix, ones([2, 4])], 0]);
check("other number of dimensions", "cat", [[matrix, ones(3)], 0]);
check("0-dim", "cat", [[tensor(1), tensor(2)]]);
check("no such dim", "cat", [[matrix, matrix], 2]);
for (const dim of [0, 1, 2, -1]) check(`dim ${dim}`, "stack", [[matrix, matrix.add(10)], dim]);
check("0-dim", "stack", [[tensor(1), tensor(2)]]);
check("transposed", "stack", [[transposed(matrix), matrix], 1]);
check("int32 and float64", "stack", [[tensor([1, 2], i32), tensor([0.5, 1.5], f64)]]);
check("nothing", "stack", [[]]);
check("sizes differ", "stack", [[matrix, ones([2, 1])]]);
check("dimensions differ", "stack", [[matrix, ones(2)], 1]);
check("no such dim", "stack", [[matrix, matrix], 3]);
