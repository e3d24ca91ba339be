/** The program of docs/guide/03-gradcheck.md: Checking gradients: how to trust a pull-back. */
import { defineFunction, gradcheck, gradgradcheck, manualSeed, nn, randn, type Tensor, tensor } from "lucidgrad";

const cube = (x: number) => x * x * x;
const inFloat32 = (x: number) => Math.fround(cube(Math.fround(x)));
const forwardDifference = (f: typeof cube, x: number, h: number) => (f(x + h) - f(x)) / h;
const centralDifference = (f: typeof cube, x: number, h: number) => (f(x + h) - f(x - h)) / (2 * h);
const error = (slope: number) =>
  Math.abs(slope - 6.75)
    .toExponential(0)
    .padStart(9);

console.log("step     forward  central  central in float32");
for (const h of [1e-1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8, 1e-10]) {
  const slopes = [
    forwardDifference(cube, 1.5, h),
    centralDifference(cube, 1.5, h),
    centralDifference(inFloat32, 1.5, h),
  ];
  console.log(h.toExponential(0).padEnd(6), ...slopes.map(error));
}

manualSeed(0);
const float64 = (...shape: number[]) => randn(shape, { dtype: "float64", requiresGrad: true });
console.log(gradcheck((x, w) => x.matmul(w).tanh().softmax(1), [float64(4, 3), float64(3, 5)]));

const slightlyWrong = defineFunction("slightlyWrong", (x: Tensor) => {
  const y = x.tanh();
  return { y, saves: [y], grads: [[x, (dy) => dy.mul(y.mul(y).neg().add(1)).mul(1.01)]] };
});
try {
  gradcheck(slightlyWrong, [float64(3)]);
} catch (error) {
  console.log((error as Error).message.replace(/\d\.\d+/g, (digits) => Number(digits).toFixed(4)));
}

const forgetful = defineFunction("forgetful", (x: Tensor) => ({ y: x.flip(0), grads: [[x, (dy) => dy]] }));

const list = tensor([1, 2, 3], { dtype: "float64", requiresGrad: true });
forgetful(list).sum().backward();
console.log("gradient of the sum, right by luck:", list.grad?.toArray());
try {
  gradcheck(forgetful, [list]);
} catch (error) {
  console.log((error as Error).message.split(":")[0]);
}

const kink = tensor([-1, 0, 1], { requiresGrad: true });
kink.relu().sum().backward();
console.log("slopes of relu at -1, 0, 1:", kink.grad?.toArray());

const batchNorm = (x: Tensor, gamma: Tensor, beta: Tensor) =>
  nn.functional.batchNorm(x, null, null, { weight: gamma, bias: beta, training: true });
const inputs = [float64(6, 2), float64(2), float64(2)];
console.log(gradcheck(batchNorm, inputs), gradgradcheck(batchNorm, inputs));
