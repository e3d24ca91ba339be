/** Square brackets, gather and indexSelect give PyTorch's values, gradients and errors. */
import { Slice, Tensor } from "../../../src/index.ts";
import { torch } from "../../support/torch.ts";
import { callsOf, everyOther, shifted, transposed } from "./calls.ts";

const { arange, ones, stack, tensor, zeros } = torch;

const check = callsOf("indexing", {
  wording: {
    // Indices are int32 here.
    "gather(): Expected dtype int64 for index": "gather(): Expected dtype int32 for index",
    "index_select(): Expected dtype int32 or int64 for index": "index_select(): Expected dtype int32 for index",
    // PyTorch moves the indexed dimension to the front first, and then names that.
    "index -4 is out of bounds for dimension 0 with size 3": "index -4 is out of bounds for dimension 1 with size 3",
    "index 4 is out of bounds for dimension 0 with size 4": "index 4 is out of bounds for dimension 2 with size 4",
  },
});

const i32 = { dtype: "int32" } as const;
const at = (...values: number[]) => tensor(values, i32);

function words(i: unknown): string {
  if (i instanceof Tensor) return `${i.dtype === "bool" ? "mask" : "index"}[${i.shape}]`;
  return i instanceof Slice ? `${i.start ?? ""}:${i.end ?? ""}:${i.step ?? ""}` : String(i);
}

function index(x: Tensor, indices: unknown[], { view = false, name = "" } = {}): void {
  check(`${name}[${x.shape}] at ${indices.map(words).join(", ")}`, "index", [x, ...indices], { view });
}

const cube = arange(24).view(2, 3, 4);
const matrix = arange(12).view(3, 4);
const mask = tensor(Array.from({ length: 12 }, (_, k) => k % 5 < 2)).view(3, 4);
const every = new Slice();

// Numbers, ranges, None and ... give views.
for (const indices of [
  [0],
  [-1],
  [1, 2],
  [0, 1, 3],
  [every, 1],
  ["...", 1],
  [0, "..."],
  [0, "...", 2],
  [1, 2, 3, "..."],
  ["..."],
  [null],
  [null, 0],
  [every, null],
  ["...", null],
  [0, null, 1],
  [null, "...", null],
  [new Slice(1)],
  [new Slice(0, 2), new Slice(1, 3)],
  [every, new Slice(undefined, undefined, 2)],
  [new Slice(-1), every, new Slice(1, 4, 2)],
  [new Slice(5, 9)],
  [new Slice(2, 1)],
  [0, every, -1],
]) {
  index(cube, [...indices], { view: true });
}
index(transposed(cube), [1, new Slice(0, 2)], { view: true, name: "transposed " });
index(shifted(cube), [1], { view: true, name: "shifted " });
index(tensor(5), ["..."], { view: true });
index(tensor(5), [null], { view: true });

// Index tensors copy.
index(cube, [at(1, 0)]);
index(cube, [at(1, -1, 0, 1)]);
index(cube, [every, at(2, 0)]);
index(cube, ["...", at(3, 3, -4)]);
index(cube, [at(0, 1), at(2, 0)]);
index(cube, [every, at(0, 2), at(1, 3)]);
index(cube, [at(0, 1), every, at(1, 3)]);
index(cube, [at(0, 1), "...", at(1, 3)]);
index(cube, [at(0, 1), at(2, 1), at(3, 0)]);
index(cube, [at(0, 1).view(2, 1), at(2, 0, 1)]);
index(cube, [at(0, 1).view(2, 1), every, at(2, 0, 1)]);
index(cube, [every, at(0, 1).view(2, 1), at(2, 0, 1)]);
index(cube, [at(0, 1, 1, 0).view(2, 2)]);
index(cube, [tensor(1, i32)]);
index(cube, [tensor(1, i32), at(0, 2)]);
index(cube, [1, at(0, 2)]);
index(cube, [at(0, 1), 1]);
index(cube, [at(0, 1), 1, at(2, 3)]);
index(cube, [at(0, 1), new Slice(0, 2), at(2, 3)]);
index(cube, [new Slice(0, 1), at(2, 0), new Slice(1, 3)]);
index(cube, [null, at(0, 1)]);
index(cube, [at(0, 1), null, at(2, 1)]);
index(cube, [at(0, 1), null, at(2, 1), at(0, 3)]);
index(cube, [every, at(0, 2), null, at(1, 3)]);
index(cube, [null, at(0, 1), every, at(1, 3)]);
index(cube, [every, at(0, 2), null]);
index(cube, [zeros(0, i32)]);
index(cube, [at(0, 1), zeros([1, 0, 1], i32)]);
index(zeros([0, 3]), [zeros(0, i32)]);
index(zeros([2, 0]), [at(1, 1)]);
for (const [name, x] of Object.entries({ "transposed ": transposed(cube), "with gaps ": everyOther(cube) })) {
  index(x, [at(1, 0)], { name });
  index(x, [every, at(0, 2), at(1, 3)], { name });
}
index(tensor([[1], [2]]).expand(2, 3), [at(0, 1, 1), at(2, 2, 0)], { name: "expanded " });
index(tensor([4, 5, 6], i32), [at(2, 2)]);
index(tensor([true, false]), [at(1, 1, 0)]);

