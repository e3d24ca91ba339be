/** matmul, einsum and the products with names of their own give PyTorch's values, gradients and errors. */
import type { Tensor } from "../../../src/index.ts";
import { torch } from "../../support/index.ts";
import { bools, callsOf, everyOther, i32, inf, nan, shifted, transposed } from "./calls.ts";

const { manualSeed, ones, randint, tensor } = torch;

const seen = "which does not broadcast with previously seen";
const notForBool = (name: string): string => `"${name}" not implemented for 'Bool'`;
const check = callsOf("products", {
  wording: {
    // PyTorch folds the batch into the rows first; here both whole shapes follow.
    "mat1 and mat2 shapes cannot be multiplied (4x3 and 4x2)":
      "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x2) (matmul: shapes [2, 2, 3] and [4, 2])",
    "mat1 and mat2 shapes cannot be multiplied (4x4 and 3x2)":
      "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x2) (matmul: shapes [2, 3] and [2, 4, 2])",
    "size mismatch, got 4, 4x3,4": /size mismatch, got 4, 4x3,4|shapes cannot be multiplied \(1x4 and 3x2\)/,
    "Dimension specified as 0 but tensor has no dimensions": "vector + matrix @ vector expected, got 1, 0, 1",
    // PyTorch has a name for each kernel.
    ...Object.fromEntries(
      ["bmm", "addmv_impl_cpu", "dot"].map((name) => [notForBool(name), notForBool("addmm_impl_cpu_")]),
    ),
    // PyTorch 2's words.
    "expected scalar type Float but found Double":
      "expected m1 and m2 to have the same dtype, but got: float != double",
    "expected scalar type Float but found Int": "expected m1 and m2 to have the same dtype, but got: float != int",
    "einsum(): found '.' for output that is not part of any ellipsis (...)":
      "einsum(): found '.' for output that is not part of any ellipsis",
    "einsum(): found '.' for output but an ellipsis (...) was already found":
      "einsum(): found '.' for output for which an ellipsis was already found",
    [`einsum(): dimension 1 covered by ellipsis in operand 1has size 4 ${seen} ellipsis with size 3 for the respective dimension`]: `einsum(): dimension 1 covered by ellipsis in operand 1 has size 4 ${seen} size 3`,
    "einsum(): must specify the equation string and at least one operand, or at least one operand and its subscripts list":
      "einsum(): must provide at least one operand",
  },
});

manualSeed(0);

/** Halves, so that products are exact. */
const halves = (...shape: number[]): Tensor => randint(-6, 7, shape).div(2);
/** Of each shape in a list such as "2x3, 3, ()". */
const halvesOf = (shapes: string): Tensor[] =>
  shapes.split(", ").map((shape) => halves(...(shape === "()" ? [] : shape.split("x").map(Number))));
const doubles = (xs: Tensor[]): Tensor[] => xs.map((x) => x.to("float64"));

const a = halves(2, 3);
const b = halves(3, 4);
const [whole, otherWhole] = [tensor([[1, 2], [3, 4]], i32), tensor([[5, 6], [7, 8]], i32)]; // biome-ignore format: matrices

// matmul, in every combination of ranks

const multiply = (x: Tensor, y: Tensor, name = ""): void =>
  check(`${name}[${x.shape}] @ [${y.shape}]`, "matmul", [x, y]);
const good =
  "3, 3; 2x3, 3; 3, 3x2; 2x3, 3x4; 1x1, 1x1; 5x7, 7x9; 3x2, 2x5; 2x2x3, 2x3x2; 2x2x3, 3x2; 2x3, 2x3x2; " +
  "2x2x3, 3; 3, 2x3x2; 1x2x3, 4x3x2; 2x1x2x3, 3x3x2; 2x1x1x2, 1x3x2x1; 2x3x2x2, 2; 2, 2x3x2x2; " +
  "0x3, 3x2; 2x0, 0x3; 2x3, 3x0; 0, 0; 0x2x3, 3x2; 0x2x3, 1x3x2; 3, 0x3x2";
const bad =
  "2, 3; 2x3, 4; 4, 3x2; 2x3, 4x2; 2x2x3, 2x4x2; 2x2x3, 4x2; 2x3, 2x4x2; 2x2x3, 4; 4, 2x3x2; " +
  "2x2x3, 3x3x2; 2x1x2x3, 3x2x3x2; (), 3; 3, (); (), ()";
for (const shapes of [...good.split("; "), ...bad.split("; ")]) {
  const [x, y] = halvesOf(shapes);
  multiply(x, y);
}
multiply(halves(4, 5).to("float64"), halves(5, 3).to("float64"), "float64 ");
multiply(transposed(halves(5, 7)), transposed(halves(7, 6)), "both transposed ");
multiply(everyOther(halves(3, 4)), shifted(halves(4, 5)), "with gaps ");
multiply(halves(3, 1).expand(3, 4), halves(1, 5).expand(4, 5), "expanded ");
multiply(transposed(halves(2, 3, 4)), halves(2, 4, 3), "batch transposed ");
multiply(halves(1, 2, 3).expand(3, 2, 3), halves(3, 3, 2), "batch expanded ");
multiply(everyOther(halves(3)), everyOther(halves(3)), "vectors with gaps ");
multiply(tensor([nan, 0, 1, 2]).view(2, 2), halves(2, 2), "NaN ");
multiply(tensor([inf, 1, 1, 2]).view(2, 2), tensor([0, 2, -inf, 4]).view(2, 2), "infinities ");
multiply(whole, otherWhole, "int32 ");
multiply(a, b.to("float64"), "float32 and float64 ");
multiply(a, ones([3, 1], i32), "float32 and int32 ");

// einsum

