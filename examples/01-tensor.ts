/** The program of docs/guide/01-tensor.md: Tensors: a flat array and how to read it. */
import { arange, ones, type Tensor, tensor } from "lucidgrad";
import { forEachRun } from "../src/tensor/strided.ts"; // an inner part, for the end of the chapter

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
console.log(x);
console.log("storage", x.storage.data);
console.log("shape", x.shape, "strides", x.strides, "offset", x.offset);

const at = (x: Tensor, ...index: number[]) =>
  x.storage.data[index.reduce((place, i, d) => place + i * x.strides[d], x.offset)];

console.log(at(x, 1, 2), x.index(1, 2).item());

const t = x.t();
console.log(t);
console.log("shape", t.shape, "strides", t.strides);
console.log("same storage:", t.storage === x.storage);

const row = x.select(0, 1);
const lastTwoColumns = x.narrow(1, 1, 2);
console.log("row 1:", row.shape, row.strides, row.offset);
console.log("columns 1 and 2:", lastTwoColumns.shape, lastTwoColumns.strides, lastTwoColumns.offset);
console.log(x.view(3, 2));

x.select(0, 0).mul_(10);
console.log(x);

try {
  t.view(6);
} catch (error) {
  console.log((error as Error).message);
}
console.log(t.reshape(6));

const matrix = ones([4, 3]);
const addend = arange(3);
console.log(matrix.add(addend));

const repeated = addend.expand(4, 3);
console.log("shape", repeated.shape, "strides", repeated.strides, "numbers in memory:", repeated.storage.data.length);

try {
  ones([4, 3]).add(ones([4]));
} catch (error) {
  console.log((error as Error).message);
}
console.log(ones([4, 3]).add(ones([4, 1])).shape);

const runsOf = (shape: readonly number[], operands: Tensor[]) => {
  const runs: string[] = [];
  forEachRun(shape, operands, (length, starts, steps) => runs.push(`${length} from ${starts} by ${steps}`));
  return runs.join(" | ");
};
console.log("contiguous ", runsOf([4, 3], [matrix, matrix]));
console.log("broadcast  ", runsOf([4, 3], [matrix, addend.expand(4, 3)]));
console.log("transposed ", runsOf([3, 2], [ones([3, 2]), t]));