// Masks.
index(matrix, [mask]);
index(transposed(matrix), [mask], { name: "transposed " });
index(matrix, [transposed(mask)]);
index(matrix, [tensor([true, false, true])]);
index(matrix, [every, tensor([true, false, true, true])]);
index(matrix, [tensor([true, false, true]), at(1, 3)]);
index(matrix, [tensor([false, false, false])]);
index(matrix, [tensor([true, false, true]), 1]);
index(cube, [tensor([false, true]), every, tensor([true, false, false, true])]);
index(cube, [tensor([false, true]), tensor([true, false, false])]);
index(cube, [every, mask]);
index(cube, ["...", mask]);
index(stack([matrix, matrix.neg()], 2), [mask]);

// What is refused.
index(cube, [2]);
index(cube, [0, -4]);
index(cube, [0, 0, 0, 0]);
index(cube, [every, every, every, every]);
index(cube, [at(0), at(0), at(0), at(0)]);
index(cube, ["...", 0, 0, 0, 0]);
index(cube, [at(0, 2)]);
index(cube, [every, at(-4)]);
index(cube, [every, every, at(0, 4)]);
index(cube, [at(0, 1), at(0, 1, 2)]);
index(cube, [tensor([0, 1])]);
index(cube, [tensor([true, false, true])]);
index(cube, [every, tensor([true, false])]);
index(matrix, [ones([3, 3], { dtype: "bool" })]);
index(cube, [every, every, mask]);
index(tensor(5), [0]);
index(tensor(5), [every]);
index(cube, [new Slice(undefined, undefined, -1)]);
index(cube, [new Slice(0, 2, 0)]);

for (const op of ["gather", "indexSelect"]) {
  check("index of floats", op, [cube, 0, op === "gather" ? zeros([1, 1, 1]) : zeros(1)]);
}
check("dim 0", "gather", [matrix, 0, at(0, 2, 1, 1, 2, 0, 0, 2).view(2, 4)]);
check("dim 1", "gather", [matrix, 1, at(3, 0, 0, 1, 2, 2).view(3, 2)]);
check("last dim, fewer rows", "gather", [matrix, -1, at(3, 3, 3, 3, 3).view(1, 5)]);
check("3 dimensions", "gather", [cube, 1, at(2, 0, 1, 1).view(2, 2, 1)]);
check("transposed", "gather", [transposed(cube), 1, at(2, 0, 1, 1).view(2, 2, 1)]);
check("transposed index", "gather", [matrix, 0, transposed(at(0, 2, 1, 1, 2, 0, 0, 2).view(2, 4))]);
check("vector", "gather", [tensor([5, 6]), 0, at(1, 1, 0)]);
check("0-dim", "gather", [tensor(5), 0, tensor(0, i32)]);
check("empty index", "gather", [matrix, 0, zeros([0, 4], i32)]);
check("int32", "gather", [tensor([7, 8], i32), 0, at(1, 0)]);
check("out of bounds", "gather", [matrix, 0, at(3).view(1, 1)]);
check("negative", "gather", [matrix, 0, at(-1).view(1, 1)]);
check("other number of dimensions", "gather", [matrix, 0, at(1)]);
check("larger elsewhere", "gather", [matrix, 0, zeros([1, 5], i32)]);
check("no such dim", "gather", [matrix, 2, at(0).view(1, 1)]);
for (const dim of [0, 1, 2, -1]) {
  check(`dim ${dim}`, "indexSelect", [cube, dim, at(1, 0, 1)]);
}
check("transposed", "indexSelect", [transposed(cube), 1, at(2, 2)]);
check("nothing", "indexSelect", [matrix, 1, zeros(0, i32)]);
check("0-dim index", "indexSelect", [matrix, 1, tensor(2, i32)]);
check("out of bounds", "indexSelect", [matrix, 0, at(3)]);
check("negative", "indexSelect", [matrix, 0, at(-1)]);
check("matrix as index", "indexSelect", [matrix, 0, at(0).view(1, 1)]);
check("no such dim", "indexSelect", [matrix, 2, at(0)]);