function einsum(equation: string, operands: readonly Tensor[], name = ""): void {
  const shapes = operands.map(({ shape }) => `[${shape}]`).join(", ");
  check(`${name}${equation} of ${shapes}`, "einsum", [equation, ...operands]);
}

const sizes: Record<string, number[]> = { j: [3], k: [4], K: [4], q: [3], "...": [3, 2] };
/** Of sizes that fit an equation: that of each letter is in `sizes`, or 2. */
const operandsOf = (equation: string): Tensor[] =>
  equation
    .split("->")[0]
    .split(",")
    .map((operand) => halves(...(operand.match(/[a-z]|\.{3}/gi) ?? []).flatMap((index) => sizes[index] ?? [2])));

const equations =
  "ij->ji ij ji ij-> ij->i ij->j jj jj->j jj-> iij->j iij->ij iji->j iii->i iijj->ij ijk->kij kji Ij jI iJ " +
  "... ...ij->...ji i...->...i i... ...i->... ...-> ...ii->...i " +
  "ij,jk->ik ij,jk ij,jk->ki ij,jk-> ij,jk->j ij,jk->ijk ij,ij->ij ij,ij-> ij,ji-> i,j->ij i,i-> i,i i,j ij,j->i i,ij->j " +
  "bij,bjk->bik bij,bjk->ikb bij,bik->bjk bhqd,bhkd->bhqk ijk,jkl->il ij,kl-> ij,kl->ik jj,j->j ii,jj->ij " +
  ",ij->ij ,-> ...i,i ij...,jk->ik... iJ,JK->iK bn,anm,bm->ba " +
  "ij,jk,kl->il i,j,k->ijk ij,ij,ij->i i,ij,j-> ijk,i,j,k-> ij,ik,il->ijkl ...a,...b,ab->...";
for (const equation of ["", "->", " i j , j k -> i k ", ...equations.split(" ")]) {
  einsum(equation, operandsOf(equation));
}
// Scalars, broadcasting, and nothing
const shaped =
  "... of (); ...ij->ij of 2x3x4; b...,b...->b... of 2x3, 2x3; ...ij,...jk->...ik of 2x2x3, 3x2; " +
  "...ij,...jk->...ik of 2x1x2x3, 3x3x2; ...i,...i->... of 2x3, 3; i...,i...->... of 2x3, 2x1; ij,jk->ik of 2x1, 3x4; " +
  "ij,ij->i of 2x1, 2x3; ij,ij->ij of 1x3, 2x1; ij,jk->ik of 2x0, 0x3; ij,jk->ik of 0x3, 3x4; " +
  "...i...->i of 2x3x4; ...,...->... of 2x3, 2x4";
for (const [equation, shapes] of shaped.split("; ").map((line) => line.split(" of "))) {
  einsum(equation, halvesOf(shapes));
}
// Layouts and dtypes
einsum("ij,jk->ik", [transposed(a), everyOther(b)], "layouts ");
einsum("ij,jk->ki", [shifted(a), transposed(b)], "layouts ");
einsum("ij,jk->ik", doubles([a, b]), "float64 ");
einsum("ij,jk->ik", [whole, otherWhole], "int32 ");
einsum("ii->i", [whole], "int32 ");
// Errors
const wrong =
  "i1->i ij->i% ij-i i.j->i i..->i ij->i. ij->...... ijk->i i->i ijk...->i ij->ii ij->k ij->ik ii->i ij,jk->ik";
for (const equation of wrong.split(" ")) einsum(equation, [a]);
einsum("ij->ij", [a, b]);
einsum("ij,jk->ik", [a, a]);
einsum("ij,jk->ik", [a, b.to("float64")], "float32 and float64 ");
einsum("i->i", []);

// The products for one kind of operands

const kinds = { mm: "2x3, 3x4", bmm: "2x2x3, 2x3x2", mv: "2x3, 3", dot: "3, 3", outer: "3, 4" };
const others = "3, 3; 2x3, 3; 3, 2x3; 2x3, 2x3; 2x3x4, 2x3x4; 2x3, 2x3x4; (), 3; 3, 4";
for (const [op, own] of Object.entries(kinds)) {
  check("of its kind", op, halvesOf(own));
  check("float64", op, doubles(halvesOf(own)));
  for (const shapes of others.split("; ")) check(shapes, op, halvesOf(shapes));
}
check("transposed", "mm", [transposed(a), everyOther(b)]);
check("no broadcasting", "bmm", halvesOf("1x2x3, 2x3x2"));
check("inner sizes differ", "bmm", halvesOf("2x2x3, 2x2x3"));

// Sums of products of int32 wrap around; bools have none

const long = randint(-(2 ** 31), 2 ** 31 - 1, [2, 4, 4]);
const [matrix, otherMatrix] = [long.select(0, 0), long.select(0, 1)];
const [vector, otherVector] = [matrix.select(0, 0), matrix.select(0, 1)];
const truth = bools(1, 0, 1, 1).view(2, 2);
for (const op of ["matmul", "mm"]) check("large int32", op, [matrix, otherMatrix]);
check("large int32", "bmm", [long, long]);
check("large int32", "mv", [matrix, vector]);
for (const op of ["dot", "outer"]) check("large int32", op, [vector, otherVector]);
check("large int32", "einsum", ["i,i->", vector, otherVector]);
for (const op of ["matmul", "mm", "linear"]) check("bool", op, [truth, truth]);
check("bool", "bmm", [truth.unsqueeze(0), truth.unsqueeze(0)]);
check("bool", "mv", [truth, bools(1, 0)]);
for (const op of ["dot", "outer"]) check("bool", op, [bools(1, 1), bools(1, 0)]);
check("bool", "einsum", ["i,i->", bools(1, 1), bools(1, 0)]);
