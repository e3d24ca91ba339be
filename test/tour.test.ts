/** lucidgrad in fifteen facts. Read this first. */
import { expect, it } from "vitest";
import {
  arange,
  grad,
  gradcheck,
  manualSeed,
  nn,
  noGrad,
  ones,
  optim,
  rand,
  randn,
  tensor,
  zeros,
} from "../src/index.ts";

it("1. a tensor is numbers and a shape", () => {
  const x = tensor([[1, 2, 3], [4, 5, 6]]); // biome-ignore format: a matrix
  expect(x.shape).toEqual([2, 3]);
  expect(x.dtype).toBe("float32");
});

it("2. it prints as PyTorch's does", () => {
  expect(String(tensor([1, 2.5]))).toBe("tensor([1.0000, 2.5000])");
});

it("3. a view is another way to read the same memory", () => {
  const x = zeros([2, 3]);
  x.t().select(0, 1).fill_(7);
  expect(x.toArray()).toEqual([[0, 7, 0], [0, 7, 0]]); // biome-ignore format: a matrix
});

it("4. transposing moves no numbers, only strides", () => {
  const x = arange(6).view(2, 3);
  expect([x.strides, x.t().strides]).toEqual([[3, 1], [1, 3]]); // biome-ignore format: a matrix
  expect(x.t().storage).toBe(x.storage);
});

it("5. sizes of 1 are repeated to fit: broadcasting", () => {
  const column = tensor([[10], [20]]);
  expect(column.add(tensor([1, 2, 3])).toArray()).toEqual([[11, 12, 13], [21, 22, 23]]); // biome-ignore format: a matrix
});

it("6. shapes that do not fit are an error that says which", () => {
  expect(() => ones([2, 3]).matmul(ones([4, 5]))).toThrow("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)");
});

it("7. the same seed gives PyTorch's random numbers", () => {
  manualSeed(0);
  expect(rand(2).toArray()).toEqual([0.49625658988952637, 0.7682217955589294]);
});

it("8. backward leaves d(output)/d(leaf) in .grad", () => {
  const x = tensor([1, 2, 3], { requiresGrad: true });
  x.mul(x).sum().backward();
  expect(x.grad?.toArray()).toEqual([2, 4, 6]);
});

it("9. where paths part and meet again, their gradients add up", () => {
  const x = tensor(3, { requiresGrad: true });
  const y = x.mul(2);
  y.add(y.mul(y)).backward(); // 2x + 4x²
  expect(x.grad?.item()).toBe(2 + 8 * 3);
});

it("10. a gradient can be differentiated again", () => {
  const x = tensor(2, { requiresGrad: true });
  const [first] = grad(x.pow(3), [x], { createGraph: true });
  const [second] = grad(first, [x]);
  expect([first.item(), second.item()]).toEqual([12, 12]);
});

it("11. noGrad records nothing", () => {
  const x = ones(2, { requiresGrad: true });
  expect(noGrad(() => x.mul(2)).requiresGrad).toBe(false);
});

it("12. overwriting what backward needs is an error, never a wrong gradient", () => {
  const x = ones(2, { requiresGrad: true });
  const y = x.exp();
  const loss = y.sum();
  y.zero_(); // the derivative of exp is its own value
  expect(() => loss.backward()).toThrow("modified by an inplace operation");
});

it("13. any function's gradient can be checked against finite differences", () => {
  const x = randn([3], { dtype: "float64", requiresGrad: true });
  expect(gradcheck((x) => x.sigmoid().mul(x), [x])).toBe(true);
});

it("14. batch norm gives each channel mean 0 and variance 1 in training, and running averages in evaluation", () => {
  const x = tensor([[1, 20], [3, 60]]); // biome-ignore format: a matrix
  const layer = new nn.BatchNorm1d(2, { eps: 0 });
  expect(layer.forward(x).toArray()).toEqual([[-1, -1], [1, 1]]); // biome-ignore format: a matrix
  expect(layer.runningMean?.toArray()).toEqual([0.2, 4].map(Math.fround)); // a tenth of the way to 2 and 40
  layer.eval();
  const y = layer.forward(zeros([1, 2])).data;
  expect(y[0]).toBeCloseTo(-0.2 / Math.sqrt(0.9 * 1 + 0.1 * 2), 6);
});

it("15. a training step is five lines", () => {
  manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(2, 8), new nn.BatchNorm1d(8), new nn.ReLU(), new nn.Linear(8, 2));
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
  const criterion = new nn.CrossEntropyLoss();
  const points = randn([64, 2]);
  const labels = points.select(1, 0).gt(0).to("int32");
  let last = Infinity;
  for (let step = 0; step < 50; step++) {
    optimizer.zeroGrad();
    const loss = criterion.forward(model.forward(points), labels);
    loss.backward();
    optimizer.step();
    last = loss.item();
  }
  expect(last).toBeLessThan(0.3);
});
