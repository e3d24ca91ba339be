/** The program of docs/guide/01-tensor.md: Tensors: a flat array and how to read it. */
import { arange, manualSeed, ones, rand, randn, type Tensor, tensor } from "lucidgrad";
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

console.log("down the columns ", x.sum(0));
console.log("along the rows   ", x.sum(1));
console.log("the same, counted from the end ", x.sum(-1));
const shares = x.div(x.sum(-1, { keepdim: true })); // (2, 3) by (2, 1)
console.log(shares.sum(-1), x.argmax(-1));
console.log(x.view(3, -1).shape);

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

manualSeed(0);
for (const [name, numbers] of Object.entries({ rand: rand([10000]), randn: randn([10000]) })) {
  const [mean, spread] = [numbers.mean(), numbers.std()].map((x) => x.item().toFixed(2));
  const [least, greatest] = [numbers.min(), numbers.max()].map((x) => x.item().toFixed(1));
  console.log(`${name.padEnd(5)} from ${least} to ${greatest}, mean ${mean}, standard deviation ${spread}`);
}
const first = [1, 2].map(() => manualSeed(0) && rand([2]));
console.log(first[0].equal(first[1]));

const runsOf = (shape: readonly number[], operands: Tensor[]) => {
  const runs: string[] = [];
  forEachRun(shape, operands, (length, starts, steps) => runs.push(`${length} from ${starts} by ${steps}`));
  return runs.join(" | ");
};
console.log("contiguous ", runsOf([4, 3], [matrix, matrix]));
console.log("broadcast  ", runsOf([4, 3], [matrix, addend.expand(4, 3)]));
console.log("transposed ", runsOf([3, 2], [ones([3, 2]), t]));
