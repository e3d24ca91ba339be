/** The program of docs/guide/javascript.md: JavaScript for Python readers. */
import { manualSeed, nn, noGrad, Slice, tensor } from "lucidgrad";

const losses = [0.9, 0.5, 0.25];
let total = 0; // gets other values below
for (const loss of losses) total += loss;
for (let i = 0; i < losses.length; i++) {
  if (losses[i] === losses.at(-1)) console.log(`step ${i}: ${losses[i].toFixed(2)}, the last of ${losses.length}`);
}
const half = (x: number) => x / 2;
console.log(total, losses.slice(1, 3), losses.map(half));
console.log(losses[7], Math.floor(7 / 2)); // there is no losses[7]

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
console.log(x.select(0, 0), x.slice(1, 1, 3), x.index(0, new Slice(1, 3)));
console.log(x.mul(x).add(1), x.gt(2).sum().item());
const { values, indices } = x.max(1);
console.log(values, indices);

manualSeed(0);
const layer = new nn.Linear(3, 2, { bias: false });
const without = noGrad(() => layer.forward(x));
console.log(layer.forward(x).requiresGrad, without.requiresGrad);
